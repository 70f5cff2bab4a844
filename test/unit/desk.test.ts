/** In which order the requests of a member wait for them. */
import { expect, test } from 'vitest';
import type { Conversation } from '../../src/domain/conversation/state.ts';
import { sortDesk, waitsForThem } from '../../src/domain/desk.ts';
import { DAY, HOUR } from '../../src/domain/instant.ts';
import { NOW, viewOf } from '../../src/domain/notices/samples/request.ts';

const sample = viewOf({ kind: 'morning-list', listed: [] }, { how: 'owned' }).mine?.[0]?.state;
if (sample === undefined) throw new Error('the sample has a desk');
const calm: Conversation = {
  ...sample,
  ...{ owner: 'priya', accountable: 'priya', offer: null, answer: null, held: [], helps: [] },
  ...{ due: null, snooze: null },
};

const ask = { seq: 3, to: 'priya', kind: 'handoff', by: 'sam', askedAt: NOW, note: null } as const;
const owed = (by: number) => ({ by, promised: by, warnAt: null, missed: false });
const laidAside = { by: 'priya', until: NOW + DAY, note: null };

const Desk: readonly [number, Partial<Conversation>, string][] = [
  [1, { snooze: laidAside }, 'laid-aside'],
  [2, { offer: { ...ask, to: 'sam', acceptBy: NOW + HOUR } }, 'handed-on'],
  [3, {}, 'theirs'],
  [4, { due: { by: 'priya', at: NOW - HOUR, told: true } }, 'due'],
  [5, { snooze: laidAside, answer: owed(NOW - HOUR) }, 'answer'],
  [6, { answer: owed(NOW + 2 * HOUR) }, 'answer'],
  [7, { snooze: laidAside, answer: owed(NOW + HOUR) }, 'laid-aside'],
  [8, { owner: 'sam', accountable: 'sam', offer: { ...ask, acceptBy: NOW + 2 * HOUR } }, 'asked'],
  [9, { owner: null, accountable: 'leah', offer: { ...ask, acceptBy: NOW + HOUR } }, 'asked'],
];

test('what a member is asked comes first, then what is owed, and what was laid aside last', () => {
  const items = Desk.map(([id, changes]) => ({ state: { ...calm, id, ...changes } }));
  const sorted = sortDesk(items, 'priya', NOW).map(({ item, reason }) => [item.state.id, reason]);
  expect(sorted).toEqual([
    ...[
      [9, 'asked'],
      [8, 'asked'],
      [5, 'answer'],
      [6, 'answer'],
      [4, 'due'],
    ],
    ...[
      [3, 'theirs'],
      [2, 'handed-on'],
      [1, 'laid-aside'],
      [7, 'laid-aside'],
    ],
  ]);
});

test('only what somebody else waits for waits for them', () => {
  const waiting = ['asked', 'answer', 'held', 'help', 'due'] as const;
  expect(waiting.every(waitsForThem)).toBe(true);
  expect((['theirs', 'handed-on', 'laid-aside'] as const).some(waitsForThem)).toBe(false);
});
