/**
 * How well a classifier does on mails whose category is known: right and wrong by category, what it takes for what, how
 * well it knows when it does not know, and what follows for the mails of which it is sure.
 *
 * It is a plain value. The words of mails are in it only as examples of confusions, cut short; whatever is kept for
 * longer than a look is kept without them (`withoutWords`), since words are erased with their writer.
 */
import type { CategoryId } from '../ids.ts';
import { type Calibration, calibrationOf } from './calibration-bins.ts';
import { type CoveragePoint, coverageAt, coverageOf } from './coverage.ts';
import { fraction, type Share } from './share.ts';

/** A mail, where it belongs, and what a classifier that had not learned from it made of it. */
export type JudgedMail = {
  /** What shows the mail to a reader. */
  readonly text: string;
  /** Where it belongs; null: to none of the categories. */
  readonly truth: CategoryId | null;
  /** The best guess, sure or not; null: there was none. */
  readonly guess: CategoryId | null;
  /** How probable it says that its guess is right, from 0 to 1. */
  readonly confidence: number;
  /** Whether it would act on its guess; otherwise a person chooses. */
  readonly sure: boolean;
};

export type ClassifierReport = {
  /** The mails that belong to a category, of all. */
  readonly inScope: Share;
  /** Whose best guess is right, sure or not, of the mails that belong to a category. */
  readonly accuracy: Share;
  readonly operating: OperatingPoint;
  /** The worst first, those without a mail last. */
  readonly categories: readonly CategoryFigures[];
  /** The most frequent first; at most so many that somebody reads them. */
  readonly confusions: readonly Confusion[];
  readonly calibration: Calibration;
  /** From the surest mails to all of them. */
  readonly coverage: readonly CoveragePoint[];
  /** For which share of all mails it could choose with so many right, at most. */
  readonly coverageAt95: number;
  readonly coverageAt99: number;
};

/** What comes of it where it chooses when it is sure and leaves the mail to a person otherwise. */
export type OperatingPoint = {
  /** Of all mails. */
  readonly sure: Share;
  /** Of those it is sure of; where a mail belongs to no category, any choice is wrong. */
  readonly wrong: Share;
  /** Sure and right, of the mails that belong to a category. */
  readonly rightInScope: Share;
  /** Left to a person, of the mails that belong to none. */
  readonly outOfScopeLeft: Share;
  /** Belonging to none, of the mails left to a person. */
  readonly leftOutOfScope: Share;
};

export type CategoryFigures = {
  readonly category: CategoryId;
  /** Best guesses, sure or not, on the mails that belong to a category. */
  readonly precision: Share;
  readonly recall: Share;
  /** Both in one, 2 · right / (belonging + guessed); null: there was nothing of either. */
  readonly f1: number | null;
  /** Of how many it is sure that they belong here, and for how many of these wrongly, among all mails. */
  readonly sure: number;
  readonly wrong: number;
};

export type Confusion = {
  /** null: it belonged to no category, and it was sure of one all the same. */
  readonly truth: CategoryId | null;
  /** null: there was no guess. */
  readonly guess: CategoryId | null;
  readonly count: number;
  /** Of how many of them it was sure. */
  readonly sure: number;
  /** The ones it was surest of. */
  readonly examples: readonly ConfusedMail[];
};

export type ConfusedMail = { readonly text: string; readonly confidence: number; readonly sure: boolean };

/** Nobody reads more. */
const CONFUSIONS_MAX = 40;
const EXAMPLES_MAX = 3;
const TEXT_MAX = 160;

/** `known` are the categories that there are, whether or not a mail belongs to them. */
export function reportOf(judged: readonly JudgedMail[], known: readonly CategoryId[] = []): ClassifierReport {
  const inScope = judged.filter(({ truth }) => truth !== null);
  const outcomes = judged.map((one) => ({ confidence: one.confidence, right: isRight(one) }));
  const coverage = coverageOf(outcomes);
  return {
    inScope: { count: inScope.length, of: judged.length },
    accuracy: shareOf(inScope, isRight),
    operating: operatingPointOf(judged),
    categories: categoriesOf(judged, known),
    confusions: confusionsOf(judged),
    calibration: calibrationOf(outcomes),
    coverage: coverage.points,
    coverageAt95: coverageAt(coverage, 0.95),
    coverageAt99: coverageAt(coverage, 0.99),
  };
}

/** The same figures, and no word that anybody wrote. */
export const withoutWords = (report: ClassifierReport): ClassifierReport => ({
  ...report,
  confusions: report.confusions.map((confusion) => ({ ...confusion, examples: [] })),
});

const isRight = ({ truth, guess }: JudgedMail): boolean => truth !== null && guess === truth;

const shareOf = (judged: readonly JudgedMail[], holds: (one: JudgedMail) => boolean): Share => ({
  count: judged.filter(holds).length,
  of: judged.length,
});

