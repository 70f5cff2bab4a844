/** What is told of a server that does not answer: once an outage, and nothing of a busy moment. */
import { expect, test } from 'vitest';
import { AwayWatch } from '../../src/adapters/queue/away-watch.ts';

const watched = (isTold = false) => {
  const told: boolean[] = [];
  return { told, watch: new AwayWatch((isAway) => void told.push(isAway), isTold) };
};

test('that it is away is told once an outage, and once that it is back', () => {
  const { told, watch } = watched();
  watch.answered();
  for (const at of [0, 900, 1_000, 5_000, 60_000]) watch.failed(at);
  expect(told).toEqual([true]);
  watch.answered();
  watch.answered();
  expect(told).toEqual([true, false]);
  for (const at of [70_000, 71_000]) watch.failed(at);
  expect(told).toEqual([true, false, true]);
});

test('one late answer is no outage', () => {
  const { told, watch } = watched();
  watch.failed(0);
  watch.answered();
  watch.failed(5_000);
  watch.answered();
  expect(told).toEqual([]);
});

test('whoever was told at the start is told when it is back, and not again before', () => {
  const { told, watch } = watched(true);
  for (const at of [0, 5_000]) watch.failed(at);
  expect(told).toEqual([]);
  watch.answered();
  expect(told).toEqual([false]);
});
