/**
 * `npm run recovery`: how long Baton takes to be well again, measured on real servers with mail flowing: each fault
 * several times, its median and its worst. Exit 0 only when none took longer than it may and `baton verify` finds
 * every promise kept.
 */
import { writeFileSync } from 'node:fs';
import { table } from '../../../src/cli/table.ts';
import { howToGet, isInstalled, type ServerName } from '../../support/stack/packages.ts';
import { measureAll } from './measure.ts';
import { type Figures, type Spread, tooSlow } from './times.ts';
import { EX_USAGE, readArguments } from './usage.ts';

const USAGE = `Usage: npm run recovery -- [--repeats 3] [--seconds 60] [--only WORDS] [--json FILE]

  --repeats N    how often each fault is measured (3)
  --seconds N    how long a server is down (60)
  --only WORDS   only the faults whose name has one of these words, with commas between
  --json FILE    write the figures there instead of on standard output
`;
const NEEDS: readonly ServerName[] = ['dovecot', 'postgres', 'redis', 'smtp-sink'];

const seconds = ({ median, worst }: Spread): string[] => [median, worst].map((ms) => (ms / 1_000).toFixed(1));

const rowOf = ({ fault, shape, trials, flowing, caughtUp, slowest, within }: Figures) => [
  ...[fault, shape, trials, ...seconds(flowing), ...seconds(caughtUp), ...seconds(slowest), within],
];

const HEAD = [
  ...['fault', 'workers', 'trials', 'flows again, median s', 'worst s', 'all caught up, median s', 'worst s'],
  ...['slowest mail, median s', 'worst s', 'may take s'],
];

async function run(repeats: number, outageMs: number, only: string): Promise<boolean> {
  const begunAt = Date.now();
  const say = (line: string) =>
    void process.stderr.write(
      `${String(Math.round((Date.now() - begunAt) / 1_000)).padStart(5)} s  ${line}\n`,
    );
  const { figures, broken } = await measureAll({ repeats, outageMs, only, say });
  const faults = [...tooSlow(figures), ...broken];
  process.stderr.write(`\n${[...table(HEAD, figures.map(rowOf)), '', ...faults].join('\n')}\n`);
  const text = `${JSON.stringify({ ok: faults.length === 0, repeats, outageMs, figures, faults }, null, 2)}\n`;
  if (asked.type === 'run' && asked.texts.json !== undefined) writeFileSync(asked.texts.json, text);
  else process.stdout.write(text);
  return faults.length === 0;
}

const asked = readArguments(
  process.argv.slice(2),
  { repeats: { unless: 3, least: 1 }, seconds: { unless: 60, least: 1 } },
  ['json', 'only'],
);
if (asked.type === 'help') process.stdout.write(USAGE);
else if (asked.type === 'wrong') {
  process.stderr.write(`${asked.why}\n\n${USAGE}`);
  process.exitCode = EX_USAGE;
} else if (!NEEDS.every(isInstalled)) {
  process.stderr.write(`Servers are missing: ${howToGet(NEEDS)}\n`);
  process.exitCode = 1;
} else {
  const { repeats, seconds: outage } = asked.numbers;
  process.exitCode = (await run(repeats, outage * 1_000, asked.texts.only ?? '')) ? 0 : 1;
}
