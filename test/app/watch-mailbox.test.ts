/** One poller at a time: who holds the watch reads, who loses it stops at once, who stands by takes over. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { DEFAULT_LIMITS } from '../../src/app/deps.ts';
import { ingestMailbox } from '../../src/app/ingest-mailbox.ts';
import type { Store, WatchedFolder } from '../../src/app/ports/store.ts';
import { WATCH_LEASE, type WatchDeps, type WatchState, watchMailbox } from '../../src/app/watch-mailbox.ts';
import { SECOND } from '../../src/domain/instant.ts';
import { type MemoryMailbox, memoryMailbox } from '../support/memory-mailbox.ts';
import { type MemoryNotes, memoryNotes } from '../support/memory-notes.ts';
import { MemoryQueue } from '../support/memory-queue.ts';
import { type MemoryStore, memoryStore } from '../support/memory-store.ts';
import { MONDAY, rosterOf, testPolicy } from '../support/policy.ts';
import { type SettableClock, settableClock } from '../support/settable-clock.ts';
import { waitUntil } from '../support/wait-until.ts';

const FOLDER: WatchedFolder = { inboxId: 'maintenance', folder: 'INBOX', role: 'inbox', startFrom: MONDAY };

type Poller = {
  readonly states: string[];
  readonly stop: () => Promise<void>;
};

type StartOptions = { store?: Store; isStopped?: () => boolean; folder?: WatchedFolder };

type Scene = {
  readonly clock: SettableClock;
  readonly store: MemoryStore;
  readonly mailbox: MemoryMailbox;
  readonly notes: MemoryNotes;
  /** Starts one more poller; its store can be another one, its process can be stopped. */
  start(holder: string, options?: StartOptions): Poller;
  /** Lets time pass second by second, and every poller that waits for it go on. */
  pass(seconds: number): Promise<void>;
  end(): Promise<void>;
};

async function scene(): Promise<Scene> {
  const clock = settableClock(MONDAY);
  const store = memoryStore({ clock });
  await store.syncRoster(rosterOf(testPolicy()));
  const mailbox = memoryMailbox(['INBOX', 'Sent', 'Junk']);
  const notes = memoryNotes(store);
  const pollers: Poller[] = [];
  const waiting = new Set<{ until: number; wake: () => void; isStopped: () => boolean }>();
  const start: Scene['start'] = (holder, options = {}) => {
    const { store: own = store, isStopped = () => false, folder = FOLDER } = options;
    const stop = new AbortController();
    const states: string[] = [];
    const deps: WatchDeps = {
      store: own,
      queue: new MemoryQueue(),
      limits: DEFAULT_LIMITS,
      log: { info() {}, warn() {}, error() {} },
      reader: mailbox.reader,
      notes,
      clock,
      junk: null,
      holder,
      random: () => 0,
      onState: (state: WatchState) => {
        const now = state.type === 'failing' ? state.code : state.type;
        if (states.at(-1) !== now) states.push(now);
      },
      pause: (ms, signal) =>
        new Promise((resolve) => {
          const wake = () => {
            waiting.delete(one);
            resolve();
          };
          const one = { until: clock.now() + ms * 1_000, wake, isStopped };
          waiting.add(one);
          if (signal.aborted) wake();
          signal.addEventListener('abort', wake, { once: true });
        }),
    };
    const ended = watchMailbox(deps, folder, stop.signal);
    const poller = {
      states,
      stop: () => {
        stop.abort();
        return ended;
      },
    };
    pollers.push(poller);
    return poller;
  };
  const pass = async (seconds: number) => {
    for (let second = 0; second < seconds; second += 1) {
      clock.advance(SECOND);
      for (const one of waiting) if (one.until <= clock.now() && !one.isStopped()) one.wake();
      for (let turn = 0; turn < 20; turn += 1) await nextTurn();
    }
  };
  return {
    clock,
    store,
    mailbox,
    notes,
    start,
    pass,
    end: async () => void (await Promise.all(pollers.map(({ stop }) => stop()))),
  };
}

const isReading = (poller: Poller) => poller.states.at(-1) === 'reading';

