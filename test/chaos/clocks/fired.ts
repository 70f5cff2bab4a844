/**
 * Which clocks fired, read off the history of each request: an event after which a clock that had run out runs no more,
 * or has been set anew, is that clock having fired. Nothing here asks who let it fire.
 */
import type { ConversationEvent } from '../../../src/domain/conversation/events.ts';
import { evolve } from '../../../src/domain/conversation/evolve.ts';
import {
  type ClockName,
  type RunningClock,
  runningClocks,
} from '../../../src/domain/conversation/running-clocks.ts';
import type { Conversation } from '../../../src/domain/conversation/state.ts';
import type { Instant } from '../../../src/domain/instant.ts';

export type Fired = { readonly clock: ClockName; readonly due: Instant; readonly at: Instant };

/** What a clock leaves behind when it fires; anything else that ends one was done by somebody. */
const BY_TIME: Readonly<Partial<Record<ConversationEvent['type'], readonly ClockName[]>>> = {
  lapsed: ['accept', 'handoff'],
  'asked-again': ['ask-again'],
  reminded: ['last-person'],
  climbed: ['progress'],
  'answer-warned': ['answer-warning'],
  'answer-missed': ['answer', 'answer-warning'],
  'snooze-ended': ['snooze'],
  'due-reached': ['due'],
  'help-reminded': ['help'],
  'help-silent': ['help'],
};

export type History = {
  readonly fired: readonly Fired[];
  /** Events that only a clock makes, at a time at which none had run out. */
  readonly early: readonly string[];
};

export function historyOf(events: readonly ConversationEvent[]): History {
  const fired: Fired[] = [];
  const early: string[] = [];
  let state: Conversation | null = null;
  for (const event of events) {
    const before: readonly RunningClock[] = state === null ? [] : runningClocks(state);
    state = evolve(state, event);
    const names = BY_TIME[event.type];
    if (names === undefined || (event.type === 'snooze-ended' && event.why !== 'time')) continue;
    const after = new Set(runningClocks(state).map(({ clock, at }) => `${clock}@${at}`));
    const over = before.filter((one) => names.includes(one.clock) && !after.has(`${one.clock}@${one.at}`));
    const due = over.filter(({ at }) => at <= event.at);
    if (due.length > 0) fired.push(...due.map(({ clock, at }) => ({ clock, due: at, at: event.at })));
    // A rung is climbed as well when whoever was asked in its place says nothing.
    else if (event.type !== 'climbed')
      early.push(`#${event.conversationId} ${event.type} at event ${event.seq}`);
  }
  return { fired, early };
}
