/** Separators and regression learned from the same mails, and what they say together: a sum, so it costs no more. */
import type { Chance } from './chance.ts';
import { type Lesson, type Separators, scoresOf, separate } from './linear.ts';
import { regress } from './softmax.ts';
import { weigh } from './vocabulary.ts';

/** What the regression says, against 1 for the separators, both on one scale. */
const REGRESSION = 0.7;
/** So many mails show the scale of what each says. */
const MEASURED_ON = 500;

export function learnBoth(lesson: Lesson, chance: Chance): Separators {
  const separators = separate(lesson, chance);
  const regression = regress(lesson, chance);
  const share = (REGRESSION * spreadOf(separators, lesson)) / Math.max(1e-6, spreadOf(regression, lesson));
  for (let index = 0; index < separators.weights.length; index += 1) {
    separators.weights[index] = (separators.weights[index] ?? 0) + share * (regression.weights[index] ?? 0);
  }
  return separators;
}

/** How far apart the scores of one mail lie, on average. */
function spreadOf(separators: Separators, { rows, weights }: Lesson): number {
  const every = Math.max(1, Math.floor(rows.length / MEASURED_ON));
  let all = 0;
  let measured = 0;
  for (let example = 0; example < rows.length; example += every) {
    const row = rows[example];
    if (row === undefined) continue;
    const values = new Float32Array(row.places.length);
    weigh(row, weights, values);
    const scores = scoresOf(separators, row.places, values);
    const mean = scores.reduce((sum, score) => sum + score, 0) / scores.length;
    all += Math.sqrt(scores.reduce((sum, score) => sum + (score - mean) ** 2, 0) / scores.length);
    measured += 1;
  }
  return measured === 0 ? 0 : all / measured;
}
