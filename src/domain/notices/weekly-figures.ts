/** The figures of a weekly report: two small tables, and bars that say nothing which does not stand beside them. */
import { changeOf } from '../weekly-report/change.ts';
import { type Measure, Measures, type Times } from '../weekly-report/figures.ts';
import type { Percentile } from '../weekly-report/percentile.ts';
import type { Cause, Compared, Group, WeeklyReport } from '../weekly-report/report.ts';
import {
  type Bar,
  type Block,
  bars,
  type Cell,
  choice,
  heading,
  muted,
  named,
  own,
  paragraph,
  type Row,
  type Span,
  say,
  strong,
  table,
  words,
} from './doc.ts';
import { shortWords } from './durations.ts';
import { counted } from './parts.ts';
import type { Scene } from './scene.ts';
import { weekWords } from './times.ts';
import { NAME_MAX } from './words.ts';

const Heads: Readonly<Record<Measure, string>> = {
  accept: 'To accept:',
  answer: 'To answer:',
  done: 'To finish:',
};

const Trends: Readonly<Record<Measure, string>> = {
  accept: 'Half accepted within, week by week',
  answer: 'Half answered within, week by week',
  done: 'Half done within, week by week',
};

const NUMBERS = ['', 'week', 'two weeks', 'three weeks', 'four weeks'];

export const theWeeksBefore = ({ compared }: WeeklyReport): string =>
  `the ${NUMBERS[compared] ?? `${compared} weeks`} before`;

export function times(report: WeeklyReport): readonly Block[] {
  const rows = (['half', 'most'] as const).map(
    (share): Row => ({
      label: [own(share === 'half' ? 'Half of all, at most:' : '9 of 10, at most:')],
      note: null,
      cells: Measures.map((measure) => cell(report, report.all, measure, share)),
    }),
  );
  const key = say`In brackets: ${own(theWeeksBefore(report))}. ${ARROWS}.`;
  return [heading(say`How long it took`), table(rows), ...(report.compared === 0 ? [] : [muted(key)])].map(
    (block) => named('times', block),
  );
}

/** Also in plain text, and for whoever cannot tell bold. */
const LONGER = '↑';
const SHORTER = '↓';
const ARROWS = own(`${LONGER} clearly longer than then, ${SHORTER} clearly shorter`);

/** What half of them needed stands out where it is worse than before. */
function cell(
  { compared }: WeeklyReport,
  { week, before }: Compared,
  measure: Measure,
  share: 'half' | 'most',
): Cell {
  const change = share === 'half' ? changeOf(week[measure], before[measure]).is : 'same';
  const said = figure(week[measure][share]);
  const arrow = change === 'worse' ? `\u00a0${LONGER}` : change === 'better' ? `\u00a0${SHORTER}` : '';
  return {
    head: [own(Heads[measure])],
    figure: [change === 'worse' ? strong(`${said}${arrow}`) : own(`${said}${arrow}`)],
    note: compared === 0 ? null : [own(`(${figure(before[measure][share])})`)],
  };
}

const figure = (found: Percentile | null): string =>
  found === null ? NONE : `${found.over ? 'over ' : ''}${shortWords(found.within)}`;

/** None, or too few to say. */
const NONE = '–';

/** Of what has changed most; else of the first answer, which is what people outside see. */
export function trend(
  report: WeeklyReport,
  { measure, isWorse }: { readonly measure: Measure; readonly isWorse: boolean },
): readonly Block[] {
  if (report.compared === 0) return [];
  const shown = report.weeks.slice(-1 - report.compared).map((week) => week[measure]);
  const longest = Math.max(...shown.map(({ half }) => half?.within ?? 0), 1);
  const rows = shown.map((times, index): Bar => {
    const ago = shown.length - 1 - index;
    const share = (times.half?.within ?? 0) / longest;
    return {
      // A date that breaks is read as two.
      label: [own(weekWords(report.date, ago).replaceAll(' ', '\u00a0'))],
      figure: [own(`${figure(times.half)}${few(times)}`)],
      share,
      marked: ago === 0 && isWorse ? share : 0,
      below: [],
    };
  });
  return [heading([own(Trends[measure])]), bars('rows', rows)].map((block) => named('trend', block));
}

const FEW = 10;

/** A bar of three requests looks as sure as one of three hundred. */
const few = ({ count }: Times): string => (count > 0 && count < FEW ? ` (of ${count})` : '');

// ── By team and by category ──

const GROUPS_MAX = 8;

