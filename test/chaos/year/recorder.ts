/** Keeps what comes out of a year while it is lived, for the judge. */
import type { ToldAbsence } from '../../../src/domain/absences.ts';
import { runningClocks } from '../../../src/domain/conversation/running-clocks.ts';
import type { Instant } from '../../../src/domain/instant.ts';
import type { Office } from './office.ts';
import type { ToldRecord, YearRecord } from './record.ts';

export type Recorder = {
  delivered(key: string, at: Instant): void;
  /** Answers whether anything was told since the last time. */
  told(absences: readonly ToldAbsence[], at: Instant): boolean;
  record(office: Office, counts: Pick<YearRecord, 'ticks' | 'letters'>): YearRecord;
};

export function recorder(): Recorder {
  const deliveries: { key: string; at: Instant }[] = [];
  const history: ToldRecord[] = [];
  const latest = new Map<number, { row: ToldAbsence; index: number }>();

  return {
    delivered: (key, at) => void deliveries.push({ key, at }),
    told(absences, at) {
      let isNew = false;
      for (const row of absences) {
        const known = latest.get(row.id);
        // Rows are replaced, never changed.
        if (known?.row === row) continue;
        isNew = true;
        const before = known === undefined ? undefined : history[known.index];
        if (known !== undefined && before !== undefined) history[known.index] = { ...before, replacedAt: at };
        const { id, member, from, until, endedAt } = row;
        const end = endedAt ?? until;
        latest.set(id, { row, index: history.length });
        history.push({ id, member, from, until: end, since: at, replacedAt: null });
      }
      return isNew;
    },
    record: ({ store, errors }, counts) => ({
      conversations: store.conversations().map((state) => ({
        id: state.id,
        phase: state.phase,
        storedAt: store.message(firstMessage(store.events(state.id))).storedAt,
        events: store.events(state.id),
        ledger: store.ledger(state.id),
        running: runningClocks(state).map(({ clock, at }) => ({ clock, at })),
      })),
      parked: store.parked().map(({ id }) => ({ id, events: store.parkedEvents(id) })),
      notices: store.outbox().map(({ notice, key, state, settledAt, code }) => ({
        ...{ notice, key, state, settledAt, code },
      })),
      deliveries,
      told: history,
      errors,
      ...counts,
    }),
  };
}

function firstMessage([first]: ReturnType<Office['store']['events']>): number {
  if (first?.type !== 'arrived') throw new Error('a request begins with its arrival');
  return first.messageId;
}
