/** How well what is learned from examples does, told by some of them that are held back. Nothing of it is kept. */
import type { CategoryId } from '../domain/ids.ts';
import { boundsOf, chooseExamples } from '../domain/learning/choose-examples.ts';
import { configuredExamples } from '../domain/learning/configured-examples.ts';
import { type ClassifierReport, type JudgedMail, reportOf } from '../domain/learning/report.ts';
import { type FromSomebody, type NeverSure, partsJudged, tryOut } from '../domain/learning/trial.ts';
import type { Policy } from '../domain/policy.ts';
import { DEFAULT_SEED } from './learn.ts';
import type { Learning } from './ports/learning.ts';

export type Foreseen = {
  readonly report: ClassifierReport;
  /** Why it would not be sure of anything yet; null: it would be of something. */
  readonly neverSure: NeverSure;
};

/** What a model made of these examples would do; null: there are too few to hold any back. */
export function foresee(
  examples: readonly FromSomebody[],
  policy: Policy,
  told: (parts: number, of: number) => void,
): Foreseen | null {
  const parts = partsJudged(examples.length);
  if (parts === 0) return null;
  const { wrongAtMost } = policy.learning;
  const given = configuredExamples(policy);
  const judged: JudgedMail[] = [];
  let never: NeverSure = null;
  let done = 0;
  told(done, parts);
  for (const part of tryOut(examples, { seed: DEFAULT_SEED, wrongAtMost, given })) {
    judged.push(...part.judged);
    never = part.neverSure;
    done += 1;
    told(done, parts);
  }
  const isEverSure = judged.some(({ sure }) => sure);
  return {
    report: reportOf(judged, [...policy.categories.keys()]),
    neverSure: isEverSure ? null : never,
  };
}

/** More than these are not looked at; the latest count. */
const EXAMPLES_MAX = 200_000;

/** Those that the next training would learn from. */
export async function knownExamples(
  learning: Pick<Learning, 'choosable' | 'contents'>,
  policy: Policy,
): Promise<FromSomebody[]> {
  const chosen = chooseExamples(await learning.choosable(EXAMPLES_MAX), boundsOf(policy));
  const byId = new Map<number, { readonly category: CategoryId | null; readonly sender: string }>(
    chosen.map((one) => [one.id, one]),
  );
  const examples: FromSomebody[] = [];
  for await (const portion of learning.contents([...byId.keys()])) {
    for (const { id, content } of portion) {
      const one = byId.get(id);
      if (one !== undefined) examples.push({ content, category: one.category, sender: one.sender });
    }
  }
  return examples;
}
