/** Mail that its server does not give out: it holds up nothing, a person is told of it, and it comes in when it is given. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { DEFAULT_LIMITS } from '../../src/app/deps.ts';
import { watchMailbox } from '../../src/app/watch-mailbox.ts';
import { MILLISECOND, MINUTE } from '../../src/domain/instant.ts';
import { withQuote, writeLetter } from '../support/letters.ts';
import type { MailboxCall } from '../support/memory-mailbox.ts';
import { memoryNotes } from '../support/memory-notes.ts';
import { MemoryQueue } from '../support/memory-queue.ts';
import { brokenPromises } from '../support/promises.ts';
import { waitUntil } from '../support/wait-until.ts';
import { openWorld, type World } from '../support/world.ts';

const EVERYTHING: readonly MailboxCall[] = ['describe', 'fetch', 'fetchHeaders'];

function letter(world: World, name: string): Uint8Array {
  return writeLetter({
    from: `${name} <${name}@example.com>`,
    to: ['maintenance@elm.example'],
    subject: `Leak at ${name}'s`,
    text: `It drips, says ${name}.`,
    date: world.clock.now(),
    messageId: `${name}@example.com`,
  });
}

const append = (world: World, name: string): number =>
  world.mailboxOf('maintenance').append('INBOX', letter(world, name), world.clock.now());

/** Who wrote what was taken in, in order; `-`: nobody knows. */
const stored = (world: World): string[] =>
  world.store.messages().map(({ raw }) => /^From: (\w+)/m.exec(Buffer.from(raw).toString())?.[1] ?? '-');

/** A poller watches until it is up to date, or the time is up; answers how long that took. Its pauses are over at once. */
async function watch(world: World, upToDate: () => boolean, most = 10 * MINUTE): Promise<number> {
  const began = world.clock.now();
  const codes: string[] = [];
  const stop = new AbortController();
  const ended = watchMailbox(
    {
      ...{ store: world.store, notes: memoryNotes(world.store), clock: world.clock, junk: null },
      ...{ queue: new MemoryQueue(), limits: DEFAULT_LIMITS, holder: 'the poller', random: () => 0.5 },
      log: { info() {}, warn() {}, error() {} },
      reader: world.mailboxOf('maintenance').reader,
      onState: (state) => void codes.push(state.type === 'failing' ? state.code : state.type),
      async pause(ms, signal) {
        if (ms === 5_000) return new Promise((resolve) => signal.addEventListener('abort', () => resolve()));
        world.clock.advance(ms * MILLISECOND);
        await nextTurn();
      },
    },
    { inboxId: 'maintenance', folder: 'INBOX', role: 'inbox', startFrom: null },
    stop.signal,
  );
  await waitUntil('the poller', () => upToDate() || world.clock.now() - began > most);
  stop.abort();
  await ended;
  return world.clock.now() - began;
}

const answer = (world: World, kind: string, text: string) =>
  world.sent().then((sent) => {
    const found = sent.findLast((one) => one.kind === kind);
    if (found === undefined) throw new Error(`no ${kind} was sent`);
    const date = world.clock.now();
    const { mail, outgoing } = found;
    world.deliver(
      'maintenance',
      writeLetter({
        from: outgoing.envelopeTo,
        to: [mail.replyTo[0]?.address ?? ''],
        subject: `Re: ${mail.subject}`,
        text: withQuote(text, mail, date),
        date,
        messageId: `${date}@elm.example`,
        answers: { messageId: mail.messageId, references: mail.references },
      }),
    );
  });

