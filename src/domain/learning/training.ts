/**
 * Whether a new model takes the place of the one in use.
 *
 * One in ten of the decisions of the last sixty days is held back from every training for so long, so that both can be
 * asked about mails which neither has seen. Each answer has a grade: a right choice is better than the right first guess
 * shown to the front desk, that than a wrong guess, and that than a wrong choice, which costs an hour where a question
 * costs a minute. The new one is refused when it does worse on so many more of them than better that it cannot well be
 * chance, or when it breaks the allowance and the one in use keeps it. With too few to tell it is used: it has seen what
 * was decided since.
 */
import { createHash } from 'node:crypto';
import type { CategoryId } from '../ids.ts';
import { DAY, type Duration, type Instant } from '../instant.ts';
import { chanceOfLosing } from './binomial.ts';
import type { Choosable } from './choose-examples.ts';
import { type Drift, driftOf, isBelow, type SureChoice } from './drift.ts';
import type { Content } from './example.ts';
import type { Guess } from './proposal.ts';

const HELD_BACK_FOR: Duration = 60 * DAY;
const ONE_IN = 10;

/** Chosen by the number of its request, so that no training sees it and every comparison does. */
export function isHeldBack({ conversationId, decidedAt }: Choosable, now: Instant): boolean {
  if (conversationId === null || decidedAt < now - HELD_BACK_FOR) return false;
  return createHash('sha256').update(`held back ${conversationId}`).digest().readUInt32BE() % ONE_IN === 0;
}

export type HeldBack = {
  readonly content: Content;
  readonly category: CategoryId | null;
  readonly decidedAt: Instant;
};

/** What a model says of a mail. */
export type Predictor = (content: Content) => {
  readonly guesses: readonly Guess[];
  readonly sure: boolean;
};

export type Comparison = {
  readonly heldBack: number;
  readonly now: Graded;
  /** null: there was none before. */
  readonly before: Graded | null;
  /** On how many the new one does better, and worse. */
  readonly better: number;
  readonly worse: number;
  /** Of each category: how many belonged to it, how many were guessed to, and how many of these rightly. */
  readonly categories: readonly {
    readonly category: CategoryId;
    readonly belonged: number;
    readonly guessed: number;
    readonly right: number;
  }[];
};

export type Graded = {
  readonly chosenRight: number;
  readonly guessedRight: number;
  readonly guessedWrong: number;
  readonly chosenWrong: number;
};

/** What is kept of a training: counts, shares and categories, and nobody's words. */
export type TrainingReport = {
  readonly examples: number;
  readonly sources: { readonly decided: number; readonly archive: number; readonly configuration: number };
  readonly perCategory: readonly { readonly category: CategoryId; readonly examples: number }[];
  /** Of none of the categories. */
  readonly none: number;
  readonly wrongAtMost: number;
  /** By its own estimate: which share it will be sure of, and which share of that is wrong. */
  readonly answered: number;
  readonly wrong: number;
  readonly tooFew: boolean;
  readonly comparison: Comparison;
  readonly seconds: number;
};

type Grade = 0 | 1 | 2 | 3;
const Names: readonly (keyof Graded)[] = ['chosenWrong', 'guessedWrong', 'guessedRight', 'chosenRight'];

export function compare(
  heldBack: readonly HeldBack[],
  now: Predictor,
  before: Predictor | null,
): { readonly comparison: Comparison; readonly choices: readonly (SureChoice & { at: Instant })[] } {
  const said = heldBack.map(({ content }) => now(content));
  const grades = heldBack.map((one, at) => gradeOf(one, said[at]));
  const earlier = before && heldBack.map((one) => gradeOf(one, before(one.content)));
  const differences = grades.map((grade, at) => grade - (earlier?.[at] ?? grade));
  const choices = heldBack.flatMap((one, at) => {
    const answer = said[at];
    const category = answer?.guesses[0]?.category;
    if (answer?.sure !== true || category === undefined) return [];
    return [{ category, right: one.category === category, at: one.decidedAt }];
  });
  const firsts = said.map(({ guesses }) => guesses[0]?.category ?? null);
  const comparison = {
    heldBack: heldBack.length,
    now: graded(grades),
    before: earlier && graded(earlier),
    better: differences.filter((one) => one > 0).length,
    worse: differences.filter((one) => one < 0).length,
    categories: perCategory(heldBack, firsts),
  };
  return { comparison, choices };
}

/** What is of none of them is right where nothing is chosen. */
function gradeOf({ category }: HeldBack, said: ReturnType<Predictor> | undefined): Grade {
  const first = said?.guesses[0]?.category ?? null;
  if (said?.sure === true) return first === category ? 3 : 0;
  if (category === null) return 2;
  return first === category ? 2 : 1;
}

function graded(grades: readonly Grade[]): Graded {
  const counts = { chosenRight: 0, guessedRight: 0, guessedWrong: 0, chosenWrong: 0 };
  for (const grade of grades) counts[Names[grade] as keyof Graded] += 1;
  return counts;
}

function perCategory(
  heldBack: readonly HeldBack[],
  firsts: readonly (CategoryId | null)[],
): Comparison['categories'] {
  const ids = new Set([...heldBack.map(({ category }) => category), ...firsts]);
  ids.delete(null);
  return [...ids]
    .filter((id) => id !== null)
    .sort()
    .map((category) => ({
      category,
      belonged: heldBack.filter((one) => one.category === category).length,
      guessed: firsts.filter((first) => first === category).length,
      right: heldBack.filter((one, at) => one.category === category && firsts[at] === category).length,
    }));
}

export type UseVerdict = {
  readonly use: boolean;
  readonly why: 'first' | 'not-worse' | 'worse' | 'over-allowance' | 'words-erased';
};

/** So improbable must it be that the new one is as good. */
const DOUBT = 0.05;

/** `mustReplace`: the one in use may hold words that were erased, and goes in any case. */
export function mayBeUsed(
  { now, before, better, worse }: Comparison,
  { wrongAtMost, mustReplace }: { readonly wrongAtMost: number; readonly mustReplace: boolean },
): UseVerdict {
  if (mustReplace) return { use: true, why: 'words-erased' };
  if (before === null) return { use: true, why: 'first' };
  if (worse > better && chanceOfLosing(worse, better) < DOUBT) return { use: false, why: 'worse' };
  const breaks = ({ chosenRight: right, chosenWrong: wrong }: Graded) =>
    isBelow({ right, wrong }, wrongAtMost);
  if (breaks(now) && !breaks(before)) return { use: false, why: 'over-allowance' };
  return { use: true, why: 'not-worse' };
}

/** What the new one would have chosen of what was decided since then, as counts. */
export const choicesSince = (
  choices: readonly (SureChoice & { readonly at: Instant })[],
  since: Instant,
): Drift => driftOf(choices.filter(({ at }) => at >= since));
