/** What `baton classify` says at a terminal. */
import { aboutModel } from '../domain/learning/model.ts';
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
        ['  and sure enough to be answered', percent(figures.inScopeAccuracy)],
        ['out of scope, and not answered', percent(figures.outOfScopeRecall)],
        ['not answered, and out of scope', percent(figures.outOfScopePrecision)],
        ['answered, of all', percent(figures.answered)],
        ['  and wrong', percent(figures.wrong)],
        ['could be answered with 5 % wrong', percent(figures.coverageAt95)],
        ['could be answered with 1 % wrong', percent(figures.coverageAt99)],
      ],
    ).slice(1),
    '',
    about.tooFew
      ? 'It is sure of nothing: there are too few examples to show how often it would be wrong.'
      : `It answers what is at least ${percent(about.operatingPoint)} sure. On what it held back while learning that was` +
        ` ${percent(about.answered)} of all, and ${percent(about.wrong)} of the answers were wrong (at most ${percent(about.wrongAtMost)} may be).`,
  ];
}

const percent = (share: number | null): string => (share === null ? '–' : `${(share * 100).toFixed(1)} %`);
