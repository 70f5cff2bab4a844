/**
 * How sure a guess may be, learned from examples that were held back: the probability that the first guess is right, and
 * the probability that the mail belongs to no category at all. They are two questions with one answer each ("does it
 * belong anywhere", and "if so, is the first guess right"), so that mail which belongs nowhere counts as wrong whatever
 * is guessed.
 *
 * Only four things are looked at, each of which can only make it surer. More were tried and told nothing new: entropy,
 * likeness to the middle of a category or to its nearest example, rarity of the unknown words, length.
 */
import { type Answered, type Line, lineThrough, oddsOn, probabilityOn } from './logistic.ts';
import { shareAtMost } from './share.ts';

/** What a classifier says of a mail before anybody knows how sure that is. */
export type Scored = {
  /** For each category; minus infinity for one that was not learned. */
  readonly scores: ArrayLike<number>;
  /** The score of belonging nowhere, where there were examples of that to learn from. */
  readonly none: number | null;
  /** Which share of what the mail says was ever seen. */
  readonly known: number;
};

/** Of an example that was not learned from. */
export type HeldBack = Scored & {
  /** The place of its category; null: it belongs nowhere, or nowhere that was learned. */
  readonly truth: number | null;
  /** Its category was left out of what was learned, so that it stands for kinds of mail that nobody has seen. */
  readonly isLeftOut: boolean;
};

/** Probabilities; what is missing to 1 is that it belongs to another category than was guessed. */
export type Judgement = { readonly right: number; readonly none: number };

export type AboutConfidence = {
  readonly wrongAtMost: number;
  /** Which share of mail is taken to belong to no category. */
  readonly unknownShare: number;
  /** Of what was held back: how many belong to a category that was learned, and how many do not. */
  readonly known: number;
  readonly unknown: number;
  /** Which share would be answered, and which share of the answers would be wrong, at that share of unknown mail. */
  readonly answered: number;
  readonly wrong: number;
  /** Why it is never sure; null when it may be. */
  readonly neverSure: 'too-few' | 'too-few-unknown' | 'not-shown' | null;
};

/** Plain data, kept with the model. */
export type Confidence = {
  /** The odds that it belongs somewhere against each kind of unknown mail. */
  readonly belongs: readonly Line[];
  readonly right: Line;
  /** The least probability of being right that is sure. */
  readonly sureFrom: number | null;
  readonly about: AboutConfidence;
};

export type ConfidenceOptions = {
  readonly wrongAtMost: number;
  readonly unknownShare: number;
};

const SIGNALS = 4;
/** How much more probable. */
const CLEARLY = 1.5;

export function fitConfidence(heldBack: readonly HeldBack[], options: ConfidenceOptions): Confidence {
  const known = heldBack.filter(({ truth }) => truth !== null);
  const kinds = kindsOf(heldBack, options.unknownShare);
  const lines = {
    belongs: kinds.map((kind) => lineAgainst(kind, known, options.unknownShare)),
    right: lineThrough(
      known.map((one) => ({ signals: signalsOf(one), isYes: isRight(one), weight: 1 })),
      SIGNALS,
    ),
  };
  const point = surePoint(lines, known, kinds, options);
  return {
    ...lines,
    sureFrom: point?.from ?? null,
    about: {
      wrongAtMost: options.wrongAtMost,
      unknownShare: options.unknownShare,
      known: known.length,
      unknown: heldBack.length - known.length,
      answered: point?.answered ?? 0,
      wrong: point?.wrong ?? 0,
      neverSure: point === null ? whyNever(known, kinds, options.wrongAtMost) : null,
    },
  };
}

/** Unknown mail of one kind, and which share of all mail is taken to be so. */
type Kind = { readonly examples: readonly HeldBack[]; readonly share: number };

/** Half is like what people have said of, and half like nothing they have seen; where there is but one, all is like that. */
function kindsOf(heldBack: readonly HeldBack[], unknownShare: number): Kind[] {
  const unknown = heldBack.filter(({ truth }) => truth === null);
  const kinds = [unknown.filter(({ isLeftOut }) => !isLeftOut), unknown.filter(({ isLeftOut }) => isLeftOut)];
  const seen = kinds.filter(({ length }) => length > 0);
  return (seen.length === 0 ? [unknown] : seen).map((examples, _, all) => ({
    examples,
    share: unknownShare / all.length,
  }));
}

function lineAgainst({ examples, share }: Kind, known: readonly HeldBack[], unknownShare: number): Line {
  if (examples.length === 0 || known.length === 0) {
    return { bias: Math.log((1 - unknownShare) / share), weights: new Array<number>(SIGNALS).fill(0) };
  }
  const answeredBy = (all: readonly HeldBack[], isYes: boolean, part: number): Answered[] =>
    all.map((one) => ({ signals: signalsOf(one), isYes, weight: part / all.length }));
  return lineThrough(
    [...answeredBy(known, true, 1 - unknownShare), ...answeredBy(examples, false, share)],
    SIGNALS,
  );
}

