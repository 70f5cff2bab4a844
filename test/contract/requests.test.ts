/**
 * Lists of requests on PostgreSQL, against the same lists made of all states in memory: whatever is asked, each request
 * stands in its place, once, and nobody reads what they may not see.
 */
import fc from 'fast-check';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { postgresRequests } from '../../src/adapters/db/requests.ts';
import { postgresStore } from '../../src/adapters/db/store.ts';
import type { RequestLine, RequestQuestion, Requests } from '../../src/app/ports/requests.ts';
import type { Conversation } from '../../src/domain/conversation/state.ts';
import { Severity } from '../../src/domain/digest/attention.ts';
import { digestQuestion, troublesOf } from '../../src/domain/digest/trouble.ts';
import { DAY, HOUR, type Instant } from '../../src/domain/instant.ts';
import { maySee, type Sight, sightOf } from '../../src/domain/sight.ts';
import { bigCompany, CHIEF, inboxIds, managerOf, teamOf } from '../bench/scale/company.ts';
import { seed } from '../bench/scale/seed.ts';
import { MONDAY, rosterOf } from '../support/policy.ts';
import { settableClock } from '../support/settable-clock.ts';
import { type MigratedDatabases, startMigratedDatabases, testPool } from '../support/store-database.ts';
import { beginWorld } from './store-world.ts';

/** Told as for `npm run scale`: three inboxes, of each the first fifty. */
const COUNT = 150;
const policy = bigCompany();
const clock = settableClock(MONDAY + 12 * DAY + 5 * HOUR);
const inboxes = inboxIds.slice(0, 3);
const people = inboxes.flatMap((id) => [managerOf(id), ...teamOf(id).slice(0, 12)]);

let databases: MigratedDatabases;
let pool: pg.Pool;
let requests: Requests;
let known: Known[];

type Known = {
  readonly state: Conversation;
  readonly stuck: { readonly rank: number; readonly since: Instant } | null;
  readonly text: string;
};

beforeAll(async () => {
  databases = await startMigratedDatabases();
  pool = testPool(await databases.fresh());
  const store = postgresStore({ pool, time: clock });
  await store.syncRoster(rosterOf(policy));
  await seed({ store, clock, policy, count: COUNT, now: clock.now() });
  const world = await beginWorld({ store, clock, close: async () => {} }, policy);
  const ids = (await pool.query<{ id: number }>('SELECT id FROM conversation ORDER BY id')).rows;
  for (const [index, { id }] of ids.entries()) {
    const { owner } = await world.stateOf(id);
    if (owner === null) continue;
    if (index % 9 === 0) await world.command(id, owner, { verb: 'done', note: null });
    else if (index % 10 === 7)
      for (const days of [1, 2, 3])
        await world.command(id, owner, { verb: 'snooze', until: clock.now() + days * DAY, note: null });
  }
  requests = postgresRequests({ pool, time: clock, policy: () => policy });
  known = await readKnown();
});
afterAll(async () => {
  await pool.end();
  await databases.end();
});

async function readKnown(): Promise<Known[]> {
  const { rows } = await pool.query<{ state: Conversation; aside: number; text: string }>(
    `SELECT snapshot AS state, subject || ' ' || customer_name || ' ' || customer_address AS text,
       (SELECT count(*)::integer FROM event WHERE conversation_id = conversation.id AND type = 'snoozed') AS aside
     FROM conversation JOIN conversation_words ON conversation_id = id`,
  );
  const question = digestQuestion(policy, [...policy.inboxes.keys()], clock.now(), clock.now() - DAY);
  return rows.map(({ state, aside, text }) => {
    const [worst] = troublesOf({ state, laidAside: aside }, question);
    const stuck = worst === undefined ? null : { rank: Severity[worst.why], since: worst.since };
    return { state, stuck, text };
  });
}

/** What a list must be, by the states alone. */
function expected(question: RequestQuestion): number[] {
  const { sight, show, inbox, of, category, words, order } = question;
  const isShown = ({ state, stuck }: Known): boolean => {
    const isUnowned = state.phase === 'arrived' || state.phase === 'offered';
    const shown = {
      all: true,
      open: state.phase !== 'done',
      done: state.phase === 'done',
      unowned: isUnowned,
      stuck: stuck !== null,
    };
    return shown[show];
  };
  const whose = (state: Conversation): string => state.accountable ?? state.owner ?? '';
  const found = known.filter(
    (one) =>
      isShown(one) &&
      (sight === null || maySee(sight, one.state, false)) &&
      (inbox === undefined || one.state.inboxId === inbox) &&
      (of === undefined || of.includes(whose(one.state))) &&
      (category === undefined || one.state.classified?.category === category) &&
      (words === undefined || hasWords(one, words)),
  );
  const place = ({ state, stuck }: Known): number[] =>
    order === 'stuck'
      ? [stuck?.rank ?? 1_000, stuck?.since ?? state.lastEventAt, state.id]
      : [state.lastEventAt, state.id];
  const sign = order === 'newest' ? -1 : 1;
  return found.sort((a, b) => sign * compared(place(a), place(b))).map(({ state }) => state.id);
}

