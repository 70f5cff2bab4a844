/** What a list of requests, and what waits for one of them, say to whoever reads the board. */
import { expect, test } from 'vitest';
import type { Look } from '../../src/adapters/web/board/pages/look.ts';
import { requestList, urgentFirst } from '../../src/adapters/web/board/pages/request-list.ts';
import { waitsNext } from '../../src/adapters/web/board/pages/waits.ts';
import type { RequestLine } from '../../src/app/ports/requests.ts';
import { arrive, decide } from '../../src/domain/conversation/decide.ts';
import { DAY, MINUTE } from '../../src/domain/instant.ts';
import { MONDAY, testPolicy } from '../support/policy.ts';

const policy = testPolicy();
const look = {
  policy,
  now: MONDAY,
  viewer: { member: 'dana', timeZone: 'Europe/Berlin' },
} as unknown as Look;
const words = ({ html }: { html: string }): string => html.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ');

const line = (id: number, changes: Partial<RequestLine> = {}): RequestLine => ({
  ...{ id, inboxId: 'maintenance', subject: `Request ${id}`, phase: 'offered', accountable: 'leah' },
  ...{ customer: { name: 'Maria', address: 'maria@mail.example' }, since: MONDAY - DAY, owner: null },
  ...{ asked: 'dana', priority: 'normal', category: null, openedAt: MONDAY - DAY, lastEventAt: MONDAY },
  ...{ dueAt: null, stuck: null },
  ...changes,
});

test('whoever reads of themselves reads "you", and an age says since when', () => {
  const said = words(requestList(look, [line(1)]));
  expect(said).toContain('asked: you');
  expect(said).toContain('opened 1 day ago');
  expect(requestList(look, [line(1)]).html).not.toContain('unseen');
  expect(words(requestList(look, [line(1, { asked: 'priya' })]))).toContain('asked: Priya');
});

test('what is urgent comes first, and otherwise the order stays', () => {
  const [stuck, calm, leak] = [
    line(1, { stuck: { why: 'nobody-took', since: MONDAY - DAY } }),
    line(2),
    line(3, { priority: 'urgent' }),
  ];
  expect(urgentFirst([stuck, calm, leak]).map(({ id }) => id)).toEqual([3, 1, 2]);
});

test('what a clock says already is not said again as what follows', () => {
  const reason = { code: 'test', sentence: 'a test says so' };
  const { state } = arrive(
    {
      ...{ conversationId: 7, inboxId: 'maintenance', messageId: 7, storedAt: MONDAY - MINUTE, author: null },
      ...{ acknowledge: 'none', person: true, text: null },
      classified: { category: null, priority: 'normal', ruleId: null, reason },
    },
    policy,
  );
  const routed = (chain: string[]) =>
    decide(state, { type: 'routed', chain, reason }, MONDAY - MINUTE, policy).state;
  const last = words(waitsNext(look, routed([])));
  expect(last).toMatch(/is reminded to decide who takes it/);
  expect(last).not.toMatch(/If nothing happens by then: \w+ is reminded\./);
  expect(words(waitsNext(look, routed(['priya', 'sam'])))).toContain(
    'If nothing happens by then: Sam is asked.',
  );
});
