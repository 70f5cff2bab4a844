/** Of whom our own check is asked: of members, and of customers whose mail may be confirmed, and of nobody else. */
import { expect, test } from 'vitest';
import type { SenderCheck } from '../../src/app/ports/sender-check.ts';
import { outcome } from '../../src/domain/sender-authentication/authentication.ts';
import { answer, askPriya, comesIn, latestTo, MX, PRIYA } from '../support/attack.ts';
import { openWorld } from '../support/world.ts';

function counted(result: 'pass' | 'unknown' = 'pass') {
  const asked: string[] = [];
  const senderCheck: SenderCheck = {
    async check(_, { from }) {
      asked.push(from);
      return outcome(result, 'own-check', 'test', 'a test says so');
    },
  };
  return { asked, senderCheck, authentication: { mode: 'own-check', trustedHosts: [] } as const };
}

test('our own check is asked of a customer who writes for the first time and of a member, and not of an answer of the customer', async () => {
  const { asked, ...options } = counted();
  const { world, offer } = await askPriya(options);
  expect(asked).toEqual(['maria@example.com']);
  const told = await latestTo(world, 'maria@example.com');
  expect(told.mail.subject).toBe('Re: Leak under kitchen sink');
  await comesIn(
    world,
    answer(told, ['From: maria@example.com'], 'More water.', { to: 'maintenance@elm.example' }),
  );
  expect(asked).toEqual(['maria@example.com']);
  await comesIn(world, answer(offer, [PRIYA]));
  expect(asked).toEqual(['maria@example.com', 'priya@elm.example']);
  expect(world.store.conversations()[0]?.owner).toBe('priya');
});

test('our own check is not asked of machines, of what was sent from the mailbox, nor of a sender in doubt', async () => {
  const { asked, ...options } = counted();
  const { world } = await askPriya(options);
  asked.length = 0;
  const mail = (...head: string[]) => [
    ...head,
    'To: maintenance@elm.example',
    'Message-ID: <x@example.com>',
    '',
    'x',
  ];
  await comesIn(world, mail('From: shop@example.com', 'List-Id: <news.example>', 'Precedence: bulk'));
  await comesIn(world, mail('From: jo@example.com, eve@evil.example'));
  world.deliver('maintenance', Buffer.from(mail('From: maintenance@elm.example').join('\r\n')), {
    folder: 'Sent',
  });
  await world.settle();
  expect(asked).toEqual([]);
});

test('what could not be checked does not act, and the member is told so', async () => {
  const { asked: _, ...options } = counted('unknown');
  const { world, offer } = await askPriya(options);
  expect((await latestTo(world, 'maria@example.com')).mail.subject).toBe('We have your message');
  await comesIn(world, answer(offer, [PRIYA]));
  expect(world.store.conversations()[0]?.owner).toBeNull();
  const told = await latestTo(world, 'priya@elm.example', 'not-counted');
  expect(told.mail.text).toContain('could not check just then whether it is from you');
});

test('our own check is asked of nobody where the inbox believes its server or asks for no proof', async () => {
  const { asked, senderCheck } = counted();
  for (const authentication of [MX, { mode: 'token-and-sender-only' } as const]) {
    const { world, offer } = await askPriya({ senderCheck, authentication });
    await comesIn(world, answer(offer, [PRIYA]));
  }
  const world = await openWorld({ senderCheck });
  await comesIn(world, ['From: jo@example.com', 'To: maintenance@elm.example', '', 'x']);
  expect(asked).toEqual([]);
});
