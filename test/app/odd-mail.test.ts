/** Row 17 of the hazards: mail whose header or bytes are not as they should be is a request like any other. */
import { Buffer } from 'node:buffer';
import { expect, test } from 'vitest';
import { brokenPromises } from '../support/promises.ts';
import { openWorld } from '../support/world.ts';

const FROM =
  'Return-Path: <maria@example.com>\nFrom: Maria Lopez <maria@example.com>\nTo: maintenance@elm.example\n';
const DATE = 'Date: Mon, 05 Jan 2026 08:00:00 +0000\n';
const SUBJECT = 'Subject: The heating is cold\n';
const BODY = '\nThe heating in the hall is cold.\n';

const odd: readonly (readonly [string, string | Buffer])[] = [
  ['without a Message-ID', `${FROM}${SUBJECT}${DATE}${BODY}`],
  ['with a Message-ID that is none', `${FROM}${SUBJECT}${DATE}Message-ID: hello world\n${BODY}`],
  ['with an empty Message-ID', `${FROM}${SUBJECT}${DATE}Message-ID: <>\n${BODY}`],
  ['with two Message-IDs', `${FROM}${SUBJECT}${DATE}Message-ID: <a@x>\nMessage-ID: <b@x>\n${BODY}`],
  [
    'with a Message-ID of 5,000 characters',
    `${FROM}${SUBJECT}${DATE}Message-ID: <${'a'.repeat(5_000)}@x>\n${BODY}`,
  ],
  ['without a Date', `${FROM}${SUBJECT}Message-ID: <1@x>\n${BODY}`],
  ['with a Date that is none', `${FROM}${SUBJECT}Message-ID: <2@x>\nDate: soon\n${BODY}`],
  [
    'with a Date of another age',
    `${FROM}${SUBJECT}Message-ID: <3@x>\nDate: Fri, 1 Jan 1904 00:00:00 +0000\n${BODY}`,
  ],
  [
    'with a Date to come',
    `${FROM}${SUBJECT}Message-ID: <4@x>\nDate: Fri, 1 Jan 2199 00:00:00 +0000\n${BODY}`,
  ],
  ['with two Dates', `${FROM}${SUBJECT}Message-ID: <5@x>\n${DATE}${DATE}${BODY}`],
  [
    'in a charset that nobody knows',
    `${FROM}${SUBJECT}${DATE}Message-ID: <6@x>\nContent-Type: text/plain; charset=x-martian\n${BODY}`,
  ],
  [
    'with NUL in its header and text',
    `${FROM}Subject: The hea\0ting\n${DATE}Message-ID: <7@x>\n${BODY}\0\0\n`,
  ],
  [
    'with bytes that are no characters',
    Buffer.concat([
      Buffer.from(`${FROM}${SUBJECT}${DATE}Message-ID: <9@x>\n\n`),
      Buffer.from([0xff, 0xfe, 0x80, 0xc3, 0x28, 0x0a]),
    ]),
  ],
  [
    'with surrogates in UTF-8',
    Buffer.concat([
      Buffer.from(`${FROM}${SUBJECT}${DATE}Message-ID: <10@x>\n\nx`),
      Buffer.from([0xed, 0xa0, 0x80, 0x0a]),
    ]),
  ],
  ['without a text', `${FROM}${SUBJECT}${DATE}Message-ID: <11@x>\n\n`],
  [
    'whose parts never come',
    `${FROM}${SUBJECT}${DATE}Message-ID: <12@x>\nContent-Type: multipart/mixed; boundary=b\n${BODY}`,
  ],
];

test.each(odd)(
  'hazards 17: a mail %s is one request of one customer, and nothing of it is lost',
  async (_, text) => {
    const world = await openWorld();
    const raw =
      typeof text === 'string'
        ? Buffer.from(text.includes('\n') ? text.replaceAll('\n', '\r\n') : text)
        : text;
    world.deliver('maintenance', raw);
    await world.settle();
    expect(world.store.messages().map(({ disposition }) => disposition)).toEqual(['request']);
    const sent = await world.sent();
    expect(
      sent.filter(({ kind }) => kind === 'acknowledgement').map(({ outgoing }) => outgoing.envelopeTo),
    ).toEqual(['maria@example.com']);
    expect(sent.filter(({ kind }) => kind === 'offer')).toHaveLength(1);
    expect(await brokenPromises(world)).toEqual([]);
  },
);

test('hazards 17: a mail with bare CR as line ends is a request; its header can be read in two ways, so nobody is written to', async () => {
  const world = await openWorld();
  world.deliver(
    'maintenance',
    Buffer.from(`${FROM}${SUBJECT}${DATE}Message-ID: <8@x>\n${BODY}`.replaceAll('\n', '\r')),
  );
  await world.settle();
  expect(world.store.messages().map(({ disposition }) => disposition)).toEqual(['request']);
  expect((await world.sent()).map(({ kind }) => kind)).toEqual(['offer']);
  expect(await brokenPromises(world)).toEqual([]);
});

test('hazards 17: mails without a Message-ID that differ are requests of their own, and the same one twice is one', async () => {
  const world = await openWorld();
  const mail = (body: string) => Buffer.from(`${FROM}${SUBJECT}${DATE}\n${body}\n`.replaceAll('\n', '\r\n'));
  world.deliver('maintenance', mail('The heating is cold.'));
  world.deliver('maintenance', mail('The tap drips.'));
  world.deliver('maintenance', mail('The heating is cold.'));
  await world.settle();
  const dispositions = world.store.messages().map(({ disposition }) => disposition);
  expect(dispositions).toEqual(['request', 'request', 'duplicate']);
  expect(await brokenPromises(world)).toEqual([]);
});
