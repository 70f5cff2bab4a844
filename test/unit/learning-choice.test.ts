/** Which examples count, whether a new model is used, and when one stops choosing. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DAY } from '../../src/domain/instant.ts';
import { chanceOfLosing, chanceOfSoMany } from '../../src/domain/learning/binomial.ts';
import {
  type ChoiceBounds,
  type Choosable,
  chooseExamples,
} from '../../src/domain/learning/choose-examples.ts';
import { driftOf, isLowered, lower, raise } from '../../src/domain/learning/drift.ts';
import { contentOfText } from '../../src/domain/learning/example.ts';
import { compare, isHeldBack, mayBeUsed, type Predictor } from '../../src/domain/learning/training.ts';
import { MONDAY } from '../support/policy.ts';

const bounds: ChoiceBounds = {
  categories: new Set(['repair', 'invoice']),
  perSender: 3,
  ownDomains: new Set(['elm.example']),
};

let made = 0;
function example(changes: Partial<Choosable> = {}): Choosable {
  made += 1;
  return {
    ...{ id: made, conversationId: made, category: 'repair', decidedAt: MONDAY + made, known: 'proved' },
    ...{ sender: `c${made}@d${made}.example`, same: `words ${made}` },
    ...changes,
  };
}

describe('which examples count', () => {
  test('are each mail once, what many send alike once, and none of a category that is gone', () => {
    const alike = [example({ same: 'a circular' }), example({ same: 'a circular' })];
    const gone = example({ category: 'garden' });
    expect(chooseExamples([...alike, gone], bounds)).toEqual([alike[1]]);
  });

  test('of one sender are the latest few of a category', () => {
    const all = Array.from({ length: 5 }, () =>
      example({ sender: 'maria@tenant.example', known: 'not-asked' }),
    );
    const others = Array.from({ length: 9 }, () => example());
    expect(
      chooseExamples([...all, ...others], bounds).filter(({ sender }) => sender.startsWith('maria')),
    ).toEqual(all.slice(2).reverse());
    expect(
      chooseExamples(
        [...all.slice(0, 3), example({ sender: 'maria@tenant.example', category: 'invoice' })],
        bounds,
      ),
    ).toHaveLength(4);
  });

  test('of one domain, or of all whom nothing proves, are no more of a category than of all others', () => {
    const known = (one: Choosable['known'], count: number, domain: string) =>
      Array.from({ length: count }, (_, n) => example({ known: one, sender: `c${n}@${domain}` }));
    const others = known('proved', 2, 'one.example').concat(known('proved', 3, 'two.example'));
    const chosen = (crowd: readonly Choosable[]) =>
      chooseExamples([...crowd, ...others], bounds).filter((one) => crowd.includes(one)).length;
    expect(chosen(known('proved', 20, 'evil.example'))).toBe(5);
    expect(chosen(known('not-asked', 20, 'evil.example'))).toBe(5);
    expect(chosen(known('unproved', 10, 'a.example').concat(known('unproved', 10, 'b.example')))).toBe(5);
    expect(chosen(known('proved', 20, 'elm.example'))).toBe(20);
    expect(chosen(known('archive', 20, 'any.example'))).toBe(20);
    expect(chooseExamples(known('unproved', 20, 'a.example'), bounds)).toHaveLength(3);
  });

  test('of a web form are so many a day, whomever it names', () => {
    const today = Array.from({ length: 5 }, () => example({ known: 'form' }));
    const yesterday = Array.from({ length: 2 }, () => example({ known: 'form', decidedAt: MONDAY - DAY }));
    expect(chooseExamples([...today, ...yesterday], bounds)).toHaveLength(3 + 2);
  });

  const rows = fc.array(
    fc.record({
      category: fc.constantFrom('repair', 'invoice', null),
      sender: fc.constantFrom(
        'a@evil.example',
        'b@evil.example',
        'c@evil.example',
        'd@evil.example',
        'x@one.example',
        'y@elm.example',
        '',
      ),
      known: fc.constantFrom<Choosable['known'][]>('proved', 'form', 'unproved', 'not-asked', 'archive'),
      decidedAt: fc.integer({ min: 0, max: 5 }).map((days) => MONDAY + days * DAY),
    }),
    { maxLength: 60 },
  );

  test('leave no sender above their number, and no domain or unproved crowd above all others together', () => {
    fc.assert(
      fc.property(rows, (given) => {
        const all = given.map((one) => example(one));
        const chosen = chooseExamples(all, bounds);
        for (const ofOne of Map.groupBy(chosen, ({ category }) => category).values()) {
          const named = ofOne.filter(({ sender, known }) => sender !== '' && known !== 'form');
          for (const same of Map.groupBy(named, ({ sender }) => sender).values())
            expect(same.length).toBeLessThanOrEqual(3);
          const all = given.filter(({ category }) => category === ofOne[0]?.category).length;
          for (const crowd of [
            ofOne.filter(({ known }) => known === 'unproved'),
            ofOne.filter(
              ({ sender, known }) =>
                sender.endsWith('@evil.example') && (known === 'proved' || known === 'not-asked'),
            ),
          ])
            expect(crowd.length).toBeLessThanOrEqual(Math.max(3, all - crowd.length));
        }
        expect(chooseExamples(all.toReversed(), bounds)).toEqual(chosen);
      }),
      { numRuns: 200 },
    );
  });

  test('of which one in ten is held back while it is recent, and none that an archive brought', () => {
    const now = MONDAY + 10 * DAY;
    const all = Array.from({ length: 2_000 }, (_, index) =>
      example({ conversationId: index, decidedAt: MONDAY }),
    );
    const held = all.filter((one) => isHeldBack(one, now));
    expect(held.length).toBeGreaterThan(140);
    expect(held.length).toBeLessThan(260);
    expect(all.filter((one) => isHeldBack({ ...one, decidedAt: now - 61 * DAY }, now))).toEqual([]);
    expect(all.filter((one) => isHeldBack({ ...one, conversationId: null }, now))).toEqual([]);
  });
});

describe('whether a new model is used', () => {
  const heldBack = Array.from({ length: 40 }, (_, index) => ({
    ...{
      content: contentOfText(String(index)),
      category: index % 2 === 0 ? 'repair' : 'invoice',
      decidedAt: MONDAY,
    },
  }));
  /** Right but for the first so many; sure of all or of nothing. */
  const model =
    (wrong: number, sure: boolean): Predictor =>
    ({ body }) => {
      const right = Number(body) % 2 === 0 ? 'repair' : 'invoice';
      const other = right === 'repair' ? 'invoice' : 'repair';
      return { guesses: [{ category: Number(body) < wrong ? other : right, probability: 0.9 }], sure };
    };
  const verdict = (now: Predictor, before: Predictor | null, mustReplace = false) =>
    mayBeUsed(compare(heldBack, now, before).comparison, { wrongAtMost: 0.05, mustReplace });

  test('it is when there was none, when it does no worse, and when the old one must go', () => {
    expect(verdict(model(40, true), null)).toEqual({ use: true, why: 'first' });
    expect(verdict(model(1, true), model(1, true))).toEqual({ use: true, why: 'not-worse' });
    expect(verdict(model(40, true), model(0, true), true)).toEqual({ use: true, why: 'words-erased' });
  });

  test('a few more that are wrong are chance, and many are not', () => {
    expect(verdict(model(3, false), model(0, false)).use).toBe(true);
    expect(verdict(model(9, false), model(0, false))).toEqual({ use: false, why: 'worse' });
  });

  test('one that is no longer sure of anything is worse, and one that is sure of all and wrong too often as well', () => {
    expect(verdict(model(0, false), model(0, true))).toEqual({ use: false, why: 'worse' });
    // Better on most, and far beyond what is allowed to be wrong.
    expect(verdict(model(9, true), model(9, false))).toEqual({ use: false, why: 'over-allowance' });
  });

  test('what belongs to none of them is right where nothing is chosen', () => {
    const none = heldBack.map((one) => ({ ...one, category: null }));
    expect(compare(none, model(0, false), null).comparison.now).toMatchObject({ guessedRight: 40 });
    expect(compare(none, model(0, true), null).comparison.now).toMatchObject({ chosenWrong: 40 });
  });
});

