/** Somebody sets Baton up, with answers that are wrong at first and servers that refuse; and the doctor looks at it. */
import { expect, test } from 'vitest';
import { readHeaderBlock } from '../../src/adapters/mime/header-fields.ts';
import { composeMail } from '../../src/adapters/smtp/compose.ts';
import { examine, type Tools } from '../../src/app/doctor/examine.ts';
import { Failure } from '../../src/app/failures.ts';
import type { Asker } from '../../src/app/first-hour/asker.ts';
import { type Interviewed, interview } from '../../src/app/first-hour/interview.ts';
import type { InboxTools } from '../../src/app/first-hour/try-mailbox.ts';
import type { MailSender } from '../../src/app/ports/mail-sender.ts';
import { plus } from '../../src/domain/doctor/round-trip.ts';
import { MINUTE } from '../../src/domain/instant.ts';
import { outcome } from '../../src/domain/sender-authentication/authentication.ts';
import { writeLetter } from '../support/letters.ts';
import { type MemoryMailbox, memoryMailbox } from '../support/memory-mailbox.ts';
import { MONDAY } from '../support/policy.ts';
import { type SettableClock, settableClock } from '../support/settable-clock.ts';

const ADDRESS = 'office@elm.example';
const SECRET = 'k'.repeat(32);
const FACTS = {
  capabilities: new Set(['IDLE']),
  folders: [
    { path: 'INBOX', use: null },
    { path: 'Sent', use: '\\Sent' },
  ],
};
const PEOPLE = [
  'Priya Nair priya@elm.example',
  'Dana Reed dana@elm.example',
  '',
  'priya',
  'dana',
  '',
  'Europe/Berlin',
];

type Server = {
  readonly mailbox: MemoryMailbox;
  readonly clock: SettableClock;
  readonly toolsOf: (accounts: unknown, passwords: { password: string }) => InboxTools;
};

/** Takes the password `secret`; `loses`: what is sent never arrives. */
function serverOf({ loses = false }: { loses?: boolean } = {}): Server {
  const mailbox = memoryMailbox(['INBOX', 'Sent']);
  const clock = settableClock(MONDAY);
  const sender: MailSender = {
    async send({ raw }) {
      if (loses) clock.set(clock.now() + 2 * MINUTE);
      else mailbox.append('INBOX', raw, clock.now());
      return { type: 'accepted', response: '250 ok' };
    },
    check: async () => null,
    close: async () => {},
  };
  const toolsOf: Server['toolsOf'] = (_, { password }) => ({
    ...{ reader: mailbox.reader, sender, composer: { compose: composeMail }, clock, secret: SECRET },
    probe: {
      look: async () => {
        if (password !== 'secret') throw new Failure('permanent', 'imap-login-refused', 'Wrong password.');
        return FACTS;
      },
    },
  });
  return { mailbox, clock, toolsOf };
}

type Told = { readonly said: string[]; readonly interviewed: Interviewed };

async function setUp(
  answers: readonly string[],
  { toolsOf }: Pick<Server, 'toolsOf'>,
  mx: readonly string[] = ['mx.elm.example'],
  onWait: (said: readonly string[]) => void = () => {},
): Promise<Told> {
  const said: string[] = [];
  const lines = answers.values();
  const asker: Asker = {
    async ask(question) {
      const next = lines.next();
      if (next.done === true) throw new Failure('permanent', 'no-more-answers', `asked: ${question}`);
      said.push(`? ${question}`);
      return next.value;
    },
    say: (text) => void said.push(text),
    show: (line) => void said.push(line),
    wait: (_, work) => {
      const working = work(new AbortController().signal);
      onWait(said);
      return working;
    },
  };
  const interviewed = await interview({
    asker,
    names: { mx: async () => mx, txt: async () => [] },
    senderCheck: { check: async () => outcome('none', 'own-check', 'not-proved', 'nothing signs it') },
    readHeader: (raw) => {
      const { fields, warnings } = readHeaderBlock(Buffer.from(raw));
      return { headers: fields, warnings };
    },
    toolsOf,
    checkLines: ({ state, says, fix }) => [`${state} ${says}`, ...(fix === null ? [] : [fix])],
    timeZone: 'UTC',
    mail: true,
  });
  return { said, interviewed };
}

