/**
 * Requests come in while PostgreSQL's clock is set on and back, and clock workers and mailers do what they do in
 * earnest. What fired is read off the database afterwards, what was sent off the mails.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type pg from 'pg';
import { postgresAudit } from '../../../src/adapters/db/audit.ts';
import { verify } from '../../../src/app/verify.ts';
import { type Duration, HOUR, SECOND } from '../../../src/domain/instant.ts';
import type { SetClock } from '../../support/stack/faketime.ts';
import { waitUntil } from '../../support/wait-until.ts';
import { historyOf } from './fired.ts';
import { type Office, requestsComeIn } from './load.ts';

export type JumpsOptions = {
  readonly office: Office;
  readonly pool: pg.Pool;
  readonly clock: SetClock;
  /** How long each span between two jumps lasts, and how many requests come in within a second of it. */
  readonly spanMs: number;
  readonly perSecond: number;
  /** The Message-IDs of everything that a server took. */
  readonly received: () => readonly string[];
  readonly say: (line: string) => void;
};

export type Jump = {
  readonly by: Duration;
  /** How long it took, by a count that nobody sets, until nothing that had run out was left. */
  readonly settledMs: number;
};

export type JumpsReport = {
  readonly requests: number;
  readonly jumps: readonly Jump[];
  /** By clock, how often it fired, and how many fired within a tick of their time. */
  readonly fired: Readonly<Record<string, { readonly times: number; readonly inTime: number }>>;
  readonly mails: number;
  /** Of these, on their way while the clock was set on beyond their lease, and sent again with the same Message-ID. */
  readonly again: number;
  /** At most one for each manager and date of theirs. */
  readonly digests: number;
  readonly wrong: readonly string[];
};

const DAY_3 = 72 * HOUR;
export const JUMPS: readonly Duration[] = [2 * HOUR, -2 * HOUR, DAY_3, -2 * HOUR, 2 * HOUR];
const SETTLE_MS = 90_000;
const IN_TIME = 30 * SECOND;
const LOAD_EVERY_MS = 200;

export async function runJumps(options: JumpsOptions): Promise<JumpsReport> {
  const { office, pool, clock, spanMs, perSecond, received, say } = options;
  let requests = 0;
  const comeInFor = async (ms: number): Promise<void> => {
    for (const end = performance.now() + ms; performance.now() < end; await pause(LOAD_EVERY_MS)) {
      const count = Math.max(1, Math.round((perSecond * LOAD_EVERY_MS) / 1_000));
      await requestsComeIn(office, requests, count);
      requests += count;
    }
  };
  const jumps: Jump[] = [];
  for (const by of JUMPS) {
    await comeInFor(spanMs);
    clock.jump(by);
    const from = performance.now();
    // They go on coming in while what has run out is seen to.
    await comeInFor(Math.min(spanMs, 1_000));
    await untilNothingIsDue(pool);
    jumps.push({ by, settledMs: Math.round(performance.now() - from) });
    say(
      `the clock was set ${by < 0 ? 'back' : 'on'} by ${Math.abs(by) / HOUR} h; at rest after ${jumps.at(-1)?.settledMs} ms`,
    );
  }
  // What was committed before a jump back waits for its time to come again.
  clock.jump(3 * HOUR);
  await untilNothingIsDue(pool);
  await waitUntil(
    'the digest of another day',
    async () => ((await pool.query('SELECT FROM standing_mail WHERE sent')).rowCount ?? 0) > 0,
    SETTLE_MS,
  );
  await untilSent(pool);
  const { fired, early } = await whatFired(pool);
  return { requests, jumps, fired, ...(await whatWasWrong(pool, received(), early)) };
}

