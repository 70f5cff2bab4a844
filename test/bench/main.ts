/**
 * `npm run bench`: mail through Baton on real servers, from Dovecot to an SMTP sink, against the floor of the same run.
 *
 * Everything is thrown away in the end, after Ctrl-C as well. JSON goes to `--json FILE` or standard output, everything
 * else to standard error; exit 0 when every mail was answered once, 1 when not, 64 for wrong usage.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { table } from '../../src/cli/table.ts';
import { askedOf, demandServers, writeFigures } from '../support/program.ts';
import { setup } from '../support/stack/install.ts';
import type { ServerName } from '../support/stack/packages.ts';
import { measureCatchUp } from './catch-up.ts';
import { ratios } from './compare.ts';
import { type Bench, talkative } from './context.ts';
import { endings } from './endings.ts';
import { type Figures, headline, type Parts } from './figures.ts';
import { againstGoals } from './goals.ts';
import { measureLatency } from './latency.ts';
import { machine, versions } from './machine.ts';
import { measureMailboxes } from './mailboxes.ts';
import { measureMemory } from './memory.ts';
import { type Options, type Part, readOptions, USAGE } from './options.ts';
import { plotOf } from './plot.ts';
import { measureThroughput } from './throughput.ts';
import { measureCopies } from './workers.ts';

const INTERRUPTED = 130;
/** Parts that run on the shapes that were asked for; the others always want servers of their own. */
const EITHER_SHAPE: readonly Part[] = ['throughput', 'latency', 'catch-up', 'memory'];

const MEASURES: Readonly<Record<Part, (bench: Bench) => Promise<Parts>>> = {
  throughput: async (bench) => ({ throughput: await measureThroughput(bench) }),
  latency: async (bench) => ({ latency: await measureLatency(bench) }),
  'catch-up': async (bench) => ({ catchUp: await measureCatchUp(bench) }),
  mailboxes: async (bench) => ({ mailboxes: await measureMailboxes(bench) }),
  workers: async (bench) => ({ workers: await measureCopies(bench) }),
  memory: async (bench) => ({ memory: await measureMemory(bench) }),
};

async function measure(options: Options): Promise<Figures> {
  const { say, progress } = talkative();
  const wrong: string[] = [];
  const ends = endings((error) => say(`could not be ended: ${String(error)}`));
  const bench: Bench = {
    ...{ options, say, progress, endings: ends },
    wrong(line) {
      wrong.push(line);
      say(`WRONG: ${line}`);
    },
  };
  const interrupt = () => {
    say('interrupted: throwing everything away');
    void ends.closeAll().then(() => process.exit(INTERRUPTED));
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, interrupt);
  const seconds: Record<string, number> = {};
  let parts: Parts = {};
  try {
    for (const part of options.only) {
      say(`== ${part}`);
      const begunAt = performance.now();
      parts = { ...parts, ...(await MEASURES[part](bench)) };
      seconds[part] = Math.round((performance.now() - begunAt) / 1_000);
    }
  } finally {
    await ends.closeAll();
  }
  const about = {
    at: new Date().toISOString(),
    seconds,
    machine: machine(),
    versions: versions(options.shapes),
  };
  return { ...headline(parts), ...parts, wrong, ...about };
}

/** What is wanted as ratios to the floor: the same on a slower and on a faster machine. */
function tellGoals(figures: Figures): void {
  const rows = againstGoals(figures).map(({ figure, value, solid, goal, verdict }) => [
    figure,
    ...[value, solid, goal],
    verdict,
  ]);
  if (rows.length > 0) tellTable(['figure', 'measured', 'solid', 'goal', 'reached'], rows);
}

function tellRatios(figures: Figures, earlierRun: unknown, file: string): void {
  const rows = ratios(figures, earlierRun).map(({ figure, now, earlier, ratio }) => [
    figure,
    now,
    earlier,
    ratio,
  ]);
  if (rows.length === 0) process.stderr.write(`\n${file} has no figure that was measured now.\n`);
  else tellTable(['figure', 'now', 'earlier', 'now / earlier'], rows);
}

const tellTable = (head: readonly string[], rows: readonly (readonly (string | number)[])[]): void =>
  void process.stderr.write(`\n${table(head, rows).join('\n')}\n`);

const readFigures = (file: string): Figures => {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Figures;
  } catch (error) {
    throw new Error(`${file} does not hold the figures of a run: ${(error as Error).message}`);
  }
};

function serversOf({ only, shapes }: Options): ServerName[] {
  const isEmbedded = !shapes.includes('production') && only.every((part) => EITHER_SHAPE.includes(part));
  return ['dovecot', 'smtp-sink', ...(isEmbedded ? [] : (['postgres', 'redis'] as const))];
}

/** Files that cannot be read are told before an hour of measuring, not after it. */
function readWithFiles(args: readonly string[]) {
  const options = readOptions(args);
  if (options === null) return null;
  const { against, plotFrom } = options;
  return {
    options,
    earlier: against === null ? null : readFigures(against),
    drawn: plotFrom === null ? null : plotOf(readFigures(plotFrom)),
  };
}

async function main(): Promise<number> {
  const { options, earlier, drawn } = askedOf(USAGE, readWithFiles);
  if (drawn !== null) {
    if (options.plot === null) process.stdout.write(drawn);
    else writeFileSync(options.plot, drawn);
    return 0;
  }
  await setup();
  demandServers(serversOf(options));
  const figures = await measure(options);
  writeFigures(figures, options.json);
  if (options.plot !== null) writeFileSync(options.plot, plotOf(figures));
  tellGoals(figures);
  if (options.against !== null) tellRatios(figures, earlier, options.against);
  return figures.wrong.length === 0 ? 0 : 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`\nThe bench broke off: ${(error as Error).stack ?? String(error)}\n`);
  process.exitCode = 1;
}
