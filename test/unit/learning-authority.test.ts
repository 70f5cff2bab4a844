/** Who decides what a request is about, where rules, a model and the last request of the same customer could. */
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { chainFor } from '../../src/app/route-conversation.ts';
import { classify } from '../../src/domain/classify.ts';
import type { Conversation } from '../../src/domain/conversation/state.ts';
import {
  assignOf,
  categoryAsked,
  choicesOf,
  type Evidence,
  weigh,
} from '../../src/domain/learning/authority.ts';
import { categoryOfTeam, categoryTyped } from '../../src/domain/learning/categories.ts';
import type { Proposal } from '../../src/domain/learning/proposal.ts';
import type { Category, Learning, Policy, Rule } from '../../src/domain/policy.ts';
import { MONDAY, testPolicy } from '../support/policy.ts';
import { mail, rule } from '../support/roster.ts';

const Repair: Category = {
  ...{ id: 'repair', name: 'Repairs', description: '', phrases: [], inboxes: ['maintenance'] },
  assign: { type: 'team', team: 'maintenance' },
  priority: 'normal',
};
const Lease: Category = {
  ...Repair,
  ...{ id: 'lease', name: 'Contracts & Keys', assign: { type: 'member', member: 'omar' } },
};
const Fire: Category = { ...Repair, id: 'fire', name: 'Emergencies', priority: 'urgent' };
/** Of another inbox. */
const Bill: Category = { ...Lease, id: 'bill', name: 'Bills', inboxes: ['billing'] };

type Given = {
  readonly rules?: readonly Rule[];
  readonly learning?: Partial<Learning>;
  readonly says?: readonly [string, number][];
  readonly sure?: boolean;
} & Partial<Pick<Evidence, 'mayNot' | 'previousOwner'>>;

const policyWith = ({ rules = [], learning = {} }: Given): Policy =>
  testPolicy({ categories: [Repair, Lease, Fire, Bill], rules, learning });

const proposalOf = ({ says, sure = true }: Given): Proposal | null =>
  says === undefined
    ? null
    : { model: 3, sure, guesses: says.map(([category, probability]) => ({ category, probability })) };

/** Code of the reason, category, and who is asked first: `team` or `member`, or nobody. */
function outcomeOf(given: Given) {
  const { mayNot = null, previousOwner = null } = given;
  const policy = policyWith(given);
  const ruled = classify(policy.rules, 'maintenance', mail({ subject: 'A leak' }));
  const evidence = {
    policy,
    inboxId: 'maintenance',
    ruled,
    proposal: proposalOf(given),
    mayNot,
    previousOwner,
  };
  const classified = weigh(evidence);
  const assign = assignOf(policy, 'maintenance', classified);
  const asked = assign === null ? null : assign.type === 'team' ? assign.team : assign.member;
  return { classified, policy, told: [classified.reason.code, classified.category, asked] };
}

const toldOf = (given: Given) => outcomeOf(given).told;

const Assigns = rule('assigns', {
  inboxes: [],
  when: { subject: ['leak'] },
  category: 'leak',
  assign: { type: 'member', member: 'sam' },
});
const Other = { ...Assigns, id: 'other', assign: { type: 'member', member: 'dana' } } as const;
const Label = { ...Assigns, id: 'label', assign: null, category: 'lease' };
const FreeLabel = { ...Label, id: 'free', category: 'water' };
const Says: Given = {
  says: [
    ['repair', 0.87],
    ['lease', 0.09],
  ],
};

