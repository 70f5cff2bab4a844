/**
 * Mail that looks like a teammate's word and was not taken for it, in words: a name alone would make a forged mail look
 * like any other of that person.
 */
import type { NotCountedWhy } from '../domain/verdict.ts';
import type { MailIn } from './ports/board.ts';

/** Who it says wrote it, and why that had no effect; null: it is no such mail. */
export function doubtedWords({ from, reason }: Pick<MailIn, 'from' | 'reason'>): string | null {
  const why = whyNot(reason.code);
  return why === null ? null : `${claimedWriter(from)} wrote; ${why}, so it had no effect`;
}

/** Why alone, where the writer stands beside it. */
export function whyNot(code: string): string | null {
  return Object.hasOwn(WHY, code) ? WHY[code as NotCountedWhy] : null;
}

/** In quotation marks, since nobody vouches for a name. */
export const claimedWriter = ({ name, address }: MailIn['from']): string => {
  if (name === '' && address === '') return 'somebody whose words are no longer kept';
  return name === '' ? address : `"${name}" <${address}>`;
};

const WHY: Readonly<Record<NotCountedWhy, string>> = {
  'not-authenticated': 'not proved',
  'could-not-be-checked': 'it could not be checked whether that is true',
  'ambiguous-sender': 'who sent it can be read in more than one way',
  'other-address': 'this is no address of the teammate whose mail it answers',
};
