/**
 * Applies the numbered migrations of prisma/migrations with Prisma's own engine and history table, and without the
 * native engine that Prisma's command line downloads first: the same engine comes as WebAssembly from npm. The stock
 * command line works on the same folder and the same history.
 *
 * Each migration is sent as one query, so PostgreSQL runs it in one implicit transaction: it happened, or nothing of
 * it did. That is why a failed one may simply be tried again.
 */
import { readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { PrismaPg } from '@prisma/adapter-pg';
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import * as engineModule from '@prisma/schema-engine-wasm/schema_engine_bg';
import pg from 'pg';
import { Failure } from '../../app/failures.ts';
import { sqlState, toFailure } from './to-failure.ts';

/** Spells "bato"; whoever holds it is the one process that migrates this database. */
const LOCK_KEY = 0x6261_746f;
const LOCK_WAIT_MS = 120_000;
/** Objects that a migration creates are there already: it had been applied, but its process died before noting so. */
const ALREADY_THERE = new Set(['42P07', '42701', '42710', '42P06', '42723']);

type MigrationList = engineModule.MigrationList;

/**
 * Applies what is missing, in the order of the folder's names; concurrent calls take turns.
 * @param options.folder Prisma's migrations folder: one folder with a migration.sql per migration.
 * @param options.only Stops short of what is not named here: a backup comes back into the schema that it was made of.
 * @returns the names applied by this call.
 * @throws Failure `migration-failed` naming the migration and what to do, `migration-edited` when one that is already
 *   applied was changed afterwards, or the failure of the connection.
 */
export async function migrate(
  url: string,
  options: { folder: string; only?: readonly string[] },
): Promise<{ applied: string[] }> {
  const list = only(await readMigrations(resolve(options.folder)), options.only);
  return withDatabaseLock(url, async () => {
    const database = new WholeScriptPg(url);
    const engine = await openEngine(database);
    try {
      const interrupted = await tidyHistory(engine, list);
      return await apply(engine, list, interrupted, database);
    } finally {
      engine.free();
      await database.close();
    }
  });
}

/**
 * Whether a database has what this Baton needs; one that has more is well, since a newer Baton may run beside it.
 * @throws Failure `schema-behind` saying what to do, or the failure of the connection.
 */
export async function requireMigrated(url: string, options: { folder: string }): Promise<void> {
  const missing = await missingMigrations(url, options);
  if (missing.length === 0) return;
  throw new Failure(
    'permanent',
    'schema-behind',
    `The database has not been prepared for this version of Baton: ${missing.join(', ')} is missing. ` +
      'Run "npx baton migrate" with the same configuration once, then start again.',
  );
}

/** The names of those that a database has not had, in order. */
export async function missingMigrations(url: string, options: { folder: string }): Promise<string[]> {
  const { migrationDirectories } = await readMigrations(resolve(options.folder));
  const applied = await appliedMigrations(url);
  return migrationDirectories.map(({ path }) => path).filter((name) => !applied.has(name));
}

async function appliedMigrations(url: string): Promise<ReadonlySet<string>> {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: 10_000,
    query_timeout: 10_000,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ name: string }>(
      'SELECT migration_name AS name FROM _prisma_migrations WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL',
    );
    return new Set(rows.map(({ name }) => name));
  } catch (error) {
    // No history at all: nothing was ever applied.
    if (sqlState(error) === '42P01') return new Set();
    throw toFailure(error);
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function readMigrations(folder: string): Promise<MigrationList> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    throw new Failure('permanent', 'migrations-missing', `The migrations cannot be read: ${String(error)}`, {
      cause: error,
    });
  });
  const names = entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
  const migrationDirectories = await Promise.all(
    names.map(async (name) => ({
      path: name,
      migrationFile: {
        path: 'migration.sql',
        content: await readScript(join(folder, name, 'migration.sql')),
      },
    })),
  );
  const lockfile = await readFile(join(folder, 'migration_lock.toml'), 'utf8').catch(() => null);
  return {
    baseDir: folder,
    lockfile: { path: 'migration_lock.toml', content: lockfile },
    shadowDbInitScript: '',
    migrationDirectories,
  };
}

function only(list: MigrationList, names: readonly string[] | undefined): MigrationList {
  if (names === undefined) return list;
  const known = new Set(list.migrationDirectories.map(({ path }) => path));
  const unknown = names.filter((name) => !known.has(name));
  if (unknown.length === 0) {
    return {
      ...list,
      migrationDirectories: list.migrationDirectories.filter(({ path }) => names.includes(path)),
    };
  }
  throw new Failure(
    'permanent',
    'migration-unknown',
    `This version of Baton does not know ${unknown.join(', ')}: update it first. Nothing was applied.`,
  );
}

async function readScript(path: string): Promise<engineModule.MigrationFile['content']> {
  try {
    return { tag: 'ok', value: await readFile(path, 'utf8') };
  } catch (error) {
    return { tag: 'error', value: String(error) };
  }
}

