/**
 * What a dialogue may say of its world before anything happens: the time, who is away, what the team has decided. A
 * setting is a line in words, and one row here.
 */
import type { CurrentModel } from '../../src/app/ports/model.ts';
import type { Instant } from '../../src/domain/instant.ts';
import {
  type Category,
  type Clocks,
  type Inbox,
  type Ladder,
  type Learning,
  type Member,
  NoStandingMails,
  type Policy,
  type Rule,
  type Rung,
} from '../../src/domain/policy.ts';
import { testPolicy } from '../support/policy.ts';
import { schedule } from '../support/schedules.ts';
import { readDuration, readTime } from './times.ts';
import type { Step, Transcript } from './transcript.ts';

type World = {
  start: Instant | null;
  readonly members: Record<string, Partial<Member>>;
  readonly inboxes: Record<string, Partial<Inbox>>;
  readonly tellCustomer: { owner: boolean; finished: boolean; delay: boolean };
  clocks: Partial<Clocks>;
  readonly rules: Rule[];
  readonly ladders: Ladder[];
  readonly categories: Category[];
  learning: Partial<Learning>;
  readonly guesses: Guessed[];
};

/** What the model says of every mail in which the words stand. */
type Guessed = Omit<NonNullable<ReturnType<CurrentModel['propose']>>, 'model'> & { readonly of: string };

/** The words of each setting, and what its parts (in their order) make of the world. */
const SETTINGS: readonly (readonly [RegExp, (world: World, ...parts: string[]) => void])[] = [
  [
    /^at (\d{4}-\d\d-\d\d \d\d:\d\d)$/,
    (world, at = '') => {
      world.start = readTime(at, 0);
    },
  ],
  [
    /^(\w+) is away until (.+)$/,
    (world, id = '', until = '') => {
      const absences = [{ from: 0, until: readTime(until, 0) }];
      member(world, id, { schedule: schedule('Europe/Berlin', { absences }) });
    },
  ],
  [/^(\w+) is called (.+)$/, (world, id = '', name = '') => member(world, id, { name })],
  [
    /^(\w+) is in (\w+\/\w+)$/,
    (world, id = '', zone = '') => member(world, id, { schedule: schedule(zone) }),
  ],
  [
    /^(\w+) has (\d{4}-\d\d-\d\d) off$/,
    (world, id = '', date = '') => {
      const known = world.members[id]?.schedule ?? schedule('Europe/Berlin');
      const before = known.holidays instanceof Set ? [...known.holidays] : [];
      member(world, id, { schedule: { ...known, holidays: new Set([...before, date]) } });
    },
  ],
  [
    /^(\w+) gets the digest at (\d\d:\d\d)$/,
    (world, id = '', digest = '') => member(world, id, { standingMails: { ...NoStandingMails, digest } }),
  ],
  [
    /^(\w+) gets the morning list at (\d\d:\d\d)$/,
    (world, id = '', morningList = '') =>
      member(world, id, { standingMails: { ...NoStandingMails, morningList } }),
  ],
  [
    /^(\w+) gets the report of mondays at (\d\d:\d\d)$/,
    (world, id = '', at = '') =>
      member(world, id, { standingMails: { ...NoStandingMails, weeklyReport: { weekday: 0, at } } }),
  ],
  [/^customers are answered within (\w+)$/, (world, span = '') => clock(world, 'answer', span)],
  [/^owners may be silent for (\w+)$/, (world, span = '') => clock(world, 'progress', span)],
  [
    /^customers are told (owner|finished|delay)$/,
    (world, what = '') => {
      world.tellCustomer[what as keyof World['tellCustomer']] = true;
    },
  ],
  [/^(\S+) is a web form$/, (world, from = '') => world.rules.push(webForm(from))],
  [
    /^(\w+) believes (\S+) about senders$/,
    (world, id = '', host = '') => inbox(world, id, { authentication: believing(host) }),
  ],
  [
    /^the front desk is ([a-z, ]+) by turns since (\d{4}-\d\d-\d\d)$/,
    (world, names = '', firstMonday = '') =>
      inbox(world, 'maintenance', { triage: { type: 'weekly', members: names.split(', '), firstMonday } }),
  ],
  [
    /^(\w+) has the front desk of (\w+)$/,
    (world, id = '', at = '') => inbox(world, at, { triage: { type: 'member', member: id } }),
  ],
  [
    /^(\w+) is on call$/,
    (world, id = '') => inbox(world, 'maintenance', { onCall: { type: 'member', member: id } }),
  ],
  [
    /^(\w+) means (.+?), which is for (the team )?(\w+)(, urgent)?$/,
    (world, id = '', name = '', team = '', who = '', urgent = '') =>
      world.categories.push(categoryOf(id, name, team, who, urgent)),
  ],
  [
    /^the model is (sure|unsure) of "(.+)": (.+?)(?:, by (.+))?$/,
    (world, how = '', of = '', list = '', words = '') => world.guesses.push(guessOf(how, of, list, words)),
  ],
  [
    /^what was learned may only suggest$/,
    (world) => {
      world.learning = { ...world.learning, mode: 'suggest' };
    },
  ],
  [
    /^the previous owner is asked (before-model|when-unsure)$/,
    (world, when = '') => {
      world.learning = { ...world.learning, previousOwner: when as Learning['previousOwner'] };
    },
  ],
  [
    /^what has "(.+)" is called (\w+)$/,
    (world, word = '', category = '') => world.rules.push(labelOf(word, category)),
  ],
  [
    /^the (unaccepted|owned) ladder(?: of (\w+))? is (.+)$/,
    (world, list = '', category = '', names = '') => world.ladders.push(ladderOf(list, category, names)),
  ],
];

