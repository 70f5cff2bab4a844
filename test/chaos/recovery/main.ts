/**
 * `npm run recovery`: how long Baton takes to be well again, measured on real servers with mail flowing: each fault
 * several times, its median and its worst. Exit 0 only when none took longer than it may and `baton verify` finds
 * every promise kept.
 */
import { parseArgs } from 'node:util';
import { table } from '../../../src/cli/table.ts';
import { askedOf, demandServers, wholeNumber, writeFigures } from '../../support/program.ts';
import type { ServerName } from '../../support/stack/packages.ts';
import { measureAll } from './measure.ts';
import { type Figures, type Spread, tooSlow } from './times.ts';

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

async function run(): Promise<boolean> {
  const { repeats, outageMs, only } = asked;
  const begunAt = Date.now();
  const say = (line: string) =>
    void process.stderr.write(
      `${String(Math.round((Date.now() - begunAt) / 1_000)).padStart(5)} s  ${line}\n`,
    );
  const { figures, broken } = await measureAll({ repeats, outageMs, only, say });
  const faults = [...tooSlow(figures), ...broken];
  process.stderr.write(`\n${[...table(HEAD, figures.map(rowOf)), '', ...faults].join('\n')}\n`);
  writeFigures({ ok: faults.length === 0, repeats, outageMs, figures, faults }, asked.json);
  return faults.length === 0;
}

function readOptions(args: readonly string[]) {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    args: [...args],
    options: { repeats: text, seconds: text, only: text, json: text, help: { type: 'boolean' } },
  });
  if (values.help === true) return null;
  return {
    repeats: wholeNumber('repeats', values.repeats, 3, 1),
    outageMs: wholeNumber('seconds', values.seconds, 60, 1) * 1_000,
    only: values.only ?? '',
    json: values.json,
  };
}

const asked = askedOf(USAGE, readOptions);
demandServers(NEEDS);
process.exitCode = (await run()) ? 0 : 1;
