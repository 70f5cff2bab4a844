/** What follows when a question ends without an answer: while it is owned nothing moves, else the next person is asked. */
import type { MemberId } from '../ids.ts';
import type { NoticeBody } from '../notices/notice.ts';
import { mention, type Reason } from '../reason.ts';
import { isHere } from '../roster.ts';
import { askNext } from './asking.ts';
import { climbFurther, isNeeded } from './climbing.ts';
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
    if (by === null) return nextForOwner(step, state.owner, body);
    step.tell(state.owner, body);
    if (by !== state.owner) step.tell(by, body);
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

/** Nobody asked by hand. An owner who is here reads who did not take it where they read who is asked next. */
function nextForOwner(step: Step, owner: MemberId, body: NoticeBody): void {
  if (!isNeeded(step) || !isHere(step.policy, owner, step.now)) step.tell(owner, body);
  climbFurther(step);
}
