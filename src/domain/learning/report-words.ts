/** What a report says in sentences, the same in a terminal and on a page. */
import type { CategoryId } from '../ids.ts';
import type { ClassifierReport } from './report.ts';
import { fraction, likelyRange, type Share } from './share.ts';

export type CategoryNames = (category: CategoryId) => string;

/** What a mail belongs to that belongs nowhere, and what is guessed where nothing was. */
export const NONE = 'none of them';

export const namedOrNone = (category: CategoryId | null, names: CategoryNames): string =>
  category === null ? NONE : names(category);

/** `91.4 %`, as something measured; nothing but all and nothing is without its digit. */
export function percent(value: number | null): string {
  if (value === null) return '–';
  return value === 0 || value === 1 ? `${value * 100}${PERCENT}` : `${(value * 100).toFixed(1)}${PERCENT}`;
}

/** `5 %`, as somebody would write it who demands it. */
const demanded = (value: number): string => `${Number((value * 100).toFixed(1))}${PERCENT}`;

/** Never alone at the beginning of a line. */
const PERCENT = '\u00a0%';

export const shareWords = (share: Share): string => percent(fraction(share));

/** `1,203`. */
export const amount = (count: number): string => count.toLocaleString('en-US');

export const counted = (count: number, one: string, many = `${one}s`): string =>
  `${amount(count)} ${count === 1 ? one : many}`;

/** The findings, the most important first. `wrongAtMost` is what was allowed when the model was made, if known. */
export function findings(report: ClassifierReport, wrongAtMost: number | null): string[] {
  const { inScope, accuracy, coverageAt95, coverageAt99, calibration } = report;
  if (inScope.of === 0) return ['There was no mail to judge it by.'];
  return [
    itself(report, wrongAtMost),
    ...outOfScope(report),
    `Its first guess, sure or not, is right for ${ofThose(accuracy)} that belong to a category.`,
    `Judged by these mails afterwards, it could have chosen for ${percent(coverageAt95)} with 95${PERCENT} right, and for ${percent(coverageAt99)} with 99${PERCENT} right.`,
    ...(calibration.error === null
      ? []
      : [
          `What it says of its own certainty is off by ${(calibration.error * 100).toFixed(1)} points on average.`,
        ]),
  ];
}

function itself({ operating: { sure, wrong } }: ClassifierReport, wrongAtMost: number | null): string {
  const allowed = wrongAtMost === null ? '' : `; ${demanded(wrongAtMost)} may be`;
  if (sure.count === 0) return `It is sure of none of ${counted(sure.of, 'mail')}: each is left to a person.`;
  const { least, most } = likelyRange(wrong);
  return (
    `It is sure of ${amount(sure.count)} of ${counted(sure.of, 'mail')} (${shareWords(sure)}) and chooses by itself, ` +
    `${counted(wrong.count, 'time')} wrongly (${shareWords(wrong)}, with other mails probably between ${percent(least)} and ${percent(most)}${allowed}).`
  );
}

function outOfScope({ operating: { outOfScopeLeft, leftOutOfScope } }: ClassifierReport): string[] {
  if (outOfScopeLeft.of === 0)
    return ['No mail was among them that belongs to none of the categories; at work there is some.'];
  return [
    `Of ${counted(outOfScopeLeft.of, 'mail')} that ${outOfScopeLeft.of === 1 ? 'belongs' : 'belong'} to none of the categories it leaves ` +
      `${amount(outOfScopeLeft.count)} to a person (${shareWords(outOfScopeLeft)}); of all that it leaves, ${shareWords(leftOutOfScope)} are such.`,
  ];
}

const ofThose = (share: Share): string =>
  `${amount(share.count)} of ${amount(share.of)} (${shareWords(share)})`;