const SERVERS = ['', '', 'secret', ''];

test('whoever takes what is offered is asked little, and each answer is tried at once', async () => {
  const { said, interviewed } = await setUp([ADDRESS, ...SERVERS, '', ...PEOPLE, 'yes', 'no'], serverOf());
  expect(interviewed.plan).toMatchObject({
    inbox: { id: 'office', name: 'Elm', imap: { host: 'imap.elm.example' }, sent: ['Sent'] },
    people: [{ id: 'priya' }, { id: 'dana' }],
    ...{ frontDesk: 'priya', manager: 'dana', timeZone: 'Europe/Berlin' },
  });
  expect(said.join('\n')).toContain(`ok a mail to ${plus(ADDRESS)} came back`);
});

test('two people of one name are told how they will be told apart, and either may have a duty', async () => {
  const people = ['Ann Bell ann@elm.example', 'ann bell bell@elm.example', '', '', '', '', 'Europe/Berlin'];
  const { said, interviewed } = await setUp([ADDRESS, ...SERVERS, '', ...people, 'no', 'no'], serverOf());
  expect(interviewed.plan).toMatchObject({ frontDesk: 'ann', manager: 'ann-bell' });
  expect(said.join('\n')).toContain(
    'Two people are called Ann Bell: colleagues can name either only by address.',
  );
});

test('a refused password is told with what to do, and asked for again', async () => {
  const answers = [ADDRESS, '', '', 'wrong', '', 'password', 'secret', '', ...PEOPLE, 'no', 'no'];
  const { said, interviewed } = await setUp(answers, serverOf());
  expect(said.join('\n')).toContain('problem Wrong password.');
  expect(interviewed.password).toBe('secret');
});