describe('a mail that its server does not give out', () => {
  for (const code of ['imap-refused', 'imap-unreadable-answer', 'imap-unreachable'])
    test(`is taken in with its header, and mail behind it waits less than a minute (${code})`, async () => {
      const world = await openWorld();
      append(world, 'ann');
      const bad = append(world, 'bob');
      append(world, 'cleo');
      world.mailboxOf('maintenance').withhold('INBOX', bad, ['fetch'], code);
      const took = await watch(world, () => stored(world).length === 3);
      expect(stored(world)).toEqual(['ann', 'bob', 'cleo']);
      expect(took).toBeLessThan(MINUTE);
      await world.recover();
      expect(world.store.messages().map(({ disposition }) => disposition)).toEqual([
        ...['request', 'parked', 'request'],
      ]);
      const notice = (await world.sent()).find(({ kind }) => kind === 'parked');
      expect(notice?.mail.subject).toContain("Leak at bob's");
      expect(notice?.mail.text).toContain('the mail server does not give it out');
      expect(await brokenPromises(world)).toEqual([]);
    });

  test('leaves a row without content when not even its size is given, and a person is told where it lies', async () => {
    const world = await openWorld();
    append(world, 'ann');
    const bad = append(world, 'bob');
    append(world, 'cleo');
    world.mailboxOf('maintenance').withhold('INBOX', bad, EVERYTHING);
    expect(await watch(world, () => stored(world).length === 3)).toBeLessThan(MINUTE);
    expect(stored(world)).toEqual(['ann', '-', 'cleo']);
    await world.recover();
    expect(world.store.messages()[1]).toMatchObject({ uid: bad, disposition: 'parked', history: false });
    const notice = (await world.sent()).find(({ kind }) => kind === 'parked');
    expect(notice?.mail.text).toContain('not even who wrote it');
    expect(notice?.mail.text).toContain('folder "INBOX"');
    expect(notice?.mail.text).not.toContain(' KB');
    expect(await brokenPromises(world)).toEqual([]);
  });

  test('comes in as a mail of its own when it is given after "retry", whoever was told of it', async () => {
    const world = await openWorld();
    append(world, 'ann');
    const bad = append(world, 'bob');
    world.mailboxOf('maintenance').withhold('INBOX', bad, EVERYTHING);
    await watch(world, () => stored(world).length === 2);
    await world.recover();
    await answer(world, 'parked', 'retry');
    await world.recover();
    world.mailboxOf('maintenance').give('INBOX', bad);
    await watch(world, () => stored(world).includes('bob'));
    await world.recover();
    const rows = world.store.messages();
    expect(rows.find(({ raw }) => raw.byteLength === 0)).toMatchObject({ disposition: 'duplicate' });
    expect(rows.find(({ uid }) => uid === bad)).toMatchObject({ disposition: 'request' });
    expect(await brokenPromises(world)).toEqual([]);
  });

  test('is set aside once more when the server does not give it after "retry" either', async () => {
    const world = await openWorld();
    append(world, 'ann');
    const bad = append(world, 'bob');
    world.mailboxOf('maintenance').withhold('INBOX', bad, EVERYTHING);
    await watch(world, () => stored(world).length === 2);
    await world.recover();
    await answer(world, 'parked', 'retry');
    await world.recover();
    const before = stored(world).length;
    expect(await watch(world, () => stored(world).length > before)).toBeLessThan(MINUTE);
    await world.recover();
    const kinds = (await world.sent()).map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === 'parked')).toHaveLength(2);
    expect(await brokenPromises(world)).toEqual([]);
  });

  test('is found among many, and beside another that is not given either', async () => {
    const world = await openWorld();
    const uids = Array.from({ length: 12 }, (_, i) => append(world, `writer${i}`));
    const box = world.mailboxOf('maintenance');
    box.withhold('INBOX', uids[4] ?? 0, ['fetch', 'fetchHeaders']);
    box.withhold('INBOX', uids[5] ?? 0, EVERYTHING);
    await watch(world, () => stored(world).length === 12);
    const names = uids.map((_, i) => (i === 4 || i === 5 ? '-' : `writer${i}`));
    expect(stored(world)).toEqual(names);
  });
});

describe('an outage is no fault of a mail', () => {
  for (const code of ['imap-refused', 'imap-unreachable'])
    test(`a server that gives no mail at all has every mail asked for again, and none is given up (${code})`, async () => {
      const world = await openWorld();
      const uids = ['ann', 'bob', 'cleo'].map((name) => append(world, name));
      const box = world.mailboxOf('maintenance');
      for (const uid of uids) box.withhold('INBOX', uid, EVERYTHING, code);
      await watch(world, () => false, 60 * MINUTE);
      expect(stored(world)).toEqual([]);
      for (const uid of uids) box.give('INBOX', uid);
      await watch(world, () => stored(world).length === 3);
      await world.recover();
      expect(world.store.messages().map(({ disposition }) => disposition)).toEqual(uids.map(() => 'request'));
    });

  test('connections that break off now and then cost time and no mail', async () => {
    const world = await openWorld();
    const uids = Array.from({ length: 10 }, (_, i) => append(world, `writer${i}`));
    const box = world.mailboxOf('maintenance');
    for (let i = 0; i < 6; i += 1) box.failNext('imap-unreachable', { on: 'fetch' });
    await watch(world, () => stored(world).length === 10);
    expect(stored(world)).toEqual(uids.map((_, i) => `writer${i}`));
  });

  test('the only mail of a folder is asked for until it comes, and is not given up', async () => {
    const world = await openWorld();
    const only = append(world, 'ann');
    const box = world.mailboxOf('maintenance');
    box.withhold('INBOX', only, EVERYTHING, 'imap-unreachable');
    await watch(world, () => false);
    expect(stored(world)).toEqual([]);
    box.give('INBOX', only);
    await watch(world, () => stored(world).length > 0);
    expect(stored(world)).toEqual(['ann']);
  });

  test('a connection that breaks off twice at the only mail of a folder costs seconds', async () => {
    const world = await openWorld();
    append(world, 'ann');
    const box = world.mailboxOf('maintenance');
    box.failNext('imap-unreachable', { on: 'fetch' });
    box.failNext('imap-unreachable', { on: 'fetch' });
    expect(await watch(world, () => stored(world).length > 0)).toBeLessThan(MINUTE);
    expect(stored(world)).toEqual(['ann']);
  });

  test('a server that asks to slow down says nothing about a mail', async () => {
    const world = await openWorld();
    append(world, 'ann');
    const bad = append(world, 'bob');
    const box = world.mailboxOf('maintenance');
    box.withhold('INBOX', bad, ['fetch'], 'imap-throttled');
    await watch(world, () => false, 30 * MINUTE);
    expect(stored(world)).not.toContain('-');
    box.give('INBOX', bad);
    await watch(world, () => stored(world).length === 2);
    expect(stored(world)).toEqual(['ann', 'bob']);
  });
});
