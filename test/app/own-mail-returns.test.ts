/** Hazards 40: our own mail comes back, whatever the way has made of it, and opens nothing and sets off nothing. */
import { describe, expect, test } from 'vitest';
import { askPriya, latestTo } from '../support/attack.ts';
import { writeLetter } from '../support/letters.ts';
import { brokenPromises } from '../support/promises.ts';
import { openWorld } from '../support/world.ts';

type Way = (raw: string) => string;

const without =
  (name: string): Way =>
  (raw) =>
    raw.replace(new RegExp(`^${name}: .*\\r\\n(?:[ \\t].*\\r\\n)*`, 'gim'), '');
const onTop =
  (...fields: string[]): Way =>
  (raw) =>
    `${fields.join('\r\n')}\r\n${raw}`;
const after =
  (...ways: Way[]): Way =>
  (raw) =>
    ways.reduce((changed, way) => way(changed), raw);

const RECEIVED = 'Received: from loop.example by mx.elm.example; Tue, 3 Mar 2026 09:41:00 +0000';
const unmarked = after(...['Auto-Submitted', 'X-Baton-Notice', 'X-Auto-Response-Suppress'].map(without));

const WAYS: Readonly<Record<string, Way>> = {
  'an alias that leads back to us': onTop('Delivered-To: maintenance@elm.example', RECEIVED),
  'a list that puts itself into From, a tag into the subject and a footer below': after(
    without('From'),
    without('Reply-To'),
    (raw) => raw.replace(/^Subject: /m, 'Subject: [tenants] '),
    onTop(RECEIVED, 'From: Elm via Tenants <tenants@lists.example>', 'Reply-To: tenants@lists.example'),
    onTop('List-Id: <tenants.lists.example>', 'Precedence: list'),
    (raw) => `${raw}\r\n-- \r\nYou get this because you are a tenant.\r\n`,
  ),
  'a forward that strips every mark': after(
    unmarked,
    onTop(RECEIVED, 'X-Forwarded-For: a@example.com b@example.com'),
  ),
  'a redirect': onTop('Resent-From: maria@example.com', 'Resent-To: maintenance@elm.example', RECEIVED),
  'a server that numbers mail anew and keeps the marks': (raw) =>
    raw.replace(/^Message-ID: .*$/im, 'Message-ID: <new-1@exchange.example>'),
};

describe.each([
  ['a confirmation', 'maria@example.com'],
  ['a question to a member', 'priya@elm.example'],
])('%s', (_, recipient) => {
  test.each(Object.entries(WAYS))('by %s', async (_way, change) => {
    const { world } = await askPriya({ authentication: { mode: 'token-and-sender-only' } });
    const { outgoing } = await latestTo(world, recipient);
    const sentBefore = (await world.sent()).length;
    for (const inbox of ['maintenance', 'billing'])
      world.deliver(inbox, Buffer.from(change(Buffer.from(outgoing.raw).toString('latin1')), 'latin1'));
    await world.settle();
    expect(world.store.messages().map(({ disposition }) => disposition)).toEqual(['request', 'own', 'own']);
    expect(world.store.conversations()).toHaveLength(1);
    expect((await world.sent()).length).toBe(sentBefore);
    expect(await brokenPromises(world)).toEqual([]);
  });
});

test('a customer’s mail that an inbox forwards to itself is one request and one confirmation, however often it comes', async () => {
  const world = await openWorld();
  const letter = writeLetter({
    ...{ from: 'maria@example.com', to: ['maintenance@elm.example'], subject: 'Leak', text: 'It drips.' },
    ...{ date: world.clock.now(), messageId: 'leak@example.com' },
  });
  let raw = Buffer.from(letter).toString('latin1');
  for (let pass = 0; pass < 8; pass += 1) {
    world.deliver('maintenance', Buffer.from(raw, 'latin1'));
    raw = onTop('Delivered-To: maintenance@elm.example', RECEIVED)(raw);
  }
  await world.settle();
  expect(world.store.conversations()).toHaveLength(1);
  expect((await world.sent()).filter(({ kind }) => kind === 'acknowledgement')).toHaveLength(1);
});

test('when the circle writes the mail anew each time, confirmations end after the second pass', async () => {
  const world = await openWorld();
  for (let pass = 0; pass < 6; pass += 1) {
    const headers = Array<string>(pass).fill('Delivered-To: maintenance@elm.example');
    const letter = {
      from: 'maria@example.com',
      to: ['maintenance@elm.example'],
      date: world.clock.now(),
      headers,
    };
    const text = `It drips.${'\n-- \nforwarded'.repeat(pass)}`;
    world.deliver(
      'maintenance',
      writeLetter({ ...letter, subject: 'Leak', text, messageId: `p${pass}@example.com` }),
    );
  }
  await world.settle();
  const silent = world.store.conversations().filter(({ acknowledge }) => acknowledge === 'none');
  expect(silent).toHaveLength(3);
  expect((await world.sent()).filter(({ kind }) => kind === 'acknowledgement').length).toBeLessThanOrEqual(3);
});
