/**
 * `npm run scale -- --conversations 1000000`: a database with so many open requests, and how long what workers, members
 * and operators ask of it takes, with PostgreSQL's plans.
 *
 * On Debian's PostgreSQL in a throw-away folder, or on the database given with `--on`, which is filled when it is empty and
 * left as it is. The table goes to standard error, JSON with the plans to `--json FILE` or standard output; exit 0 when
 * every goal is met and nothing that `baton verify` checks is wrong, 1 when not, 64 for wrong usage.
 */
import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { migrate } from '../../../src/adapters/db/migrate.ts';
import { createPool } from '../../../src/adapters/db/pool.ts';
import { table } from '../../../src/cli/table.ts';
import { startPostgres } from '../../support/stack/postgres.ts';
import { MIGRATIONS } from '../../support/store-database.ts';
import { checked } from './checked.ts';
import { bigCompany } from './company.ts';
import { fill, filledAt } from './fill.ts';
import { type Figure, measure, watched } from './measure.ts';
import { questionsOn } from './questions.ts';

const USAGE =
  'npm run scale -- [--conversations 1000000] [--copies 100] [--on URL] [--check SLICE] [--only WORDS] [--json FILE]';
const EX_USAGE = 64;
/** As a machine is set up for a database of this size; durability is not what is measured. */
const SETTINGS = {
  shared_buffers: '1GB',
  maintenance_work_mem: '512MB',
  max_wal_size: '8GB',
  fsync: 'off',
  full_page_writes: 'off',
  synchronous_commit: 'off',
  random_page_cost: '1.1',
};

const startedAt = performance.now();
const say = (line: string): void =>
  void process.stderr.write(
    `[${((performance.now() - startedAt) / 1_000).toFixed(0).padStart(4)} s] ${line}\n`,
  );

type Options = {
  readonly conversations: number;
  readonly copies: number;
  readonly slice: number;
  /** Words of the questions that are asked; '' for all. */
  readonly only: string;
};

async function run(url: string, { conversations, copies, slice, only }: Options) {
  const policy = bigCompany();
  const listening = watched(
    createPool(url, { max: 2, statementTimeoutMs: 600_000, applicationName: 'baton-scale' }),
  );
  const { pool } = listening;
  try {
    if (await isEmpty(pool)) await fill({ url, policy, conversations, copies, say });
    else await upToDate(url);
    const now = await filledAt(pool);
    const wrong = slice === 0 ? [] : await checked(pool, now, slice, say);
    const figures: Figure[] = [];
    for (const question of await questionsOn(pool, policy, now)) {
      if (!question.what.includes(only)) continue;
      figures.push(await measure(listening, question));
      say(`${question.what}: ${figures.at(-1)?.medianMs} ms`);
    }
    return {
      figures,
      wrong,
      size: await sizeOf(pool),
      machine: { cpus: cpus().length, model: cpus()[0]?.model },
    };
  } finally {
    await pool.end();
  }
}

/** What an upgrade of so many requests takes. */
async function upToDate(url: string): Promise<void> {
  const from = performance.now();
  const { applied } = await migrate(url, { folder: MIGRATIONS });
  if (applied.length === 0) return;
  say(`${applied.join(', ')} took ${((performance.now() - from) / 1_000).toFixed(1)} s`);
}

async function isEmpty(pool: ReturnType<typeof createPool>): Promise<boolean> {
  const { rows } = await pool.query<{ there: string | null }>(`SELECT to_regclass('conversation') AS there`);
  if (rows[0]?.there === null) return true;
  return (await pool.query('SELECT FROM conversation LIMIT 1')).rowCount === 0;
}

async function sizeOf(pool: ReturnType<typeof createPool>) {
  const { rows } = await pool.query<{ name: string; rows: number; mb: number }>(
    `SELECT relname AS name, reltuples::bigint AS rows, pg_total_relation_size(oid) / 1048576 AS mb FROM pg_class
     WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND reltuples > 1000 ORDER BY mb DESC`,
  );
  return rows;
}

function tell(figures: readonly Figure[]): void {
  const head = ['What', 'Found', 'Median ms', 'Max ms', 'Goal'];
  const rows = figures.map(({ what, rows: found, medianMs, maxMs, goalMs }) => [
    what,
    found ?? '',
    medianMs,
    maxMs,
    goalMs === null ? '' : `${goalMs} ms${medianMs > goalMs ? ' MISSED' : ''}`,
  ]);
  process.stderr.write(`\n${table(head, rows).join('\n')}\n\n`);
}

const { values } = parseArgs({
  options: {
    conversations: { type: 'string', default: '1000000' },
    copies: { type: 'string', default: '100' },
    check: { type: 'string', default: '20000' },
    on: { type: 'string' },
    only: { type: 'string', default: '' },
    json: { type: 'string' },
  },
});
const numbers = {
  conversations: Number(values.conversations),
  copies: Number(values.copies),
  slice: Number(values.check),
};
if (Object.values(numbers).some((value) => !Number.isSafeInteger(value) || value < 0) || numbers.copies < 1) {
  process.stderr.write(`Usage: ${USAGE}\n`);
  process.exit(EX_USAGE);
}
const server = values.on === undefined ? await startPostgres({ settings: SETTINGS }) : null;
try {
  const report = await run(values.on ?? (await server?.freshDatabase()) ?? '', {
    ...numbers,
    only: values.only,
  });
  tell(report.figures);
  for (const one of report.wrong) say(`WRONG: ${one}`);
  const text = `${JSON.stringify(report, null, 2)}\n`;
  if (values.json === undefined) process.stdout.write(text);
  else writeFileSync(values.json, text);
  const isMet = report.figures.every(({ medianMs, goalMs }) => goalMs === null || medianMs <= goalMs);
  process.exitCode = isMet && report.wrong.length === 0 ? 0 : 1;
} finally {
  await server?.end();
}
