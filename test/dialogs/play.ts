/**
 * Plays a transcript in a world. Steps are of two kinds: what happens (actions), and what is expected to follow from
 * it. Every mail that Baton sends must be expected before the next thing happens, or the play fails.
 */
import type { Instant } from '../../src/domain/instant.ts';
import { openWorld, type World, type WorldOptions } from '../support/world.ts';
import { act } from './actions.ts';
import { expectation } from './expectations.ts';
import { isSetting, settingOf } from './settings.ts';
import { type Action, Mismatch, type Stage, summary } from './stage.ts';
import { readDuration, readTime } from './times.ts';
import type { Step, Transcript } from './transcript.ts';

export async function openStage(transcript: Transcript, options: WorldOptions = {}): Promise<Stage> {
  const setting = settingOf(transcript);
  const world = await openWorld({ ...setting, ...options });
  return { world, expected: new Set(), written: [], last: null, start: world.clock.now() };
}

/** Plays every step, and compares. */
export async function play(stage: Stage, transcript: Transcript): Promise<void> {
  for (const step of transcript.steps) {
    if (isSetting(step)) continue;
    try {
      await playStep(stage, step);
    } catch (error) {
      throw atLine(step, error);
    }
  }
  await nothingUnexpected(stage);
}

async function playStep(stage: Stage, step: Step): Promise<void> {
  const expected = expectation(step);
  if (expected !== null) {
    await expected(stage);
    return;
  }
  await nothingUnexpected(stage);
  const action = actionOf(step);
  await action(stage);
  await stage.world.settle();
}

/** What has to be done for a step that is something happening. */
export function actionOf(step: Step): Action {
  const later = /^(after|until) (.+)$/.exec(step.head);
  if (later !== null) return async ({ world }) => world.advanceTo(timeOf(world, step));
  const action = act(step);
  if (action === null) throw new Error(`nobody knows what this means: ${step.head}`);
  return action;
}

export function timeOf({ clock }: World, { head }: Step): Instant {
  const [, word, text = ''] = /^(after|until) (.+)$/.exec(head) ?? [];
  return word === 'after' ? clock.now() + readDuration(text) : readTime(text, clock.now());
}

export const isAction = (step: Step): boolean => !isSetting(step) && expectation(step) === null;

async function nothingUnexpected({ world, expected }: Stage): Promise<void> {
  const surplus = (await world.sent()).filter((mail) => !expected.has(mail));
  if (surplus.length === 0) return;
  const list = surplus.map((mail) => `${summary(world, mail)}\n${mail.mail.text}`);
  throw new Mismatch(`mail that nobody expected:\n${list.join('\n----\n')}`);
}

function atLine(step: Step, error: unknown): Error {
  const message = error instanceof Mismatch ? error.message : String((error as Error).stack ?? error);
  return new Mismatch(`line ${step.line}, ${step.head}: ${message}`, { cause: error });
}
