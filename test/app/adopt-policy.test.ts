import { expect, test } from 'vitest';
import { testPolicy } from '../support/policy.ts';
import { openWorld } from '../support/world.ts';

const LETTER = Buffer.from(
  'From: maria@example.com\r\nTo: maintenance@elm.example\r\nSubject: Leak\r\nMessage-ID: <m1@example.com>\r\n\r\nWater.\r\n',
);

test('an inbox with open requests cannot be taken out of the configuration', async () => {
  const world = await openWorld();
  world.deliver('maintenance', LETTER);
  await world.settle();
  const policy = testPolicy();
  const inboxes = new Map([...policy.inboxes].filter(([id]) => id !== 'maintenance'));
  await expect(world.configure({ ...policy, inboxes })).rejects.toMatchObject({ code: 'inbox-still-busy' });
});

test('an inbox in which nothing is open can be taken out of the configuration', async () => {
  const world = await openWorld();
  const policy = testPolicy();
  const inboxes = new Map([...policy.inboxes].filter(([id]) => id !== 'maintenance'));
  await expect(world.configure({ ...policy, inboxes })).resolves.toBeUndefined();
});
