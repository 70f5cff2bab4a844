/** `baton start`: runs workers until it is told to stop, and puts a changed configuration into force meanwhile. */
import { Argument, type Command, Option } from 'commander';
import { MailWorkers, startWorkers, type WorkerKind, WorkerKinds } from '../../workers/all.ts';
import { pinoLog, saidTo } from '../adapters/log/pino-log.ts';
import { flowKindsOf } from '../app/health.ts';
import { type LogLevel, LogLevels } from '../config/log.ts';
import { formatProblems, type Problem } from '../config/problems.ts';
import type { Config } from '../config/schema.ts';
import { watchConfig } from '../config/watch.ts';
import { untilStopped } from '../runtime/lifecycle.ts';
import { openLogFile } from '../runtime/log-files.ts';
import type { ObserveOptions, Place } from '../runtime/observe.ts';
import { type Services, startServices } from '../runtime/services.ts';
import { configOption, loadOrEnd, warningLines } from './config-option.ts';
import { mailboxReports } from './mailbox-reports.ts';
import { observeOption, placeOf } from './observe-option.ts';
import { reportSenders } from './sender-reports.ts';
import { weakInboxes } from './weak-inboxes.ts';
import { workerConsole } from './worker-console.ts';

type StartOptions = {
  readonly config: string;
  readonly logLevel?: LogLevel;
  readonly shadow?: boolean;
  readonly observe?: Pick<Place, 'host' | 'port'>;
};

type Say = (line: string) => void;

export function addStart(program: Command): void {
  program
    .command('start')
    .description('run workers until stopped with Ctrl-C')
    .addArgument(
      new Argument('<what>', 'all workers in one process, or one kind').choices(['all', ...WorkerKinds]),
    )
    .addOption(configOption())
    .addOption(
      new Option(
        '--log-level <level>',
        'what the log tells (default: log.level of the configuration)',
      ).choices(LogLevels),
    )
    .addOption(observeOption())
    .option('--shadow', 'only look on: read mail and decide, and mail nobody but managers')
    .addHelpText(
      'after',
      '\nWith --shadow what would go to customers and members is held back for good, and managers are told daily whom Baton' +
        '\nwould have asked. Where each kind of worker is a process of its own, write "shadow: true" into the configuration.' +
        '\n\nExamples:\n  npx baton start all --config baton.yaml\n  npx baton start all --shadow',
    )
    .action(start);
}

async function start(what: 'all' | WorkerKind, options: StartOptions): Promise<void> {
  const { config: read, digest, warnings } = loadOrEnd(options.config);
  const shadowed = (of: Config): Config => ({ ...of, shadow: of.shadow || options.shadow === true });
  const config = shadowed(read);
  const file = await openLogFile(config);
  const keep = file === null ? () => {} : saidTo(file);
  const screen = workerConsole();
  const say = (line: string) => {
    screen.say(line);
    keep(line);
  };
  const log = pinoLog(options.logLevel ?? config.log.level, file, screen.log);
  const place = placeOf(config, options.observe);
  const figures = place === null ? null : await figuresAt(place);
  const services = await startServices({
    ...{ config, log, say, isWhole: what === 'all' },
    ...(figures && { measures: figures.measures }),
  });
  if (config.shadow) say(LOOKS_ON);
  const inForce = { digest, notices: config.notices, warnings, shadowed };
  const watch = followFile(options.config, services, inForce, say);
  try {
    await untilStopped((signal) =>
      work(services, what === 'all' ? allOf(config) : [what], { signal, say, figures }),
    );
  } finally {
    say('Stopping: what is in hand is finished first.');
    await watch.close();
    await services.close();
  }
}

/** Loaded only where somebody watches: most Batons do without. */
async function figuresAt(place: Place) {
  const { prometheus } = await import('../adapters/metrics/prometheus.ts');
  const found = prometheus();
  return { place, prometheus: found, measures: found.measures };
}

type Figures = Awaited<ReturnType<typeof figuresAt>> | null;

type InForce = {
  readonly digest: string;
  readonly notices: string;
  readonly warnings: readonly Problem[];
  /** What this process was told besides the file. */
  readonly shadowed: (config: Config) => Config;
};

/** Puts each change of the file into force, and says what is allowed and hardly meant. */
function followFile(path: string, services: Services, inForce: InForce, say: Say) {
  const warn = (of: readonly Problem[]) =>
    [...warningLines(of), ...weakInboxes(services.deps.policy())].forEach(say);
  warn(inForce.warnings);
  return watchConfig({
    path,
    env: process.env,
    inForce: inForce.digest,
    notices: inForce.notices,
    onConfig: async (next, nextWarnings) => {
      await services.reconfigure(inForce.shadowed(next));
      say('The changed configuration is in force.');
      warn(nextWarnings);
    },
    onProblems: (problems) => say(`The changed configuration is NOT in force:\n${formatProblems(problems)}`),
    onMended: () => say('The mistake is mended; the configuration in force is that of the file.'),
    onError: (error) => say(`The changed configuration could not be put into force: ${String(error)}`),
  });
}

const LOOKS_ON =
  'Baton only looks on (shadow): nobody but managers is mailed, and what is held back is never sent.';

const allOf = ({ board }: Config): readonly WorkerKind[] => (board.serve ? WorkerKinds : MailWorkers);

type Work = { readonly signal: AbortSignal; readonly say: Say; readonly figures: Figures };

async function work(
  services: Services,
  kinds: readonly WorkerKind[],
  { signal, say, figures }: Work,
): Promise<void> {
  const { ended } = await startWorkers(services, kinds, signal, mailboxReports(services.settings, say));
  const watched =
    figures && (await observing({ services, kinds: flowKindsOf(kinds), signal, say, ...figures }));
  try {
    say(`Baton runs: ${kinds.join(', ')}. Stop it with Ctrl-C.`);
    if (kinds.includes('mailer')) await reportSenders(services, say);
    await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
    await ended;
  } finally {
    await watched?.close();
  }
}

const observing = async (options: ObserveOptions) => (await import('../runtime/observe.ts')).observe(options);
