/** A mail that an inbox sends to itself is known by its Message-ID, which nobody else can make. */
import { expect, test } from 'vitest';
import { canaryId, isCanary, turnAt } from '../../src/domain/canary.ts';
import { HOUR, MINUTE } from '../../src/domain/instant.ts';
import { keyOfMessageId } from '../../src/domain/reply-token.ts';

const SECRET = 'a secret for tests';

test('a canary is known again by its own inbox and by nobody else', () => {
  const id = canaryId(SECRET, 'office', 17, 'elm.example');
  expect(isCanary(SECRET, 'office', id)).toBe(true);
  expect(isCanary(SECRET, 'billing', id)).toBe(false);
  expect(isCanary('another secret', 'office', id)).toBe(false);
  expect(isCanary(SECRET, 'office', id.replace('.17@', '.18@'))).toBe(false);
  expect(isCanary(SECRET, 'office', null)).toBe(false);
});

test('the Message-ID of a canary is not taken for that of a notice', () => {
  expect(keyOfMessageId(canaryId(SECRET, 'office', 17, 'elm.example'))).toBeNull();
});

test('each turn of the schedule has one number', () => {
  expect(turnAt(10 * HOUR, 30 * MINUTE)).toBe(20);
  expect(turnAt(10 * HOUR + 30 * MINUTE - 1, 30 * MINUTE)).toBe(20);
  expect(turnAt(10 * HOUR + 30 * MINUTE, 30 * MINUTE)).toBe(21);
});
