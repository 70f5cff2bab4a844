/**
 * The weekly report as data: how long people waited, how often requests changed hands and why others had to be asked, in
 * one week and in the four before it. It is cut at one instant and holds ids, numbers and instants alone; words are added
 * when it is sent (notices/weekly-report.ts).
 *
 * There are figures of teams and of categories, and none of people. What a person gets differs in kind and is decided by
 * rules and chance, so that with a person's few requests a week a ranking would be of luck, and whoever is ranked learns
 * to accept what they cannot do and to finish what is not done. Who has how much at the moment, which is what a manager
 * can act on, stands in the daily digest.
 */
import type { InboxId, TeamId } from '../ids.ts';
import type { Instant } from '../instant.ts';
import { assignNamed } from '../ladder.ts';
import type { PlainDate, Policy } from '../policy.ts';
import type {
  About,
  EscalationFacts,
  Flow,
  RequestFacts,
  Week,
  WeeklyFacts,
  WeeklyQuestion,
} from './facts.ts';
import { type Figures, figuresOf, type Times } from './figures.ts';
import { type LearnedWeek, learnedWeek } from './learned.ts';
import { type Measured, measure } from './measure.ts';

export type WeeklyReport = {
  /** The reader's date; the week ends with the day before. */
  readonly date: PlainDate;
  readonly at: Instant;
  readonly inboxes: readonly InboxId[];
  /** The reported week and, in order before it, those that it is compared with. */
  readonly weeks: readonly WeekFigures[];
  /** With how many weeks it is compared: those before the first request ever do not count. */
  readonly compared: number;
  readonly all: Compared;
  /** Null when none was urgent. */
  readonly urgent: Compared | null;
  /** The most requests first. Empty when there is only one. */
  readonly teams: readonly Group<TeamId>[];
  readonly categories: readonly Group<string>[];
  /** Why others had to be asked, the most frequent first. */
  readonly causes: readonly Cause[];
  /** How often nobody was left to ask but the last person. */
  readonly last: Count;
  /** Absent: nothing was learned, or there is nothing to say of it. */
  readonly learned?: LearnedWeek;
};

export type WeekFigures = Flow & {
  readonly from: Instant;
  readonly until: Instant;
  readonly requests: number;
  readonly accept: Times;
  readonly answer: Times;
  readonly done: Times;
};

/** In the reported week, and in all weeks before it together. */
export type Compared = { readonly week: Figures; readonly before: Figures };
export type Count = { readonly week: number; readonly before: number };

/** `id` null: of no team, or of no category. */
export type Group<Id extends string> = Compared & { readonly id: Id | null; readonly escalations: Count };
export type Cause = Count & { readonly cause: string };

type Counted = { readonly request: RequestFacts; readonly week: number; readonly measured: Measured };
type Escalated = { readonly escalation: EscalationFacts; readonly week: number };

export type ReportFor = {
  readonly policy: Policy;
  readonly date: PlainDate;
  readonly at: Instant;
  readonly question: WeeklyQuestion;
};

export function makeReport(facts: WeeklyFacts, { policy, date, at, question }: ReportFor): WeeklyReport {
  const { weeks, inboxes } = question;
  const counted = facts.requests.flatMap((request): Counted[] => {
    const week = weekOf(weeks, request.openedAt);
    const seen = weeks[week]?.seen;
    const measured = seen === undefined ? null : measure(policy, request, seen);
    return measured === null ? [] : [{ request, week, measured }];
  });
  const escalated = facts.escalations.flatMap((escalation): Escalated[] => {
    const week = weekOf(weeks, escalation.at);
    return week < 0 ? [] : [{ escalation, week }];
  });
  const last = weeks.length - 1;
  const first = weeks.findIndex((_, index) => counted.some(({ week }) => week === index));
  const urgent = counted.filter(({ request }) => request.priority === 'urgent');
  const all = { counted, escalated, last };
  const learned = learnedWeek(facts.learned, policy);
  return {
    date,
    at,
    inboxes,
    weeks: weeks.map((week, index) => weekFigures(week, index, counted, facts.flow[index])),
    compared: first < 0 ? 0 : last - first,
    all: compared(counted, last),
    urgent: urgent.some(({ week }) => week === last) ? compared(urgent, last) : null,
    teams: groupsBy(all, (about) => teamOf(policy, about)),
    categories: groupsBy(all, ({ category }) => category),
    causes: causesOf(escalated, last),
    last: countOf(
      escalated.filter(({ escalation }) => escalation.last),
      last,
    ),
    ...(learned !== null && { learned }),
  };
}

/** Which of them an instant lies in; -1: in none. */
const weekOf = (weeks: readonly Week[], at: Instant): number =>
  weeks.findIndex(({ from, until }) => from <= at && at < until);

function weekFigures(
  week: Week,
  index: number,
  counted: readonly Counted[],
  flow: Flow | undefined,
): WeekFigures {
  if (flow === undefined) throw new Error('bug: each week that was asked for has its flow');
  const ofWeek = counted.filter((one) => one.week === index);
  const { requests, accept, answer, done } = figuresOf(ofWeek.map(({ measured }) => measured));
  return { from: week.from, until: week.until, ...flow, requests, accept, answer, done };
}

const compared = (counted: readonly Counted[], last: number): Compared => ({
  week: figuresOf(counted.filter(({ week }) => week === last).map(({ measured }) => measured)),
  before: figuresOf(counted.filter(({ week }) => week < last).map(({ measured }) => measured)),
});

const countOf = (all: readonly { readonly week: number }[], last: number): Count => ({
  week: all.filter(({ week }) => week === last).length,
  before: all.filter(({ week }) => week < last).length,
});

/**
 * The team that the request's rule, or else its category, names; without one, the first team of whoever owns it or,
 * while nobody does, of the member named there. One at most, so that no request is counted in two.
 */
export function teamOf(
  policy: Policy,
  { ruleId, category, owner }: Pick<About, 'ruleId' | 'category' | 'owner'>,
): TeamId | null {
  const assign = assignNamed(policy, { ruleId, category });
  if (assign?.type === 'team') return assign.team;
  const member = owner ?? assign?.member ?? null;
  if (member === null) return null;
  return [...policy.teams.values()].find(({ members }) => members.includes(member))?.id ?? null;
}

type All = {
  readonly counted: readonly Counted[];
  readonly escalated: readonly Escalated[];
  readonly last: number;
};

function groupsBy<Id extends string>(
  { counted, escalated, last }: All,
  idOf: (about: About) => Id | null,
): readonly Group<Id>[] {
  const requests = Map.groupBy(counted, ({ request }) => idOf(request));
  const escalations = Map.groupBy(escalated, ({ escalation }) => idOf(escalation));
  const groups = [...new Set([...requests.keys(), ...escalations.keys()])].map((id) => ({
    id,
    ...compared(requests.get(id) ?? [], last),
    escalations: countOf(escalations.get(id) ?? [], last),
  }));
  const present = groups.filter(({ week, escalations }) => week.requests > 0 || escalations.week > 0);
  if (present.length < 2) return [];
  return present.sort((a, b) => b.week.requests - a.week.requests || (order(a.id) < order(b.id) ? -1 : 1));
}

/** What belongs to none comes behind its equals. */
const order = (id: string | null): string => id ?? '\uffff';

function causesOf(escalated: readonly Escalated[], last: number): readonly Cause[] {
  return [...Map.groupBy(escalated, ({ escalation }) => escalation.cause)]
    .map(([cause, all]) => ({ cause, ...countOf(all, last) }))
    .sort((a, b) => b.week - a.week || b.before - a.before || (a.cause < b.cause ? -1 : 1));
}
