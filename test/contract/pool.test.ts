/** The pool's bounds, and what PostgreSQL's errors are taken for. */
import type pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createPool, parseInt8 } from '../../src/adapters/db/pool.ts';
import { askServer } from '../../src/adapters/db/server.ts';
import { sqlState, toFailure } from '../../src/adapters/db/to-failure.ts';
import { Failure } from '../../src/app/failures.ts';
import { startTestServer, type TestServer } from '../support/embedded-database.ts';

describe('the database pool', () => {
  let server: TestServer;
  let url: string;
  let pool: pg.Pool;
  beforeAll(async () => {
    server = await startTestServer();
    url = await server.freshDatabase();
  });
  afterAll(() => server.end());
  beforeEach(() => {
    pool = createPool(url, { max: 3, connectionTimeoutMs: 200, statementTimeoutMs: 300, lockTimeoutMs: 50 });
  });
  afterEach(() => pool.end());

  const failureOf = (work: Promise<unknown>): Promise<Failure> =>
    work.then(
      () => expect.unreachable('it should have failed'),
      (error: unknown) => toFailure(error),
    );

  it('reads bigint as a number, exactly', async () => {
    const { rows } = await pool.query(
      "SELECT 9007199254740991::bigint AS n, ARRAY[1::int] AS a, '{}'::jsonb AS j",
    );
    expect(rows).toEqual([{ n: 9_007_199_254_740_991, a: [1], j: {} }]);
  });

  it('refuses a bigint that a number cannot hold, rather than round it', () => {
    expect(() => parseInt8('9007199254740993')).toThrow(RangeError);
    expect(parseInt8('-9007199254740991')).toBe(-9_007_199_254_740_991);
  });

  it('keeps every byte of a bytea', async () => {
    const bytes = Buffer.from(Array.from({ length: 256 }, (_, at) => at));
    const { rows } = await pool.query('SELECT $1::bytea AS b', [bytes]);
    expect(rows[0].b.equals(bytes)).toBe(true);
  });

  it('ends a statement that takes too long, as a temporary failure', async () => {
    const failure = await failureOf(pool.query('SELECT pg_sleep(60)'));
    expect(failure).toMatchObject({ kind: 'temporary', code: 'db-57014' });
  });

  it('ends the wait for a lock, as a temporary failure', async () => {
    await pool.query('CREATE TABLE IF NOT EXISTS locked (id int)');
    const holder = await pool.connect();
    await holder.query('BEGIN; LOCK TABLE locked');
    const failure = await failureOf(pool.query('SELECT * FROM locked'));
    await holder.query('ROLLBACK');
    holder.release();
    expect(failure).toMatchObject({ kind: 'temporary', code: 'db-55P03' });
  });

  it('ends the wait for a free connection, as a temporary failure', async () => {
    const taken = await Promise.all([pool.connect(), pool.connect(), pool.connect()]);
    const failure = await failureOf(pool.query('SELECT 1'));
    for (const client of taken) client.release();
    expect(failure).toMatchObject({ kind: 'temporary', code: 'db-connection' });
  });

  it('goes on after the server cut its idle connections', async () => {
    const errors: Error[] = [];
    const cut = createPool(url, {
      max: 1,
      applicationName: 'to-be-cut',
      onError: (error) => errors.push(error),
    });
    await cut.query('SELECT 1');
    await pool.query(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'to-be-cut'",
    );
    await expect.poll(() => errors.length).toBe(1);
    expect((await cut.query('SELECT 2 AS two')).rows).toEqual([{ two: 2 }]);
    await cut.end();
  });

  it('takes a refused row for a permanent failure', async () => {
    const failure = await failureOf(pool.query('SELECT 1/0'));
    expect(failure).toMatchObject({ kind: 'permanent', code: 'db-22012' });
  });

  it.each([
    ['40001', 'temporary'],
    ['40P01', 'temporary'],
    ['53300', 'temporary'],
    ['57P01', 'temporary'],
    ['57P03', 'temporary'],
    ['08006', 'temporary'],
    ['23505', 'permanent'],
    ['23514', 'permanent'],
    ['42P01', 'permanent'],
    ['57P04', 'permanent'],
    ['P0001', 'permanent'],
  ] as const)('takes SQLSTATE %s for a %s failure', (code, kind) => {
    expect(toFailure(Object.assign(new Error('x'), { code }))).toMatchObject({ kind, code: `db-${code}` });
  });

  it('finds the SQLSTATE inside what Prisma throws', () => {
    const adapterError = { name: 'DriverAdapterError', cause: { originalCode: '23505', kind: 'postgres' } };
    expect(sqlState(Object.assign(new Error('x'), { code: 'P2002', cause: adapterError }))).toBe('23505');
    expect(sqlState(Object.assign(new Error('x'), { code: 'P2002' }))).toBeNull();
    expect(toFailure(Object.assign(new Error('conflict'), { code: 'P2034' })).kind).toBe('temporary');
  });

  it('takes a broken connection for a temporary failure, also when a host has two addresses', () => {
    const refused = Object.assign(new Error('connect ECONNREFUSED ::1'), { code: 'ECONNREFUSED' });
    expect(toFailure(new AggregateError([refused, refused], '')).code).toBe('db-connection');
    expect(toFailure(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' })).code).toBe('db-connection');
    expect(toFailure(new Error('Connection terminated unexpectedly')).kind).toBe('temporary');
  });

  it('says in words what to do where a person can do something, without what Prisma adds', () => {
    const cause = {
      name: 'DriverAdapterError',
      cause: { originalCode: '57P03', originalMessage: 'the database system is shutting down' },
    };
    const message = '\nInvalid `prisma.member.findMany()` invocation:\n\n\nRaw query failed. Code: `57P03`';
    expect(toFailure(Object.assign(new Error(message), { code: 'P2010', cause })).message).toBe(
      'PostgreSQL is just starting or stopping. Try again in a moment; if it stays so, its own log says why. (the database system is shutting down, 57P03)',
    );
    const refused = new Error('password authentication failed for user "baton"');
    expect(toFailure(Object.assign(refused, { code: '28P01' })).message).toMatch(/Check user and password/);
    const away = toFailure(
      Object.assign(new Error('connect ECONNREFUSED ::1:5432'), { code: 'ECONNREFUSED' }),
    );
    expect(away.message).toMatch(
      /^PostgreSQL cannot be reached\. See whether it runs, .*ECONNREFUSED ::1:5432\)$/,
    );
    const other = Object.assign(new Error('\nInvalid `prisma.x()` invocation:\n\nboom'), { code: '22012' });
    expect(toFailure(other).message).toBe('database: boom (22012)');
  });

  it('leaves a Failure as it is', () => {
    const failure = new Failure('permanent', 'x', 'y');
    expect(toFailure(failure)).toBe(failure);
  });

  it('asks a server without ever throwing', async () => {
    expect(await askServer(url, 2_000)).toBe('ready');
    expect(await askServer(url.replace(/:[0-9a-f]+@/, ':wrong@'), 2_000)).toBe('refused');
    expect(await askServer('postgresql://u:p@127.0.0.1:1/x', 2_000)).toBe('silent');
  });
});
