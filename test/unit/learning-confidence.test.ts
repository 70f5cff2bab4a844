/** How sure a guess may be: laws that hold for any examples, and an invented world whose probabilities are known. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chanceOf } from '../../src/domain/learning/chance.ts';
import {
  belongsNowhere,
  fitConfidence,
  type HeldBack,
  isSure,
  judge,
} from '../../src/domain/learning/confidence.ts';
import { shareAtMost } from '../../src/domain/learning/share.ts';

const OPTIONS = { wrongAtMost: 0.05, unknownShare: 0.1 };

const one = (truth: number | null, scores: readonly number[], rest: Partial<HeldBack> = {}): HeldBack => ({
  truth,
  scores,
  none: null,
  known: 1,
  isLeftOut: false,
  ...rest,
});

const score = fc.double({ min: -3, max: 3, noNaN: true });
const share = fc.double({ min: 0, max: 1, noNaN: true });
const anyHeldBack = fc.record({
  scores: fc.array(fc.oneof(score, fc.constant(Number.NEGATIVE_INFINITY)), { minLength: 3, maxLength: 3 }),
  none: fc.oneof(fc.constant(null), score),
  known: share,
  truth: fc.oneof(fc.constant(null), fc.nat(2)),
  isLeftOut: fc.boolean(),
});
const anyExamples = fc.array(anyHeldBack, { maxLength: 60 });

describe('any examples that were held back', () => {
  it('give probabilities from 0 to 1, and the same each time', () => {
    fc.assert(
      fc.property(anyExamples, anyHeldBack, (examples, mail) => {
        const confidence = fitConfidence(examples, OPTIONS);
        const { right, none } = judge(confidence, mail);
        expect(right >= 0 && none >= 0 && right + none <= 1 + 1e-9).toBe(true);
        expect(fitConfidence(examples, OPTIONS)).toEqual(confidence);
        expect(JSON.parse(JSON.stringify(confidence))).toEqual(confidence);
      }),
      { numRuns: 60 },
    );
  });

  it('never make a guess less sure because it does better, leads by more, or more of the mail is known', () => {
    fc.assert(
      fc.property(anyExamples, anyHeldBack, share, (examples, mail, more) => {
        const confidence = fitConfidence(examples, OPTIONS);
        const scores = [0, ...mail.scores.map((value) => Math.min(value, 0))];
        const before = judge(confidence, { ...mail, scores });
        const betters = [
          { ...mail, scores: [more, ...scores.slice(1)] },
          { ...mail, scores, known: Math.min(1, mail.known + more) },
          { ...mail, scores, none: mail.none === null ? null : mail.none - more },
        ];
        for (const better of betters) {
          const after = judge(confidence, better);
          expect(after.right).toBeGreaterThanOrEqual(before.right - 1e-12);
          expect(after.none).toBeLessThanOrEqual(before.none + 1e-12);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('are answered wrongly no more often than allowed where they are sure', () => {
    fc.assert(
      fc.property(fc.nat(1_000_000), fc.double({ min: 0.01, max: 0.4, noNaN: true }), (seed, wrongAtMost) => {
        const examples = world(seed, 300);
        const confidence = fitConfidence(examples, { wrongAtMost, unknownShare: 0.1 });
        const known = examples.filter(({ truth }) => truth !== null).length;
        const stands = known / 9 / (examples.length - known);
        let [answers, wrong] = [0, 0];
        for (const example of examples) {
          const weight = example.truth === null ? stands : 1;
          if (!isSure(confidence, judge(confidence, example))) continue;
          answers += weight;
          if (
            example.truth === null ||
            example.scores[example.truth] !== Math.max(...Array.from(example.scores))
          )
            wrong += weight;
        }
        expect(wrong).toBeLessThanOrEqual(wrongAtMost * answers + 1e-9);
        expect(confidence.about.wrong * answers).toBeCloseTo(wrong, 6);
      }),
      { numRuns: 25 },
    );
  });
});

/** Three categories; how far the first guess leads says exactly how probable it is to be right. */
function world(seed: number, size: number): HeldBack[] {
  const chance = chanceOf(seed);
  return Array.from({ length: size }, () => {
    const strength = chance() * 6 - 1;
    const scores = [strength, 0, 0];
    const belongs = chance() < 1 / (1 + Math.exp(-1 - strength));
    const right = chance() < 1 / (1 + Math.exp(-0.5 - strength));
    return one(belongs ? (right ? 0 : 1) : null, scores);
  });
}

describe('a world whose probabilities are known', () => {
  it('is judged by them on mails that were not learned from', () => {
    const learned = world(1, 3_000);
    const unknownShare = learned.filter(({ truth }) => truth === null).length / learned.length;
    const confidence = fitConfidence(learned, { wrongAtMost: 0.05, unknownShare });
    expect(calibrationError(confidence, world(2, 3_000))).toBeLessThan(0.02);
    const { right, none } = judge(confidence, one(null, [2, 0, 0]));
    expect(none).toBeCloseTo(1 - 1 / (1 + Math.exp(-3)), 1);
    expect(right).toBeCloseTo(1 / (1 + Math.exp(-3)) / (1 + Math.exp(-2.5)), 1);
  });

  it('is answered within the budget on mails that were not learned from', () => {
    const learned = world(3, 4_000);
    const unknownShare = learned.filter(({ truth }) => truth === null).length / learned.length;
    const confidence = fitConfidence(learned, { wrongAtMost: 0.05, unknownShare });
    const answered = world(4, 4_000).filter((mail) => isSure(confidence, judge(confidence, mail)));
    expect(answered.length / 4_000).toBeGreaterThan(0.4);
    expect(answered.filter(({ truth }) => truth !== 0).length / answered.length).toBeLessThan(0.05);
  });
});

