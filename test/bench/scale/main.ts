/**
 * `npm run scale -- --conversations 10000,100000,1000000`: a database with so many open requests, then with ten and a
 * hundred times as many, and how long what workers, members and operators ask of it takes at each size: how it grows.
 *
 * On Debian's PostgreSQL in a throw-away folder, or on the database given with `--on`, which is filled when it is empty and
 * left as it is. The table goes to standard error, JSON with the plans to `--json FILE` or standard output; exit 0 when
 * every goal is met and nothing that `baton verify` checks is wrong, 1 when not, 64 for wrong usage.
 */
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { migrate } from '../../../src/adapters/db/migrate.ts';
import { createPool } from '../../../src/adapters/db/pool.ts';
import { askedOf, demandServers, wholeNumber, writeFigures } from '../../support/program.ts';
import { startPostgres } from '../../support/stack/postgres.ts';
import { MIGRATIONS } from '../../support/store-database.ts';
import { checked } from './checked.ts';
import { bigCompany } from './company.ts';
import { fill, filledAt } from './fill.ts';
import { growthOf, isMet, type Size } from './growth.ts';
import { type Figure, measure, watched } from './measure.ts';
import { questionsOn } from './questions.ts';

const USAGE = `Usage: npm run scale -- [options]

  --conversations LIST  so many open requests, ascending (10000,100000,1000000); each told one is copied
  --told NUMBER         so many different ones are told, the rest are copies (10000, or the smallest size)
  --on URL              fill this PostgreSQL database when it is empty, and keep it; measured as it is when it is not
  --check NUMBER        replay so many requests from their events, as \`baton verify\` does (20000; 0: none)
  --only WORDS          ask only the questions with these words in them
  --json FILE           write the figures with PostgreSQL's plans there instead of to standard output`;
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
const TOLD_MAX = 10_000;

const startedAt = performance.now();
const say = (line: string): void =>
  void process.stderr.write(
    `[${((performance.now() - startedAt) / 1_000).toFixed(0).padStart(4)} s] ${line}\n`,
  );

type Options = {
  readonly sizes: readonly number[];
  readonly told: number;
  readonly slice: number;
  /** Words of the questions that are asked; '' for all. */
  readonly only: string;
};

const policy = bigCompany();
type Listening = ReturnType<typeof watched>;

async function run(url: string, { sizes, told, slice, only }: Options) {
  const listening = watched(
    createPool(url, { max: 2, statementTimeoutMs: 600_000, applicationName: 'baton-scale' }),
  );
  const { pool } = listening;
  const measured: Size[] = [];
  const look = async (conversations: number): Promise<void> => {
    say(`asking with ${conversations} open requests`);
    const figures = await ask(listening, only);
    measured.push({ conversations, figures, tables: await tablesOf(pool) });
    if (measured.length < sizes.length) process.stderr.write(`\n${growthOf(measured).join('\n')}\n\n`);
  };
  try {
    if (await isEmpty(pool)) await fill({ url, policy, told, sizes, say, filled: look });
    else {
      await upToDate(url);
      await look(await openIn(pool));
    }
    const wrong = slice === 0 ? [] : await checked(pool, await filledAt(pool), slice, say);
    return { sizes: measured, wrong, machine: { cpus: cpus().length, model: cpus()[0]?.model } };
  } finally {
    await pool.end();
  }
}

async function ask(listening: Listening, only: string): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const question of await questionsOn(listening.pool, policy, await filledAt(listening.pool))) {
    if (!question.what.includes(only)) continue;
    const figure = await measure(listening, question);
    figures.push(figure);
    say(`${figure.what}: ${figure.medianMs} ms, ${figure.pages} pages`);
  }
  return figures;
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

async function openIn(pool: ReturnType<typeof createPool>): Promise<number> {
  const { rows } = await pool.query<{ n: number }>(
    `SELECT count(*)::integer AS n FROM conversation WHERE phase <> 'done'`,
  );
  return rows[0]?.n ?? 0;
}

async function tablesOf(pool: ReturnType<typeof createPool>): Promise<Size['tables']> {
  const { rows } = await pool.query<Size['tables'][number]>(
    `SELECT relname AS name, reltuples::bigint AS rows, pg_total_relation_size(oid) / 1048576 AS mb FROM pg_class
     WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname NOT LIKE 'seed_%' AND reltuples > 1000
     ORDER BY mb DESC`,
  );
  return rows;
}

function readOptions(args: readonly string[]) {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    args: [...args],
    options: {
      ...{ conversations: text, told: text, check: text, on: text, only: text, json: text },
      help: { type: 'boolean' },
    },
  });
  if (values.help === true) return null;
  const sizes = (values.conversations ?? '10000,100000,1000000')
    .split(',')
    .map((size) => wholeNumber('conversations', size, 0, 1));
  const told = wholeNumber('told', values.told, Math.min(TOLD_MAX, sizes[0] ?? 0), 1);
  if (sizes.some((size, at) => size < told || size % told !== 0 || size <= (sizes[at - 1] ?? 0)))
    throw new RangeError(
      `--conversations: sizes ascend, and each is a multiple of the ${told} that are told.`,
    );
  const { on = null, only = '', json } = values;
  return { sizes, told, slice: wholeNumber('check', values.check, 20_000, 0), only, on, json };
}

const { on, json, ...options } = askedOf(USAGE, readOptions);
if (on === null) demandServers(['postgres']);
const server = on === null ? await startPostgres({ settings: SETTINGS }) : null;
try {
  const report = await run(on ?? (await server?.freshDatabase()) ?? '', options);
  process.stderr.write(`\n${growthOf(report.sizes).join('\n')}\n\n`);
  for (const one of report.wrong) say(`WRONG: ${one}`);
  writeFigures(report, json);
  process.exitCode = isMet(report.sizes) && report.wrong.length === 0 ? 0 : 1;
} finally {
  await server?.end();
}
