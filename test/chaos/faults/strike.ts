/** Lets each planned fault happen at its time, mends it at its end, and keeps when each really was. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Ground } from './inject/fault.ts';
import { faults } from './inject/faults.ts';
import { type FaultKind, Faults, type Place } from './kinds.ts';
import type { PlannedFault, Schedule } from './schedule.ts';

export type Struck = {
  readonly kind: FaultKind;
  /** Milliseconds since 1970. */
  readonly begunAt: number;
  readonly endedAt: number;
  /** What kept it from happening, such as a server that another fault had taken away; null: it happened. */
  readonly failed: string | null;
};

const MEND_TRIES = 5;

/** Resolves when the last is mended. */
export async function strikeAll(
  { faults: planned }: Schedule,
  ground: Ground,
  say: (line: string) => void,
): Promise<readonly Struck[]> {
  const begunAt = performance.now();
  const struck: Struck[] = [];
  /** On a slow machine a fault ends later than planned, and the next one of its place waits for that. */
  const lastOf = new Map<Place, Promise<void>>();
  for (const fault of planned) {
    const { place } = Faults[fault.kind];
    const before = lastOf.get(place);
    const one = async (): Promise<void> => {
      await pause(Math.max(0, begunAt + fault.at * 1_000 - performance.now()));
      await before;
      struck.push(await strike(fault, ground, say));
    };
    lastOf.set(place, one());
  }
  await Promise.all(lastOf.values());
  return struck.sort((a, b) => a.begunAt - b.begunAt);
}

async function strike(
  { kind, lasts, choice }: PlannedFault,
  ground: Ground,
  say: (line: string) => void,
): Promise<Struck> {
  const begunAt = Date.now();
  say(lasts === 0 ? kind : `${kind} for ${lasts} s`);
  try {
    const mend = await faults[kind](ground, choice);
    await pause(lasts * 1_000);
    for (let left = MEND_TRIES; ; left -= 1) {
      try {
        await mend();
        break;
      } catch (error) {
        // What a server needs a moment for, such as letting go of its port.
        if (left <= 0) throw error;
        await pause(1_000);
      }
    }
    return { kind, begunAt, endedAt: Date.now(), failed: null };
  } catch (error) {
    const failed = String(error).slice(0, 300);
    say(`${kind} did not go as planned: ${failed}`);
    return { kind, begunAt, endedAt: Date.now(), failed };
  }
}
