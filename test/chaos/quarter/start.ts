/**
 * `npm run simulate:quarter`: thirteen weeks of a team whose work changes, three times: by rules only, with a model that
 * is made once and kept, and with one that learns again each night. Prints week by week which share of the first
 * questions went to somebody who took it; exit 0 only if learning does better at the end than both others.
 */
import { parseArgs } from 'node:util';
import { table } from '../../../src/cli/table.ts';
import { fromIso } from '../../../src/domain/instant.ts';
import { askedOf, wholeNumber, writeFigures } from '../../support/program.ts';
import { liveQuarter, type Way, Ways, type Week } from './live.ts';

const USAGE = `npm run simulate:quarter -- [options]

  --weeks N      how long it lasts (13)
  --per-day N    how many mails come on a working day (24)
  --seed N       another quarter of the same kind (1)
  --json FILE    write the figures there as well
`;

/** A Monday, before the office opens. */
const START = fromIso('2026-01-05T07:00:00Z');
/** The weeks by which it is judged: everything has changed by then. */
const LAST = 4;

type Asked = {
  readonly weeks: number;
  readonly perDay: number;
  readonly seed: number;
  readonly json: string | null;
};

function readOptions(args: readonly string[]): Asked | null {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    args: [...args],
    options: { weeks: text, 'per-day': text, seed: text, json: text, help: { type: 'boolean' } },
  });
  if (values.help === true) return null;
  return {
    weeks: wholeNumber('weeks', values.weeks, 13, 3),
    perDay: wholeNumber('per-day', values['per-day'], 24, 1),
    seed: wholeNumber('seed', values.seed, 1, 0),
    json: values.json ?? null,
  };
}

const share = (part: number, of: number): string => `${Math.round((100 * part) / Math.max(1, of))} %`;

function rowsOf(lived: ReadonlyMap<Way, readonly Week[]>, weeks: number): string[][] {
  return Array.from({ length: weeks }, (_, at) => [
    `${at + 1}`,
    ...Ways.flatMap((way) => {
      const week = lived.get(way)?.[at];
      if (week === undefined) return ['', ''];
      return [share(week.firstAccepted, week.requests), share(week.wrong, week.requests)];
    }),
  ]);
}

const lastShare = (weeks: readonly Week[] | undefined): number => {
  const last = (weeks ?? []).slice(-LAST);
  const sum = (count: (week: Week) => number): number => last.reduce((total, week) => total + count(week), 0);
  return (
    sum(({ firstAccepted }) => firstAccepted) /
    Math.max(
      1,
      sum(({ requests }) => requests),
    )
  );
};

const { weeks, perDay, seed, json } = askedOf(USAGE, readOptions);
const lived = new Map<Way, readonly Week[]>();
for (const way of Ways) {
  process.stderr.write(`${way} …\n`);
  lived.set(way, await liveQuarter({ seed, start: START, weeks, perDay }, way));
}
const heads = ['week', ...Ways.flatMap((way) => [`${way}: taken at once`, 'asked in vain'])];
process.stdout.write(`${table(heads, rowsOf(lived, weeks)).join('\n')}\n`);
const shares = new Map(Ways.map((way) => [way, lastShare(lived.get(way))]));
const told = [...shares].map(([way, of]) => `${way} ${share(of, 1)}`).join(', ');
process.stdout.write(`\nThe last ${LAST} weeks: ${told}. The rest was asked of the front desk first.\n`);
if (json !== null) writeFigures({ weeks, perDay, seed, lived: Object.fromEntries(lived) }, json);
const [rules = 0, fixed = 0, learning = 0] = shares.values();
process.exitCode = learning > rules && learning > fixed ? 0 : 1;
