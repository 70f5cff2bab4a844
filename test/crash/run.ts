/** Runs what happens in a transcript, whatever dies meanwhile, and leaves out what it expects. */
import { actionOf, isAction, openStage, timeOf } from '../dialogs/play.ts';
import type { Stage } from '../dialogs/stage.ts';
import type { Transcript } from '../dialogs/transcript.ts';
import { Died, type World, type WorldOptions } from '../support/world.ts';
import { unrecorded } from './end-state.ts';

export type Run = {
  readonly stage: Stage;
  /** The calls of ports, each before and after it. */
  readonly calls: readonly string[];
  /** Notices that were sent and not recorded as sent when the process died. */
  readonly mayRepeat: ReadonlySet<number>;
  readonly died: boolean;
};

/** With `cutAt`, the process dies at that call and a new one takes its place. */
export async function run(
  transcript: Transcript,
  cutAt: number | null,
  options: WorldOptions = {},
): Promise<Run> {
  const stage = await openStage(transcript, options);
  const { world } = stage;
  const first = world.calls.length;
  if (cutAt !== null) world.cut(first + cutAt);
  let mayRepeat: ReadonlySet<number> = new Set();
  let died = false;
  const surviving = async (work: () => Promise<void>): Promise<boolean> => {
    try {
      await work();
      return true;
    } catch (error) {
      if (!(error instanceof Died)) throw error;
      died = true;
      mayRepeat = unrecorded(world);
      await world.restart();
      return false;
    }
  };
  for (const step of transcript.steps.filter(isAction)) {
    if (/^(after|until) /.test(step.head)) await until(world, timeOf(world, step), surviving);
    else await surviving(() => actionOf(step)(stage));
    while (!(await surviving(() => world.recover())));
  }
  return { stage, calls: world.calls.slice(first), mayRepeat, died };
}

async function until(
  world: World,
  target: number,
  surviving: (work: () => Promise<void>) => Promise<boolean>,
): Promise<void> {
  while (!(await surviving(() => world.advanceTo(target))));
}
