/** Mails that are small and cost much: what each brought down somewhere, or would if a parser were careless. */
import { Buffer } from 'node:buffer';

const HEAD =
  'From: Maria Lopez <maria@x.example>\r\nTo: office@elm.example\r\nSubject: bomb\r\nMessage-ID: <b@x>\r\n';
const mail = (fields: string, body: string): Buffer => Buffer.from(`${HEAD}${fields}\r\n\r\n${body}`);
const html = (body: string): Buffer => mail('Content-Type: text/html', body);

/** `scale` 1 is some hundred kilobytes to a few megabytes each. */
export const bombs = (scale = 1): readonly (readonly [name: string, raw: Buffer])[] => {
  const times = (text: string, count: number) => text.repeat(Math.ceil(count * scale));
  return [
    ['nested elements', html(times('<div><table><blockquote>', 100_000))],
    ['nested elements that are closed', html(`${times('<div>', 100_000)}x${times('</div>', 100_000)}`)],
    ['elements that are never ended', html(times('<a href="x', 200_000))],
    ['entities', html(times('&#x26;&nbsp', 300_000))],
    ['styles without an end', html(times('<p style="display:', 100_000))],
    ['links', html(times('<a href="https://x.example/?utm_source=a">x</a>', 30_000))],
    ['format=flowed', mail('Content-Type: text/plain; format=flowed', times('> a \r\n', 700_000))],
    ['flat parts', mail('Content-Type: multipart/mixed; boundary=b', times('--b\r\n\r\nx\r\n', 100_000))],
    [
      'nested parts',
      mail(
        'Content-Type: multipart/mixed; boundary=b0',
        Array.from(
          { length: Math.ceil(20_000 * scale) },
          (_, i) => `--b${i}\r\nContent-Type: multipart/mixed; boundary=b${i + 1}\r\n\r\n`,
        ).join(''),
      ),
    ],
    ['boundaries that are guessed at', mail('Content-Type: multipart/mixed', times('--a\r\n', 300_000))],
    [
      'a long boundary',
      mail(`Content-Type: multipart/mixed; boundary=${times('b', 500_000)}`, times('--b\r\n', 1_000)),
    ],
    ['tabs and line ends', mail('X: y', times('\t\n', 100_000))],
    ['attributions', mail('X: y', times('On ', 60_000))],
    ['quote marks', mail('X: y', times('>', 500_000))],
    ['dashes', mail('X: y', times('-- \n', 100_000))],
    ['header fields', mail(times('X-A: b\r\n', 100_000).trimEnd(), 'x')],
    ['a folded field', mail(`X-A: ${times('b\r\n ', 200_000)}c`, 'x')],
    ['comments in addresses', mail(`Cc: ${times('(', 300_000)}`, 'x')],
    ['addresses', mail(`Cc: ${times('a@x,', 200_000)}`, 'x')],
    ['encoded words', mail(`Subject: ${times('=?utf-8?q?=41?= ', 30_000)}`, 'x')],
    ['parameters', mail(`Content-Type: text/plain; ${times('n*1*=a; ', 50_000)}`, 'x')],
    ['References', mail(`References: ${times('<a@b> ', 100_000)}`, 'x')],
    ['bare CR', mail('X: y', times('\r', 1_000_000))],
    ['uuencode', mail('X: y', times('begin 644 a\n', 100_000))],
    ['armour', mail('X: y', `${times('-----BEGIN PGP MESSAGE-----\n', 50_000)}-----END PGP SIGNATURE-----`)],
    [
      'a calendar',
      mail('Content-Type: text/calendar', `BEGIN:VCALENDAR\r\n${times('BEGIN:VEVENT\r\n', 60_000)}`),
    ],
    [
      'a calendar line',
      mail('Content-Type: text/calendar', `BEGIN:VCALENDAR\r\nX;${times('A=";', 200_000)}`),
    ],
    [
      'a base64 block of octets',
      mail(
        'Content-Type: application/pkcs7-mime\r\nContent-Transfer-Encoding: base64',
        times('MIAwgDCA', 100_000),
      ),
    ],
    ['HTML in HTML', mail('Content-Type: text/html', times('<style>', 100_000))],
    ['rows', html(`<table>${times('<tr><td>', 100_000)}`)],
  ];
};
