/**
 * The offices in which lives are lived: each a configuration and what becomes of it. They are made once and shared by
 * all lives, so that what the domain remembers of a schedule is remembered once.
 */
import { DAY, fromIso, HOUR, type Instant, MINUTE } from '../../../src/domain/instant.ts';
import type { Clocks, Ladder, Policy, Triage } from '../../../src/domain/policy.ts';
import { MX } from '../../support/attack.ts';
import { type PolicyOverrides, testPolicy } from '../../support/policy.ts';
import { everyDay, schedule } from '../../support/schedules.ts';
import type { Dice } from './dice.ts';

export type OfficePlan = {
  readonly first: Policy;
  /** What the configuration may be changed to. */
  readonly later: readonly Policy[];
};

/** Mondays, and days on which the clocks of Berlin change. */
const WEEKS: readonly Instant[] = ['2026-03-02', '2026-03-27', '2026-10-23'].map((date) =>
  fromIso(`${date}T00:00:00Z`),
);

export const startOf = (dice: Dice): Instant => dice.pick(WEEKS) + dice.between(0, 4 * 24 * 60) * MINUTE;

const BUSY: Partial<Clocks> = {
  answer: { normal: 8 * HOUR, urgent: HOUR },
  progress: { normal: 6 * HOUR, urgent: 2 * HOUR },
  help: 4 * HOUR,
  parked: 2 * HOUR,
};
const HURRIED: Partial<Clocks> = {
  ...BUSY,
  accept: { normal: 20 * MINUTE, urgent: 5 * MINUTE },
  handoff: { normal: 30 * MINUTE, urgent: 5 * MINUTE },
  answer: { normal: 2 * HOUR, urgent: 30 * MINUTE },
  answerWarning: { normal: 30 * MINUTE, urgent: 10 * MINUTE },
  progress: { normal: HOUR, urgent: 20 * MINUTE },
  help: 40 * MINUTE,
  parked: 30 * MINUTE,
  lastPersonReminder: HOUR,
  reopenWithin: DAY,
};

const LADDERS: readonly Ladder[] = [
  {
    when: { categories: ['leak'] },
    unaccepted: [
      { to: 'remind', after: 10 * MINUTE },
      { to: 'backup', after: null },
      { to: 'on-call', after: 30 * MINUTE },
      { to: 'team', after: 20 * MINUTE },
    ],
    owned: [
      { to: 'remind', after: HOUR },
      { to: 'member', member: 'sam', after: 30 * MINUTE },
      { to: 'front-desk', after: HOUR },
    ],
  },
];

const ROUND_THE_CLOCK = schedule('Europe/Berlin', { week: everyDay({ from: '00:00', to: '24:00' }) });
const NIGHTS = schedule('America/New_York', { week: everyDay({ from: '22:00', to: '06:00' }) });
const WEEKLY: Triage = {
  type: 'weekly',
  members: ['leah', 'sam'],
  firstMonday: '2026-03-02',
  handover: '08:00',
};
const TOLD = { owner: true, finished: true, delay: true };

const awayFor = (from: string, until: string) =>
  schedule('Europe/Berlin', { absences: [{ from: fromIso(from), until: fromIso(until) }] });

const OFFICES: readonly PolicyOverrides[] = [
  {},
  { clocks: BUSY, inboxes: { maintenance: { tellCustomer: TOLD }, billing: { tellCustomer: TOLD } } },
  { clocks: HURRIED, inboxes: { maintenance: { authentication: MX }, billing: {} } },
  {
    clocks: HURRIED,
    ladders: LADDERS,
    pagedInboxes: ['maintenance'],
    inboxes: { maintenance: { onCall: { type: 'member', member: 'luis' }, tellCustomer: TOLD } },
  },
  {
    clocks: HURRIED,
    // All at work at any time, so that every clock runs on.
    members: Object.fromEntries(
      ['leah', 'priya', 'luis', 'sam', 'dana', 'omar'].map((id) => [id, { schedule: ROUND_THE_CLOCK }]),
    ),
    inboxes: { maintenance: { schedule: ROUND_THE_CLOCK, tellCustomer: TOLD, authentication: MX } },
  },
  {
    clocks: BUSY,
    inboxes: { maintenance: { triage: WEEKLY }, billing: { triage: WEEKLY, authentication: MX } },
    members: {
      dana: {
        schedule: NIGHTS,
        standingMails: { digest: '09:00', morningList: '08:30', weeklyReport: null },
      },
      leah: { standingMails: { digest: null, morningList: '09:00', weeklyReport: null } },
      sam: { schedule: NIGHTS },
    },
  },
  {
    clocks: HURRIED,
    caps: { member: { hour: 3 }, address: { hour: 2, day: 4 } },
    teams: [
      { id: 'maintenance', name: 'Maintenance', members: ['priya', 'luis', 'sam'], choose: 'round-robin' },
    ],
    categories: [
      {
        ...{ id: 'leak', name: 'Leaks', description: '', phrases: [], inboxes: ['maintenance'] },
        ...{ assign: { type: 'team', team: 'maintenance' }, priority: 'urgent' },
      },
      {
        ...{
          id: 'invoice',
          name: 'Invoices',
          description: '',
          phrases: [],
          inboxes: ['billing', 'maintenance'],
        },
        ...{ assign: { type: 'member', member: 'omar' }, priority: 'normal' },
      },
    ],
  },
  {
    clocks: HURRIED,
    teams: [
      { id: 'maintenance', name: 'Maintenance', members: ['priya', 'luis', 'sam'], choose: 'least-loaded' },
    ],
    members: {
      priya: {
        capacity: 1,
        backup: 'sam',
        schedule: awayFor('2026-03-03T00:00:00Z', '2026-03-05T12:00:00Z'),
      },
      luis: { backup: 'priya' },
      omar: { schedule: awayFor('2026-03-02T12:00:00Z', '2026-03-04T00:00:00Z') },
      dana: { schedule: awayFor('2026-03-28T00:00:00Z', '2026-03-30T00:00:00Z') },
    },
    inboxes: { maintenance: { tellCustomer: TOLD } },
  },
];

function without(policy: Policy, id: string): Policy {
  const members = new Map(policy.members);
  members.delete(id);
  for (const [key, member] of members)
    if (member.backup === id) members.set(key, { ...member, backup: null });
  const teams = new Map(
    [...policy.teams].map(([key, team]) => [
      key,
      { ...team, members: team.members.filter((member) => member !== id) },
    ]),
  );
  return { ...policy, members, teams };
}

function officeOf(overrides: PolicyOverrides): OfficePlan {
  const first = testPolicy(overrides);
  return {
    first,
    later: [
      // Those of whom the configuration can do without.
      ...['priya', 'luis', 'sam'].filter((id) => !isNamed(first, id)).map((id) => without(first, id)),
      testPolicy({ ...overrides, clocks: { ...overrides.clocks, ...HURRIED } }),
      testPolicy({ ...overrides, rules: [] }),
      { ...first, shadow: true },
    ],
  };
}

const isNamed = (policy: Policy, id: string): boolean =>
  JSON.stringify([...policy.inboxes.values()].map(({ triage, onCall }) => [triage, onCall])).includes(
    `"${id}"`,
  ) || JSON.stringify(policy.ladders).includes(`"${id}"`);

const offices: OfficePlan[] = [];

export function pickOffice(dice: Dice): OfficePlan {
  const at = Math.floor(dice.next() * OFFICES.length);
  offices[at] ??= officeOf(OFFICES[at] ?? {});
  return offices[at];
}
