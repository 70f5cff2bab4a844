/** Invented notices in the shapes of real mail systems, and what is read from them. */
import { Buffer } from 'node:buffer';
import { describe, expect, test } from 'vitest';
import { parseInProcess } from '../../src/adapters/mime/parse-mail.ts';
import { screen } from '../../src/domain/screening.ts';

const DAEMON =
  'From: Mail Delivery System <MAILER-DAEMON@mx.example>\nReturn-Path: <>\nTo: office@elm.example\n';
const RETURNED =
  'Received: from elm.example by mx.example; Fri, 20 Nov 2026 10:00:00 +0000\nMessage-ID: <n1.key@elm.example>\nFrom: office@elm.example\nTo: gone@tenant.example\nSubject: Leak\n\nText';

const parse = (headers: string, body: string) =>
  parseInProcess(Buffer.from(`${headers.trimEnd()}\n\n${body}\n`.replaceAll('\n', '\r\n')));
const utf8 = 'Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n';
const kindOf = (mail: Awaited<ReturnType<typeof parse>>) => screen(mail, { addresses: [] }).kind;

/** System, subject, notice, and the reason that it gives for gone@tenant.example. */
const Notices: readonly (readonly [string, string, string, string])[] = [
  [
    'Exim',
    'Mail delivery failed: returning message to sender',
    `A message that you sent could not be delivered to one or more of its recipients.\nThis is a permanent error. The following address(es) failed:\n\n  gone@tenant.example\n    host mx.tenant.example [192.0.2.1]\n    SMTP error from remote mail server after RCPT TO:<gone@tenant.example>:\n    550 5.1.1 no such mailbox here\n\n------ This is a copy of the message, including all the headers. ------\n\n${RETURNED}`,
    'user-unknown',
  ],
  [
    'qmail',
    'failure notice',
    `Hi. This is the qmail-send program at mx.example.\nThis is a permanent error; I've given up.\n\n<gone@tenant.example>:\nSorry, I couldn't find any host named tenant.example. (#5.1.2)\n\n--- Below this line is a copy of the message.\n\n${RETURNED}`,
    'host-unknown',
  ],
  [
    'Sendmail before version 8',
    'Returned mail: User unknown',
    `   ----- Transcript of session follows -----\nWhile talking to mx.tenant.example:\n>>> RCPT To:<gone@tenant.example>\n<<< 550 no such user\n550 <gone@tenant.example>... User unknown\n\n   ----- Unsent message follows -----\n${RETURNED}`,
    'user-unknown',
  ],
  [
    'Domino',
    'DELIVERY FAILURE: User gone not listed in Domino Directory',
    `Your message\n\n  Subject: Leak\n\nwas not delivered to:\n\n  gone@tenant.example\n\nbecause:\n\n  User gone (gone@tenant.example) not listed in Domino Directory\n\n${RETURNED}`,
    'user-unknown',
  ],
  [
    'IMail',
    'Undeliverable Mail',
    `User mailbox exceeds allowed size: gone@tenant.example\n\nOriginal message follows.\n\n${RETURNED}`,
    'mailbox-full',
  ],
  [
    'OpenSMTPD',
    'Delivery status notification: error',
    `    An error has occurred while attempting to deliver a message for\n    the following list of recipients:\n\ngone@tenant.example: 552 5.3.4 message too large\n\n    Below is a copy of the original message:\n\n${RETURNED}`,
    'too-large',
  ],
  [
    'a gateway to mobile phones',
    'Re: Leak',
    `Error: Invalid user address\n\nMessage details:\n  MAIL FROM: office@elm.example\n  RCPT TO: gone@tenant.example\n\n${RETURNED}`,
    'user-unknown',
  ],
  [
    'a filter that refuses after DATA',
    'Undelivered Mail Returned to Sender',
    `<gone@tenant.example>: host mx.tenant.example[192.0.2.1] said:\n    550 Unknown user gone@tenant.example (in reply to end of DATA command)\n\n${RETURNED}`,
    'refused',
  ],
  [
    'a server that refuses the sender',
    'Mail delivery failed: returning message to sender',
    `  gone@tenant.example\n    SMTP error from remote mail server after MAIL FROM:<office@elm.example>:\n    550 No such domain elm.example\n\n${RETURNED}`,
    'rejected',
  ],
  [
    'Exchange in German',
    'Unzustellbar: Leck',
    `Fehler bei der Nachrichtenzustellung an folgende Empfänger oder Gruppen:\n\ngone@tenant.example\nDie eingegebene E-Mail-Adresse konnte nicht gefunden werden.\n\n${RETURNED}`,
    'user-unknown',
  ],
  [
    'Exchange in French',
    'Non remis : Fuite',
    `Échec de la remise à ces destinataires ou groupes :\n\ngone@tenant.example\nL’adresse e-mail que vous avez entrée est introuvable.\n\n${RETURNED}`,
    'user-unknown',
  ],
  [
    'Exchange in Spanish',
    'No se puede entregar: Fuga',
    `Error de entrega a estos destinatarios o grupos:\n\ngone@tenant.example\nEl buzón del destinatario está lleno y no puede aceptar mensajes.\n\n${RETURNED}`,
    'mailbox-full',
  ],
  [
    'Exchange in Portuguese',
    'Não entregue: Vazamento',
    `Falha na entrega a estes destinatários ou grupos:\n\ngone@tenant.example\nO endereço de email inserido não foi encontrado.\n\n${RETURNED}`,
    'user-unknown',
  ],
  [
    'Exchange in Italian',
    'Non recapitabile: Perdita',
    `Impossibile recapitare il messaggio ai seguenti destinatari o gruppi:\n\ngone@tenant.example\nLa casella di posta del destinatario è piena.\n\n${RETURNED}`,
    'mailbox-full',
  ],
  [
    'Exchange in Dutch',
    'Onbestelbaar: Lek',
    `De bezorging aan deze geadresseerden of groepen is mislukt:\n\ngone@tenant.example\nHet e-mailadres dat u hebt opgegeven, is niet gevonden.\n\n${RETURNED}`,
    'user-unknown',
  ],
  [
    'Exchange in Polish',
    'Niedostarczone: Wyciek',
    `Nie udało się dostarczyć wiadomości do tych adresatów lub grup:\n\ngone@tenant.example\nSkrzynka pocztowa adresata jest przepełniona.\n\n${RETURNED}`,
    'mailbox-full',
  ],
  [
    'Exchange in Japanese',
    '配信不能: 水漏れ',
    `次の受信者またはグループへの配信に失敗しました:\n\ngone@tenant.example\n入力した電子メール アドレスが見つかりませんでした。\n\n${RETURNED}`,
    'user-unknown',
  ],
  [
    'a Japanese provider',
    'メールエラー通知',
    `宛先gone@tenant.exampleのメールボックスが一杯のため、送信できませんでした。\n\n${RETURNED}`,
    'mailbox-full',
  ],
  [
    'a Chinese provider',
    '系统退信',
    `抱歉，您的邮件被退回来了。\n收件人：gone@tenant.example\n退信原因：收件人邮箱地址不存在，邮件无法送达。\n\n${RETURNED}`,
    'user-unknown',
  ],
  [
    'a Korean provider',
    '배달되지 않음: 누수',
    `다음 수신자에게 메일을 배달하지 못했습니다.\n\ngone@tenant.example\n수신자의 메일함이 가득 찼습니다.\n\n${RETURNED}`,
    'mailbox-full',
  ],
  [
    'a Russian provider',
    'Недоставленное сообщение',
    `Ваше сообщение не может быть доставлено получателю:\n\n  gone@tenant.example\n    Почтовый ящик переполнен\n\n${RETURNED}`,
    'mailbox-full',
  ],
];