/** A session lock: PostgreSQL frees it when the process dies. */
async function withDatabaseLock<T>(url: string, work: () => Promise<T>): Promise<T> {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
    lock_timeout: LOCK_WAIT_MS,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('SELECT pg_advisory_lock($1)', [LOCK_KEY]);
    return await work();
  } catch (error) {
    if (sqlState(error) !== '55P03') throw toFailure(error);
    throw new Failure(
      'temporary',
      'migration-locked',
      'Another Baton has been migrating this database for more than two minutes. Wait for it, or look whether it hangs.',
      { cause: error },
    );
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** The language's own object, of which TypeScript knows only in browsers. */
const { WebAssembly: wasm } = globalThis as unknown as {
  WebAssembly: {
    instantiate(
      bytes: Uint8Array,
      imports: object,
    ): Promise<{ instance: { exports: { __wbindgen_start(): void } } }>;
  };
};

let loading: Promise<void> | null = null;

async function loadEngine(): Promise<void> {
  const path = createRequire(import.meta.resolve('@prisma/schema-engine-wasm')).resolve(
    './schema_engine_bg.wasm',
  );
  const { instance } = await wasm.instantiate(await readFile(path), {
    './schema_engine_bg.js': engineModule,
  });
  const internals = engineModule as unknown as { __wbg_set_wasm(exports: object): void };
  internals.__wbg_set_wasm(instance.exports);
  instance.exports.__wbindgen_start();
}

async function openEngine(database: WholeScriptPg): Promise<engineModule.SchemaEngine> {
  loading ??= loadEngine();
  await loading;
  const factory = bindMigrationAwareSqlAdapterFactory(database);
  return engineModule.SchemaEngine.new({ datamodels: undefined }, () => undefined, factory);
}

type Adapter = Awaited<ReturnType<PrismaPg['connect']>>;

/** adapter-pg splits a script at every semicolon, also inside a function's $$ … $$; this one sends it as it is. */
class WholeScriptPg extends PrismaPg {
  readonly #open: Adapter[] = [];
  /** What PostgreSQL said of the last script it refused: the engine passes on only part of it. */
  scriptError: unknown = null;

  constructor(url: string) {
    super({ connectionString: url, connectionTimeoutMillis: 10_000, max: 2 });
  }

  override async connect(): Promise<Adapter> {
    const adapter = await super.connect();
    this.#open.push(adapter);
    adapter.executeScript = async (script) => {
      try {
        await adapter.underlyingDriver().query(script);
      } catch (error) {
        this.scriptError = error;
        throw error;
      }
    };
    return adapter;
  }

  /** The engine leaves its connections open. */
  async close(): Promise<void> {
    for (const adapter of this.#open) await adapter.dispose();
  }
}

const NO_FILTER = { externalTables: [], externalEnums: [] };

/** Clears attempts that were cut short, since nothing of them remained; answers their names. */
async function tidyHistory(
  engine: engineModule.SchemaEngine,
  list: MigrationList,
): Promise<readonly string[]> {
  const history = await engine.diagnoseMigrationHistory({
    migrationsList: list,
    optInToShadowDatabase: false,
    filters: NO_FILTER,
  });
  // A failed one left nothing in the database, so curing its file is no edit.
  const edited = history.editedMigrationNames.filter((name) => !history.failedMigrationNames.includes(name));
  if (edited.length > 0) {
    throw new Failure(
      'permanent',
      'migration-edited',
      `Migrations that this database has already applied were changed afterwards: ${edited.join(', ')}. ` +
        'Restore the original files (they never change once released); nothing was applied.',
    );
  }
  for (const migrationName of history.failedMigrationNames)
    await engine.markMigrationRolledBack({ migrationName });
  return history.failedMigrationNames;
}

async function apply(
  engine: engineModule.SchemaEngine,
  list: MigrationList,
  interrupted: readonly string[],
  database: WholeScriptPg,
): Promise<{ applied: string[] }> {
  try {
    const { appliedMigrationNames } = await engine.applyMigrations({
      migrationsList: list,
      filters: NO_FILTER,
    });
    return { applied: appliedMigrationNames };
  } catch (error) {
    throw await migrationFailure(engine, list, interrupted, database.scriptError ?? error);
  }
}

async function migrationFailure(
  engine: engineModule.SchemaEngine,
  list: MigrationList,
  interrupted: readonly string[],
  error: unknown,
): Promise<Failure> {
  const failed = await engine
    .diagnoseMigrationHistory({ migrationsList: list, optInToShadowDatabase: false, filters: NO_FILTER })
    .then((history) => history.failedMigrationNames[0])
    .catch(() => undefined);
  const cause = toFailure(error);
  if (failed === undefined) return cause;
  const { message, detail, position } = error as { message?: string; detail?: string; position?: string };
  const where = position === undefined ? '' : `, at character ${position} of its file`;
  const advice =
    interrupted.includes(failed) && ALREADY_THERE.has(sqlState(error) ?? '')
      ? `An earlier attempt seems to have applied it without being able to note so. When the database has what the file makes, note it with: npx prisma migrate resolve --applied ${failed}`
      : 'Nothing of it was kept and the data is as before. Cure the cause and run `npx baton migrate` again.';
  return new Failure(
    cause.kind,
    'migration-failed',
    `Migration ${failed} could not be applied: ${message ?? String(error)}${detail === undefined ? '' : ` (${detail})`}${where}. ${advice}`,
    { cause: error },
  );
}
