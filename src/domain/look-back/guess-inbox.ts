/**
 * Which address an archive is of, where nobody says: the one that most mails went to which it did not write itself. Mails
 * that were sent say who is on our side.
 */
import { asciiLower, parseStrictAddress, splitPlus } from '../address.ts';
import type { PastMail } from './past-mail.ts';

type Addressed = Pick<PastMail, 'from' | 'to' | 'cc' | 'deliveredTo' | 'inSent'>;

/** Null: no mail names anybody. */
export function guessInbox(mails: readonly Addressed[]): string | null {
  const counts = new Map<string, number>();
  for (const { from, to, cc, deliveredTo, inSent } of mails) {
    if (inSent) continue;
    const senders = new Set(from.map(({ address }) => bare(address)));
    const named = new Set([...[...to, ...cc].map(({ address }) => address), ...deliveredTo].map(bare));
    for (const address of named) {
      if (!senders.has(address)) counts.set(address, (counts.get(address) ?? 0) + 1);
    }
  }
  const [most] = [...counts].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
  return most === undefined ? null : parseStrictAddress(most[0]);
}

/** Whoever wrote what lies among the sent. */
export const colleaguesIn = (mails: readonly Addressed[]): ReadonlySet<string> =>
  new Set(mails.flatMap(({ from, inSent }) => (inSent ? from.map(({ address }) => bare(address)) : [])));

const bare = (address: string): string => asciiLower(splitPlus(address).base);
