/** `baton start`: runs workers until it is told to stop, and puts a changed configuration into force meanwhile. */
import { Argument, type Command, Option } from 'commander';
import { MailWorkers, startWorkers, type WorkerKind, WorkerKinds } from '../../workers/all.ts';
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

type StartOptions = { readonly config: string; readonly logLevel: LogLevel };

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
    .addHelpText('after', '\nExample:\n  npx baton start all --config baton.yaml')
    .action(start);
}

async function start(what: 'all' | WorkerKind, options: StartOptions): Promise<void> {
  const { config, digest, warnings } = loadOrEnd(options.config);
  const say = (line: string) => void process.stderr.write(`${line}\n`);
  const services = await startServices({ config, log: pinoLog(options.logLevel), say });
  const warn = (of: readonly Problem[]) =>
    [...warningLines(of), ...weakInboxes(services.deps.policy())].forEach(say);
  warn(warnings);
  const watch = watchConfig({
    path: options.config,
    env: process.env,
    inForce: digest,
    notices: config.notices,
    onConfig: async (next, nextWarnings) => {
      await services.reconfigure(next);
      say('The changed configuration is in force.');
      warn(nextWarnings);
    },
    onProblems: (problems) => say(`The changed configuration is NOT in force:\n${formatProblems(problems)}`),
    onError: (error) => say(`The changed configuration could not be put into force: ${String(error)}`),
  });
  try {
    await untilStopped((signal) => work(services, what === 'all' ? allOf(config) : [what], signal, say));
  } finally {
    say('Stopping: what is in hand is finished first.');
    await watch.close();
    await services.close();
  }
}

const allOf = ({ board }: Config): readonly WorkerKind[] => (board.serve ? WorkerKinds : MailWorkers);

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
