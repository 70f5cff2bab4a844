/** Ordinary mails that are large, a shape each: `bytes` long but for a few. */
import { Buffer } from 'node:buffer';

const HEAD =
  'From: Maria Lopez <maria@x.example>\r\nTo: office@elm.example\r\nSubject: all of it\r\nMessage-ID: <l@x>\r\n';
const LINE = 'The tap in the kitchen drips since Monday, please send somebody to mend it.\r\n';
const HTML_LINE = '<p>The tap in the <b>kitchen</b> drips since Monday, please send somebody.</p>\r\n';
const QUOTED = 'Der Wasserhahn in der K=C3=BCche tropft seit Montag, bitte schicken Sie jemand=\r\nen.\r\n';
const BASE64_LINE = `${'QmF0b24x'.repeat(9)}QmF0\r\n`;

const part = (fields: string, body: string): string => `--b\r\n${fields}\r\n\r\n${body}\r\n`;
const mixed = (...parts: string[]): string =>
  `Content-Type: multipart/mixed; boundary=b\r\n\r\n${parts.join('')}--b--\r\n`;

export function largeMails(bytes: number): readonly (readonly [name: string, raw: Buffer])[] {
  const fill = (line: string) => line.repeat(Math.ceil(bytes / line.length));
  const file = 'Content-Type: application/pdf; name=a.pdf\r\nContent-Transfer-Encoding: base64';
  const photo = mixed(part('Content-Type: text/plain', 'Hi'), part(file, fill(BASE64_LINE)));
  const inside = (type: string, inner: string, more = '') =>
    `Content-Type: multipart/${more || 'mixed'}; boundary=o\r\n\r\n--o\r\nContent-Type: text/plain\r\n\r\n` +
    `Your mail to pat@y.example could not be delivered: mailbox full\r\n--o\r\nContent-Type: ${type}\r\n\r\n${inner}\r\n--o--\r\n`;
  const encoded = 'Content-Transfer-Encoding: quoted-printable\r\n\r\n';
  const shapes = {
    'a file': `${HEAD}${photo}`,
    'an attached mail with a file': `${HEAD}${inside('message/rfc822', `${HEAD}${photo}`)}`,
    'a mail with a file that came back': `From: mailer-daemon@x.example\r\n${inside('message/rfc822', `${HEAD}${photo}`, 'report; report-type=delivery-status')}`,
    'a mail of text that came back': `From: mailer-daemon@x.example\r\n${inside('message/rfc822', `${HEAD}\r\n${fill(LINE)}`, 'report; report-type=delivery-status')}`,
    text: `${HEAD}\r\n${fill(LINE)}`,
    'text in quoted-printable': `${HEAD}Content-Type: text/plain; charset=utf-8\r\n${encoded}${fill(QUOTED)}`,
    'a file in quoted-printable': `${HEAD}Content-Type: application/octet-stream; name=a\r\n${encoded}${fill(QUOTED)}`,
    HTML: `${HEAD}Content-Type: text/html\r\n\r\n${fill(HTML_LINE)}`,
    'HTML in quoted-printable': `${HEAD}Content-Type: text/html; charset=utf-8\r\n${encoded}${fill(QUOTED)}`,
    'empty lines': `${HEAD}\r\n${fill('\r\n')}`,
    'one line': `${HEAD}\r\n${fill('x')}`,
  };
  return Object.entries(shapes).map(([name, text]) => [name, Buffer.from(text, 'latin1')]);
}
