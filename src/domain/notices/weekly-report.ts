import { type Change, changeOf } from '../weekly-report/change.ts';
import type { Times } from '../weekly-report/figures.ts';
import type { Percentile } from '../weekly-report/percentile.ts';
import type { Cause, Compared, WeekFigures, WeeklyReport } from '../weekly-report/report.ts';
import {
  type Block,
  bars,
  type Cell,
  choice,
  type Doc,
  heading,
  muted,
  named,
  needed,
  own,
  paragraph,
  type Row,
  type Span,
  say,
  strong,
  table,
  words,
} from './doc.ts';
import { longWords, shortWords } from './durations.ts';
import { counted, footer } from './parts.ts';
import type { Scene } from './scene.ts';
import { weekWords } from './times.ts';
import { NAME_MAX } from './words.ts';

/** What is timed, in the order in which it happens to a request. */
const Measures = ['accept', 'answer', 'done'] as const;
type Measure = (typeof Measures)[number];

type Wording = {
  readonly who: string;
  /** Follows `who`, before the time. */
  readonly got: string;
  readonly notYet: string;
  readonly column: string;
  readonly worse: string;
  readonly better: string;
};

const Wordings: Readonly<Record<Measure, Wording>> = {
  accept: {
    who: 'all requests',
    got: 'were accepted within',
    notYet: 'were not accepted within',
    column: 'Until accepted',
    worse: 'Taken later',
    better: 'Taken faster',
  },
  answer: {
    who: 'those who wrote',
    got: 'had a first answer within',
    notYet: 'had no answer within',
    column: 'Until answered',
    worse: 'Slower to answer',
    better: 'Faster to answer',
  },
  done: {
    who: 'all requests',
    got: 'were done within',
    notYet: 'were not done within',
    column: 'Until done',
    worse: 'Slower to finish',
    better: 'Faster to finish',
  },
};

export function weeklyReportSubject(report: WeeklyReport): string {
  const week = weekWords(report.date, 0);
  const last = lastOf(report);
  if (isQuiet(report)) return `${week}: a quiet week`;
  const flow = `${last.requests} came in, ${last.finished} finished`;
  const [first] = news(report.all);
  return first === undefined
    ? `${week}: ${flow}`
    : `${week}: ${lower(Wordings[first.measure][first.is])}, ${flow}`;
}

export function weeklyReport(scene: Scene, report: WeeklyReport): Doc {
  const isEmpty = isQuiet(report);
  return [
    needed('news', isEmpty ? paragraph(strong('A quiet week.'), say`No request came in.`) : opening(report)),
    ...(isEmpty ? [] : restOfNews(report)),
    named('flow', paragraph(...flow(report))),
    ...(isEmpty ? [] : [...times(report), ...trend(report), ...groups(scene, report), ...passedOn(report)]),
    named('counting', muted(...howCounted(report))),
    footer(scene),
  ];
}

const lastOf = ({ weeks }: WeeklyReport): WeekFigures => {
  const last = weeks.at(-1);
  if (last === undefined) throw new Error('bug: a weekly report is about a week');
  return last;
};

const isQuiet = ({ all, causes }: WeeklyReport): boolean =>
  all.week.requests === 0 && causes.every(({ week }) => week === 0);

const lower = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);

// ── What got better or worse ──

type News = { readonly measure: Measure } & Extract<Change, { is: 'better' | 'worse' }>;

/** What got worse comes first, and of each what has changed most. */
function news({ week, before }: Compared): readonly News[] {
  return Measures.flatMap((measure): News[] => {
    const change = changeOf(week[measure], before[measure]);
    return change.is === 'better' || change.is === 'worse' ? [{ measure, ...change }] : [];
  }).sort((a, b) => (a.is === b.is ? b.factor - a.factor : a.is === 'worse' ? -1 : 1));
}

function opening(report: WeeklyReport): Block {
  const [first] = news(report.all);
  if (first !== undefined) return paragraph(...newsWords(report, first));
  const { week, before } = report.all;
  const isCompared = Measures.some((measure) => changeOf(week[measure], before[measure]).is === 'same');
  const what = isCompared
    ? `A week like ${theWeeksBefore(report)}.`
    : `${counted(week.requests, 'request')} came in.`;
  return paragraph(strong(what), steady(report, Measures));
}

