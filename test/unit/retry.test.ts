/** When a mail that could not be handed over is tried again. */
import { describe, expect, test } from 'vitest';
import { DAY, HOUR, MINUTE, SECOND } from '../../src/domain/instant.ts';
import { type FailedTry, retryAt } from '../../src/domain/retry.ts';
import { MONDAY } from '../support/policy.ts';

const pauses = (last: FailedTry, count = 9) =>
  Array.from({ length: count }, (_, at) => (retryAt(at + 1, last, MONDAY, MONDAY) ?? 0) - MONDAY);
const LONGER = [2 * MINUTE, 5 * MINUTE, 15 * MINUTE, 30 * MINUTE, HOUR, HOUR];

describe('a mail that could not be handed over is tried again', () => {
  test('ever more slowly after an answer of the server, or when nobody knows what came of it', () => {
    for (const last of [
      { type: 'temporary', code: 'smtp-451' },
      { type: 'temporary', code: 'smtp-login-refused' },
      { type: 'unknown', code: 'smtp-timeout' },
    ])
      expect(pauses(last, 7)).toEqual([30 * SECOND, ...LONGER]);
  });

  test('three times soon when no server was heard, since another host may have a way to it', () => {
    for (const code of ['smtp-unreachable', 'smtp-timeout', 'smtp-dns'])
      expect(pauses({ type: 'temporary', code })).toEqual([...Array(3).fill(30 * SECOND), ...LONGER]);
  });

  test('for five days, and then no more', () => {
    const last = { type: 'temporary', code: 'smtp-unreachable' };
    expect(retryAt(9, last, MONDAY, MONDAY + 5 * DAY - HOUR)).toBe(MONDAY + 5 * DAY);
    expect(retryAt(9, last, MONDAY, MONDAY + 5 * DAY - HOUR + 1)).toBeNull();
  });
});
