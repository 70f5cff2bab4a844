/** A small firm for tests of routing and names, and mails in their smallest form. */

import { DEFAULT_CAPS } from '../../src/domain/brakes.ts';
import { allSpellings } from '../../src/domain/command/spellings/spellings.ts';
import { HOUR } from '../../src/domain/instant.ts';
import type { Mail } from '../../src/domain/message.ts';
import {
  DEFAULT_LEARNING,
  type Inbox,
  type Member,
  NoStandingMails,
  type Policy,
  type Rule,
  type Team,
} from '../../src/domain/policy.ts';
import { schedule } from './schedules.ts';

export function member(id: string, changes: Partial<Member> = {}): Member {
  return {
    id,
    name: id,
    addresses: [`${id}@elm.example`],
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

export function inbox(changes: Partial<Inbox> = {}): Inbox {
  return {
    id: 'office',
    address: 'office@elm.example',
    name: 'Elm Property Management',
    customerWord: 'tenant',
    frontDeskName: 'the front desk',
    emergencyLine: null,
    triage: { type: 'member', member: 'leah' },
    onCall: null,
    managers: ['mona'],
    finalManager: 'dana',
    finalManagerCover: 'cora',
    timeZone: 'Europe/Berlin',
    templates: new Map(),
    schedule: schedule('Europe/Berlin'),
    tellCustomer: { owner: false, finished: false, delay: false },
    authentication: { mode: 'token-and-sender-only' },
    ...changes,
  };
}

export function rule(id: string, changes: Partial<Rule> = {}): Rule {
  return { id, inboxes: ['office'], when: {}, category: id, priority: 'normal', assign: null, ...changes };
}

export function policy(parts: {
  readonly members: readonly Member[];
  readonly inbox?: Partial<Inbox>;
  readonly teams?: readonly Team[];
}): Policy {
  const only = inbox(parts.inbox);
  return {
    inboxes: new Map([[only.id, only]]),
    members: new Map(parts.members.map((one) => [one.id, one])),
    teams: new Map((parts.teams ?? []).map((team) => [team.id, team])),
    rules: [],
    ladders: [],
    clocks: {
      accept: { normal: HOUR, urgent: HOUR },
      handoff: { normal: HOUR, urgent: HOUR },
      answer: { normal: HOUR, urgent: HOUR },
      answerWarning: { normal: 0, urgent: 0 },
      progress: { normal: 16 * HOUR, urgent: 2 * HOUR },
      help: HOUR,
      parked: 4 * HOUR,
      lastPersonReminder: HOUR,
      reopenWithin: HOUR,
      tokenLife: HOUR,
    },
    caps: DEFAULT_CAPS,
    categories: new Map(),
    learning: DEFAULT_LEARNING,
    pagedInboxes: new Set(),
    spellings: allSpellings,
  };
}

/** A mail from a tenant; `text` is what she newly wrote. */
export function mail(changes: Partial<Mail> = {}): Mail {
  const text = changes.text ?? '';
  return {
    messageId: 'one@home.example',
    date: null,
    from: [{ name: 'Maria Lopez', address: 'maria@home.example' }],
    sender: [],
    to: [{ name: '', address: 'office@elm.example' }],
    cc: [],
    replyTo: [],
    deliveredTo: [],
    returnPath: null,
    subject: '',
    inReplyTo: [],
    references: [],
    headers: [],
    text,
    reply: { text, quoted: '', signature: '' },
    forwarded: null,
    attachments: [],
    report: null,
    bodyHash: '',
    warnings: [],
    ...changes,
  };
}