describe('a notice without delivery status fields', () => {
  test.each(Notices)('of %s names recipient, reason and mail', async (_, subject, body, reason) => {
    const mail = await parse(`${DAEMON}${utf8}Subject: ${subject}`, body);
    const { permanent } = mail.report?.recipients[0] ?? {};
    expect(mail.report).toMatchObject({
      recipients: [{ address: 'gone@tenant.example', action: 'failed', reason }],
      originalMessageId: 'n1.key@elm.example',
    });
    expect(permanent).toBe(['user-unknown', 'host-unknown'].includes(reason));
    expect(kindOf(mail)).toBe('bounce');
  });

  test.each(Notices)(
    'of %s is told by its null sender and subject alone as well',
    async (system, subject, body) => {
      if (system === 'a gateway to mobile phones') return;
      const headers = `From: Postbox <post@mx.example>\nReturn-Path: <>\nTo: office@elm.example\n${utf8}Subject: ${subject}`;
      expect(kindOf(await parse(headers, body))).toBe('bounce');
    },
  );

  test('gives each of several recipients what was said about it', async () => {
    const body = `<a@x.example>:\n550 5.1.1 unknown user\n\n<b@x.example>:\n552 5.2.2 mailbox full\n\n--- Below this line is a copy of the message.\n\n${RETURNED}`;
    const mail = await parse(`${DAEMON}Subject: failure notice`, body);
    expect(mail.report?.recipients).toMatchObject([
      { address: 'a@x.example', status: '5.1.1', reason: 'user-unknown', permanent: true },
      { address: 'b@x.example', status: '5.2.2', reason: 'mailbox-full', permanent: false },
    ]);
  });

  test('takes neither the addresses of helpers nor our own for recipients', async () => {
    const body = `For further assistance, please contact\n<help@mx.example>\noffice@elm.example, you wrote a mail:\nwe could not deliver your mail to gone@tenant.example: no such user\n\n${RETURNED}`;
    const mail = await parse(`${DAEMON}Subject: Delivery failure`, body);
    expect(mail.report?.recipients.map(({ address }) => address)).toEqual(['gone@tenant.example']);
  });

  test('that names nobody speaks of those whom the returned mail was for', async () => {
    const mail = await parse(`${DAEMON}Subject: Returned mail: User unknown`, `Sorry.\n\n${RETURNED}`);
    expect(mail.report?.recipients).toMatchObject([
      { address: 'gone@tenant.example', reason: 'user-unknown' },
    ]);
  });

  test.each([
    ['Warning: message 1abc delayed 24 hours', 'Delivery attempts will continue for some time.'],
    ['Delivery Status Notification (Delay)', 'THIS IS A WARNING MESSAGE ONLY. Message will be retried.'],
    ['Delivery status notification: warning', 'A message is delayed for more than 10 minutes.'],
    ['Unzustellbar: Leck', 'Die Zustellung verzögert sich, es wird erneut versucht.'],
  ])('that warns of a delay (%s) is no bounce', async (subject, said) => {
    const mail = await parse(
      `${DAEMON}${utf8}Subject: ${subject}`,
      `${said}\n\n  slow@tenant.example\n\n${RETURNED}`,
    );
    expect(mail.report?.recipients).toMatchObject([{ action: 'delayed', permanent: false }]);
    expect(kindOf(mail)).toBe('delivery-status');
  });

  test('that gave up after a delay is a bounce', async () => {
    const body = `Delivery to the following recipient was delayed and has failed permanently, giving up:\n\n  slow@tenant.example\n    retry timeout exceeded\n\n${RETURNED}`;
    const mail = await parse(`${DAEMON}Subject: Mail delivery failed`, body);
    expect(mail.report?.recipients).toMatchObject([{ action: 'failed', reason: 'expired' }]);
    expect(kindOf(mail)).toBe('bounce');
  });
});

