/** The demo's mail server, seen through the real adapters. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { imapMailboxReader } from '../../src/adapters/imap/mailbox-reader.ts';
import { smtpMailSender } from '../../src/adapters/smtp/mail-sender.ts';
import { fromIso } from '../../src/domain/instant.ts';
import { type MailServer, startMailServer } from '../../src/runtime/mail-server/mail-server.ts';

const NOW = fromIso('2026-01-05T07:08:09Z');
const live = () => new AbortController().signal;
let server: MailServer;
let outside: { from: string; to: readonly string[]; raw: string }[];
let isRefusing: boolean;

beforeEach(async () => {
  outside = [];
  isRefusing = false;
  server = await startMailServer({
    mailboxes: [
      { user: 'office@acme.example', password: 'one', folders: ['INBOX', 'Sent'] },
      { user: 'garage@acme.example', password: 'two', folders: ['INBOX', 'Sent'] },
    ],
    onMail: ({ from, to }, raw) => {
      if (isRefusing) throw new Error('not now');
      outside.push({ from, to, raw: Buffer.from(raw).toString() });
    },
    now: () => NOW,
  });
});
afterEach(() => server.close());

const send = async (envelopeTo: string, envelopeFrom = 'c@customer.example') => {
  const sender = smtpMailSender({ host: '127.0.0.1', port: server.smtpPort, tls: 'none' });
  const outcome = await sender.send({
    envelopeFrom,
    envelopeTo,
    raw: Buffer.from('Subject: hi\r\n\r\nHello\r\n'),
  });
  await sender.close();
  return outcome;
};
const open = (user: string, password: string, folder = 'INBOX') =>
  imapMailboxReader({ host: '127.0.0.1', port: server.imapPort, tls: 'none', user, password }).open(
    folder,
    live(),
  );

test('mail to a hosted address wakes the idling client of that account, with the envelope on top', async () => {
  const office = await open('office@acme.example', 'one');
  const garage = await open('garage@acme.example', 'two');
  const wait = office.waitForNews(25_000, live());
  expect(await send('Office+Token@ACME.example')).toMatchObject({ type: 'accepted' });
  await wait;
  const [listed] = await office.listAfter(0, 10);
  expect(listed?.internalDate).toBe(NOW);
  const [mail] = await office.fetch([listed?.uid ?? 0]);
  expect(Buffer.from(mail?.raw ?? []).toString()).toBe(
    'Return-Path: <c@customer.example>\r\nDelivered-To: Office+Token@ACME.example\r\nSubject: hi\r\n\r\nHello\r\n',
  );
  expect(await garage.listAfter(0, 10)).toEqual([]);
  expect(outside).toEqual([]);
  await Promise.all([office.close(), garage.close()]);
});

test('mail to anybody else is handed on as it is, the null sender included', async () => {
  expect(await send('priya@elsewhere.example', '')).toMatchObject({ type: 'accepted' });
  expect(outside).toEqual([
    { from: '', to: ['priya@elsewhere.example'], raw: 'Subject: hi\r\n\r\nHello\r\n' },
  ]);
});

test('mail that nobody can take just now is refused for now', async () => {
  isRefusing = true;
  expect(await send('priya@elsewhere.example')).toMatchObject({ type: 'temporary' });
});

test('a wrong password opens nothing, and that of another account neither', async () => {
  await expect(open('office@acme.example', 'two')).rejects.toMatchObject({ code: 'imap-login-refused' });
  await expect(open('nobody@acme.example', 'one')).rejects.toMatchObject({ code: 'imap-login-refused' });
});

test('a mail with five thousand nested parts of markup costs the server nothing', async () => {
  const raw = Buffer.from(`Subject: deep\r\nContent-Type: text/html\r\n\r\n${'<div>'.repeat(5_000)}\r\n`);
  const uid = server.append('office@acme.example', 'INBOX', raw);
  const office = await open('office@acme.example', 'one');
  const [mail] = await office.fetch([uid]);
  expect(Buffer.from(mail?.raw ?? [])).toEqual(raw);
  await office.close();
});
