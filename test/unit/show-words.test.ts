/** The story of a request at a terminal. */
import { expect, test } from 'vitest';
import type { BoardRequest } from '../../src/app/ports/board.ts';
import { inWords, toJson } from '../../src/cli/show-words.ts';
import { PLAIN } from '../../src/cli/terminal.ts';
import { arrive, decide } from '../../src/domain/conversation/decide.ts';
import { runningClocks } from '../../src/domain/conversation/running-clocks.ts';
import { MILLISECOND, MINUTE } from '../../src/domain/instant.ts';
import { MONDAY, testPolicy } from '../support/policy.ts';

const policy = testPolicy();
const reason = { code: 'test', sentence: 'a test says so' };

function request(): BoardRequest {
  const arrived = arrive(
    {
      ...{ conversationId: 7, inboxId: 'maintenance', messageId: 7, storedAt: MONDAY, author: null },
      ...{ acknowledge: 'none', person: true, text: null },
      classified: { category: null, priority: 'normal', ruleId: null, reason },
    },
    policy,
  );
  const asked = decide(arrived.state, { type: 'routed', chain: ['priya'], reason }, MONDAY, policy);
  const row = { from: MONDAY, until: null, member: asked.state.accountable };
  return {
    ...{
      id: 7,
      inboxId: 'maintenance',
      subject: 'Leak',
      customer: { name: 'Maria', address: 'm@x.example' },
    },
    ...{
      events: [...arrived.events, ...asked.events],
      ledger: [row],
      texts: new Map(),
      because: [],
      gone: null,
    },
    state: { ...asked.state, due: { by: 'priya', at: MONDAY + MINUTE, told: false } },
  };
}

test('tells its clocks in the order in which they fire', () => {
  const told = request();
  const given = runningClocks(told.state).map(({ at }) => at);
  expect(given).not.toEqual(given.toSorted((a, b) => a - b));
  const inTurn = given.map((at) => Math.floor(at / MILLISECOND)).toSorted((a, b) => a - b);
  const story = { request: told, came: [], mails: [] };
  const nameOf = (id: string) => id;
  const asJson = toJson(story, { nameOf });
  expect(asJson.clocks.map(({ at }) => Date.parse(at))).toEqual(inTurn);
  const lines = inWords(
    story,
    { now: MONDAY, timeZone: 'UTC', nameOf, terminal: { columns: null, paint: PLAIN } },
    false,
  );
  expect(lines[lines.indexOf('Clocks') + 1]).toMatch(/^9:01 \(in 1 min\): /);
});
