/**
 * `baton classify`: learns from one set of labelled texts and tells how well it does on another. Needs no configuration
 * and no database, and keeps nothing. What is sure enough is settled on the training file alone.
 */
import { type Command, InvalidArgumentError } from 'commander';
import type { ClassifierPage } from '../adapters/web/classifier-page.ts';
import { type Figures, figuresOf, type Judged } from '../domain/learning/evaluate.ts';
import { contentOfText } from '../domain/learning/example.ts';
import { aboutModel, type Model, modelToBytes, predict, trainModel } from '../domain/learning/model.ts';
import { type ClassifierReport, type JudgedMail, reportOf } from '../domain/learning/report.ts';
import { counted } from '../domain/learning/report-words.ts';
import { judgedMail } from '../domain/learning/trial.ts';
import { DEFAULT_LEARNING } from '../domain/policy.ts';
import { type Labelled, readLabelled, type Unreadable } from '../runtime/labelled-texts.ts';
import { detailLines } from './classify-report.ts';
import { summaryOf } from './classify-words.ts';
import { Finding } from './exit.ts';
import { writePage } from './write-page.ts';

type Options = {
  readonly train: readonly string[];
  readonly test: readonly string[];
  readonly json?: boolean;
  readonly report?: string;
  readonly seed: number;
  readonly wrongAtMost: number;
};

/** What was learned and how it does: what the summary and the reports are made of. */
export type Trial = {
  readonly model: Model;
  readonly judged: readonly (Judged & { readonly text: string })[];
  readonly figures: Figures;
  readonly cost: { readonly msPerItem: number; readonly trainSeconds: number; readonly modelBytes: number };
};

const SHOWN_MAX = 10;

const HELP = `
Each line of a file is {"text": "…", "label": "…"}; the label "oos", or null, is for what belongs to no category. --train
and --test may be given several times. From the training files it learns both to tell the categories apart and, on parts
that it holds back in turn, how sure it has to be so that at most --wrong-at-most of its answers are wrong.

accuracy is that of the first guess, however sure, for what belongs to a category. inScopeAccuracy, outOfScopeRecall and
outOfScopePrecision are at the operating point, where what is clearly (1.5 times) more likely to belong nowhere than to
its first guess is held to be out of scope. answered and wrong tell of what it is sure of. coverageAt95 and coverageAt99
are the shares of the test file that could be answered with 5 or 1 of 100 answers wrong.

Examples:
  npx baton classify --train train.jsonl --test test.jsonl
  npx baton classify --train train.jsonl --train unknown.jsonl --test test.jsonl --json
  npx baton classify --train train.jsonl --test test.jsonl --report report.html`;

export function addClassify(program: Command): void {
  program
    .command('classify')
    .description('learn from labelled texts and tell how well others are told apart')
    .requiredOption('--train <file>', 'what to learn from, one JSON object per line', listed)
    .requiredOption('--test <file>', 'what to try it on', listed)
    .option('--seed <n>', 'another order of learning', seedIn, 1)
    .option(
      '--wrong-at-most <share>',
      'which share of what it is sure of may be wrong',
      shareIn,
      DEFAULT_LEARNING.wrongAtMost,
    )
    .option('--json', 'answer as JSON')
    .option('--report <file>', 'also write a page for a browser: by category, with plots and confusions')
    .addHelpText('after', HELP)
    .action(run);
}

const listed = (file: string, before: readonly string[] = []): string[] => [...before, file];

function seedIn(typed: string): number {
  if (!/^\d{1,9}$/.test(typed)) throw new InvalidArgumentError('Give a whole number of at most nine digits.');
  return Number(typed);
}

function shareIn(typed: string): number {
  const share = Number(typed);
  if (!/^0?\.\d{1,6}$/.test(typed) || share < 0.001 || share > 0.5) {
    throw new InvalidArgumentError('Give a number from 0.001 to 0.5.');
  }
  return share;
}

async function run(options: Options): Promise<void> {
  const examples = await readAll(options.train);
  const tests = await readAll(options.test);
  const trial = tryOut(examples, tests, options);
  const report = reportOf(trial.judged.map(asJudged), trial.model.categories);
  if (options.report !== undefined) writePage(options.report, pageOf(report, trial, options));
  if (options.json === true) process.stdout.write(`${JSON.stringify(toJson(trial), null, 2)}\n`);
  else
    process.stdout.write(
      `${[...summaryOf(trial), ...detailLines(report, (category) => category)].join('\n')}\n`,
    );
}

async function readAll(files: readonly string[]): Promise<Labelled[]> {
  const all: Labelled[] = [];
  for (const file of files) {
    const { labelled, unreadable } = await readLabelled(file).catch((error: Error) => {
      throw new Finding(`${file} cannot be read: ${error.message}`);
    });
    if (unreadable.length > 0) throw new Finding(inWords(unreadable));
    all.push(...labelled);
  }
  if (all.length === 0) throw new Finding(`There is nothing in ${files.join(', ')}.`);
  return all;
}

function inWords(unreadable: readonly Unreadable[]): string {
  const told = unreadable.slice(0, SHOWN_MAX).map(({ file, line, why }) => `${file}, line ${line}: ${why}.`);
  const more = unreadable.length - told.length;
  return [...told, ...(more > 0 ? [`And ${more} more.`] : [])].join('\n');
}

function tryOut(examples: readonly Labelled[], tests: readonly Labelled[], options: Options): Trial {
  const begunAt = performance.now();
  const model = trainModel(examples, options);
  const trainedAt = performance.now();
  const judged = tests.map(({ text, content, category }) => ({
    text,
    truth: category,
    prediction: predict(model, content),
  }));
  const endedAt = performance.now();
  return {
    model,
    judged,
    figures: figuresOf(judged),
    cost: {
      msPerItem: (endedAt - trainedAt) / tests.length,
      trainSeconds: (trainedAt - begunAt) / 1_000,
      modelBytes: modelToBytes(model).length,
    },
  };
}

const asJudged = ({ text, truth, prediction }: Trial['judged'][number]): JudgedMail =>
  judgedMail(contentOfText(text), truth, prediction);

const pageOf = (
  report: ClassifierReport,
  { model }: Trial,
  { train, test, wrongAtMost }: Options,
): ClassifierPage => ({
  title: 'How well texts are told apart',
  about: [
    `Learned from ${counted(aboutModel(model).examples, 'example')} of ${train.join(', ')}.`,
    `Judged by ${counted(report.inScope.of, 'text')} of ${test.join(', ')}.`,
  ],
  report,
  names: (category) => category,
  wrongAtMost,
});

function toJson({ model, figures, cost }: Trial): object {
  const { answered, wrong, ...rest } = figures;
  const { perCategory, ...about } = aboutModel(model);
  return { ...rest, ...cost, answered, wrong, model: { ...about, categories: perCategory.length } };
}