const multipart = (fields: string, notice = 'It failed.', type = 'report; report-type=delivery-status') => [
  `${DAEMON}Subject: Returned\nContent-Type: multipart/${type}; boundary=b`,
  `--b\n\n${notice}\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example\n\n${fields}\n--b\nContent-Type: text/rfc822-headers\n\n\n${RETURNED}\n--b--`,
];
const fieldsOf = (action: string, status: string, diagnostic: string) =>
  `Final-Recipient: rfc822; gone@tenant.example\nAction: ${action}\nStatus: ${status}\nDiagnostic-Code: ${diagnostic}\n`;

describe('delivery status fields', () => {
  test.each([
    ['failed', '5.0.0', 'smtp; 550 5.2.2 mailbox full', '5.2.2', 'mailbox-full', false],
    ['failed', '5.1.1', 'smtp; 554 5.7.1 blocked using spamhaus', '5.7.1', 'blocked', false],
    ['failed', '4.4.7', 'smtp; 450 4.2.2 over quota', '4.2.2', 'mailbox-full', false],
    ['failed', '5.1.10', 'smtp; 556 nullmx', '5.1.10', 'not-accepting', true],
    [
      'failed',
      '5.4.1',
      'smtp; 550 5.4.1 Recipient address rejected: Access denied.',
      '5.4.1',
      'user-unknown',
      true,
    ],
    ['failed', '5.7.26', 'smtp; 550-5.7.26 DMARC policy', '5.7.26', 'authentication', false],
    ['failed', '5.4.4', 'x-unix; lookup', '5.4.4', 'host-unknown', true],
    ['failed', '4.4.4', 'x-unix; lookup', '4.4.4', 'network', false],
    ['delayed', '4.4.1', 'smtp; connection timed out', '4.4.1', 'network', false],
    ['delivered', '2.1.5', 'smtp; 250 fine', '2.1.5', null, false],
    ['deliverable', '2.1.5', 'smtp; 250 fine', '2.1.5', null, false],
  ] as const)('of Action %s, Status %s, %s', async (action, field, diagnostic, status, reason, permanent) => {
    const [headers, body] = multipart(fieldsOf(action, field, diagnostic));
    const mail = await parse(headers ?? '', body ?? '');
    expect(mail.report?.recipients).toMatchObject([{ status, reason, permanent }]);
    expect(mail.report?.originalMessageId).toBe('n1.key@elm.example');
  });

  test('keep what was said as one clean line of bounded length', async () => {
    const [headers, body] = multipart(
      fieldsOf('failed', '5.0.0', `smtp; 550 a\u202eb \u0007${'x'.repeat(5_000)}`),
    );
    const { diagnostic } = (await parse(headers ?? '', body ?? '')).report?.recipients[0] ?? {};
    expect(diagnostic).toMatch(/^550 ab x+$/);
    expect(diagnostic?.length).toBeLessThanOrEqual(300);
  });

  test('that a gateway took apart are found in the text', async () => {
    const body = `It failed.\n\nReporting-MTA: dns; mx.example\n\n${fieldsOf('delivered', '2.0.0', 'smtp; 250 ok')}\n${RETURNED}`;
    const mail = await parse(`${DAEMON}Subject: Undelivered`, body);
    expect(mail.report?.recipients).toMatchObject([{ address: 'gone@tenant.example', action: 'delivered' }]);
  });

  test('of a report whose boundary is damaged are read all the same', async () => {
    const [headers, body] = multipart(fieldsOf('failed', '5.1.1', 'smtp; 550 no such user'));
    const mail = await parse((headers ?? '').replace('boundary=b', 'boundary=other'), body ?? '');
    expect(mail.report?.recipients).toMatchObject([{ address: 'gone@tenant.example', permanent: true }]);
  });

  test('of a recipient that is a program lend their code to the one named in the header', async () => {
    const [headers, body] = multipart(
      'Final-Recipient: x-unix; |/bin/robot\nAction: failed\nStatus: 5.3.0\n',
    );
    const mail = await parse(`X-Failed-Recipients: robot@tenant.example\n${headers}`, body ?? '');
    expect(mail.report?.recipients).toMatchObject([{ address: 'robot@tenant.example', status: '5.3.0' }]);
  });
});

