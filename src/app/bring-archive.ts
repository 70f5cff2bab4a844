/**
 * An archive becomes examples: what it teaches is put beside what the configuration says, tried out, kept, and learned
 * from as at any other time: there is one way by which a model is made, compared and used. Keeping and learning are left
 * out for whoever only wants to see what would come of it.
 */
import type { ArchiveExample } from '../domain/learning/archive.ts';
import { configuredExamples } from '../domain/learning/configured-examples.ts';
import type { Harvest } from '../domain/learning/from-archive.ts';
import { type ClassifierReport, type JudgedMail, reportOf } from '../domain/learning/report.ts';
import { partsJudged, tryOut } from '../domain/learning/trial.ts';
import type { Policy } from '../domain/policy.ts';
import { DEFAULT_SEED } from './learn.ts';
import type { Learning } from './ports/learning.ts';

const PORTION = 500;

export type BringProgress = (step: 'judging' | 'keeping', done: number, of: number) => void;

/** What a model made of these examples would do; null: there are too few to hold any back. */
export function foresee(
  { examples }: Pick<Harvest, 'examples'>,
  policy: Policy,
  told: BringProgress,
): ClassifierReport | null {
  const parts = partsJudged(examples.length);
  if (parts === 0) return null;
  const { wrongAtMost } = policy.learning;
  const given = configuredExamples(policy);
  const judged: JudgedMail[] = [];
  told('judging', 0, parts);
  let done = 0;
  for (const part of tryOut(examples, { seed: DEFAULT_SEED, wrongAtMost, given })) {
    judged.push(...part);
    done += 1;
    told('judging', done, parts);
  }
  return reportOf(judged, [...policy.categories.keys()]);
}

/** Answers how many were new. What was brought before is kept as it is said now. */
export async function keepExamples(
  learning: Pick<Learning, 'addArchive' | 'askForTraining'>,
  kept: readonly ArchiveExample[],
  told: BringProgress,
): Promise<number> {
  let added = 0;
  for (let from = 0; from < kept.length; from += PORTION) {
    added += await learning.addArchive(kept.slice(from, from + PORTION));
    told('keeping', Math.min(from + PORTION, kept.length), kept.length);
  }
  // So that it is learned from even if this command ends here, or another training has the turn just now.
  if (kept.length > 0) await learning.askForTraining();
  return added;
}
