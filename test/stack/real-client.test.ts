/**
 * A team that answers in real mail programs: neomutt and s-nail on their mailboxes in Dovecot, everything sent through
 * Postfix, Baton as an operator starts it on a database of its own. What each mail says is read from where it arrived.
 *
 * With BATON_TRANSCRIPT=FILE all mails are written there as text, in the order in which they arrived.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseInProcess, readFilesInProcess } from '../../src/adapters/mime/parse-mail.ts';
import type { Mail } from '../../src/domain/message.ts';
import { startTestServer, type TestServer } from '../support/embedded-database.ts';
import { baton, type Running, startBaton } from '../support/processes.ts';
import { type Dovecot, PASSWORD, startDovecot } from '../support/stack/dovecot.ts';
import {
  answerInNail,
  answerInNeomutt,
  type Desk,
  type Person,
  writeInNail,
} from '../support/stack/mail-clients.ts';
import { type Postfix, startPostfix } from '../support/stack/postfix.ts';
import { describeOn } from '../support/stack/use-server.ts';
import { testPool } from '../support/store-database.ts';
import { waitUntil } from '../support/wait-until.ts';

const OFFICE = 'office@elm.example';
const person = (name: string, address: string): Person => ({
  name,
  address,
  user: address.split('@')[0] ?? '',
});
const MARIA = person('Maria Lopez', 'maria@tenant.example');
const PRIYA = person('Priya Nair', 'priya@team.example');
const SAM = person('Sam Okafor', 'sam@team.example');
const LEAH = person('Leah Stein', 'leah@team.example');
const DANA = person('Dana Wolfe', 'dana@team.example');
const TEAM = [PRIYA, SAM, LEAH, DANA];
const USERS = ['office', ...[MARIA, ...TEAM].map(({ user }) => user)];
const PHOTO = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');
const LONG = { timeout: 180_000 };
const PATIENCE_MS = 60_000;

type Received = { readonly at: number; readonly user: string; readonly raw: Buffer; readonly mail: Mail };

describeOn(['dovecot', 'postfix', 'neomutt', 's-nail'], 'members who answer in real mail programs', () => {
  let dovecot: Dovecot;
  let postfix: Postfix;
  let database: TestServer;
  let pool: pg.Pool;
  let running: Running;
  let verify: () => ReturnType<typeof baton>;
  let desk: Desk;
  let hasFailed = true;

  beforeAll(async () => {
    const folder = mkdtempSync(join(tmpdir(), 'baton-real-client-'));
    dovecot = await startDovecot();
    const people = [MARIA, ...TEAM].map(({ address, user }) => [address, user]);
    postfix = await startPostfix(dovecot, { [OFFICE]: 'office', ...Object.fromEntries(people) });
    desk = { folder, imapPort: dovecot.port, smtpPort: postfix.port };
    database = await startTestServer();
    const url = await database.freshDatabase();
    pool = testPool(url);
    const path = join(folder, 'baton.yaml');
    writeFileSync(path, yaml(desk));
    const env = { DATABASE_URL: url, BATON_SECRET: 'a secret of 32 characters or more' };
    const migrated = await baton(['migrate', '--config', path], env);
    if (migrated.code !== 0) throw new Error(migrated.stderr);
    verify = () => baton(['verify', '--json', '--config', path], env);
    running = await startBaton(['all', '--config', path], env);
    await waitUntil('the mailbox is watched', async () => (await rows('SELECT id FROM mailbox')).length > 0);
  }, 120_000);

  afterAll(async () => {
    const written = dovecot === undefined ? '' : await transcript();
    if (process.env.BATON_TRANSCRIPT !== undefined) writeFileSync(process.env.BATON_TRANSCRIPT, written);
    if (hasFailed) process.stderr.write(`${running?.output() ?? ''}\n${written}\n`);
    const keepLog = hasFailed;
    await running?.stop();
    await pool?.end();
    await database?.end();
    await postfix?.end({ keepLog });
    await dovecot?.end({ keepLog });
    rmSync(desk.folder, { recursive: true });
  });

  const rows = async (sql: string): Promise<Record<string, unknown>[]> => (await pool.query(sql)).rows;

  /** What lies in a mailbox, in the order in which it came: Postfix names the files by second and microsecond. */
  async function mailsOf(user: string): Promise<Received[]> {
    const found = ['new', 'cur'].flatMap((name) => {
      const folder = join(dovecot.maildir(user), name);
      return listed(folder).map((file) => ({ at: arrivedAt(file), path: join(folder, file) }));
    });
    const mails = found.map(async ({ at, path }) => {
      const raw = readFileSync(path);
      return { at, user, raw, mail: await parseInProcess(raw) };
    });
    return (await Promise.all(mails)).sort((a, b) => a.at - b.at);
  }

  /** Everybody has this many mails, and nothing is on its way any more. */
  async function untilArrived(counts: Readonly<Record<string, number>>): Promise<void> {
    const want = JSON.stringify(counts);
    let have = '';
    await waitUntil(
      `mails ${want}`,
      async () => {
        have = JSON.stringify(Object.fromEntries(Object.keys(counts).map((user) => [user, countOf(user)])));
        return have === want && (await isAtRest());
      },
      PATIENCE_MS,
    ).catch((error: unknown) => {
      throw new Error(`there are ${have}`, { cause: error });
    });
  }

  const countOf = (user: string): number =>
    ['new', 'cur'].reduce((sum, name) => sum + listed(join(dovecot.maildir(user), name)).length, 0);

  async function isAtRest(): Promise<boolean> {
    if (!postfix.isIdle()) return false;
    const [left] = await rows(
      `SELECT (SELECT count(*) FROM message WHERE stage = 'settled') AS settled,
              (SELECT count(*) FROM outbox WHERE state <> 'sent') AS waiting,
              (SELECT count(*) FROM conversation WHERE phase = 'arrived') AS arrived`,
    );
    return left?.settled === countOf('office') && left.waiting === 0 && left.arrived === 0;
  }

  const last = async ({ user }: Person): Promise<Mail> => {
    const mail = (await mailsOf(user)).at(-1)?.mail;
    if (mail === undefined) throw new Error(`${user} has no mail`);
    return mail;
  };

  const standing = async () => (await rows('SELECT phase, owner_id AS owner FROM conversation'))[0];

  /** All mails in the order in which they arrived. */
  const allMails = async (): Promise<Received[]> =>
    (await Promise.all(USERS.map((user) => mailsOf(user)))).flat().sort((a, b) => a.at - b.at);

  const transcript = async (): Promise<string> =>
    (await allMails()).map((one, nth) => asText(one, nth + 1)).join('\n');

  test(
    'a request is accepted in neomutt, handed over in s-nail, taken over and answered with a photo',
    LONG,
    async () => {
      await writeInNail(desk, MARIA, {
        to: OFFICE,
        subject: 'Kitchen tap drips',
        text: 'Hello,\n\nthe kitchen tap in flat 4 drips since yesterday. Can somebody come?\n\nMaria Lopez',
      });
      await untilArrived({ office: 1, maria: 1, priya: 1, sam: 0, leah: 0, dana: 0 });
      expect(await standing()).toEqual({ phase: 'offered', owner: null });

      await answerInNeomutt(desk, PRIYA, 'accept');
      await untilArrived({ office: 2, maria: 2, priya: 2, sam: 0, leah: 0, dana: 0 });
      expect(await standing()).toEqual({ phase: 'owned', owner: 'priya' });
      expect(await last(PRIYA)).toMatchObject({ text: expect.stringContaining("It's yours, Priya Nair") });

      await answerInNail(desk, PRIYA, 'handoff to sam, he has the key');
      await untilArrived({ office: 3, maria: 2, priya: 3, sam: 1, leah: 0, dana: 0 });
      expect(await standing()).toEqual({ phase: 'owned', owner: 'priya' });
      expect((await last(SAM)).text).toMatch(/^Priya Nair wrote:\n│\s+he has the key\n\n/m);

      await answerInNeomutt(desk, SAM, 'yes');
      await untilArrived({ office: 4, maria: 3, priya: 4, sam: 2, leah: 0, dana: 0 });
      expect(await standing()).toEqual({ phase: 'owned', owner: 'sam' });

      const photo = join(desk.folder, 'valve.png');
      writeFileSync(photo, PHOTO);
      await answerInNeomutt(desk, SAM, 'reply\nHello Maria,\n\nI come at two. Is this the valve?', {
        attach: photo,
      });
      await untilArrived({ office: 5, maria: 4, priya: 4, sam: 3, leah: 0, dana: 0 });
      hasFailed = false;
    },
  );

  test('what went to the customer is what was written, with the photo and without a word of ours', async () => {
    const [, , , answer] = await mailsOf('maria');
    expect(answer?.mail).toMatchObject({
      from: [{ name: expect.stringContaining('Elm Property Management'), address: OFFICE }],
      replyTo: [],
      subject: 'Re: Kitchen tap drips',
      attachments: [{ filename: 'valve.png', contentType: 'image/png' }],
      text: 'Hello Maria,\n\nI come at two. Is this the valve?\n\nSam Okafor\nElm Property Management\n',
    });
    const { files } = await readFilesInProcess(answer?.raw ?? new Uint8Array(), 1_000);
    expect(files.map(({ content }) => Buffer.from(content))).toEqual([PHOTO]);
  });

  test('every mail that came is one that somebody waited for, and nothing that was written is left as a note', async () => {
    const kinds = async (user: string) =>
      (await mailsOf(user)).map(({ mail }) => noticeOf(mail) ?? mail.from[0]?.address);
    expect(await Promise.all(USERS.map(async (user) => [user, ...(await kinds(user))]))).toEqual([
      ['office', MARIA.address, PRIYA.address, PRIYA.address, SAM.address, SAM.address],
      // The last one is Sam's own words, and no notice.
      ['maria', 'acknowledgement', 'owner-named', 'owner-named', OFFICE],
      ['priya', 'offer', 'receipt', 'receipt', 'handoff-outcome'],
      ['sam', 'handoff', 'receipt', 'receipt'],
      ['leah'],
      ['dana'],
    ]);
    const receipts = (await allMails()).filter(({ mail }) => noticeOf(mail) === 'receipt');
    expect(receipts.filter(({ mail }) => /NOT SENT|We kept/.test(mail.text))).toEqual([]);
  });

  test('neomutt answers to the address with a token, s-nail to the plain one, and both are understood', async () => {
    const answers = (await mailsOf('office')).slice(1);
    expect(answers.map(({ mail }) => mail.to[0]?.address)).toEqual([
      expect.stringMatching(TOKEN),
      // It leaves Reply-To aside unless it is told otherwise: the mail that is answered says whose it is.
      OFFICE,
      expect.stringMatching(TOKEN),
      expect.stringMatching(TOKEN),
    ]);
  });

  test('one person after the other answered for it, and nothing was refused, bounced or sent twice', async () => {
    const ledger = await rows('SELECT member_id AS member FROM ledger ORDER BY from_at');
    expect(ledger.map(({ member }) => member)).toEqual(['leah', 'priya', 'sam']);
    const ids = (await allMails()).map(({ mail }) => mail.messageId);
    expect(new Set(ids).size).toBe(ids.length);
    expect(postfix.daemon.log()).not.toMatch(/reject|bounce|deferred|warning|fatal/i);
    const { code, stdout } = await verify();
    expect({ code, violations: JSON.parse(stdout).violations }).toEqual({ code: 0, violations: [] });
  });
});

