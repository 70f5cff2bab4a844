/**
 * Lets time pass for mail that could not be read: who did not answer is not waited for alone, and whoever answers for
 * such a mail and is away or has left hands it on. Looks at what is so now and does nothing where nothing is left to
 * do, so it may run at any time and after any interruption.
 */
import { withAbsences } from '../domain/absences.ts';
import type { MessageId } from '../domain/ids.ts';
import { isAvailable } from '../domain/roster.ts';
import type { Deps } from './deps.ts';
import { oneByOne } from './one-by-one.ts';
import { happenToParked } from './pass-on-parked.ts';

export type WatchParkedDeps = Pick<Deps, 'store' | 'queue' | 'policy' | 'secret' | 'clock'>;

/** How many are looked at in one pass; the next pass takes the rest. */
const BATCH_MAX = 100;

/** Answers for how many something followed. */
export async function watchParked(deps: WatchParkedDeps): Promise<number> {
  const { store } = deps;
  const policy = withAbsences(deps.policy(), await store.toldAbsences());
  const now = deps.clock.now();
  const notHere = [...policy.members.values()].filter((member) => !isAvailable(member, now));
  const left = await store.parkedOf(notHere.map(({ id }) => id));
  let moved = 0;
  await oneByOne(left, async (id) => {
    if (await happens(deps, id, 'look')) moved += 1;
  });
  await oneByOne(await store.findParkedDue(BATCH_MAX), async (id) => {
    if (await happens(deps, id, 'tick')) moved += 1;
  });
  return moved;
}

async function happens(deps: WatchParkedDeps, id: MessageId, type: 'look' | 'tick'): Promise<boolean> {
  const notices = await deps.store.transact([], async (tx) => {
    const change = await happenToParked(deps, tx, id, { type });
    return change.parked.length === 0 ? null : (await tx.write(change)).notices;
  });
  if (notices === null) return false;
  await deps.queue.ring('deliver', notices);
  return true;
}
