/** The mail that an inbox sends to itself: one for each turn, known again when it is back, and never a request. */
import { expect, test } from 'vitest';
import { composeMail } from '../../src/adapters/smtp/compose.ts';
import { type CanaryDeps, sendCanaries } from '../../src/app/canary.ts';
import type { Canaries } from '../../src/app/ports/canaries.ts';
import { MINUTE } from '../../src/domain/instant.ts';
import { openWorld } from '../support/world.ts';

async function scene() {
  const world = await openWorld();
  const begun = new Set<string>();
  const handed: string[] = [];
  const canaries: Canaries = {
    async begin(inbox, turn) {
      const isNew = !begun.has(`${inbox} ${turn}`);
      begun.add(`${inbox} ${turn}`);
      return isNew;
    },
    handedOver: async (inbox, _, code) => void handed.push(`${inbox} ${code}`),
    noteArrivals: async () => {},
    last: async () => [],
  };
  const deps: CanaryDeps = {
    canaries,
    composer: { compose: composeMail },
    senderOf: () => world.sender.sender,
    clock: world.clock,
    secret: 'a secret for tests',
    log: { info() {}, warn() {}, error() {} },
    inboxes: [{ id: 'maintenance', address: 'maintenance@elm.example', name: 'Elm' }],
    every: 30 * MINUTE,
  };
  return { world, deps, handed };
}

test('a canary comes back as our own mail and makes no request, no notice and no clock', async () => {
  const { world, deps, handed } = await scene();
  await sendCanaries(deps);
  const [mail] = world.sender.delivered;
  expect(mail).toMatchObject({
    envelopeFrom: 'maintenance@elm.example',
    envelopeTo: 'maintenance@elm.example',
  });
  world.deliver('maintenance', mail?.raw ?? new Uint8Array());
  await world.settle();
  expect(world.store.messages().map(({ disposition }) => disposition)).toEqual(['own']);
  expect([world.store.conversations(), world.store.outbox()]).toEqual([[], []]);
  expect(handed).toEqual(['maintenance accepted']);
});

test('a canary that somebody else has in hand is sent by nobody else, and each turn has one', async () => {
  const { world, deps } = await scene();
  await Promise.all([sendCanaries(deps), sendCanaries(deps)]);
  world.clock.advance(29 * MINUTE);
  await sendCanaries(deps);
  expect(world.sender.delivered).toHaveLength(1);
  world.clock.advance(MINUTE);
  await sendCanaries(deps);
  expect(world.sender.delivered).toHaveLength(2);
});

test('a canary that another inbox sent is a mail like any other here', async () => {
  const { world, deps } = await scene();
  const other = { id: 'billing', address: 'billing@elm.example', name: 'Elm' };
  await sendCanaries({ ...deps, inboxes: [other] });
  world.deliver('maintenance', world.sender.delivered[0]?.raw ?? new Uint8Array());
  await world.settle();
  expect(world.store.messages()[0]?.disposition).not.toBe('own');
});

test('what became of handing a canary over is noted', async () => {
  const { world, deps, handed } = await scene();
  world.sender.failNext('smtp-unreachable');
  await sendCanaries(deps);
  expect(handed).toEqual(['maintenance smtp-unreachable']);
});
