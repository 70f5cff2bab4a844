/** What `baton model` says of versions, in words. */

import type { LearningStanding } from '../app/ports/learning.ts';
import type { ModelRow } from '../app/ports/models.ts';
import { type Instant, toDate } from '../domain/instant.ts';
import type { Lowered } from '../domain/learning/drift.ts';
import type { Graded, TrainingReport } from '../domain/learning/training.ts';
import { WHY_NEVER } from './classify-words.ts';
import { table } from './table.ts';

export type ListView = {
  readonly versions: readonly ModelRow[];
  readonly standing: LearningStanding | null;
  readonly examples: { readonly decided: number; readonly archive: number };
};

export function listInWords({ versions, standing, examples }: ListView): string {
  const rows = versions.map(({ version, madeAt, active, size, why, report }) => [
    version,
    timeOf(madeAt).replace(' UTC', ''),
    active ? 'in use' : '',
    report.examples,
    report.neverSure === null ? percent(report.answered) : 'never',
    shareRight(report.comparison.now),
    `${(size / 1_048_576).toFixed(1)} MB`,
    why === 'not-worse' && report.comparison.heldBack === 0 ? UNCOMPARED : whyWords(why),
  ]);
  const heads = ['Version', 'Made (UTC)', '', 'Examples', 'Sure of', 'Held back', 'Size', 'Why'];
  return [
    ...(rows.length === 0 ? ['Nothing was learned yet.'] : table(heads, rows)),
    '',
    `Examples: ${examples.decided} from what was decided, ${examples.archive} from archives.`,
    ...(standing === null ? [] : standingInWords(standing)),
    '',
  ].join('\n');
}

function standingInWords({
  trainAt,
  running,
  outcome,
  finishedAt,
  erasedAt,
  lowered,
}: LearningStanding): string[] {
  const last = finishedAt === null ? [] : [`Last time, ${timeOf(finishedAt)}: ${whyWords(outcome ?? '')}.`];
  const next = running ? 'It is learning at the moment.' : `Next time: ${timeOf(trainAt)}.`;
  const erased = erasedAt === null ? [] : ['Words were erased: it learns anew as soon as Baton runs.'];
  return [...last, next, ...erased, ...(lowered === null ? [] : [loweredWords(lowered)])];
}

/** Which choices it no longer makes, why, and what to do about it. */
function loweredWords({ since, categories, counts: { right, wrong } }: Lowered): string {
  const what = categories === null ? 'It chooses nobody' : `It chooses nobody for ${categories.join(', ')}`;
  return (
    `NOT CHOOSING: ${what} since ${timeOf(since)}, because ${wrong} of ${right + wrong} of its choices were wrong. ` +
    'It begins again by itself with a model that is better, or with "baton model use".'
  );
}

/** Where there was nothing by which the two could be told apart. */
const UNCOMPARED = 'the newest; nothing was held back to compare it with the one before';

const WhyWords: Readonly<Record<string, string>> = {
  first: 'the first',
  'not-worse': 'no worse than the one before',
  worse: 'worse than the one in use on decisions that neither had seen',
  'over-allowance': 'more of its choices would be wrong than is allowed',
  'words-erased': 'made anew after an erasure',
  'by-hand': 'chosen by hand',
  'too-few': 'too few examples',
  'erased-meanwhile': 'words were erased while it learned',
  off: 'nothing is to be learned',
  stopped: 'it was stopped, and begins anew',
  failed: 'it failed; the log says why',
};

export const whyWords = (code: string): string => WhyWords[code] ?? code;

const percent = (share: number): string => `${(share * 100).toFixed(0)} %`;

/** `12 of 40 chosen, 1 wrongly`. */
function shareRight({ chosenRight, chosenWrong, guessedRight, guessedWrong }: Graded): string {
  const all = chosenRight + chosenWrong + guessedRight + guessedWrong;
  return all === 0 ? 'none yet' : `${chosenRight + chosenWrong} of ${all} chosen, ${chosenWrong} wrongly`;
}

/** The figures of one version. */
export function reportInWords(report: TrainingReport): string {
  const { examples, sources, perCategory, none, comparison, neverSure, answered, wrongAtMost } = report;
  const { decided, archive, configuration } = sources;
  const { heldBack, now, before, better, worse } = comparison;
  return [
    `Learned from ${examples} examples: ${decided} decided, ${archive} from archives, ${configuration} from the configuration.`,
    ...perCategory.map(({ category, examples: count }) => `  ${category}: ${count}`),
    ...(none === 0 ? [] : [`  none of them: ${none}`]),
    neverSure !== null
      ? `It is never sure: ${WHY_NEVER[neverSure]}. Its guesses are shown to the front desk.`
      : `It expects to be sure of ${percent(answered)} of the mails, with at most ${percent(wrongAtMost)} of these wrong.`,
    ...(heldBack === 0 ? [] : [`Of ${heldBack} decisions that it had not seen: ${shareRight(now)}.`]),
    ...(before === null || heldBack === 0
      ? []
      : [`The one before: ${shareRight(before)}. Better on ${better}, worse on ${worse}.`]),
    '',
  ].join('\n');
}

const timeOf = (at: Instant): string => `${toDate(at).toISOString().replace('T', ' ').slice(0, 16)} UTC`;
