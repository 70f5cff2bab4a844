import { expect, test } from 'vitest';
import { colourOf, initialsOf } from '../../src/adapters/web/board/pages/look.ts';
import { mailsOf } from '../../src/adapters/web/board/pages/mails.ts';
import { outboxPage } from '../../src/adapters/web/board/pages/outbox.ts';
import { address } from '../../src/adapters/web/board/pages/parts.ts';
import { ago, dayTime, forHowLong, untilThen } from '../../src/adapters/web/board/pages/times.ts';
import { isBad, troubleWords } from '../../src/adapters/web/board/pages/trouble-words.ts';
import { PERSON_COLOURS } from '../../src/adapters/web/board/style.ts';
import type { BoardRequest, MailIn } from '../../src/app/ports/board.ts';
import type { OutboxLine } from '../../src/app/ports/outbox-list.ts';
import { Severity, type Why } from '../../src/domain/digest/attention.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../../src/domain/instant.ts';
import { MONDAY, testPolicy } from '../support/policy.ts';

const look = { now: MONDAY, viewer: { timeZone: 'Europe/Berlin' } };
const words = ({ html }: { html: string }): string => html.replace(/<[^>]*>/g, '');

test('initials are letters of a name as its reader sees them, however it is written', () => {
  expect(
    ['Sam Lee', 'Priya', 'Anne-Marie de la Tour', 'Łukasz Żak', '李 小龙', '👩‍🔧 Io', '', '<b>'].map(
      initialsOf,
    ),
  ).toEqual(['SL', 'P', 'AT', 'ŁŻ', '李小', 'I', '?', 'B']);
});

test('two of a team have different colours while there are enough, and keep them when somebody comes', () => {
  const policy = testPolicy();
  const ids = [...policy.members.keys()];
  const before = ids.map((id) => colourOf({ policy }, id));
  expect(new Set(before).size).toBe(Math.min(ids.length, PERSON_COLOURS));
  const more = {
    ...policy,
    members: new Map([...policy.members, ...testPolicy({ members: { zoe: {} } }).members]),
  };
  expect(ids.map((id) => colourOf({ policy: more }, id))).toEqual(before);
});

test('times say how long ago it was, and when exactly', () => {
  expect(words(ago(look, MONDAY - 30 * SECOND))).toBe('just now');
  expect(words(ago(look, MONDAY - 3 * HOUR))).toBe('3 hours ago');
  expect(words(forHowLong(look, MONDAY - 2 * DAY))).toBe('2 days');
  expect(words(untilThen(look, MONDAY + 20 * MINUTE))).toBe('in 20 minutes');
  expect(words(dayTime(look, MONDAY))).toBe('Mon 2 Mar, 10:00');
  expect(ago(look, MONDAY).html).toContain('datetime="2026-03-02T09:00:00.000Z"');
  expect(ago(look, MONDAY).html).toMatch(/title="Monday,? 2 March 2026 at 10:00:00 /);
});

test('each trouble has words of its own, and what nobody takes is the worst', () => {
  const all = (Object.keys(Severity) as Why[]).map((why) =>
    troubleWords({ why, since: MONDAY - DAY }, MONDAY, 'tenant'),
  );
  expect(new Set(all).size).toBe(all.length);
  expect(isBad({ why: 'nobody-took', since: MONDAY }, MONDAY)).toBe(true);
  expect(isBad({ why: 'silent', since: MONDAY - DAY }, MONDAY)).toBe(false);
});

test('an address of the board holds what was asked for, and nothing that is empty', () => {
  expect(address('/', { show: 'stuck', inbox: '', of: 'a&b' })).toBe('/?show=stuck&of=a%26b');
  expect(address('/people', {})).toBe('/people');
});

test('of a mail that did not arrive the board says why in words and not in codes', () => {
  const line: OutboxLine = {
    part: 'failed',
    ...{ id: 1, kind: 'offer', inboxId: 'maintenance', conversationId: 7, member: 'sam' },
    ...{ recipient: 'sam@elm.example', createdAt: MONDAY, tries: 2, nextTryAt: null, endedAt: MONDAY },
    ...{ code: 'smtp-550', brake: null, returned: null },
  };
  const counts = {
    pending: 0,
    failed: 1,
    returned: 0,
    capped: 0,
    unconfirmed: 0,
    repeated: 0,
    retrying: 0,
    nextTryAt: null,
  };
  const lines = { pending: [], failed: [line], returned: [], capped: [], unconfirmed: [], repeated: [] };
  const viewer = { ...look.viewer, member: 'dana', name: 'Dana', csrf: '' };
  const sight = { member: 'dana', inboxes: ['maintenance'], colleagues: [] };
  const seen = { now: MONDAY, policy: testPolicy(), title: 'Elm', viewer: { ...viewer, sight } };
  const { body } = outboxPage(seen, { counts, lines });
  expect(words(body)).toContain('the mail server refused it (550) (tried 2 times)');
});

test("the board shows a mail in a teammate's name that is not proved as one that had no effect", () => {
  const from = { name: 'Sam Lee', address: 'sam@elm.example' };
  const mail: MailIn = {
    ...{ id: 2, at: MONDAY, inboxId: 'maintenance', conversationId: 7, disposition: 'follow-up', from },
    ...{ reason: { code: 'not-authenticated', sentence: '' }, member: null, subject: '', gone: null },
    ...{ text: 'accept', quoted: '', files: [] },
  };
  const viewer = { ...look.viewer, member: 'dana', name: 'Dana', csrf: '' };
  const sight = { member: 'dana', inboxes: ['maintenance'], colleagues: [] };
  const seen = { now: MONDAY, policy: testPolicy(), title: 'Elm', viewer: { ...viewer, sight } };
  const request = { id: 7, events: [], texts: new Map() } as unknown as BoardRequest;
  const shown = (one: MailIn) => words(mailsOf(seen, request, { in: [one], out: [], heldBack: [] }));
  expect(shown(mail)).toContain('&quot;Sam Lee&quot; &lt;sam@elm.example&gt;not proved, so it had no effect');
  expect(shown({ ...mail, reason: { code: 'thread-reference', sentence: '' } })).toContain(
    'Sam Leesam@elm.example',
  );
});
