/** What `baton classify` says at a terminal. */
import { aboutModel } from '../domain/learning/model.ts';
import { percent } from '../domain/learning/report-words.ts';
import type { Trial } from './classify.ts';
import { table } from './table.ts';
import { sizeOf } from './terminal-progress.ts';

export function summaryOf({ model, judged, figures, cost }: Trial): string[] {
  const about = aboutModel(model);
  const known = new Set(model.categories);
  const strange = judged.filter(({ truth }) => truth !== null && !known.has(truth)).length;
  return [
    `Learned from ${about.examples} examples of ${about.perCategory.length} categories` +
      ` (${about.outOfScope} belong to none) in ${cost.trainSeconds.toFixed(1)} s; the model takes ${sizeOf(cost.modelBytes)}.`,
    `Tried on ${judged.length} others, ${cost.msPerItem.toFixed(3)} ms each.`,
    ...(strange > 0 ? [`${strange} of them belong to categories that it knows nothing of.`] : []),
    '',
    ...table(
      ['', ''],
      [
        ['first guess right, of what belongs somewhere', percent(figures.accuracy)],
        ['  and not held to be out of scope', percent(figures.inScopeAccuracy)],
        ['out of scope, and held to be so', percent(figures.outOfScopeRecall)],
        ['held to be out of scope, and so', percent(figures.outOfScopePrecision)],
        ['sure, of all', percent(figures.answered)],
        ['  and wrong', percent(figures.wrong)],
        ['could be answered with 5 % wrong', percent(figures.coverageAt95)],
        ['could be answered with 1 % wrong', percent(figures.coverageAt99)],
      ],
    ).slice(1),
    '',
    ...surenessOf(about),
  ];
}

function surenessOf(about: ReturnType<typeof aboutModel>): string[] {
  if (about.neverSure !== null) return [`It is sure of nothing: ${WHY_NEVER[about.neverSure]}.`];
  return [
    `Taking ${percent(about.unknownShare)} of mail to belong nowhere, it is sure of ${percent(about.answered)} of what it held back,` +
      ` and ${percent(about.wrong)} of that was wrong (at most ${percent(about.wrongAtMost)} may be).`,
  ];
}

export const WHY_NEVER = {
  'too-few-unknown': 'too little shows how mail looks that belongs nowhere',
  'too-few': 'there are too few examples to show how often it would be wrong',
  'not-shown': 'what it held back does not show that so few of its choices would be wrong',
};
