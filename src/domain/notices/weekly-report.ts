/**
 * The weekly report of managers in words: what took longer or went faster than in the weeks before, how much came and
 * went and what waits still, then the figures (weekly-figures.ts). A week without requests says so in two lines.
 */
import { type Change, changeOf } from '../weekly-report/change.ts';
import { type Measure, Measures } from '../weekly-report/figures.ts';
import type { Percentile } from '../weekly-report/percentile.ts';
import type { Compared, WeekFigures, WeeklyReport } from '../weekly-report/report.ts';
import {
  type Block,
  choice,
  type Doc,
  muted,
  named,
  needed,
  own,
  paragraph,
  type Span,
  say,
  spansOf,
  strong,
} from './doc.ts';
import { longWords } from './durations.ts';
import { learnedBlocks } from './learned-week.ts';
import { counted, footer } from './parts.ts';
import type { Scene } from './scene.ts';
import { weekWords } from './times.ts';
import { groups, handoffs, theWeeksBefore, times, trend } from './weekly-figures.ts';

type Wording = {
  /** `Half of all requests were accepted within …`. */
  readonly who: string;
  readonly got: string;
  readonly notYet: string;
  readonly worse: string;
  readonly better: string;
};

const Wordings: Readonly<Record<Measure, Wording>> = {
  accept: {
    who: 'all requests',
    got: 'were accepted within',
    notYet: 'were not accepted within',
    worse: 'Slower to accept',
    better: 'Faster to accept',
  },
  answer: {
    who: 'those who wrote',
    got: 'had a first answer within',
    notYet: 'had no answer within',
    worse: 'Slower to answer',
    better: 'Faster to answer',
  },
  done: {
    who: 'all requests',
    got: 'were done within',
    notYet: 'were not done within',
    worse: 'Slower to finish',
    better: 'Faster to finish',
  },
};

export function weeklyReportSubject(report: WeeklyReport): string {
  const week = weekWords(report.date, 0);
  if (isQuiet(report)) return `${week}: a quiet week`;
  const [first] = newsOf(report.all);
  const { requests, finished } = lastOf(report);
  const flow = `${requests} came in, ${finished === 0 ? 'none' : finished} finished`;
  return first === undefined
    ? `${week}: ${flow}`
    : `${week}: ${Wordings[first.measure][first.is].toLowerCase()}, ${flow}`;
}

