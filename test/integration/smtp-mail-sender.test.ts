/** Every way an SMTP server can refuse or vanish, stage by stage, and what is said about the mail afterwards. */
import { afterEach, describe, expect, test } from 'vitest';
import { type SmtpOptions, smtpMailSender } from '../../src/adapters/smtp/mail-sender.ts';
import type { MailSender } from '../../src/app/ports/mail-sender.ts';
import { type Answer, type Stage, startScriptedSmtp } from '../support/scripted-smtp.ts';

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const MAIL = {
  envelopeFrom: 'office@acme.example',
  envelopeTo: 'priya@acme.example',
  raw: Buffer.from('Subject: hello\r\n\r\nHello\r\n'),
};
const SHORT = { connectMs: 2_000, greetingMs: 100, silenceMs: 100, totalMs: 10_000 };

async function against(
  script: (stage: Stage, turn: number) => Answer | undefined,
  more: Partial<SmtpOptions> = {},
): Promise<{ server: Awaited<ReturnType<typeof startScriptedSmtp>>; sender: MailSender }> {
  const server = await startScriptedSmtp(script);
  cleanups.push(() => server.close());
  const sender = smtpMailSender({
    host: '127.0.0.1',
    port: server.port,
    tls: 'none',
    timings: SHORT,
    ...more,
  });
  cleanups.push(() => sender.close());
  return { server, sender };
}
const answering = (stage: Stage, answer: Answer) => against((at) => (at === stage ? answer : undefined));

describe('a check sends nothing', () => {
  test('and is silent about a server that takes mail', async () => {
    const { server, sender } = await against(() => undefined);
    expect(await sender.check()).toBeNull();
    expect(server.commands.filter((command) => command.startsWith('MAIL FROM'))).toEqual([]);
  });

  test('and tells of one that cannot be reached', async () => {
    const { server, sender } = await against(() => undefined);
    await server.close();
    expect(await sender.check()).toMatchObject({ code: 'smtp-unreachable' });
  });
});

describe('an answer of the server is definite', () => {
  const codes = (['mail', 'rcpt', 'data', 'dot'] as const).flatMap((stage) => [
    [stage, '451 4.3.0 later', 'temporary', 'smtp-451'] as const,
    [stage, '421 4.3.2 going down', 'temporary', 'smtp-421'] as const,
    [stage, '550 5.1.1 no such user', 'permanent', 'smtp-550'] as const,
    [stage, '503 5.5.1 wrong order', 'temporary', 'smtp-503'] as const,
  ]);
  test.each(codes)('at %s, "%s" is %s', async (stage, answer, type, code) => {
    const { server, sender } = await answering(stage, answer);
    const outcome = await sender.send(MAIL);
    expect(outcome).toMatchObject({ type, code });
    expect(outcome.response).toContain(answer);
    expect(server.commands.filter((command) => command.startsWith('MAIL FROM'))).toHaveLength(1);
  });

  test('a refusal of several lines is read to its end and told on one line', async () => {
    const { sender } = await answering(
      'rcpt',
      '550-5.7.1 blocked\r\n550-5.7.1 ask the postmaster\r\n550 5.7.1 of acme',
    );
    const outcome = await sender.send(MAIL);
    expect(outcome).toMatchObject({ type: 'permanent', code: 'smtp-550' });
    expect(outcome.response).toMatch(/blocked.*ask the postmaster.*of acme/);
    expect(outcome.response).not.toMatch(/[\r\n]/);
  });

  test('an acceptance of several lines is an acceptance', async () => {
    const { sender } = await answering('dot', '250-2.0.0 kept\r\n250 2.0.0 as 17');
    expect(await sender.send(MAIL)).toMatchObject({ type: 'accepted' });
  });

  test('a refused greeting says nothing about the mail and is temporary', async () => {
    const { sender } = await answering('connect', '554 no service for you');
    expect(await sender.send(MAIL)).toMatchObject({ type: 'temporary' });
  });

  test('a server that asks for a login first is a matter of the login and not of the mail', async () => {
    const { sender } = await answering('mail', '530 5.7.0 authentication required');
    expect(await sender.send(MAIL)).toMatchObject({ type: 'temporary', code: 'smtp-login-refused' });
  });
});

