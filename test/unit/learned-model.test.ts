/** The learned classifier: repeatable, bounded, honest about what it does not know, and kept in bytes that are checked. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { chanceOf } from '../../src/domain/learning/chance.ts';
import { contentOfText, type Example } from '../../src/domain/learning/example.ts';
import { featuresOf } from '../../src/domain/learning/features.ts';
import { scoresOf } from '../../src/domain/learning/linear.ts';
import {
  aboutModel,
  type Model,
  modelFromBytes,
  modelToBytes,
  predict,
  trainModel,
} from '../../src/domain/learning/model.ts';
import { scoresBy, toBytes } from '../../src/domain/learning/weights.ts';
import { learningExamples } from '../support/learning-examples.ts';

const OPTIONS = { seed: 1, wrongAtMost: 0.05 };
const model = trainModel(learningExamples(80, 80), OPTIONS);
const ask = (text: string, asked: Model = model) => predict(asked, contentOfText(text));
const same = (one: Uint8Array, other: Uint8Array): boolean => Buffer.compare(one, other) === 0;

describe('a guess', () => {
  test('is the category of mails that are alike, sure, and says by which words', () => {
    const { guesses, sure, outOfScope, because } = ask('Hello, our Boiler leaks on the second floor');
    expect([guesses[0]?.category, sure, outOfScope]).toEqual(['repair', true, false]);
    // Filler such as "on the second" is no reason.
    expect(because.toSorted()).toEqual(['Boiler', 'leaks']);
  });

  test('knows inflections, compounds and misspellings that it never saw', () => {
    expect(ask('meine Heizungen sind kaput').guesses[0]?.category).toBe('repair');
    expect(ask('Rechnungsbetrag der Rechnungen').guesses[0]?.category).toBe('billing');
    expect(ask('parkingspace blokked').guesses[0]?.category).toBe('parking');
  });

  test('is not sure of what is like nothing that it knows', () => {
    for (const text of [
      '',
      '???',
      'zzz qqq xxx',
      'お問い合わせありがとうございます',
      'we sell football tickets',
    ]) {
      expect(ask(text)).toMatchObject({ sure: false, outOfScope: true });
    }
  });

  test('has probabilities that add up to at most one, the best first, and the first is its confidence', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (text) => {
        const { guesses, confidence, none } = ask(text);
        const all = guesses.map(({ probability }) => probability);
        expect(all.reduce((sum, one) => sum + one, none)).toBeLessThanOrEqual(1 + 1e-6);
        expect(all).toEqual([...all].sort((a, b) => b - a));
        expect(all[0]).toBe(confidence);
      }),
      { numRuns: 100 },
    );
  });

  test('looks at subject, sender and files too', () => {
    const by = (content: Partial<Example['content']>) => ({ ...contentOfText(''), ...content });
    const examples = Array.from({ length: 12 }, (_, index): Example[] => {
      const body = `number ${index}`;
      return [
        { content: by({ body, subject: 'Order' }), category: 'in its subject' },
        { content: by({ body: `order ${body}` }), category: 'in its body' },
        { content: by({ body, senderDomain: 'carrier.example' }), category: 'from a carrier' },
        { content: by({ body, senderDomain: 'bank.example' }), category: 'from a bank' },
        { content: by({ body, files: ['invoice.pdf application/pdf'] }), category: 'with an invoice' },
        { content: by({ body, files: ['IMG_12.jpg image/jpeg'] }), category: 'with a picture' },
      ];
    }).flat();
    const learned = trainModel(examples, OPTIONS);
    for (const { content, category } of examples) {
      expect(predict(learned, content).guesses[0]?.category).toBe(category);
    }
  });

  test('of a label that JavaScript has another use for is like any other', () => {
    const labels = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', ''];
    const examples = labels.flatMap((label, kind) =>
      Array.from({ length: 6 }, (_, index) => ({
        content: contentOfText(`kind${kind}${kind}${kind} word${index}`),
        category: label,
      })),
    );
    const learned = modelFromBytes(modelToBytes(trainModel(examples, OPTIONS)));
    for (const { content, category } of examples) {
      expect(predict(learned, content).guesses[0]?.category).toBe(category);
    }
    expect(aboutModel(learned).perCategory.map(({ category, examples }) => [category, examples])).toEqual(
      [...labels].sort().map((label) => [label, 6]),
    );
  });
});

describe('learning', () => {
  test('twice from the same examples with the same seed gives the same bytes, with another seed others', () => {
    const examples = learningExamples(20, 20);
    const first = modelToBytes(trainModel(examples, OPTIONS));
    expect(same(modelToBytes(trainModel(examples.values(), OPTIONS)), first)).toBe(true);
    const other = trainModel(examples, { ...OPTIONS, seed: 2 });
    expect(other.weights.bytes).not.toEqual(modelFromBytes(first).weights.bytes);
  });

  test('from too few examples gives guesses that are never sure, and says so', () => {
    for (const examples of [
      [],
      learningExamples(1, 0),
      learningExamples(4, 4),
      learningExamples(200, 0).slice(0, 200),
    ]) {
      const learned = trainModel(examples, OPTIONS);
      expect(aboutModel(learned).neverSure).not.toBeNull();
      for (const { content } of learningExamples(20, 5, 3))
        expect(predict(learned, content).sure).toBe(false);
    }
  });

  test('keeps what it promises of wrong answers on mails that it never saw', () => {
    const fresh = learningExamples(100, 100, 7);
    const answered = fresh.filter(({ content }) => predict(model, content).sure);
    const wrong = answered.filter(
      ({ content, category }) => predict(model, content).guesses[0]?.category !== category,
    );
    expect(answered.length).toBeGreaterThan(250);
    expect(wrong.length / answered.length).toBeLessThanOrEqual(OPTIONS.wrongAtMost);
  });

  test('tells of each category how many examples it had', () => {
    expect(aboutModel(model)).toMatchObject({
      seed: 1,
      examples: 320,
      outOfScope: 80,
      perCategory: ['billing', 'parking', 'repair'].map((category) => ({ category, examples: 80 })),
      neverSure: null,
    });
  });
});

describe('hostile text', () => {
  const LONG = 1024 * 1024;
  const hostile = {
    'one letter a million times': 'a'.repeat(LONG),
    'a million different words': Array.from({ length: LONG }, (_, index) => index.toString(36)).join(' '),
    'marks on marks': `a${'\u0301'.repeat(LONG)}`,
    'one ligature that grows eighteen-fold': '\ufdfa'.repeat(LONG),
    'halves of characters': '\ud83d'.repeat(LONG),
    'Chinese without a space': '修理暖气漏水'.repeat(LONG / 6),
  };

  test.each(Object.entries(hostile))('takes no more time than a long mail: %s', (_, text) => {
    const startedAt = performance.now();
    const { sure } = ask(text);
    expect(performance.now() - startedAt).toBeLessThan(500);
    expect(sure).toBe(false);
    expect(featuresOf(contentOfText(text)).features.length).toBeLessThan(15_000);
  });

  test('hidden behind much else does not make a mail surer than it is alone', () => {
    const stuffed = `${'invoice bill payment deposit '.repeat(5)} we sell solar panels, learn more about our webinar`;
    const plain = 'we sell solar panels, learn more about our webinar';
    expect(ask(plain).sure).toBe(false);
    expect(ask(stuffed).confidence).toBeLessThan(ask('the invoice is too high').confidence);
  });
});

describe('weights in a byte each', () => {
  test('give nearly the scores that they had before', () => {
    const chance = chanceOf(3);
    const weights = Float32Array.from({ length: 31 * 7 }, () => chance() - 0.5);
    const places = Int32Array.from({ length: 12 }, (_, at) => at * 2);
    const values = Float32Array.from(places, () => chance());
    const exact = scoresOf({ categories: 7, weights }, places, values);
    const near = scoresBy(toBytes({ categories: 7, weights }), places, values);
    for (const [category, score] of exact.entries()) expect(near[category]).toBeCloseTo(score, 1);
  });
});

describe('a model in bytes', () => {
  const bytes = modelToBytes(model);

  test('guesses as it did before', () => {
    const again = modelFromBytes(bytes);
    expect(same(modelToBytes(again), bytes)).toBe(true);
    for (const { content } of learningExamples(10, 10, 5)) {
      expect(predict(again, content)).toEqual(predict(model, content));
    }
  });

  test('that is cut, damaged or something else is refused in words', () => {
    expect(() => modelFromBytes(new Uint8Array())).toThrow('not a model');
    expect(() => modelFromBytes(Buffer.from('PK\u0003\u0004 something else'))).toThrow('not a model');
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const damaged = Uint8Array.from(bytes);
        damaged[at] = (damaged[at] ?? 0) ^ change;
        expect(() => modelFromBytes(damaged)).toThrow(/not a model|damaged/);
        expect(() => modelFromBytes(bytes.subarray(0, at))).toThrow(/not a model|damaged/);
      }),
      { numRuns: 30 },
    );
  });
});