/** By the database's clock, with some patience for what comes due meanwhile. */
const untilNothingIsDue = (pool: pg.Pool): Promise<void> =>
  waitUntil(
    'nothing that has run out is left',
    async () => {
      const { rows } = await pool.query<{ n: string }>(
        `SELECT count(*) AS n FROM conversation WHERE due_at <= clock_timestamp() - interval '6 seconds'`,
      );
      return Number(rows[0]?.n) === 0;
    },
    SETTLE_MS,
  );

const untilSent = (pool: pg.Pool): Promise<void> =>
  waitUntil(
    'every mail is sent',
    async () => {
      const { rows } = await pool.query<{ n: string }>(
        `SELECT count(*) AS n FROM outbox WHERE state = 'sending' OR (state = 'pending' AND due_at <= clock_timestamp())`,
      );
      return Number(rows[0]?.n) === 0;
    },
    SETTLE_MS,
  );

async function whatFired(pool: pg.Pool): Promise<Pick<JumpsReport, 'fired'> & { readonly early: string[] }> {
  const audit = postgresAudit({ pool, time: 'database' });
  const fired: Record<string, { times: number; inTime: number }> = {};
  const early: string[] = [];
  for await (const portion of audit.conversations()) {
    for (const { events } of portion) {
      const history = historyOf(events);
      early.push(...history.early);
      for (const { clock, due, at } of history.fired) {
        const known = fired[clock] ?? { times: 0, inTime: 0 };
        fired[clock] = { times: known.times + 1, inTime: known.inTime + (at - due < IN_TIME ? 1 : 0) };
      }
    }
  }
  return { fired, early };
}

async function whatWasWrong(
  pool: pg.Pool,
  received: readonly string[],
  early: readonly string[],
): Promise<Pick<JumpsReport, 'mails' | 'again' | 'digests' | 'wrong'>> {
  const { signal } = new AbortController();
  const audit = postgresAudit({ pool, time: 'database' });
  const { violations } = await verify({ audit, readerOf: () => null, sink: null, signal });
  const again = await sentAgain(pool);
  const isAgain = (id: string): boolean => id.split(/[@.]/).some((part) => again.has(part));
  const twice = [...Map.groupBy(received, (id) => id)].filter(
    ([id, copies]) => copies.length > 1 && !isAgain(id),
  );
  const { rows } = await pool.query<{ key: string }>(`SELECT key FROM outbox WHERE state = 'sent'`);
  const arrived = new Set(received.flatMap((id) => id.split(/[@.]/)));
  const lost = rows.filter(({ key }) => !arrived.has(key));
  const digests = await pool.query<{ n: number }>(`SELECT count(*) AS n FROM standing_mail WHERE sent`);
  const told = await pool.query<{ n: number }>(`SELECT count(*) AS n FROM outbox WHERE kind = 'digest'`);
  return {
    mails: received.length,
    again: again.size,
    digests: digests.rows[0]?.n ?? 0,
    wrong: [
      ...violations
        .filter(({ invariant }) => invariant !== 'I6')
        .map(({ invariant, what, ids }) => `${invariant} ${what}: ${ids.slice(0, 3).join(', ')}`),
      ...early.slice(0, 5).map((one) => `before its time, or twice: ${one}`),
      ...(told.rows[0]?.n === digests.rows[0]?.n ? [] : ['a digest was written twice, or not at all']),
      ...twice.slice(0, 5).map(([id, copies]) => `the mail ${id} came ${copies.length} times`),
      ...lost.slice(0, 5).map(({ key }) => `the mail ${key} is said to be sent and came nowhere`),
    ],
  };
}

/** Whoever has a lease that time has jumped over cannot know that it is over, and whoever finds it cannot know who has it. */
async function sentAgain(pool: pg.Pool): Promise<ReadonlySet<string>> {
  const { rows } = await pool.query<{ key: string }>(
    `SELECT outbox.key FROM outbox JOIN attempt ON attempt.outbox_id = outbox.id
     GROUP BY outbox.id HAVING max(started_at) - min(started_at) > interval '1 hour'`,
  );
  return new Set(rows.map(({ key }) => key));
}
