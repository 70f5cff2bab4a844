/** The configuration as the office would write it at a certain time: who is in the team, and how each of them works. */
import { DEFAULT_CAPS } from '../../../src/domain/brakes.ts';
import { allSpellings } from '../../../src/domain/command/spellings/spellings.ts';
import { DAY, fromMs, HOUR, type Instant, MINUTE, toMs } from '../../../src/domain/instant.ts';
import {
  type Clocks,
  DEFAULT_LEARNING,
  type Inbox,
  type Ladder,
  type Member,
  type Policy,
  type Rule,
  type Schedule,
  type StandingMails,
  type Team,
} from '../../../src/domain/policy.ts';
import type { StandingKind } from '../../../src/domain/standing-mails.ts';
import { hoursAt, isInTeam, type Person, type YearPlan } from './plan.ts';
import type { Hours } from './wall-clock.ts';

export const CLOCKS: Clocks = {
  accept: { normal: 2 * HOUR, urgent: 15 * MINUTE },
  handoff: { normal: 4 * HOUR, urgent: 15 * MINUTE },
  answer: { normal: 8 * HOUR, urgent: HOUR },
  answerWarning: { normal: HOUR, urgent: 15 * MINUTE },
  progress: { normal: 16 * HOUR, urgent: 4 * HOUR },
  help: 8 * HOUR,
  parked: 4 * HOUR,
  lastPersonReminder: 4 * HOUR,
  reopenWithin: 30 * DAY,
  tokenLife: 30 * DAY,
};

/** Two ladders beside the usual one: who is asked hears again, and owners of contracts have other spans. */
export const LADDERS: readonly Ladder[] = [
  {
    when: { categories: ['heating'] },
    unaccepted: [
      { to: 'remind', after: HOUR },
      { to: 'backup', after: null },
      { to: 'team', after: 90 * MINUTE },
      { to: 'front-desk', after: null },
    ],
  },
  {
    when: { categories: ['contract'] },
    owned: [
      { to: 'remind', after: 12 * HOUR },
      { to: 'front-desk', after: 5 * HOUR },
      { to: 'final-manager', after: 7 * HOUR },
    ],
  },
];

/** When each inbox is open. */
export const OPENING: Readonly<Record<'maintenance' | 'billing', Hours>> = {
  maintenance: opening('Europe/Berlin', '08:00', '18:00'),
  billing: opening('America/New_York', '09:00', '17:00'),
};

/** When the configuration changes: somebody joins, leaves or moves. */
export function changesOf(plan: YearPlan): Instant[] {
  const all = plan.people.flatMap(({ joinsAt, leavesAt, hours }) => [
    joinsAt,
    ...(leavesAt === null ? [] : [leavesAt]),
    ...hours.map(({ since }) => since),
  ]);
  return [...new Set(all)].filter((at) => at > plan.start && at < plan.end).sort((a, b) => a - b);
}

export function policyAt(plan: YearPlan, at: Instant): Policy {
  const people = plan.people.filter((person) => isInTeam(person, at));
  const here = new Set(people.map(({ id }) => id));
  const members = people.map((person) => memberOf(person, at, here));
  const inboxes = [maintenance(plan, here), billing()];
  return {
    inboxes: new Map(inboxes.map((inbox) => [inbox.id, inbox])),
    members: new Map(members.map((member) => [member.id, member])),
    teams: new Map(teamsOf(people).map((team) => [team.id, team])),
    rules: rulesOf(here),
    categories: new Map(),
    learning: DEFAULT_LEARNING,
    ladders: LADDERS,
    clocks: CLOCKS,
    // Customers here write more than one a minute on busy days; who is told what is not what a year is about.
    caps: { ...DEFAULT_CAPS, address: { hour: 50, day: 200 } },
    pagedInboxes: new Set(),
    spellings: allSpellings,
  };
}

function memberOf(person: Person, at: Instant, here: ReadonlySet<string>): Member {
  const { id, name, template, away } = person;
  const { zone, week, holidays } = hoursAt(person, at);
  const schedule: Schedule = {
    timeZone: zone,
    week,
    holidays,
    absences: away
      .filter(({ how }) => how === 'configured')
      .map(({ from, until, cover }) => ({
        from,
        until,
        cover: cover !== null && here.has(cover) ? cover : null,
      })),
  };
  const backup = template.backup !== null && here.has(template.backup) ? template.backup : null;
  const addresses = [addressOf(id)];
  const { capacity } = template;
  const standingMails = standingMailsOf(id);
  const contact = { name, addresses, aliases: [], phone: null };
  return { id, ...contact, active: true, schedule, backup, capacity, standingMails };
}

