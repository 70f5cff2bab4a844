/** `baton people`: the team, what each has in hand, who is away and who covers, and whether mail reaches them. */
import type { Command } from 'commander';
import { postgresPeopleList } from '../adapters/db/people-list.ts';
import { postgresRequests } from '../adapters/db/requests.ts';
import { type PersonNow, peopleNow } from '../app/people-now.ts';
import type { Instant } from '../domain/instant.ts';
import { timeWords } from '../domain/notices/times.ts';
import { configOption } from './config-option.ts';
import { teamNamed } from './named.ts';
import { answer, answerJson, isoOrNull, type Reading, type ReadingOptions, reading } from './reading.ts';
import { safeLine } from './safe-text.ts';
import { type Cell, type Column, fittedTable } from './table.ts';
import { colourOption } from './terminal.ts';

type Options = ReadingOptions & { readonly team?: string };

const HELP = `
"ready" is who has sent an order that was believed: mail goes there and comes back proved. Who is "not heard" has not
answered any mail of Baton yet.

Examples:
  npx baton people
  npx baton people --team plumbing
  npx baton people --json | jq -r '.people[] | select(.mail != "ready") | .id'`;

export function addPeople(program: Command): void {
  program
    .command('people')
    .description('tell what each teammate has in hand, who is away, and whom mail reaches')
    .addOption(configOption())
    .option('--team <team>', 'only this team')
    .option('--json', 'answer as JSON')
    .addOption(colourOption())
    .addHelpText('after', HELP)
    .action((options: Options) => reading('people', options, (here) => run(here, options)));
}

async function run(here: Reading, { team, json }: Options): Promise<void> {
  const { pool, time, policy, now } = here;
  const requests = postgresRequests({ pool, time, policy: () => policy });
  const list = postgresPeopleList({ pool, time, requests });
  const everybody = peopleNow(policy, await list.members(), await list.absences(), now);
  const members = team === undefined ? null : teamNamed(policy, team);
  const people = everybody.filter(({ id }) => members === null || members.includes(id));
  if (json) answerJson({ people: people.map(toJson) });
  else answer(inWords(people, here));
}

export const toJson = (person: PersonNow) => ({
  id: person.id,
  name: person.name,
  left: person.hasLeft,
  answersFor: person.answersFor,
  owns: person.owns,
  asked: person.asked,
  stuck: person.stuck,
  teams: person.teams,
  manages: person.manages,
  frontDeskOf: person.frontDeskOf,
  awayUntil: isoOrNull(person.awayUntil),
  coveredBy: person.coveredBy,
  covers: person.covers,
  working: person.isWorking,
  worksAgainAt: isoOrNull(person.worksAgainAt),
  mail: person.mail,
  lastOrderAt: isoOrNull(person.lastOrderAt),
  unreachedSince: isoOrNull(person.unreachedSince),
});

const COLUMNS: readonly Column[] = [
  { head: 'Teammate', gives: 'ellipsis', unimportance: 1, least: 12 },
  { head: 'Answers' },
  { head: 'Owns' },
  { head: 'Asked' },
  { head: 'Stuck' },
  { head: 'Now', gives: 'wrap', unimportance: 2, least: 20 },
  { head: 'Part', gives: 'wrap', unimportance: 3, least: 28, isOptional: true },
  { head: 'Mail' },
];

type Reader = Pick<Reading, 'now' | 'timeZone' | 'nameOf' | 'terminal'>;

export function inWords(people: readonly PersonNow[], reader: Reader): string[] {
  const { paint, columns } = reader.terminal;
  const rows = people.map((person): Cell[] => [
    { text: safeLine(person.name), style: paint.strong },
    person.answersFor,
    person.owns,
    person.asked,
    person.stuck === 0 ? 0 : { text: person.stuck, style: paint.bad },
    whereWords(person, reader),
    partWords(person),
    mailCell(person, reader),
  ]);
  const here = people.filter(({ hasLeft }) => !hasLeft);
  const ready = here.filter(({ mail }) => mail === 'ready').length;
  return [...fittedTable(COLUMNS, rows, columns, paint.soft), '', `${ready} of ${here.length} are ready.`];
}

function whereWords(person: PersonNow, { now, timeZone, nameOf, terminal }: Reader): Cell {
  const { good, warning, soft } = terminal.paint;
  const time = (at: Instant): string => timeWords(at, now, timeZone);
  if (person.hasLeft) return { text: 'has left', style: warning };
  if (person.awayUntil !== null) {
    const cover = person.coveredBy === null ? '' : `, ${safeLine(nameOf(person.coveredBy))} covers`;
    return { text: `away until ${time(person.awayUntil)}${cover}`, style: warning };
  }
  if (person.isWorking) return { text: 'at work', style: good };
  return {
    text: person.worksAgainAt === null ? 'no working time' : `from ${time(person.worksAgainAt)}`,
    style: soft,
  };
}

function partWords({ teams, frontDeskOf, manages }: PersonNow): string {
  return [
    ...(frontDeskOf.length === 0 ? [] : [`front desk of ${frontDeskOf.join(', ')}`]),
    ...(manages.length === 0 ? [] : [`manager of ${manages.join(', ')}`]),
    ...teams,
  ].join('; ');
}

function mailCell({ mail, hasLeft }: PersonNow, { terminal }: Reader): Cell {
  const { good, bad, warning } = terminal.paint;
  if (hasLeft) return '';
  const cells: Readonly<Record<PersonNow['mail'], Cell>> = {
    ready: { text: 'ready', style: good },
    unheard: { text: 'not heard', style: warning },
    unreached: { text: 'comes back', style: bad },
  };
  return cells[mail];
}
