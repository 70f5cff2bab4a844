/**
 * A person's mail stays a person's: whatever stands in its subject, body and attachments, as long as its headers
 * hold nothing that only machines write. And any headers at all get a verdict in bounded time.
 */
import { Buffer } from 'node:buffer';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseInProcess } from '../../src/adapters/mime/parse-mail.ts';
import type { Mail } from '../../src/domain/message.ts';
import { ScreeningKinds, screen } from '../../src/domain/screening.ts';
import { rules } from '../../src/domain/screening-rules.ts';

const own = { addresses: ['office@elm.example'] };
const PERSON =
  'Return-Path: <maria@tenant.example>\nFrom: Maria <maria@tenant.example>\nTo: office@elm.example\nMessage-ID: <1@tenant.example>\n';
const parse = (headers: string, body: string) =>
  parseInProcess(Buffer.from(`${headers.trimEnd()}\n\n${body}\n`.replaceAll('\n', '\r\n')));

const NOTICE =
  'This message was created automatically by mail delivery software.\nThe following address(es) failed:\n\n  gone@x.example\n    550 5.1.1 user unknown\n\n------ This is a copy of the message, including all the headers. ------\n\nReceived: from elm.example\nMessage-ID: <n1@elm.example>\n\nText';
const FIELDS =
  'Reporting-MTA: dns; mx.example\n\nFinal-Recipient: rfc822; gone@x.example\nAction: failed\nStatus: 5.1.1\n';
const Bodies = [
  NOTICE,
  FIELDS,
  `Why do I get this?\n\n> From: MAILER-DAEMON@x.example\n> ${NOTICE.replaceAll('\n', '\n> ')}`,
  `---------- Forwarded message ---------\nFrom: Mail Delivery Subsystem <mailer-daemon@x.example>\nSubject: Delivery Status Notification (Failure)\n\n${NOTICE}`,
  'I am out of the office until Monday. This is an automatic reply.',
  'Ich bin bis Montag nicht im Büro. Dies ist eine automatische Antwort.',
  'Click here to unsubscribe. You receive this newsletter because you subscribed.',
  '{"notificationType":"Bounce","bounce":{"bouncedRecipients":[{"emailAddress":"a@x.example"}]}}',
  'Auto-Submitted: auto-replied\nReturn-Path: <>\nPrecedence: bulk',
] as const;
const Subjects = [
  'Undeliverable: Leak',
  'Returned mail: see transcript for details',
  'Your bounce castle bounced my mail',
  'Unzustellbar: Paket von gestern',
  'Delivery failed yesterday, please come again',
  'Delivery Status Notification (Failure)',
  'Automatic reply: Leak',
  'Out of office',
  'Fwd: Undelivered Mail Returned to Sender',
  'Read: Leak',
  'complaint about message from 192.0.2.1',
  '配信不能: 水漏れ',
  'unsubscribe',
] as const;
const parts = (text: string, type: string, file: string) => [
  `${PERSON}MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=p\n`,
  `--p\n\n${text}\n--p\nContent-Type: ${type}\nContent-Disposition: attachment\n\n${file}\n--p--`,
];

