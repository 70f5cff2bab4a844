/** Inboxes, teams and categories as somebody types them: what is not there is answered with what is most like it. */
import { didYouMean, list } from '../config/problems.ts';
import type { CategoryId, InboxId, MemberId } from '../domain/ids.ts';
import type { Policy } from '../domain/policy.ts';
import { ExitCode, Finding } from './exit.ts';
import { memberNamed } from './member-option.ts';

export function inboxNamed({ inboxes }: Policy, typed: string): InboxId {
  const wanted = typed.toLowerCase();
  const found = [...inboxes.values()].find(
    ({ id, address }) => id.toLowerCase() === wanted || address.toLowerCase() === wanted,
  );
  return found?.id ?? missing('inbox', typed, [...inboxes.keys()]);
}

export function teamNamed({ teams }: Policy, typed: string): readonly MemberId[] {
  const wanted = typed.toLowerCase();
  const found = [...teams.values()].find(
    ({ id, name }) => id.toLowerCase() === wanted || name.toLowerCase() === wanted,
  );
  return found?.members ?? missing('team', typed, [...teams.keys()]);
}

export function categoryNamed(policy: Policy, typed: string): CategoryId {
  const known = new Set([
    ...policy.categories.keys(),
    ...policy.rules.flatMap(({ category }) => category ?? []),
  ]);
  const found = [...known].find((id) => id.toLowerCase() === typed.toLowerCase());
  return found ?? missing('category', typed, [...known]);
}

/** A teammate, or a request by its number. */
export function memberOrNumber(policy: Policy, typed: string): MemberId | number {
  return numberTyped(typed) ?? memberNamed(policy, typed).id;
}

/** `#1042` or `1042`; null: it is no number. */
export function numberTyped(typed: string): number | null {
  const digits = /^#?(\d{1,9})$/.exec(typed.trim())?.[1];
  return digits === undefined ? null : Number(digits);
}

function missing(what: string, typed: string, known: readonly string[]): never {
  const all =
    known.length === 0
      ? 'There are none.'
      : `There ${known.length === 1 ? 'is' : 'are'}: ${list([...known])}.`;
  throw new Finding(`There is no ${what} "${typed}". ${didYouMean(typed, known)}${all}`, ExitCode.usage);
}