describe('a notice of Amazon SES through SNS', () => {
  const SNS = `From: no-reply@sns.amazonaws.com\nTo: office@elm.example\nx-amz-sns-message-id: 1\nSubject: AWS Notification Message\n${utf8}`;
  const mailOf = { commonHeaders: { messageId: '<n1.key@elm.example>' } };
  const bounce = {
    notificationType: 'Bounce',
    bounce: {
      bouncedRecipients: [
        {
          emailAddress: 'gone@tenant.example',
          action: 'failed',
          status: '5.1.1',
          diagnosticCode: 'smtp; 550 no',
        },
      ],
    },
    mail: mailOf,
  };
  const foot = '\n\n--\nIf you wish to stop receiving notifications, click {here}';

  test.each([
    ['as it is', JSON.stringify(bounce)],
    ['in an envelope', JSON.stringify({ Type: 'Notification', Message: JSON.stringify(bounce) })],
    ['in a line that Sendmail broke', JSON.stringify(bounce).replace('tenant', 'ten!\n ant')],
  ])('%s is a bounce', async (_, json) => {
    const mail = await parse(SNS, `${json}${foot}`);
    expect(mail.report).toMatchObject({
      recipients: [{ address: 'gone@tenant.example', reason: 'user-unknown', permanent: true }],
      originalMessageId: 'n1.key@elm.example',
    });
    expect(kindOf(mail)).toBe('bounce');
  });

  test('of a delivery is a delivery status, of a complaint feedback, and of anything else a notification', async () => {
    const delivery = {
      notificationType: 'Delivery',
      delivery: { recipients: ['a@x.example'], smtpResponse: '250 2.6.0 ok' },
    };
    expect(kindOf(await parse(SNS, JSON.stringify(delivery)))).toBe('delivery-status');
    expect(kindOf(await parse(SNS, JSON.stringify({ notificationType: 'Complaint', mail: mailOf })))).toBe(
      'feedback',
    );
    expect(kindOf(await parse(SNS, 'ALARM: "disk" in eu-west-1 {"not":"closed"'))).toBe('notification');
  });
});

