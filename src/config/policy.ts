/** What the configuration says to the domain: the Policy. Expects a configuration that loadConfig let pass. */
import { allSpellings, withMore } from '../domain/command/spellings/spellings.ts';
import type { Instant } from '../domain/instant.ts';
import type { Inbox, Member, Policy, Rule, Schedule, Team, WorkPattern } from '../domain/policy.ts';
import { patternOn } from '../domain/work-pattern.ts';
import { type HolidayEntry, inForce, toHolidays } from './holidays.ts';
import { toLadders } from './ladders.ts';
import { toCategories } from './learning.ts';
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
    categories: toCategories(config.categories, Object.keys(config.inboxes)),
    learning: config.learning,
    ladders: toLadders(config.ladders),
    clocks: config.clocks,
    pagedInboxes: new Set(
      config.pages === undefined ? [] : (config.pages.inboxes ?? Object.keys(config.inboxes)),
    ),
    caps: config.caps,
    spellings: withMore(allSpellings, config.commands.spellings),
    ...(config.shadow && { shadow: true }),
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
      holidays: toHolidays(inForce(config.defaults.holidays, inbox.holidays)),
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
  const pattern = patternOf(member, config);
  const work = { ...pattern, ...changesOf(member, pattern, config) };
  const instant = (text: string): Instant =>
    moment(text, patternOn({ ...work, absences: [] }, text.slice(0, 10)).timeZone);
  return {
    id,
    name: member.name,
    addresses: member.addresses,
    phone: member.phone ?? null,
    aliases: member.aliases,
    active: true,
    schedule: {
      ...work,
      absences: member.absences.map(({ from, until }) => ({ from: instant(from), until: instant(until) })),
    },
    backup: member.backup ?? null,
    capacity: member.capacity ?? null,
    standingMails: standingMailsOf(member),
  };
}

const patternOf = (member: MemberConfig, config: Config): WorkPattern => ({
  timeZone: zoneOf(member, config),
  week: member.hours ?? config.defaults.hours,
  holidays: toHolidays(inForce(config.defaults.holidays, member.holidays)),
});

/** Each change keeps what it does not name as it was before it. */
function changesOf(member: MemberConfig, first: WorkPattern, config: Config): Pick<Schedule, 'changes'> {
  let before = first;
  const layers: (readonly HolidayEntry[])[] = [config.defaults.holidays, member.holidays];
  const changes = Object.entries(member.from)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([from, { timeZone, hours, holidays }]) => {
      layers.push(holidays);
      before = {
        timeZone: timeZone ?? before.timeZone,
        week: hours ?? before.week,
        holidays: holidays.length === 0 ? before.holidays : toHolidays(inForce(...layers)),
      };
      return { from, ...before };
    });
  return changes.length === 0 ? {} : { changes };
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
