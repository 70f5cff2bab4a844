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

type StartOptions = {
  readonly config: string;
  readonly logLevel?: LogLevel;
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
    .addHelpText('after', '\nExample:\n  npx baton start all --config baton.yaml')
    .action(start);
}

async function start(what: 'all' | WorkerKind, options: StartOptions): Promise<void> {
  const { config, digest, warnings } = loadOrEnd(options.config);
  const file = await openLogFile(config);
  const keep = file === null ? () => {} : saidTo(file);
  const say = (line: string) => {
    process.stderr.write(`${line}\n`);
    keep(line);
  };
  const log = pinoLog(options.logLevel ?? config.log.level, file);
  const place = placeOf(config, options.observe);
  const figures = place === null ? null : await figuresAt(place);
  const services = await startServices({ config, log, say, ...(figures && { measures: figures.measures }) });
  const watch = followFile(options.config, services, { digest, notices: config.notices, warnings }, say);
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
      await services.reconfigure(next);
      say('The changed configuration is in force.');
      warn(nextWarnings);
    },
    onProblems: (problems) => say(`The changed configuration is NOT in force:\n${formatProblems(problems)}`),
    onError: (error) => say(`The changed configuration could not be put into force: ${String(error)}`),
  });
}

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
