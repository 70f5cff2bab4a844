/** `baton logs`: what workers did and met, read by people. */
import { stat } from 'node:fs/promises';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { untilStopped } from '../runtime/lifecycle.ts';
import { logFiles } from '../runtime/log-files.ts';
import { endWithReader } from './closed-output.ts';
import { configOption, loadForReading } from './config-option.ts';
import { ExitCode, Finding } from './exit.ts';
import { isSought, type Level, Levels, pretty, type Sieve } from './log-lines.ts';
import { follow, lastLines, linesOf } from './log-source.ts';
import { numberTyped } from './named.ts';
import { colourOption, terminalOf } from './terminal.ts';

type Options = {
  readonly config: string;
  readonly follow?: boolean;
  readonly level: Level;
  readonly step?: string;
  readonly request?: number;
  readonly limit: number;
  readonly json?: boolean;
  readonly color?: boolean;
};

const LIMIT_MAX = 100_000;

const HELP = `
With the embedded database the log lies in the data folder. With a database of your own, whatever runs Baton keeps what it
writes: name that file, or pipe it in. A log holds rows, steps and codes; no subject, no address and no words of anybody.

Examples:
  npx baton logs                                     the last hundred lines
  npx baton logs --follow --level warn               what goes wrong from now on
  npx baton logs --request 1042                      what was noted of a request
  journalctl -u baton -o cat | npx baton logs -      with systemd
  docker compose logs --no-log-prefix | npx baton logs -`;

export function addLogs(program: Command): void {
  program
    .command('logs')
    .description('show the log of the workers for people, or follow it')
    .argument('[file]', 'a file of log lines, or - for what is piped in')
    .addOption(configOption())
    .option('-f, --follow', 'go on with what is written from now on, until Ctrl-C')
    .addOption(new Option('--level <level>', 'this grave, and graver').choices(Levels).default('debug'))
    .option('--step <step>', 'only of this step, such as deliver')
    .addOption(new Option('--request <number>', 'only what names this request').argParser(requestIn))
    .addOption(
      new Option('--limit <n>', 'how many of the last lines; a file that is named is shown whole')
        .default(100)
        .argParser(limitIn),
    )
    .option('--json', 'the lines as they were written')
    .addOption(colourOption())
    .addHelpText('after', HELP)
    .action(run);
}

function requestIn(typed: string): number {
  const id = numberTyped(typed);
  if (id === null) throw new InvalidArgumentError('Give the number of a request, such as 1042.');
  return id;
}

function limitIn(typed: string): number {
  const limit = Number(typed);
  if (!/^\d{1,6}$/.test(typed) || limit > LIMIT_MAX)
    throw new InvalidArgumentError(`Give a number up to ${LIMIT_MAX}.`);
  return limit;
}

async function run(file: string | undefined, options: Options): Promise<void> {
  endWithReader();
  const { paint } = terminalOf(options);
  const sieve: Sieve = {
    level: options.level,
    step: options.step ?? null,
    request: options.request ?? null,
  };
  const sought = (line: string): boolean => isSought(line, sieve);
  const say = (line: string): void =>
    void process.stdout.write(`${options.json === true ? line : pretty(line, paint)}\n`);
  if (file !== undefined && (file === '-' || options.follow !== true)) {
    await readableOrEnd(file);
    for await (const line of linesOf(file)) if (sought(line)) say(line);
    return;
  }
  const files = file === undefined ? filesOrEnd(options.config) : [file];
  for (const line of await lastLines(files, options.limit, sought)) say(line);
  const [newest] = files;
  if (options.follow === true && newest !== undefined)
    await untilStopped((signal) => follow(newest, (line) => sought(line) && say(line), signal));
}

async function readableOrEnd(file: string): Promise<void> {
  if (file !== '-' && (await stat(file).catch(() => null)) === null)
    throw new Finding(`There is no file ${file}.`, ExitCode.usage);
}

function filesOrEnd(path: string): string[] {
  const files = logFiles(loadForReading(path, []).config);
  if (files.length > 0) return files;
  throw new Finding(
    'This Baton has a database of its own and writes its log to standard error, which is kept by whatever runs it:\n' +
      '  journalctl -u baton -o cat | npx baton logs -\n' +
      '  docker compose logs --no-log-prefix | npx baton logs -',
  );
}