function operatingPointOf(judged: readonly JudgedMail[]): OperatingPoint {
  const sure = judged.filter(({ sure }) => sure);
  const left = judged.filter(({ sure }) => !sure);
  const inScope = judged.filter(({ truth }) => truth !== null);
  const outOfScope = judged.filter(({ truth }) => truth === null);
  return {
    sure: { count: sure.length, of: judged.length },
    wrong: shareOf(sure, (one) => !isRight(one)),
    rightInScope: shareOf(inScope, (one) => one.sure && isRight(one)),
    outOfScopeLeft: shareOf(outOfScope, ({ sure }) => !sure),
    leftOutOfScope: shareOf(left, ({ truth }) => truth === null),
  };
}

// ── By category ──

type Tally = { belonging: number; guessed: number; right: number; sure: number; wrong: number };

function categoriesOf(judged: readonly JudgedMail[], known: readonly CategoryId[]): CategoryFigures[] {
  const tallies = new Map<CategoryId, Tally>(known.map((category) => [category, emptyTally()]));
  const tallyOf = (category: CategoryId): Tally => {
    const found = tallies.get(category) ?? emptyTally();
    tallies.set(category, found);
    return found;
  };
  for (const one of judged) {
    const { truth, guess, sure } = one;
    if (truth !== null) tallyOf(truth).belonging += 1;
    if (guess === null) continue;
    const tally = tallyOf(guess);
    // A guess about a mail of no category counts where it is acted upon: the others go to a person anyway.
    if (truth !== null) tally.guessed += 1;
    if (isRight(one)) tally.right += 1;
    if (sure) tally.sure += 1;
    if (sure && !isRight(one)) tally.wrong += 1;
  }
  return [...tallies].map(([category, tally]) => figuresOf(category, tally)).sort(worstFirst);
}

const emptyTally = (): Tally => ({ belonging: 0, guessed: 0, right: 0, sure: 0, wrong: 0 });

function figuresOf(category: CategoryId, tally: Tally): CategoryFigures {
  const { belonging, guessed, right, sure, wrong } = tally;
  return {
    category,
    precision: { count: right, of: guessed },
    recall: { count: right, of: belonging },
    f1: fraction({ count: 2 * right, of: belonging + guessed }),
    sure,
    wrong,
  };
}

/** What no mail belongs to says little, and stands last; of equals the larger comes first. */
const worstFirst = (a: CategoryFigures, b: CategoryFigures): number =>
  Number(a.recall.of === 0) - Number(b.recall.of === 0) ||
  (a.f1 ?? 0) - (b.f1 ?? 0) ||
  b.recall.of - a.recall.of ||
  compared(a.category, b.category);

// ── What is taken for what ──

function confusionsOf(judged: readonly JudgedMail[]): Confusion[] {
  const pairs = new Map<CategoryId | null, Map<CategoryId | null, JudgedMail[]>>();
  for (const one of judged) {
    if (isRight(one) || (one.truth === null && !one.sure)) continue;
    const byGuess = pairs.get(one.truth) ?? new Map<CategoryId | null, JudgedMail[]>();
    pairs.set(one.truth, byGuess);
    const confused = byGuess.get(one.guess) ?? [];
    byGuess.set(one.guess, confused);
    confused.push(one);
  }
  return [...pairs]
    .flatMap(([truth, byGuess]) => [...byGuess].map(([guess, mails]) => confusionOf(truth, guess, mails)))
    .sort(mostFrequentFirst)
    .slice(0, CONFUSIONS_MAX);
}

function confusionOf(
  truth: CategoryId | null,
  guess: CategoryId | null,
  mails: readonly JudgedMail[],
): Confusion {
  const surest = [...mails].sort((a, b) => b.confidence - a.confidence).slice(0, EXAMPLES_MAX);
  return {
    truth,
    guess,
    count: mails.length,
    sure: mails.filter(({ sure }) => sure).length,
    examples: surest.map(({ text, confidence, sure }) => ({ text: cutShort(text), confidence, sure })),
  };
}

const mostFrequentFirst = (a: Confusion, b: Confusion): number =>
  b.count - a.count ||
  b.sure - a.sure ||
  compared(a.truth ?? '', b.truth ?? '') ||
  compared(a.guess ?? '', b.guess ?? '');

const compared = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** One line, by whole characters. */
export function cutShort(text: string, max: number = TEXT_MAX): string {
  // Only what may be shown is looked at, and white space that is folded to one.
  const folded = text
    .slice(0, max * 20)
    .replace(/\s+/gu, ' ')
    .trim();
  const characters = [...folded];
  return characters.length <= max
    ? folded
    : `${characters
        .slice(0, max - 1)
        .join('')
        .trimEnd()}…`;
}
