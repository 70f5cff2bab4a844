/**
 * `npm run chaos -- --seed N --seconds S --json FILE`: Baton on real servers while workers, servers, networks, disks,
 * clocks and people do what they can to break it, in an order that follows from the seed; then `baton verify`, and a
 * look at what was really sent in. Exit 0 only if every promise held, 1 if one did not, 64 for wrong usage.
 */
import { parseArgs } from 'node:util';
import { askedOf, demandServers, wholeNumber, writeFigures } from '../../support/program.ts';
import type { ServerName } from '../../support/stack/packages.ts';
import { type RunReport, run } from './run.ts';
import { scheduleOf } from './schedule.ts';

const USAGE = `Usage: npm run chaos -- [--seed N] [--seconds S] [--patience S] [--json FILE] [--schedule]

  --seed N       Which faults happen when, and which mail comes in: any whole number. Default: 1.
  --seconds S    How long mail flows and things break, 30 or more. Default: 300.
  --patience S   How long Baton may take afterwards until nothing waits any more. Default: 1800.
  --json FILE    Writes the report there; otherwise it goes to standard output.
  --schedule     Only tells what would happen when.

Wants Dovecot, Redis, PostgreSQL, smtp-sink and faketime installed:
  apt-get install dovecot-imapd redis-server postgresql postfix faketime
As root it also fills the disk of PostgreSQL, on a mount of its own.
`;
const NEEDS: readonly ServerName[] = ['dovecot', 'redis', 'postgres', 'smtp-sink', 'faketime'];
const SHORTEST = 30;
/** A mail that a server refused for the moment four times in a row waits a quarter of an hour for its next try. */
const PATIENCE_SECONDS = 1_800;
const SHOWN = 5;

const begunAt = performance.now();
const say = (line: string): void =>
  void process.stderr.write(
    `${String(Math.round((performance.now() - begunAt) / 1_000)).padStart(5)} s  ${line}\n`,
  );

process.exitCode = await main();

async function main(): Promise<number> {
  const asked = askedOf(USAGE, readOptions);
  const { seed, seconds, patienceSeconds } = asked;
  if (asked.schedule) {
    process.stdout.write(`${JSON.stringify(scheduleOf(seed, seconds), null, 2)}\n`);
    return 0;
  }
  demandServers(NEEDS);
  const stop = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const)
    process.once(name, () => {
      // Who writes and reads goes on while servers end, and what fails for them then is of no interest.
      process.on('unhandledRejection', () => {});
      stop.abort();
    });
  const report = await run({ seed, seconds, patienceSeconds, say }, stop.signal).catch((error: unknown) => {
    say(`it came to no end: ${error instanceof Error ? error.message : String(error)}`);
    return null;
  });
  // What was in the middle of something would keep this process.
  if (report === null) process.exit(1);
  writeFigures(report, asked.json);
  tell(report);
  return report.ok ? 0 : 1;
}

function readOptions(args: readonly string[]) {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean', default: false } as const;
  const options = { seed: text, seconds: text, patience: text, json: text, schedule: flag, help: flag };
  const { seed, seconds, patience, json, schedule, help } = parseArgs({ args: [...args], options }).values;
  if (help) return null;
  return {
    seed: wholeNumber('seed', seed, 1, 0),
    seconds: wholeNumber('seconds', seconds, 300, SHORTEST),
    patienceSeconds: wholeNumber('patience', patience, PATIENCE_SECONDS, 0),
    ...{ json, schedule },
  };
}

function tell(report: RunReport): void {
  const { ok, violations, verify, mailsInAll, received, faults, slowestSeconds, kept } = report;
  const times = Object.values(faults).reduce((sum, count) => sum + count, 0);
  say(
    `${mailsInAll} mails in, ${received} out, ${times} faults of ${Object.keys(faults).length} kinds; slowest confirmation ${slowestSeconds} s`,
  );
  for (const { invariant, what, ids } of [...(verify.report?.violations ?? []), ...violations])
    say(
      `${invariant}  ${what}: ${ids.slice(0, SHOWN).join(', ')}${ids.length > SHOWN ? ` and ${ids.length - SHOWN} more` : ''}`,
    );
  if (verify.report === null) say(`verify said nothing: ${verify.stderr}`);
  if (kept !== undefined)
    say(`to look closer: ${kept} has what workers said, the database, and what was put in and taken out`);
  say(ok ? 'every promise held' : 'a promise was broken');
}
