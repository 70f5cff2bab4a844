/**
 * What an archive teaches is kept in portions, so that an archive of any size comes in, and is learned from as anything
 * that was decided is: there is one way by which a model is made, compared and used.
 */
import type { ArchiveExample } from '../domain/learning/archive.ts';
import type { Learning } from './ports/learning.ts';

const PORTION = 500;

/** Answers how many were new. What was brought before is kept as it is said now. */
export async function keepExamples(
  learning: Pick<Learning, 'addArchive' | 'askForTraining'>,
  kept: readonly ArchiveExample[],
  told: (done: number) => void,
): Promise<number> {
  let added = 0;
  for (let from = 0; from < kept.length; from += PORTION) {
    const portion = kept.slice(from, from + PORTION);
    added += await learning.addArchive(portion);
    told(from + portion.length);
  }
  // So that it is learned from even if this command ends here, or another training has the turn just now.
  if (kept.length > 0) await learning.askForTraining();
  return added;
}
