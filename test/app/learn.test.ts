/** Learning anew: when what was learned stops choosing, and when it begins again. */
import { describe, expect, test } from 'vitest';
import { exampleOf, learnAnew } from '../../src/app/learn.ts';
import type { LearnableRequest, Learning, Turn } from '../../src/app/ports/learning.ts';
import type { Models, NewModel } from '../../src/app/ports/models.ts';
import type { ConversationEvent, EventBody } from '../../src/domain/conversation/events.ts';
import { DAY, HOUR } from '../../src/domain/instant.ts';
import type { Choosable } from '../../src/domain/learning/choose-examples.ts';
import type { Lowered } from '../../src/domain/learning/drift.ts';
import { contentOfText } from '../../src/domain/learning/example.ts';
import type { Learned } from '../../src/domain/learning/learn.ts';
import { isHeldBack } from '../../src/domain/learning/training.ts';
import type { Category } from '../../src/domain/policy.ts';
import { MONDAY, testPolicy } from '../support/policy.ts';

const category = (id: string, member: string): Category => ({
  ...{ id, name: id, description: '', phrases: [], inboxes: ['maintenance'], priority: 'normal' },
  assign: { type: 'member', member },
});
const POLICY = testPolicy({
  rules: [],
  categories: [category('repair', 'priya'), category('invoice', 'omar')],
});

/** A model was sure of a repair; Priya took it, or Omar did in the end. */
function request(id: number, right: boolean, at = MONDAY - DAY): LearnableRequest {
  const reason = { code: 'model', sentence: 'it looks like it' };
  const proposal = { model: 3, guesses: [{ category: 'repair', probability: 0.9 }], sure: true };
  const ask = { type: 'offered', acceptBy: null, remindAt: null, rung: 0, note: null, reason } as const;
  const bodies: EventBody[] = [
    {
      ...{ type: 'arrived', inboxId: 'maintenance', messageId: id, accountable: 'leah', author: null },
      ...{ acknowledge: 'echo', person: true, text: null },
    },
    { type: 'classified', category: 'repair', priority: 'normal', ruleId: null, reason, proposal },
    { ...ask, to: 'priya', kind: 'offer', by: null },
    { type: 'accepted', by: 'priya' },
    ...(right
      ? []
      : [
          { ...ask, to: 'omar', kind: 'handoff', by: 'priya' } as const,
          { type: 'accepted', by: 'omar' } as const,
        ]),
  ];
  const events = bodies.map(
    (body, seq): ConversationEvent => ({ ...body, conversationId: id, seq: seq + 1, at: at + seq }),
  );
  return { id, events, kind: 'person' };
}

const many = (right: number, wrong: number, at?: number): LearnableRequest[] =>
  Array.from({ length: right + wrong }, (_, n) => request(n + 1, n < right, at));

type World = {
  readonly requests?: readonly LearnableRequest[];
  readonly lowered?: Lowered | null;
  readonly judgedFrom?: number | null;
  readonly choices?: Learned['choices'];
  readonly signal?: AbortSignal;
};

/** What came of one training, and what it had been given. */
async function learned({
  requests = [],
  lowered = null,
  judgedFrom = null,
  choices = [],
  signal = new AbortController().signal,
}: World) {
  const said: { lowered: Lowered | null; evidence: string }[] = [];
  const asked: (number | null)[] = [];
  const given: { examples: number[]; heldBack: number[] } = { examples: [], heldBack: [] };
  const published: NewModel[] = [];
  const all = Array.from(
    { length: 60 },
    (_, n): Choosable => ({
      ...{ id: n, conversationId: n, category: n % 2 === 0 ? 'repair' : 'invoice', decidedAt: MONDAY - HOUR },
      ...{ sender: `c${n}@d${n}.example`, known: 'proved', same: String(n) },
    }),
  );
  const turn: Turn = {
    ...{ fence: 1, begunAt: MONDAY, learnFor: '', gatheredUntil: MONDAY - DAY, erasedAt: null },
    ...{ judgedFrom, lowered },
  };
  const learning: Partial<Learning> = {
    begin: async () => turn,
    end: async () => {},
    async *requestsSince(since) {
      asked.push(since);
      yield requests;
    },
    noteDecided: async () => {},
    choosable: async () => all,
    async *contents(ids) {
      yield ids.map((id) => ({ id, content: contentOfText(String(id)) }));
    },
    setLowered: async (_, next, evidence) => void said.push({ lowered: next, evidence }),
  };
  const models: Partial<Models> = {
    inUse: async () => null,
    publish: async (_, model) => published.push(model) + 8,
  };
  const numbers = async (
    portions: AsyncIterable<readonly { content: { body: string } }[]>,
    into: number[],
  ) => {
    for await (const portion of portions) into.push(...portion.map(({ content }) => Number(content.body)));
  };
  await learnAnew(
    {
      ...{ learning: learning as Learning, models: models as Models, policy: () => POLICY },
      log: { info() {}, warn() {}, error() {} },
      trainer: {
        async train(job) {
          await numbers(job.examples, given.examples);
          await numbers(job.heldBack, given.heldBack);
          const graded = { chosenRight: 0, guessedRight: 0, guessedWrong: 0, chosenWrong: 0 };
          const comparison = { heldBack: 0, now: graded, before: null, better: 0, worse: 0, categories: [] };
          const about = {
            ...{
              seed: 1,
              wrongAtMost: 0.05,
              examples: 1,
              outOfScope: 0,
              perCategory: [],
              operatingPoint: 0.9,
            },
            ...{ answered: 0.5, wrong: 0.01, neverSure: null },
          };
          return {
            bytes: Buffer.from('a model'),
            about: about as unknown as Learned['about'],
            comparison,
            choices,
          };
        },
      },
    },
    { now: true, seed: 1, told: () => {}, signal },
  );
  return { said, asked, given, published };
}

