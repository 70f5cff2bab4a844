/**
 * Judges a year by what came of it: events, ledger, mails. It knows the plan, the rules of the office and the calendar
 * on the wall, and shares no code with what it judges.
 */
import type { YearPlan } from '../plan.ts';
import type { YearRecord } from '../record.ts';
import { type Oracle, oracleOf } from '../wall-clock.ts';
import { judgeClocks } from './clocks.ts';
import type { Fault } from './fault.ts';
import { knowing } from './known.ts';
import { judgeMails } from './mails.ts';
import type { Setting } from './page.ts';
import { judgeParked, type ParkedFigures } from './parked.ts';
import { judgeLedger, judgeQuestions } from './people.ts';
import { judgeStanding } from './standing.ts';

export type Verdict = {
  readonly faults: readonly Fault[];
  readonly settings: readonly Setting[];
  readonly parked: ParkedFigures;
};

/** `oracle`: one that was made for this plan before. */
export function judgeYear(
  plan: YearPlan,
  record: YearRecord,
  oracle: Oracle = oracleOf(plan.start, plan.end),
): Verdict {
  const known = knowing(plan, record, oracle);
  const clocks = judgeClocks(known, record.conversations);
  const parked = judgeParked(known, record.parked);
  const faults = [
    ...record.errors.map((detail): Fault => ({ what: 'error', where: 'the run', detail })),
    ...clocks.faults,
    ...record.conversations.flatMap((one) => judgeQuestions(known, one)),
    ...record.conversations.flatMap((one) => judgeLedger(known, one)),
    ...judgeMails(known, record),
    ...parked.faults,
    ...judgeStanding(known, oracle, record),
  ];
  return { faults, settings: clocks.settings, parked: parked.figures };
}
