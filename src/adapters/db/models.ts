/** Versions of what was learned, in PostgreSQL. That one at most is in use is an index of the table. */
import { promisify } from 'node:util';
import { constants, zstdCompress, zstdDecompress } from 'node:zlib';
import type pg from 'pg';
import type { Turn } from '../../app/ports/learning.ts';
import type { ModelRow, Models, NewModel } from '../../app/ports/models.ts';
import type { Lowered } from '../../domain/learning/drift.ts';
import { inTransaction } from './in-transaction.ts';
import { json, micros, nowSql, onlyRow, type Sql, sqlOn, type TimeSource } from './sql.ts';

/** Besides the one in use; none is older than thirty days, so that what was forgotten is gone from here by then. */
const KEPT = 5;
const KEPT_FOR = `interval '30 days'`;

const compress = promisify(zstdCompress);
const decompress = promisify(zstdDecompress);
const PARAMS = { [constants.ZSTD_c_compressionLevel]: 3, [constants.ZSTD_c_checksumFlag]: 1 };

export function postgresModels({ pool, time }: { pool: pg.Pool; time: TimeSource }): Models {
  const sql = sqlOn(pool);
  return {
    list: () =>
      sql<ModelRow>(
        `SELECT version, ${micros('made_at')} AS "madeAt", seed, size, active, why, report
         FROM model ORDER BY version DESC`,
      ),
    async inUse() {
      const [row] = await sql<{ version: number; lowered: Lowered | null }>(
        'SELECT version, lowered FROM model LEFT JOIN learning ON true WHERE active',
      );
      return row ?? null;
    },
    async bytesOf(version) {
      const [row] = await sql<{ bytes: Buffer }>('SELECT bytes FROM model WHERE version = $1', [version]);
      // What is damaged is answered as it lies there, and refused by whoever reads it as a model.
      return row === undefined ? null : decompress(row.bytes).catch(() => row.bytes);
    },
    async publish(turn, model) {
      const packed = await compress(model.bytes, { params: PARAMS });
      return inTransaction(pool, (tx) => publish(tx, time, turn, model, packed));
    },
    use: (version, why) => inTransaction(pool, (tx) => use(tx, time, version, why)),
    dropFrom: (turn) =>
      inTransaction(pool, async (tx) => {
        if (await isStale(tx, turn)) return;
        await tx('DELETE FROM model');
        await tx('UPDATE learning SET erased_at = NULL');
      }),
  };
}

/** Locks the row, so that nothing is erased, and nobody else publishes, between this and the end of the transaction. */
async function isStale(sql: Sql, { fence, erasedAt }: Turn): Promise<boolean> {
  const rows = await sql<{ fence: number; erasedAt: number | null }>(
    `SELECT fence, ${micros('erased_at')} AS "erasedAt" FROM learning WHERE id = 1 FOR UPDATE`,
  );
  const [row] = rows;
  return row === undefined || row.fence !== fence || row.erasedAt !== erasedAt;
}

async function publish(
  sql: Sql,
  time: TimeSource,
  turn: Turn,
  { seed, bytes, use: isUsed, why, report }: NewModel,
  packed: Buffer,
): Promise<number | null> {
  if (await isStale(sql, turn)) return null;
  if (turn.erasedAt !== null) {
    await sql('DELETE FROM model');
    await sql('UPDATE learning SET erased_at = NULL');
  } else if (isUsed) await sql('UPDATE model SET active = false WHERE active');
  const made = await sql<{ version: number }>(
    `INSERT INTO model (made_at, seed, bytes, size, active, why, report)
     VALUES (${nowSql(time)}, $1, $2, $3, $4, $5, $6::jsonb) RETURNING version`,
    [seed, packed, bytes.byteLength, isUsed, why, json(report)],
  );
  await sql(
    `DELETE FROM model WHERE NOT active AND (made_at < ${nowSql(time)} - ${KEPT_FOR}
       OR version NOT IN (SELECT version FROM model WHERE NOT active ORDER BY version DESC LIMIT ${KEPT}))`,
  );
  return onlyRow(made, 'the new model').version;
}

async function use(sql: Sql, time: TimeSource, version: number, why: string): Promise<boolean> {
  // Whoever publishes waits here, and the other way round.
  await sql('SELECT FROM learning WHERE id = 1 FOR UPDATE');
  const there = await sql('SELECT FROM model WHERE version = $1', [version]);
  if (there.length === 0) return false;
  await sql('UPDATE model SET active = false WHERE active AND version <> $1', [version]);
  await sql('UPDATE model SET active = true, why = $2 WHERE version = $1', [version, why]);
  // Whoever chooses it trusts it; what it said before counts no more.
  await sql(`UPDATE learning SET lowered = NULL, judged_from = ${nowSql(time)}`);
  return true;
}
