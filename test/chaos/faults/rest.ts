/** When Baton is at rest again, so that whatever is wrong then stays wrong. */
import { setTimeout as pause } from 'node:timers/promises';
import type pg from 'pg';
import type { Manifest } from './manifest.ts';

const LOOK_MS = 1_000;
const SAY_EVERY_MS = 15_000;

export type Rest = {
  /** How long it took; null: it did not come to rest in time. */
  readonly seconds: number | null;
  /** What still waited then. */
  readonly left: Readonly<Record<string, number>>;
};

/**
 * Everything that lies in the mailbox has been taken in and settled, every request routed, and no notice waits to be
 * tried again. Who is asked and never answers is asked again as long as a run takes, so that what fell due just now is
 * nothing that waits.
 */
export function untilAtRest(
  pool: pg.Pool,
  manifest: Manifest,
  patienceMs: number,
  say: (line: string) => void,
): Promise<Rest> {
  const hashes = () => new Set(manifest.mails.filter(({ atRisk }) => !atRisk).map(({ hash }) => hash));
  return until(() => asked(pool, WAITING, [[...hashes()]]), patienceMs, say);
}

/**
 * Nothing is due, nor within two minutes, so that workers can be stopped and leave nothing undone. Once no clock fires
 * any more this comes by itself.
 */
export const untilQuiet = (pool: pg.Pool, patienceMs: number, say: (line: string) => void): Promise<Rest> =>
  until(() => asked(pool, DUE_SOON, []), patienceMs, say);

async function until(
  look: () => Promise<Record<string, number>>,
  patienceMs: number,
  say: (line: string) => void,
): Promise<Rest> {
  const begunAt = performance.now();
  let saidAt = begunAt;
  for (;;) {
    const left = await look().catch((): Record<string, number> => ({ 'the database': 1 }));
    const seconds = Math.round((performance.now() - begunAt) / 1_000);
    if (Object.values(left).every((count) => count === 0)) return { seconds, left };
    if (performance.now() - begunAt > patienceMs) return { seconds: null, left };
    if (performance.now() - saidAt > SAY_EVERY_MS) {
      saidAt = performance.now();
      say(
        `not at rest yet: ${Object.entries(left)
          .map(([what, count]) => `${count} ${what}`)
          .join(', ')}`,
      );
    }
    await pause(LOOK_MS);
  }
}

async function asked(
  pool: pg.Pool,
  sql: string,
  values: readonly unknown[],
): Promise<Record<string, number>> {
  const { rows } = await pool.query<Record<string, number>>(sql, [...values]);
  return rows[0] ?? {};
}

const WAITING = `
  SELECT (SELECT count(*) FROM unnest($1::text[]) AS put (hash)
      WHERE NOT EXISTS (SELECT FROM message m WHERE m.raw_hash = put.hash)) AS "mails not taken in",
    (SELECT count(*) FROM message WHERE stage <> 'settled') AS "mails not settled",
    (SELECT count(*) FROM conversation WHERE phase = 'arrived') AS "requests not routed",
    (SELECT count(*) FROM outbox WHERE settled_at IS NULL
      AND (due_at <= clock_timestamp() - interval '10 seconds' OR state = 'pending' AND attempts > 0)) AS "notices not sent",
    (SELECT count(*) FROM conversation WHERE due_at <= clock_timestamp() - interval '10 seconds') AS "clocks that ran out"`;

const DUE_SOON = `
  SELECT count(*) AS "notices that are due soon" FROM outbox
  WHERE state = 'sending' OR (state = 'pending' AND due_at <= clock_timestamp() + interval '2 minutes')`;
