/**
 * `npm run chaos -- --seed N --seconds S --json FILE`: Baton on real servers while workers, servers, networks, disks,
 * clocks and people do what they can to break it, in an order that follows from the seed; then `baton verify`, and a
 * look at what was really sent in. Exit 0 only if every promise held, 1 if one did not, 64 for wrong usage.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { howToGet, isInstalled, type ServerName } from '../../support/stack/packages.ts';
import { type RunReport, run } from './run.ts';
import { scheduleOf } from './schedule.ts';

const USAGE = `Usage: npm run chaos -- [--seed N] [--seconds S] [--patience S] [--json FILE] [--schedule]

  --seed N       Which faults happen when, and which mail comes in: any whole number. Default: 1.
  --seconds S    How long mail flows and things break, 30 or more. Default: 300.
  --patience S   How long Baton may take afterwards until nothing waits any more. Default: 900.
  --json FILE    Writes the report there; otherwise it goes to standard output.
  --schedule     Only tells what would happen when.

Wants Dovecot, Redis, PostgreSQL, smtp-sink and faketime installed:
  apt-get install dovecot-imapd redis-server postgresql postfix faketime
As root it also fills the disk of PostgreSQL, on a mount of its own.
`;
const EX_USAGE = 64;
const NEEDS: readonly ServerName[] = ['dovecot', 'redis', 'postgres', 'smtp-sink', 'faketime'];
const SHORTEST = 30;
const SHOWN = 5;

const begunAt = performance.now();
const say = (line: string): void =>
  void process.stderr.write(
    `${String(Math.round((performance.now() - begunAt) / 1_000)).padStart(5)} s  ${line}\n`,
  );

process.exitCode = await main();

async function main(): Promise<number> {
  const asked = usage();
  if (typeof asked === 'string') {
    process.stderr.write(`${asked}\n\n${USAGE}`);
    return EX_USAGE;
  }
  if (asked.help) {
    process.stdout.write(USAGE);
    return 0;
  }
  const { seed, seconds, patienceSeconds } = asked;
  if (asked.schedule) {
    process.stdout.write(`${JSON.stringify(scheduleOf(seed, seconds), null, 2)}\n`);
    return 0;
  }
  const missing = NEEDS.filter((name) => !isInstalled(name));
  if (missing.length > 0) {
    process.stderr.write(`${missing.join(', ')} cannot be found. Get it by: ${howToGet(missing)}\n`);
    return 1;
  }
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
  const text = `${JSON.stringify(report, null, 2)}\n`;
  if (asked.json === undefined) process.stdout.write(text);
  else writeFileSync(asked.json, text);
  tell(report);
  return report.ok ? 0 : 1;
}

/** What was asked for, or what is wrong with it. */
function usage() {
  try {
    const { values } = parseArgs({
      options: {
        seed: { type: 'string', default: '1' },
        seconds: { type: 'string', default: '300' },
        patience: { type: 'string', default: '900' },
        json: { type: 'string' },
        schedule: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
    const [seed, seconds, patienceSeconds] = [values.seed, values.seconds, values.patience].map(Number);
    if (!Number.isSafeInteger(seed)) return `--seed wants a whole number, not ${values.seed}.`;
    if (!Number.isSafeInteger(seconds) || (seconds ?? 0) < SHORTEST)
      return `--seconds wants a whole number from ${SHORTEST} on, not ${values.seconds}.`;
    if (!Number.isSafeInteger(patienceSeconds) || (patienceSeconds ?? 0) < 0)
      return `--patience wants a whole number of seconds, not ${values.patience}.`;
    const { json, schedule, help } = values;
    return {
      seed: seed ?? 0,
      seconds: seconds ?? 0,
      patienceSeconds: patienceSeconds ?? 0,
      json,
      schedule,
      help,
    };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
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