test('where a server is asked for, each kind of TLS is offered, none too', async () => {
  const answers = [ADDRESS, '127.0.0.1:1143 none', '', 'wrong', '', 'server', '', 'nothing', '', ...PEOPLE];
  const { said, interviewed } = await setUp(answers, serverOf());
  const first = said.findIndex((line) => line.startsWith('? Server to read mail from'));
  expect(said[first - 1]).toMatch(/implicit.*starttls.*none \(without TLS/);
  expect(said.find((line) => line.startsWith('? Server, '))).toMatch(/implicit, starttls or none/);
  expect(interviewed.plan.inbox.imap).toMatchObject({ port: 1143, tls: 'none' });
});

test('whoever cannot get in goes on without, and nothing is sent', async () => {
  const { mailbox, ...server } = serverOf();
  const { interviewed } = await setUp([ADDRESS, '', '', 'wrong', '', 'nothing', '', ...PEOPLE], server);
  expect(interviewed.plan.inbox.sent).toEqual(['Sent']);
  expect(await inboxOf(mailbox)).toBe(0);
});

test('a mail that does not come back says how plus addresses are switched on', async () => {
  const { said } = await setUp([ADDRESS, ...SERVERS, '', ...PEOPLE, 'yes', 'no'], serverOf({ loses: true }));
  expect(said.join('\n')).toMatch(/did not come back within 120 s[\s\S]*recipient_delimiter/);
});

test('the proof that members give is read off a mail of theirs', async () => {
  const server = serverOf();
  const arrives = (said: readonly string[]): void => {
    const word = said.findLast((line) => line.startsWith('    Baton '))?.trim();
    // The logins are waited for as well.
    if (word === undefined) return;
    const letter = { from: 'Priya Nair <priya@elm.example>', to: [ADDRESS], subject: word, text: 'Hello' };
    const raw = writeLetter({ ...letter, date: server.clock.now(), messageId: 'first@elm.example' });
    const header =
      'Authentication-Results: mx.elm.example; dmarc=pass header.from=elm.example\r\n' +
      'Received: from a ([203.0.113.9]) by mx.elm.example with ESMTPS; Tue, 3 Mar 2026 08:41:00 +0000\r\n';
    server.mailbox.append('INBOX', Buffer.concat([Buffer.from(header), raw]), server.clock.now());
  };
  const answers = [ADDRESS, ...SERVERS, '', ...PEOPLE, 'no', 'yes'];
  // Once it is waited for, and not before.
  const { interviewed } = await setUp(answers, server, undefined, (said) =>
    setImmediate(() => arrives(said)),
  );
  expect(interviewed.plan.authentication).toMatchObject({
    mode: 'mail-server',
    authservId: 'mx.elm.example',
  });
});

test('Microsoft 365 is logged in to by a client and not by a password that it would refuse', async () => {
  const answers = [ADDRESS, '', 'the-client', '', '', ...PEOPLE];
  const { said, interviewed } = await setUp(answers, serverOf(), ['elm-example.mail.protection.outlook.com']);
  expect(interviewed.plan.inbox.signIn).toMatchObject({ provider: 'microsoft', tenant: 'elm.example' });
  expect(interviewed.plan.authentication).toMatchObject({ insideTenant: true });
  expect(said.join('\n')).toContain(`Set-Mailbox ${ADDRESS} -MessageCopyForSentAsEnabled $true`);
});

test('answers that end too early leave nothing behind', async () => {
  await expect(setUp([ADDRESS, ''], serverOf())).rejects.toMatchObject({ code: 'no-more-answers' });
});

async function inboxOf({ reader }: MemoryMailbox): Promise<number> {
  const session = await reader.open('INBOX', new AbortController().signal);
  return (await session.listAfter(0, 10)).length;
}

// ── The doctor ──

function doctorOf(server: Server, change: Partial<Tools> = {}): Tools {
  const plan = { inbox: 'INBOX', sent: ['Sent'] };
  const imap = { host: 'imap.elm.example', port: 993, tls: 'implicit', user: ADDRESS } as const;
  const tools = server.toolsOf({}, { password: 'secret' });
  return {
    inboxes: [{ id: 'office', address: ADDRESS, name: 'Elm', plan, imap, smtp: imap }],
    members: [{ id: 'priya', name: 'Priya' }],
    names: {
      mx: async () => ['mx.elm.example'],
      txt: async (name) => (name === 'elm.example' ? ['v=spf1 -all'] : []),
    },
    certificates: { certificateOf: async () => ({ type: 'unreachable', why: 'ECONNREFUSED' }) },
    machine: {
      nodeVersion: 'v24.0.0',
      disk: async () => null,
      database: async () => ({ type: 'embedded', started: true }),
      redis: async () => 'not-used',
      databaseLead: async () => null,
      signIn: async () => 'never',
      members: async () => null,
    },
    mailboxOf: () => tools.probe,
    tripOf: () => tools,
    send: null,
    signal: new AbortController().signal,
    ...change,
  };
}

test('the doctor looks at each thing once, sends nothing unless told to, and tells how far it is', async () => {
  const server = serverOf();
  const parts: number[] = [];
  const checks = await examine(doctorOf(server), (done) => parts.push(done));
  expect(parts).toEqual([1, 2, 3]);
  expect(await inboxOf(server.mailbox)).toBe(0);
  const ids = checks.map(({ id, state }) => `${id} ${state}`);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids).toContain('round-trip skipped');
  expect(ids).toContain('sign-in problem');
  expect(ids).toContain('dns-spf ok');
});

test('the doctor says that who is ready is not known while Baton is stopped, and where to begin before its first start', async () => {
  const saysOfMembers = async (started: boolean) => {
    const server = serverOf();
    const of = doctorOf(server);
    const machine = { ...of.machine, database: async () => ({ type: 'embedded' as const, started }) };
    const checks = await examine({ ...of, machine }, () => {});
    return checks.find(({ id }) => id === 'members')?.says;
  };
  expect(await saysOfMembers(true)).toContain('not known while Baton is stopped');
  expect(await saysOfMembers(false)).toContain('known once "npx baton welcome" was run');
});

test('with --send the mail that it sends comes back and is looked at', async () => {
  const server = serverOf();
  const checks = await examine(doctorOf(server, { send: MINUTE }), () => {});
  expect(checks.find(({ id }) => id === 'round-trip')?.state).toBe('ok');
  expect(checks.find(({ id }) => id === 'clock-mail-server')?.state).toBe('ok');
});
