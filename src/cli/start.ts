/** `baton start`: runs workers until it is told to stop, and puts a changed configuration into force meanwhile. */
import { Argument, type Command, Option } from 'commander';
import { startWorkers, type WorkerKind, WorkerKinds } from '../../workers/all.ts';
import { type LogLevel, pinoLog } from '../adapters/log/pino-log.ts';
import { formatProblems, type Problem } from '../config/problems.ts';
import type { Config } from '../config/schema.ts';
import { watchConfig } from '../config/watch.ts';
import { untilStopped } from '../runtime/lifecycle.ts';
import { type Services, startServices } from '../runtime/services.ts';
import { configOption, loadOrEnd, warningLines } from './config-option.ts';
import { mailboxReports } from './mailbox-reports.ts';
import { reportSenders } from './sender-reports.ts';
import { weakInboxes } from './weak-inboxes.ts';

type StartOptions = { readonly config: string; readonly logLevel: LogLevel; readonly shadow?: boolean };

export function addStart(program: Command): void {
  program
    .command('start')
    .description('run workers until stopped with Ctrl-C')
    .addArgument(
      new Argument('<what>', 'all workers in one process, or one kind').choices(['all', ...WorkerKinds]),
    )
    .addOption(configOption())
    .addOption(
      new Option('--log-level <level>', 'what the log tells')
        .choices(['error', 'warn', 'info', 'debug'])
        .default('info'),
    )
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
  const { config: file, digest, warnings } = loadOrEnd(options.config);
  const shadowed = (of: Config): Config => ({ ...of, shadow: of.shadow || options.shadow === true });
  const config = shadowed(file);
  const say = (line: string) => void process.stderr.write(`${line}\n`);
  const services = await startServices({ config, log: pinoLog(options.logLevel), say });
  const warn = (of: readonly Problem[]) =>
    [...warningLines(of), ...weakInboxes(services.deps.policy())].forEach(say);
  warn(warnings);
  if (config.shadow) say(LOOKS_ON);
  const watch = watchConfig({
    path: options.config,
    env: process.env,
    inForce: digest,
    notices: config.notices,
    onConfig: async (next, nextWarnings) => {
      await services.reconfigure(shadowed(next));
      say('The changed configuration is in force.');
      warn(nextWarnings);
    },
    onProblems: (problems) => say(`The changed configuration is NOT in force:\n${formatProblems(problems)}`),
    onError: (error) => say(`The changed configuration could not be put into force: ${String(error)}`),
  });
  try {
    await untilStopped((signal) => work(services, what === 'all' ? WorkerKinds : [what], signal, say));
  } finally {
    say('Stopping: what is in hand is finished first.');
    await watch.close();
    await services.close();
  }
}

const LOOKS_ON =
  'Baton only looks on (shadow): nobody but managers is mailed, and what is held back is never sent.';

async function work(
  services: Services,
  kinds: readonly WorkerKind[],
  signal: AbortSignal,
  say: (line: string) => void,
): Promise<void> {
  const { ended } = await startWorkers(services, kinds, signal, mailboxReports(services.settings, say));
  say(`Baton runs: ${kinds.join(', ')}. Stop it with Ctrl-C.`);
  if (kinds.includes('mailer')) await reportSenders(services, say);
  await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
  await ended;
}