/** hazards of an acknowledgement: each answer to it is told apart, and each names the mail that it answers. */
describe('what comes back for an acknowledgement', () => {
  const from = (path: string) =>
    `Return-Path: ${path}\nFrom: MAILER-DAEMON@mx.example\nTo: office@elm.example\nSubject: Returned\n`;
  const report = (type: string, part: string, fields: string) => [
    `Content-Type: multipart/report; report-type=${type}; boundary=b`,
    `--b\n\nText\n--b\nContent-Type: message/${part}\n\n${fields}\n--b\nContent-Type: message/rfc822\n\n${RETURNED}\n--b--`,
  ];
  const dsn = (action: string, status: string) =>
    report(
      'delivery-status',
      'delivery-status',
      `Reporting-MTA: dns; mx\n\n${fieldsOf(action, status, 'smtp; 4')}`,
    );
  const mdn = report(
    'disposition-notification',
    'disposition-notification',
    'Final-Recipient: rfc822; gone@tenant.example\nOriginal-Message-ID: <n1.key@elm.example>\nDisposition: manual-action/MDN-sent-manually; displayed',
  );

  test.each([
    ['a delivery report', '<>', dsn('failed', '5.1.1'), 'bounce'],
    ['a delivery report with a sender', '<MAILER-DAEMON@mx.example>', dsn('failed', '5.1.1'), 'bounce'],
    ['a delivery report that gives up after delay', '<>', dsn('failed', '4.4.7'), 'bounce'],
    ['a report of a delay', '<>', dsn('delayed', '4.4.1'), 'delivery-status'],
    ['a report of success', '<>', dsn('delivered', '2.0.0'), 'delivery-status'],
    ['a receipt', '<>', mdn, 'receipt'],
    ['a receipt with a sender', '<gone@tenant.example>', mdn, 'receipt'],
  ] as const)('%s (from %s) is told', async (_, path, [type, body], kind) => {
    const mail = await parse(`${from(path)}${type}`, body ?? '');
    expect(screen(mail, { addresses: ['office@elm.example'] })).toMatchObject({
      kind,
      mayAcknowledge: false,
    });
    if (kind !== 'receipt') expect(mail.report?.originalMessageId).toBe('n1.key@elm.example');
  });
});

test.each([
  ['64 KB', 'It failed, and here is a lot about why it did so.\n'.repeat(1_500)],
  ['2,000 lines', 'x\n'.repeat(2_500)],
])('what a notice says behind its first %s is not read', async (_, long) => {
  const mail = await parse(`${DAEMON}Subject: failure notice`, `${long}<gone@tenant.example>: user unknown`);
  expect(mail.report).toBeNull();
});

test('a notice of 25 MB takes no longer than its first pages', async () => {
  const line = '<gone@tenant.example>: 550 5.1.1 user unknown '.repeat(20);
  const body = `${line}\n`.repeat(Math.ceil(25_000_000 / line.length));
  const { readDeliveryReport } = await import('../../src/adapters/mime/delivery-report.ts');
  const started = performance.now();
  const report = readDeliveryReport(
    {
      headers: [],
      from: [{ name: '', address: 'mailer-daemon@mx.example' }],
      to: [],
      inReplyTo: [],
      returnPath: '',
      subject: 'failure notice',
      text: body,
      raw: Buffer.from(body),
    },
    [],
  );
  expect(report?.recipients).toHaveLength(1);
  expect(performance.now() - started).toBeLessThan(3_000);
});
