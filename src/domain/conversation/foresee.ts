/**
 * What time alone would do to a request: its clocks run out one after the other, and each time `decide` says what
 * follows. Nothing is written; what somebody does meanwhile, and who goes away, is not foreseen.
 */
import type { Instant } from '../instant.ts';
import type { Policy } from '../policy.ts';
import { decide } from './decide.ts';
import { nextDueAt, type RunningClock, runningClocks } from './running-clocks.ts';
import type { Conversation } from './state.ts';
import type { Decision } from './step.ts';

/** One look of the clock at a request. */
export type Ring = {
  /** When it is looked at: a clock that ran out before `now` is seen to now. */
  readonly at: Instant;
  /** Which clocks have run out by then, earliest first. */
  readonly clocks: readonly RunningClock[];
  readonly decision: Decision;
};

export type Foreseen = {
  readonly rings: readonly Ring[];
  /** The state at the end. */
  readonly after: Conversation;
  /** False: there were more rings than were asked for. */
  readonly isWhole: boolean;
};

/** Everything that rings from `now` until then, at most `max` times: a reminder may come for ever. */
export function foresee(
  policy: Policy,
  before: Conversation,
  span: { readonly now: Instant; readonly until: Instant; readonly max: number },
): Foreseen {
  const { now, until, max } = span;
  const rings: Ring[] = [];
  let after = before;
  for (let due = nextDueAt(after); due !== null && due <= until; due = nextDueAt(after)) {
    if (rings.length === max) return { rings, after, isWhole: false };
    const at = Math.max(due, now);
    const clocks = runningClocks(after)
      .filter((clock) => clock.at <= at)
      .sort((a, b) => a.at - b.at);
    const decision = decide(after, { type: 'tick' }, at, policy);
    rings.push({ at, clocks, decision });
    after = decision.state;
  }
  return { rings, after, isWhole: true };
}
