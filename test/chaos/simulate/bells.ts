/**
 * Doorbells on their way, as Redis has them: they outlive processes, may be lost, doubled, late and out of order, ring
 * again when whoever answered fails, and again or never when they die over it.
 */
import type { Bell } from '../../../src/app/ports/queue.ts';
import { type Instant, SECOND } from '../../../src/domain/instant.ts';
import type { Dice } from './dice.ts';
import type { Faults } from './faults.ts';

export type Ringing = { readonly bell: Bell; readonly ids: readonly number[]; readonly attempt: number };

export type Bells = {
  ring(bell: Bell, ids: readonly number[], now: Instant): void;
  /** Whoever answered has failed. */
  again(ringing: Ringing, now: Instant): void;
  /** Whoever answered has died. */
  orphaned(ringing: Ringing, now: Instant): void;
  /** One of those that ring by now, taken away; null: none does. */
  take(now: Instant): Ringing | null;
  nextAt(): Instant;
};

const IDS_PER_BELL_MAX = 100;
/** As the real queue has it: with a second before the first, from the ninth on the sweep rings. */
const ATTEMPTS_MAX = 8;
/** After so long a queue believes that whoever answers is dead. */
const STALLED = 60 * SECOND;

export function bellsOf(dice: Dice, faults: Faults): Bells {
  let waiting: (Ringing & { readonly at: Instant })[] = [];
  const add = (ringing: Ringing, at: Instant): void => void waiting.push({ ...ringing, at });
  return {
    ring(bell, ids, now) {
      for (let from = 0; from < ids.length; from += IDS_PER_BELL_MAX) {
        const ringing = { bell, ids: ids.slice(from, from + IDS_PER_BELL_MAX), attempt: 1 };
        const fate = faults.draw('bell');
        if (fate === 'bells-flushed') waiting = [];
        if (fate === 'bell-lost' || fate === 'bells-flushed') continue;
        add(ringing, fate === 'bell-late' ? now + dice.between(SECOND, 90 * SECOND) : now);
        if (fate === 'bell-doubled') add(ringing, now + dice.between(0, 3 * SECOND));
      }
    },
    again(ringing, now) {
      if (ringing.attempt >= ATTEMPTS_MAX) return;
      const wait = SECOND * 2 ** (ringing.attempt - 1) * (0.5 + dice.next() / 2);
      add({ ...ringing, attempt: ringing.attempt + 1 }, now + Math.round(wait));
    },
    orphaned(ringing, now) {
      if (dice.happens(0.5)) add(ringing, now + STALLED);
    },
    take(now) {
      let ready = 0;
      for (const { at } of waiting) if (at <= now) ready += 1;
      if (ready === 0) return null;
      let chosen = Math.floor(dice.next() * ready);
      const at = waiting.findIndex((one) => one.at <= now && chosen-- === 0);
      return waiting.splice(at, 1)[0] ?? null;
    },
    nextAt() {
      let first = Number.POSITIVE_INFINITY;
      for (const { at } of waiting) if (at < first) first = at;
      return first;
    },
  };
}
