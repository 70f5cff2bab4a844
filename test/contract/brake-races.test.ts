/** Several mailers and one address, on PostgreSQL: the caps are exact, however many begin at the same moment. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createPool } from '../../src/adapters/db/pool.ts';
import { postgresStore } from '../../src/adapters/db/store.ts';
import { DEFAULT_CAPS } from '../../src/domain/brakes.ts';
import { MINUTE } from '../../src/domain/instant.ts';
import { MONDAY } from '../support/policy.ts';
import { settableClock } from '../support/settable-clock.ts';
import { type MigratedDatabases, startMigratedDatabases } from '../support/store-database.ts';
import { waitUntil } from '../support/wait-until.ts';
import { beginWorld, looseNotice } from './store-world.ts';

let databases: MigratedDatabases;
beforeAll(async () => {
  databases = await startMigratedDatabases();
});
afterAll(() => databases.end());

/** Whoever has read how much went out may not write down more of it until so many wait, for that or for their turn. */
async function holdCounting(url: string) {
  // A transaction sees one picture of who waits, so whoever holds the lock does not look.
  const pool = createPool(url, { max: 2 });
  const holder = await pool.connect();
  await holder.query('BEGIN');
  await holder.query('LOCK TABLE automatic_mail IN SHARE MODE');
  const waiting = async (): Promise<number> => {
    const { rows } = await pool.query<{ n: number }>(
      `SELECT count(*) AS n FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    );
    return rows[0]?.n ?? 0;
  };
  return {
    async openAfter(count: number): Promise<void> {
      await waitUntil('everybody waits', async () => (await waiting()) >= count, 60_000);
      await holder.query('COMMIT');
      holder.release();
      await pool.end();
    },
  };
}

const MAILERS = 8;
const EACH = 10;

test('eight mailers that begin eighty automatic mails to one address at once send three', {
  timeout: 120_000,
}, async () => {
  const url = await databases.fresh();
  const mailers = Array.from({ length: MAILERS }, () =>
    postgresStore({ pool: createPool(url, { max: 4, lockTimeoutMs: 60_000 }), time: 'database' }),
  );
  const [first] = mailers;
  if (first === undefined) throw new Error('there is a mailer');
  const world = await beginWorld({ store: first, clock: settableClock(MONDAY), close: async () => {} });
  const drafts = Array.from({ length: MAILERS * EACH }, (_, at) => looseNotice(`race ${at}`));
  const { notices } = await world.write({ notices: drafts });
  await first.claimNotices({ limit: notices.length, lease: MINUTE });
  const gate = await holdCounting(url);
  const beginning = Promise.all(
    notices.map((id, at) => {
      const mail = {
        id,
        recipient: 'maria',
        conversationId: null,
        proved: false,
        answers: null,
        tellsMore: false,
      };
      const raw = Buffer.from('Subject: We have your message\r\n\r\n');
      const attempt = { id, claims: 1, number: 1, lease: MINUTE, recipient: 'maria@example.com', raw };
      return mailers[at % MAILERS]?.beginAttempt({ ...attempt, counted: { mail, caps: DEFAULT_CAPS } });
    }),
  );
  await gate.openAfter(MAILERS);
  const answers = await beginning;
  expect(answers.filter((answer) => answer === null)).toHaveLength(3);
  expect(answers.filter((answer) => answer === 'address-cap')).toHaveLength(notices.length - 3);
  await Promise.all(mailers.map((mailer) => mailer.close()));
});