/** What has changed besides the first, and what has not. */
function restOfNews(report: WeeklyReport): readonly Block[] {
  const all = news(report.all);
  if (all.length === 0) return [];
  const changed = all.map(({ measure }) => measure);
  const others = Measures.filter((measure) => !changed.includes(measure));
  const lines = all.slice(1).map((one) => paragraph(...newsWords(report, one)));
  const rest = others.length === 0 ? [] : [paragraph(say`Otherwise: ${lowerFirst(steady(report, others))}`)];
  return [...lines, ...rest].map((block) => named('news', block));
}

const lowerFirst = ([first, ...rest]: readonly Span[]): readonly Span[] =>
  first === undefined ? [] : [{ ...first, text: lower(first.text) }, ...rest];

function newsWords(report: WeeklyReport, { measure, is, by, atLeast }: News): readonly (readonly Span[])[] {
  const { half } = report.all.week[measure];
  const least = atLeast ? 'at least ' : '';
  const more = `${least}${longWords(by)} ${is === 'worse' ? 'more' : 'less'}`;
  return [
    [strong(`${Wordings[measure][is]}.`)],
    say`Half of ${halfWords(measure, half)}, ${own(more)} than in ${own(theWeeksBefore(report))}.`,
  ];
}

/** `all requests were accepted within 22 minutes`. */
function halfWords(measure: Measure, half: Percentile | null): Span {
  const { who, got, notYet } = Wordings[measure];
  return own(half === null ? who : `${who} ${half.over ? notYet : got} ${longWords(half.within)}`);
}

/** `Half of all requests were accepted within 22 minutes, and half were done within 7 hours.` */
function steady({ all }: WeeklyReport, measures: readonly Measure[]): readonly Span[] {
  const known = measures.filter((measure) => all.week[measure].half !== null);
  if (known.length === 0) return [];
  const parts = known.map((measure) => [halfWords(measure, all.week[measure].half)]);
  return say`Half of ${choice(
    parts.map((part, index) => (index === 0 ? part : say`half of ${part}`)),
    'and',
  )}.`;
}

function theWeeksBefore({ compared }: WeeklyReport): string {
  const Numbers = ['', '', 'two ', 'three ', 'four '];
  return compared === 1 ? 'the week before' : `the ${Numbers[compared] ?? ''}weeks before`;
}

// ── How much came and went ──

function flow(report: WeeklyReport): readonly (readonly Span[] | null)[] {
  const last = lastOf(report);
  const earlier = report.weeks.slice(0, -1).slice(-report.compared || report.weeks.length);
  const usual = report.compared === 0 ? null : mean(earlier.map(({ requests }) => requests));
  const came = usual === null ? null : say` (${own(`${usual} a week`)} in ${own(theWeeksBefore(report))})`;
  const again =
    last.reopened === 0 ? '' : `, ${last.reopened} ${last.reopened === 1 ? 'was' : 'were'} opened again`;
  const opened = report.weeks.at(-2)?.open ?? last.open;
  const by = last.open - opened;
  const than = by === 0 ? 'as many as' : `${Math.abs(by)} ${by > 0 ? 'more' : 'fewer'} than`;
  return [
    say`${own(`${counted(last.requests, 'request')} came in`)}${came}, ${own(`${last.finished} ${last.finished === 1 ? 'was' : 'were'} finished${again}`)}.`,
    say`At the end of the week ${own(`${last.open} ${last.open === 1 ? 'was' : 'were'} open, ${than}`)} a week before.`,
    stillWaiting(report),
    urgent(report),
  ];
}

/** Counts alone are told as a mean: nobody waits for a count. */
const mean = (numbers: readonly number[]): number =>
  Math.round(numbers.reduce((sum, one) => sum + one, 0) / Math.max(1, numbers.length));

/** Named apart, so that nobody has to guess what the times above leave open. */
function stillWaiting({ all: { week } }: WeeklyReport): readonly Span[] | null {
  const { accept, answer, done, unanswered } = week;
  const parts = [
    accept.waiting === 0 ? null : `${accept.waiting} had nobody yet`,
    answer.waiting === 0 ? null : `${answer.waiting} had no answer yet`,
    done.waiting === 0 ? null : `${done.waiting} ${done.waiting === 1 ? 'was' : 'were'} not done yet`,
    unanswered === 0 ? null : `${unanswered} ${unanswered === 1 ? 'was' : 'were'} finished without an answer`,
  ].flatMap((part) => (part === null ? [] : [own(part)]));
  return parts.length === 0 ? null : say`Of those that came, ${choice(parts, 'and')}.`;
}

