/** Urgent escalations are paged: once each, to whoever is asked, without a customer's words, until it has no point. */
import { expect, test } from 'vitest';
import { Failure } from '../../src/app/failures.ts';
import type { Page } from '../../src/app/ports/pages.ts';
import { type PageDeps, sendPages } from '../../src/app/send-pages.ts';
import { HOUR, MINUTE, SECOND } from '../../src/domain/instant.ts';
import { writeLetter } from '../support/letters.ts';
import { MONDAY, testPolicy } from '../support/policy.ts';
import { openWorld, type World } from '../support/world.ts';

const PHONE = '+4930123456';

type Office = {
  readonly world: World;
  readonly sent: Page[];
  readonly logged: string[];
  send(changes?: Partial<PageDeps>): Promise<number>;
  /** The gateway takes nothing. */
  down(isDown: boolean): void;
};

async function open(): Promise<Office> {
  const policy = testPolicy({ pagedInboxes: ['maintenance'], members: { priya: { phone: PHONE } } });
  const world = await openWorld({ policy });
  const sent: Page[] = [];
  const logged: string[] = [];
  let isDown = false;
  const log = { info() {}, warn() {}, error: (_: object, message: string) => void logged.push(message) };
  const deps: PageDeps = {
    ...{ store: world.store, pages: world.store.paging, clock: world.clock, policy: world.policy, log },
    ...{ secret: 'a secret for tests', words: false, giveUpAfter: 4 * HOUR },
    channel: {
      send: async (page) => {
        if (isDown) throw new Failure('temporary', 'web-failed', 'The request to gateway failed.');
        sent.push(page);
      },
    },
  };
  return {
    ...{ world, sent, logged },
    send: (changes = {}) => sendPages({ ...deps, ...changes }),
    down: (value) => {
      isDown = value;
    },
  };
}

async function writeIn(world: World, subject: string): Promise<void> {
  const raw = writeLetter({
    ...{ from: 'maria@example.com', to: ['maintenance@elm.example'], subject },
    ...{ text: 'It runs down the wall.', date: world.clock.now(), messageId: `${subject}@example.com` },
  });
  world.deliver('maintenance', raw);
  await world.settle();
}

async function answer(world: World, from: string, text: string): Promise<void> {
  const asked = (await world.sent()).findLast(({ outgoing }) => outgoing.envelopeTo === from);
  const raw = writeLetter({
    ...{ from, to: [asked?.mail.replyTo[0]?.address ?? ''], subject: 'Re: it', text },
    ...{ date: world.clock.now(), messageId: `${world.clock.now()}@elm.example` },
  });
  world.deliver('maintenance', raw);
  await world.settle();
}

test('whoever is asked about an urgent request is paged once, and learns which, until when, and no word of its customer', async () => {
  const { world, sent, send } = await open();
  await writeIn(world, 'Leak in flat 3');
  expect(await send()).toBe(1);
  expect(await send()).toBe(0);
  expect(sent).toHaveLength(1);
  const [page] = sent;
  expect(page).toMatchObject({
    ...{ number: 1001, inbox: 'maintenance', why: 'asked' },
    to: { id: 'priya', name: 'Priya', phone: PHONE },
    text: 'Urgent request #1001 (Elm Maintenance): Priya is asked to take it. Please answer by 10:15, to the mail from Baton.',
  });
  expect(Math.floor(((page?.deadline ?? 0) - MONDAY) / MINUTE)).toBe(15);
  expect(JSON.stringify(page)).not.toMatch(/flat|wall|maria|http/i);
  const keys = world.store.outbox().map(({ key }) => key);
  expect(keys.some((key) => page?.id.includes(key))).toBe(false);
});

test('what is not urgent, and what no inbox with pages is asked, is paged to nobody', async () => {
  const { world, sent, send } = await open();
  await writeIn(world, 'Dripping tap');
  await world.advance(3 * HOUR);
  await world.configure(testPolicy());
  await writeIn(world, 'Leak in flat 4');
  expect(await send()).toBe(0);
  expect(sent).toEqual([]);
});

