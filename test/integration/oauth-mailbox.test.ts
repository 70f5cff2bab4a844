/**
 * Rows 13 and 14 of the hazards, where a mailbox is logged in to with tokens: one that ends in IDLE, one that is revoked, a
 * server that asks for a pause, and a pool of sending connections that outlives its tokens.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { SMTPServer } from 'smtp-server';
import { afterEach, describe, expect, test } from 'vitest';
import { imapMailboxReader } from '../../src/adapters/imap/mailbox-reader.ts';
import { smtpMailSender } from '../../src/adapters/smtp/mail-sender.ts';
import { DEFAULT_LIMITS } from '../../src/app/deps.ts';
import { Failure } from '../../src/app/failures.ts';
import type { TokenSource } from '../../src/app/ports/access-tokens.ts';
import type { WatchedFolder } from '../../src/app/ports/store.ts';
import { watchMailbox } from '../../src/app/watch-mailbox.ts';
import { fromMs, HOUR, MILLISECOND } from '../../src/domain/instant.ts';
import { listenOnLoopback } from '../../src/runtime/mail-server/imap-side.ts';
import { memoryNotes } from '../support/memory-notes.ts';
import { MemoryQueue } from '../support/memory-queue.ts';
import { memoryStore } from '../support/memory-store.ts';
import { MONDAY, rosterOf, testPolicy } from '../support/policy.ts';
import { type ImapScript, startScriptedImap } from '../support/scripted-imap.ts';
import { settableClock } from '../support/settable-clock.ts';
import { waitUntil } from '../support/wait-until.ts';

const FOLDER: WatchedFolder = { inboxId: 'maintenance', folder: 'INBOX', role: 'inbox', startFrom: MONDAY };
const SHORT = { connectMs: 2_000, commandMs: 500, idleSliceMs: 20, proofMs: 500, logoutMs: 50 };
const USER = 'office@elm.example';

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** Tokens in a row; whoever had one refused gets the next. `revoked` gives none. */
function tokens(lasts = HOUR) {
  let number = 1;
  const state = { isRevoked: false, asked: [] as (string | undefined)[] };
  const source: TokenSource = async (refused) => {
    state.asked.push(refused);
    if (state.isRevoked)
      throw new Failure('permanent', 'oauth-revoked', 'Run "npx baton connect maintenance".');
    if (refused === `token-${number}`) number += 1;
    return { value: `token-${number}`, until: fromMs(Date.now()) + lasts };
  };
  const expire = () => {
    number += 1;
  };
  return Object.assign(state, { source, expire });
}

/** The token in an AUTHENTICATE command, as XOAUTH2 has it. */
function tokenIn(command: string): string | null {
  const [, sent = ''] = /^AUTHENTICATE XOAUTH2 (\S+)/.exec(command) ?? [];
  const said = Buffer.from(sent, 'base64').toString();
  return said.startsWith(`user=${USER}\x01`) ? (/auth=Bearer ([^\x01]+)/.exec(said)?.[1] ?? null) : null;
}

/** An IMAP server that takes only these tokens; `script` has its say first. */
const taking =
  (isGood: (token: string) => boolean, script: ImapScript = () => null): ImapScript =>
  (command, socket) => {
    const own = script(command, socket);
    if (own !== null) return own;
    if (command === 'CAPABILITY') return ['* CAPABILITY IMAP4rev1 IDLE SASL-IR AUTH=XOAUTH2', '% OK done'];
    const token = tokenIn(command);
    if (token === null) return null;
    return isGood(token) ? ['% OK welcome'] : ['% NO [AUTHENTICATIONFAILED] AUTHENTICATE failed.'];
  };

