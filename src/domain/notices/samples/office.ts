/** The office of the sample request: its inbox, its six people, and the same with the names of another office. */
import { DEFAULT_CAPS } from '../../brakes.ts';
import { allSpellings } from '../../command/spellings/spellings.ts';
import type { InboxId, MemberId } from '../../ids.ts';
import { DAY, HOUR, MINUTE } from '../../instant.ts';
import {
  DEFAULT_LEARNING,
  type Inbox,
  type Member,
  NoStandingMails,
  type Policy,
  type Schedule,
} from '../../policy.ts';
import { triageLeadAt } from '../../roster.ts';

export const INBOX: InboxId = 'maintenance';
export const ZONE = 'Europe/Berlin';

/** Leah has the front desk, Dana decides in the end, Priya owns, Luis and Sam are her colleagues, Omar has left. */
const Names = { leah: 'Leah', priya: 'Priya', luis: 'Luis', sam: 'Sam', dana: 'Dana', omar: 'Omar' };
type Role = keyof typeof Names;
const Roles = Object.keys(Names) as Role[];

const Hours: Schedule = {
  timeZone: ZONE,
  week: Array.from({ length: 7 }, (_, day) => (day < 5 ? [{ from: '09:00', to: '17:00' }] : [])),
  holidays: new Set(),
  absences: [],
};

const Elm: Inbox = {
  id: INBOX,
  address: 'maintenance@elm.example',
  name: 'Elm Property Management',
  customerWord: 'tenant',
  frontDeskName: 'the front desk',
  emergencyLine: 'Running water, no heat, smell of gas? Call 555-0100 now, day or night.',
  triage: { type: 'member', member: 'leah' },
  managers: ['dana'],
  finalManager: 'dana',
  onCall: null,
  finalManagerCover: null,
  timeZone: ZONE,
  templates: new Map(),
  schedule: Hours,
  tellCustomer: { owner: true, finished: true, delay: true },
  authentication: { mode: 'token-and-sender-only' },
};

/** Elm Property Management, some of whose people may be called differently. */
export function sampleOffice(called: Partial<Record<Role, string>> = {}, inbox: Inbox = Elm): Policy {
  return {
    inboxes: new Map([[INBOX, inbox]]),
    members: new Map(Roles.map((role) => [role, memberCalled(role, called[role] ?? Names[role])])),
    teams: new Map(),
    rules: [],
    categories: new Map(),
    learning: DEFAULT_LEARNING,
    ladders: [],
    clocks: {
      accept: { normal: 45 * MINUTE, urgent: 10 * MINUTE },
      handoff: { normal: 2 * HOUR, urgent: 10 * MINUTE },
      answer: { normal: 4 * HOUR, urgent: HOUR },
      answerWarning: { normal: HOUR, urgent: 15 * MINUTE },
      progress: { normal: 16 * HOUR, urgent: 2 * HOUR },
      help: 8 * HOUR,
      parked: 4 * HOUR,
      lastPersonReminder: 4 * HOUR,
      reopenWithin: 30 * DAY,
      tokenLife: 90 * DAY,
    },
    pagedInboxes: new Set(),
    caps: DEFAULT_CAPS,
    spellings: allSpellings,
  };
}

const memberCalled = (id: MemberId, name: string): Member => ({
  id,
  name,
  addresses: [`${id}@elm.example`],
  phone: null,
  aliases: [],
  active: true,
  schedule: Hours,
  backup: null,
  capacity: null,
  standingMails: NoStandingMails,
});

/**
 * The sample office with what an inbox of this policy is called and how it words its mails, and with its people in
 * the parts that they have: front desk, final manager, colleagues. Where there are too few, sample people stay.
 */
export function officeLike(policy: Policy, inbox: Inbox, now: number): Policy {
  const lead = triageLeadAt(policy, inbox.id, now);
  const others = [...policy.members.values()]
    .filter(({ id, active }) => active && id !== lead && id !== inbox.finalManager)
    .map(({ id }) => id);
  const parts: readonly (readonly [Role, MemberId | undefined])[] = [
    ['leah', lead],
    ['dana', inbox.finalManager],
    ['priya', others[0]],
    ['sam', others[1]],
    ['luis', others[2]],
    ['omar', others[3]],
  ];
  const called = parts.flatMap(([role, id]) => {
    const name = id === undefined ? undefined : policy.members.get(id)?.name;
    return name === undefined ? [] : [[role, name] as const];
  });
  const { address, name, customerWord, frontDeskName, emergencyLine, templates } = inbox;
  const named = { ...Elm, address, name, customerWord, frontDeskName, emergencyLine, templates };
  return { ...sampleOffice(Object.fromEntries(called), named), spellings: policy.spellings };
}
