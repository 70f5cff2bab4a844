/** Whoever looks at a page, and what of the world each page needs to be told in their words. */
import type { InboxId, MemberId } from '../../../../domain/ids.ts';
import type { Instant } from '../../../../domain/instant.ts';
import type { Policy } from '../../../../domain/policy.ts';
import type { Viewer } from '../context.ts';
import { PERSON_COLOURS } from '../style.ts';

export type Look = {
  readonly viewer: Viewer;
  readonly policy: Policy;
  readonly now: Instant;
  /** What the board is called. */
  readonly title: string;
};

export const nameOf = ({ policy }: Pick<Look, 'policy'>, id: MemberId): string =>
  policy.members.get(id)?.name ?? id;

/** Where two inboxes write under one name, their keys tell them apart. */
export function inboxName({ policy }: Pick<Look, 'policy'>, id: InboxId): string {
  const name = policy.inboxes.get(id)?.name ?? id;
  const same = [...policy.inboxes.values()].filter((one) => one.name === name);
  return same.length > 1 ? id : name;
}

/** What the inbox calls whoever writes to it: tenant, patient, guest. */
export const customerWord = ({ policy }: Pick<Look, 'policy'>, id: InboxId): string =>
  policy.inboxes.get(id)?.customerWord ?? 'customer';

export const isManager = ({ viewer }: Look): boolean => viewer.sight.inboxes.length > 0;

/** `SL` of Sam Lee, `P` of Priya; by what a reader sees as one letter. */
export function initialsOf(name: string): string {
  const words = name
    .slice(0, 200)
    .split(/[\s\p{P}]+/u)
    .filter((word) => /^[\p{L}\p{N}]/u.test(word));
  const [first = '', last = ''] = words.length > 1 ? [words[0], words.at(-1)] : words;
  return `${letterOf(first)}${letterOf(last)}`.toUpperCase() || '?';
}

const letters = new Intl.Segmenter();

const letterOf = (word: string): string => {
  const [first] = letters.segment(word.slice(0, 20));
  return first?.segment ?? '';
};

const colours = new WeakMap<Policy['members'], ReadonlyMap<MemberId, number>>();

/**
 * Everybody keeps their colour, whoever comes and goes: it hangs on their id, and whoever finds it taken has the next
 * one that is free.
 */
export function colourOf({ policy }: Pick<Look, 'policy'>, id: MemberId): number {
  let known = colours.get(policy.members);
  if (known === undefined) {
    known = coloursOf([...policy.members.keys()]);
    colours.set(policy.members, known);
  }
  return known.get(id) ?? wishOf(id);
}

function coloursOf(ids: readonly MemberId[]): ReadonlyMap<MemberId, number> {
  const given = new Map<MemberId, number>();
  const taken = new Set<number>();
  for (const id of ids) {
    let colour = wishOf(id);
    for (let step = 0; step < PERSON_COLOURS && taken.has(colour); step += 1)
      colour = (colour + 5) % PERSON_COLOURS;
    taken.add(colour);
    given.set(id, colour);
    if (taken.size === PERSON_COLOURS) taken.clear();
  }
  return given;
}

const wishOf = (id: MemberId): number => {
  let sum = 7;
  for (const character of id) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % 65_521;
  return sum % PERSON_COLOURS;
};