describe('without an answer, what had been sent decides', () => {
  const before = (['connect', 'ehlo', 'mail', 'rcpt', 'data'] as const).flatMap((stage) =>
    (['drop', 'reset', 'silence'] as const).map((answer) => [stage, answer] as const),
  );
  test.each(before)('at %s, %s leaves nothing delivered: temporary', async (stage, answer) => {
    const { server, sender } = await answering(stage, answer);
    expect(await sender.send(MAIL)).toMatchObject({ type: 'temporary' });
    expect(server.kept).toEqual([]);
  });

  test.each(['drop', 'reset', 'silence'] as const)(
    'after the final dot, %s leaves it unknown',
    async (answer) => {
      const { server, sender } = await answering('dot', answer);
      expect(await sender.send(MAIL)).toMatchObject({ type: 'unknown' });
      expect(server.kept).toHaveLength(1);
      expect(server.connections()).toBe(1);
    },
  );

  test.each(['drop', 'reset'] as const)(
    'within the content, %s leaves it unknown and is not repeated',
    async (answer) => {
      const { server, sender } = await answering('content', answer);
      expect(await sender.send({ ...MAIL, raw: Buffer.alloc(2_000_000, 'line\r\n') })).toMatchObject({
        type: 'unknown',
      });
      expect(server.commands.filter((command) => command === 'DATA')).toHaveLength(1);
    },
  );

  test('nobody listening is temporary', async () => {
    const { server, sender } = await answering('dot', 'drop');
    await server.close();
    expect(await sender.send(MAIL)).toMatchObject({ type: 'temporary', code: 'smtp-unreachable' });
  });

  test('an unknown host is temporary', async () => {
    const { sender } = await against(() => undefined, { host: 'no-such-host.invalid' });
    expect(await sender.send(MAIL)).toMatchObject({ type: 'temporary' });
  });

  test('an answer that is slow but within the time is waited for', async () => {
    const timings = { ...SHORT, silenceMs: 20_000 };
    const { server, sender } = await against((stage) => (stage === 'dot' ? 'silence' : undefined), {
      timings,
    });
    const outcome = sender.send(MAIL);
    await server.reached('dot', 1);
    server.say('250 2.0.0 kept at last');
    expect(await outcome).toMatchObject({ type: 'accepted', response: '250 2.0.0 kept at last' });
  });

  test('the whole attempt is limited, and content that was begun by then is unknown', async () => {
    const timings = { ...SHORT, silenceMs: 20_000, totalMs: 150 };
    const { sender } = await against((stage) => (stage === 'dot' ? 'silence' : undefined), { timings });
    expect(await sender.send(MAIL)).toMatchObject({ type: 'unknown', code: 'smtp-timeout' });
  });
});

describe('the pool', () => {
  test('mail after mail goes over one connection', async () => {
    const { server, sender } = await against(() => undefined, { maxConnections: 1 });
    for (const _ of [1, 2, 3]) expect(await sender.send(MAIL)).toMatchObject({ type: 'accepted' });
    expect(server.connections()).toBe(1);
    expect(server.kept).toHaveLength(3);
  });

  test('a pooled connection that turns out dead before anything was sent is replaced without a word', async () => {
    const { server, sender } = await against(
      (stage, turn) => (stage === 'mail' && turn === 2 ? 'drop' : undefined),
      {
        maxConnections: 1,
      },
    );
    expect(await sender.send(MAIL)).toMatchObject({ type: 'accepted' });
    expect(await sender.send(MAIL)).toMatchObject({ type: 'accepted' });
    expect(server.connections()).toBe(2);
    expect(server.kept).toHaveLength(2);
  });

  test('a connection that has carried a hundred mails gives way to a new one, with a goodbye', async () => {
    const { server, sender } = await against(() => undefined, { maxConnections: 1 });
    for (let at = 0; at <= 100; at += 1) expect(await sender.send(MAIL)).toMatchObject({ type: 'accepted' });
    expect([server.connections(), server.kept.length]).toEqual([2, 101]);
    expect(server.commands).toContain('QUIT');
  });

  test('no more connections are opened than allowed', async () => {
    const { server, sender } = await against(() => undefined, { maxConnections: 2 });
    await Promise.all(Array.from({ length: 12 }, () => sender.send(MAIL)));
    expect(server.connections()).toBeLessThanOrEqual(2);
    expect(server.kept).toHaveLength(12);
  });

  test('closing waits for the mail under way', async () => {
    const { server, sender } = await against(() => undefined);
    const outcome = sender.send(MAIL);
    await sender.close();
    expect(await outcome).toMatchObject({ type: 'accepted' });
    expect(server.kept).toHaveLength(1);
  });
});

describe('what must never leave the house', () => {
  test('the password is in no outcome, even when the server quotes it', async () => {
    const line = Buffer.from('\0office\0pa55word').toString('base64');
    const { sender } = await against(
      (stage) => (stage === 'auth' ? `535 bad line ${line} for pa55word` : undefined),
      {
        user: 'office',
        password: 'pa55word',
      },
    );
    const outcome = await sender.send(MAIL);
    expect(outcome).toMatchObject({ type: 'temporary', code: 'smtp-login-refused' });
    expect(outcome.response).toContain('bad line (hidden) for (hidden)');
  });

  test('STARTTLS that is not offered is never replaced by plain text', async () => {
    const { server, sender } = await against(() => undefined, {
      tls: 'starttls',
      user: 'office',
      password: 'pa55word',
    });
    expect(await sender.send(MAIL)).toMatchObject({ type: 'temporary' });
    expect(server.commands.some((command) => command.startsWith('AUTH') || command.startsWith('MAIL'))).toBe(
      false,
    );
  });

  test('a line with a bare LF and a dot does not end the content early', async () => {
    const { server, sender } = await against(() => undefined);
    const raw = Buffer.from('Subject: x\r\n\r\na\n.\nMAIL FROM:<evil@evil.example>\r\n');
    expect(await sender.send({ ...MAIL, raw })).toMatchObject({ type: 'accepted' });
    expect(server.kept).toHaveLength(1);
    expect(server.kept[0]).not.toMatch(/\n\.\r?\n/);
    expect(server.kept[0]).not.toMatch(/[^\r]\n/);
  });
});
