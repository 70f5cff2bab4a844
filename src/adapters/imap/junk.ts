/** Which folder is the one for spam, and from which day on its mails count. No I/O. */
import type { ListResponse } from 'imapflow';
import { DAY, type Instant, toDate } from '../../domain/instant.ts';

type Entry = Pick<ListResponse, 'path' | 'specialUse' | 'flags'>;

/**
 * The folder of the given name; without one that which the server marks \Junk (RFC 6154 section 2), or which has one of
 * the usual names: imapflow knows them in many languages. Null: there is none.
 */
export function junkFolderIn(entries: readonly Entry[], named: string | null): string | null {
  const usable = entries.filter(({ flags }) => !flags.has('\\Noselect') && !flags.has('\\NonExistent'));
  const found = usable.find(({ path, specialUse }) =>
    named === null ? specialUse === '\\Junk' : path === named,
  );
  return found?.path ?? null;
}

/**
 * SEARCH knows days and no time, in whatever zone the server likes (RFC 3501 section 6.4.4): what lies between these two
 * days has to be looked at one by one, what is later counts.
 */
export const boundaryDays = (since: Instant): [Date, Date] => [toDate(since - DAY), toDate(since + 2 * DAY)];
