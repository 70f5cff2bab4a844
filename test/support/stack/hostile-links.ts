/** Mails that ask whoever reads them to fetch something, or to write a file where it does not belong. */
import { Buffer } from 'node:buffer';

export const EVIL_HOST = '127.66.6.6';
const EVIL = `http://${EVIL_HOST}:8066`;

const HEAD =
  'From: Maria Lopez <maria@tenant.example>\r\nTo: maintenance@elm.example\r\nMIME-Version: 1.0\r\nDate: Mon, 2 Mar 2026 10:00:00 +0100\r\n';
const html = (body: string): string => `Content-Type: text/html; charset=utf-8\r\n\r\n${body}`;
const file = (name: string, type = 'text/plain', extra = ''): string =>
  `Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nsee the file\r\n--b\r\nContent-Type: ${type}${extra}\r\nContent-Disposition: attachment; filename="${name}"\r\n\r\nwritten by a stranger\r\n--b--\r\n`;

const BODIES: readonly string[] = [
  html(`<img src="${EVIL}/pixel.gif"><img srcset="${EVIL}/2x 2x"><input type=image src="${EVIL}/i">`),
  html(
    `<link rel=stylesheet href="${EVIL}/a.css"><style>@import url(${EVIL}/b.css); p{background:url(${EVIL}/c)}</style>`,
  ),
  html(`<meta http-equiv=refresh content="0; url=${EVIL}/next"><iframe src="${EVIL}/frame"></iframe>`),
  html(
    `<script src="${EVIL}/x.js"></script><object data="${EVIL}/o"></object><svg><image href="${EVIL}/s"/></svg>`,
  ),
  html(
    `<base href="${EVIL}/"><a href="http://169.254.169.254/latest/meta-data/">x</a><img src="http://localhost:6379/">`,
  ),
  html('<img src="cid:nothing@here"><img src="file:///etc/passwd"><img src="\\\\evil.example\\share\\x">'),
  `Content-Type: message/external-body; access-type=URL; URL="${EVIL}/body"\r\n\r\nContent-Type: text/plain\r\n\r\n`,
  `Content-Type: message/external-body; access-type=local-file; name="/etc/passwd"\r\n\r\nContent-Type: text/plain\r\n\r\n`,
  `Content-Type: text/calendar; method=REQUEST\r\n\r\nBEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nSUMMARY:s\r\nATTACH:${EVIL}/cal\r\nURL:${EVIL}/url\r\nDTSTART;TZID=X:20260302T100000\r\nEND:VEVENT\r\nBEGIN:VTIMEZONE\r\nTZID:X\r\nTZURL:${EVIL}/tz\r\nEND:VTIMEZONE\r\nEND:VCALENDAR`,
  file('../../../../tmp/baton-was-here'),
  file('/tmp/baton-was-here'),
  file('..\\\\..\\\\baton-was-here', 'application/octet-stream', `; url="${EVIL}/file"`),
  `List-Unsubscribe: <${EVIL}/u>\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\nDisposition-Notification-To: <x@evil.example>\r\nContent-Location: ${EVIL}/here\r\n\r\nplease read ${EVIL}/words`,
];

export const hostileLinks = (): readonly Buffer[] =>
  BODIES.map((body, i) =>
    Buffer.from(`${HEAD}Subject: look at this ${i}\r\nMessage-ID: <link-${i}@tenant.example>\r\n${body}`),
  );
