/**
 * Every clock that runs for a conversation, each with its name, its instant and whom it waits for. `nextDueAt` is the
 * earliest of them, and what `npx baton clocks` tells is this list: a clock that is not here does not exist.
 */
import type { MemberId } from '../ids.ts';
import type { Instant } from '../instant.ts';
import type { Helper } from './events.ts';
import type { AnswerClock, Conversation } from './state.ts';

export const ClockNames = [
  'accept',
  'handoff',
  'ask-again',
  'last-person',
  'progress',
  'answer-warning',
  'answer',
  'snooze',
  'due',
  'help',
] as const;
export type ClockName = (typeof ClockNames)[number];

export type RunningClock = {
  readonly clock: ClockName;
  readonly at: Instant;
  /** Whose silence it ends, or whom it tells. */
  readonly waitsFor: MemberId | Helper | null;
};

/** In no order; empty for what is done. */
export function runningClocks(state: Conversation): readonly RunningClock[] {
  const { offer, remindAt, snooze, due, helps, accountable } = state;
  const clocks: RunningClock[] = [];
  const run = (clock: ClockName, at: Instant | null, waitsFor: RunningClock['waitsFor']): void => {
    if (at !== null) clocks.push({ clock, at, waitsFor });
  };
  run(offer?.kind === 'handoff' ? 'handoff' : 'accept', offer?.acceptBy ?? null, offer?.to ?? null);
  run('ask-again', offer?.reminders?.[0] ?? null, offer?.to ?? null);
  run('last-person', remindAt, offer?.to ?? null);
  run('progress', progressEnds(state), accountable);
  const answer = runningAnswer(state);
  if (answer !== null)
    run(answer.warnAt === null ? 'answer' : 'answer-warning', answer.warnAt ?? answer.by, accountable);
  run('snooze', snooze?.until ?? null, accountable);
  run('due', due === null || due.told ? null : due.at, accountable);
  for (const { of, remindAt: at } of helps) run('help', at, of);
  return clocks;
}

/**
 * When its owner has been silent for too long. Nobody waits for them while somebody is asked to take it. What was owned
 * before there was this clock is looked at once, at any time.
 */
function progressEnds({ phase, offer, climb, lastEventAt }: Conversation): Instant | null {
  return phase === 'owned' && offer === null ? (climb?.at ?? lastEventAt) : null;
}

/**
 * Once the time that a customer was promised is over, nobody hears of it beside what they hear anyway: an owner of their
 * silence, the last person of what nobody has taken, and whoever was asked since then has their time for that.
 */
function runningAnswer({ answer, phase, climb, remindAt, offer }: Conversation): AnswerClock | null {
  if (answer === null || !answer.missed || answer.by === answer.promised) return answer;
  if (phase === 'owned') return climb === undefined ? answer : null;
  const isAskedSince = offer !== null && offer.askedAt >= answer.by;
  return remindAt !== null || isAskedSince ? null : answer;
}

/** The earliest instant at which a clock of this conversation wants to be looked at; null: none runs. */
export function nextDueAt(state: Conversation): Instant | null {
  const clocks = runningClocks(state);
  return clocks.length === 0 ? null : Math.min(...clocks.map(({ at }) => at));
}
