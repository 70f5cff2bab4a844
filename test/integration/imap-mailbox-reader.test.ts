/** What a badly behaved IMAP server or network does to the adapter. Time limits are shortened, never waited out. */
import { createServer } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import {
  type ImapLogEvent,
  type ImapOptions,
  type ImapTimings,
  imapMailboxReader,
} from '../../src/adapters/imap/mailbox-reader.ts';
import { Failure } from '../../src/app/failures.ts';
import { startMailServer } from '../../src/runtime/mail-server/mail-server.ts';
import { type ImapScript, startScriptedImap } from '../support/scripted-imap.ts';
import { startTcpProxy } from '../support/tcp-proxy.ts';

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const SHORT = { connectMs: 2_000, commandMs: 200, idleSliceMs: 50, proofMs: 100, logoutMs: 50 };
const PASSWORD = 'pa55-word-of-ours';
const live = () => new AbortController().signal;
const reader = (port: number, more: Partial<ImapOptions> = {}) =>
  imapMailboxReader({
    host: '127.0.0.1',
    port,
    tls: 'none',
    user: 'office',
    password: PASSWORD,
    timings: SHORT,
    ...more,
  });
const failureOf = async (work: Promise<unknown>): Promise<Failure> => {
  const thrown = await work.then(
    (value) => new Error(`resolved with ${JSON.stringify(value)}`),
    (error: unknown) => error,
  );
  if (!(thrown instanceof Failure)) throw thrown;
  return thrown;
};
async function scripted(script: ImapScript, greeting?: string) {
  const server = await startScriptedImap(script, greeting);
  cleanups.push(() => server.close());
  return server;
}
async function openScripted(script: ImapScript) {
  const server = await scripted(script);
  const session = await reader(server.port).open('INBOX', live());
  cleanups.push(() => session.close());
  return { server, session };
}
/** One mail is there, and the next is announced at the third NOOP. */
async function openFlowing(timings: Partial<ImapTimings>, onProof: (nth: number) => void = () => {}) {
  let proofs = 0;
  const server = await scripted((command) => {
    if (command.startsWith('UID SEARCH')) return ['* SEARCH 5', '% OK done'];
    if (command.startsWith('UID FETCH')) return [`* 1 FETCH (UID 5 RFC822.SIZE 6 ${DATE})`, '% OK done'];
    if (command === 'NOOP') onProof(++proofs);
    return command === 'NOOP' && proofs === 3 ? ['* 2 EXISTS', '% OK done'] : null;
  });
  const session = await reader(server.port, { timings: { ...SHORT, ...timings } }).open('INBOX', live());
  cleanups.push(() => session.close());
  return { server, session };
}
const DATE = 'INTERNALDATE "02-Mar-2026 09:00:00 +0000"';
async function behindProxy() {
  const server = await startMailServer({
    mailboxes: [{ user: 'office', password: PASSWORD, folders: ['INBOX'] }],
    onMail: () => {},
  });
  cleanups.push(() => server.close());
  const proxy = await startTcpProxy(server.imapPort);
  cleanups.push(() => proxy.close());
  const session = await reader(proxy.port).open('INBOX', live());
  cleanups.push(() => session.close());
  return { server, proxy, session };
}

describe('a peer that is gone without a word', () => {
  test('a connection that goes silent during IDLE ends the wait with a temporary failure', async () => {
    const { proxy, session } = await behindProxy();
    const wait = failureOf(session.waitForNews(3_600_000, live()));
    proxy.blackHole();
    expect(await wait).toMatchObject({ kind: 'temporary', code: 'imap-unreachable' });
  });

  test('a connection that goes silent before a question never looks like an empty mailbox', async () => {
    const { server, proxy, session } = await behindProxy();
    await session.listAfter(0, 10);
    server.append('office', 'INBOX', Buffer.from('Subject: there\r\n\r\n'));
    proxy.blackHole();
    expect(await failureOf(session.listAfter(0, 10))).toMatchObject({
      kind: 'temporary',
      code: 'imap-unreachable',
    });
  });

  test('closing a session over a silent connection comes to an end', async () => {
    const { proxy, session } = await behindProxy();
    proxy.blackHole();
    await session.close();
  });

  test('a wait that outlasts several proofs of life still hears of mail', async () => {
    let proofs = 0;
    const { session } = await openScripted((command) => {
      if (command !== 'NOOP') return null;
      proofs += 1;
      return proofs === 3 ? ['* 2 EXISTS', '% OK done'] : ['% OK done'];
    });
    await session.waitForNews(3_600_000, live());
    expect(proofs).toBe(3);
  });
});

