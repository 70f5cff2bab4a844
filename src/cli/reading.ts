/** What every command that only looks begins with: the configuration, the database, the team as it is now, the time. */
import { postgresClockList } from '../adapters/db/clock-list.ts';
import { createPool } from '../adapters/db/pool.ts';
import { whetherItRuns } from '../adapters/db/running.ts';
import type { TimeSource } from '../adapters/db/sql.ts';
import { postgresStore } from '../adapters/db/store.ts';
import { withFormerMembers } from '../app/adopt-policy.ts';
import { toPolicy } from '../config/policy.ts';
import type { Config } from '../config/schema.ts';
import { withAbsences } from '../domain/absences.ts';
import type { MemberId } from '../domain/ids.ts';
import { type Instant, toDate } from '../domain/instant.ts';
import type { Policy } from '../domain/policy.ts';
import { borrowDatabase } from '../runtime/database.ts';
import { warnAtRest } from './at-rest.ts';
import { loadForReading } from './config-option.ts';
import { type Terminal, terminalOf } from './terminal.ts';

/** The options that all of them have. */
export type ReadingOptions = { readonly config: string; readonly json?: boolean; readonly color?: boolean };

export type Reading = {
  readonly config: Config;
  /** With who is away by now, and those who have left. */
  readonly policy: Policy;
  readonly pool: ReturnType<typeof createPool>;
  readonly time: TimeSource;
  readonly now: Instant;
  readonly timeZone: string;
  readonly nameOf: (id: MemberId) => string;
  readonly terminal: Terminal;
};

export async function reading(
  name: string,
  options: ReadingOptions,
  work: (reading: Reading) => Promise<void>,
): Promise<void> {
  const { config } = loadForReading(options.config);
  const { timeZone } = config.defaults;
  const database = await borrowDatabase(config);
  const pool = createPool(database.url, { max: 2, applicationName: `baton-${name}` });
  const { time } = database;
  const store = postgresStore({ pool, time });
  try {
    const team = await withFormerMembers(store, toPolicy(config));
    const policy = withAbsences(team, await store.toldAbsences());
    const now = await postgresClockList({ pool, time }).now();
    warnAtRest(await whetherItRuns(pool, time), now, timeZone);
    const nameOf = (id: MemberId): string => policy.members.get(id)?.name ?? id;
    await work({ config, policy, pool, time, now, timeZone, nameOf, terminal: terminalOf(options) });
  } finally {
    await store.close();
    await database.stop();
  }
}

/** A date in JSON: ISO 8601 in UTC. */
export const isoOf = (at: Instant): string => toDate(at).toISOString();
export const isoOrNull = (at: Instant | null): string | null => (at === null ? null : isoOf(at));

export const answer = (lines: readonly string[]): void => void process.stdout.write(`${lines.join('\n')}\n`);
export const answerJson = (value: unknown): void => void process.stdout.write(`${JSON.stringify(value)}\n`);