function urgent({ urgent: found }: WeeklyReport): readonly Span[] | null {
  if (found === null) return null;
  const { requests, accept, answer, done } = found.week;
  const parts = [
    [accept.half, 'accepted'] as const,
    [answer.half, 'answered'] as const,
    [done.half, 'done'] as const,
  ].flatMap(([half, what]) => (half === null ? [] : [own(`${what} ${within(half)}`)]));
  return say`${own(`${requests} ${requests === 1 ? 'was' : 'were'} urgent`)}: half ${choice(parts, 'and')}, by day and night.`;
}

const within = ({ within: time, over }: Percentile): string =>
  over ? `not within ${shortWords(time)}` : `within ${shortWords(time)}`;

// ── The figures ──

function times(report: WeeklyReport): readonly Block[] {
  const { week, before } = report.all;
  const rows = Measures.map(
    (measure): Row => ({
      label: [own(Wordings[measure].column)],
      note: null,
      cells: [
        cell(report, week[measure].half, before[measure].half),
        cell(report, week[measure].most, before[measure].most),
      ],
    }),
  );
  return [
    heading(say`How long it took`),
    table([say`Half within`, say`9 of 10 within`], rows),
    ...(report.compared === 0 ? [] : [muted(say`In brackets: ${own(theWeeksBefore(report))}.`)]),
  ].map((block) => named('times', block));
}

function cell({ compared }: WeeklyReport, now: Percentile | null, before: Percentile | null): Cell {
  return {
    figure: [own(figure(now))],
    note: compared === 0 ? null : [own(`(${figure(before)})`)],
  };
}

const figure = (found: Percentile | null): string =>
  found === null ? NONE : `${found.over ? 'over ' : ''}${shortWords(found.within)}`;

/** Too few to say, or none. */
const NONE = '–';

/** Of what has changed most; else of the first answer, which is what people outside see. */
function trend(report: WeeklyReport): readonly Block[] {
  if (report.compared === 0) return [];
  const [first] = news(report.all);
  const measure = first?.measure ?? 'answer';
  const shown = report.weeks.slice(-1 - report.compared);
  const longest = Math.max(...shown.map((week) => week[measure].half?.within ?? 0), 1);
  const rows = shown.map((week, index) => {
    const ago = shown.length - 1 - index;
    const share = (week[measure].half?.within ?? 0) / longest;
    const isLate = ago === 0 && first?.is === 'worse';
    return {
      label: [own(weekWords(report.date, ago))],
      figure: [own(`${figure(week[measure].half)}${few(week[measure])}`)],
      share,
      marked: isLate ? share : 0,
      below: [],
    };
  });
  const { column } = Wordings[measure];
  return [heading(say`${own(column)}, half within, week by week`), bars('rows', rows)].map((block) =>
    named('trend', block),
  );
}

/** A bar of three requests is no trend. */
const few = ({ count }: Times): string => (count > 0 && count < 10 ? ` (of ${count})` : '');

// ── By team and by category ──

const GROUPS_MAX = 8;

function groups(scene: Scene, report: WeeklyReport): readonly Block[] {
  const { teams } = scene.view.policy;
  const teamName = (id: string | null): Span =>
    id === null ? own('No team') : words(teams.get(id)?.name ?? id, NAME_MAX);
  const category = (id: string | null): Span => (id === null ? own('No category') : words(id, NAME_MAX));
  return [
    ...groupBlocks(report, say`By team`, report.teams, teamName, 'team'),
    ...groupBlocks(report, say`By category`, report.categories, category, 'category'),
  ];
}

