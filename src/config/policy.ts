/** What the configuration says to the domain: the Policy. Expects a configuration that loadConfig let pass. */
import { allSpellings, withMore } from '../domain/command/spellings/spellings.ts';
import type { Instant } from '../domain/instant.ts';
import type { Inbox, Member, PlainDate, Policy, Rule, Team } from '../domain/policy.ts';
import { toLadders } from './ladders.ts';
import { templatesFor } from './notices.ts';
import { toRota } from './rota.ts';
import type { Config, InboxConfig, MemberConfig } from './schema.ts';
import { standingMailsOf } from './standing-mails.ts';
import { momentIn } from './values.ts';

/** Everything the team has decided, as one value. */
export function toPolicy(config: Config): Policy {
  return {
    inboxes: mapOf(config.inboxes, (id, inbox) => toInbox(id, inbox, config)),
    members: mapOf(config.members, (id, member) => toMember(id, member, config)),
    teams: mapOf(config.teams, (id, team): Team => ({ id, ...team, name: team.name ?? id })),
    rules: config.rules.map((rule) => toRule(rule, Object.keys(config.inboxes))),
    ladders: toLadders(config.ladders),
    clocks: config.clocks,
    caps: config.caps,
    spellings: withMore(allSpellings, config.commands.spellings),
  };
}

/** The instant from which on an inbox's mail is taken up; null means from Baton's first start. */
export function startFromOf(config: Config, inbox: InboxConfig): Instant | null {
  return inbox.startFrom === undefined ? null : moment(inbox.startFrom, zoneOf(inbox, config));
}

function mapOf<T, U>(
  entries: Readonly<Record<string, T>>,
  make: (id: string, value: T) => U,
): Map<string, U> {
  return new Map(Object.entries(entries).map(([id, value]) => [id, make(id, value)]));
}

const zoneOf = (part: { timeZone?: string | undefined }, config: Config): string =>
  part.timeZone ?? config.defaults.timeZone;

function toInbox(id: string, inbox: InboxConfig, config: Config): Inbox {
  const cover = inbox.finalManagerCover ?? null;
  // Who must decide in the end can never have fewer rights than the managers.
  const managers = [...inbox.managers, inbox.finalManager, ...(cover === null ? [] : [cover])];
  return {
    id,
    address: inbox.address,
    name: inbox.name,
    customerWord: inbox.customers,
    frontDeskName: inbox.frontDesk,
    emergencyLine: inbox.emergencyLine ?? null,
    triage: toRota(inbox.triageLead),
    onCall: inbox.onCall === undefined ? null : toRota(inbox.onCall),
    managers: [...new Set(managers)],
    finalManager: inbox.finalManager,
    finalManagerCover: cover,
    timeZone: zoneOf(inbox, config),
    templates: templatesFor(config.wordings, id),
    schedule: {
      timeZone: zoneOf(inbox, config),
      week: inbox.hours ?? config.defaults.hours,
      holidays: new Set(config.defaults.holidays),
      absences: [],
    },
    tellCustomer: {
      owner: inbox.tellCustomer.includes('owner'),
      finished: inbox.tellCustomer.includes('finished'),
      delay: inbox.tellCustomer.includes('delay'),
    },
    authentication: inbox.authentication,
  };
}

function toMember(id: string, member: MemberConfig, config: Config): Member {
  const timeZone = zoneOf(member, config);
  const holidays: ReadonlySet<PlainDate> = new Set([...config.defaults.holidays, ...member.holidays]);
  return {
    id,
    name: member.name,
    addresses: member.addresses,
    aliases: member.aliases,
    active: true,
    schedule: {
      timeZone,
      week: member.hours ?? config.defaults.hours,
      holidays,
      absences: member.absences.map(({ from, until }) => ({
        from: moment(from, timeZone),
        until: moment(until, timeZone),
      })),
    },
    backup: member.backup ?? null,
    capacity: member.capacity ?? null,
    standingMails: standingMailsOf(member),
  };
}

function toRule(rule: Config['rules'][number], allInboxes: readonly string[]): Rule {
  const { id, category, priority, customer } = rule;
  const given = Object.entries(rule.when).filter(([, words]) => words !== undefined);
  return {
    id,
    inboxes: rule.inboxes ?? allInboxes,
    when: Object.fromEntries(given),
    category,
    priority,
    assign: rule.assign ?? null,
    ...(customer === 'reply-to' && { customer }),
  };
}

function moment(text: string, timeZone: string): Instant {
  const at = momentIn(text, timeZone);
  if (at === null) throw new TypeError('bug: the schema let a date pass that is none');
  return at;
}
