/**
 * prisma/schema.prisma says what the hand-written migrations make: the same tables, columns, types and keys. Prisma's
 * own check needs its native engine, which is a download.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { prismaOn } from '../../src/adapters/db/store.ts';
import { type MigratedDatabases, startMigratedDatabases, testPool } from '../support/store-database.ts';

const SCHEMA = join(import.meta.dirname, '../../prisma/schema.prisma');

/** PostgreSQL's names for what the schema calls its types. */
const TYPES: Record<string, string> = {
  String: 'text',
  Int: 'int4',
  BigInt: 'int8',
  Boolean: 'bool',
  Json: 'jsonb',
  Bytes: 'bytea',
  '@db.Timestamptz(6)': 'timestamptz',
  '@db.Decimal(20, 0)': 'numeric',
  '@db.Uuid': 'uuid',
  '@db.Date': 'date',
};

type Model = { readonly name: string; readonly table: string; readonly body: readonly string[] };

function modelsOf(schema: string): Model[] {
  return [...schema.matchAll(/^model (\w+) \{\n([^}]*)^\}/gm)].map(([, name = '', text = '']) => ({
    name,
    table: /@@map\("(\w+)"\)/.exec(text)?.[1] ?? '',
    body: text.split('\n').map((line) => line.trim()),
  }));
}

/** `table.column type`, with a question mark where it may be null. */
function columnsOf({ table, body }: Model): string[] {
  return body.flatMap((line) => {
    const [, field, type, optional, rest] = /^(\w+) +(\w+)(\?)?(?: +(.*))?$/.exec(line) ?? [];
    if (
      field === undefined ||
      type === undefined ||
      (TYPES[type] === undefined && type !== 'DateTime' && type !== 'Decimal')
    )
      return [];
    const column = /@map\("(\w+)"\)/.exec(rest ?? '')?.[1] ?? field;
    const native = TYPES[/@db\.\w+(?:\([^)]*\))?/.exec(rest ?? '')?.[0] ?? type];
    return [`${table}.${column} ${native}${optional ?? ''}`];
  });
}

/** `table (columns)` of each primary key and unique constraint. */
function keysOf({ table, body }: Model): string[] {
  const columnOf = (field: string): string => {
    const line = body.find((candidate) => candidate.startsWith(`${field} `)) ?? '';
    return /@map\("(\w+)"\)/.exec(line)?.[1] ?? field;
  };
  return body.flatMap((line) => {
    const list = /^@@(?:id|unique)\(\[([^\]]+)\]/.exec(line)?.[1];
    if (list !== undefined) return [`${table} (${list.split(', ').map(columnOf).join(', ')})`];
    const field = /^(\w+) .*@(?:id|unique)\b/.exec(line)?.[1];
    return field === undefined || line.startsWith('@@') ? [] : [`${table} (${columnOf(field)})`];
  });
}

describe('the Prisma schema', () => {
  let databases: MigratedDatabases;
  let pool: pg.Pool;
  let models: Model[];
  beforeAll(async () => {
    databases = await startMigratedDatabases();
    pool = testPool(await databases.fresh());
    models = modelsOf(await readFile(SCHEMA, 'utf8'));
  });
  afterAll(async () => {
    await pool.end();
    await databases.end();
  });

  it('has every table and column of the migrations, with its type', async () => {
    const { rows } = await pool.query<{ column: string }>(
      `SELECT table_name || '.' || column_name || ' ' || udt_name
         || CASE is_nullable WHEN 'YES' THEN '?' ELSE '' END AS column
       FROM information_schema.columns WHERE table_schema = 'public' AND table_name <> '_prisma_migrations'`,
    );
    expect(models.flatMap(columnsOf).sort()).toEqual(rows.map(({ column }) => column).sort());
  });

  it('has every primary key and unique constraint of the migrations', async () => {
    const { rows } = await pool.query<{ key: string }>(
      `SELECT conrelid::regclass || ' (' || string_agg(attname, ', ' ORDER BY place) || ')' AS key
       FROM pg_constraint CROSS JOIN LATERAL unnest(conkey) WITH ORDINALITY AS part (number, place)
         JOIN pg_attribute ON attrelid = conrelid AND attnum = number
       WHERE contype IN ('p', 'u') AND connamespace = 'public'::regnamespace
         AND conrelid <> '_prisma_migrations'::regclass
       GROUP BY conrelid, pg_constraint.oid`,
    );
    expect(models.flatMap(keysOf).sort()).toEqual(rows.map(({ key }) => key).sort());
  });

  it('gives numbers by identities alone, which are what a restore goes on above', async () => {
    const { rows } = await pool.query<{ column: string }>(
      `SELECT table_name || '.' || column_name AS column FROM information_schema.columns
       WHERE table_schema = 'public' AND column_default LIKE 'nextval%' AND table_name <> '_prisma_migrations'`,
    );
    expect(rows).toEqual([]);
  });

  it('lets the generated client read every table', async () => {
    const prisma = prismaOn(pool);
    const tables = prisma as unknown as Record<string, { findMany(): Promise<unknown[]> }>;
    for (const { name } of models) {
      const table = tables[name.charAt(0).toLowerCase() + name.slice(1)];
      expect(await table?.findMany(), name).toEqual([]);
    }
    await prisma.$disconnect();
  });
});
