/** The store's promises about mail that could not be read. */
import { expect, it } from 'vitest';
import type { MessageId } from '../../src/domain/ids.ts';
import { HOUR } from '../../src/domain/instant.ts';
import { decideParked, type ParkedHappening } from '../../src/domain/parked/decide.ts';
import type { Parked } from '../../src/domain/parked/parked.ts';
import type { ParkedDecision } from '../../src/domain/parked/step.ts';
import { settled, type World } from './store-world.ts';

const SET_ASIDE = { type: 'set-aside', code: 'cpu-limit', author: null } as const;
const DISMISS = { type: 'decided', how: 'dismiss', by: 'leah', where: 'by-mail' } as const;

export function storeParked(here: () => World): void {
  /** What happens to it, written as one change with `before`. */
  async function happen(
    id: MessageId,
    before: Parked | null,
    what: ParkedHappening,
  ): Promise<ParkedDecision> {
    const { clock, policy, write } = here();
    const decision = decideParked(before, what, {
      id,
      inboxId: 'maintenance',
      policy,
      now: clock.now(),
      why: 'it takes too long to read',
    });
    if (decision === null) throw new Error('nothing follows');
    const isFirst = what.type === 'set-aside' && before === null;
    const messages = isFirst ? [settled(id, { disposition: 'parked' })] : [];
    await write({ messages, parked: [decision] });
    return decision;
  }

  const setAside = async () => {
    const id = await here().receiveOne();
    return { id, ...(await happen(id, null, SET_ASIDE)) };
  };

  it('gives a mail that could not be read as its events made it, and null for any other', async () => {
    const { transact, receiveOne } = here();
    const { id, after } = await setAside();
    expect(await transact((tx) => tx.findParked(id))).toEqual(after);
    const told = await happen(id, after, { type: 'told', to: 'sam', by: 'leah' });
    expect(await transact((tx) => tx.findParked(id))).toEqual(told.after);
    const other = await receiveOne();
    expect(await transact((tx) => tx.findParked(other))).toBeNull();
    expect(await transact((tx) => tx.findParked(999_999))).toBeNull();
  });

  it('finds mails that could not be read by their clock, longest overdue first, until somebody decides', async () => {
    const { store, clock } = here();
    const first = await setAside();
    clock.advance(HOUR);
    const second = await setAside();
    expect(await store.findParkedDue(10)).toEqual([]);
    expect(await store.nextDueAt()).toBe(first.after.due);
    clock.advance(8 * HOUR);
    expect(await store.findParkedDue(10)).toEqual([first.id, second.id]);
    expect(await store.findParkedDue(1)).toEqual([first.id]);
    const moved = await happen(first.id, first.after, { type: 'tick' });
    expect(await store.findParkedDue(10)).toEqual([second.id]);
    expect(await store.parkedOf(['dana'])).toEqual([first.id]);
    expect(await store.parkedOf(['leah', 'dana'])).toEqual([first.id, second.id]);
    expect(await store.parkedOf([])).toEqual([]);
    await happen(first.id, moved.after, DISMISS);
    await happen(second.id, second.after, DISMISS);
    expect(await store.findParkedDue(10)).toEqual([]);
    expect(await store.parkedOf(['leah', 'dana'])).toEqual([]);
    expect(await store.nextDueAt()).toBeNull();
  });

  it('refuses what was decided on an older state of a mail that could not be read, with all that came with it', async () => {
    const { transact, write } = here();
    const { id, after } = await setAside();
    const { after: told } = await happen(id, after, { type: 'told', to: 'sam', by: 'leah' });
    await expect(happen(id, after, DISMISS)).rejects.toThrow();
    await expect(happen(id, null, SET_ASIDE)).rejects.toThrow();
    await expect(write({ parked: [{ before: null, after, events: [] }] })).rejects.toThrow();
    expect(await transact((tx) => tx.findParked(id))).toEqual(told);
  });

  it('keeps an inbox busy while a mail of it waits for a decision', async () => {
    const { store } = here();
    const { id, after } = await setAside();
    expect(await store.busyInboxes()).toEqual(['maintenance']);
    await happen(id, after, DISMISS);
    expect(await store.busyInboxes()).toEqual([]);
  });

  it('says where a mail lies in the mailbox', async () => {
    const { store, clock } = here();
    const { id } = await setAside();
    expect(await store.readPlace(id)).toMatchObject({ folder: 'INBOX', receivedAt: clock.now() });
    expect(await store.readPlace(999_999)).toBeNull();
  });
}
