/** What an explanation says of what was learned: the guesses in percent, the words that mattered, and who decided. */
import { expect, test } from 'vitest';
import { parseInProcess } from '../../src/adapters/mime/parse-mail.ts';
import { type Explanation, explainMessage } from '../../src/app/explain-message.ts';
import type { CurrentModel } from '../../src/app/ports/model.ts';
import type { Category, Learning } from '../../src/domain/policy.ts';
import { writeLetter } from '../support/letters.ts';
import { MONDAY, testPolicy } from '../support/policy.ts';
import { openWorld } from '../support/world.ts';

const categoryFor = (id: string, name: string, member: string): Category => ({
  ...{ id, name, description: '', phrases: [], inboxes: ['maintenance'], priority: 'normal' },
  assign: { type: 'member', member },
});

const guesses = [
  { category: 'repair', probability: 0.868 },
  { category: 'contract', probability: 0.09 },
];

const letter = (messageId: string): Uint8Array =>
  writeLetter({
    ...{ from: 'Maria Lopez <maria@example.com>', to: ['maintenance@elm.example'], subject: 'Heating' },
    ...{ text: 'The radiator is cold.', date: MONDAY, messageId },
  });

async function explained(sure: boolean, learning: Partial<Learning> = {}): Promise<Explanation> {
  const categories = [categoryFor('repair', 'Repairs', 'sam'), categoryFor('contract', 'Contracts', 'omar')];
  const because = ['radiator', 'maria@example.com', 'cold"; rm', 'x'.repeat(99)];
  const model: CurrentModel = { propose: () => ({ model: 7, sure, guesses, because }) };
  const world = await openWorld({ policy: testPolicy({ categories, learning }), model });
  world.deliver('maintenance', letter('first@example.com'));
  await world.settle();
  const mail = await parseInProcess(letter('second@example.com'));
  const deps = { policy: world.policy, model, secret: '', newTextId: () => 'none' };
  const question = { mail: { ...mail, bodyHash: 'another' }, inboxId: 'maintenance', at: world.clock.now() };
  return world.store.transact([], (tx) => explainMessage(deps, tx, question));
}

const stepsOf = ({ trace }: Explanation) =>
  trace.filter(({ step }) => ['rule', 'model', 'previous-owner', 'route'].includes(step));

test('an explanation tells what a model is sure of, how sure, and by which words, none of which is an address', async () => {
  const told = await explained(true);
  expect(told).toMatchObject({ category: 'repair', confidence: 0.868, rule: null, offerTo: 'sam' });
  expect(stepsOf(told)).toEqual([
    { step: 'rule', code: 'none', text: 'no rule matches' },
    {
      step: 'model',
      code: 'sure',
      text: 'what was learned (version 7) is sure, and chooses: Repairs 87 %, Contracts 9 %; what speaks for it: "radiator"',
    },
    {
      step: 'route',
      code: 'to-member',
      text: 'it looks like Repairs (87 % sure); goes to @sam',
    },
  ]);
});

test('an explanation tells that a model is not sure, and that the front desk decides', async () => {
  const told = await explained(false);
  expect(told).toMatchObject({ category: null, confidence: null, rule: null, offerTo: 'leah' });
  expect(stepsOf(told).map(({ text }) => text)).toEqual([
    'no rule matches',
    'what was learned (version 7) is not sure: Repairs 87 %, Contracts 9 %; what speaks for it: "radiator"',
    'what was learned is not sure enough; the front desk decides: @leah',
  ]);
});