describe('a server nearby, while mail flows', () => {
  const WITHOUT_END = { askEveryMs: 1, nearbyMs: Number.POSITIVE_INFINITY };

  test('is asked for more instead of waited for', async () => {
    const { server, session } = await openFlowing(WITHOUT_END);
    await session.listAfter(0, 10);
    await session.waitForNews(3_600_000, live());
    expect(server.commands).not.toContain('IDLE');
    expect(server.commands.filter((command) => command === 'NOOP')).toHaveLength(3);
  });

  test('is asked for more after an answer that took long as well', async () => {
    const stall = (nth: number) => {
      const until = performance.now() + (nth === 2 ? 300 : 0);
      while (performance.now() < until);
    };
    const { server, session } = await openFlowing(
      { ...WITHOUT_END, nearbyMs: 250, commandMs: 5_000, proofMs: 5_000 },
      stall,
    );
    await session.listAfter(0, 10);
    await session.waitForNews(3_600_000, live());
    expect(server.commands.slice(server.commands.indexOf('NOOP'))).not.toContain('IDLE');
  });

  test.each([
    ['no mail came', { ...WITHOUT_END }, 5],
    ['the last mail came long ago', { ...WITHOUT_END, flowsForMs: 0 }, 0],
    ['it takes long to answer', { ...WITHOUT_END, nearbyMs: 0 }, 0],
  ])('is waited for in IDLE when %s', async (_, timings, after) => {
    const { server, session } = await openFlowing(timings);
    await session.listAfter(after, 10);
    await session.waitForNews(3_600_000, live());
    expect(server.commands.filter((command) => command === 'IDLE').length).toBeGreaterThan(1);
  });
});