describe('two pollers of one mailbox', () => {
  test('read it one at a time: the second stands by for as long as the first goes on', async () => {
    const { start, pass, mailbox, store, end } = await scene();
    const first = start('one');
    await waitUntil('the first reads', () => isReading(first));
    const second = start('two');
    await pass(120);
    expect([first.states, second.states]).toEqual([['reading'], ['standing-by']]);
    expect(mailbox.openSessions()).toBe(1);
    mailbox.append('INBOX', 'Subject: one\r\n\r\nx');
    await waitUntil('the mail is stored', () => store.messages().length === 1);
    await end();
    expect(mailbox.openSessions()).toBe(0);
  });

  test('change over within seconds when the first stops in an orderly way', async () => {
    const { start, pass, end } = await scene();
    const first = start('one');
    await waitUntil('the first reads', () => isReading(first));
    const second = start('two');
    await pass(1);
    await first.stop();
    await pass(6);
    expect(isReading(second)).toBe(true);
    await end();
  });

  test('the second takes over within 30 seconds, and the first, when it comes back, writes nothing (row 27)', async () => {
    const { start, pass, mailbox, store, clock, end } = await scene();
    let isStopped = false;
    const batches: string[] = [];
    // As SIGSTOP leaves it: between the fetch and the commit, with the batch in hand.
    const halting: Store = {
      ...store,
      saveBatch: async (batch) => {
        if (batch.messages.length > 0) {
          isStopped = true;
          await waitUntil('the first is continued', () => !isStopped);
        }
        return store.saveBatch(batch).catch((error: { code: string }) => {
          batches.push(error.code);
          throw error;
        });
      },
    };
    const first = start('one', { store: halting, isStopped: () => isStopped });
    await waitUntil('the first reads', () => isReading(first));
    const second = start('two');
    mailbox.append('INBOX', 'Subject: one\r\n\r\nx');
    await waitUntil('the first has stopped', () => isStopped);
    const stoppedAt = clock.now();
    for (let second = 0; second < 30 && store.messages().length === 0; second += 1) await pass(1);
    expect(store.messages()).toHaveLength(1);
    expect(clock.now() - stoppedAt).toBeLessThan(30 * SECOND);
    expect(isReading(second)).toBe(true);

    isStopped = false;
    await waitUntil('the first notices', () => batches.length > 0);
    await pass(10);
    expect(batches).toEqual(['lease-lost']);
    expect(first.states).toEqual(['reading', 'standing-by']);
    expect(isReading(second)).toBe(true);
    expect(store.messages()).toHaveLength(1);
    expect(mailbox.openSessions()).toBe(1);
    await end();
  });

  test('a poller that lost the watch while it waited closes its connection at the next beat', async () => {
    const { start, pass, mailbox, store, end } = await scene();
    const first = start('one');
    await waitUntil('the first reads', () => isReading(first));
    // Its beats were held up for longer than the lease.
    const held = await store.leaseMailbox(FOLDER, 'one', 0);
    expect(held.type).toBe('held');
    expect(await store.leaseMailbox(FOLDER, 'two', WATCH_LEASE)).toMatchObject({ type: 'held' });
    await pass(6);
    expect(first.states).toEqual(['reading', 'standing-by']);
    expect(mailbox.openSessions()).toBe(0);
    await end();
  });

  test('the watch is given back while the mailbox cannot be read', async () => {
    const { start, pass, mailbox, store, end } = await scene();
    mailbox.failNext('imap-login-refused', { on: 'open', kind: 'permanent' });
    const first = start('one');
    await waitUntil('the first has failed', () => first.states.length > 0);
    await waitUntil('the watch is free', async () => {
      const lease = await store.leaseMailbox(FOLDER, 'two', 0);
      return lease.type === 'held';
    });
    await pass(300);
    await waitUntil('the first reads after a while', () => isReading(first));
    await end();
  });

  test('the watch lasts through a database that misses two beats, and is given up at the third', async () => {
    const { start, pass, mailbox, store, end } = await scene();
    let failures = 0;
    const flaky: Store = {
      ...store,
      leaseMailbox: (folder, holder, lease) => {
        if (failures === 0) return store.leaseMailbox(folder, holder, lease);
        failures -= 1;
        return Promise.reject(new Error('the database does not answer'));
      },
    };
    const first = start('one', { store: flaky });
    await waitUntil('the first reads', () => isReading(first));
    failures = 2;
    await pass(12);
    expect(first.states).toEqual(['reading']);
    expect(mailbox.openSessions()).toBe(1);
    failures = 3;
    await pass(16);
    expect(first.states.slice(0, 2)).toEqual(['reading', 'poll-failed']);
    await end();
    expect(WATCH_LEASE).toBe(20 * SECOND);
  });
});

describe('at the first start', () => {
  test('mail that comes while the database does not answer yet is no history', async () => {
    const { clock, start, pass, mailbox, store, end } = await scene();
    mailbox.append('INBOX', 'Subject: from before\r\n\r\nx', clock.now() - SECOND);
    let isSlow = true;
    const slow: Store = {
      ...store,
      leaseMailbox: (folder, holder, lease) =>
        isSlow
          ? Promise.reject(new Error('the database does not answer'))
          : store.leaseMailbox(folder, holder, lease),
    };
    // Servers date mail in whole seconds: what comes within the first one counts as new.
    const ofTheFirstSecond = clock.now();
    clock.advance(SECOND - 1);
    const first = start('one', { store: slow, folder: { ...FOLDER, startFrom: null } });
    mailbox.append('INBOX', 'Subject: of the first second\r\n\r\nx', ofTheFirstSecond);
    mailbox.append('INBOX', 'Subject: meanwhile\r\n\r\nx', clock.now() + SECOND);
    await pass(10);
    isSlow = false;
    await pass(70);
    await waitUntil('all are stored', () => isReading(first) && store.messages().length === 3);
    expect(store.messages().map(({ history }) => history)).toEqual([true, false, false]);
    await end();
  });
});

