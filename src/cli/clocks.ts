/** `baton clocks`: what fires next and why, and what follows when nobody does anything. */
import type { Command } from 'commander';
import { postgresClockList } from '../adapters/db/clock-list.ts';
import { postgresParkedList } from '../adapters/db/parked.ts';
import { createPool } from '../adapters/db/pool.ts';
import { whetherItRuns } from '../adapters/db/running.ts';
import { postgresStore } from '../adapters/db/store.ts';
import { withFormerMembers } from '../app/adopt-policy.ts';
import { foretell } from '../app/foretell.ts';
import { toPolicy } from '../config/policy.ts';
import { isMoment, momentIn } from '../config/values.ts';
import { withAbsences } from '../domain/absences.ts';
import type { MemberId } from '../domain/ids.ts';
import type { Instant } from '../domain/instant.ts';
import { borrowDatabase } from '../runtime/database.ts';
import { warnAtRest } from './at-rest.ts';
import { inWords, toJson } from './clocks-words.ts';
import { configOption, loadForReading } from './config-option.ts';
import { ExitCode, Finding } from './exit.ts';
import { limitOption } from './limit-option.ts';
import { memberNamed } from './member-option.ts';
import { terminalOf } from './terminal.ts';

type Options = {
  readonly config: string;
  readonly at?: string;
  readonly of?: string;
  readonly limit: number;
  readonly json?: boolean;
};

const HELP = `
Each line is a clock that runs: when it fires, whom it waits for, and what follows when nothing happens until then. What
follows is decided by the functions that do it in earnest; nothing is written. With --at, what fires until then is told
first, as if nobody did anything meanwhile and nobody went away.

Examples:
  npx baton clocks --config baton.yaml
  npx baton clocks --of Priya                       what waits for her, or asks her next
  npx baton clocks --at 2026-03-06T18:00            what fires until Friday evening
  npx baton clocks --json | jq '.running[] | select(.late)'`;

export function addClocks(program: Command): void {
  program
    .command('clocks')
    .description('tell what fires next and why, and what follows when nobody does anything')
    .addOption(configOption())
    .option('--at <time>', 'as it would be then, such as 2026-03-06T18:00 in the zone of the configuration')
    .option('--of <member>', 'only what waits for this teammate, or asks or tells them')
    .addOption(limitOption('how many clocks', 20))
    .option('--json', 'answer as JSON')
    .addHelpText('after', HELP)
    .action(run);
}

async function run(options: Options): Promise<void> {
  const { config } = loadForReading(options.config);
  const { timeZone } = config.defaults;
  const at = options.at === undefined ? null : instantIn(options.at, timeZone);
  const database = await borrowDatabase(config);
  const pool = createPool(database.url, { max: 2, applicationName: 'baton-clocks' });
  const { time } = database;
  const store = postgresStore({ pool, time });
  try {
    const team = await withFormerMembers(store, toPolicy(config));
    const policy = withAbsences(team, await store.toldAbsences());
    const of = options.of === undefined ? null : memberNamed(policy, options.of).id;
    const clocks = postgresClockList({ pool, time });
    const now = await clocks.now();
    warnAtRest(await whetherItRuns(pool, time), now, timeZone);
    if (at !== null && at < now)
      throw new Finding('The time given with --at is over: clocks are told from now on.', ExitCode.usage);
    const { limit } = options;
    const told = await foretell({ clocks, parked: postgresParkedList({ pool }), policy, at, of, limit });
    const nameOf = (id: MemberId): string => policy.members.get(id)?.name ?? id;
    process.stdout.write(
      options.json
        ? `${JSON.stringify(toJson(told))}\n`
        : inWords(told, { timeZone, nameOf, limit, of, terminal: terminalOf({}) }),
    );
  } finally {
    await store.close();
    await database.stop();
  }
}

function instantIn(text: string, timeZone: string): Instant {
  const at = isMoment(text) ? momentIn(text, timeZone) : null;
  if (at !== null) return at;
  throw new Finding(
    `"${text}" is no date or time. Write 2026-03-06 or 2026-03-06T18:00, which counts in ${timeZone}.`,
    ExitCode.usage,
  );
}
