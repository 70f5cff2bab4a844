/** Small mails of the shapes that fill an old mailbox: letters, answers in threads, HTML, an automatic answer, a bounce. */

const crlf = (lines: readonly string[]): Buffer => Buffer.from(lines.join('\r\n'));

export function intakeMail(number: number, to: string): Buffer {
  const who = `customer-${number % 9_973}@sender-${number % 97}.example`;
  const head = (subject: string, more: readonly string[] = []) => [
    `Return-Path: <${who}>`,
    `Received: from mx.sender.example (mx.sender.example [192.0.2.7]) by mail.elm.example with ESMTPS id ${number}`,
    `From: Customer ${number} <${who}>`,
    `To: Elm <${to}>`,
    `Subject: ${subject}`,
    'Date: Mon, 2 Mar 2020 09:00:00 +0000',
    `Message-ID: <old-${number}@sender-${number % 97}.example>`,
    'MIME-Version: 1.0',
    ...more,
  ];
  const text = `The tap in flat ${number} drips, since Monday. Could somebody come?`;
  const plain = ['Content-Type: text/plain; charset=utf-8', '', text, ''];
  switch (number % 10) {
    case 0:
    case 1:
    case 2: {
      const before = `<old-${number - 1}@sender-${(number - 1) % 97}.example>`;
      return crlf([
        ...head(`Re: tap ${number}`, [`In-Reply-To: ${before}`, `References: ${before}`]),
        ...plain,
      ]);
    }
    case 3:
      return crlf([
        ...head(`A tap ${number}`),
        `Content-Type: multipart/alternative; boundary="b${number}"`,
        '',
        `--b${number}`,
        ...plain,
        `--b${number}`,
        'Content-Type: text/html; charset=utf-8',
        '',
        `<table><tr><td><p>${text}</p><ul><li>kitchen</li></ul></td></tr></table>`,
        `--b${number}--`,
        '',
      ]);
    case 4:
      return crlf([...head(`Out of office ${number}`, ['Auto-Submitted: auto-replied']), ...plain]);
    case 5:
      return crlf([
        ...head(`Offers ${number}`, ['List-Id: <news.sender.example>', 'Precedence: bulk']),
        ...plain,
      ]);
    case 6:
      return crlf([
        ...head(`Photo ${number}`),
        `Content-Type: multipart/mixed; boundary="b${number}"`,
        '',
        `--b${number}`,
        ...plain,
        `--b${number}`,
        'Content-Type: image/jpeg; name="tap.jpg"',
        'Content-Disposition: attachment; filename="tap.jpg"',
        'Content-Transfer-Encoding: base64',
        '',
        ...Array.from({ length: 80 }, (_, line) =>
          Buffer.from(`${number} ${line}`.padEnd(57, '*')).toString('base64'),
        ),
        `--b${number}--`,
        '',
      ]);
    default:
      return crlf([...head(`A tap that drips, ${number}`), ...plain]);
  }
}