describe('a mailbox is counted against its server', () => {
  const LETTER = 'Subject: a tap\r\n\r\nIt drips.';
  const uids = ({ store }: Scene) => store.messages().map(({ uid }) => uid);

  test('at each connection and every quarter of an hour, and not in between', async () => {
    const { start, pass, mailbox, notes, end } = await scene();
    const first = start('one');
    await waitUntil('the first comparison', () => notes.comparisons.length === 1);
    await pass(60);
    mailbox.append('INBOX', LETTER);
    await pass(60);
    expect(notes.comparisons).toHaveLength(1);
    mailbox.dropConnections();
    await waitUntil('the connection is noticed', () => !isReading(first));
    await pass(60);
    await waitUntil('the second comparison', () => notes.comparisons.length === 2);
    expect(notes.troubles).toEqual(['imap-unreachable']);
    await pass(15 * 60);
    mailbox.append('INBOX', LETTER);
    await waitUntil('the third comparison', () => notes.comparisons.length === 3);
    await end();
  });

  test('and a mail below the cursor that has no row is taken in, rung for and counted', async () => {
    const here = await scene();
    const { start, mailbox, notes, store, end } = here;
    // As a server does that lists a mail only after a later one was told.
    const [late, after] = [mailbox.append('INBOX', `${LETTER}1`), mailbox.append('INBOX', `${LETTER}2`)];
    mailbox.hide('INBOX', late);
    const lease = await store.leaseMailbox(FOLDER, 'earlier', 0);
    if (lease.type !== 'held') throw new Error('the mailbox is taken');
    const session = await mailbox.reader.open('INBOX', new AbortController().signal);
    await ingestMailbox(
      { store, queue: new MemoryQueue(), limits: DEFAULT_LIMITS, log: { info() {}, warn() {}, error() {} } },
      lease.mailbox,
      session,
      new AbortController().signal,
    );
    await session.close();
    expect(uids(here)).toEqual([after]);
    mailbox.show('INBOX', late);
    start('one');
    await waitUntil('the comparison', () => notes.comparisons.length > 0);
    expect(notes.comparisons).toEqual([{ missing: 0, repaired: 1, gone: 0 }]);
    expect(uids(here)).toEqual([after, late]);
    await end();
  });

  test('a mail that a person removed keeps its row and is counted as gone', async () => {
    const here = await scene();
    const { start, pass, mailbox, notes, end } = here;
    const uid = mailbox.append('INBOX', LETTER);
    start('one');
    await waitUntil('the comparison', () => notes.comparisons.length === 1);
    mailbox.expunge('INBOX', uid);
    await pass(15 * 60);
    mailbox.append('INBOX', LETTER);
    await waitUntil('the next comparison', () => notes.comparisons.length === 2);
    expect(notes.comparisons.at(-1)).toEqual({ missing: 0, repaired: 0, gone: 1 });
    expect(uids(here)).toContain(uid);
    await end();
  });

  test('spam is counted from the day on that mail is taken up, and stays where it is', async () => {
    const here = await scene();
    const { start, mailbox, notes, end } = here;
    mailbox.append('Junk', LETTER, MONDAY - 1);
    mailbox.append('Junk', LETTER, MONDAY);
    start('one');
    await waitUntil('the count', () => notes.junk.length > 0);
    expect(notes.junk).toEqual([{ folder: 'Junk', count: 1 }]);
    expect(uids(here)).toEqual([]);
    await end();
  });

  test('a comparison that the server refuses holds up no mail, and is not asked for again at once', async () => {
    const { start, pass, mailbox, notes, store, end } = await scene();
    mailbox.failNext('imap-refused', { on: 'listUids' });
    const first = start('one');
    await waitUntil('the refusal', () => first.states.includes('imap-refused'));
    mailbox.append('INBOX', LETTER);
    await pass(60);
    await waitUntil('the mail is stored', () => store.messages().length === 1);
    expect(notes.comparisons).toEqual([]);
    expect(mailbox.calls.filter((call) => call === 'listUids')).toHaveLength(1);
    await pass(15 * 60);
    mailbox.append('INBOX', LETTER);
    await waitUntil('a comparison', () => notes.comparisons.length === 1);
    await end();
  });
});
