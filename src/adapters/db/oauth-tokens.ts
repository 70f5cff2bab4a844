/**
 * What is kept of the signing in of inboxes. The row stays locked while its provider is asked, which is bounded to less
 * than a waiting process waits for the lock, so that whoever comes second finds the answer there.
 */
import type pg from 'pg';
import type { TokenRow, TokenRows } from '../../app/ports/access-tokens.ts';
import type { InboxId } from '../../domain/ids.ts';
import type { Instant } from '../../domain/instant.ts';
import { inTransaction } from './in-transaction.ts';
import { isoOrNull, micros, onlyRow, type Sql, sqlOn } from './sql.ts';

type Columns = Omit<TokenRow, 'failed'> & {
  readonly failedCode: string | null;
  readonly failedAt: Instant | null;
  readonly failedForGood: boolean;
  readonly now: Instant;
  /** False for a row that was only made to be locked. */
  readonly isKept: boolean;
};

const COLUMNS = `identity, key_id AS "keyId", refresh, access, ${micros('access_until')} AS "accessUntil",
  ${micros('renewed_at')} AS "renewedAt", ${micros('refresh_until')} AS "refreshUntil", failed_code AS "failedCode",
  ${micros('failed_at')} AS "failedAt", failed_for_good AS "failedForGood", failures, ${micros('retry_at')} AS "retryAt",
  identity <> '' AS "isKept", ${micros('clock_timestamp()')} AS now`;

/** Always by the database's time: a provider does not skip hours with a demo. */
export function postgresTokenRows(pool: pg.Pool): TokenRows {
  return {
    async read(inbox) {
      const sql = sqlOn(pool);
      const [columns] = await sql<Columns>(`SELECT ${COLUMNS} FROM oauth_token WHERE inbox_id = $1`, [inbox]);
      if (columns !== undefined) return { now: columns.now, row: toRow(columns) };
      const { now } = onlyRow(
        await sql<{ now: Instant }>(`SELECT ${micros('clock_timestamp()')} AS now`),
        'now',
      );
      return { now, row: null };
    },
    change: (inbox, work) =>
      inTransaction(pool, async (sql) => {
        // There must be a row to lock, the first time too.
        await sql(
          `INSERT INTO oauth_token (inbox_id, identity, key_id) VALUES ($1, '', '') ON CONFLICT DO NOTHING`,
          [inbox],
        );
        const columns = onlyRow(
          await sql<Columns>(`SELECT ${COLUMNS} FROM oauth_token WHERE inbox_id = $1 FOR UPDATE`, [inbox]),
          'tokens of an inbox',
        );
        const { row, value } = await work(toRow(columns), columns.now);
        await write(sql, inbox, row);
        return value;
      }),
  };
}

function toRow({ failedCode, failedAt, failedForGood, now: _, isKept, ...row }: Columns): TokenRow | null {
  if (!isKept) return null;
  const failed =
    failedCode === null || failedAt === null
      ? null
      : { code: failedCode, at: failedAt, forGood: failedForGood };
  return { ...row, failed };
}

async function write(sql: Sql, inbox: InboxId, row: TokenRow): Promise<void> {
  await sql(
    `UPDATE oauth_token SET identity = $2, key_id = $3, refresh = $4, access = $5, access_until = $6, renewed_at = $7,
       refresh_until = $8, failed_code = $9, failed_at = $10, failed_for_good = $11, failures = $12, retry_at = $13
     WHERE inbox_id = $1`,
    [
      ...[inbox, row.identity, row.keyId, bytes(row.refresh), bytes(row.access)],
      ...[isoOrNull(row.accessUntil), isoOrNull(row.renewedAt), isoOrNull(row.refreshUntil)],
      ...[row.failed?.code ?? null, isoOrNull(row.failed?.at ?? null), row.failed?.forGood ?? false],
      ...[row.failures, isoOrNull(row.retryAt)],
    ],
  );
}

const bytes = (sealed: Uint8Array | null): Buffer | null => (sealed === null ? null : Buffer.from(sealed));
