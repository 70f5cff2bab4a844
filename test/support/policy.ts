/**
 * A small company for tests: Elm Property Management, two inboxes, six members, one team.
 *
 * Leah has the front desk, Dana decides at the end and Omar covers for her; Priya, Luis and Sam are team maintenance.
 * Luis works round the clock, all others Monday to Friday from 9 to 17 in Berlin.
 */
import type { Roster } from '../../src/app/ports/store.ts';
import { type Caps, DEFAULT_CAPS } from '../../src/domain/brakes.ts';
import { allSpellings } from '../../src/domain/command/spellings/spellings.ts';
import type { InboxId, MemberId } from '../../src/domain/ids.ts';
import { DAY, fromIso, HOUR, type Instant, MINUTE } from '../../src/domain/instant.ts';
import {
  type Category,
  type Clocks,
  DEFAULT_LEARNING,
  type Inbox,
  type Ladder,
  type Learning,
  type Member,
  NoStandingMails,
  type Policy,
  type Rule,
  type Team,
} from '../../src/domain/policy.ts';
import { everyDay, schedule } from './schedules.ts';

/** For loads that no team has. */
const FREE = { hour: 1_000_000, day: 1_000_000 };
export const Uncapped: Caps = { ...DEFAULT_CAPS, unproved: FREE, overall: FREE, member: FREE };

/** A Monday, ten in the morning in Berlin: everybody is at work. */
export const MONDAY: Instant = fromIso('2026-03-02T09:00:00Z');

export type PolicyOverrides = {
  /** Changes to single inboxes and members; an id that is new adds one. */
  readonly inboxes?: Readonly<Record<InboxId, Partial<Inbox>>>;
  readonly members?: Readonly<Record<MemberId, Partial<Member>>>;
  readonly teams?: readonly Team[];
  readonly rules?: readonly Rule[];
  readonly ladders?: readonly Ladder[];
  readonly clocks?: Partial<Clocks>;
  readonly caps?: Partial<Caps>;
  readonly categories?: readonly Category[];
  readonly learning?: Partial<Learning>;
  readonly pagedInboxes?: readonly InboxId[];
};

export function testPolicy(overrides: PolicyOverrides = {}): Policy {
  const inboxes = [
    testInbox({ id: 'maintenance', name: 'Elm Maintenance', customerWord: 'tenant' }),
    testInbox({ id: 'billing', name: 'Elm Billing' }),
  ];
  const members = [
    testMember({ id: 'leah' }),
    testMember({
      id: 'priya',
      backup: 'luis',
      capacity: 20,
      addresses: ['priya@elm.example', 'p@home.example'],
    }),
    testMember({
      id: 'luis',
      schedule: schedule('Europe/Berlin', { week: everyDay({ from: '00:00', to: '24:00' }) }),
    }),
    testMember({ id: 'sam', aliases: ['sammy'] }),
    testMember({ id: 'dana' }),
    testMember({ id: 'omar', backup: 'dana' }),
  ];
  const teams = overrides.teams ?? [MAINTENANCE];
  return {
    inboxes: byId(inboxes, overrides.inboxes ?? {}, testInbox),
    members: byId(members, overrides.members ?? {}, testMember),
    teams: new Map(teams.map((team) => [team.id, team])),
    rules: overrides.rules ?? RULES,
    categories: new Map(overrides.categories?.map((category) => [category.id, category])),
    learning: { ...DEFAULT_LEARNING, ...overrides.learning },
    ladders: overrides.ladders ?? [],
    clocks: { ...CLOCKS, ...overrides.clocks },
    pagedInboxes: new Set(overrides.pagedInboxes),
    caps: { ...DEFAULT_CAPS, ...overrides.caps },
    spellings: allSpellings,
  };
}

/** What the store is told of a policy: the members who have not left. */
export function rosterOf(policy: Policy): Roster {
  return {
    inboxes: [...policy.inboxes.values()].map(({ id, address }) => ({ id, address })),
    members: [...policy.members.values()]
      .filter(({ active }) => active)
      .map(({ id, name }) => ({ id, name })),
  };
}

const CLOCKS: Clocks = {
  accept: { normal: 2 * HOUR, urgent: 15 * MINUTE },
  handoff: { normal: 4 * HOUR, urgent: 15 * MINUTE },
  // So long that these two fire only where a test asks for less.
  answer: { normal: 90 * DAY, urgent: 90 * DAY },
  progress: { normal: 90 * DAY, urgent: 90 * DAY },
  answerWarning: { normal: HOUR, urgent: 15 * MINUTE },
  help: 8 * HOUR,
  parked: 4 * HOUR,
  lastPersonReminder: 4 * HOUR,
  reopenWithin: 30 * DAY,
  tokenLife: 30 * DAY,
};

const MAINTENANCE: Team = {
  id: 'maintenance',
  name: 'Maintenance',
  members: ['priya', 'luis', 'sam'],
  choose: 'in-order',
};

const RULES: readonly Rule[] = [
  {
    id: 'leaks',
    inboxes: ['maintenance'],
    when: { subject: ['leak', 'flood'] },
    category: 'leak',
    priority: 'urgent',
    assign: { type: 'team', team: 'maintenance' },
  },
  {
    id: 'invoices',
    inboxes: [],
    when: { subject: ['invoice'] },
    category: 'invoice',
    priority: 'normal',
    assign: { type: 'member', member: 'omar' },
  },
];

function testInbox(changes: Partial<Inbox> & { readonly id: InboxId }): Inbox {
  return {
    address: `${changes.id}@elm.example`,
    name: capital(changes.id),
    customerWord: 'customer',
    frontDeskName: 'the front desk',
    emergencyLine: null,
    triage: { type: 'member', member: 'leah' },
    onCall: null,
    managers: ['dana'],
    finalManager: 'dana',
    finalManagerCover: 'omar',
    timeZone: 'Europe/Berlin',
    templates: new Map(),
    schedule: schedule('Europe/Berlin'),
    tellCustomer: { owner: false, finished: false, delay: false },
    authentication: { mode: 'token-and-sender-only' },
    ...changes,
  };
}

function testMember(changes: Partial<Member> & { readonly id: MemberId }): Member {
  return {
    name: capital(changes.id),
    addresses: [`${changes.id}@elm.example`],
    phone: null,
    aliases: [],
    active: true,
    schedule: schedule('Europe/Berlin'),
    backup: null,
    capacity: null,
    standingMails: NoStandingMails,
    ...changes,
  };
}

function byId<T extends { readonly id: string }>(
  rows: readonly T[],
  changes: Readonly<Record<string, Partial<T>>>,
  make: (row: Partial<T> & { readonly id: string }) => T,
): Map<string, T> {
  const all = new Map(rows.map((row) => [row.id, row]));
  for (const [id, change] of Object.entries(changes)) all.set(id, make({ ...all.get(id), ...change, id }));
  return all;
}

const capital = (id: string): string => id.charAt(0).toUpperCase() + id.slice(1);
