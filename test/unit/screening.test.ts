import { Buffer } from 'node:buffer';
import { describe, expect, test } from 'vitest';
import { parseInProcess } from '../../src/adapters/mime/parse-mail.ts';
import { ScreeningKinds, screen } from '../../src/domain/screening.ts';
import { rules } from '../../src/domain/screening-rules.ts';

const own = { addresses: ['office@elm.example', 'group@elm.example'] };
const PERSON =
  'From: Maria <maria@tenant.example>\nTo: office@elm.example\nReturn-Path: <maria@tenant.example>\nSubject: Leak\n';
const verdict = async (headers: string, body = 'Hello') =>
  screen(
    await parseInProcess(Buffer.from(`${headers.trimEnd()}\n\n${body}\n`.replaceAll('\n', '\r\n'))),
    own,
  );

test('a mail without any marker is a person’s and may be acknowledged', async () => {
  expect(await verdict(PERSON)).toEqual({
    kind: 'person',
    code: 'no-marker',
    why: 'Nothing in it says that a machine wrote it.',
    mayAcknowledge: true,
  });
});

/** Headers added to a person's mail, and what it becomes. */
const cases: readonly (readonly [string, string, string])[] = [
  ['X-Baton-Notice: 7\nFrom: office@elm.example', 'own', 'own-notice'],
  ['Auto-Submitted: auto-replied', 'auto-reply', 'auto-replied'],
  ['Auto-Submitted: AUTO-REPLIED (vacation); owner-email="x@y"', 'auto-reply', 'auto-replied'],
  ['Auto-Submitted: auto-generated\nIn-Reply-To: <1@elm.example>', 'auto-reply', 'auto-generated-answer'],
  ['Auto-Submitted: auto-generated', 'notification', 'auto-generated'],
  ['Auto-Submitted: auto-notified; owner-email="x@y"', 'notification', 'auto-generated'],
  ['X-Autoreply: yes', 'auto-reply', 'auto-reply-header'],
  ['X-Autorespond: vacation', 'auto-reply', 'auto-reply-header'],
  ['Precedence: auto_reply', 'auto-reply', 'precedence-auto-reply'],
  ['X-Auto-Response-Suppress: All\nX-MS-Exchange-Inbox-Rules-Loop: x@y', 'auto-reply', 'inbox-rule'],
  ['Delivered-To: Autoresponder', 'auto-reply', 'delivered-to-autoresponder'],
  ['Precedence: bulk', 'bulk', 'precedence'],
  ['Precedence: LIST', 'bulk', 'precedence'],
  ['X-Precedence: junk', 'bulk', 'precedence'],
  ['List-Id: News <news.shop.example>', 'bulk', 'list-header'],
  ['list-unsubscribe:\n <https://shop.example/u>', 'bulk', 'list-header'],
  ['X-Amazon-Mail-Relay-Type: notification', 'notification', 'machine-header'],
  ['Feedback-ID: 1:2:3:shop', 'notification', 'machine-header'],
  ['X-Failed-Recipients: gone@x.example', 'bounce', 'dsn-failed'],
  ['X-Failed-Recipients: @', 'bounce', 'failed-recipients'],
  ['Content-Type: multipart/report; report-type=delivery-status; boundary=b', 'bounce', 'dsn-unreadable'],
  ['Content-Type: multipart/report; boundary=b;\n report-type="disposition-notification"', 'receipt', 'mdn'],
  ['Content-Type: multipart/report; report-type=feedback-report; boundary=b', 'feedback', 'arf'],
  ['Auto-Submitted: no', 'person', 'no-marker'],
  ['X-Autoreply: no', 'person', 'no-marker'],
  ['Precedence: first-class', 'person', 'no-marker'],
  ['X-Auto-Response-Suppress: DR, RN', 'person', 'no-marker'],
  ['Subject: Automatic reply: Leak', 'person', 'no-marker'],
];

describe('added to a person’s mail', () => {
  test.each(cases)('%j makes it %s by the rule %s', async (headers, kind, code) => {
    expect(await verdict(`${headers}\n${PERSON}`)).toMatchObject({ kind, code });
  });
});

describe('the envelope and the sender', () => {
  test.each([
    [
      'a mailer-daemon with a null sender',
      'Return-Path: <>\nFrom: MAILER-DAEMON@mx.example\nSubject: hm',
      'bounce',
      'daemon',
    ],
    [
      'a postmaster who reports a failure',
      'From: postmaster@mx.example\nSubject: Undeliverable: Leak',
      'bounce',
      'daemon',
    ],
    [
      'a postmaster who just writes',
      'Return-Path: <postmaster@mx.example>\nFrom: postmaster@mx.example\nSubject: Hello',
      'person',
      'no-marker',
    ],
    [
      'a daemon’s warning of delay',
      'Return-Path: <>\nFrom: MAILER-DAEMON@mx.example\nSubject: Warning: message delayed 24 hours',
      'delivery-status',
      'daemon-delay',
    ],
    [
      'a null sender and the subject of a bounce',
      'Return-Path: <>\nFrom: sys@mx.example\nSubject: Mail delivery failed',
      'bounce',
      'bounce-subject',
    ],
    [
      'a null sender that answers',
      'Return-Path: <>\nFrom: a@x.example\nIn-Reply-To: <1@elm.example>',
      'auto-reply',
      'null-sender-answer',
    ],
    [
      'a null sender that answers nothing',
      'Return-Path: <>\nFrom: a@x.example\nSubject: Hello',
      'notification',
      'null-sender',
    ],
    [
      'a sender that reads no answers',
      'From: Shop <no-reply@shop.example>\nSubject: Invoice',
      'notification',
      'no-reply-sender',
    ],
    ['our own address without our marker', 'From: office@elm.example\nSubject: Hello', 'person', 'from-us'],
    ['our marker under a foreign address', 'From: a@x.example\nX-Baton-Notice: 7', 'person', 'no-marker'],
  ])('%s is judged so', async (_, headers, kind, code) => {
    expect(await verdict(headers)).toMatchObject({ kind, code });
  });
});

