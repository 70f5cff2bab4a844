/** What a weekly report is made of, from the tables of the memory store. */
import type { ConversationEvent } from '../../../src/domain/conversation/events.ts';
import type {
  About,
  EscalationFacts,
  Flow,
  RequestFacts,
  Turn,
  Week,
  WeeklyFacts,
  WeeklyQuestion,
} from '../../../src/domain/weekly-report/facts.ts';
import type { ConversationRow, Tables } from './tables.ts';

export function readWeeks(tables: Tables, { inboxes, weeks }: WeeklyQuestion): WeeklyFacts {
  const from = Math.min(...weeks.map((week) => week.from));
  // What was done before them and is still has no part in any.
  const rows = tables.conversations.values().filter(({ state: { inboxId, phase, lastEventAt } }) => {
    return inboxes.includes(inboxId) && (phase !== 'done' || lastEventAt >= from);
  });
  return {
    requests: rows.flatMap((row) => requestFacts(row, weeks)),
    escalations: rows.flatMap((row) => escalationFacts(row, weeks)),
    flow: weeks.map((week) => flowOf(rows, week)),
    // No models are kept in memory, so none was ever made or lowered.
    learned: {
      requests: rows.flatMap((row) => sureOf(row, weeks.at(-1))),
      ...{ lowered: null, failedAt: null },
    },
  };
}

function sureOf({ events }: ConversationRow, week: Week | undefined): ConversationEvent[][] {
  if (week === undefined) return [];
  const isSure = events.some(
    (event) => event.type === 'classified' && event.proposal?.sure === true && isIn([week], event),
  );
  return isSure ? [events.filter(({ at }) => at <= week.seen)] : [];
}

const isIn = (weeks: readonly Week[], { at }: Pick<ConversationEvent, 'at'>): boolean =>
  weeks.some(({ from, until }) => from <= at && at < until);

const aboutOf = ({ state }: ConversationRow): About => ({
  inboxId: state.inboxId,
  category: state.classified?.category ?? null,
  priority: state.priority,
  ruleId: state.classified?.ruleId ?? null,
  owner: state.owner,
});

function requestFacts(row: ConversationRow, weeks: readonly Week[]): RequestFacts[] {
  const seen = weeks.at(-1)?.seen ?? 0;
  const came = row.events.find((event) => event.type === 'arrived' && isIn(weeks, event));
  if (came?.type !== 'arrived') return [];
  const events = row.events.filter(({ at }) => at <= seen);
  const answer = events.find(({ type }) => type === 'replied' || type === 'answered-directly');
  return [
    {
      id: row.state.id,
      ...aboutOf(row),
      openedAt: came.at,
      person: came.person,
      accepted: events.flatMap((event) =>
        event.type === 'accepted' ? [{ at: event.at, by: event.by }] : [],
      ),
      answeredAt: answer?.at ?? null,
      turns: events.flatMap((event) => turnOf(event)),
    },
  ];
}

function turnOf(event: ConversationEvent): { at: number; to: Turn }[] {
  if (event.type === 'done') return [{ at: event.at, to: event.as }];
  return event.type === 'reopened' ? [{ at: event.at, to: 'reopened' }] : [];
}

const escalationFacts = (row: ConversationRow, weeks: readonly Week[]): EscalationFacts[] =>
  row.events.flatMap((event) => {
    if (event.type !== 'offered' || event.kind === 'offer' || event.by !== null || !isIn(weeks, event))
      return [];
    const { at, rung, acceptBy, reason } = event;
    return [{ id: row.state.id, ...aboutOf(row), at, cause: reason.code, rung, last: acceptBy === null }];
  });

function flowOf(rows: readonly ConversationRow[], week: Week): Flow {
  const turns = rows.flatMap(({ events }) => events.filter((event) => isIn([week], event)).flatMap(turnOf));
  const isOpen = ({ events }: ConversationRow): boolean => {
    const until = events.filter(
      ({ at, type }) => at < week.until && ['arrived', 'done', 'reopened'].includes(type),
    );
    return until.length > 0 && until.at(-1)?.type !== 'done';
  };
  return {
    finished: turns.filter(({ to }) => to === 'finished').length,
    reopened: turns.filter(({ to }) => to === 'reopened').length,
    open: rows.filter(isOpen).length,
  };
}
