/** Two days without Baton, and hundreds of clocks that ran out: escalations happen, urgent ones first, and nobody has a burst. */
import { expect, test } from 'vitest';
import { DAY, HOUR, MINUTE } from '../../src/domain/instant.ts';
import { beginWorld } from '../contract/store-world.ts';
import { MONDAY, testPolicy } from '../support/policy.ts';
import { openWorld, type World } from '../support/world.ts';

const REQUESTS = 300;
const PEOPLE = ['leah', 'priya', 'luis', 'sam', 'dana', 'omar', 'ann', 'ben', 'cem', 'dee'];
const isUrgent = (nth: number): boolean => nth % 10 === 0;

/** Requests of every kind that has a clock, each somebody's who says nothing more. */
async function fill(world: World): Promise<void> {
  const { store, clock } = world;
  const { openRequest, route, command } = await beginWorld(
    { store, clock, close: async () => {} },
    world.policy(),
  );
  for (let nth = 0; nth < REQUESTS; nth += 1) {
    const subject = `Request ${nth}`;
    const { id } = await openRequest({ subject, priority: isUrgent(nth) ? 'urgent' : 'normal' });
    const [asked = '', next = ''] = [PEOPLE[nth % PEOPLE.length], PEOPLE[(nth + 3) % PEOPLE.length]];
    await route(id, asked, next);
    if (nth % 3 === 0) continue;
    await command(id, asked, { verb: 'accept' });
    const soon = world.clock.now() + HOUR;
    if (nth % 3 === 1) await command(id, asked, { verb: 'handoff', to: next, note: null });
    else if (nth % 4 === 0) await command(id, asked, { verb: 'snooze', until: soon, note: null });
    else if (nth % 4 === 1) await command(id, asked, { verb: 'due', by: soon });
    else await command(id, asked, { verb: 'help-from', to: next, text: null });
  }
  // What was said until then is not what this is about.
  const said = await store.claimNotices({ limit: store.outbox().length, lease: MINUTE });
  const outcomes = said.map(({ notice: { id }, claims }) => {
    return { id, claims, attempt: null, result: null, state: 'dropped', code: 'overtaken' } as const;
  });
  await store.transact([], (tx) => tx.write({ outcomes }));
}

const memberOf = (row: ReturnType<World['store']['outbox']>[number]): string =>
  row.notice.recipient.type === 'member' ? row.notice.recipient.member : '';

test('after two days urgent requests come first, each escalation is told once, and nobody has more than a few mails an hour', async () => {
  const people = Object.fromEntries(PEOPLE.map((id) => [id, {}]));
  const policy = testPolicy({ members: people, caps: { member: { hour: 1_000 } } });
  const world = await openWorld({ policy });
  await fill(world);
  const known = new Set(world.store.outbox().map(({ notice }) => notice.id));

  world.clock.set(MONDAY + 2 * DAY);
  await world.settle();
  const fresh = () => world.store.outbox().filter(({ notice }) => !known.has(notice.id));
  const priorityOf = ({ notice }: { notice: { conversationId: number | null } }) =>
    world.store.conversations().find(({ id }) => id === notice.conversationId)?.priority;
  const made = fresh().filter(({ notice }) => notice.conversationId !== null);
  const firstCalm = made.findIndex((row) => priorityOf(row) === 'normal');
  expect(made.findLastIndex((row) => priorityOf(row) === 'urgent')).toBeLessThan(firstCalm);
  expect(made.slice(0, firstCalm).every(({ state }) => state === 'sent')).toBe(true);
  // Each clock has been seen to.
  expect(await world.store.findDue(1)).toEqual([]);
  const told = new Set(made.map(({ notice }) => notice.conversationId));
  expect(told.size).toBeGreaterThan(REQUESTS * 0.9);

  await world.advance(100 * MINUTE);
  const rows = fresh();
  const calm = rows.filter(
    (row) => row.state === 'sent' && memberOf(row) !== '' && priorityOf(row) !== 'urgent',
  );
  const perHour = Map.groupBy(
    calm,
    (row) => `${memberOf(row)} ${Math.floor(((row.settledAt ?? 0) - MONDAY) / HOUR)}`,
  );
  // One at once, and one with all that waits.
  expect([...perHour.values()].map(({ length }) => length)).toEqual(Array(PEOPLE.length).fill(2));

  const together = rows.flatMap(({ notice: { body } }) => (body.kind === 'bundle' ? body.notices : []));
  const bundled = rows.filter(({ state }) => state === 'bundled').map(({ key }) => key);
  expect(together.toSorted()).toEqual(bundled.toSorted());
  const senders = world.sender.delivered.map(({ envelopeFrom }) => envelopeFrom);
  expect(new Set(senders).size).toBe(senders.length);
  expect(world.errors).toEqual([]);
});