export function weeklyReport(scene: Scene, report: WeeklyReport): Doc {
  if (isQuiet(report)) {
    const nobody = say`No request came in${usualFlow(report)}.`;
    return [needed('news', paragraph(strong('A quiet week.'), nobody, ...leftOver(report))), footer(scene)];
  }
  const news = newsOf(report.all);
  const [first] = news;
  const changed = first && { measure: first.measure, isWorse: first.is === 'worse' };
  return [
    needed('news', opening(report, news)),
    ...restOfNews(report, news),
    ...flow(report),
    ...times(report),
    ...trend(report, changed ?? { measure: 'answer', isWorse: false }),
    ...groups(scene, report),
    ...handoffs(report),
    ...learnedBlocks(scene, report.learned),
    named('counting', HowCounted),
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

// ── What got worse or better ──

type News = { readonly measure: Measure } & Extract<Change, { is: 'better' | 'worse' }>;

/** What got worse comes first, and of each what has changed most. */
const newsOf = ({ week, before }: Compared): readonly News[] =>
  Measures.flatMap((measure): News[] => {
    const change = changeOf(week[measure], before[measure]);
    return change.is === 'better' || change.is === 'worse' ? [{ measure, ...change }] : [];
  }).sort((a, b) => (a.is === b.is ? b.factor - a.factor : a.is === 'worse' ? -1 : 1));

function opening(report: WeeklyReport, [first]: readonly News[]): Block {
  return first === undefined
    ? paragraph(strong(`${likeness(report)}.`), steady(report, 'Half', Measures))
    : paragraph(...newsWords(report, first));
}

/** What has changed besides, and what has not. */
function restOfNews(report: WeeklyReport, news: readonly News[]): readonly Block[] {
  if (news.length === 0) return [];
  const { week, before } = report.all;
  const how = (measure: Measure): Change['is'] => changeOf(week[measure], before[measure]).is;
  const blocks = [
    ...news.slice(1).map((one) => newsWords(report, one)),
    [
      steady(
        report,
        'As before, half',
        Measures.filter((measure) => how(measure) === 'same'),
      ),
    ],
    [
      steady(
        report,
        'Half',
        Measures.filter((measure) => how(measure) === 'unknown'),
      ),
    ],
  ].map((sentences) => named('news', paragraph(...sentences)));
  return blocks.filter((block) => spansOf(block).length > 0);
}

/** `Slower to answer. Half of those who wrote had a first answer within 3 hours, 1 hour more than in the four weeks before.` */
function newsWords(report: WeeklyReport, { measure, is, by, atLeast }: News): readonly (readonly Span[])[] {
  const more = `${atLeast ? 'at least ' : ''}${longWords(by)} ${is === 'worse' ? 'more' : 'less'}`;
  return [
    [strong(`${Wordings[measure][is]}.`)],
    say`Half of ${halfWords(measure, report.all.week[measure].half)}, ${own(more)} than in ${own(theWeeksBefore(report))}.`,
  ];
}

/** `all requests were accepted within 22 minutes`. */
function halfWords(measure: Measure, half: Percentile | null): Span {
  const { who, got, notYet } = Wordings[measure];
  return own(half === null ? who : `${who} ${half.over ? notYet : got} ${longWords(half.within)}`);
}

/** `Half of all requests were accepted within 22 minutes, and half of all requests were done within 7 hours.` */
function steady({ all }: WeeklyReport, half: string, measures: readonly Measure[]): readonly Span[] | null {
  const known = measures.filter((measure) => all.week[measure].half !== null);
  const parts = known.map((measure) => halfWords(measure, all.week[measure].half));
  if (parts.length === 0) return null;
  const [first, ...others] = parts;
  return say`${own(half)} of ${choice([first ?? null, ...others.map((part) => say`half of ${part}`)], 'and')}.`;
}

function likeness(report: WeeklyReport): string {
  const { week, before } = report.all;
  if (report.compared === 0) return 'The first week';
  const isLike = Measures.some((measure) => changeOf(week[measure], before[measure]).is === 'same');
  return isLike ? `A week like ${theWeeksBefore(report)}` : 'Too few requests to compare weeks by';
}

// ── How much came and went, and what waits still ──

function flow(report: WeeklyReport): readonly Block[] {
  const came = say`${own(`${counted(lastOf(report).requests, 'request')} came in`)}${usualFlow(report)}.`;
  const rest = [stillWaiting(report), urgent(report)].filter((line) => line !== null);
  const blocks = [paragraph(came, ...leftOver(report)), ...(rest.length === 0 ? [] : [paragraph(...rest)])];
  return blocks.map((block) => named('flow', block));
}

/** ` (58 a week in the four weeks before)`. Counts alone are told as a mean: nobody waits for a count. */
function usualFlow(report: WeeklyReport): readonly Span[] | null {
  if (report.compared === 0) return null;
  const earlier = report.weeks.slice(0, -1).slice(-report.compared);
  const usual = Math.round(earlier.reduce((sum, { requests }) => sum + requests, 0) / report.compared);
  const each = report.compared === 1 ? String(usual) : `${usual} a week`;
  return say` (${own(each)} in ${own(theWeeksBefore(report))})`;
}

function leftOver(report: WeeklyReport): readonly (readonly Span[])[] {
  const { finished, reopened, open } = lastOf(report);
  const again = reopened === 0 ? '' : `, ${reopened} ${were(reopened)} opened again`;
  const by = open - (report.weeks.at(-2)?.open ?? open);
  const than = by === 0 ? 'as many as' : `${Math.abs(by)} ${by > 0 ? 'more' : 'fewer'} than`;
  const isNone = open === 0 && by === 0;
  const change = report.compared === 0 || isNone ? '' : `, ${than} a week before`;
  return [
    say`${own(`${finished === 0 ? 'Nothing' : finished} ${were(finished || 1)} finished${again}`)}.`,
    say`At the end of the week ${own(`${open === 0 ? 'nothing' : open} ${were(open || 1)} open${change}`)}.`,
  ];
}

/** Named apart, so that nobody has to guess what the times leave open. */
function stillWaiting({ all: { week } }: WeeklyReport): readonly Span[] | null {
  const { accept, answer, done, unanswered } = week;
  const parts = [
    accept.waiting === 0 ? null : `${accept.waiting} had nobody yet`,
    answer.waiting === 0 ? null : `${answer.waiting} had no answer yet`,
    done.waiting === 0 ? null : `${done.waiting} ${were(done.waiting)} not done yet`,
    unanswered === 0 ? null : `${unanswered} ${were(unanswered)} finished without an answer`,
  ].flatMap((part) => (part === null ? [] : [own(part)]));
  return parts.length === 0 ? null : say`Of those that came, ${choice(parts, 'and')}.`;
}

function urgent({ urgent: found }: WeeklyReport): readonly Span[] | null {
  if (found === null) return null;
  const { requests, accept, answer, done } = found.week;
  const halves = [
    ['accepted', accept],
    ['answered', answer],
    ['done', done],
  ] as const;
  const parts = halves.flatMap(([what, { half }]) =>
    half === null ? [] : [own(`${half.over ? 'not ' : ''}${what} within ${longWords(half.within)}`)],
  );
  return say`${own(`${requests} ${were(requests)} urgent`)}: ${own(requests === 1 ? '' : 'half of them ')}${choice(parts, 'and')}.`;
}

const were = (count: number): string => (count === 1 ? 'was' : 'were');

/** One line, for whoever wants to check a figure by hand. */
const HowCounted = muted(
  say`Times are in the working hours of the inbox, of urgent requests by day and night. What still waits counts with the time that it has waited.`,
);
