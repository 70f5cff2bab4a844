/** What workers, members and operators ask of the database, as the code asks it. */
import type pg from 'pg';
import { postgresClockList } from '../../../src/adapters/db/clock-list.ts';
import { postgresGauges } from '../../../src/adapters/db/gauges.ts';
import { inTransaction } from '../../../src/adapters/db/in-transaction.ts';
import { outboxStore } from '../../../src/adapters/db/outbox.ts';
import { postgresOverview } from '../../../src/adapters/db/overview.ts';
import { postgresParkedList } from '../../../src/adapters/db/parked.ts';
import { postgresRetention } from '../../../src/adapters/db/retention.ts';
import { sqlOn } from '../../../src/adapters/db/sql.ts';
import { postgresStore } from '../../../src/adapters/db/store.ts';
import { transactionOn } from '../../../src/adapters/db/transaction.ts';
import { foretell } from '../../../src/app/foretell.ts';
import type { Keep } from '../../../src/app/ports/retention.ts';
import type { Transaction } from '../../../src/app/ports/store.ts';
import { inboxesOf } from '../../../src/app/send-digests.ts';
import { weeklyReportOf } from '../../../src/app/weekly-report.ts';
import { digestQuestion } from '../../../src/domain/digest/trouble.ts';
import type { MemberId } from '../../../src/domain/ids.ts';
import { DAY, HOUR, type Instant, MINUTE, SECOND } from '../../../src/domain/instant.ts';
import type { Policy } from '../../../src/domain/policy.ts';
import { reportDate } from '../../../src/domain/weekly-report/weeks.ts';
import { type SettableClock, settableClock } from '../../support/settable-clock.ts';
import { boardQuestions } from './board-questions.ts';
import { CHIEF, inboxIds, managerOf, teamOf } from './company.ts';
import type { Question } from './measure.ts';

/** As many as a pass of the clock takes. */
const DUE_MAX = 100;
/** As many as a mailer takes at once. */
const CLAIMED = 50;
/** Held at every size. */
const EVERY = Number.MAX_SAFE_INTEGER;
/** What is kept for how long where nothing is written down: config/keep.ts. */
const KEEP: Keep = { raw: 30 * DAY, texts: 365 * DAY, history: 90 * DAY, bulk: 30 * DAY, machine: 30 * DAY };

export async function questionsOn(pool: pg.Pool, policy: Policy, now: Instant): Promise<Question[]> {
  const clock = settableClock(now);
  const store = postgresStore({ pool, time: clock });
  const tx = transactionOn(sqlOn(pool), clock, false);
  const overview = postgresOverview({ pool, time: clock });
  const inbox = inboxIds[0] ?? '';
  const team = teamOf(inbox);
  const some = team[7] ?? '';
  const request = (await store.conversationsOf(some))[0] ?? 0;
  const due = async (wanted: number): Promise<Question> => {
    const at = wanted === 0 ? now : await whenDue(pool, now, wanted);
    return {
      what:
        wanted === 0 ? 'due-lookup, of now' : `due-lookup, ${wanted.toLocaleString('en')} due if there are`,
      goal: { ms: 20, upTo: EVERY },
      ask: async () => {
        clock.set(at);
        const found = (await store.findDue(DUE_MAX)).length;
        clock.set(now);
        return found;
      },
    };
  };
  const clocks = postgresClockList({ pool, time: clock });
  const parked = postgresParkedList({ pool });
  const digestOf = (of: MemberId) => async () => {
    const question = digestQuestion(policy, inboxesOf(policy, of), now, now - DAY);
    return (await store.readDigest(question)).requests.length;
  };
  const gauges = postgresGauges({ pool, time: clock });
  const weeklyOf = (member: MemberId) => async () => {
    const question = { policy, member, date: reportDate('Europe/Berlin', 0, now), at: now };
    return (await weeklyReportOf({ store }, question)).weeks.at(-1)?.requests ?? 0;
  };
  const told = (of: MemberId | null, at: Instant | null) => async () =>
    (await foretell({ clocks, parked, policy, at, of, limit: 20 })).running.length;
  return [
    await due(0),
    await due(100),
    await due(10_000),
    {
      what: 'when a clock rings next',
      goal: { ms: 20, upTo: EVERY },
      ask: async () => ((await store.nextDueAt()) === null ? 0 : 1),
    },
    {
      what: 'what nobody rang for (sweep)',
      goal: { ms: 20, upTo: EVERY },
      ask: async () => (await store.findUnrung(15 * SECOND, 100)).size,
    },
    {
      what: 'load of a team of 50 (router)',
      goal: { ms: 5, upTo: EVERY },
      ask: async () => (await tx.load(team)).size,
    },
    {
      what: 'load of one member (router)',
      goal: { ms: 5, upTo: EVERY },
      ask: async () => (await tx.load([some])).size,
    },
    {
      what: 'one request as a mail shows it',
      ask: async () => (await store.readRequest(request)).events.length,
    },
    { what: '"mine" of a member', ask: async () => (await store.readDesk(some)).length },
    {
      what: 'what three absent members are asked',
      ask: async () => (await store.askedOf(team.slice(3, 6))).length,
    },
    { what: 'who has left', ask: async () => (await store.formerMembers()).length },
    { what: 'requests of who leaves', ask: async () => (await store.conversationsOf(some)).length },
    {
      what: 'digest of a manager of one inbox',
      goal: { ms: 1_000, upTo: EVERY },
      ask: digestOf(managerOf(inbox)),
    },
    { what: 'digest of the chief, of everything', goal: { ms: 1_000, upTo: EVERY }, ask: digestOf(CHIEF) },
    { what: 'baton clocks', ask: told(null, null) },
    { what: 'baton clocks --at in an hour', ask: told(null, now + HOUR) },
    { what: 'baton clocks --of a member', ask: told(some, null) },
    ...(await threadQuestions(pool, tx, inbox)),
    ...writingQuestions(pool, clock),
    ...boardQuestions(pool, policy, now),
    {
      what: 'gauges for Prometheus',
      goal: { ms: 100, upTo: EVERY },
      ask: async () => (await gauges.read()).requests.length,
    },
    { what: 'weekly report of a manager of one inbox', ask: weeklyOf(managerOf(inbox)) },
    { what: 'weekly report of the chief, of everything', ask: weeklyOf(CHIEF) },
    { what: 'status', ask: async () => (await overview.read()).members.length },
    {
      what: 'inboxes with work (a change of the configuration)',
      ask: async () => (await store.busyInboxes()).length,
    },
  ];
}