describe('learning anew', () => {
  test('an example is what was decided of a mail that may be learned from', () => {
    expect(exampleOf(request(7, false), POLICY)).toEqual({
      ...{ conversationId: 7, messageId: 7, category: 'invoice', why: 'handed-over' },
      ...{ decidedAt: MONDAY - DAY + 5, senderKnown: 'proved' },
    });
    expect(exampleOf({ ...request(7, true), kind: 'auto-reply' }, POLICY)).toBeNull();
  });

  test('looks four weeks back each time, so that both what was decided late and drift are seen', async () => {
    expect((await learned({})).asked).toEqual([MONDAY - 28 * DAY]);
  });

  test('stops while it looks as well, however much there is to look at', async () => {
    await expect(learned({ signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'training-stopped',
    });
  });

  test('keeps what is held back out of what is learned from', async () => {
    const { given } = await learned({});
    expect(given.heldBack.length).toBeGreaterThan(0);
    expect(given.heldBack.filter((id) => given.examples.includes(id))).toEqual([]);
    const at = {
      category: 'repair',
      decidedAt: MONDAY - HOUR,
      sender: '',
      known: 'proved',
      same: '',
    } as const;
    expect(given.heldBack.every((id) => isHeldBack({ ...at, id, conversationId: id }, MONDAY))).toBe(true);
  });

  test('stops choosing where people decided otherwise too often, and only then', async () => {
    const since = MONDAY;
    const counts = { right: 20, wrong: 8 };
    expect((await learned({ requests: many(20, 8) })).said).toEqual([
      { lowered: { since, categories: null, counts }, evidence: 'kept' },
    ]);
    expect((await learned({ requests: many(27, 1) })).said).toEqual([]);
  });

  test('counts nothing that was said before four weeks, or before it last began to choose again', async () => {
    expect((await learned({ requests: many(0, 20, MONDAY - 29 * DAY) })).said).toEqual([]);
    expect((await learned({ requests: many(0, 20), judgedFrom: MONDAY - HOUR })).said).toEqual([]);
  });

  test('forgets of a category that is gone that it was chosen no more', async () => {
    const lowered = { since: MONDAY - 3 * DAY, counts: { right: 1, wrong: 9 } };
    const gone = await learned({ lowered: { ...lowered, categories: ['gone'] } });
    expect(gone.said).toEqual([{ lowered: null, evidence: 'kept' }]);
    const one = await learned({ lowered: { ...lowered, categories: ['gone', 'repair'] } });
    expect(one.said).toEqual([{ lowered: { ...lowered, categories: ['repair'] }, evidence: 'kept' }]);
  });

  test('keeps what speaks against the others while nothing that is chosen no more comes back', async () => {
    const lowered = { since: MONDAY - 3 * DAY, categories: ['repair'], counts: { right: 1, wrong: 9 } };
    expect((await learned({ lowered })).said).toEqual([]);
  });

  test('begins again with a new model that keeps within the allowance on what it had not seen, and counts anew', async () => {
    const lowered = { since: MONDAY - 3 * DAY, categories: null, counts: { right: 20, wrong: 8 } };
    const choice = (right: boolean, at = MONDAY - DAY) => ({ category: 'repair', right, at });
    const good = Array.from({ length: 20 }, () => choice(true));
    expect((await learned({ lowered, choices: good })).said).toEqual([{ lowered: null, evidence: 'anew' }]);
    expect((await learned({ lowered, choices: [...good, choice(false), choice(false)] })).said).toEqual([]);
    expect(
      (await learned({ lowered, choices: good.map(() => choice(true, MONDAY - 40 * DAY)) })).said,
    ).toEqual([]);
  });
});