describe('when a model stops choosing', () => {
  const choices = (category: string, right: number, wrong: number) =>
    [...Array(right).fill(true), ...Array(wrong).fill(false)].map((isRight: boolean) => ({
      category,
      right: isRight,
    }));
  const lowering = (...all: ReturnType<typeof choices>[]) => lower(null, driftOf(all.flat()), 0.05, MONDAY);

  test('three mails do not decide it, however they went, and one or two in many do not either', () => {
    expect(lowering(choices('repair', 0, 3))).toBeNull();
    expect(lowering(choices('repair', 0, 7))).toBeNull();
    expect(lowering(choices('repair', 38, 2))).toBeNull();
    expect(lowering(choices('repair', 6, 2))).toBeNull();
  });

  test('what is chosen no more does not drag the others along', () => {
    const before = { since: MONDAY, categories: ['repair'], counts: { right: 5, wrong: 9 } };
    const all = driftOf([...choices('repair', 5, 9), ...choices('invoice', 60, 2)]);
    expect(lower(before, all, 0.05, MONDAY)).toBe(before);
  });

  test('it does when more are wrong than an allowance that is kept would well explain', () => {
    expect(lowering(choices('repair', 30, 8))).toEqual({
      ...{ since: MONDAY, categories: null, counts: { right: 30, wrong: 8 } },
    });
  });

  test('it stops for one category alone where the others bear it', () => {
    const lowered = lowering(choices('repair', 400, 8), choices('invoice', 5, 5));
    expect(lowered).toMatchObject({ categories: ['invoice'], counts: { right: 5, wrong: 5 } });
    expect([isLowered(lowered, 'invoice'), isLowered(lowered, 'repair')]).toEqual([true, false]);
  });

  test('it begins again with a model that kept within the allowance on enough that it had not seen', () => {
    const lowered = lowering(choices('repair', 30, 8));
    if (lowered === null) throw new Error('it stopped');
    expect(raise(lowered, driftOf(choices('repair', 7, 0)), 0.05)).toBe(lowered);
    expect(raise(lowered, driftOf(choices('repair', 19, 2)), 0.05)).toBe(lowered);
    expect(raise(lowered, driftOf(choices('repair', 19, 1)), 0.05)).toBeNull();
  });

  test('what it proves is exact, also in thousands', () => {
    expect(chanceOfSoMany(0, 10, 0.05)).toBe(1);
    expect(chanceOfSoMany(1, 1, 0.05)).toBeCloseTo(0.05, 12);
    expect(chanceOfSoMany(2, 3, 0.5)).toBeCloseTo(0.5, 12);
    expect(chanceOfSoMany(1_000, 20_000, 0.05)).toBeCloseTo(0.5, 1);
    expect(chanceOfLosing(5, 0)).toBeCloseTo(1 / 32, 12);
  });
});
