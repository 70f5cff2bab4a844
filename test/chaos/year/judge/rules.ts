/**
 * What each clock is set to: one rule for every clock that Baton has. A clock without a rule does not compile, and one
 * that came by another way fails at the start.
 */
import type { ClockName } from '../../../../src/domain/conversation/running-clocks.ts';
import type { Duration } from '../../../../src/domain/instant.ts';
import type { Priority } from '../../../../src/domain/policy.ts';
import { CLOCKS } from '../configure.ts';

export type ClockRule =
  /** A member said when. */
  | { readonly setBy: 'member' }
  /** So much working time of whoever it waits for, or of the inbox; `onWall`: urgent ones run on wall time. */
  | {
      readonly setBy: 'rule';
      readonly hours: 'of-person' | 'of-inbox';
      readonly amount: (priority: Priority) => Duration;
      readonly onWall: boolean;
    };

const ofPerson = (amount: (priority: Priority) => Duration, onWall: boolean): ClockRule => ({
  ...{ setBy: 'rule', hours: 'of-person', amount, onWall },
});

export const ClockRules: Readonly<Record<ClockName, ClockRule>> = {
  accept: ofPerson((priority) => CLOCKS.accept[priority], true),
  handoff: ofPerson((priority) => CLOCKS.handoff[priority], true),
  'last-person': ofPerson(() => CLOCKS.lastPersonReminder, false),
  'answer-warning': {
    ...{ setBy: 'rule', hours: 'of-inbox', onWall: true },
    amount: (priority) => CLOCKS.answer[priority] - CLOCKS.answerWarning[priority],
  },
  answer: {
    ...{ setBy: 'rule', hours: 'of-inbox', onWall: true },
    amount: (priority) => CLOCKS.answer[priority],
  },
  snooze: { setBy: 'member' },
  due: { setBy: 'member' },
  help: ofPerson(() => CLOCKS.help, false),
};
