/** The double keeps the store's contract, and what tests may ask of it beyond that. */
import { describe, expect, it } from 'vitest';
import { MINUTE } from '../../src/domain/instant.ts';
import { memoryStore } from '../support/memory-store.ts';
import { MONDAY } from '../support/policy.ts';
import { settableClock } from '../support/settable-clock.ts';
import { describePages } from './store-pages.ts';
import { describeStore } from './store-suite.ts';
import { beginWorld, looseNotice } from './store-world.ts';

describeStore('in memory', async () => {
  const clock = settableClock(MONDAY);
  const store = memoryStore({ clock });
  return { store, clock, close: () => store.close() };
});

describePages('in memory', async () => {
  const clock = settableClock(MONDAY);
  const store = memoryStore({ clock });
  return { store, pages: store.paging, clock, close: () => store.close() };
});

describe('the store in memory', () => {
  const begin = async (onCall: (name: string, phase: 'before' | 'after') => void = () => {}) => {
    const clock = settableClock(MONDAY);
    const store = memoryStore({ clock, onCall });
    const world = await beginWorld({ store, clock, close: () => store.close() });
    return { ...world, store };
  };

  it('shows a ledger without gap or overlap from arrival to the end and beyond', async () => {
    const { store, clock, openOwned, command } = await begin();
    const { id } = await openOwned();
    clock.advance(MINUTE);
    await command(id, 'priya', { verb: 'done', note: null });
    clock.advance(MINUTE);
    await command(id, 'priya', { verb: 'reopen' });
    const rows = store.ledger(id);
    expect(rows.map(({ member }) => member)).toEqual(['leah', 'priya', null, 'priya']);
    expect(rows.slice(1).map(({ fromAt }) => fromAt)).toEqual(
      rows.slice(0, -1).map(({ untilAt }) => untilAt),
    );
    expect(rows[0]?.fromAt).toBe(MONDAY);
    expect(rows.at(-1)?.untilAt).toBeNull();
  });

  it('shows each offer with its end', async () => {
    const { store, openOwned, command } = await begin();
    const { id } = await openOwned();
    await command(id, 'priya', { verb: 'handoff', to: 'sam', note: null });
    expect(store.offers(id).map(({ to, end }) => [to, end?.outcome ?? 'open'])).toEqual([
      ['priya', 'accepted'],
      ['sam', 'open'],
    ]);
  });

  it('shows duplicates with what they are copies of', async () => {
    const { store, openFolder, receive, newMessage } = await begin();
    const { uid: _, ...mail } = newMessage();
    await receive(await openFolder(), mail, mail, mail);
    expect(store.messages().map(({ stage, disposition, copyOf }) => [stage, disposition, copyOf])).toEqual([
      ['stored', null, null],
      ['settled', 'duplicate', 1],
      ['settled', 'duplicate', 1],
    ]);
  });

  it('keeps an attempt whose sender died without an outcome', async () => {
    const { store, write } = await begin();
    const { notices } = await write({ notices: [looseNotice('a')] });
    await store.claimNotices({ limit: 1, lease: MINUTE });
    await store.beginAttempt({
      id: notices[0] ?? 0,
      claims: 1,
      number: 1,
      lease: MINUTE,
      recipient: 'a@elm.example',
      raw: Buffer.from('x'),
      counted: null,
    });
    expect(store.attempts()).toMatchObject([{ number: 1, outcome: null, finishedAt: null }]);
    expect(store.outbox()).toMatchObject([{ state: 'sending', attempts: 1 }]);
  });

  it('shows each attempt with its outcome', async () => {
    const { store, write } = await begin();
    const { notices } = await write({ notices: [looseNotice('a')] });
    const [id = 0] = notices;
    await store.claimNotices({ limit: 1, lease: MINUTE });
    await store.beginAttempt({
      id,
      claims: 1,
      number: 1,
      lease: MINUTE,
      recipient: 'a@elm.example',
      raw: Buffer.from('x'),
      counted: null,
    });
    const result = { outcome: 'permanent', code: '550' } as const;
    await write({ outcomes: [{ id, claims: 1, attempt: 1, result, state: 'failed', code: '550' }] });
    expect(store.attempts()).toMatchObject([
      { number: 1, outcome: 'permanent', finishedAt: MONDAY, code: '550' },
    ]);
    expect(store.outbox()).toMatchObject([{ state: 'failed', settledAt: MONDAY, code: '550' }]);
  });

  it('does nothing when the call before it is cut', async () => {
    const { store, write } = await begin(cutAt('transact', 'before', 1));
    await expect(write({ notices: [looseNotice('a')] })).rejects.toThrow('cut');
    expect(store.outbox()).toEqual([]);
  });

  it('keeps what was committed when the process dies after the commit', async () => {
    const { store, write } = await begin(cutAt('transact', 'after', 1));
    await expect(write({ notices: [looseNotice('a')] })).rejects.toThrow('cut');
    expect(store.outbox()).toHaveLength(1);
  });

  it('keeps nothing when the process dies within a transaction', async () => {
    const { store, write } = await begin(cutAt('tx.write', 'after', 1));
    await expect(write({ notices: [looseNotice('a')] })).rejects.toThrow('cut');
    expect(store.outbox()).toEqual([]);
    await write({ notices: [looseNotice('a')] });
    expect(store.outbox()).toHaveLength(1);
  });

  it('says so when work calls the store itself, or a transaction is used after its end', async () => {
    const { store, transact } = await begin();
    await expect(transact(() => store.nextDueAt())).rejects.toThrow('wait for ever');
    const tx = await transact(async (inner) => inner);
    await expect(tx.now()).rejects.toThrow('after its end');
  });

  it('hands out values that nobody can change', async () => {
    const { store, openOwned, stateOf } = await begin();
    const { id } = await openOwned();
    const state = await stateOf(id);
    expect(() => Object.assign(state, { owner: 'sam' })).toThrow(TypeError);
    const { messages } = await store.readRequest(id);
    expect(() => Object.assign(messages[0]?.from ?? {}, { address: 'x' })).toThrow(TypeError);
  });
});

/** Throws at the n-th such call. */
function cutAt(name: string, phase: 'before' | 'after', nth: number) {
  let seen = 0;
  return (called: string, at: 'before' | 'after') => {
    if (called !== name || at !== phase) return;
    seen += 1;
    if (seen === nth) throw new Error(`cut ${phase} ${name}`);
  };
}