test('each step of the ladder pages the next person, up to whoever decides, who is paged again with each reminder', async () => {
  const { world, sent, send } = await open();
  await writeIn(world, 'Leak in flat 3');
  for (let step = 0; step < 64; step += 1) {
    await send();
    await world.advance(5 * MINUTE);
  }
  const told = sent.map(({ why, to, deadline }) => [why, to.id, deadline !== null]);
  expect(told.slice(0, 2)).toEqual([
    ['asked', 'priya', true],
    ['climbed', 'luis', true],
  ]);
  expect(told.slice(-2)).toEqual([
    ['nobody-took-it', 'dana', false],
    ['still-nobody', 'dana', false],
  ]);
  expect(new Set(sent.map(({ id }) => id)).size).toBe(sent.length);
});

test('a gateway that takes nothing is tried again after growing pauses under the same id, and the mail is out meanwhile', async () => {
  const { world, sent, send, down } = await open();
  down(true);
  await writeIn(world, 'Leak in flat 3');
  const tries: number[] = [];
  for (let second = 0; second < 180; second += 1) {
    if ((await send()) > 0) tries.push(second);
    world.clock.advance(SECOND);
  }
  expect(tries).toEqual([0, 5, 20, 65]);
  expect((await world.sent()).map(({ kind }) => kind)).toContain('offer');
  down(false);
  world.clock.advance(MINUTE);
  await send();
  expect(sent).toHaveLength(1);
  expect(sent[0]?.sentAt).toBe(world.clock.now());
  expect(sent[0]?.at).toBe(MONDAY);
});

test('what was answered meanwhile is paged no more', async () => {
  const { world, sent, send, down } = await open();
  down(true);
  await writeIn(world, 'Leak in flat 3');
  await send();
  await answer(world, 'priya@elm.example', 'accept');
  down(false);
  await world.advance(MINUTE);
  expect(await send()).toBe(1);
  expect(sent).toEqual([]);
  expect(world.store.pages().map(({ state, code }) => [state, code])).toEqual([['pointless', 'overtaken']]);
});

test('a page that nobody takes is given up after its time, and that is told', async () => {
  const { world, sent, send, down, logged } = await open();
  down(true);
  await writeIn(world, 'Leak in flat 3');
  for (let step = 0; step < 5; step += 1) {
    await send({ giveUpAfter: 10 * MINUTE });
    world.clock.advance(3 * MINUTE);
  }
  expect(world.store.pages().map(({ state, code }) => [state, code])).toEqual([['failed', 'web-failed']]);
  expect(logged).toEqual(['a page was given up; its mail was sent']);
  down(false);
  world.clock.advance(HOUR);
  expect(await send()).toBe(0);
  expect(sent).toEqual([]);
});

test('a process that dies after its page was taken sends it again under the same id', async () => {
  const { world, sent, send } = await open();
  await writeIn(world, 'Leak in flat 3');
  const dying = { ...world.store.paging, settle: () => Promise.reject(new Error('died')) };
  await expect(send({ pages: dying })).rejects.toThrow('died');
  world.clock.advance(MINUTE);
  await send();
  expect(sent).toHaveLength(2);
  expect(new Set(sent.map(({ id }) => id)).size).toBe(1);
});

test('where pages are taken out of the configuration what waits has no point, and where words may leave they are one line', async () => {
  const { world, sent, send } = await open();
  await writeIn(world, `Leak ${'x'.repeat(200)}`);
  await writeIn(world, 'Flood in flat 5');
  await send({ words: true });
  const [long, short] = sent.map(({ text }) => text);
  expect(long).toMatch(/^Urgent request #1001 "Leak x{74}…" \(/);
  expect(short).toContain('#1002 "Flood in flat 5" (Elm Maintenance)');
  expect(sent[1]?.subject).toBe('Flood in flat 5');
  await writeIn(world, 'Leak in flat 6');
  await send({ channel: null });
  expect(world.store.pages().at(-1)).toMatchObject({ state: 'pointless', code: 'not-configured' });
});
