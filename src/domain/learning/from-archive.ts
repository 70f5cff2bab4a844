/**
 * What an archive teaches: of each mail its examples, or why it teaches nothing. Learned from is what a customer wrote to
 * begin a request, once, as at work: nothing that machines, members or we ourselves wrote, no later mail of a
 * conversation, and only what its sender newly wrote.
 *
 * Whoever brings an archive has sorted it, so its senders need no proof. A folder that says two things about the same
 * words says nothing.
 */

import { sameAddress } from '../address.ts';
import { type ArchivedMail, threadArchive } from '../archive-threads.ts';
import { classify } from '../classify.ts';
import type { Mail } from '../message.ts';
import type { Policy } from '../policy.ts';
import { memberByAddress } from '../roster.ts';
import { screen } from '../screening.ts';
import { type ArchiveExample, archiveHash } from './archive.ts';
import { boundsOf, chooseExamples } from './choose-examples.ts';
import { contentOf } from './example.ts';
import { meaningOf, type Place, type PlaceNames, pathOf } from './places.ts';

/** Why a mail teaches nothing, in the order in which it is asked. */
export const LeftOutWhys = [
  'ours',
  'member',
  'automatic',
  'no-category',
  'several-categories',
  'goes-on',
  'nothing-written',
  'duplicate',
  'sender-cap',
] as const;
export type LeftOutWhy = (typeof LeftOutWhys)[number];

/** A mail of an archive, read. Its body is let go of: what is kept is what it teaches and what ties it to others. */
export type ReadMail = {
  readonly header: ArchivedMail;
  readonly outcome: ArchiveExample | LeftOut;
};

export type LeftOut = { readonly leftOut: LeftOutWhy; readonly places: readonly Place[] };

export type Harvest = {
  /** All that is worth keeping, those over the cap included: which of them count is chosen anew at each training. */
  readonly kept: readonly ArchiveExample[];
  /** Those of them that count. */
  readonly examples: readonly ArchiveExample[];
  readonly leftOut: ReadonlyMap<LeftOutWhy, number>;
  /** Folders and labels of mails that would teach something if they meant a category, by how many lie there. */
  readonly unknownPlaces: ReadonlyMap<string, number>;
};

/** A mail is told by its first pages, and the words of an archive are kept. */
const BODY_MAX = 16_384;

export function readMail(mail: Mail, places: readonly Place[], policy: Policy, names: PlaceNames): ReadMail {
  const { messageId, inReplyTo, references, subject, date, from, to, cc, bodyHash, reply } = mail;
  const quotes = reply.quoted.trim() !== '';
  return {
    header: { messageId, inReplyTo, references, subject, date, from, to, cc, bodyHash, quotes },
    outcome: outcomeOf(mail, places, policy, names),
  };
}

function outcomeOf(
  mail: Mail,
  places: readonly Place[],
  policy: Policy,
  names: PlaceNames,
): ArchiveExample | LeftOut {
  const whose = writerOf(mail, policy);
  if (whose.type !== 'customer') return { leftOut: whose.type, places };
  const meant = meaningOf(places, names);
  if (meant.type === 'nothing') return { leftOut: 'no-category', places };
  if (meant.type === 'several') return { leftOut: 'several-categories', places };
  const content = contentOf(mail);
  const body = content.body.slice(0, BODY_MAX).toWellFormed();
  if (!/[\p{L}\p{N}]/u.test(`${content.subject} ${body}`)) return { leftOut: 'nothing-written', places };
  return {
    content: { ...content, body },
    category: meant.category,
    place: pathOf(meant.place),
    sender: whose.address.toLowerCase(),
    writtenAt: mail.date,
  };
}

type Writer =
  | { readonly type: 'customer'; readonly address: string }
  | { readonly type: 'ours' | 'member' | 'automatic' };

function writerOf(mail: Mail, policy: Policy): Writer {
  const own = [...policy.inboxes.values()].map(({ address }) => address);
  const address = mail.from[0]?.address ?? '';
  const { kind } = screen(mail, { addresses: own });
  if (kind === 'own' || own.some((one) => sameAddress(one, address))) return { type: 'ours' };
  if (memberByAddress(policy, address, { includeInactive: true }) !== null) return { type: 'member' };
  if (kind === 'person') return { type: 'customer', address };
  // A form that a rule names is a machine that writes for a person.
  const writesFor = kind === 'notification' && isForm(mail, policy) ? mail.replyTo[0]?.address : undefined;
  return writesFor === undefined ? { type: 'automatic' } : { type: 'customer', address: writesFor };
}

