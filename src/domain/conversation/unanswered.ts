/** What follows when a question ends without an answer: while it is owned nothing moves, else the next person is asked. */
import type { MemberId } from '../ids.ts';
import { mention, type Reason } from '../reason.ts';
import { askNext } from './asking.ts';
import { offerToStandIn } from './clocks.ts';
import type { Step } from './step.ts';

export const away = (member: MemberId): Reason => ({
  code: 'absent',
  sentence: `${mention(member)} is away`,
});

/** An offer ended without an answer: while it is owned nothing moves and who asked is told, else the ladder goes on. */
export function afterUnanswered(
  step: Step,
  to: MemberId,
  by: MemberId | null,
  outcome: 'lapsed' | 'unreachable' | 'absent' | 'member-left',
): void {
  const { state } = step;
  const body = { kind: 'handoff-outcome', to, outcome, note: null, passedTo: null } as const;
  if (state.owner !== null) {
    step.tell(state.owner, body);
    if (by !== state.owner && by !== null) step.tell(by, body);
    // Nobody asked by hand: its owner is away, and the next who stands in for them is asked.
    if (by === null) offerToStandIn(step, state.owner, to);
    return;
  }
  if (by !== null && by !== state.accountable) step.tell(by, body);
  const reasons = {
    lapsed: { code: 'no-answer', sentence: `${mention(to)} did not answer in time` },
    unreachable: { code: 'unreachable', sentence: `${mention(to)} could not be reached` },
    absent: away(to),
    'member-left': { code: 'member-left', sentence: `${mention(to)} has left` },
  };
  askNext(step, reasons[outcome]);
}