/** The mean distance between what was said and what came, in ten bins. */
function calibrationError(confidence: ReturnType<typeof fitConfidence>, mails: readonly HeldBack[]): number {
  const bins = Array.from({ length: 10 }, () => ({ said: 0, came: 0 }));
  for (const mail of mails) {
    const { right } = judge(confidence, mail);
    const bin = bins[Math.min(9, Math.floor(right * 10))];
    if (bin === undefined) continue;
    bin.said += right;
    if (mail.truth === 0) bin.came += 1;
  }
  return bins.reduce((sum, { said, came }) => sum + Math.abs(said - came), 0) / mails.length;
}

describe('too little to go by', () => {
  const sureLooking = Array.from({ length: 200 }, () => one(0, [2, -1, -1]));
  const strangers = Array.from({ length: 40 }, () => one(null, [-1, -1, -1], { known: 0.1 }));

  it('nothing at all is never sure', () => {
    const confidence = fitConfidence([], OPTIONS);
    expect(confidence.about.neverSure).toBe('too-few');
    expect(isSure(confidence, judge(confidence, one(null, [9, 0, 0])))).toBe(false);
  });

  it('no unknown mail is never sure, since nothing tells it apart', () => {
    const confidence = fitConfidence(sureLooking, OPTIONS);
    expect(confidence.about).toMatchObject({
      neverSure: 'too-few-unknown',
      known: 200,
      unknown: 0,
      answered: 0,
    });
    expect(isSure(confidence, { right: 1, none: 0 })).toBe(false);
  });

  it('a few examples without one mistake are too few to show that mistakes are rare', () => {
    const confidence = fitConfidence([...sureLooking.slice(0, 30), ...strangers.slice(0, 5)], OPTIONS);
    expect(confidence.about.neverSure).toBe('too-few');
    const enough = fitConfidence([...sureLooking, ...strangers], OPTIONS);
    expect(enough.about).toMatchObject({ neverSure: null, wrong: 0 });
    expect(isSure(enough, judge(enough, one(0, [2, -1, -1])))).toBe(true);
  });

  it('mistakes that look like everything else leave nothing to be sure of', () => {
    const mistaken = sureLooking.map((each, index) => (index % 5 === 0 ? { ...each, truth: 1 } : each));
    const confidence = fitConfidence([...mistaken, ...strangers], OPTIONS);
    expect(confidence.about.neverSure).toBe('not-shown');
    expect(judge(confidence, one(0, [2, -1, -1])).right).toBeCloseTo(0.8, 1);
  });

  it('nothing but unknown mail belongs nowhere', () => {
    const confidence = fitConfidence(strangers, OPTIONS);
    expect(confidence.about.neverSure).not.toBeNull();
    expect(isSure(confidence, judge(confidence, one(0, [2, -1, -1])))).toBe(false);
  });

  it('a lone category leads by nothing', () => {
    const confidence = fitConfidence(
      [...sureLooking.map((each) => ({ ...each, scores: [2] })), ...strangers],
      OPTIONS,
    );
    expect(Number.isFinite(judge(confidence, one(0, [2])).right)).toBe(true);
    expect(Number.isFinite(judge(confidence, one(0, [])).right)).toBe(true);
  });
});

describe('unknown mail of two kinds', () => {
  const known = Array.from({ length: 200 }, () => one(0, [2, -1, -1], { none: -1 }));
  const said = Array.from({ length: 40 }, () => one(null, [2, -1, -1], { none: 1 }));
  const neverSeen = Array.from({ length: 400 }, () =>
    one(null, [-1, -1, -1], { none: -1, known: 0.1, isLeftOut: true }),
  );
  const confidence = fitConfidence([...known, ...said, ...neverSeen], OPTIONS);
  const noneOf = (mail: HeldBack): number => judge(confidence, mail).none;

  it('is told by what either shows, however few there are of one', () => {
    expect(noneOf(one(null, [2, -1, -1], { none: 1 }))).toBeGreaterThan(0.8);
    expect(noneOf(one(null, [-1, -1, -1], { none: -1, known: 0.1 }))).toBeGreaterThan(0.8);
    expect(noneOf(one(0, [2, -1, -1], { none: -1 }))).toBeLessThan(0.05);
  });

  it('is half of each where nothing tells them apart from the rest', () => {
    const alike = [0, 1, 2].flatMap((kind) =>
      Array.from({ length: kind === 2 ? 400 : 100 }, () =>
        one(kind === 0 ? 0 : null, [1, 0, 0], { isLeftOut: kind === 2 }),
      ),
    );
    const { none } = judge(fitConfidence(alike, OPTIONS), one(null, [1, 0, 0]));
    expect(none).toBeCloseTo(OPTIONS.unknownShare, 1);
  });
});

describe('the first guess against belonging nowhere', () => {
  it('loses when that is half as probable again', () => {
    expect(belongsNowhere({ right: 0.3, none: 0.45 })).toBe(true);
    expect(belongsNowhere({ right: 0.3, none: 0.44 })).toBe(false);
  });

  it('is never sure when it loses, however much may be wrong', () => {
    const confidence = { ...fitConfidence([], OPTIONS), sureFrom: 0.2 };
    expect(isSure(confidence, { right: 0.3, none: 0.6 })).toBe(false);
    expect(isSure(confidence, { right: 0.3, none: 0.1 })).toBe(true);
  });
});

it('a share counted in few examples may be much larger than it looks', () => {
  expect(shareAtMost(0, 10)).toBeGreaterThan(0.2);
  expect(shareAtMost(0, 52)).toBeLessThanOrEqual(0.05);
  expect(shareAtMost(0.04, 1_000)).toBeGreaterThan(0.05);
  expect(shareAtMost(0.04, 10_000)).toBeLessThan(0.05);
});