export const addressOf = (member: string): string => `${member}@elm.example`;

function teamsOf(people: readonly Person[]): Team[] {
  const of = (team: 'maintenance' | 'billing') =>
    people.filter(({ template }) => template.teams.includes(team)).map(({ id }) => id);
  return [
    { id: 'maintenance', name: 'Maintenance', members: of('maintenance'), choose: 'round-robin' },
    { id: 'billing', name: 'Billing', members: of('billing'), choose: 'least-loaded' },
  ];
}

function rulesOf(here: ReadonlySet<string>): Rule[] {
  const rule = (id: string, priority: Rule['priority'], assign: Rule['assign']): Rule => ({
    ...{ id, inboxes: [], when: { subject: [id] }, category: id, priority, assign },
  });
  const invoices = ['grace', 'hana', 'aiko'].find((id) => here.has(id));
  return [
    rule('leak', 'urgent', { type: 'team', team: 'maintenance' }),
    rule('heating', 'normal', { type: 'team', team: 'maintenance' }),
    rule('contract', 'normal', { type: 'team', team: 'billing' }),
    rule('invoice', 'normal', invoices === undefined ? null : { type: 'member', member: invoices }),
  ];
}

function maintenance({ start }: YearPlan, here: ReadonlySet<string>): Inbox {
  const day = Math.floor(start / DAY);
  const firstMonday = new Date(toMs((day - ((day + 3) % 7)) * DAY)).toISOString().slice(0, 10);
  const members = ['leah', 'priya'].filter((id) => here.has(id));
  const onCall = ['luis', 'ben', 'nina'].filter((id) => here.has(id));
  return inbox('maintenance', {
    triage: { type: 'weekly', members, firstMonday },
    onCall: { type: 'weekly', members: onCall, firstMonday, handover: '08:00' },
  });
}

const billing = (): Inbox => inbox('billing', { managers: ['omar', 'dana'] });

function inbox(id: 'maintenance' | 'billing', more: Partial<Inbox>): Inbox {
  const { zone, week, holidays } = OPENING[id];
  return {
    id,
    address: addressOf(id),
    name: `Elm ${id}`,
    customerWord: 'tenant',
    frontDeskName: 'the front desk',
    emergencyLine: null,
    triage: { type: 'member', member: 'leah' },
    onCall: null,
    managers: ['dana', 'omar'],
    finalManager: 'dana',
    finalManagerCover: 'omar',
    timeZone: zone,
    templates: new Map(),
    schedule: { timeZone: zone, week, holidays, absences: [] },
    tellCustomer: { owner: false, finished: true, delay: true },
    authentication: { mode: 'token-and-sender-only' },
    ...more,
  };
}

function opening(zone: string, from: string, to: string): Hours {
  const week = Array.from({ length: 7 }, (_, day) => (day < 5 ? [{ from, to }] : []));
  return { zone, week, holidays: new Set() };
}

/** The start of the next day on which somebody can say they are back, in words that Baton reads. */
export const dateIn = (zone: string, at: Instant): string =>
  new Intl.DateTimeFormat('en-CA', { timeZone: zone }).format(at / fromMs(1));

/** Who decides in the end, nearest first: the final manager, whoever covers for them, the managers. */
export const FINAL: readonly string[] = ['dana', 'omar'];

/** Who gets which mail when, by their own clock. `weekday`: Monday = 0; null: every day. */
export type Standing = {
  readonly member: string;
  readonly kind: StandingKind;
  readonly at: string;
  readonly weekday: number | null;
};

export const STANDING: readonly Standing[] = [
  { member: 'dana', kind: 'digest', at: '08:10', weekday: null },
  { member: 'omar', kind: 'digest', at: '08:10', weekday: null },
  { member: 'dana', kind: 'weekly-report', at: '08:40', weekday: 0 },
  { member: 'omar', kind: 'weekly-report', at: '16:00', weekday: 4 },
  { member: 'priya', kind: 'morning-list', at: '09:05', weekday: null },
  { member: 'aiko', kind: 'morning-list', at: '12:10', weekday: null },
  { member: 'nina', kind: 'morning-list', at: '07:30', weekday: null },
];

function standingMailsOf(member: string): StandingMails {
  const of = (kind: StandingKind) => STANDING.find((one) => one.member === member && one.kind === kind);
  const weekly = of('weekly-report');
  return {
    digest: of('digest')?.at ?? null,
    morningList: of('morning-list')?.at ?? null,
    weeklyReport: weekly === undefined ? null : { weekday: weekly.weekday ?? 0, at: weekly.at },
  };
}
