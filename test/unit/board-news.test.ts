/** Who hears that something changed on the board, and what it costs. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { liveHub } from '../../src/adapters/web/board/live/hub.ts';
import type { ChangedRequest } from '../../src/app/ports/changes.ts';
import type { Sight } from '../../src/domain/sight.ts';

const leak: ChangedRequest = {
  id: 1042,
  inboxId: 'maintenance',
  accountable: 'priya',
  owner: 'priya',
  asked: null,
  version: 1,
};
const sightOf = (member: string, inboxes: readonly string[] = []): Sight => ({
  member,
  inboxes,
  colleagues: [member],
});

let lately: ChangedRequest[] = [];
let looks = 0;
const hubOf = () =>
  liveHub({
    changes: {
      lately: async () => {
        looks += 1;
        return lately;
      },
    },
    failed: (error) => {
      throw error;
    },
    lookEveryMs: 1_000,
  });

beforeEach(() => {
  vi.useFakeTimers();
  lately = [leak];
  looks = 0;
});
afterEach(() => vi.useRealTimers());

const heard = (stream: { read(): Buffer | null } | null): number =>
  (stream?.read()?.toString('utf8') ?? '').split('event: changed').length - 1;

test('who may see a request hears that it changed, and nobody else does', async () => {
  lately = [];
  const hub = hubOf();
  const owner = hub.listen({ sight: sightOf('priya'), request: null });
  const manager = hub.listen({ sight: sightOf('dana', ['maintenance']), request: null });
  const stranger = hub.listen({ sight: sightOf('omar'), request: null });
  const page = hub.listen({ sight: sightOf('sam'), request: 1042 });
  await vi.advanceTimersByTimeAsync(1_000);
  expect([owner, manager, stranger, page].map(heard)).toEqual([0, 0, 0, 0]);
  lately = [{ ...leak, version: 2 }];
  await vi.advanceTimersByTimeAsync(2_000);
  expect([owner, manager, stranger, page].map(heard)).toEqual([1, 1, 0, 1]);
  hub.close();
});

test('what happened while a page began to listen is told to it once', async () => {
  const hub = hubOf();
  const [first, stranger] = ['priya', 'omar'].map((name) =>
    hub.listen({ sight: sightOf(name), request: null }),
  );
  await vi.advanceTimersByTimeAsync(3_000);
  const later = hub.listen({ sight: sightOf('priya'), request: null });
  await vi.advanceTimersByTimeAsync(3_000);
  expect([first ?? null, stranger ?? null, later].map(heard)).toEqual([1, 0, 1]);
  hub.close();
});

test('the database is asked by one timer however many look, and by none when nobody does', async () => {
  const hub = hubOf();
  const streams = Array.from({ length: 15 }, () => hub.listen({ sight: sightOf('priya'), request: null }));
  await vi.advanceTimersByTimeAsync(10_000);
  expect(looks).toBeLessThanOrEqual(12);
  for (const stream of streams) stream?.destroy();
  await vi.advanceTimersByTimeAsync(1_000);
  looks = 0;
  await vi.advanceTimersByTimeAsync(10_000);
  expect(looks).toBe(0);
});

test('one member does not take all the places of listeners', () => {
  const hub = hubOf();
  const streams = Array.from({ length: 30 }, () => hub.listen({ sight: sightOf('priya'), request: null }));
  expect(streams.filter((stream) => stream !== null)).toHaveLength(20);
  expect(hub.listen({ sight: sightOf('sam'), request: null })).not.toBeNull();
  hub.close();
});

test('a stream ends by itself, so that whoever has signed out meanwhile hears nothing more', async () => {
  const hub = hubOf();
  const stream = hub.listen({ sight: sightOf('priya'), request: null });
  await vi.advanceTimersByTimeAsync(11 * 60_000);
  expect(stream?.writableEnded).toBe(true);
  hub.close();
});
