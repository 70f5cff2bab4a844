/** Messages that are settled together end as if each had been settled alone. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Transaction } from '../../src/app/ports/store.ts';
import { type BatchItem, openBatch } from '../../src/app/settle-batch.ts';
import { fromMs } from '../../src/domain/instant.ts';
import { writeLetter } from '../support/letters.ts';
import { MONDAY } from '../support/policy.ts';
import { openWorld } from '../support/world.ts';

const INBOX = 'maintenance';

/** What a mail is to the one before it that `to` names. */
type Item = {
  readonly is: 'new' | 'answer' | 'copy' | 'list' | 'by-number' | 'by-subject' | 'same-id';
  readonly to: number;
};

const items = fc.array(
  fc.record({
    is: fc.constantFrom<Item['is']>(
      'new',
      'new',
      'answer',
      'copy',
      'list',
      'by-number',
      'by-subject',
      'same-id',
    ),
    to: fc.nat({ max: 9 }),
  }),
  { minLength: 2, maxLength: 10 },
);

function lettersOf(list: readonly Item[]): Uint8Array[] {
  const made: Uint8Array[] = [];
  for (const [at, { is, to }] of list.entries()) {
    const target = Math.min(to, at - 1);
    const earlier = made[target];
    if (is === 'copy' && earlier !== undefined) {
      // Another way, the same mail: a line of its own in front.
      made.push(Buffer.concat([Buffer.from('Received: by another way\r\n'), earlier]));
      continue;
    }
    const answers = { messageId: `m${target}@tenant.example`, references: [] };
    made.push(
      writeLetter({
        from: `Customer <customer${FromTheSame.includes(is) ? target : at}@tenant.example>`,
        to: ['maintenance@elm.example'],
        subject: subjectOf(is, at, target),
        text: `The tap number ${at} drips.`,
        date: MONDAY,
        messageId: `m${is === 'same-id' ? target : at}@tenant.example`,
        answers: is === 'answer' && earlier !== undefined ? answers : null,
        headers: is === 'list' ? ['List-Id: <news.example>', 'Precedence: bulk'] : [],
      }),
    );
  }
  return made;
}

const FromTheSame: readonly Item['is'][] = ['answer', 'by-subject', 'same-id'];

function subjectOf(is: Item['is'], at: number, target: number): string {
  if (is === 'by-number') return `Re: #${target + 1_001} tap`;
  return is === 'by-subject' || is === 'same-id' ? `Re: Tap ${target}` : `Tap ${at}`;
}

const writeLetterAlone = (): Uint8Array =>
  writeLetter({
    from: 'Late <late@tenant.example>',
    to: ['maintenance@elm.example'],
    subject: 'The last one',
    text: 'The door does not close.',
    date: MONDAY,
    messageId: 'late@tenant.example',
  });

/** By message: what became of it, and which message opened the conversation it is in. */
async function outcomes(letters: readonly Uint8Array[], batchMessagesMax: number) {
  const world = await openWorld({ limits: { batchMessagesMax } });
  for (const letter of letters) world.deliver(INBOX, letter, { receivedAt: fromMs(MONDAY / 1_000) });
  await world.settle();
  const messages = [...world.store.messages()].sort((a, b) => a.id - b.id);
  const opener = new Map<number, number>();
  for (const { id, conversationId } of messages) {
    if (conversationId !== null && !opener.has(conversationId)) opener.set(conversationId, id);
  }
  expect(world.errors).toEqual([]);
  return {
    messages: messages.map(({ id, disposition, copyOf, conversationId }) => ({
      id,
      disposition,
      copyOf,
      opener: conversationId === null ? null : opener.get(conversationId),
    })),
    sent: (await world.sent()).map(({ kind, outgoing }) => `${kind} ${outgoing.envelopeTo}`).sort(),
  };
}

describe('a batch of mails', () => {
  test('is settled as its mails would be one by one, copies and answers within it included', async () => {
    await fc.assert(
      fc.asyncProperty(items, async (list) => {
        const letters = lettersOf(list);
        expect(await outcomes(letters, 50)).toEqual(await outcomes(letters, 1));
      }),
      { numRuns: 40 },
    );
  });

  test('with an answer, a copy and a newsletter among new mails gives each what it is', async () => {
    const list = (['new', 'new', 'answer', 'copy', 'list', 'new'] as const).map((is) => ({ is, to: 0 }));
    const { messages } = await outcomes(lettersOf(list), 50);
    expect(messages.map(({ disposition }) => disposition)).toEqual([
      'request',
      'request',
      'follow-up',
      'duplicate',
      'bulk',
      'request',
    ]);
  });

  test('uses each number of a conversation, without a gap, whatever else is in it', async () => {
    const world = await openWorld();
    const kinds = ['new', 'list', 'new', 'copy', 'new'] as const;
    for (const letter of lettersOf(kinds.map((is) => ({ is, to: 0 })))) world.deliver(INBOX, letter);
    await world.settle();
    world.deliver(INBOX, writeLetterAlone());
    await world.settle();
    expect([...world.store.conversations()].map(({ id }) => id)).toEqual([1001, 1002, 1003, 1004]);
  });

  test('asks once whether mail to its writers comes back, and again after a mail that may have said so', async () => {
    const asked: string[][] = [];
    const tx = {
      findThreads: async () => [],
      findKnownContent: async () => new Set(),
      findUnreached: async (addresses: readonly string[]) => {
        asked.push([...addresses]);
        return new Set(asked.length === 1 ? [] : ['d@tenant.example']);
      },
      isUnreached: async () => true,
    } as unknown as Transaction;
    const mails = ['a', 'b', 'Re: c', 'd'].map((subject) => itemOf(subject));
    const batch = await openBatch(tx, mails);
    const answers: boolean[] = [];
    for (const item of mails) {
      const on = await batch.settleOn(item);
      answers.push(await on.isUnreached(item.reading?.mail.from[0]?.address ?? ''));
    }
    const writers = ['a@tenant.example', 'b@tenant.example', 'd@tenant.example'];
    expect({ asked, answers }).toEqual({ asked: [writers, writers], answers: [false, false, true, true] });
  });
});

/** As much of a mail that was read as a batch looks at. */
const itemOf = (subject: string): BatchItem =>
  ({
    message: { role: 'inbox', history: false, inboxId: INBOX },
    reading: {
      mail: {
        subject,
        from: [{ address: `${subject}@tenant.example` }],
        inReplyTo: [],
        references: [],
        to: [],
        cc: [],
      },
      screening: { kind: 'person' },
      tags: [],
      answeredKeys: [],
      ownKey: null,
      stored: { contentHash: subject, threadKeys: [] },
    },
  }) as unknown as BatchItem;