describe('a mail with a person’s headers', () => {
  const subject = fc.oneof(fc.constantFrom(...Subjects), fc.string());
  const body = fc.oneof(fc.constantFrom(...Bodies), fc.string());
  const harmless = fc.subarray([
    'X-Auto-Response-Suppress: All',
    'X-Auto-Response-Suppress: OOF, AutoReply',
    'Auto-Submitted: no',
    'X-Autoreply: no',
    'Precedence: first-class',
    'X-List-Id: something',
    'Importance: high',
    'In-Reply-To: <n1@elm.example>',
    'References: <n0@elm.example> <n1@elm.example>',
    'Disposition-Notification-To: maria@tenant.example',
    'X-MS-Exchange-Inbox-Rules-Loop: maria@tenant.example',
    'X-Spam-Status: Yes',
  ]);

  test('is a person’s whatever its subject and body say', async () => {
    await fc.assert(
      fc.asyncProperty(subject, body, harmless, async (title, text, more) => {
        // The loop header counts beside suppression of all: that pair is what an Exchange rule writes.
        const headers = more.includes('X-Auto-Response-Suppress: All')
          ? more.filter((one) => !one.startsWith('X-MS-Exchange'))
          : more;
        const line = title.replace(/[\r\n]/g, ' ');
        const mail = await parse(
          [PERSON.trimEnd(), ...headers, `Subject: ${line}`, 'Content-Type: text/plain; charset=utf-8'].join(
            '\n',
          ),
          text,
        );
        expect(screen(mail, own).kind).toBe('person');
        expect(mail.report).toBeNull();
      }),
      { numRuns: 150 },
    );
  });

  test.each([
    ['message/rfc822', `From: MAILER-DAEMON@x.example\nSubject: failure notice\n\n${NOTICE}`],
    ['message/delivery-status', FIELDS],
    [
      'message/disposition-notification',
      'Final-Recipient: rfc822; a@x.example\nDisposition: manual-action; displayed',
    ],
    ['message/feedback-report', 'Feedback-Type: abuse\nUser-Agent: x'],
    ['text/rfc822-headers', 'From: MAILER-DAEMON@x.example\nMessage-ID: <n1@elm.example>'],
  ])('that carries %s along is a person’s all the same', async (type, file) => {
    const [headers, text] = parts('See what came back.', type, file);
    for (const title of Subjects) {
      const mail = await parse(`${headers}Subject: ${title}\n`, text ?? '');
      expect([title, screen(mail, own).kind, mail.report]).toEqual([title, 'person', null]);
    }
  });

  test('of a postmaster who forwards a report, or just writes, is a person’s', async () => {
    const from = PERSON.replaceAll('maria@', 'postmaster@');
    const [headers, text] = parts(
      'Seen this?',
      'message/rfc822',
      `From: MAILER-DAEMON@x.example\n\n${NOTICE}`,
    );
    const forward = (headers ?? '').replaceAll('maria@', 'postmaster@');
    for (const mail of [
      await parse(`${from}Subject: Delivery problems since Monday\n`, 'Your mails to us are late.'),
      await parse(`${forward}Subject: Fwd: failure notice\n`, text ?? ''),
    ])
      expect([screen(mail, own).kind, mail.report]).toEqual(['person', null]);
  });

  test('that asks for silence is a person’s, and is sent nothing automatic', async () => {
    for (const value of ['All', 'OOF', 'DR, OOF, AutoReply']) {
      const mail = await parse(`${PERSON}X-Auto-Response-Suppress: ${value}\nSubject: Leak\n`, 'Hello');
      expect(screen(mail, own)).toMatchObject({ kind: 'person', mayAcknowledge: false });
    }
  });
});

describe('a machine that delivers goods or writes as a robot', () => {
  test.each([
    ['Delivery failed: we could not deliver your parcel', 'no-reply@parcels.example'],
    ['Delivery Status Notification: your order', 'noreply@shop.example'],
    ['Returned mail order: refund issued', 'do-not-reply@shop.example'],
  ])('%j is a notification and no bounce', async (title, from) => {
    const headers = `Return-Path: <b-1@${from.split('@')[1]}>\nFrom: ${from}\nTo: office@elm.example\nSubject: ${title}\n`;
    const mail = await parse(
      headers,
      'Parcel 123 could not be delivered.\nRecipient unknown: anna@x.example',
    );
    expect([screen(mail, own).kind, mail.report]).toEqual(['notification', null]);
  });

  test('an out-of-office from the null sender that names a colleague is no bounce', async () => {
    const headers = `${PERSON.replace('<maria@tenant.example>', '<>')}In-Reply-To: <n1@elm.example>\nSubject: Away\n`;
    const mail = await parse(
      headers,
      'My mailbox is not read. Write to ben@tenant.example, mail to me is not delivered.',
    );
    expect([screen(mail, own).kind, mail.report]).toEqual(['auto-reply', null]);
  });

  test('an out-of-office from the null sender that returns the mail it answers is no bounce', async () => {
    const [headers, text] = parts(
      'Away until Monday.',
      'message/rfc822',
      'From: office@elm.example\nTo: maria@tenant.example\nMessage-ID: <n1@elm.example>\n\nHello',
    );
    const away = `${(headers ?? '').replace('<maria@tenant.example>', '<>')}In-Reply-To: <n1@elm.example>\nSubject: Away\n`;
    const mail = await parse(away, text ?? '');
    expect([screen(mail, own).kind, mail.report]).toEqual(['auto-reply', null]);
  });

  test('a report about TLS is a notification', async () => {
    const headers = `${PERSON}Content-Type: multipart/report; report-type=tlsrpt; boundary=b\nSubject: Report Domain: elm.example\n`;
    expect(screen(await parse(headers, '--b\n\nx\n--b--'), own).kind).toBe('notification');
  });
});

