/**
 * Several writes as one statement, so that a step costs one round trip whatever it touches. Foreign keys are checked
 * at the end of a statement, so the parts need no order; no part sees the rows of another, and none may touch a row
 * that another does.
 */
import { json, onlyRow, type Sql } from './sql.ts';

/** One write: `rows` reach `text` as a record set; `text` ends in RETURNING. */
export type Part = {
  readonly name: string;
  readonly rows: readonly object[];
  /** Ids of the rows that are updated. */
  readonly ids?: readonly number[];
  /**
   * @param rows the record set, to be followed by `AS row (column type, …)`.
   * @param ids the ids as an array: the planner counts them, while it takes any record set for a hundred rows and
   *   reads the whole table instead of its index.
   */
  readonly text: (rows: string, ids: string) => string;
};

/** Runs the parts that have rows; answers what each returned, by its name, and [] for the others. */
export async function runJoined(sql: Sql, parts: readonly Part[]): Promise<ReadonlyMap<string, unknown[]>> {
  const used = parts.filter(({ rows }) => rows.length > 0);
  const answer = new Map<string, unknown[]>(parts.map(({ name }) => [name, []]));
  if (used.length === 0) return answer;
  const params: unknown[] = [];
  const writes = used.map(({ name, rows, ids, text }) => {
    const set = `json_to_recordset($${params.push(json(rows))}::json)`;
    const keys = ids === undefined ? '' : `ANY ($${params.push(ids)}::bigint[])`;
    return `${name} AS (${text(set, keys)})`;
  });
  const returned = used.map(({ name }) => `(SELECT json_agg(${name}) FROM ${name}) AS ${name}`);
  const rows = await sql<Record<string, unknown[] | null>>(
    `WITH ${writes.join(',\n')}\nSELECT ${returned.join(', ')}`,
    params,
  );
  for (const [name, value] of Object.entries(onlyRow(rows, 'joined write'))) answer.set(name, value ?? []);
  return answer;
}
