/**
 * The process dies at every call of every port, once before the call and once after it, and starts again: the end is
 * the same, every notice is sent, and none is sent twice except where a mail was handed over and the process died
 * before it could write that down. That takes minutes, so that a run of all tests takes a slice of the cuts;
 * BATON_EVERY_CUT=1 takes them all.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { readTranscript } from '../dialogs/transcript.ts';
import type { MemoryQueue } from '../support/memory-queue.ts';
import { brokenPromises } from '../support/promises.ts';
import type { WorldOptions } from '../support/world.ts';
import { endState, secondNotices } from './end-state.ts';
import { run } from './run.ts';

const SCENARIOS = [
  'dialogs/accept',
  'dialogs/handoff',
  'crash/ladder',
  'dialogs/offer-bounces',
  'dialogs/too-large',
  'dialogs/reply',
  'dialogs/member-leaves',
  // Half a minute of processor time, and most of it is what the others cut through as well.
  ...(process.env.BATON_EVERY_CUT !== undefined ? ['dialogs/parked-two-answers'] : []),
];
const MINUTES = 60_000;
const SHOWN_MAX = 5;

const transcriptOf = (name: string) =>
  readTranscript(readFileSync(new URL(`../${name}.dialog`, import.meta.url), 'utf8'));

describe.each(SCENARIOS)('%s', (name) => {
  const transcript = transcriptOf(name);

  test('wherever the process dies, the end is the same and nobody is told twice', {
    timeout: 5 * MINUTES,
  }, async () => {
    const whole = await run(transcript, null);
    const expected = await endState(whole.stage.world);
    expect(secondNotices(whole.stage.world, new Set())).toEqual([]);
    expect(await brokenPromises(whole.stage.world)).toEqual([]);
    const broken: string[] = [];
    for (const at of cutsOf(whole.calls)) {
      const { stage, mayRepeat, died } = await run(transcript, at);
      const problems = [
        ...(died ? [] : ['nothing died']),
        ...differences(await endState(stage.world), expected),
        ...secondNotices(stage.world, mayRepeat),
        ...(await brokenPromises(stage.world)).filter((line) => !line.startsWith('sent twice')),
      ];
      if (problems.length > 0) broken.push(`cut ${at} ${whole.calls[at]}: ${problems.join('\n  ')}`);
    }
    expect(broken.slice(0, SHOWN_MAX)).toEqual([]);
    expect(whole.calls.length).toBeGreaterThan(100);
  });

  test.each(Object.entries(BELLS))('when every bell is %s, the end is the same', async (_, bells) => {
    const expected = await endState((await run(transcript, null)).stage.world);
    const { stage } = await run(transcript, null, { bells });
    expect(await endState(stage.world)).toEqual(expected);
    expect(secondNotices(stage.world, new Set())).toEqual([]);
    expect(await brokenPromises(stage.world)).toEqual([]);
  });
});

/** Unless every cut is asked for: the first of each kind of call in any scenario, and of the others one in so many. */
const ONE_IN = process.env.BATON_EVERY_CUT === undefined ? 40 : 1;

const seen = new Set<string>();

function cutsOf(calls: readonly string[]): number[] {
  const moments = [...calls.keys()].filter((at) => !isSameMoment(calls[at - 1], calls[at] ?? ''));
  return moments.filter((at, nth) => {
    const isFirst = !seen.has(calls[at] ?? '');
    seen.add(calls[at] ?? '');
    return isFirst || nth % ONE_IN === 0;
  });
}

/** Between the end of one call and the beginning of the next nothing lasts: dying in either is one and the same. */
const isSameMoment = (before: string | undefined, call: string): boolean =>
  before?.startsWith('after ') === true && call.startsWith('before ');

/** What becomes of doorbells on their way. */
const BELLS: Readonly<Record<string, NonNullable<WorldOptions['bells']>>> = {
  'lost the first time': (queue) => {
    const lost = new Set<string>();
    return async (bell, ids) => {
      const known = ids.filter((id) => lost.has(`${bell} ${id}`));
      for (const id of ids) lost.add(`${bell} ${id}`);
      await queue.ring(bell, known);
    };
  },
  'rung twice': (queue) => async (bell, ids) => {
    await queue.ring(bell, ids);
    await queue.ring(bell, ids);
  },
  'out of order': (queue) => shuffled(queue, 1),
  'out of order in another way': (queue) => shuffled(queue, 2),
};

function shuffled(queue: MemoryQueue, seed: number): MemoryQueue['ring'] {
  let state = seed;
  const random = () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
  return async (bell, ids) => {
    for (const id of ids) await queue.ring(bell, [id]);
    queue.reorder(random);
  };
}

function differences(actual: object, expected: object): string[] {
  return Object.entries(expected).flatMap(([part, value]) => {
    const [is, was] = [Reflect.get(actual, part), value].map((one) => JSON.stringify(one, null, 1));
    return is === was ? [] : [`${part} are\n${is}\ninstead of\n${was}`];
  });
}