describe('any headers', () => {
  const names = [
    ...[
      'auto-submitted',
      'precedence',
      'x-precedence',
      'x-loop',
      'x-autoreply',
      'x-failed-recipients',
      'from',
    ],
    ...['list-id', 'list-post', 'mailing-list', 'content-type', 'feedback-id', 'delivered-to', 'x-mlserver'],
    ...[
      'x-auto-response-suppress',
      'x-baton-notice',
      'x-arf',
      'x-amz-sns-message-id',
      'x-apple-action',
      'x-a',
    ],
  ];
  const values = [
    '',
    'no',
    'auto-replied',
    'bulk',
    '<>',
    'a@x.example',
    'yes',
    'multipart/report; report-type=x',
  ];
  const address = fc.record({
    name: fc.constantFrom('', 'Mail Delivery System'),
    address: fc.oneof(
      fc.constantFrom('', 'postmaster@x', 'mailer-daemon@x.example', 'office@elm.example'),
      fc.string(),
    ),
  });
  const mail: fc.Arbitrary<Mail> = fc.record({
    messageId: fc.constant(null),
    date: fc.constant(null),
    from: fc.array(address, { maxLength: 3 }),
    sender: fc.array(address, { maxLength: 1 }),
    to: fc.array(address, { maxLength: 2 }),
    cc: fc.constant([]),
    replyTo: fc.array(address, { maxLength: 1 }),
    deliveredTo: fc.constant([]),
    returnPath: fc.oneof(fc.constantFrom(null, '', 'MAILER-DAEMON@x', '#@[]'), fc.string()),
    subject: fc.oneof(fc.constantFrom(...Subjects), fc.string()),
    inReplyTo: fc.array(fc.string(), { maxLength: 1 }),
    references: fc.array(fc.string(), { maxLength: 1 }),
    headers: fc.array(
      fc.record({
        name: fc.constantFrom(...names),
        value: fc.oneof(fc.constantFrom(...values), fc.string({ maxLength: 300 })),
      }),
      { maxLength: 12 },
    ),
    text: fc.string(),
    reply: fc.constant({ text: '', quoted: '', signature: '' }),
    forwarded: fc.constant(null),
    attachments: fc.array(
      fc.record({
        filename: fc.constant(null),
        contentType: fc.constantFrom('message/rfc822', 'message/delivery-status', 'image/png'),
        size: fc.nat(),
        inline: fc.boolean(),
      }),
      { maxLength: 2 },
    ),
    report: fc.constant(null),
    bodyHash: fc.constant(''),
    warnings: fc.constant([]),
  });

  test('get one of the nine kinds by a rule of the table, and only a person may be acknowledged', () => {
    const codes = new Set([...rules.map(({ code }) => code), 'no-marker']);
    const silent = ['asked-for-silence', 'no-single-sender', 'from-us', 'list-envelope'];
    fc.assert(
      fc.property(mail, (one) => {
        const { kind, code, why, mayAcknowledge } = screen(one, own);
        expect(ScreeningKinds).toContain(kind);
        expect(codes.has(code) || silent.includes(code)).toBe(true);
        expect(why.length).toBeLessThan(300);
        if (mayAcknowledge) expect(kind).toBe('person');
      }),
      { numRuns: 1_000 },
    );
  });

  test('of two thousand fields of 16 KB each are screened in linear time', () => {
    const [sample] = fc.sample(mail, { numRuns: 1, seed: 1 });
    if (sample === undefined) throw new Error('no sample');
    for (const piece of ['a', ' ', 'multipart/report;', '@', 'auto-', '<a@x.example>,', '[a] ', '> ']) {
      const value = piece.repeat(Math.ceil(16_384 / piece.length));
      const headers = Array.from({ length: 2_000 }, (_, i) => ({
        name: names[i % names.length] ?? '',
        value,
      }));
      const started = performance.now();
      screen({ ...sample, headers, subject: value, returnPath: value }, own);
      expect(performance.now() - started).toBeLessThan(4_000);
    }
  });
});
