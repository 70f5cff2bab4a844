/** `baton model`: which versions of what was learned there are, how good they are, and which is used. */
import type { Command } from 'commander';
import { createPool } from '../adapters/db/pool.ts';
import { DEFAULT_SEED, type LearnOutcome, learnAnew } from '../app/learn.ts';
import type { LearningStanding } from '../app/ports/learning.ts';
import type { ModelRow } from '../app/ports/models.ts';
import type { TrainingProgress } from '../app/ports/trainer.ts';
import { toPolicy } from '../config/policy.ts';
import type { Config } from '../config/schema.ts';
import { toDate } from '../domain/instant.ts';
import { borrowDatabase } from '../runtime/database.ts';
import { type LearningServices, learningServices } from '../runtime/learning.ts';
import { untilStopped } from '../runtime/lifecycle.ts';
import { configOption, loadForReading } from './config-option.ts';
import { ExitCode, Finding } from './exit.ts';
import { addModelReport } from './model-report.ts';
import { listInWords, reportInWords, whyWords } from './model-words.ts';

type Options = { readonly config: string; readonly json?: boolean };

export function addModel(program: Command): void {
  const model = program
    .command('model')
    .description('which versions of what was learned there are, and which is used')
    .addHelpText(
      'after',
      '\nExamples:\n  npx baton model list --config baton.yaml\n  npx baton model use 12 --config baton.yaml' +
        '\n  npx baton model train --config baton.yaml',
    );
  model
    .command('list', { isDefault: true })
    .description('all versions, newest first, with their figures')
    .addOption(configOption())
    .option('--json', 'answer as JSON')
    .action((options: Options) => withServices(options, (services) => list(services, options)));
  model
    .command('use')
    .argument('<version>', 'its number, as the list has it')
    .description('go back, or forward, to a version; it chooses again if it had stopped that')
    .addOption(configOption())
    .option('--json', 'answer as JSON')
    .action((version: string, options: Options) =>
      withServices(options, (services) => use(services, version, options)),
    );
  model
    .command('train')
    .description('learn anew now, whatever the time')
    .addOption(configOption())
    .option('--seed <number>', 'what chance begins with; the same gives the same', String(DEFAULT_SEED))
    .option('--json', 'answer as JSON')
    .action((options: Options & { readonly seed: string }) =>
      withServices(options, (services, config) => train(services, config, options)),
    );
  addModelReport(model, withServices);
}

async function withServices(
  { config: file }: Options,
  work: (services: LearningServices, config: Config) => Promise<void>,
): Promise<void> {
  const { config } = loadForReading(file);
  const database = await borrowDatabase(config);
  const pool = createPool(database.url, { max: 2, applicationName: 'baton-model' });
  try {
    await work(learningServices(pool, database.time), config);
  } finally {
    await pool.end();
    await database.stop();
  }
}

const print = (value: object): boolean => process.stdout.write(`${JSON.stringify(value)}\n`);

async function list({ learning, models }: LearningServices, { json }: Options): Promise<void> {
  const [versions, standing, examples] = [
    await models.list(),
    await learning.standing(),
    await learning.countExamples(),
  ];
  if (json)
    print({ versions: versions.map(asJson), examples, learning: standing && standingAsJson(standing) });
  else process.stdout.write(listInWords({ versions, standing, examples }));
}

const iso = (at: number | null): string | null => (at === null ? null : toDate(at).toISOString());

const asJson = ({ madeAt, ...row }: ModelRow): object => ({ ...row, madeAt: iso(madeAt) });

const standingAsJson = (standing: LearningStanding): object => ({
  nextAt: iso(standing.trainAt),
  running: standing.running,
  lastOutcome: standing.outcome,
  lastAt: iso(standing.finishedAt),
  lowered: standing.lowered && { ...standing.lowered, since: iso(standing.lowered.since) },
});

async function use({ learning, models }: LearningServices, given: string, { json }: Options): Promise<void> {
  const version = Number(given);
  if (!Number.isSafeInteger(version) || version < 1)
    throw new Finding(`${given} is no version. "baton model list" has their numbers.`, ExitCode.usage);
  if (!(await models.use(version, 'by-hand'))) {
    throw new Finding(`There is no version ${version} (any more). "baton model list" tells which there are.`);
  }
  const next = (await learning.standing())?.trainAt ?? null;
  if (json) return void print({ version, active: true, until: iso(next) });
  process.stdout.write(
    `Version ${version} is used from now on; running workers take it up within seconds.\n` +
      'The next training may put another in its place: one that does no worse on decisions that neither has seen.\n',
  );
}

async function train(
  services: LearningServices,
  config: Config,
  { seed: given, json }: Options & { readonly seed: string },
): Promise<void> {
  const seed = Number(given);
  if (!Number.isSafeInteger(seed) || seed < 0 || seed > 2_147_483_647)
    throw new Finding(`${given} is no seed: a whole number from 0 to 2147483647.`, ExitCode.usage);
  const policy = toPolicy(config);
  // Whoever stops it gives the turn back, which nobody else had meanwhile.
  const outcome = await untilStopped((signal) =>
    learnAnew(
      { ...services, policy: () => policy, log: quiet },
      { now: true, seed, told: json ? () => {} : tell, signal },
    ),
  );
  if (json) print(outcome);
  else process.stdout.write(outcomeInWords(outcome));
  if (outcome.type !== 'learned') process.exitCode = ExitCode.finding;
}

const quiet = { info: () => {}, warn: () => {}, error: () => {} };

function tell({ step, examples }: TrainingProgress): void {
  const clear = process.stderr.isTTY ? '\r' : '';
  if (step === 'learning') process.stderr.write(`${clear}${examples} examples read, learning …\n`);
  else if (process.stderr.isTTY) process.stderr.write(`${clear}${examples} examples read`);
}

function outcomeInWords(outcome: LearnOutcome): string {
  switch (outcome.type) {
    case 'off':
      return 'Nothing is learned: the configuration has no categories, or "learning: {mode: off}".\n';
    case 'not-now':
      return 'Another process is learning at the moment. Try again when it is done; "baton model list" tells.\n';
    case 'too-few':
      return 'There is nothing to learn from yet: at least two categories need an example, a description or phrases.\n';
    case 'erased-meanwhile':
      return 'Words were erased while it learned from them, so it was thrown away. The next one begins within a minute.\n';
    case 'learned': {
      const { version, used, why, report } = outcome;
      return `Version ${version} ${used ? 'is used' : 'is kept and NOT used'}: ${whyWords(why)}.\n${reportInWords(report)}`;
    }
    default:
      return outcome satisfies never;
  }
}
