import { expect, test } from 'vitest';
import { happenings, oneLine, passedOver, whoAnswers } from '../../src/app/board-words.ts';
import type { BoardRequest } from '../../src/app/ports/board.ts';
import type { ConversationEvent, EventBody } from '../../src/domain/conversation/events.ts';
import { fold } from '../../src/domain/conversation/evolve.ts';
import { fromIso, MINUTE } from '../../src/domain/instant.ts';
import { ledgerMoves } from '../../src/domain/ledger.ts';

const NINE = fromIso('2026-03-03T09:00:00Z');
const names = (id: string) => id.toUpperCase();

const arrived: EventBody = {
  type: 'arrived',
  inboxId: 'office',
  messageId: 1,
  accountable: 'leah',
  author: null,
  acknowledge: 'fixed',
  person: true,
  text: null,
};
const reason = { code: 'rule', sentence: 'the subject has "leak" (rule "water")' };
const classified: EventBody = {
  type: 'classified',
  category: 'leak',
  priority: 'normal',
  ruleId: 'water',
  reason,
};
const offered = (to: string, by: string | null = null, note: string | null = null): EventBody => ({
  type: 'offered',
  to,
  kind: by === null ? 'offer' : 'handoff',
  by,
  acceptBy: NINE + 60 * MINUTE,
  remindAt: null,
  rung: 0,
  note,
  reason,
});

/** Each group happens at once, the groups ten minutes apart. */
function requestOf(...groups: readonly EventBody[][]): BoardRequest {
  let seq = 0;
  const events = groups.flatMap((group, index) =>
    group.map(
      (body, place): ConversationEvent => ({
        ...body,
        conversationId: 7,
        seq: ++seq,
        at: NINE + index * 10 * MINUTE + place,
      }),
    ),
  );
  const moves = ledgerMoves(null, events);
  return {
    id: 7,
    inboxId: 'office',
    subject: 'Leak',
    customer: { name: 'Maria', address: 'maria@mail.example' },
    state: fold(events),
    events,
    ledger: moves.map(({ at, member }, index) => ({ from: at, until: moves[index + 1]?.at ?? null, member })),
    texts: new Map([['n1', { author: 'priya', body: 'you have\nthe key' }]]),
    because: [],
    gone: null,
  };
}

test('what follows at once from something is told in one line with it', () => {
  const request = requestOf(
    [arrived, classified, offered('priya')],
    [{ type: 'lapsed', to: 'priya' }, offered('sam')],
  );
  expect(happenings(request, names).map(({ text }) => text)).toEqual([
    'Maria writes, LEAH answers for it → PRIYA is asked',
    'no answer from PRIYA → SAM is asked',
  ]);
  expect(happenings(request, names, 3).map(({ text }) => text)).toEqual([
    'no answer from PRIYA → SAM is asked',
  ]);
});

test('whoever is asked and names somebody else is said to pass it on, with the note once', () => {
  const request = requestOf(
    [arrived, classified, offered('priya')],
    [{ type: 'declined', by: 'priya', note: 'n1' }, offered('sam', 'priya', 'n1')],
  );
  expect(happenings(request, names).at(-1)?.text).toBe('PRIYA passes it on to SAM (“you have the key”)');
});

test('who answers for a request is said with the instant and the reason of the latest move', () => {
  const waiting = requestOf([arrived, classified, offered('priya')]);
  expect(whoAnswers(waiting, names)).toEqual({
    who: 'leah',
    since: NINE,
    why: 'front desk, PRIYA is asked; the subject has "leak" (rule "water")',
  });
  const climbed = requestOf(
    [arrived, classified, offered('priya')],
    [
      { type: 'lapsed', to: 'priya' },
      { type: 'accountability-moved', to: 'dana', why: 'nobody-accepted' },
    ],
  );
  expect(whoAnswers(climbed, names)).toEqual({
    who: 'dana',
    since: NINE + 10 * MINUTE + 1,
    why: 'nobody accepted (PRIYA: no answer)',
  });
  const done = requestOf(
    [arrived, classified],
    [{ type: 'accepted', by: 'sam' }],
    [{ type: 'done', by: 'sam', note: null, as: 'finished', into: null }],
  );
  expect(whoAnswers(done, names)).toMatchObject({ who: null, why: 'done by SAM' });
});

test('everybody who was asked in vain is named with what came of it', () => {
  const request = requestOf(
    [arrived, classified, offered('priya')],
    [{ type: 'unreachable', to: 'priya', why: 'auto-reply', messageId: 2, failure: null }, offered('sam')],
    [{ type: 'declined', by: 'sam', note: null }],
  );
  expect(passedOver(request.events, names)).toBe('PRIYA: not there, SAM: said no');
  const passed = requestOf(
    [arrived, classified, offered('priya')],
    [{ type: 'declined', by: 'priya', note: null }, offered('sam', 'priya')],
  );
  expect(passedOver(passed.events, names)).toBe('PRIYA: passed it on');
});

test('a text becomes one line of bounded length without control characters', () => {
  expect(oneLine('a\r\n\tb\u202e c', 10)).toBe('a b c');
  expect(oneLine('abcdefghij', 5)).toBe('abcd…');
});

test('a request that names an earlier one says so where it begins', () => {
  const follows = { conversationId: 3, why: 'long-done' } as const;
  const request = requestOf([{ ...arrived, follows }]);
  expect(happenings(request, names).map(({ text }) => text)).toEqual([
    'Maria writes, after #3, LEAH answers for it',
  ]);
});

test('a mail without a say is told with who it says wrote it, in quotation marks, and why it had no effect', () => {
  const request = requestOf([arrived], [{ type: 'attached', messageId: 2, as: 'stranger' }]);
  const told = (mails: Parameters<typeof happenings>[3]) => happenings(request, names, 0, mails).at(-1)?.text;
  const mail = { id: 2, from: { name: 'Ben Cole', address: 'ben@elm.test' } };
  const because = (code: string) => ({ code, sentence: '' });
  expect(told([{ ...mail, reason: because('not-authenticated') }])).toBe(
    '"Ben Cole" <ben@elm.test> wrote; not proved, so it had no effect',
  );
  expect(told([{ ...mail, reason: because('other-address') }])).toContain('so it had no effect');
  expect(told([{ ...mail, reason: because('not-a-participant') }])).toBe(
    '"Ben Cole" <ben@elm.test>, who is no part of it, writes: shown, and nothing moves',
  );
  expect(told([])).toBe('a mail comes that does not count: shown, and nothing moves');
});
