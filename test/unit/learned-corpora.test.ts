/**
 * The learned classifier on requests of other projects, where they lie beside this folder: the first 15 of CLINC150's
 * categories, with ten examples each, and mails of the next 15 as unknown. A floor, well below what it reaches.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { figuresOf } from '../../src/domain/learning/evaluate.ts';
import { contentOfText, type Example } from '../../src/domain/learning/example.ts';
import { predict, trainModel } from '../../src/domain/learning/model.ts';

/** BATON_CORPORA: where they are, when that is elsewhere. */
const SET = join(
  process.env.BATON_CORPORA ?? join(import.meta.dirname, '../../../shared/corpora'),
  'intent-clinc150',
);
const CATEGORIES = 15;
const OF_EACH = 10;

function read(file: string): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const line of readFileSync(join(SET, file), 'utf8').trim().split('\n')) {
    const { text, label } = JSON.parse(line);
    found.set(label, [...(found.get(label) ?? []), text]);
  }
  return found;
}

test.skipIf(!existsSync(SET))(
  'ten requests of each of fifteen kinds teach more than four of five others, and what is of no kind is told apart',
  () => {
    const seen = [...read('train.jsonl')].slice(0, 2 * CATEGORIES);
    const fresh = read('val.jsonl');
    const known = new Set(seen.slice(0, CATEGORIES).map(([label]) => label));
    const examples = seen.flatMap(([label, texts]): Example[] =>
      texts.slice(0, known.has(label) ? OF_EACH : 4).map((text) => ({
        content: contentOfText(text),
        category: known.has(label) ? label : null,
      })),
    );
    const model = trainModel(examples, { seed: 1, wrongAtMost: 0.1 });
    const judged = seen.flatMap(([label]) =>
      (fresh.get(label) ?? []).map((text) => ({
        truth: known.has(label) ? label : null,
        prediction: predict(model, contentOfText(text)),
      })),
    );
    const { accuracy, outOfScopeRecall, coverageAt95 } = figuresOf(judged);
    expect(accuracy).toBeGreaterThan(0.85);
    expect(outOfScopeRecall).toBeGreaterThan(0.6);
    expect(coverageAt95).toBeGreaterThan(0.2);
  },
);