describe('servers that answer oddly', () => {
  test('BYE over a connection that stays open is a dead session and not an empty answer', async () => {
    const { session } = await openScripted((command) =>
      command.startsWith('UID FETCH') ? ['* BYE going down'] : null,
    );
    expect(await failureOf(session.fetch([5]))).toMatchObject({ kind: 'temporary' });
  });

  test('BYE right behind the last answer is noticed before the next question', async () => {
    const { session } = await openScripted((command) =>
      command.startsWith('UID SEARCH') ? ['* SEARCH', '% OK done', '* BYE going down'] : null,
    );
    await session.listAfter(0, 10).catch(() => []);
    expect(await failureOf(session.fetch([5]))).toMatchObject({ kind: 'temporary' });
  });

  test('BYE during IDLE ends the wait even when the connection stays open', async () => {
    const { session } = await openScripted((command) =>
      command === 'IDLE' ? ['+ idling', '* BYE going down'] : null,
    );
    const failure = await failureOf(session.waitForNews(3_600_000, live()));
    expect(failure).toMatchObject({ kind: 'temporary', code: 'imap-unreachable' });
    expect(failure.message).toContain('going down');
  });

  test('a refused SEARCH is a failure and not "no new mail"', async () => {
    const { session } = await openScripted((command) =>
      command.startsWith('UID SEARCH') ? ['% NO index is broken'] : null,
    );
    const failure = await failureOf(session.listAfter(0, 10));
    expect(failure).toMatchObject({ kind: 'temporary', code: 'imap-refused' });
    expect(failure.message).toContain('index is broken');
  });

  test('a server without IDLE announces its mail at the next NOOP', async () => {
    const { session } = await openScripted((command) => {
      if (command === 'IDLE') return ['% BAD no such command'];
      return command === 'NOOP' ? ['* 2 EXISTS', '% OK done'] : null;
    });
    await session.waitForNews(3_600_000, live());
  });

  test('a flag change announced within a FETCH does not hide the mail', async () => {
    const { session } = await openScripted((command) =>
      command.startsWith('UID FETCH')
        ? ['* 1 FETCH (FLAGS (\\Seen) UID 5)', '* 1 FETCH (UID 5 BODY[] {6}\r\nA: b\r\n)', '% OK done']
        : null,
    );
    const [mail] = await session.fetch([5]);
    expect(Buffer.from(mail?.raw ?? []).toString()).toBe('A: b\r\n');
  });

  test('a mail that is there but comes without an answer is asked for again and not passed over', async () => {
    const { session } = await openScripted((command) => {
      if (command.startsWith('UID FETCH')) return ['* 1 FETCH (UID 5 BODY[] NIL)', '% OK done'];
      return command.startsWith('UID SEARCH') ? ['* SEARCH 5', '% OK done'] : null;
    });
    expect(await failureOf(session.fetch([5]))).toMatchObject({
      kind: 'temporary',
      code: 'imap-unreadable-answer',
    });
  });

  test('a long history is searched in steps, gaps included, and never as a whole', async () => {
    const { server, session } = await openScripted((command) => {
      if (command.startsWith('EXAMINE')) {
        return [
          '* 2 EXISTS',
          '* OK [UIDVALIDITY 7] ok',
          '* OK [UIDNEXT 4000000001] ok',
          '% OK [READ-ONLY] done',
        ];
      }
      if (command.startsWith('UID FETCH')) {
        return [
          '* 1 FETCH (UID 7000000 RFC822.SIZE 10 INTERNALDATE "05-Jan-2026 07:08:09 +0000")',
          '% OK done',
        ];
      }
      const [, low = 0, high = 0] = (/^UID SEARCH UID (\d+):(\d+)/.exec(command) ?? []).map(Number);
      return command.startsWith('UID SEARCH')
        ? [`* SEARCH${low <= 7_000_000 && high >= 7_000_000 ? ' 7000000' : ''}`, '% OK done']
        : null;
    });
    expect((await session.listAfter(0, 1)).map((listed) => listed.uid)).toEqual([7_000_000]);
    const searches = server.commands.filter((command) => command.startsWith('UID SEARCH'));
    expect(searches[0]).toBe('UID SEARCH UID 1:20000');
    expect(searches.length).toBeLessThan(8);
    expect(searches.some((command) => command.includes('*'))).toBe(false);
  });

  test('only EXAMINE, SEARCH, NOOP and reading with PEEK are ever sent', async () => {
    const { server, session } = await openScripted((command) => {
      if (command.startsWith('UID SEARCH')) return ['* SEARCH 5', '% OK done'];
      return command.startsWith('UID FETCH') && command.includes('BODY.PEEK[]')
        ? ['* 1 FETCH (UID 5 BODY[] {6}\r\nA: b\r\n)', '% OK done']
        : command.startsWith('UID FETCH')
          ? [
              '* 1 FETCH (UID 5 RFC822.SIZE 6 INTERNALDATE "05-Jan-2026 07:08:09 +0000" BODY[HEADER]<0> {6}\r\nA: b\r\n)',
              '% OK done',
            ]
          : null;
    });
    await session.listAfter(0, 10);
    await session.fetch([5]);
    await session.fetchHeaders(5);
    await session.waitForNews(60, live());
    await session.close();
    const verbs = new Set(server.commands.map((command) => command.replace(/^UID /, '').split(' ', 1)[0]));
    for (const verb of ['SELECT', 'STORE', 'EXPUNGE', 'COPY', 'MOVE', 'APPEND', 'DELETE', 'CLOSE']) {
      expect(verbs).not.toContain(verb);
    }
    for (const command of server.commands) expect(command).not.toMatch(/BODY\[|RFC822(?!\.SIZE)/);
  });
});

describe('why a mailbox could not be opened', () => {
  const opening = async (script: ImapScript, greeting?: string) =>
    failureOf(reader((await scripted(script, greeting)).port).open('INBOX', live()));
  const onLogin =
    (answer: string): ImapScript =>
    (command) =>
      command.startsWith('LOGIN') ? [answer] : null;

  test('a refused login is permanent, says who, where and what to do, and never the password', async () => {
    const failure = await opening(onLogin(`% NO [AUTHENTICATIONFAILED] wrong password ${PASSWORD}`));
    expect(failure).toMatchObject({ kind: 'permanent', code: 'imap-login-refused' });
    expect(failure.message).toContain('127.0.0.1');
    expect(failure.message).toContain('"office"');
    expect(failure.message).toContain('app password');
    expect(failure.message).toContain('wrong password (hidden)');
    expect(
      `${failure.message} ${failure.stack} ${JSON.stringify(failure)} ${String(failure.cause)}`,
    ).not.toContain(PASSWORD);
  });

  test.each([
    ['% NO [UNAVAILABLE] try later'],
    ['% NO Too many simultaneous connections'],
    ['% NO [LIMIT] slow down'],
  ])('the login answer "%s" is throttling and not a wrong password', async (answer) => {
    expect(await opening(onLogin(answer))).toMatchObject({ kind: 'temporary', code: 'imap-throttled' });
  });

  test('a login refused because the server has trouble of its own is temporary', async () => {
    const failure = await opening(onLogin('% NO User is authenticated but not connected.'));
    expect(failure).toMatchObject({ kind: 'temporary', code: 'imap-refused' });
  });

  test('a connection that breaks during login is no refusal', async () => {
    const failure = await opening((command, socket) => {
      if (command.startsWith('LOGIN')) socket.destroy();
      return null;
    });
    expect(failure).toMatchObject({ kind: 'temporary', code: 'imap-unreachable' });
  });

  test('a greeting of BYE with too many connections is throttling', async () => {
    expect(await opening(() => null, '* BYE Too many connections')).toMatchObject({ code: 'imap-throttled' });
  });

  test('a server that takes the connection and says nothing is temporary', async () => {
    const server = createServer(() => {});
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    cleanups.push(async () => server.close());
    const port = (server.address() as { port: number }).port;
    const failure = await failureOf(
      reader(port, { timings: { ...SHORT, connectMs: 50 } }).open('INBOX', live()),
    );
    expect(failure).toMatchObject({ kind: 'temporary', code: 'imap-unreachable' });
  });

  test('a closed port and an unknown host are temporary', async () => {
    const server = await scripted(() => null);
    await server.close();
    expect(await failureOf(reader(server.port).open('INBOX', live()))).toMatchObject({
      code: 'imap-unreachable',
    });
    const nowhere = reader(1, { host: 'no-such-host.invalid' });
    expect(await failureOf(nowhere.open('INBOX', live()))).toMatchObject({
      kind: 'temporary',
      code: 'imap-unreachable',
    });
  });

  test('STARTTLS that the server does not offer is never replaced by plain text', async () => {
    const server = await scripted(() => null);
    const failure = await failureOf(reader(server.port, { tls: 'starttls' }).open('INBOX', live()));
    expect(failure).toMatchObject({ kind: 'temporary', code: 'imap-tls-failed' });
    expect(server.commands.some((command) => command.startsWith('LOGIN'))).toBe(false);
  });

  test('TLS to a port that speaks plain text is said to be a matter of TLS', async () => {
    const server = await scripted(() => null);
    const failure = await failureOf(reader(server.port, { tls: 'implicit' }).open('INBOX', live()));
    expect(failure).toMatchObject({ kind: 'temporary', code: 'imap-tls-failed' });
  });

  test('calling off a connection attempt ends it at once', async () => {
    const stop = new AbortController();
    const server = await scripted(() => {
      stop.abort();
      return [];
    });
    const failure = await failureOf(reader(server.port).open('INBOX', stop.signal));
    expect(failure).toMatchObject({ kind: 'temporary', code: 'imap-aborted' });
  });

  test('the log hears of the connection and of its end, and never of the password', async () => {
    const events: ImapLogEvent[] = [];
    const server = await scripted(() => null);
    const session = await reader(server.port, { log: (event) => events.push(event) }).open('INBOX', live());
    await session.close();
    expect(events.map((event) => event.event)).toEqual(['imap-connected', 'imap-closed']);
    expect(JSON.stringify(events)).not.toContain(PASSWORD);
  });
});
