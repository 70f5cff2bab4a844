/**
 * Rows 10 and 13 of the hazards: a server that keeps news to itself, and servers that send us away for an hour; and servers
 * that do not give out one mail.
 */
import type { Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { imapMailboxReader } from '../../src/adapters/imap/mailbox-reader.ts';
import { DEFAULT_LIMITS } from '../../src/app/deps.ts';
import type { MailboxReader } from '../../src/app/ports/mailbox-reader.ts';
import type { WatchedFolder } from '../../src/app/ports/store.ts';
import { watchMailbox } from '../../src/app/watch-mailbox.ts';
import { HOUR, MILLISECOND, toMs } from '../../src/domain/instant.ts';
import { memoryNotes } from '../support/memory-notes.ts';
import { MemoryQueue } from '../support/memory-queue.ts';
import { memoryStore } from '../support/memory-store.ts';
import { MONDAY, rosterOf, testPolicy } from '../support/policy.ts';
import { type ImapScript, startScriptedImap } from '../support/scripted-imap.ts';
import { settableClock } from '../support/settable-clock.ts';
import { waitUntil } from '../support/wait-until.ts';

const FOLDER: WatchedFolder = { inboxId: 'maintenance', folder: 'INBOX', role: 'inbox', startFrom: MONDAY };
const SHORT = { connectMs: 2_000, commandMs: 500, idleSliceMs: 20, proofMs: 500, logoutMs: 50 };

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** A poller of this server. Its pauses are over at once, and the clock has moved on by them. */
async function watched(script: ImapScript, random = 0, wrap = (reader: MailboxReader) => reader) {
  const server = await startScriptedImap(script);
  cleanups.push(() => server.close());
  const clock = settableClock(MONDAY);
  const store = memoryStore({ clock });
  await store.syncRoster(rosterOf(testPolicy()));
  const notes = memoryNotes(store);
  const pauses: number[] = [];
  const states: string[] = [];
  const stop = new AbortController();
  const reader = imapMailboxReader({
    ...{ host: '127.0.0.1', port: server.port, tls: 'none', user: 'office', password: 'secret' },
    timings: SHORT,
  });
  const ended = watchMailbox(
    {
      ...{ store, notes, clock, junk: null, queue: new MemoryQueue(), limits: DEFAULT_LIMITS, holder: 'one' },
      log: { info() {}, warn() {}, error() {} },
      reader: wrap(reader),
      random: () => random,
      onState: (state) => void states.push(state.type === 'failing' ? state.code : state.type),
      async pause(ms, signal) {
        // The beat of the lease: as long as the connection lasts, which is no time here.
        if (ms === 5_000) return new Promise((resolve) => signal.addEventListener('abort', () => resolve()));
        pauses.push(ms);
        clock.advance(ms * MILLISECOND);
        await nextTurn();
      },
    },
    FOLDER,
    stop.signal,
  );
  cleanups.push(() => {
    stop.abort();
    return ended;
  });
  return { server, clock, store, notes, pauses, states };
}

test('hazards 10: a mail that the server never announces is found by the next poll, a minute later at most', async () => {
  const asked: number[] = [];
  let isThere = false;
  let idles = 0;
  const here = await watched(
    (command, socket) => {
      if (command === 'IDLE') {
        idles += 1;
        // The connection is alive as can be; only the news is missing.
        setTimeout(() => socket.destroyed || socket.write('* OK Still here\r\n'), 5).unref();
        return ['+ idling'];
      }
      if (command === 'NOOP') return ['% OK done'];
      if (command.startsWith('EXAMINE'))
        return [
          ...[`* ${isThere ? 1 : 0} EXISTS`, '* OK [UIDVALIDITY 7] ok'],
          ...[`* OK [UIDNEXT ${isThere ? 6 : 5}] ok`, '% OK [READ-ONLY] done'],
        ];
      if (command.startsWith('UID SEARCH')) return [isThere ? '* SEARCH 5' : '* SEARCH', '% OK done'];
      if (command.startsWith('UID FETCH'))
        return command.includes('BODY')
          ? ['* 1 FETCH (UID 5 BODY[] {6}\r\nA: b\r\n)', '% OK done']
          : ['* 1 FETCH (UID 5 RFC822.SIZE 6 INTERNALDATE "05-Jan-2026 09:00:00 +0000")', '% OK done'];
      return null;
    },
    0,
    (reader) => ({
      async open(folder, signal) {
        const session = await reader.open(folder, signal);
        const { waitForNews } = session;
        session.waitForNews = (timeoutMs, until) => {
          asked.push(timeoutMs);
          // A minute here is a tenth of a second.
          return waitForNews.call(session, timeoutMs / 600, until);
        };
        return session;
      },
    }),
  );
  await waitUntil('IDLE', () => idles > 1);
  isThere = true;
  await waitUntil('the mail', () => here.store.messages().length === 1);
  expect(Math.max(...asked)).toBeLessThanOrEqual(60_000);
  expect(here.notes.troubles).toEqual([]);
});

describe('hazards 13: a server that sends us away for an hour', () => {
  type Refusal = {
    readonly name: string;
    readonly code: string;
    readonly script: (over: boolean) => ImapScript;
  };
  const atLogin =
    (answer: readonly string[]) =>
    (isOver: boolean): ImapScript =>
    (command) =>
      !isOver && command.startsWith('LOGIN') ? answer : null;
  const refusals: readonly Refusal[] = [
    {
      ...{ name: 'with a wrong password', code: 'imap-login-refused' },
      script: atLogin(['% NO [AUTHENTICATIONFAILED] Invalid credentials']),
    },
    {
      ...{ name: 'with too many connections', code: 'imap-throttled' },
      script: atLogin(['% NO [ALERT] Too many simultaneous connections. (Failure)']),
    },
    {
      ...{ name: 'with a suggested pause', code: 'imap-throttled' },
      script: atLogin(['% BAD Request is throttled. Suggested Backoff Time: 92415 milliseconds']),
    },
    {
      ...{ name: 'with BYE at the bandwidth limit', code: 'imap-throttled' },
      script: (isOver) => (command, socket) => {
        if (isOver || !command.startsWith('LOGIN')) return null;
        socket.end('* BYE Account exceeded command or bandwidth limits.\r\n');
        return [];
      },
    },
  ];

  for (const { name, code, script } of refusals) {
    test(`${name} is asked again at growing distances, over one connection at a time, and read when it lets us`, async () => {
      let isOver = false;
      let logins = 0;
      const open = new Set<Socket>();
      let most = 0;
      const here = await watched((command, socket) => {
        if (!open.has(socket)) socket.once('close', () => open.delete(socket));
        open.add(socket);
        most = Math.max(most, open.size);
        if (command.startsWith('LOGIN')) logins += 1;
        isOver ||= here.clock.now() >= MONDAY + HOUR;
        return script(isOver)(command, socket);
      }, 0.999);
      await waitUntil('an hour later', () => here.states.includes('reading'));
      expect(new Set(here.states)).toEqual(new Set([code, 'reading']));
      expect(here.notes.troubles.every((noted) => noted === code)).toBe(true);
      expect(here.notes.troubles.length).toBeGreaterThan(0);
      // Servers lock accounts after a handful of refusals in a few minutes.
      expect(logins).toBeLessThanOrEqual(25);
      expect(here.pauses).toEqual(here.pauses.toSorted((a, b) => a - b));
      expect(Math.max(...here.pauses)).toBeLessThanOrEqual(360_000);
      expect(most).toBe(1);
      expect(toMs(here.clock.now() - MONDAY)).toBeLessThan(3_960_000);
    });
  }

  test('is not met by many pollers in step: how long each waits is a matter of chance', async () => {
    for (const { script } of refusals.slice(0, 2)) {
      const firsts: number[] = [];
      for (const random of [0, 0.5]) {
        const here = await watched(script(false), random);
        await waitUntil('the third pause', () => here.pauses.length > 3);
        firsts.push(here.pauses[2] ?? 0);
      }
      expect(new Set(firsts).size).toBe(2);
    }
  });
});

describe('a mail that the server does not give out holds up no other', () => {
  const MAIL = 'Subject: a tap\r\n\r\nIt drips.\r\n';
  const HEADER = 'Subject: a tap\r\n\r\n';
  const UIDS = [4, 5, 6];
  const BAD = 5;

  /** A folder with three mails; `refuse` answers what asks for the middle one, `%` standing for the tag; null: as usual. */
  const folder =
    (refuse: (part: 'body' | 'header' | 'size', socket: Socket) => readonly string[] | null): ImapScript =>
    (command, socket) => {
      if (command.startsWith('EXAMINE'))
        return [...['* 3 EXISTS', '* OK [UIDVALIDITY 7] ok', '* OK [UIDNEXT 7] ok', '% OK [READ-ONLY] done']];
      const [, from = '', to] = /^UID (?:SEARCH UID|FETCH) (\d+)(?:[:](\d+|\*))?/.exec(command) ?? [];
      const last = to === undefined ? Number(from) : to === '*' ? Infinity : Number(to);
      const uids = command.startsWith('UID SEARCH ALL')
        ? UIDS
        : UIDS.filter(
            (uid) => (uid >= Number(from) && uid <= last) || command.split(/[ ,]/).includes(`${uid}`),
          );
      if (command.startsWith('UID SEARCH')) return [`* SEARCH ${uids.join(' ')}`, '% OK done'];
      if (!command.startsWith('UID FETCH')) return null;
      const part = command.includes('HEADER') ? 'header' : command.includes('BODY') ? 'body' : 'size';
      const refused = uids.includes(BAD) ? refuse(part, socket) : null;
      if (refused !== null) return refused;
      const answer = {
        size: `RFC822.SIZE ${MAIL.length} INTERNALDATE "05-Jan-2026 09:00:00 +0000"`,
        body: `BODY[] {${MAIL.length}}\r\n${MAIL}`,
        header: `BODY[HEADER]<0> {${HEADER.length}}\r\n${HEADER}`,
      }[part];
      return [...uids.map((uid) => `* ${uid - 3} FETCH (UID ${uid} ${answer})`), '% OK done'];
    };

  const ways: Readonly<
    Record<string, { readonly refuse: Parameters<typeof folder>[0]; readonly given: 'header' | 'nothing' }>
  > = {
    'NO to its body': {
      refuse: (part) => (part === 'body' ? ['% NO [SERVERBUG] Internal error'] : null),
      given: 'header',
    },
    'BAD to whatever asks for it': { refuse: () => ['% BAD Cannot read message'], given: 'nothing' },
    'NIL in place of its body': {
      refuse: (part) => (part === 'body' ? ['* 2 FETCH (UID 5 BODY[] NIL)', '% OK done'] : null),
      given: 'header',
    },
    'a literal that never ends': {
      refuse: (part) => (part === 'body' ? ['* 2 FETCH (UID 5 BODY[] {1000}', 'Subject: a tap'] : null),
      given: 'header',
    },
    'a literal beyond any size': {
      refuse: (part) => (part === 'body' ? ['* 2 FETCH (UID 5 BODY[] {4000000000}', 'Subject: a tap'] : null),
      given: 'header',
    },
    'a closed connection each time it is asked for': {
      refuse: (_, socket) => {
        socket.end();
        return [];
      },
      given: 'nothing',
    },
  };

  for (const [name, { refuse, given }] of Object.entries(ways))
    test(`answered with ${name}`, async () => {
      const here = await watched(folder(refuse));
      await waitUntil('the mails', () => here.store.messages().length === 3);
      expect(here.store.messages().map(({ uid, raw }) => [uid, Buffer.from(raw).toString()])).toEqual([
        [4, MAIL],
        [BAD, given === 'header' ? HEADER : ''],
        [6, MAIL],
      ]);
      expect(toMs(here.clock.now() - MONDAY)).toBeLessThan(60_000);
      await waitUntil('that it goes on', () => here.states.at(-1) === 'reading');
    });

  test('but a server that closes the connection whatever mail it is asked for has none given up', async () => {
    let isOver = false;
    const broken = folder(() => null);
    const here = await watched((command, socket) => {
      if (isOver || !command.startsWith('UID FETCH')) return broken(command, socket);
      socket.end();
      return [];
    }, 0.999);
    await waitUntil('a quarter of an hour', () => here.clock.now() - MONDAY > HOUR / 4);
    expect(here.store.messages()).toEqual([]);
    isOver = true;
    await waitUntil('the mails', () => here.store.messages().length === 3);
    expect(here.store.messages().every(({ rawHash }) => rawHash !== null)).toBe(true);
  });
});
