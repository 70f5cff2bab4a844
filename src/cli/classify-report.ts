/** A report about a classifier for somebody at a terminal: what it comes to, then what is wrong, the worst first. */
import type { CategoryFigures, ClassifierReport, Confusion } from '../domain/learning/report.ts';
import {
  amount,
  type CategoryNames,
  counted,
  findings,
  namedOrNone,
  percent,
  shareWords,
} from '../domain/learning/report-words.ts';
import { safeLine } from './safe-text.ts';
import { table } from './table.ts';
import { COLUMNS, wrapped } from './wrapped.ts';

const NAME_MAX = 44;
/** More lines than these nobody reads in a terminal; the page has them all. */
const CATEGORIES_MAX = 30;
const CONFUSIONS_MAX = 12;

/** Lines of at most 100 columns. `wrongAtMost`: the share that was allowed to be wrong, where that is known. */
export function reportLines(
  report: ClassifierReport,
  names: CategoryNames,
  wrongAtMost: number | null,
): string[] {
  return [...findings(report, wrongAtMost).flatMap(wrapped), ...detailLines(report, names)];
}

/** What is wrong, without the findings. */
export function detailLines(report: ClassifierReport, names: CategoryNames): string[] {
  const named: CategoryNames = (category) => shortened(safeLine(names(category)), NAME_MAX);
  return [...categoryLines(report.categories, named), ...confusionLines(report.confusions, named)];
}

function categoryLines(all: readonly CategoryFigures[], names: CategoryNames): string[] {
  if (all.length === 0) return [];
  const shown = all.slice(0, CATEGORIES_MAX);
  const rows = shown.map(({ category, recall, precision, sure, wrong }) => [
    names(category),
    recall.of,
    shareWords(recall),
    shareWords(precision),
    sure,
    wrong,
  ]);
  return [
    '',
    ...table(['category, the worst first', 'mails', 'found', 'right', 'sure', 'wrong'], rows),
    ...more(all.length - shown.length, 'category that does better', 'categories that do better'),
    ...wrapped(
      'found: of the mails that belong there, by its first guess; right: of those guessed to belong there; sure: for how many it would choose this by itself, and how many of these wrongly.',
    ),
  ];
}

function confusionLines(all: readonly Confusion[], names: CategoryNames): string[] {
  if (all.length === 0) return [];
  const shown = all.slice(0, CONFUSIONS_MAX);
  return [
    '',
    'Taken for what it is not, the most frequent first:',
    ...shown.flatMap(({ truth, guess, count, sure, examples }) => [
      `  ${namedOrNone(truth, names)} → ${namedOrNone(guess, names)}: ${counted(count, 'mail')}${sure === 0 ? '' : `, ${amount(sure)} sure`}`,
      ...examples
        .slice(0, 1)
        .map(({ text, confidence }) =>
          shortened(`    ${percent(confidence)} certain: “${safeLine(text)}”`, COLUMNS),
        ),
    ]),
    ...more(all.length - shown.length, 'rarer one', 'rarer ones'),
  ];
}

const more = (count: number, one: string, many: string): string[] =>
  count <= 0 ? [] : [`  and ${counted(count, one, many)}`];

function shortened(text: string, max: number): string {
  const characters = [...text];
  return characters.length <= max ? text : `${characters.slice(0, max - 1).join('')}…`;
}