describe('the order of authority', () => {
  it.each<[string, Given, readonly (string | null)[]]>([
    ['a rule that assigns', { ...Says, rules: [Assigns], previousOwner: 'luis' }, ['rule', 'leak', 'sam']],
    [
      'rules that differ',
      { ...Says, rules: [Assigns, Other], previousOwner: 'luis' },
      ['rules-tied', 'leak', null],
    ],
    [
      'a rule that names a category, before everything learned',
      { ...Says, rules: [Label], previousOwner: 'luis', learning: { previousOwner: 'before-model' } },
      ['category-of-rule', 'lease', 'omar'],
    ],
    [
      'a rule whose word is none of the configuration leaves it to the model, and its word stands',
      { ...Says, rules: [FreeLabel] },
      ['model', 'water', 'maintenance'],
    ],
    ['a model that is sure', Says, ['model', 'repair', 'maintenance']],
    [
      'whoever had the last request, before the model',
      { ...Says, previousOwner: 'luis', learning: { previousOwner: 'before-model' } },
      ['previous-owner', null, 'luis'],
    ],
    [
      'a model that is sure, before whoever had the last request',
      { ...Says, previousOwner: 'luis', learning: { previousOwner: 'when-unsure' } },
      ['model', 'repair', 'maintenance'],
    ],
    [
      'whoever had the last request, when the model is unsure',
      { ...Says, sure: false, previousOwner: 'luis', learning: { previousOwner: 'when-unsure' } },
      ['previous-owner', null, 'luis'],
    ],
    ['nobody had it whom the configuration asks', { previousOwner: 'luis' }, ['no-rule', null, null]],
    [
      'nobody who has left is asked',
      { previousOwner: 'vera', learning: { previousOwner: 'before-model' } },
      ['no-rule', null, null],
    ],
    ['a model that is unsure', { ...Says, sure: false }, ['model-unsure', null, null]],
    [
      'a model that may only suggest',
      { ...Says, learning: { mode: 'suggest' } },
      ['model-suggests', null, null],
    ],
    [
      'a model that may not for such a mail',
      { ...Says, mayNot: 'it may not' },
      ['model-suggests', null, null],
    ],
    ['nothing is learned', { ...Says, learning: { mode: 'off' } }, ['no-rule', null, null]],
    ['a category of another inbox', { says: [['bill', 0.99]] }, ['no-rule', null, null]],
    [
      'a category that is gone is not followed by the next guess',
      {
        says: [
          ['garden', 0.9],
          ['repair', 0.1],
        ],
      },
      ['model-unsure', null, null],
    ],
    ['no model', {}, ['no-rule', null, null]],
  ])('%s', (_, given, told) => expect(toldOf(given)).toEqual(told));

  it('is told by a reason in configured words and figures', () => {
    const { reason } = outcomeOf(Says).classified;
    expect(reason.sentence).toBe('it looks like Repairs (87 % sure)');
    expect(outcomeOf({ ...Says, mayNot: 'it may not' }).classified.reason.sentence).toBe('it may not');
  });

  it('makes a request urgent only where whoever decides chooses a category that a person configured so', () => {
    const priority = (given: Given) => outcomeOf(given).classified.priority;
    expect(priority({ says: [['fire', 0.9]] })).toBe('urgent');
    expect(priority({ says: [['fire', 0.9]], sure: false })).toBe('normal');
    expect(priority({ says: [['fire', 0.9]], mayNot: 'a machine' })).toBe('normal');
    expect(priority({ says: [['fire', 0.9]], learning: { mode: 'suggest' } })).toBe('normal');
    expect(priority({ rules: [{ ...Label, category: 'fire' }] })).toBe('urgent');
    expect(priority({ rules: [Assigns], says: [['fire', 0.9]] })).toBe('normal');
  });

  it('gives those who are asked because nobody was found the best guesses, and nobody else', () => {
    const choices = (given: Given) => {
      const { classified, policy } = outcomeOf(given);
      return choicesOf(policy, 'maintenance', classified).map(({ category }) => category);
    };
    const many: Given = {
      says: [
        ['fire', 0.2],
        ['bill', 0.3],
        ['lease', 0.4],
        ['repair', 0.1],
      ],
      sure: false,
    };
    expect(choices(many)).toEqual(['lease', 'fire', 'repair']);
    expect(choices({ ...Says, rules: [Assigns, Other] })).toEqual(['repair', 'lease']);
    expect(choices(Says)).toEqual([]);
    expect(choices({ ...Says, rules: [Assigns] })).toEqual([]);
  });

  it('is looked up again when somebody is asked, since the configuration may have changed', () => {
    const { classified, policy } = outcomeOf(Says);
    const without = { ...policy, categories: new Map([[Lease.id, Lease]]) };
    expect(assignOf(without, 'maintenance', classified)).toBeNull();
    expect(categoryAsked(without, 'maintenance', classified)).toBeNull();
    expect(choicesOf(without, 'maintenance', classified).map(({ category }) => category)).toEqual(['lease']);
  });
});

