/** A year as a table that a person wants to read. */
import { table } from '../../../src/cli/table.ts';
import { DAY, type Duration, HOUR, MINUTE, SECOND } from '../../../src/domain/instant.ts';
import type { Figures } from './figures.ts';
import { type Fault, FaultCodes } from './judge/fault.ts';
import { isInTeam, type YearPlan } from './plan.ts';

/** How many faults are shown of each kind. */
const SHOWN = 5;

export function yearTable(plan: YearPlan, figures: Figures, faults: readonly Fault[]): string[] {
  const { requests, open, letters, mails, events, ticks, toAccept, clocks, escalations, standing } = figures;
  const days = Math.round((plan.end - plan.start) / DAY);
  return [
    `${days} days, ${peopleOf(plan)}, ${grouped(requests)} requests (${grouped(open)} still open)`,
    `${grouped(letters)} mails in, ${grouped(mails)} out, ${grouped(events)} events, ${grouped(ticks)} ticks at which anything could be due`,
    `accepted after ${length(toAccept.median)} (median, nights and weekends counted), ${length(toAccept.most)} at most`,
    Object.entries(standing)
      .map(([kind, count]) => `${grouped(count)} ${kind.replace('-', ' ')}s`)
      .join(', '),
    '',
    ...table(
      ['clock', 'set', 'fired', 'ended by people', 'running', 'late, median', 'at most', 'after downtime'],
      clocks.map(({ clock, set, fired, answered, running, lateness, latestAfterDowntime }) => [
        ...[clock, set, fired, answered, running],
        ...(fired === 0 ? ['', '', ''] : [length(lateness.median), length(lateness.most)]),
        ...(fired === 0 ? [] : [latestAfterDowntime === 0 ? '' : length(latestAfterDowntime)]),
      ]),
    ),
    '',
    ...table(['asked', 'times'], Object.entries(escalations)),
    '',
    ...judgement(faults),
  ];
}

/** Some leave in the course of a year and others come. */
function peopleOf(plan: YearPlan): string {
  const atFirst = plan.people.filter((person) => isInTeam(person, plan.start)).length;
  const all = plan.people.length;
  return atFirst === all
    ? `${all} people`
    : `${atFirst} people at a time (${all} in all, since some leave and others come)`;
}

function judgement(faults: readonly Fault[]): string[] {
  if (faults.length === 0)
    return [
      'Every clock fired once, none before its time and none more than a tick late.',
      'Nobody who is away was asked while another was left, somebody answered for every request at every instant,',
      'and nobody was told twice.',
    ];
  return Object.entries(FaultCodes).flatMap(([code, words]) => {
    const found = faults.filter(({ what }) => what === code);
    if (found.length === 0) return [];
    const shown = found.slice(0, SHOWN).map(({ where, detail }) => `  ${where}: ${detail}`);
    return [`${found.length} times ${words}`, ...shown];
  });
}

const grouped = (count: number): string => count.toLocaleString('en-US');

/** Two units are enough for anybody. */
export function length(duration: Duration): string {
  if (duration < MINUTE) return `${(duration / SECOND).toFixed(1)} s`;
  if (duration < HOUR) return `${Math.round(duration / MINUTE)} min`;
  if (duration < 2 * DAY)
    return `${Math.floor(duration / HOUR)} h ${Math.round((duration % HOUR) / MINUTE)} min`;
  return `${(duration / DAY).toFixed(1)} days`;
}