const isForm = (mail: Mail, { rules, inboxes }: Policy): boolean =>
  [...inboxes.keys()].some((id) => classify(rules, id, mail).customerInReplyTo);

/** `texts` stand alone: of them is only asked what they belong to and whether they are new. */
export function harvest(
  mails: readonly ReadMail[],
  texts: readonly (ArchiveExample | LeftOut)[],
  policy: Policy,
): Harvest {
  const leftOut = new Map<LeftOutWhy, number>();
  const unknownPlaces = new Map<string, number>();
  const leave = (why: LeftOutWhy, count: number) => {
    if (count > 0) leftOut.set(why, (leftOut.get(why) ?? 0) + count);
  };
  const begins = beginnings(mails);
  const outcomes = [...mails.map(({ outcome }, at) => goneOn(outcome, begins[at] === true)), ...texts];
  const taken: ArchiveExample[] = [];
  for (const outcome of outcomes) {
    if (!('leftOut' in outcome)) taken.push(outcome);
    else {
      leave(outcome.leftOut, 1);
      if (outcome.leftOut === 'no-category') countPlaces(unknownPlaces, outcome.places);
    }
  }
  const { once, duplicates, contradictions } = withoutDoubles(taken);
  leave('duplicate', duplicates);
  leave('several-categories', contradictions);
  const examples = withinCap(once, policy);
  leave('sender-cap', once.length - examples.length);
  return { kept: once, examples, leftOut, unknownPlaces };
}

/** Where a mail lies that would not be learned from anyway need not be known. */
function goneOn(outcome: ArchiveExample | LeftOut, begins: boolean): ArchiveExample | LeftOut {
  const isAsked = !('leftOut' in outcome) || outcome.leftOut === 'no-category';
  return isAsked && !begins ? { leftOut: 'goes-on', places: [] } : outcome;
}

function countPlaces(counts: Map<string, number>, places: readonly Place[]): void {
  for (const path of new Set(places.map(pathOf))) counts.set(path, (counts.get(path) ?? 0) + 1);
}

/** Whether each begins its conversation; copies of the mail that does so begin it as well. */
function beginnings(mails: readonly ReadMail[]): boolean[] {
  const threads = threadArchive(mails.map(({ header }) => header));
  const first = new Map<number, ArchivedMail>();
  mails.forEach(({ header }, at) => {
    const conversation = threads[at]?.conversation ?? 0;
    const before = first.get(conversation);
    if (before === undefined || (header.date ?? Infinity) < (before.date ?? Infinity)) {
      first.set(conversation, header);
    }
  });
  return mails.map(({ header }, at) => {
    const opener = first.get(threads[at]?.conversation ?? 0);
    if (header === opener) return true;
    return header.messageId !== null && header.messageId === opener?.messageId && header.date === opener.date;
  });
}

/** Each wording once. The same words in folders of different categories teach nothing. */
function withoutDoubles(all: readonly ArchiveExample[]): {
  readonly once: ArchiveExample[];
  readonly duplicates: number;
  readonly contradictions: number;
} {
  const same = Map.groupBy(all, ({ content }) => archiveHash(content));
  const once: ArchiveExample[] = [];
  let contradictions = 0;
  for (const group of same.values()) {
    const [first] = group;
    if (first === undefined) continue;
    if (group.every(({ category }) => category === first.category)) once.push(first);
    else contradictions += group.length;
  }
  return { once, contradictions, duplicates: all.length - contradictions - once.length };
}

/** By the same choice that every training makes. */
function withinCap(examples: readonly ArchiveExample[], policy: Policy): ArchiveExample[] {
  const choosable = examples.map((example, id) => ({
    id,
    conversationId: null,
    category: example.category,
    decidedAt: example.writtenAt ?? 0,
    sender: example.sender,
    known: 'archive' as const,
    same: `${id}`,
  }));
  const chosen = new Set(chooseExamples(choosable, boundsOf(policy)).map(({ id }) => id));
  return examples.filter((_, id) => chosen.has(id));
}
