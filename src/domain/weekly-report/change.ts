/** Whether a week went better or worse than those before, and nothing at all where that would be read out of chance. */
import { type Duration, MINUTE } from '../instant.ts';
import { FEW, type Times } from './figures.ts';

/** `same`: no difference that is worth a word. `unknown`: there is nothing to compare, or too little. */
export type Change =
  | {
      readonly is: 'better' | 'worse';
      readonly by: Duration;
      readonly atLeast: boolean;
      readonly factor: number;
    }
  | { readonly is: 'same' | 'unknown' };

/** A fifth more or less is a week like another. */
const NOTABLE_SHARE = 0.2;
/** Nobody cares for less, however large a part of almost nothing it is. */
const NOTABLE: Duration = 5 * MINUTE;

/** By the time within which half of them got it. */
export function changeOf(week: Times, before: Times): Change {
  if (week.count < FEW || before.count < FEW || week.half === null || before.half === null) {
    return { is: 'unknown' };
  }
  const by = week.half.within - before.half.within;
  // "Longer than two hours" is more than one hour for sure; whether it is more than three nobody knows.
  if (before.half.over || (week.half.over && by < 0)) return { is: 'unknown' };
  if (Math.abs(by) < Math.max(NOTABLE, NOTABLE_SHARE * before.half.within)) {
    return { is: week.half.over ? 'unknown' : 'same' };
  }
  const [more, less] =
    by > 0 ? [week.half.within, before.half.within] : [before.half.within, week.half.within];
  return {
    is: by > 0 ? 'worse' : 'better',
    by: Math.abs(by),
    atLeast: week.half.over,
    factor: more / Math.max(less, MINUTE),
  };
}
