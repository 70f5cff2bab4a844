/**
 * `npm run fuzz`: gives the readers of hostile text inputs that are made, changed and spliced, and asks of each whether
 * what has to hold did, within bounds of time and memory. A finding is made small, kept in a file and printed with how
 * to see it again. Exit 0 when nothing was found, 1 when something was, 64 for wrong usage.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { askedOf, wholeNumber, writeFigures } from '../../support/program.ts';
import { boundedRunner, type Runner } from './bounded.ts';
import { type Campaign, campaign, type Figures, type Finding } from './campaign.ts';
import { minimize } from './minimize.ts';
import type { Target } from './target.ts';
import { Targets } from './targets.ts';

const names = Targets.map(({ name }) => name).join('|');
const USAGE = `Usage: npm run fuzz -- [--seconds S] [--target NAME] [--seed N] [--unguided] [--found FOLDER] [--json FILE]
       npm run fuzz -- --target NAME --replay FILE

  --seconds S     how long in all (60); each target has its share
  --target NAME   ${names}, or all (the default)
  --seed N        the same seed makes the same inputs in the same order (1)
  --unguided      without coverage: more inputs, and none is kept for what it reached
  --found FOLDER  where findings are kept (a folder baton-fuzz among temporary files)
  --replay FILE   gives the target this input, and nothing else
  --json FILE     writes figures and findings there; otherwise to standard output
`;

type Options = {
  readonly seconds: number;
  readonly targets: readonly Target[];
  readonly seed: number;
  readonly guided: boolean;
  readonly found: string;
  readonly replay: string | null;
  readonly json: string | null;
};

const say = (line: string): void => void process.stderr.write(`${line}\n`);

function readOptions(args: readonly string[]): Options | null {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    args: [...args],
    options: {
      ...{ seconds: text, target: text, seed: text, found: text, replay: text, json: text },
      unguided: { type: 'boolean', default: false },
      help: { type: 'boolean' },
    },
  });
  if (values.help === true) return null;
  const { target = 'all', found = join(tmpdir(), 'baton-fuzz'), replay = null, json = null } = values;
  const targets = Targets.filter(({ name }) => target === 'all' || target === name);
  if (targets.length === 0) throw new RangeError(`--target: there is no ${target}.`);
  if (replay !== null && targets.length !== 1) throw new RangeError('--replay wants a --target.');
  const seconds = Number(values.seconds ?? 60);
  if (!(seconds > 0)) throw new RangeError(`--seconds wants a number above 0, not ${values.seconds}.`);
  const seed = wholeNumber('seed', values.seed, 1, 0);
  return { seconds, seed, targets, guided: !values.unguided, found, replay, json };
}

type Report = {
  readonly target: string;
  readonly promise: string;
  readonly seconds: number;
  readonly figures: Figures;
  readonly findings: readonly { readonly key: string; readonly why: string; readonly file: string }[];
};

const PROGRESS_MS = 10_000;

async function fuzz({ seconds, targets, seed, guided, found }: Options): Promise<Report[]> {
  const reports: Report[] = [];
  for (const target of targets) {
    const runner = boundedRunner();
    const begun = Date.now();
    const until = begun + (seconds * 1_000) / targets.length;
    const fire = campaign(target, seed, runner, guided);
    const findings: Report['findings'][number][] = [];
    let told = begun;
    try {
      while (Date.now() < until) {
        for (const finding of await fire.step()) findings.push(await keep(target, finding, found));
        if (Date.now() - told < PROGRESS_MS) continue;
        told = Date.now();
        say(progress(fire, told - begun, findings.length));
      }
    } finally {
      await runner.close();
    }
    say(progress(fire, Date.now() - begun, findings.length));
    reports.push({
      target: target.name,
      promise: target.promise,
      seconds: Math.round((Date.now() - begun) / 100) / 10,
      figures: fire.figures(),
      findings,
    });
  }
  return reports;
}

function progress({ target, figures }: Campaign, ms: number, found: number): string {
  const { executions, kept, slowest } = figures();
  const perSecond = Math.round((executions * 1_000) / Math.max(1, ms));
  return `${target.name.padEnd(15)} ${Math.round(ms / 1_000)} s, ${executions} inputs (${perSecond}/s), ${kept} kept, slowest ${Math.round(slowest.ms)} ms of ${slowest.bytes} bytes, ${found} found`;
}

async function keep(target: Target, finding: Finding, folder: string): Promise<Report['findings'][number]> {
  say(`${target.name}: ${finding.key}; made small …`);
  const input = await smallest(target, finding);
  mkdirSync(folder, { recursive: true });
  const name = `${target.name}-${createHash('sha256').update(finding.key).digest('hex').slice(0, 10)}`;
  const file = join(folder, name);
  writeFileSync(file, input);
  say(
    `FOUND ${finding.key}\n${finding.why}\n${input.length} bytes: ${JSON.stringify(input.toString('latin1').slice(0, 300))}`,
  );
  say(`  npm run fuzz -- --target ${target.name} --replay ${file}`);
  return { key: finding.key, why: finding.why, file };
}

/** What takes too long is tried few times. */
async function smallest(target: Target, { input, key }: Finding): Promise<Buffer> {
  const runner = boundedRunner(undefined, 3_000);
  const isQuick = !/slow|stopped|ended by itself/.test(key);
  const stillFinds = async (candidate: Buffer): Promise<boolean> =>
    (await runner.run(target, [candidate])).faults.some((fault) => fault.key === key);
  try {
    return await minimize(input, stillFinds, isQuick ? 600 : 40);
  } finally {
    await runner.close();
  }
}

async function replay(target: Target, file: string): Promise<boolean> {
  const runner: Runner = boundedRunner();
  try {
    const { faults, slowest } = await runner.run(target, [readFileSync(file)]);
    for (const { key, why } of faults) say(`FOUND ${key}\n${why}`);
    if (faults.length === 0) say(`${target.name}: held, in ${Math.round(slowest.ms)} ms of processor time`);
    return faults.length === 0;
  } finally {
    await runner.close();
  }
}

async function main(): Promise<number> {
  const options = askedOf(USAGE, readOptions);
  const [target] = options.targets;
  if (options.replay !== null && target !== undefined) return (await replay(target, options.replay)) ? 0 : 1;
  const reports = await fuzz(options);
  writeFigures({ seed: options.seed, targets: reports }, options.json);
  return reports.some(({ findings }) => findings.length > 0) ? 1 : 0;
}

process.exitCode = await main();