async function watched(script: ImapScript, token: TokenSource, random = 0) {
  const server = await startScriptedImap(script);
  cleanups.push(() => server.close());
  const clock = settableClock(MONDAY);
  const store = memoryStore({ clock });
  await store.syncRoster(rosterOf(testPolicy()));
  const notes = memoryNotes(store);
  const pauses: number[] = [];
  const states: string[] = [];
  const said: string[] = [];
  const stop = new AbortController();
  const reader = imapMailboxReader({
    ...{ host: '127.0.0.1', port: server.port, tls: 'none', user: USER, token, timings: SHORT },
  });
  const log = (fields: object, message: string) => void said.push(`${JSON.stringify(fields)} ${message}`);
  const ended = watchMailbox(
    {
      ...{ store, notes, clock, reader, junk: null, queue: new MemoryQueue(), limits: DEFAULT_LIMITS },
      ...{ holder: 'one', log: { info: log, warn: log, error: log }, random: () => random },
      onState: (state) => void states.push(state.type === 'failing' ? state.code : state.type),
      async pause(ms, signal) {
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
  return { server, notes, pauses, states, said };
}

const logins = (commands: readonly string[]) => commands.flatMap((command) => tokenIn(command) ?? []);

describe('hazards 14: a token that ends in IDLE', () => {
  test.each([
    ['with a word of the server', '* BYE Session invalidated - AccessTokenExpired', HOUR],
    ['without a word', null, -HOUR],
  ])('%s is replaced over the next connection, at once and with no trouble noted', async (_, bye, lasts) => {
    const given = tokens(lasts);
    let ends = 0;
    const here = await watched(
      taking(
        () => true,
        (command, socket) => {
          if (command !== 'IDLE' || ends >= 3) return null;
          ends += 1;
          given.expire();
          setTimeout(() => socket.end(bye === null ? '' : `${bye}\r\n`), 2).unref();
          return ['+ idling'];
        },
      ),
      given.source,
    );
    await waitUntil('the fourth session', () => logins(here.server.commands).length === 4);
    await waitUntil(
      'it idles',
      () => here.server.commands.filter((command) => command === 'IDLE').length > 3,
    );
    expect(logins(here.server.commands)).toEqual(['token-1', 'token-2', 'token-3', 'token-4']);
    expect(here.notes.troubles).toEqual([]);
    expect(new Set(here.states)).toEqual(new Set(['reading']));
    expect(here.pauses).toEqual([]);
    expect(here.said.join()).not.toMatch(/token-\d/);
  });

  test('without a word, long before its end, is a connection that was lost like any other', async () => {
    const given = tokens();
    let ends = 0;
    const here = await watched(
      taking(
        () => true,
        (command, socket) => {
          if (command !== 'IDLE' || ends >= 1) return null;
          ends += 1;
          setTimeout(() => socket.end(), 2).unref();
          return ['+ idling'];
        },
      ),
      given.source,
    );
    await waitUntil('the second session', () => logins(here.server.commands).length === 2);
    expect(here.notes.troubles).toEqual(['imap-unreachable']);
  });
});

describe('hazards 14: a token that is refused', () => {
  test('though it should be good is renewed once, and the mailbox is read', async () => {
    const given = tokens();
    const here = await watched(
      taking((token) => token !== 'token-1'),
      given.source,
    );
    await waitUntil('reading', () => here.states.includes('reading'));
    expect(logins(here.server.commands)).toEqual(['token-1', 'token-2']);
    expect(new Set(here.states)).toEqual(new Set(['reading']));
    expect(here.notes.troubles).toEqual([]);
  });

  test('and whose successor is refused too counts as a login refused, with two tries in five minutes', async () => {
    const given = tokens();
    const here = await watched(
      taking(() => false),
      given.source,
    );
    await waitUntil('a few rounds', () => here.pauses.length >= 3);
    const [first, ...more] = here.states;
    expect([first, ...more.slice(0, 1)]).toEqual(['imap-login-refused', 'imap-login-refused']);
    expect(Math.min(...here.pauses)).toBeGreaterThanOrEqual(300_000);
    expect(logins(here.server.commands).length).toBeLessThanOrEqual(2 * here.states.length + 2);
    expect(here.said.join()).not.toMatch(/token-\d|Bearer/);
  });

  test('and cannot be had any more asks no mail server, and is read again when somebody has signed in', async () => {
    const given = tokens();
    given.isRevoked = true;
    const here = await watched(
      taking(() => true),
      given.source,
    );
    await waitUntil('a few rounds', () => here.pauses.length >= 3);
    expect(here.server.commands).toEqual([]);
    expect(new Set(here.states)).toEqual(new Set(['oauth-revoked']));
    expect(here.notes.troubles[0]).toBe('oauth-revoked');
    expect(Math.min(...here.pauses)).toBeGreaterThanOrEqual(15_000);
    given.isRevoked = false;
    await waitUntil('reading', () => here.states.at(-1) === 'reading');
  });

  test('stands in no failure, be it quoted back in clear or as it was sent', async () => {
    const given = tokens();
    const server = await startScriptedImap((command) => {
      if (command === 'CAPABILITY') return ['* CAPABILITY IMAP4rev1 SASL-IR AUTH=XOAUTH2', '% OK done'];
      const token = tokenIn(command);
      return token === null ? null : [`% NO ${command} ${token} is bad`];
    });
    cleanups.push(() => server.close());
    const reader = imapMailboxReader({
      ...{
        host: '127.0.0.1',
        port: server.port,
        tls: 'none',
        user: USER,
        token: given.source,
        timings: SHORT,
      },
    });
    const failure = await reader.open('INBOX', AbortSignal.timeout(5_000)).catch((thrown: unknown) => thrown);
    expect(failure).toMatchObject({ code: 'imap-login-refused' });
    const sent = server.commands.map((command) => /^AUTHENTICATE XOAUTH2 (\S+)/.exec(command)?.[1]);
    for (const secret of ['token-1', 'token-2', ...sent.filter((one) => one !== undefined)])
      expect(String(failure)).not.toContain(secret);
  });
});

describe('hazards 13: a server that asks for a pause', () => {
  test.each([
    ['Request is throttled. Suggested Backoff Time: 192415 milliseconds', 192_415],
    // No word of a server stops the mail for hours.
    ['Request is throttled. Suggested Backoff Time: 86400000 milliseconds', 300_000],
  ])('"%s" is given it, and neither the token nor the login is called bad', async (words, asked) => {
    const given = tokens();
    let throttles = 0;
    const here = await watched(
      taking(
        () => true,
        (command, socket) => {
          if (tokenIn(command) === null || throttles >= 2) return null;
          throttles += 1;
          setTimeout(() => socket.end(), 5).unref();
          return [`% BAD ${words}`];
        },
      ),
      given.source,
      0.5,
    );
    await waitUntil('reading', () => here.states.includes('reading'));
    // It says "reading" at every turn that goes well.
    expect(here.states.slice(0, 3)).toEqual(['imap-throttled', 'imap-throttled', 'reading']);
    expect(here.pauses[0]).toBe(asked + 30_000);
    expect(given.asked).toEqual([undefined, undefined, undefined]);
  });

  test('because there are too many connections is asked again with a growing pause, with the same token', async () => {
    const given = tokens();
    let refusals = 0;
    const here = await watched(
      taking(
        () => true,
        (command) =>
          tokenIn(command) !== null && ++refusals <= 4
            ? ['% NO [ALERT] Too many simultaneous connections. (Failure)']
            : null,
      ),
      given.source,
      0.99,
    );
    await waitUntil('reading', () => here.states.includes('reading'));
    expect(here.states.filter((state) => state !== 'reading')).toEqual(Array(4).fill('imap-throttled'));
    expect(here.pauses.slice(0, 4)).toEqual([...here.pauses.slice(0, 4)].sort((a, b) => a - b));
    expect(given.asked).toEqual(Array(5).fill(undefined));
  });
});

const MAIL = {
  ...{ envelopeFrom: USER, envelopeTo: 'priya@acme.example' },
  raw: Buffer.from('Subject: hello\r\n\r\nHello\r\n'),
};

/** `answers` names the code that a token is refused with. */
async function sending(given: ReturnType<typeof tokens>, answers: (token: string) => number | null) {
  const seen: string[] = [];
  const server = new SMTPServer({
    ...{ allowInsecureAuth: true, disabledCommands: ['STARTTLS'], disableReverseLookup: true, logger: false },
    authMethods: ['XOAUTH2'],
    onAuth({ accessToken = '', username = '' }, _session, done) {
      seen.push(accessToken);
      const responseCode = answers(accessToken);
      if (responseCode === null) return done(null, { user: username });
      // Quoted back, as servers have been seen to do.
      done(Object.assign(new Error(`bad ${accessToken}`), { responseCode }));
    },
    onData(stream, _session, done) {
      stream.on('end', () => done());
      stream.resume();
    },
  });
  server.on('error', () => {});
  const port = await listenOnLoopback(server.server);
  const sender = smtpMailSender({ host: '127.0.0.1', port, tls: 'none', user: USER, token: given.source });
  cleanups.push(async () => {
    await sender.close();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  });
  const drop = () => {
    for (const connection of server.connections) connection.close();
  };
  return { sender, seen, drop };
}

describe('a pool of sending connections', () => {
  test('logs in with the token of the moment over each new connection', async () => {
    const given = tokens();
    const { sender, seen, drop } = await sending(given, () => null);
    expect(await sender.send(MAIL)).toMatchObject({ type: 'accepted' });
    expect(await sender.send(MAIL)).toMatchObject({ type: 'accepted' });
    expect(seen).toEqual(['token-1']);
    given.expire();
    drop();
    expect(await sender.send(MAIL)).toMatchObject({ type: 'accepted' });
    expect(seen).toEqual(['token-1', 'token-2']);
  });

  test('renews a token that is refused once, and the mail goes out in the same try', async () => {
    const given = tokens();
    const { sender, seen } = await sending(given, (token) => (token === 'token-1' ? 535 : null));
    expect(await sender.send(MAIL)).toMatchObject({ type: 'accepted' });
    expect(seen.at(-1)).toBe('token-2');
    expect(given.asked.filter((refused) => refused !== undefined)).toEqual(['token-1']);
  });

  test('takes the login for refused when the renewed token is refused as well, and names no token', async () => {
    const given = tokens();
    const { sender } = await sending(given, () => 535);
    const outcome = await sender.send(MAIL);
    expect(outcome).toMatchObject({ type: 'temporary', code: 'smtp-login-refused' });
    expect(JSON.stringify(outcome)).not.toMatch(/token-\d/);
    expect(given.asked.filter((refused) => refused !== undefined)).toHaveLength(1);
    expect(await sender.check()).toMatchObject({ code: 'smtp-login-refused' });
  });

  test('does not call a login refused that the server only wants later', async () => {
    const given = tokens();
    const { sender } = await sending(given, () => 454);
    expect(await sender.send(MAIL)).toMatchObject({ type: 'temporary', code: 'smtp-throttled' });
    expect(given.asked).toEqual([undefined]);
  });

  test('says why there is no token, sends nothing, and sends when there is one again', async () => {
    const given = tokens();
    given.isRevoked = true;
    const { sender, seen } = await sending(given, () => null);
    expect(await sender.send(MAIL)).toMatchObject({
      ...{ type: 'temporary', code: 'oauth-revoked', response: 'Run "npx baton connect maintenance".' },
    });
    expect(seen).toEqual([]);
    given.isRevoked = false;
    expect(await sender.send(MAIL)).toMatchObject({ type: 'accepted' });
  });
});