function groupBlocks(
  report: WeeklyReport,
  title: readonly Span[],
  all: WeeklyReport['teams'],
  nameOf: (id: string | null) => Span,
  what: string,
): readonly Block[] {
  if (all.length === 0) return [];
  const rest = all.slice(GROUPS_MAX);
  const left = rest.reduce((sum, { week }) => sum + week.requests, 0);
  const rows = all.slice(0, GROUPS_MAX).map((group): Row => {
    const { id, week, before, escalations } = group;
    const parts = [
      counted(week.requests, 'request'),
      week.hands.sum === 0 ? null : `${week.hands.sum} passed on`,
      escalations.week === 0 ? null : `${escalations.week} asked on`,
    ].filter((part) => part !== null);
    return {
      label: [nameOf(id)],
      note: [own(parts.join(', '))],
      cells: Measures.map((measure) => cell(report, week[measure].half, before[measure].half)),
    };
  });
  const columns = Measures.map((measure) => [own(Wordings[measure].column)]);
  const more =
    rest.length === 0
      ? []
      : [muted(say`And ${own(counted(left, 'request'))} of ${own(String(rest.length))} more.`)];
  return [heading(title), table(columns, rows), ...more].map((block) => named(what, block));
}

// ── Passed on, and asked again ──

function passedOn(report: WeeklyReport): readonly Block[] {
  const { week, before } = report.all;
  const { never, once, often, sum } = week.hands;
  const parts = [
    own(`${never} stayed with one person`),
    once === 0 ? null : own(`${once} changed hands once`),
    often === 0 ? null : own(`${often} more often`),
  ].filter((part) => part !== null);
  const usual =
    report.compared === 0 ? '' : `, ${ratio(before.hands.sum, before.requests)} in ${theWeeksBefore(report)}`;
  const hands =
    week.requests === 0
      ? null
      : say`${choice(parts, 'and')}: ${own(`${ratio(sum, week.requests)} handoffs per request${usual}`)}.`;
  const asked = report.causes.reduce((count, cause) => count + cause.week, 0);
  return [
    heading(say`Passed on and asked on`),
    paragraph(hands, ...askedOn(report, asked)),
    ...(asked === 0
      ? []
      : [
          bars(
            'rows',
            report.causes.map((cause) => causeBar(report, cause)),
          ),
        ]),
  ].map((block) => named('passed-on', block));
}

const ratio = (of: number, count: number): string => (of / Math.max(1, count)).toFixed(of === 0 ? 0 : 2);

function askedOn(report: WeeklyReport, asked: number): readonly (readonly Span[])[] {
  const before = report.causes.reduce((count, cause) => count + cause.before, 0);
  const usual = report.compared === 0 ? '' : ` (${perWeek(report, before)} a week before)`;
  if (asked === 0) return [say`Nobody else had to be asked${own(usual)}.`];
  const last = report.last.week;
  const end =
    last === 0 ? null : say`, ${own(last === 1 ? 'once' : `${last} times`)} the last person there is`;
  return [
    say`${own(asked === 1 ? 'Once' : `${asked} times`)} somebody else had to be asked${own(usual)}${end}, because whoever was waited for`,
  ];
}

const perWeek = ({ compared }: WeeklyReport, count: number): number =>
  Math.round(count / Math.max(1, compared));

/** What follows "because whoever was waited for". */
const Causes: Readonly<Record<string, string>> = {
  'no-answer': 'did not answer in time',
  declined: 'said no',
  unreachable: 'could not be reached',
  absent: 'was away',
  'member-left': 'had left the team',
  'owner-away': 'owns it and was away',
  'owner-silent': 'owns it and did nothing',
  'answer-missed': 'owed an answer that was late',
};

function causeBar(report: WeeklyReport, { cause, week, before }: Cause) {
  const most = Math.max(...report.causes.map((one) => one.week), 1);
  const usual = report.compared === 0 ? '' : ` (${perWeek(report, before)})`;
  return {
    label: [own(Causes[cause] ?? 'was nobody who could be asked')],
    figure: [own(`${week}${usual}`)],
    share: week / most,
    marked: 0,
    below: [],
  };
}

function howCounted({ compared }: WeeklyReport): readonly (readonly Span[])[] {
  return [
    say`How it is counted: by the working hours of the inbox, urgent requests by day and night.`,
    say`What still waits counts with the time that it has waited${own(compared === 0 ? '' : ', and each week as it stood when its own report was made')}.`,
    say`Of fewer than 5 there is no 9 of 10. Teams and categories, not people: who has how much is in the daily digest.`,
  ];
}