/** How the classifier finds the request that a mail belongs to. */
async function threadQuestions(pool: pg.Pool, tx: Transaction, inbox: string): Promise<Question[]> {
  const some = async (text: string): Promise<string[]> =>
    (await pool.query<{ one: string }>(text)).rows.map(({ one }) => one);
  const keys = await some(`SELECT key AS one FROM thread_key WHERE inbox_id = '${inbox}' LIMIT 10`);
  const tokens = await some('SELECT hash AS one FROM token LIMIT 10');
  const notices = await some('SELECT key AS one FROM outbox LIMIT 10');
  const contents = await some(
    'SELECT content_hash AS one FROM message WHERE content_hash IS NOT NULL LIMIT 50',
  );
  const [customer = ''] = await some('SELECT customer_address AS one FROM conversation_words LIMIT 1');
  return [
    {
      what: 'threads by ten references',
      goal: { ms: 20, upTo: EVERY },
      ask: async () => (await tx.findThreads(inbox, keys)).length,
    },
    {
      what: 'ten tokens',
      goal: { ms: 20, upTo: EVERY },
      ask: async () => (await tx.findTokens(tokens)).length,
    },
    {
      what: 'mails of ours by ten keys',
      goal: { ms: 20, upTo: EVERY },
      ask: async () => (await tx.findNotices(notices)).length,
    },
    {
      what: 'whether 50 mails are known',
      goal: { ms: 20, upTo: EVERY },
      ask: async () => (await tx.findKnownContent(contents)).size,
    },
    {
      what: 'requests of a customer and their subjects',
      goal: { ms: 20, upTo: EVERY },
      ask: async () => {
        const found = await tx.findRequestsOf(inbox, customer, 20);
        const ids = found.map(({ id }) => id);
        return (await tx.findSubjects(ids, 50)).length;
      },
    },
  ];
}

/** What writes is asked in transactions that are taken back, so that the next one finds the same. */
function writingQuestions(pool: pg.Pool, clock: SettableClock): Question[] {
  const forget = postgresRetention({ pool: takenBack(pool), time: clock });
  return [
    {
      what: `claim of ${CLAIMED} mails to go out`,
      goal: { ms: 20, upTo: EVERY },
      ask: async () => {
        const undone = takenBack(pool);
        const later = settableClock(clock.now() + 3 * HOUR);
        return inTransaction(undone, async (sql) => {
          const outbox = outboxStore(undone, sql, later);
          return (await outbox.claimNotices({ limit: CLAIMED, lease: MINUTE })).length;
        });
      },
    },
    {
      what: 'retention, a step over mails that came',
      goal: { ms: 1_000, upTo: EVERY },
      ask: async () => (await forget.forgetMessages(0, KEEP)).done,
    },
    {
      what: 'retention, a step over requests',
      goal: { ms: 1_000, upTo: EVERY },
      ask: async () => (await forget.forgetRequests(0, { ...KEEP, texts: 30 * DAY })).done,
    },
  ];
}

function takenBack(pool: pg.Pool): pg.Pool {
  const connect = async (): Promise<unknown> => {
    const client = await pool.connect();
    const query = async (text: string, params?: unknown[]) =>
      text === 'COMMIT'
        ? { ...(await client.query('ROLLBACK')), command: 'COMMIT' }
        : client.query(text, params);
    return {
      query,
      on: client.on.bind(client),
      removeListener: client.removeListener.bind(client),
      release: (error?: Error) => client.release(error),
    };
  };
  return { connect } as unknown as pg.Pool;
}

/** The instant at which so many clocks have run out. */
async function whenDue(pool: pg.Pool, now: Instant, wanted: number): Promise<Instant> {
  const { rows } = await pool.query<{ at: string }>(
    `SELECT (extract(epoch FROM due_at) * 1000000)::bigint::text AS at FROM conversation
     WHERE due_at IS NOT NULL ORDER BY due_at OFFSET $1 LIMIT 1`,
    [wanted - 1],
  );
  return Math.max(now, Number(rows[0]?.at ?? now));
}
