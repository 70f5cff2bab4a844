/** The sample request where kinds of request are told apart: as a model that is sure has it, and as one that is not. */
import type { Guess } from '../../learning/proposal.ts';
import type { Category } from '../../policy.ts';
import type { NoticeView } from '../view.ts';
import { INBOX } from './office.ts';
import { Calm, type Spoken } from './request.ts';

export type Learned = 'sure' | 'unsure';

/** As a mail lists them: by a name that is one word, by an id, and by one that is an order. */
export const Guesses: readonly Guess[] = [
  { category: 'repair', probability: 0.46 },
  { category: 'contracts', probability: 0.31 },
  { category: 'help', probability: 0.08 },
];

const Sure: readonly Guess[] = [{ category: 'repair', probability: 0.87 }];

/** Whatever a category is called and a customer wrote. */
export function asLearned(view: NoticeView, how: Learned, { memberName, subject }: Spoken): NoticeView {
  const contracts = memberName === Calm.memberName ? 'Contracts and keys' : memberName;
  const named = { repair: 'Repairs', contracts, help: 'Help' };
  const categories = new Map(Object.entries(named).map(([id, name]) => [id, categoryCalled(id, name)]));
  const policy = { ...view.policy, categories };
  const { request } = view;
  if (request === null) return { ...view, policy };
  const reason = { code: how === 'sure' ? 'model' : 'model-unsure', sentence: 'what was learned' };
  const proposal = { model: 1, guesses: how === 'sure' ? Sure : Guesses, sure: how === 'sure' };
  const category = how === 'sure' ? 'repair' : null;
  const classified = { category, priority: request.state.priority, ruleId: null, reason, proposal };
  const learned = { state: { ...request.state, classified }, because: [subject, 'water', 'cabinet'] };
  return { ...view, policy, request: { ...request, ...learned } };
}

const categoryCalled = (id: string, name: string): Category => ({
  ...{ id, name, description: '', phrases: [], inboxes: [INBOX], priority: 'normal' },
  assign: { type: 'member', member: 'priya' },
});