export function groups(scene: Scene, report: WeeklyReport): readonly Block[] {
  const { teams } = scene.view.policy;
  const team = (id: string | null): Span =>
    id === null ? own('No team') : words(teams.get(id)?.name ?? id, NAME_MAX);
  const category = (id: string | null): Span => (id === null ? own('No category') : words(id, NAME_MAX));
  return [
    ...groupBlocks(report, report.teams, 'By team', team).map((block) => named('teams', block)),
    ...groupBlocks(report, report.categories, 'By category', category).map((block) =>
      named('categories', block),
    ),
  ];
}

function groupBlocks(
  report: WeeklyReport,
  all: readonly Group<string>[],
  title: string,
  nameOf: (id: string | null) => Span,
): readonly Block[] {
  if (all.length === 0) return [];
  const rest = all.slice(GROUPS_MAX);
  const left = rest.reduce((sum, { week }) => sum + week.requests, 0);
  const rows = all.slice(0, GROUPS_MAX).map(
    (group): Row => ({
      label: say`${nameOf(group.id)}.`,
      note: [own(groupNote(group))],
      cells: Measures.map((measure) => cell(report, group, measure, 'half')),
    }),
  );
  return [
    heading([own(`${title}, half of all`)]),
    table(rows),
    ...(rest.length === 0
      ? []
      : [muted(say`And ${own(counted(left, 'request'))} of ${own(`${rest.length} more`)}.`)]),
  ];
}

function groupNote({ week: { requests, hands }, escalations }: Group<string>): string {
  const parts = [
    counted(requests, 'request'),
    ...(hands.sum === 0 ? [] : [counted(hands.sum, 'handoff')]),
    ...(escalations.week === 0 ? [] : [`next person asked ${howOften(escalations.week)}`]),
  ];
  return `${parts.join(', ')}.`;
}

// ── Handoffs, and who was asked next ──

export function handoffs(report: WeeklyReport): readonly Block[] {
  const asked = report.causes.reduce((count, { week }) => count + week, 0);
  const why = asked === 0 ? null : say`Whoever was waited for:`;
  const rows = report.causes.map((cause) => causeBar(report, cause));
  return [
    heading(say`Handoffs, and how often the next person was asked`),
    paragraph(changedHands(report), askedNext(report, asked), why),
    ...(asked === 0 ? [] : [bars('rows', rows)]),
  ].map((block) => named('handoffs', block));
}

function changedHands(report: WeeklyReport): readonly Span[] | null {
  const { week, before } = report.all;
  const { once, often, sum } = week.hands;
  if (week.requests === 0) return null;
  const usual = report.compared === 0 ? '' : ` (${ratio(before.hands.sum, before.requests)})`;
  const parts = [
    once === 0 ? null : own(`${once} changed hands once`),
    often === 0 ? null : own(`${often} more often`),
  ].filter((part) => part !== null);
  return parts.length === 0
    ? say`Every request stayed with whoever took it.`
    : say`${choice(parts, 'and')}: ${own(`${ratio(sum, week.requests)} handoffs per request${usual}`)}.`;
}

const ratio = (of: number, count: number): string => (of === 0 ? '0' : (of / Math.max(1, count)).toFixed(2));

function askedNext(report: WeeklyReport, asked: number): readonly Span[] {
  const before = report.causes.reduce((count, cause) => count + cause.before, 0);
  const usual = own(report.compared === 0 ? '' : ` (${perWeek(report, before)} a week before)`);
  if (asked === 0) return say`The next person never had to be asked${usual}.`;
  const { week } = report.last;
  const last = week === 0 ? '' : `; ${howOften(week)} only the last one was left to ask`;
  return say`The next person had to be asked ${own(howOften(asked))}${usual}${own(last)}.`;
}

const howOften = (count: number): string => (count === 1 ? 'once' : count === 2 ? 'twice' : `${count} times`);

const perWeek = ({ compared }: WeeklyReport, count: number): number =>
  Math.round(count / Math.max(1, compared));

/** By the code of the reason; follows "whoever was waited for". */
const Causes: Readonly<Record<string, string>> = {
  'no-answer': 'did not answer in time',
  declined: 'said no',
  unreachable: 'could not be reached',
  absent: 'was away',
  'member-left': 'had left the team',
  'owner-away': 'had it and was away',
  'owner-silent': 'had it and did nothing',
  'answer-missed': 'had it and owed a late answer',
};

function causeBar(report: WeeklyReport, { cause, week, before }: Cause): Bar {
  const most = Math.max(...report.causes.map((one) => one.week), 1);
  const usual = report.compared === 0 ? '' : `\u00a0(${perWeek(report, before)})`;
  return {
    label: [own(Causes[cause] ?? 'was nobody who could take it')],
    figure: [own(`${week}${usual}`)],
    share: week / most,
    marked: 0,
    below: [],
  };
}
