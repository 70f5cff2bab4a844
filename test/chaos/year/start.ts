/**
 * `npm run simulate:year`: a year of a team on the virtual clock. Prints what came of it; exit 0 only if every clock
 * fired once and in time, nobody who is away was asked in vain, nobody was told twice, and somebody answered for every
 * request at every instant.
 */
import { parseArgs } from 'node:util';
import { type Instant, toDate } from '../../../src/domain/instant.ts';
import { askedOf, wholeNumber, writeFigures } from '../../support/program.ts';
import { figuresOf } from './figures.ts';
import { judgeYear } from './judge/judge.ts';
import { live } from './live.ts';
import { type PlanOptions, planYear, type YearPlan } from './plan.ts';
import { yearTable } from './table.ts';

const USAGE = `npm run simulate:year -- [options]

  --days N       how long it lasts (365); what happens in a year happens in that time
  --requests N   how many requests customers make (20000)
  --people N     how many are in the team at a time (10); from ten on two leave, and two come for them
  --from DATE    the first day (2026-01-01)
  --seed N       another year of the same kind (1)
  --json FILE    write the figures there as well
`;

function readOptions(args: readonly string[]): { plan: PlanOptions; json: string | null } | null {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    args: [...args],
    options: {
      ...{ days: text, requests: text, people: text, from: text, seed: text, json: text },
      help: { type: 'boolean' },
    },
  });
  if (values.help === true) return null;
  const from = values.from ?? '2026-01-01';
  if (!/^\d{4}-\d\d-\d\d$/.test(from) || Number.isNaN(Date.parse(from)))
    throw new RangeError(`--from wants a date such as 2026-01-01, not ${from}.`);
  return {
    plan: {
      from,
      seed: wholeNumber('seed', values.seed, 1, 0),
      days: wholeNumber('days', values.days, 365, 2),
      requests: wholeNumber('requests', values.requests, 20_000, 1),
      people: wholeNumber('people', values.people, 10, 6),
    },
    json: values.json ?? null,
  };
}

/** One line that is written over on a terminal; elsewhere a line for each tenth. */
function progressOf({ start, end }: YearPlan): { tell: (at: Instant) => void; end: () => void } {
  const begun = performance.now();
  const { stderr } = process;
  let toldAt = begun;
  let tenth = 0;
  const line = (at: Instant): string => {
    const part = (at - start) / (end - start);
    const seconds = (performance.now() - begun) / 1_000;
    const left = part > 0.01 ? `, ${Math.ceil((seconds / part) * (1 - part))} s left` : '';
    return `${toDate(at).toISOString().slice(0, 10)}  ${Math.floor(part * 100)} %${left}`;
  };
  return {
    tell(at) {
      if (stderr.isTTY) {
        if (performance.now() - toldAt < 200) return;
        toldAt = performance.now();
        stderr.write(`\r\u001b[K${line(at)}`);
        return;
      }
      const reached = Math.floor((10 * (at - start)) / (end - start));
      if (reached <= tenth) return;
      tenth = reached;
      stderr.write(`${line(at)}\n`);
    },
    end: () => void (stderr.isTTY && stderr.write('\r\u001b[K')),
  };
}

const asked = askedOf(USAGE, readOptions);
const begun = performance.now();
const plan = planYear(asked.plan);
const progress = progressOf(plan);
const record = await live(plan, { progress: progress.tell });
progress.end();
const lived = (performance.now() - begun) / 1_000;
const verdict = judgeYear(plan, record);
const figures = figuresOf(plan, record, verdict);
const { user, system } = process.cpuUsage();
const judged = (performance.now() - begun) / 1_000 - lived;
process.stdout.write(`${yearTable(plan, figures, verdict.faults).join('\n')}\n`);
process.stdout.write(
  `\nLived in ${lived.toFixed(0)} s, judged in ${judged.toFixed(0)} s, ${((user + system) / 1e6).toFixed(0)} s of processor time.\n`,
);
if (asked.json !== null)
  writeFigures({ ...asked.plan, ...figures, found: verdict.faults.slice(0, 100) }, asked.json);
process.exitCode = verdict.faults.length === 0 ? 0 : 1;
