/** UID sets as IMAP writes them, and what a FETCH answer really says about each UID. No I/O. */

import { merged, type UidRange } from '../../domain/uid-ranges.ts';

/** Servers may refuse long command lines (RFC 7162 section 4 asks clients to stay within 8192 octets). */
const LINE_MAX = 4_000;

/** `[1,2,3,7]` becomes `["1:3,7"]`; further strings when one command line would grow too long. */
export function uidSets(uids: readonly number[]): string[] {
  const sorted = [...new Set(uids)].sort((a, b) => a - b);
  const sets: string[] = [];
  let line = '';
  for (let at = 0; at < sorted.length; ) {
    const first = sorted[at] ?? 0;
    let last = first;
    while (sorted[at + 1] === last + 1) {
      at += 1;
      last += 1;
    }
    at += 1;
    const run = first === last ? `${first}` : `${first}:${last}`;
    if (line !== '' && line.length + run.length + 1 > LINE_MAX) {
      sets.push(line);
      line = '';
    }
    line += line === '' ? run : `,${run}`;
  }
  if (line !== '') sets.push(line);
  return sets;
}

/**
 * One value per asked UID, ascending. A server may answer a UID twice (a flag change announced within the FETCH,
 * RFC 3501 section 7.4.2, carries no body) and may answer UIDs nobody asked for: rows without a value and
 * strangers are passed over, so a flag change never looks like an empty mail.
 */
export function answersByUid<Row extends { readonly uid: number }, Value>(
  asked: readonly number[],
  rows: readonly Row[],
  value: (row: Row) => Value | undefined,
): Value[] {
  const wanted = new Set(asked);
  const found = new Map<number, Value>();
  for (const row of rows) {
    if (!wanted.has(row.uid) || found.has(row.uid)) continue;
    const answer = value(row);
    if (answer !== undefined) found.set(row.uid, answer);
  }
  return [...found].sort(([a], [b]) => a - b).map(([, answer]) => answer);
}

/** The set of an ESEARCH answer (RFC 4731 section 3.1) as ranges; null when something else stands there. */
export function parseUidSet(set: string): UidRange[] | null {
  const ranges: UidRange[] = [];
  for (const run of set.split(',')) {
    const [first = 0, last = first, ...more] = run.split(':').map(uidOf);
    if (!(first > 0 && last > 0) || more.length > 0) return null;
    // RFC 9051 section 9: "2:4" and "4:2" are the same set.
    ranges.push({ first: Math.min(first, last), last: Math.max(first, last) });
  }
  return merged(ranges.sort((a, b) => a.first - b.first));
}

const uidOf = (text: string): number => (/^[1-9]\d{0,9}$/.test(text) ? Number(text) : Number.NaN);

/** The asked UIDs that nothing was found about. */
export function missingIn(asked: readonly number[], found: readonly { readonly uid: number }[]): number[] {
  const present = new Set(found.map(({ uid }) => uid));
  return asked.filter((uid) => !present.has(uid));
}