describe('what asks for silence without proof of a machine', () => {
  test.each([
    ['X-Auto-Response-Suppress: All', 'asked-for-silence'],
    ['X-Auto-Response-Suppress: DR, OOF, AutoReply', 'asked-for-silence'],
    ['From: second@x.example', 'no-single-sender'],
    ['Reply-To: office@elm.example', 'from-us'],
    ['Delivered-To: office@elm.example\n'.repeat(3).trim(), 'goes-round'],
  ])('%s leaves a person’s mail a request without acknowledgement', async (header, code) => {
    expect(await verdict(`${header}\n${PERSON}`)).toMatchObject({
      kind: 'person',
      code,
      mayAcknowledge: false,
    });
  });

  test.each([
    'owner-list@x.example',
    'list-request@x.example',
    'bounces+7=a@x.example',
    'list-bounces@x.example',
  ])('an envelope sender such as %s is not answered', async (sender) => {
    const headers = PERSON.replace('Return-Path: <maria@tenant.example>', `Return-Path: <${sender}>`);
    expect(await verdict(headers)).toMatchObject({ kind: 'person', mayAcknowledge: false });
  });
});

describe('a group that feeds one of our inboxes', () => {
  const marks = 'Precedence: list\nMailing-list: list group@elm.example; contact group+owners@elm.example\n';

  test('does not make bulk of the people who write to it', async () => {
    const post = `${marks}List-Post: <https://groups.example/x>, <mailto:group@elm.example>\nList-Id: <group.elm.example>\n`;
    expect(await verdict(`${post}${PERSON}`)).toMatchObject({ kind: 'person' });
  });

  test('does not hide that a machine wrote to it', async () => {
    expect(await verdict(`${marks}Auto-Submitted: auto-replied\n${PERSON}`)).toMatchObject({
      kind: 'auto-reply',
    });
  });

  test('is not taken for another list whose address only contains ours', async () => {
    const headers = `List-Post: <mailto:not-group@elm.example>\n${PERSON}`;
    expect(await verdict(headers)).toMatchObject({ kind: 'bulk' });
  });
});

describe('a delivery report', () => {
  const report = (action: string, status: string) =>
    `--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx\n\nFinal-Recipient: rfc822; a@x.example\nAction: ${action}\nStatus: ${status}\n--b--`;
  const headers =
    'From: MAILER-DAEMON@mx.example\nReturn-Path: <>\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n';

  test.each([
    ['failed', '5.1.1', 'bounce', 'dsn-failed'],
    ['failed', '4.4.7', 'bounce', 'dsn-failed'],
    ['delayed', '4.4.1', 'delivery-status', 'dsn-other'],
    ['delivered', '2.0.0', 'delivery-status', 'dsn-other'],
    ['relayed', '2.0.0', 'delivery-status', 'dsn-other'],
  ])('of Action %s with Status %s is a %s', async (action, status, kind, code) => {
    expect(await verdict(headers, report(action, status))).toMatchObject({
      kind,
      code,
      mayAcknowledge: false,
    });
  });

  test('forwarded by a person as an attached mail stays that person’s mail', async () => {
    const inner = `Content-Type: message/rfc822\n\n${headers}\n${report('failed', '5.1.1')}`;
    const outer = `${PERSON}Content-Type: multipart/mixed; boundary=o\n`;
    expect(await verdict(outer, `--o\n\nWhat is this?\n--o\n${inner}\n--o--`)).toMatchObject({
      kind: 'person',
    });
  });
});

test('words of the body decide nothing', async () => {
  const body = 'I am out of office. This is an automatic reply. Unsubscribe here. Delivery has failed.';
  expect(await verdict(PERSON, body)).toMatchObject({ kind: 'person', mayAcknowledge: true });
});

test('only a person’s mail is ever acknowledged, and every rule has its own code and a source', async () => {
  for (const [headers] of cases) {
    const { kind, mayAcknowledge } = await verdict(`${headers}\n${PERSON}`);
    if (kind !== 'person') expect(mayAcknowledge).toBe(false);
  }
  expect(new Set(rules.map((rule) => rule.code)).size).toBe(rules.length);
  expect(rules.every((rule) => rule.source !== '')).toBe(true);
  expect(new Set(rules.map((rule) => rule.kind)).size).toBe(ScreeningKinds.length - 1);
});
