/** What `baton verify` asks of the database, all of it, and the replay of so many requests from their events. */
import type pg from 'pg';
import { postgresAudit } from '../../../src/adapters/db/audit.ts';
import { verify } from '../../../src/app/verify.ts';
import type { Instant } from '../../../src/domain/instant.ts';
import { settableClock } from '../../support/settable-clock.ts';

export async function checked(
  pool: pg.Pool,
  now: Instant,
  slice: number,
  say: (line: string) => void,
): Promise<string[]> {
  say(`checking what verify checks, and replaying ${slice} requests`);
  const audit = postgresAudit({ pool, time: settableClock(now) });
  async function* some() {
    let seen = 0;
    for await (const portion of audit.conversations()) {
      yield portion;
      seen += portion.length;
      if (seen >= slice) return;
    }
  }
  const { signal } = new AbortController();
  const report = await verify({
    audit: { ...audit, conversations: some },
    readerOf: () => null,
    sink: null,
    signal,
  });
  say(`checked: ${report.counts.conversations} requests, ${report.counts.messages} mails`);
  return report.violations.map(
    ({ invariant, what, ids }) => `${invariant} ${what}: ${ids.slice(0, 3).join(', ')}`,
  );
}