const TOKEN = /^office\+[a-z2-7]{26}@elm\.example$/;

const noticeOf = (mail: Mail): string | undefined =>
  mail.headers.find(({ name }) => name === 'x-baton-notice')?.value;

/** No folder yet: no mail came. */
function listed(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function arrivedAt(file: string): number {
  const [, seconds = '0', micros = '0'] = /^(\d+)\.V[0-9a-f]+I[0-9a-f]+M(\d+)\./.exec(file) ?? [];
  return Number(seconds) * 1_000_000 + Number(micros);
}

function asText({ user, mail }: Received, nth: number): string {
  const people = (list: Mail['from']) => list.map(({ name, address }) => `${name} <${address}>`).join(', ');
  const files = mail.attachments.map(({ filename, size }) => `${filename} (${size} bytes)`);
  return [
    `===== ${nth}. in the mailbox of ${user}`,
    `From: ${people(mail.from)}`,
    `To: ${people(mail.to)}`,
    ...(mail.replyTo.length > 0 ? [`Reply-To: ${people(mail.replyTo)}`] : []),
    `Subject: ${mail.subject}`,
    ...(files.length > 0 ? [`Files: ${files.join(', ')}`] : []),
    '',
    mail.text.trimEnd(),
    '',
  ].join('\n');
}

const yaml = ({ imapPort, smtpPort }: Desk): string => `
secret: \${BATON_SECRET}
defaults: { timeZone: UTC, hours: { mon-sun: 00:00-24:00 } }
inboxes:
  office:
    address: ${OFFICE}
    name: Elm Property Management
    customers: tenant
    imap: { host: 127.0.0.1, port: ${imapPort}, tls: none, user: office, password: ${PASSWORD} }
    smtp: { host: 127.0.0.1, port: ${smtpPort}, tls: none }
    authentication: { mode: token-and-sender-only }
    triageLead: leah
    finalManager: dana
rules:
  - { id: taps, category: repair, when: { subject: [tap] }, assign: priya }
members:
${TEAM.map(({ name, address, user }) => `  ${user}: { name: ${name}, addresses: [${address}] }`).join('\n')}
database: { url: "\${DATABASE_URL}" }
`;