export const isSetting = ({ head }: Step): boolean => SETTINGS.some(([pattern]) => pattern.test(head));

/** When a dialogue begins, and what its team has decided. */
export function settingOf({ steps }: Transcript): { start?: Instant; policy: Policy; model: CurrentModel } {
  const world: World = {
    ...{ start: null, members: {}, inboxes: {}, clocks: {}, rules: [], ladders: [] },
    ...{ categories: [], learning: {}, guesses: [] },
    tellCustomer: { owner: false, finished: false, delay: false },
  };
  for (const { head } of steps) {
    for (const [pattern, set] of SETTINGS) {
      const found = pattern.exec(head);
      if (found !== null) set(world, ...found.slice(1).map((part) => part ?? ''));
    }
  }
  const { start, members, inboxes, tellCustomer, clocks, rules, ladders, categories, learning } = world;
  const maintenance = { ...inboxes.maintenance, tellCustomer };
  const changed = { members, inboxes: { ...inboxes, maintenance }, clocks, ladders, categories, learning };
  const policy = testPolicy(changed);
  return {
    policy: { ...policy, rules: [...policy.rules, ...rules] },
    model: modelOf(world.guesses),
    ...(start === null ? {} : { start }),
  };
}

function member({ members }: World, id: string, more: Partial<Member>): void {
  members[id] = { ...members[id], ...more };
}

function inbox({ inboxes }: World, id: string, more: Partial<Inbox>): void {
  inboxes[id] = { ...inboxes[id], ...more };
}

/** The same for what is urgent: a dialogue is about one of them. */
function clock(world: World, name: 'answer' | 'progress', span: string): void {
  const time = readDuration(span);
  world.clocks = { ...world.clocks, [name]: { normal: time, urgent: time } };
}

/** `remind after 5m, luis, final-manager`, of one category or of all. */
const ladderOf = (list: string, category: string, names: string): Ladder => ({
  when: category === '' ? {} : { categories: [category] },
  [list]: names.split(', ').map((one): Rung => {
    const [name = '', span] = one.split(' after ');
    const after = span === undefined ? null : readDuration(span);
    const known = RUNGS.find((rung) => rung === name);
    return known === undefined ? { to: 'member', member: name, after } : { to: known, after };
  }),
});

const RUNGS = ['remind', 'backup', 'team', 'front-desk', 'on-call', 'final-manager'] as const;

const categoryOf = (id: string, name: string, team: string, who: string, urgent: string): Category => ({
  ...{ id, name, description: '', phrases: [], inboxes: ['maintenance', 'billing'] },
  assign: team === '' ? { type: 'member', member: who } : { type: 'team', team: who },
  priority: urgent === '' ? 'normal' : 'urgent',
});

/** `repair 87 %, lease 9 %` */
const guessOf = (how: string, of: string, list: string, words: string): Guessed => ({
  of,
  sure: how === 'sure',
  guesses: list.split(', ').map((one) => {
    const [category = '', percent = ''] = one.split(' ');
    return { category, probability: Number(percent) / 100 };
  }),
  because: words === '' ? [] : words.split(', '),
});

const modelOf = (all: readonly Guessed[]): CurrentModel => ({
  propose(_, { subject, body }) {
    const found = all.find(({ of }) => `${subject}\n${body}`.includes(of));
    return found === undefined ? null : { model: 1, ...found };
  },
});

const labelOf = (word: string, category: string): Rule => ({
  id: `label-${category}`,
  inboxes: [],
  when: { body: [word] },
  category,
  priority: 'normal',
  assign: null,
});

const webForm = (from: string): Rule => ({
  id: `form-${from}`,
  inboxes: [],
  when: { from: [from] },
  category: 'form',
  priority: 'normal',
  assign: null,
  customer: 'reply-to',
});

/** The results of one mail server count; a dialogue writes them as it needs them. */
const believing = (host: string): Inbox['authentication'] => ({
  mode: 'mail-server',
  trustedHosts: [host],
  results: { type: 'id', id: host, belowReceived: false },
  insideTenant: false,
  ownLogin: false,
});
