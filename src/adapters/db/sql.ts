/**
 * How Baton talks to PostgreSQL on its hot path: one statement per step, rows in and out as one JSON parameter.
 *
 * Instants never pass through a Date, which would cut their last three digits: they go in as ISO text and come out
 * as whole microseconds.
 */
import type pg from 'pg';
import type { Clock } from '../../app/ports/clock.ts';
import { type Instant, toIso } from '../../domain/instant.ts';
import { toFailure } from './to-failure.ts';

/** Runs one statement; throws Failure. */
export type Sql = <Row extends pg.QueryResultRow>(
  text: string,
  params?: readonly unknown[],
) => Promise<Row[]>;

/** Who tells the time: the database, or a virtual clock in the demo and in tests. */
export type TimeSource = 'database' | Clock;

export function sqlOn(on: Pick<pg.Pool, 'query'>): Sql {
  return async <Row extends pg.QueryResultRow>(text: string, params: readonly unknown[] = []) => {
    try {
      return (await on.query<Row>(text, [...params])).rows;
    } catch (error) {
      throw toFailure(error);
    }
  };
}

/** An expression that gives a timestamptz column as an exact count of microseconds. */
export const micros = (column: string): string => `(extract(epoch from ${column}) * 1000000)::bigint`;

/** The instant at which a statement that waits for no lock began; an index can be searched with it. */
export const nowSql = (time: TimeSource): string =>
  time === 'database' ? 'statement_timestamp()' : instantSql(time.now());

/** A literal, safe because it is made of digits only. */
export const instantSql = (at: Instant): string => `'${toIso(at)}'::timestamptz`;

export const isoOrNull = (at: Instant | null): string | null => (at === null ? null : toIso(at));

/** An address as one mailbox is known by: see sameAddress. An index can be searched with it. */
export const mailboxSql = (address: string): string => `lower(${address} COLLATE "C")`;

/** Reads a row that must be there. */
export function onlyRow<Row>(rows: readonly Row[], what: string): Row {
  const [row] = rows;
  if (row === undefined || rows.length > 1) throw new Error(`${what}: ${rows.length} rows instead of one`);
  return row;
}

/**
 * JSON as PostgreSQL takes it. It refuses NUL and half surrogate pairs, both of which mails bring along; they become
 * U+FFFD, the sign for what could not be read.
 */
export function json(value: unknown): string {
  const text = JSON.stringify(value);
  if (!text.includes('\\u0000') && !text.includes('\\ud')) return text;
  // Escapes are read whole, so that the letters after an escaped backslash stay what they are.
  return text.replace(/\\(?:u0000|ud[89a-f][0-9a-f]{2}|[\s\S])/g, (escaped) =>
    escaped.length > 2 ? '\ufffd' : escaped,
  );
}
