/**
 * `npm run bench`: mail through Baton on real servers, from Dovecot to an SMTP sink, against the floor of the same run.
 *
 * Everything is thrown away in the end, after Ctrl-C as well. JSON goes to `--json FILE` or standard output, everything
 * else to standard error; exit 0 when every mail was answered once, 1 when not, 64 for wrong usage.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { table } from '../../src/cli/table.ts';
import { setup } from '../support/stack/install.ts';
import { isInstalled, packageOf, type ServerName } from '../support/stack/packages.ts';
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

const EX_USAGE = 64;
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

function serversMissing({ only, shapes }: Options): string[] {
  const wanted: ServerName[] = ['dovecot', 'smtp-sink'];
  const isEmbedded = !shapes.includes('production') && only.every((part) => EITHER_SHAPE.includes(part));
  if (!isEmbedded) wanted.push('postgres', 'redis');
  return wanted.filter((name) => !isInstalled(name)).map(packageOf);
}

async function main(): Promise<number> {
  let options: Options | null;
  let earlier: unknown;
  try {
    options = readOptions(process.argv.slice(2));
    // Before an hour of measuring, not after it.
    if (options?.against != null) earlier = readFigures(options.against);
    if (options?.plotFrom != null) {
      const drawn = plotOf(readFigures(options.plotFrom));
      if (options.plot === null) process.stdout.write(drawn);
      else writeFileSync(options.plot, drawn);
      return 0;
    }
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n\n${USAGE}`);
    return EX_USAGE;
  }
  if (options === null) {
    process.stdout.write(USAGE);
    return 0;
  }
  await setup();
  const missing = serversMissing(options);
  if (missing.length > 0) {
    process.stderr.write(
      `The bench runs on real servers. Install those that are missing: apt-get install ${missing.join(' ')}\n`,
    );
    return 1;
  }
  const figures = await measure(options);
  const text = `${JSON.stringify(figures, null, 2)}\n`;
  if (options.json === null) process.stdout.write(text);
  else writeFileSync(options.json, text);
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
