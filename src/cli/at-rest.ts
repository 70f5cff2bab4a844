/**
 * Says that no Baton runs, before anything that a command shows: who reads when the next clock fires, or what a digest
 * would tell, takes it that somebody sees to it.
 */
import type { Running } from '../adapters/db/running.ts';
import type { Instant } from '../domain/instant.ts';
import { timeWords } from '../domain/notices/times.ts';

export function warnAtRest({ runs, askedAt }: Running, now: Instant, timeZone: string): void {
  if (!runs) process.stderr.write(`${atRestWords(askedAt, now, timeZone)}\n`);
}

export function atRestWords(askedAt: Instant | null, now: Instant, timeZone: string): string {
  const asked =
    askedAt === null
      ? 'no mailbox was ever asked'
      : `mailboxes were last asked at ${timeWords(askedAt, now, timeZone)} (${timeZone})`;
  return `NO BATON RUNS on this database: ${asked}, nothing is sent and no clock fires until you start it ("npx baton start all").`;
}