test('whatever a mail says and a model answers, those who are asked are configured, and of this inbox', () => {
  const anyId = fc.oneof(fc.constantFrom('repair', 'lease', 'fire', 'bill', 'garden', ''), fc.string());
  const anyGuess = fc.record({ category: anyId, probability: fc.double() });
  const proposal = fc.option(
    fc.record({ model: fc.integer(), guesses: fc.array(anyGuess, { maxLength: 6 }), sure: fc.boolean() }),
    { nil: null },
  );
  const configured = fc.subarray([Repair, Lease, Fire, Bill]);
  const rules = fc.subarray([Assigns, Other, Label, FreeLabel]);
  const learning = fc.record({
    mode: fc.constantFrom<Learning['mode']>('assign', 'suggest', 'off'),
    previousOwner: fc.constantFrom<Learning['previousOwner']>('never', 'when-unsure', 'before-model'),
  });
  const given = fc.record({
    ...{ proposal, categories: configured, later: configured, rules, learning, words: fc.string() },
    previousOwner: fc.option(fc.constantFrom('luis', 'nobody', 'omar'), { nil: null }),
    mayNot: fc.option(fc.constant('it may not'), { nil: null }),
  });
  fc.assert(
    fc.property(given, ({ categories, later, words, ...rest }) => {
      const policy = testPolicy({ ...rest, categories });
      const ruled = classify(policy.rules, 'maintenance', mail({ subject: words, text: `${words} leak` }));
      const classified = weigh({ ...rest, policy, inboxId: 'maintenance', ruled });
      // The configuration may change before somebody is asked.
      const now = testPolicy({ ...rest, categories: later });
      const about = { inboxId: 'maintenance', author: null, priority: classified.priority, classified };
      const { chain } = chainFor(now, about as Conversation, new Map(), MONDAY);
      const assigned = [...now.rules, ...later.filter(({ inboxes }) => inboxes.includes('maintenance'))];
      const people = assigned.flatMap(({ assign }) =>
        assign?.type === 'team' ? (now.teams.get(assign.team)?.members ?? []) : (assign?.member ?? []),
      );
      // Leah has the front desk, and nobody is away.
      expect(['leah', rest.previousOwner, ...people]).toContain(chain[0]);
      for (const { category } of classified.proposal?.guesses ?? [])
        expect(policy.categories.has(category)).toBe(true);
      if (classified.priority === 'urgent')
        expect(['model', 'category-of-rule']).toContain(classified.reason.code);
    }),
  );
});

describe('a category', () => {
  const policy = testPolicy({
    categories: [
      Repair,
      Lease,
      Bill,
      { ...Lease, id: 'schlüssel-3', name: 'Repairs' },
      { ...Lease, id: 'x', name: 'lease' },
    ],
  });
  it.each([
    ['repair', 'repair'],
    ['REPAIR.', 'repair'],
    ['"lease"', 'lease'],
    ['contracts and keys', null],
    ['Contracts & Keys', 'lease'],
    ['contracts keys', 'lease'],
    ['Schlussel 3', 'schlüssel-3'],
    ['Repairs', null],
    ['bill', null],
    ['', null],
    ['…', null],
    ['rep', null],
    [`repair${' '.repeat(90)}`, null],
  ])('is meant by %j as %j', (typed, id) => {
    expect(categoryTyped(policy, 'maintenance', typed)?.id ?? null).toBe(id);
  });

  it('is meant by its team where the team has no other', () => {
    expect(categoryOfTeam(policy, 'maintenance', 'Maintenance')?.id).toBe('repair');
    expect(categoryOfTeam(policy, 'billing', 'maintenance')).toBeNull();
    expect(
      categoryOfTeam(testPolicy({ categories: [Repair, Fire] }), 'maintenance', 'maintenance'),
    ).toBeNull();
    expect(categoryOfTeam(policy, 'maintenance', '')).toBeNull();
  });
});
