import { describe, expect, test } from 'vitest';
import { parseConfig } from '../../src/config/load.ts';
import { NoWordings } from '../../src/config/notices.ts';
import { startFromOf, toPolicy } from '../../src/config/policy.ts';
import { formatProblems } from '../../src/config/problems.ts';
import type { Config } from '../../src/config/schema.ts';
import { parseCommands } from '../../src/domain/command/parse.ts';
import { fromIso } from '../../src/domain/instant.ts';

const TEXT = `
commands: {spellings: {done: [Fatto], snooze: [Rimanda]}}
secret: ${'k'.repeat(32)}
defaults:
  timeZone: America/New_York
  holidays: [2026-12-25]
inboxes:
  office:
    address: Office@elm.example
    name: Elm
    timeZone: Europe/Berlin
    imap: {host: h, user: u, password: p}
    smtp: {host: h}
    startFrom: 2026-03-01
    triageLead: {weekly: [leah, priya], firstMonday: 2026-03-02}
    onCall: {weekly: [priya, leah], firstMonday: 2026-03-02, handover: "08:00"}
    managers: [priya]
    finalManager: leah
    finalManagerCover: priya
  sales:
    address: sales@elm.example
    name: Elm
    imap: {host: h, user: s, password: p}
    smtp: {host: h}
    triageLead: leah
    finalManager: priya
members:
  leah: {name: Leah, addresses: [leah@elm.example]}
  priya:
    name: Priya
    addresses: [Priya@elm.example, p@mail.example]
    aliases: [pri]
    timeZone: Europe/Berlin
    hours: {sat: 22:00-06:00}
    holidays: [2026-11-09]
    absences: [{from: 2026-08-03, until: 2026-08-17}]
    backup: leah
    capacity: 3
teams:
  repairs: {members: [priya]}
rules:
  - {id: water, inboxes: office, when: {subject: leak, header: {X-Form: [a, b]}}, category: repair, priority: urgent, assign: {team: repairs}}
  - {id: rest, when: {domain: Billing.example}, category: invoice}
`;

function read(): Config {
  const loaded = parseConfig(
    TEXT,
    'baton.yaml',
    {},
    {
      secretFile: () => ({ ok: false, why: 'is not there' }),
      notices: () => ({ wordings: NoWordings, problems: [], why: null }),
    },
  );
  if (!loaded.ok) throw new Error(formatProblems(loaded.problems));
  return loaded.config;
}

describe('the policy', () => {
  const policy = toPolicy(read());

  test('holds each inbox with its rota, and counts the final manager and the cover among the managers', () => {
    expect(policy.inboxes.get('office')).toEqual({
      id: 'office',
      authentication: { mode: 'own-check', trustedHosts: [] },
      address: 'office@elm.example',
      name: 'Elm',
      customerWord: 'customer',
      frontDeskName: 'the front desk',
      emergencyLine: null,
      triage: { type: 'weekly', members: ['leah', 'priya'], firstMonday: '2026-03-02' },
      onCall: { type: 'weekly', members: ['priya', 'leah'], firstMonday: '2026-03-02', handover: '08:00' },
      managers: ['priya', 'leah'],
      finalManager: 'leah',
      finalManagerCover: 'priya',
      timeZone: 'Europe/Berlin',
      templates: new Map(),
      schedule: {
        timeZone: 'Europe/Berlin',
        week: [...Array(5).fill([{ from: '09:00', to: '17:00' }]), [], []],
        holidays: new Set(['2026-12-25']),
        absences: [],
      },
      tellCustomer: { owner: true, finished: true, delay: false },
    });
    expect(policy.inboxes.get('sales')).toMatchObject({
      triage: { type: 'member', member: 'leah' },
      onCall: null,
      managers: ['priya'],
      finalManagerCover: null,
      timeZone: 'America/New_York',
    });
  });

  test('holds each member with a schedule in their own zone, their holidays added to those of all', () => {
    const { schedule, ...priya } = policy.members.get('priya') ?? {};
    expect(priya).toEqual({
      id: 'priya',
      name: 'Priya',
      addresses: ['priya@elm.example', 'p@mail.example'],
      aliases: ['pri'],
      active: true,
      backup: 'leah',
      capacity: 3,
      standingMails: { digest: '08:00', morningList: null, weeklyReport: { weekday: 0, at: '08:00' } },
    });
    expect(schedule).toEqual({
      timeZone: 'Europe/Berlin',
      week: [[], [], [], [], [], [{ from: '22:00', to: '06:00' }], []],
      holidays: new Set(['2026-12-25', '2026-11-09']),
      absences: [{ from: fromIso('2026-08-02T22:00:00Z'), until: fromIso('2026-08-16T22:00:00Z') }],
    });
    expect(policy.members.get('leah')).toMatchObject({
      backup: null,
      capacity: null,
      schedule: { timeZone: 'America/New_York', holidays: new Set(['2026-12-25']), absences: [] },
    });
  });

  test('holds teams and rules, a rule without inboxes for all of them', () => {
    expect([...policy.teams.values()]).toEqual([
      { id: 'repairs', name: 'repairs', members: ['priya'], choose: 'in-order' },
    ]);
    expect(policy.rules).toEqual([
      {
        id: 'water',
        inboxes: ['office'],
        when: { subject: ['leak'], header: { 'x-form': ['a', 'b'] } },
        category: 'repair',
        priority: 'urgent',
        assign: { type: 'team', team: 'repairs' },
      },
      {
        id: 'rest',
        inboxes: ['office', 'sales'],
        when: { domain: ['billing.example'] },
        category: 'invoice',
        priority: 'normal',
        assign: null,
      },
    ]);
  });

  test("begins to take mail up at the first moment of a date in the inbox's zone, or leaves it open", () => {
    const config = read();
    const [office, sales] = [config.inboxes.office, config.inboxes.sales];
    expect(office && startFromOf(config, office)).toBe(fromIso('2026-02-28T23:00:00Z'));
    expect(sales && startFromOf(config, sales)).toBeNull();
  });
});

test('further spellings are understood, in any case, besides those of the four languages', () => {
  const { spellings } = toPolicy(read());
  expect(parseCommands('fatto: sifone cambiato', { spellings }).commands).toEqual([
    { verb: 'done', outcome: 'sifone cambiato' },
  ]);
  expect(parseCommands('RIMANDA tomorrow', { spellings }).commands).toMatchObject([{ verb: 'snooze' }]);
  expect(parseCommands('erledigt', { spellings }).commands).toMatchObject([{ verb: 'done' }]);
  expect(parseCommands('fatto').commands).toEqual([]);
});
