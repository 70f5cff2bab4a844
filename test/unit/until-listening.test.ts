/** What the log tells of a worker that cannot listen to its bells at once. */
import { expect, test } from 'vitest';
import { untilListening } from '../../src/adapters/queue/until-listening.ts';
import { waitUntil } from '../support/wait-until.ts';

async function told(ready: Promise<void>, waitMs?: number): Promise<string[]> {
  const lines: string[] = [];
  const log = (level: string, message: string) => void lines.push(`${level}: ${message}`);
  await untilListening({ waitUntilReady: () => ready }, 'route', log, waitMs);
  return lines;
}

test('whoever does not listen yet says so, and says as well when it came to it', async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const lines = await told(promise, 1);
  expect(lines).toEqual(['warn: not listening yet; goes on trying']);
  resolve();
  await waitUntil('it is said', () => lines.length > 1);
  expect(lines).toEqual(['warn: not listening yet; goes on trying', 'info: listening by now']);
});

test('whoever listens at once says nothing of it', async () => {
  expect(await told(Promise.resolve())).toEqual([]);
});

test('whoever will never listen does not say later that it does', async () => {
  const lines = await told(Promise.reject(new Error('the connection is closed')));
  await new Promise((resolve) => setImmediate(resolve));
  expect(lines).toEqual(['warn: not listening yet; goes on trying']);
});