function compared(a: readonly number[], b: readonly number[]): number {
  const index = a.findIndex((figure, at) => figure !== b[at]);
  return index < 0 ? 0 : (a[index] ?? 0) - (b[index] ?? 0);
}

function hasWords({ state, text }: Known, words: string): boolean {
  const number = /^#?(\d+)$/.exec(words)?.[1];
  if (number !== undefined) return state.id === Number(number);
  const written = text.toLowerCase().split(/[^\p{L}\p{N}]+/u);
  return words
    .toLowerCase()
    .split(' ')
    .every((word) => written.some((one) => one.startsWith(word)));
}

/** All of it, so many at a time. */
async function allOf(question: RequestQuestion): Promise<RequestLine[]> {
  const found: RequestLine[] = [];
  let after: string | null = null;
  do {
    const { requests: some, next } = await requests.list(after === null ? question : { ...question, after });
    found.push(...some);
    after = next;
    if (found.length > 2 * COUNT) throw new Error('a list that does not end');
  } while (after !== null);
  return found;
}

const sights = fc.oneof(
  fc.constant(null),
  fc.constantFrom(CHIEF, ...people).map((member) => sightOf(policy, member, clock.now())),
  fc.record({
    member: fc.constantFrom(...people),
    inboxes: fc.subarray([...inboxes]),
    colleagues: fc.subarray(people),
  }),
);

const questions: fc.Arbitrary<RequestQuestion> = fc
  .record(
    {
      sight: sights,
      show: fc.constantFrom('open', 'unowned', 'stuck', 'done', 'all'),
      order: fc.constantFrom('stuck', 'longest-silent', 'newest'),
      limit: fc.integer({ min: 3, max: 60 }),
      inbox: fc.constantFrom(...inboxes, 'nowhere'),
      of: fc.subarray(people, { minLength: 1 }),
      category: fc.constantFrom('request', 'another'),
      words: fc.constantFrom(
        'tap',
        'drips Customer',
        'tap 1',
        'customer7',
        'tenant.example',
        '#1004',
        '1011',
        'ta 12',
        'oak',
      ),
    },
    { requiredKeys: ['sight', 'show', 'order', 'limit'] },
  )
  .map(({ words, ...question }) => ({
    ...question,
    ...(words !== undefined && { words: words.replace('.', ' ') }),
  }));

