/**
 * The team of a quarter: who really has what, week by week, and what the configuration says of it at the time.
 *
 * What changes: from week 9 on deposits are the accountant's and no longer those of who makes the leases; charging
 * points come up in week 8, are sorted by hand, and get a category of their own in week 10.
 */
import type { CategoryId, MemberId } from '../../../src/domain/ids.ts';
import type { Category, Policy, Rule } from '../../../src/domain/policy.ts';
import { testPolicy, Uncapped } from '../../support/policy.ts';
import { everyDay, schedule } from '../../support/schedules.ts';
import type { Topic } from './subjects.ts';

export const INBOX = 'maintenance';
export const FRONT_DESK: MemberId = 'leah';

/** Weeks are counted from 0. */
const DEPOSITS_MOVE = 8;
export const CHARGING_NAMED = 9;

/** Who takes it when asked; the first is whom a colleague would hand it to. */
export function holdersOf(topic: Topic, week: number): readonly MemberId[] {
  switch (topic) {
    case 'heating':
    case 'water':
    case 'heat-pump':
      return ['priya', 'luis'];
    case 'invoice':
      return ['sam'];
    case 'deposit':
      return week < DEPOSITS_MOVE ? ['ines'] : ['sam'];
    case 'moving':
    case 'keys':
      return ['ines'];
    case 'noise':
      return ['omar'];
    case 'charging':
      return ['yara'];
    case 'unheard-of':
      return [FRONT_DESK];
    default:
      return topic satisfies never;
  }
}

/** The category that it belongs to as the team sees it; null: none that is configured. */
export function categoryOf(topic: Topic, week: number): CategoryId | null {
  const holder = holdersOf(topic, week)[0];
  return Categories.find((category) => category.holders[0] === holder && week >= category.from)?.id ?? null;
}

type Configured = {
  readonly id: CategoryId;
  readonly holders: readonly MemberId[];
  readonly from: number;
  readonly description: string;
};
const Categories: readonly Configured[] = [
  {
    id: 'repair',
    holders: ['priya', 'luis'],
    from: 0,
    description: 'Heating, water, anything that is broken.',
  },
  { id: 'accounts', holders: ['sam'], from: 0, description: 'Rent, statements, payments.' },
  {
    id: 'lease',
    holders: ['ines'],
    from: 0,
    description: 'Moving in or out, deposits, keys, names at the door.',
  },
  {
    id: 'neighbours',
    holders: ['omar'],
    from: 0,
    description: 'Noise, smoke, rubbish: trouble between tenants.',
  },
  {
    id: 'charging',
    holders: ['yara'],
    from: CHARGING_NAMED,
    description: 'Charging points for electric cars.',
  },
];

export function policyIn(week: number, mode: 'assign' | 'off'): Policy {
  const always = schedule('Europe/Berlin', { week: everyDay({ from: '00:00', to: '24:00' }) });
  const members = ['priya', 'luis', 'sam', 'ines', 'omar', 'yara', FRONT_DESK, 'dana'];
  return testPolicy({
    members: Object.fromEntries(members.map((id) => [id, { schedule: always, backup: null }])),
    teams: [{ id: 'repairs', name: 'Repairs', members: ['priya', 'luis'], choose: 'round-robin' }],
    rules: RULES,
    categories: Categories.filter(({ from }) => from <= week).map(toCategory),
    learning: { mode },
    caps: Uncapped,
  });
}

const toCategory = ({ id, holders, description }: Configured): Category => ({
  id,
  name: id,
  description,
  phrases: [],
  inboxes: [INBOX],
  assign:
    holders.length > 1
      ? { type: 'team', team: 'repairs' }
      : { type: 'member', member: holders[0] ?? FRONT_DESK },
  priority: 'normal',
});

/** What a team can name: a few words that are never wrong. */
const RULES: readonly Rule[] = [
  rule('cold', { subject: ['heating', 'radiator', 'Heizung'] }, 'repair', { type: 'team', team: 'repairs' }),
  rule('statement', { subject: ['statement', 'Nebenkostenabrechnung'] }, 'accounts', {
    type: 'member',
    member: 'sam',
  }),
  rule('lost-key', { subject: ['key', 'Schlüssel'] }, 'lease', { type: 'member', member: 'ines' }),
];

function rule(id: string, when: Rule['when'], category: string, assign: Rule['assign']): Rule {
  return { id, inboxes: [INBOX], when, category, priority: 'normal', assign };
}
