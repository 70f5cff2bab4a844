/** What workers, members and operators ask of the database, as the code asks it. */
import type pg from 'pg';
import { postgresClockList } from '../../../src/adapters/db/clock-list.ts';
import { postgresMailFlows } from '../../../src/adapters/db/mail-flow.ts';
import { postgresOutboxList } from '../../../src/adapters/db/outbox-list.ts';
import { postgresOverview } from '../../../src/adapters/db/overview.ts';
import { postgresParkedList } from '../../../src/adapters/db/parked.ts';
import { postgresPeopleList } from '../../../src/adapters/db/people-list.ts';
import { postgresRequests } from '../../../src/adapters/db/requests.ts';
import { sqlOn } from '../../../src/adapters/db/sql.ts';
import { postgresStore } from '../../../src/adapters/db/store.ts';
import { transactionOn } from '../../../src/adapters/db/transaction.ts';
import { foretell } from '../../../src/app/foretell.ts';
import type { RequestQuestion } from '../../../src/app/ports/requests.ts';
import { inboxesOf } from '../../../src/app/send-digests.ts';
import { digestQuestion } from '../../../src/domain/digest/trouble.ts';
import type { MemberId } from '../../../src/domain/ids.ts';
import { DAY, HOUR, type Instant, SECOND } from '../../../src/domain/instant.ts';
import type { Policy } from '../../../src/domain/policy.ts';
import { type Sight, sightOf } from '../../../src/domain/sight.ts';
import { settableClock } from '../../support/settable-clock.ts';
import { CHIEF, inboxIds, managerOf, teamOf } from './company.ts';
import type { Question } from './measure.ts';

/** As many as a pass of the clock takes. */
const DUE_MAX = 100;

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
    const { rows } = await pool.query<{ n: number }>(
      `SELECT count(*)::integer AS n FROM conversation WHERE due_at <= to_timestamp($1::numeric / 1000000)`,
      [at],
    );
    return {
      what: `due-lookup, ${rows[0]?.n} due`,
      goalMs: 20,
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
  const told = (of: MemberId | null, at: Instant | null) => async () =>
    (await foretell({ clocks, parked, policy, at, of, limit: 20 })).running.length;
  return [
    await due(0),
    await due(100),
    await due(10_000),
    {
      what: 'when a clock rings next',
      goalMs: 20,
      ask: async () => ((await store.nextDueAt()) === null ? 0 : 1),
    },
    {
      what: 'what nobody rang for (sweep)',
      goalMs: 20,
      ask: async () => (await store.findUnrung(15 * SECOND, 100)).size,
    },
    { what: 'load of a team of 50 (router)', goalMs: 5, ask: async () => (await tx.load(team)).size },
    { what: 'load of one member (router)', goalMs: 5, ask: async () => (await tx.load([some])).size },
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
    { what: 'digest of a manager of one inbox', goalMs: 1_000, ask: digestOf(managerOf(inbox)) },
    { what: 'digest of the chief, of everything', goalMs: 1_000, ask: digestOf(CHIEF) },
    { what: 'baton clocks', ask: told(null, null) },
    { what: 'baton clocks --at in an hour', ask: told(null, now + HOUR) },
    { what: 'baton clocks --of a member', ask: told(some, null) },
    ...requestQuestions(pool, policy, now),
    { what: 'status', ask: async () => (await overview.read()).members.length },
    {
      what: 'inboxes with work (a change of the configuration)',
      ask: async () => (await store.busyInboxes()).length,
    },
  ];
}

/** What the board and `baton requests` ask, for whoever looks: an operator, who decides in one inbox, who works in it. */
function requestQuestions(pool: pg.Pool, policy: Policy, now: Instant): Question[] {
  const time = settableClock(now);
  const requests = postgresRequests({ pool, time, policy: () => policy });
  const inbox = inboxIds[0] ?? '';
  const member = teamOf(inbox)[7] ?? '';
  const lookers: [string, Sight | null][] = [
    ['the operator', null],
    ['the chief', sightOf(policy, CHIEF, now)],
    ['a manager', sightOf(policy, managerOf(inbox), now)],
    ['a member', sightOf(policy, member, now)],
  ];
  const list = (what: string, sight: Sight | null, question: Partial<RequestQuestion>): Question => ({
    what: `requests, ${what}`,
    goalMs: 50,
    ask: async () => {
      const asked = { sight, show: 'open', order: 'stuck', limit: 50, ...question } as const;
      return (await requests.list(asked)).requests.length;
    },
  });
  return [
    ...lookers.flatMap(([who, sight]): Question[] => [
      list(`worst first, for ${who}`, sight, {}),
      list(`longest silent, for ${who}`, sight, { order: 'longest-silent' }),
      list(`stuck, for ${who}`, sight, { show: 'stuck' }),
      list(`taken by nobody, for ${who}`, sight, { show: 'unowned', order: 'newest' }),
      {
        what: `requests, counts for ${who}`,
        goalMs: 100,
        ask: async () => (await requests.counts(sight)).open,
      },
    ]),
    list('of one member', null, { of: [member] }),
    list('of a team of 50', null, { of: teamOf(inbox) }),
    list('a common word', null, { words: 'drips' }),
    list('rare words', null, { words: 'customer42 tenant' }),
    list('a category that none has', null, { category: 'none' }),
    {
      what: 'requests, people with what they have',
      goalMs: 150,
      ask: async () => (await postgresPeopleList({ pool, time, requests }).members()).length,
    },
    {
      what: 'requests, mail that is to go out',
      goalMs: 50,
      ask: async () => {
        const outbox = postgresOutboxList({ pool, time });
        await outbox.counts();
        return (await outbox.list({ part: 'pending', limit: 50 })).length;
      },
    },
    {
      what: 'requests, mail flow of a day',
      goalMs: 100,
      ask: async () => (await postgresMailFlows({ pool, time }).read()).length,
    },
  ];
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
