/**
 * What the parts of the configuration say about each other: every name that is used must exist, and nothing may
 * contradict something else. Works on the plain tree and passes over whatever the schema objects to, so that one
 * slip does not hide another.
 */
import { valueAt } from './issues.ts';
import { ladderFaults } from './ladder-faults.ts';
import { loginFaults, mailboxAt } from './login-faults.ts';
import { didYouMean, type Finding, list, type Path } from './problems.ts';
import type { Source } from './source.ts';
import { spellingFaults } from './spellings.ts';
import { isTimeZone, momentIn, parseAddress, parseAssign } from './values.ts';

type Section = Readonly<Record<string, unknown>>;

const asSection = (value: unknown): Section =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Section) : {};
const asList = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

type Told = { readonly value: string; readonly path: Path };

/** The texts at a place, be it one or a list. */
function textsAt(tree: unknown, path: Path): Told[] {
  const value = valueAt(tree, path);
  if (typeof value === 'string') return [{ value, path }];
  return asList(value).flatMap((item, index) =>
    typeof item === 'string' ? [{ value: item, path: [...path, index] }] : [],
  );
}

/** Everything that does not fit together. */
export function checkRelations(source: Source): Finding[] {
  const { tree } = source;
  return [
    ...memberReferences(source),
    ...inboxReferences(source),
    ...teamReferences(source),
    ...backupCycles(tree),
    ...addressClashes(tree),
    ...aliasClashes(tree),
    ...alarmsToInboxes(tree),
    ...mailboxClashes(tree),
    ...ruleFaults(tree),
    ...covers(tree),
    ...loginFaults(tree),
    ...absences(tree),
    ...repeated(tree),
    ...ladderFaults(tree),
    ...spellingFaults(tree),
  ];
}

const idsOf = (tree: unknown, section: string): string[] => Object.keys(asSection(valueAt(tree, [section])));

const PEOPLE_OF_AN_INBOX: readonly Path[] = [
  ['triageLead'],
  ['triageLead', 'weekly'],
  ['onCall'],
  ['onCall', 'weekly'],
  ['managers'],
  ['finalManager'],
  ['finalManagerCover'],
];

function memberReferences(source: Source): Finding[] {
  const { tree } = source;
  const places: Path[] = [
    ...idsOf(tree, 'inboxes').flatMap((id) => PEOPLE_OF_AN_INBOX.map((tail) => ['inboxes', id, ...tail])),
    ...idsOf(tree, 'members').map((id) => ['members', id, 'backup']),
    ...idsOf(tree, 'teams').map((id) => ['teams', id, 'members']),
  ];
  const used = [...places.flatMap((path) => textsAt(tree, path)), ...assigned(tree, 'member')];
  return unknown(source, used, 'member', 'members', memberNames(tree));
}

/** What somebody may have written in place of an id: the person's name or another name of theirs. */
function memberNames(tree: unknown): Map<string, string> {
  const names = new Map<string, string>();
  for (const id of idsOf(tree, 'members')) {
    const told = [...textsAt(tree, ['members', id, 'name']), ...textsAt(tree, ['members', id, 'aliases'])];
    for (const { value } of told) names.set(value.toLowerCase(), id);
  }
  return names;
}

function inboxReferences(source: Source): Finding[] {
  const rules = asList(valueAt(source.tree, ['rules']));
  const used = [
    ...rules.flatMap((_, index) => textsAt(source.tree, ['rules', index, 'inboxes'])),
    ...idsOf(source.tree, 'categories').flatMap((id) => textsAt(source.tree, ['categories', id, 'inboxes'])),
    ...textsAt(source.tree, ['canary', 'inboxes']),
    ...onLadders(source.tree, 'inbox'),
    ...textsAt(source.tree, ['pages', 'inboxes']),
  ];
  return unknown(source, used, 'inbox', 'inboxes', new Map());
}

const teamReferences = (source: Source): Finding[] => {
  const used = [...assigned(source.tree, 'team'), ...onLadders(source.tree, 'team')];
  return unknown(source, used, 'team', 'teams', new Map());
};

const onLadders = (tree: unknown, condition: 'inbox' | 'team'): Told[] =>
  asList(valueAt(tree, ['ladders'])).flatMap((_, index) =>
    textsAt(tree, ['ladders', index, 'when', condition]),
  );

function assigned(tree: unknown, type: 'member' | 'team'): Told[] {
  const places: Path[] = [
    ...asList(valueAt(tree, ['rules'])).map((_, index) => ['rules', index, 'assign']),
    ...idsOf(tree, 'categories').map((id) => ['categories', id, 'assign']),
  ];
  return places.flatMap((path) => {
    const value = valueAt(tree, path);
    const { team } = asSection(value);
    if (typeof team === 'string') return type === 'team' ? [{ value: team, path: [...path, 'team'] }] : [];
    if (typeof value !== 'string') return [];
    const assign = parseAssign(value);
    return assign.type === type
      ? [{ value: assign.type === 'team' ? assign.team : assign.member, path }]
      : [];
  });
}

