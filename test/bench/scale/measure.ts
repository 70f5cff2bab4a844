/** How long one question to the database takes, warm, what PostgreSQL reads for it, and by which plan. */
import { readFileSync } from 'node:fs';
import type pg from 'pg';

/** `upTo` so many open requests; JSON has no infinity, and a goal without a bound is one up to the largest number. */
export type Goal = { readonly ms: number; readonly upTo: number };

export type Figure = {
  readonly what: string;
  /** How much was found. */
  readonly found: number | null;
  readonly medianMs: number;
  readonly p99Ms: number;
  /** Of PostgreSQL's processes, on the average; null: they run on another machine. What else runs there is not in it. */
  readonly cpuMs: number | null;
  readonly goal: Goal | null;
  /** Of all statements together: how many rows were looked at, in tables and indexes, and how many pages of 8 kB. */
  readonly rows: number;
  readonly pages: number;
  readonly plans: readonly string[];
};

export type Question = {
  readonly what: string;
  readonly goal?: Goal;
  /** Answers how much was found. */
  readonly ask: () => Promise<number | null>;
};

const WARM_UPS = 2;
/** As often, or as long. */
const RUNS_MAX = 200;
const RUNS_MIN = 5;
const MEASURE_MS = 1_500;

type Statement = { readonly text: string; readonly params: readonly unknown[] };

type Asking = { query: pg.Pool['query'] };

/** A pool that remembers what it was asked, within transactions too. */
export function watched(pool: pg.Pool): {
  readonly pool: pg.Pool;
  readonly heard: Statement[];
  readonly processes: Set<number>;
} {
  const heard: Statement[] = [];
  const processes = new Set<number>();
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
  pool.on('connect', (client) => {
    listenTo(client as unknown as Asking);
    const { processID } = client as unknown as { processID: number };
    processes.add(processID);
  });
  pool.on('remove', (client) => processes.delete((client as unknown as { processID: number }).processID));
  return { pool, heard, processes };
}

export async function measure(
  { pool, heard, processes }: ReturnType<typeof watched>,
  { what, goal, ask }: Question,
): Promise<Figure> {
  for (let run = 0; run < WARM_UPS; run += 1) await ask();
  heard.length = 0;
  const found = await ask();
  const statements = [...heard];
  const times: number[] = [];
  const cpuBefore = cpuOf(processes);
  const end = performance.now() + MEASURE_MS;
  while (times.length < RUNS_MIN || (times.length < RUNS_MAX && performance.now() < end)) {
    const from = performance.now();
    await ask();
    times.push(performance.now() - from);
  }
  const cpu = cpuOf(processes) - cpuBefore;
  times.sort((a, b) => a - b);
  const plans: string[] = [];
  for (const statement of statements) plans.push(await planOf(pool, statement));
  return {
    what,
    found,
    medianMs: round(percentile(times, 0.5)),
    p99Ms: round(percentile(times, 0.99)),
    cpuMs: Number.isNaN(cpu) ? null : round(cpu / times.length),
    goal: goal ?? null,
    rows: Math.round(sum(plans.map(rowsIn))),
    pages: sum(plans.map(pagesIn)),
    plans,
  };
}

/** Milliseconds in ticks of ten; NaN where one of them is no process of PostgreSQL here. */
function cpuOf(processes: ReadonlySet<number>): number {
  return sum(
    [...processes].map((id) => {
      try {
        const [, rest = ''] = readFileSync(`/proc/${id}/stat`, 'utf8').split('(postgres) ');
        const [user = Number.NaN, system = Number.NaN] = rest.split(' ').slice(11, 13).map(Number);
        return (user + system) * 10;
      } catch {
        return Number.NaN;
      }
    }),
  );
}

/** What writes is explained too, and undone. */
export async function planOf(pool: pg.Pool, { text, params }: Statement): Promise<string> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    const { rows } = await client.query<{ 'QUERY PLAN': string }>(`EXPLAIN (ANALYZE, BUFFERS) ${text}`, [
      ...params,
    ]);
    return rows.map((row) => row['QUERY PLAN']).join('\n');
  } finally {
    await client.query('ROLLBACK');
    client.release();
  }
}

/** What every scan found and what its filter took away again, as often as it was made. */
export function rowsIn(plan: string): number {
  let loops = 1;
  let rows = 0;
  for (const line of plan.split('\n')) {
    const node = /actual .*rows=([\d.]+) loops=(\d+)/.exec(line);
    if (node !== null) loops = Number(node[2]);
    if (node !== null && SCAN.test(line)) rows += Number(node[1]) * loops;
    const removed = /Rows Removed by (?:Filter|Index Recheck): (\d+)/.exec(line)?.[1];
    if (removed !== undefined) rows += Number(removed) * loops;
  }
  return rows;
}

/** Of tables and indexes; a bitmap of an index is read again with its table. */
const SCAN = /(?:Seq|(?<!Bitmap )Index|Index Only|Bitmap Heap|Tid) Scan\b/;

/** The first line of its kind is that of the topmost node, which has those of all below it. */
export function pagesIn(plan: string): number {
  const buffers = /Buffers: shared(?: hit=(\d+))?(?: read=(\d+))?/.exec(plan.split('\nPlanning')[0] ?? '');
  return Number(buffers?.[1] ?? 0) + Number(buffers?.[2] ?? 0);
}

const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0);

const percentile = (sorted: readonly number[], part: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;

const round = (ms: number): number => Number(ms.toFixed(2));