export function judge({ belongs, right }: Pick<Confidence, 'belongs' | 'right'>, scored: Scored): Judgement {
  const signals = signalsOf(scored);
  // The odds against it are those of all kinds of unknown mail together.
  const against = belongs.reduce((sum, line) => sum + Math.exp(-oddsOn(line, signals)), 0);
  const belonging = 1 / (1 + against);
  return { right: belonging * probabilityOn(right, signals), none: 1 - belonging };
}

/**
 * It is clearly more probable that the mail belongs nowhere than that the first guess is right. More than even odds,
 * because whoever is shown a wrong guess says "none of these" in a word, and whoever is shown none looks for it by hand.
 */
export const belongsNowhere = ({ right, none }: Judgement): boolean => none >= CLEARLY * right;

export const isSure = ({ sureFrom }: Confidence, judgement: Judgement): boolean =>
  sureFrom !== null && judgement.right >= sureFrom && !belongsNowhere(judgement);

/** How well the first guess does, how far it lies before the second, how little speaks for nowhere, and what is known. */
function signalsOf({ scores, none, known }: Scored): number[] {
  let best = Number.NEGATIVE_INFINITY;
  let second = Number.NEGATIVE_INFINITY;
  for (let index = 0; index < scores.length; index += 1) {
    const score = scores[index] ?? Number.NEGATIVE_INFINITY;
    if (score > best) {
      second = best;
      best = score;
    } else if (score > second) second = score;
  }
  return [finite(best), finite(best - second), -(none ?? 0), known];
}

/** A lone category lies before nothing. */
const finite = (value: number): number => (Number.isFinite(value) ? value : 0);

export function firstGuess(scores: ArrayLike<number>): number {
  let first = 0;
  for (let index = 1; index < scores.length; index += 1) {
    if ((scores[index] ?? 0) > (scores[first] ?? 0)) first = index;
  }
  return first;
}

const isRight = ({ scores, truth }: HeldBack): boolean => truth !== null && firstGuess(scores) === truth;

/** Where most is answered and the share of wrong answers is shown to be allowed. */
function surePoint(
  lines: Pick<Confidence, 'belongs' | 'right'>,
  known: readonly HeldBack[],
  kinds: readonly Kind[],
  { unknownShare, wrongAtMost }: ConfidenceOptions,
) {
  // Known mail that is answered rightly comes first, then what is answered wrongly.
  const groups = [
    { examples: known.filter(isRight), of: known.length, share: 1 - unknownShare },
    { examples: known.filter((one) => !isRight(one)), of: known.length, share: 1 - unknownShare },
    ...kinds.map(({ examples, share }) => ({ examples, of: examples.length, share })),
  ];
  const surest = groups
    .flatMap(({ examples }, group) => examples.map((one) => ({ group, judgement: judge(lines, one) })))
    .filter(({ judgement }) => !belongsNowhere(judgement))
    .sort((a, b) => b.judgement.right - a.judgement.right);
  let found: { from: number; answered: number; wrong: number } | null = null;
  const answered = groups.map(() => 0);
  for (const [index, { group, judgement }] of surest.entries()) {
    answered[group] = (answered[group] ?? 0) + 1;
    // Those of one probability are answered together or not at all.
    if (surest[index + 1]?.judgement.right === judgement.right) continue;
    const [right, ...mistakes] = groups.map(({ of, share }, each) => partOf(answered[each] ?? 0, of, share));
    const wrong = mistakes.reduce((sum, { share }) => sum + share, 0);
    const all = wrong + (right?.share ?? 0);
    // All are hardly ever as bad as they may be at the same time: squares add up (Newcombe 1998).
    if (wrong + Math.hypot(...mistakes.map(({ more }) => more)) <= wrongAtMost * all) {
      found = { from: judgement.right, answered: all, wrong: wrong / all };
    }
  }
  return found;
}

/** What was counted among known or unknown mail as a share of all, and how much more that may really be. */
function partOf(count: number, of: number, part: number) {
  const share = of === 0 ? 0 : count / of;
  return { share: part * share, more: part * (shareAtMost(share, of) - share) };
}

function whyNever(
  known: readonly HeldBack[],
  kinds: readonly Kind[],
  wrongAtMost: number,
): AboutConfidence['neverSure'] {
  if (shareAtMost(0, known.length) > wrongAtMost) return 'too-few';
  // Had not one of them been answered, still all that are expected might be.
  const mayBe = Math.hypot(...kinds.map(({ examples, share }) => share * shareAtMost(0, examples.length)));
  return mayBe > wrongAtMost ? 'too-few-unknown' : 'not-shown';
}