function unknown(
  source: Source,
  used: readonly Told[],
  word: string,
  section: string,
  names: ReadonlyMap<string, string>,
): Finding[] {
  const given = valueAt(source.tree, [section]);
  // A section that is not one is told elsewhere; every name in the file would be unknown because of it.
  if (given !== undefined && asSection(given) !== given) return [];
  const ids = idsOf(source.tree, section);
  if (ids.length === 0 && section !== 'teams') return [];
  return used
    .filter(({ value }) => !ids.includes(value))
    .map(({ value, path }) => {
      const named = names.get(value.toLowerCase());
      const hint = named === undefined ? didYouMean(value, ids) : `Did you mean "${named}"? `;
      const known = ids.length === 0 ? `There is no ${word} yet.` : `Known ${section}: ${list(ids)}.`;
      const quoted =
        source.quote(path) === `"${valueAt(source.tree, path)}"` ? `"${value}"` : source.quote(path);
      return { path, message: `no ${word} is called ${quoted}`, remedy: `${hint}${known}` };
    });
}

function backupCycles(tree: unknown): Finding[] {
  const backupOf = (id: string): string | undefined => textsAt(tree, ['members', id, 'backup'])[0]?.value;
  const seen = new Set<string>();
  const findings: Finding[] = [];
  for (const start of idsOf(tree, 'members')) {
    const chain: string[] = [];
    for (let id: string | undefined = start; id !== undefined && !seen.has(id); id = backupOf(id)) {
      seen.add(id);
      chain.push(id);
    }
    const again = backupOf(chain.at(-1) ?? '');
    const cycle = again === undefined ? [] : chain.slice(chain.indexOf(again));
    if (again === undefined || !chain.includes(again)) continue;
    const message =
      cycle.length === 1
        ? `${again} is their own backup`
        : `the backups go in a circle: ${[...cycle, again].join(' → ')}`;
    const remedy = 'Leave the backup of one of them out; after the last one the final manager is asked.';
    findings.push({ path: ['members', again, 'backup'], message, remedy });
  }
  return findings;
}

function addressClashes(tree: unknown): Finding[] {
  const holders = new Map<string, { what: string; id: string }>();
  const findings: Finding[] = [];
  const claim = ({ value, path }: Told, what: string, id: string): void => {
    const address = parseAddress(value);
    if (address === null) return;
    const holder = holders.get(address);
    if (holder === undefined) holders.set(address, { what, id });
    else findings.push({ path, ...clash(holder, what, id) });
  };
  for (const id of idsOf(tree, 'inboxes')) {
    for (const told of textsAt(tree, ['inboxes', id, 'address'])) claim(told, 'inbox', id);
  }
  for (const id of idsOf(tree, 'members')) {
    for (const told of textsAt(tree, ['members', id, 'addresses'])) claim(told, 'member', id);
  }
  return findings;
}

function clash(holder: { what: string; id: string }, what: string, id: string): Omit<Finding, 'path'> {
  if (holder.what === 'inbox' && what === 'member') {
    const message = `this is the address of the inbox "${holder.id}"`;
    return {
      message,
      remedy: "Give the member's own address: mail to members must not come back as requests.",
    };
  }
  if (holder.id === id) return { message: 'this address stands here twice', remedy: 'Keep it once.' };
  const remedy =
    what === 'inbox'
      ? 'Give each inbox an address of its own; one inbox can have rules for several kinds of mail.'
      : 'Give each member an address of their own: it tells who answered.';
  return { message: `the ${what} "${holder.id}" has the same address`, remedy };
}

/** Somebody who types it would only ever be asked whom they mean. */
function aliasClashes(tree: unknown): Finding[] {
  const holders = new Map<string, string>();
  return idsOf(tree, 'members').flatMap((id) =>
    textsAt(tree, ['members', id, 'aliases']).flatMap(({ value, path }) => {
      const alias = value.trim().toLowerCase();
      const holder = holders.get(alias);
      holders.set(alias, holder ?? id);
      if (holder === undefined) return [];
      if (holder === id) return [{ path, message: 'this alias stands here twice', remedy: 'Keep it once.' }];
      const message = `the member "${holder}" has the same alias`;
      return [{ path, message, remedy: 'Keep it for one of them: it tells who is meant.' }];
    }),
  );
}