describe('lists of requests', () => {
  it('are what the states say, in their order, without a gap or a double, however they are asked for', async () => {
    await fc.assert(
      fc.asyncProperty(questions, async (question) => {
        expect((await allOf(question)).map(({ id }) => id)).toEqual(expected(question));
      }),
      { numRuns: 60 },
    );
  });

  it('cover what they should: something is stuck for each kind of reason, done, and nobody is left out', () => {
    const ranks = new Set(known.map(({ stuck }) => stuck?.rank ?? 0));
    expect([...ranks].sort((a, b) => a - b)).toEqual(
      expect.arrayContaining([0, Severity['not-taken'], Severity['laid-aside']]),
    );
    expect(known.filter(({ state }) => state.phase === 'done').length).toBeGreaterThan(5);
  });

  it('tell of each request what is wrong with it and since when, in whatever order they are read', async () => {
    for (const order of ['stuck', 'longest-silent'] as const) {
      const listed = await allOf({ sight: null, show: 'open', order, limit: 50 });
      expect(listed.some(({ stuck }) => stuck?.why === 'laid-aside')).toBe(true);
      const told = listed.map(({ id, stuck }) => [id, stuck && [Severity[stuck.why], stuck.since]]);
      const wrong = new Map(
        known.map((one) => [one.state.id, one.stuck && [one.stuck.rank, one.stuck.since]]),
      );
      expect(told).toEqual(listed.map(({ id }) => [id, wrong.get(id)]));
    }
  });

  it('never show anybody what they may not see', async () => {
    await fc.assert(
      fc.asyncProperty(questions, async (question) => {
        const { sight } = question;
        const shown = await allOf({ ...question, limit: 50 });
        const states = new Map(known.map(({ state }) => [state.id, state]));
        for (const { id } of shown) {
          const state = states.get(id);
          expect(state !== undefined && (sight === null || maySee(sight, state, false)), String(id)).toBe(
            true,
          );
        }
      }),
      { numRuns: 30 },
    );
  });

  it('tell of each what its state and its words say', async () => {
    const lines = await allOf({ sight: null, show: 'all', order: 'newest', limit: 50 });
    for (const line of lines) {
      const one = known.find(({ state }) => state.id === line.id);
      const { state, stuck } = one ?? expect.fail();
      expect(line).toMatchObject({
        inboxId: state.inboxId,
        phase: state.phase,
        accountable: state.accountable,
        owner: state.owner,
        asked: state.offer?.to ?? null,
        openedAt: state.openedAt,
        lastEventAt: state.lastEventAt,
        stuck: stuck === null ? null : { since: stuck.since },
      });
      expect(line.stuck === null ? null : Severity[line.stuck.why]).toBe(stuck?.rank ?? null);
      expect(`${line.subject} ${line.customer.name} ${line.customer.address}`).toBe(one?.text);
    }
  });

  it('count what they list, by who has it and by inbox', async () => {
    for (const sight of [
      null,
      sightOf(policy, CHIEF, clock.now()),
      seeing(managerOf(inboxes[0] ?? '')),
      seeing(teamOf(inboxes[1] ?? '')[3] ?? ''),
    ]) {
      const counts = await requests.counts(sight);
      const lines = expected({ sight, show: 'open', order: 'newest', limit: 1 }).map(
        (id) => known.find(({ state }) => state.id === id) ?? expect.fail(),
      );
      const isUnowned = ({ state }: Known): boolean => state.phase !== 'owned';
      const isStuck = ({ stuck }: Known): boolean => stuck !== null;
      expect(counts).toMatchObject({
        open: lines.length,
        unowned: lines.filter(isUnowned).length,
        stuck: lines.filter(isStuck).length,
      });
      expect(counts.byInbox.reduce((sum, { open }) => sum + open, 0)).toBe(lines.length);
      for (const { member, ...of } of counts.byMember) {
        const theirs = lines.filter(({ state }) => state.accountable === member);
        expect(of).toEqual({
          answersFor: theirs.length,
          owns: theirs.filter((one) => !isUnowned(one)).length,
          asked: lines.filter(({ state }) => state.offer?.to === member).length,
          stuck: theirs.filter(isStuck).length,
        });
      }
    }
  });

  const seeing = (member: string): Sight => sightOf(policy, member, clock.now()) ?? expect.fail();

  it('go on where they ended while other requests change', async () => {
    const question: RequestQuestion = { sight: null, show: 'open', order: 'newest', limit: 20 };
    const before = expected(question);
    const first = await requests.list(question);
    await pool.query(
      `UPDATE conversation SET last_event_at = last_event_at + interval '1 day' WHERE id = ANY ($1)`,
      [[before[5], before[40], before[60]]],
    );
    try {
      const rest = await allOf({ ...question, after: first.next ?? '' });
      const shown = [...first.requests, ...rest].map(({ id }) => id);
      const unchanged = before.filter((_, index) => index !== 40 && index !== 60);
      expect(shown).toEqual(unchanged);
    } finally {
      await pool.query(
        `UPDATE conversation SET last_event_at = last_event_at - interval '1 day' WHERE id = ANY ($1)`,
        [[before[5], before[40], before[60]]],
      );
    }
  });

  it('begin at the beginning where what they should go on with is no place of theirs', async () => {
    const question: RequestQuestion = { sight: null, show: 'open', order: 'newest', limit: 5 };
    const first = await requests.list(question);
    const odd = [
      '',
      'x',
      'newest.1.2.3',
      'newest.1.2.3.99999999999',
      "newest.1.2.3.4'",
      'stuck.1.2.3.4',
      '\u0000',
    ];
    for (const after of odd) expect(await requests.list({ ...question, after }), after).toEqual(first);
  });

  it('find nothing, and do not fail, for words that are none', async () => {
    const odd = ["o'brien", 'a:* | b', '!!', '\\', "'); --", 'x'.repeat(5_000), '\u0000', '((', '&'];
    for (const words of odd) {
      const { requests: found } = await requests.list({
        ...{ sight: null, show: 'all', order: 'newest', limit: 5 },
        words,
      });
      expect(found, words.slice(0, 20)).toEqual([]);
    }
  });

  it('know who ever took part: who had it or was asked, and nobody else', async () => {
    const { state } =
      known.find(({ state: { owner, phase } }) => owner !== null && phase === 'owned') ?? expect.fail();
    expect(await requests.tookPart(state.id, state.owner ?? '')).toBe(true);
    expect(await requests.tookPart(state.id, CHIEF)).toBe(false);
    expect(await requests.tookPart(1, state.owner ?? '')).toBe(false);
  });

  it('show no words of whoever was erased', async () => {
    const [one] = await allOf({
      sight: null,
      show: 'all',
      order: 'newest',
      limit: 60,
      words: 'customer142@tenant',
    });
    const { id } = one ?? expect.fail();
    await pool.query(`UPDATE conversation_words SET forgotten = 'erased' WHERE conversation_id = $1`, [id]);
    try {
      expect(
        await allOf({ sight: null, show: 'all', order: 'newest', limit: 60, words: 'customer142@tenant' }),
      ).toEqual([]);
      const { requests: found } = await requests.list({
        sight: null,
        show: 'all',
        order: 'newest',
        limit: 5,
        words: `#${id}`,
      });
      expect(found).toMatchObject([{ id, subject: '', customer: { name: '', address: '' } }]);
    } finally {
      await pool.query(`UPDATE conversation_words SET forgotten = NULL WHERE conversation_id = $1`, [id]);
    }
  });
});
