/** How long one question to the database takes, warm, and by which plan PostgreSQL answers it. */
import type pg from 'pg';

export type Figure = {
  readonly what: string;
  readonly rows: number | null;
  readonly medianMs: number;
  readonly maxMs: number;
  readonly goalMs: number | null;
  readonly plans: readonly string[];
};

export type Question = {
  readonly what: string;
  readonly goalMs?: number;
  /** Answers how much was found. */
  readonly ask: () => Promise<number | null>;
};

const WARM_UPS = 3;
const RUNS = 25;

type Statement = { readonly text: string; readonly params: readonly unknown[] };

type Asking = { query: pg.Pool['query'] };

/** A pool that remembers what it was asked, within transactions too. */
export function watched(pool: pg.Pool): { readonly pool: pg.Pool; readonly heard: Statement[] } {
  const heard: Statement[] = [];
  const known = new WeakSet<Asking>();
  const listenTo = (asked: Asking): void => {
    if (known.has(asked)) return;
    known.add(asked);
    const query = asked.query.bind(asked) as (...given: unknown[]) => unknown;
    asked.query = ((text: unknown, params: unknown, ...more: unknown[]) => {
      if (typeof text === 'string' && /^\s*(SELECT|WITH)\b/.test(text))
        heard.push({ text, params: Array.isArray(params) ? params : [] });
      return query(text, params, ...more);
    }) as pg.Pool['query'];
  };
  // A query of the pool itself goes through one of its connections.
  pool.on('connect', (client) => listenTo(client as unknown as Asking));
  return { pool, heard };
}

export async function measure(
  { pool, heard }: ReturnType<typeof watched>,
  { what, goalMs, ask }: Question,
): Promise<Figure> {
  for (let run = 0; run < WARM_UPS; run += 1) await ask();
  heard.length = 0;
  const rows = await ask();
  const statements = [...heard];
  const times: number[] = [];
  for (let run = 0; run < RUNS; run += 1) {
    const from = performance.now();
    await ask();
    times.push(performance.now() - from);
  }
  times.sort((a, b) => a - b);
  const plans: string[] = [];
  for (const statement of statements) plans.push(await planOf(pool, statement));
  const median = times[Math.floor(times.length / 2)] ?? Number.NaN;
  return {
    what,
    rows,
    medianMs: round(median),
    maxMs: round(times.at(-1) ?? Number.NaN),
    goalMs: goalMs ?? null,
    plans,
  };
}

async function planOf(pool: pg.Pool, { text, params }: Statement): Promise<string> {
  const { rows } = await pool.query<{ 'QUERY PLAN': string }>(`EXPLAIN (ANALYZE, BUFFERS) ${text}`, [
    ...params,
  ]);
  return rows.map((row) => row['QUERY PLAN']).join('\n');
}

const round = (ms: number): number => Number(ms.toFixed(2));
