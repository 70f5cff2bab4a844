/** The clock of mails that could not be read, by the same measure: set right, fired once, with somebody who is here. */
import type { MemberId } from '../../../../src/domain/ids.ts';
import { type Instant, toIso } from '../../../../src/domain/instant.ts';
import type { ParkedEvent } from '../../../../src/domain/parked/parked.ts';
import { CLOCKS, FINAL } from '../configure.ts';
import type { YearRecord } from '../record.ts';
import type { Fault, FaultCode } from './fault.ts';
import { type Known, STEP_MAX } from './known.ts';

type Watch = { readonly to: MemberId; readonly due: Instant; readonly setAt: Instant };
export type ParkedFigures = {
  set: number;
  answered: number;
  open: number;
  readonly fired: { readonly due: Instant; readonly at: Instant }[];
};

export function judgeParked(
  known: Known,
  parked: YearRecord['parked'],
): { figures: ParkedFigures; faults: Fault[] } {
  const figures: ParkedFigures = { set: 0, answered: 0, open: 0, fired: [] };
  const faults: Fault[] = [];
  for (const { id, events } of parked) {
    const fault = (what: FaultCode, { seq }: ParkedEvent, detail: string): void =>
      void faults.push({ what, where: `parked mail ${id}, event ${seq}`, detail });
    let running: Watch | null = null;
    let to: MemberId = '';
    const end = (event: ParkedEvent, hasFired: boolean): void => {
      if (running === null) return fault('fired-twice', event, `${event.type}: nothing was running`);
      if (hasFired && event.at < running.due) fault('early', event, `due ${toIso(running.due)}`);
      if (event.at > known.tickFor(Math.max(running.due, running.setAt)) + STEP_MAX)
        fault(hasFired ? 'late' : 'missed', event, `due ${toIso(running.due)}`);
      if (hasFired) figures.fired.push({ due: running.due, at: event.at });
      else figures.answered += 1;
      running = null;
    };
    const set = (event: ParkedEvent & { due: Instant; rung: string }): void => {
      figures.set += 1;
      running = { to, due: event.due, setAt: event.at };
      const amount =
        event.rung === 'final' || event.type === 'reminded' ? CLOCKS.lastPersonReminder : CLOCKS.parked;
      const rightly = known.inHoursOf(to, event.at, event.at, amount);
      if (Math.abs(rightly - event.due) > STEP_MAX)
        fault('wrong-due', event, `should be ${toIso(rightly)}, is ${toIso(event.due)}`);
    };
    for (const event of events) {
      if (event.type === 'moved' || event.type === 'reminded')
        end(event, event.type === 'reminded' || event.why === 'silent');
      if (event.type === 'decided') end(event, false);
      if (event.type === 'set-aside' || event.type === 'moved') {
        to = event.to;
        if (!known.isHere(to, event.at) && FINAL.some((one) => known.isHere(one, event.at)))
          fault('rung-on-absent', event, `${event.type} to ${to}`);
      }
      if (event.type === 'set-aside' || event.type === 'moved' || event.type === 'reminded') set(event);
    }
    const left = running as Watch | null;
    if (left === null) continue;
    figures.open += 1;
    if (known.tickFor(left.due) < known.plan.end)
      faults.push({ what: 'missed', where: `parked mail ${id}`, detail: `due ${toIso(left.due)}` });
  }
  return { figures, faults };
}