/** What an inbox that is not read is sent tells nobody, and becomes a request once it is read again. */
function alarmsToInboxes(tree: unknown): Finding[] {
  const inboxes = new Map(
    idsOf(tree, 'inboxes').flatMap((id) =>
      textsAt(tree, ['inboxes', id, 'address']).map(({ value }) => [parseAddress(value), id] as const),
    ),
  );
  return textsAt(tree, ['alarm', 'mail', 'to']).flatMap(({ value, path }) => {
    const address = parseAddress(value);
    const inbox = address === null ? undefined : inboxes.get(address);
    if (inbox === undefined) return [];
    const message = `this is the address of the inbox "${inbox}"`;
    return [{ path, message, remedy: "Give a person's address, best at another mail server." }];
  });
}

/** Two inboxes that read one folder would each take up every mail in it. */
function mailboxClashes(tree: unknown): Finding[] {
  const first = new Map<string, string>();
  return idsOf(tree, 'inboxes').flatMap((id) => {
    const known = mailboxAt(tree, id);
    if (known === null) return [];
    const { host, port, user } = known;
    const folder = textsAt(tree, ['inboxes', id, 'folders', 'inbox'])[0]?.value ?? 'INBOX';
    const mailbox = [host, port, user, folder].join('\n');
    const other = first.get(mailbox);
    first.set(mailbox, other ?? id);
    if (other === undefined) return [];
    const message = `the inbox "${other}" reads the same folder of the same mailbox`;
    return [
      { path: ['inboxes', id, 'imap'], message, remedy: 'Give each inbox a mailbox or a folder of its own.' },
    ];
  });
}

/** An empty section, such as `header: {}`, asks for nothing. */
const saysSomething = (condition: unknown): boolean =>
  condition !== asSection(condition) || Object.keys(condition as Section).length > 0;

function ruleFaults(tree: unknown): Finding[] {
  const seen = new Set<string>();
  return asList(valueAt(tree, ['rules'])).flatMap((rule, index) => {
    const findings: Finding[] = [];
    const { id, when } = asSection(rule);
    if (typeof id === 'string') {
      const remedy =
        'Give each rule an id of its own: it is shown as the reason for what happened to a mail.';
      if (seen.has(id))
        findings.push({ path: ['rules', index, 'id'], message: 'another rule has this id', remedy });
      seen.add(id);
    }
    if (when === asSection(when) && !Object.values(asSection(when)).some(saysSomething)) {
      const message = 'this rule has no condition, so it would hold for every mail';
      const remedy =
        'Add from, domain, to, subject, body, header or attachment. Mail without a rule goes to the triage lead.';
      findings.push({ path: ['rules', index, 'when'], message, remedy });
    }
    return findings;
  });
}

const covers = (tree: unknown): Finding[] =>
  idsOf(tree, 'inboxes').flatMap((id) => {
    const [manager] = textsAt(tree, ['inboxes', id, 'finalManager']);
    const [cover] = textsAt(tree, ['inboxes', id, 'finalManagerCover']);
    if (manager === undefined || manager.value !== cover?.value) return [];
    return [
      {
        path: cover.path,
        message: 'the final manager cannot be their own cover',
        remedy: 'Name somebody else.',
      },
    ];
  });

function absences(tree: unknown): Finding[] {
  const zoneOf = (path: Path): string | undefined =>
    textsAt(tree, path).find(({ value }) => isTimeZone(value))?.value;
  return idsOf(tree, 'members').flatMap((id) => {
    const zone = zoneOf(['members', id, 'timeZone']) ?? zoneOf(['defaults', 'timeZone']) ?? 'UTC';
    return asList(valueAt(tree, ['members', id, 'absences'])).flatMap((absence, index) => {
      const { from, until } = asSection(absence);
      if (typeof from !== 'string' || typeof until !== 'string') return [];
      const [start, end] = [momentIn(from, zone), momentIn(until, zone)];
      if (start === null || end === null || start < end) return [];
      const message = 'this absence ends before it begins';
      const remedy =
        'until is the day of return: one day away on 2026-08-03 is {from: 2026-08-03, until: 2026-08-04}.';
      return [{ path: ['members', id, 'absences', index, 'until'], message, remedy }];
    });
  });
}

/** Being named twice in a team would mean being asked twice as often, which nobody writes on purpose. */
const repeated = (tree: unknown): Finding[] =>
  idsOf(tree, 'teams').flatMap((id) => {
    const members = textsAt(tree, ['teams', id, 'members']);
    return members
      .filter(({ value }, index) => members.findIndex((other) => other.value === value) < index)
      .map(({ path }) => ({
        path,
        message: 'this member is already in the team',
        remedy: 'Keep the first mention.',
      }));
  });
