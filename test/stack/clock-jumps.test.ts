/**
 * Three clocks and two mailers at once while PostgreSQL's own clock is set on and back: a short slice, in this process, of
 * what `npm run clocks` does for minutes with processes.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { databaseClock } from '../../src/adapters/db/database-clock.ts';
import { migrate } from '../../src/adapters/db/migrate.ts';
import { postgresStore } from '../../src/adapters/db/store.ts';
import { composeMail } from '../../src/adapters/smtp/compose.ts';
import { adoptPolicy } from '../../src/app/adopt-policy.ts';
import { deliverOutbox } from '../../src/app/deliver-outbox.ts';
import { DEFAULT_LIMITS, type Deps } from '../../src/app/deps.ts';
import { escalateOverdue } from '../../src/app/escalate-overdue.ts';
import { NoModel } from '../../src/app/look-into.ts';
import { NoBells } from '../../src/app/ports/queue.ts';
import { standingMails } from '../../src/app/send-digests.ts';
import { watchParked } from '../../src/app/watch-parked.ts';
import { HOUR, MINUTE } from '../../src/domain/instant.ts';
import { NoStandingMails, type Policy } from '../../src/domain/policy.ts';
import { runJumps } from '../chaos/clocks/jumps.ts';
import { inProcessParser } from '../support/in-process-parser.ts';
import { memorySender } from '../support/memory-sender.ts';
import { noSenderCheck } from '../support/no-sender-check.ts';
import { testPolicy, Uncapped } from '../support/policy.ts';
import { everyDay, schedule } from '../support/schedules.ts';
import { openSetClock, type SetClock } from '../support/stack/faketime.ts';
import { type PostgresServer, startPostgres } from '../support/stack/postgres.ts';
import { describeOn } from '../support/stack/use-server.ts';
import { MIGRATIONS, testPool } from '../support/store-database.ts';

const SECRET = 'a secret for tests';
const DayAndNight = {
  schedule: schedule('Europe/Berlin', { week: everyDay({ from: '00:00', to: '24:00' }) }),
};

const team = testPolicy({
  members: Object.fromEntries(
    ['leah', 'priya', 'luis', 'sam', 'omar', 'dana'].map((id) => [
      id,
      { ...DayAndNight, ...(id === 'dana' && { standingMails: { ...NoStandingMails, digest: '00:01' } }) },
    ]),
  ),
  clocks: {
    accept: { normal: 20 * MINUTE, urgent: 20 * MINUTE },
    progress: { normal: HOUR, urgent: HOUR },
    help: 30 * MINUTE,
  },
  caps: Uncapped,
});

describeOn(['postgres', 'faketime'], 'three clocks at once, on a database whose clock is set', () => {
  let clock: SetClock;
  let postgres: PostgresServer;
  let url: string;
  beforeAll(async () => {
    clock = openSetClock();
    postgres = await startPostgres({ environment: clock.environment });
    url = await postgres.freshDatabase();
    await migrate(url, { folder: MIGRATIONS });
  });
  afterAll(async () => {
    await postgres.end();
    clock.end();
  });

  test('let each clock fire once and not before its time, and send each mail once', {
    timeout: 120_000,
  }, async () => {
    const ended = new AbortController();
    const memory = memorySender();
    const workers = await Promise.all(
      ['clock', 'clock', 'clock', 'mailer', 'mailer'].map((kind) =>
        worker(kind, memory.sender, ended.signal),
      ),
    );
    const pool = testPool(url);
    const store = postgresStore({ pool, time: 'database' });
    const policy = await adoptPolicy({ store, log: Silent }, team);
    const report = await runJumps({
      office: { store, policy, secret: SECRET, inboxId: 'maintenance', chain: ['priya', 'sam', 'leah'] },
      ...{ pool, clock, spanMs: 300, perSecond: 20, say() {} },
      received: () => memory.delivered.map(({ raw }) => messageIdOf(raw)),
    });
    ended.abort();
    await Promise.all(workers.map(({ over }) => over));
    await store.close();
    expect(report.wrong).toEqual([]);
    expect(Object.keys(report.fired).sort()).toEqual(
      expect.arrayContaining(['accept', 'help', 'progress', 'snooze']),
    );
    expect(report.digests).toBeGreaterThan(0);
  });

  async function worker(
    kind: string,
    sender: ReturnType<typeof memorySender>['sender'],
    signal: AbortSignal,
  ) {
    const pool = testPool(url);
    const store = postgresStore({ pool, time: 'database' });
    const own = await databaseClock(pool, 100);
    const deps = depsOf(store, own, sender, team);
    const digests = standingMails();
    const work = async (): Promise<void> => {
      while (!signal.aborted) {
        if (kind === 'mailer') await deliverOutbox(deps).catch(() => undefined);
        else {
          for (const part of [escalateOverdue, watchParked, digests]) await part(deps).catch(() => undefined);
        }
        await pause(100);
      }
      own.close();
      await store.close();
    };
    return { over: work() };
  }
});

const Silent = { info() {}, warn() {}, error() {} };

const depsOf = (
  store: Deps['store'],
  clock: Deps['clock'],
  sender: ReturnType<Deps['senderOf']>,
  policy: Policy,
): Deps => ({
  store,
  clock,
  queue: NoBells,
  parser: inProcessParser(),
  senderCheck: noSenderCheck,
  composer: { compose: composeMail },
  senderOf: () => sender,
  policy: () => policy,
  secret: SECRET,
  model: NoModel,
  newTextId: () => '00000000-0000-4000-8000-000000000000',
  limits: DEFAULT_LIMITS,
  log: Silent,
});

const messageIdOf = (raw: Uint8Array): string =>
  /^message-id:\s*<([^>]+)>/im.exec(Buffer.from(raw).toString('latin1'))?.[1] ?? '';
