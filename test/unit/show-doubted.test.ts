/** What `baton show` tells of mails that look like a teammate's word and are not. */
import { expect, test } from 'vitest';
import { doubtedWords } from '../../src/app/doubted-words.ts';
import type { BoardRequest } from '../../src/app/ports/board.ts';
import { inWords, type Story, type StoryMail, toJson } from '../../src/cli/show-words.ts';
import { PLAIN } from '../../src/cli/terminal.ts';
import type { EventBody } from '../../src/domain/conversation/events.ts';
import { fold } from '../../src/domain/conversation/evolve.ts';
import { fromIso, HOUR } from '../../src/domain/instant.ts';

const NINE = fromIso('2026-03-03T09:00:00Z');
const READER = {
  ...{ now: NINE + HOUR, timeZone: 'UTC', terminal: { columns: null, paint: PLAIN } },
  nameOf: (id: string) => id.toUpperCase(),
};
const bodies: EventBody[] = [
  {
    ...{ type: 'arrived', inboxId: 'office', messageId: 1, accountable: 'leah', author: null },
    ...{ acknowledge: 'fixed', person: true, text: null },
  },
  { type: 'attached', messageId: 2, as: 'stranger' },
];
const events = bodies.map((body, at) => ({ ...body, conversationId: 7, seq: at + 1, at: NINE + at }));
const request: BoardRequest = {
  ...{
    id: 7,
    inboxId: 'office',
    subject: 'Leak',
    customer: { name: 'Maria', address: 'maria@mail.example' },
  },
  ...{ state: fold(events), events, ledger: [{ from: NINE, until: null, member: 'leah' }] },
  ...{ texts: new Map(), because: [], gone: null },
};
const from = { name: 'Ben\u001b[31m Cole', address: 'ben@elm.test' };
const reason = { code: 'not-authenticated', sentence: '' };
const mail: StoryMail = {
  ...{ id: 2, at: NINE + 1, direction: 'in', address: from, member: null, about: 'follow-up' },
  ...{ subject: '', text: '', files: [], doubted: doubtedWords({ from, reason }) ?? '' },
};
const story: Story = { request, mails: [mail], came: [{ id: 2, from, reason }] };

test("a mail in a teammate's name that is not proved is told as such in both lists, and steers no terminal", () => {
  const told = inWords(story, READER, false).filter((line) => line.includes('Cole'));
  const words = '"Ben\\x1b[31m Cole" <ben@elm.test> wrote; not proved, so it had no effect';
  expect(told).toEqual([`9:00  ${words}`, `9:00  ${words}`]);
  expect(toJson(story, READER).mails[0]).toMatchObject({ doubted: expect.stringContaining('not proved') });
});
