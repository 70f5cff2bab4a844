/**
 * Whether people are asked in time although the worker that watches the clocks is killed: how late each clock fired,
 * noted by the database as it happened.
 */
import { openProduction, type Production, type Servers } from '../../support/stack/production.ts';
import { waitUntil } from '../../support/wait-until.ts';
import { activeOf } from './faults.ts';
import { startFlow } from './flow.ts';
import { closeOnInterrupt } from './interrupted.ts';
import { brokenIn, startOneOfEach } from './judged.ts';
import { type Figures, figuresOf, isAskedFor, type Shape, type Times } from './times.ts';

type Options = { readonly repeats: number; readonly only: string; readonly say: (line: string) => void };

const QUICK_CLOCKS = 'clocks: { accept: { normal: 1m } }\n';
const PER_SECOND = 1;
/** A minute until the first is due; from then on one each second. */
const TRIAL_MS = 30_000;
const DEADLINE_MS = 300_000;

/** A clock that was due when its request was written next fired, or was ended by that; either way so late. */
const NOTE_LATENESS = `
  CREATE SCHEMA proof;
  CREATE TABLE proof.fired (at timestamptz NOT NULL, due_at timestamptz NOT NULL);
  CREATE FUNCTION proof.note_fired() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    INSERT INTO proof.fired VALUES (clock_timestamp(), OLD.due_at);
    RETURN NULL;
  END $$;
  CREATE TRIGGER note_fired AFTER UPDATE ON conversation FOR EACH ROW
    WHEN (OLD.due_at <= clock_timestamp()) EXECUTE FUNCTION proof.note_fired();`;

export async function measureEscalations(
  servers: Servers,
  { repeats, only, say }: Options,
): Promise<{ figures: Figures[]; broken: string[] }> {
  const shapes = (['one of each', 'two of each'] as const).filter((shape) =>
    isAskedFor(only, faultOf(shape)),
  );
  if (shapes.length === 0) return { figures: [], broken: [] };
  const production = await openProduction(servers, undefined, QUICK_CLOCKS);
  const forget = closeOnInterrupt(() => production.close());
  try {
    await production.pool.query(NOTE_LATENESS);
    await startOneOfEach(production);
    const flow = startFlow(production, PER_SECOND);
    await waitUntil(
      'the first escalation',
      async () => (await lateness(production, 0)).length > 0,
      DEADLINE_MS,
    );
    const figures: Figures[] = [];
    for (const shape of shapes) {
      if (shape === 'two of each') await production.start('clock');
      const trials: Times[] = [];
      for (let trial = 1; trial <= repeats; trial += 1) {
        trials.push(await measureOnce(production, shape));
        say(`${faultOf(shape)} (${trial} of ${repeats}): at most ${trials.at(-1)?.slowest} ms late`);
      }
      figures.push(figuresOf({ fault: faultOf(shape), shape, within: 30 }, trials));
    }
    await flow.pause();
    return { figures, broken: await brokenIn(production) };
  } finally {
    forget();
    await production.close();
  }
}

const faultOf = (shape: Shape): string =>
  `clock killed, ${shape === 'two of each' ? 'another runs' : 'started again'}: lateness of escalations`;

/** `flowing`: how late the first was that fell due after the kill; the others: the latest. */
async function measureOnce(production: Production, shape: Shape): Promise<Times> {
  const at = Date.now();
  await production.kill(activeOf(production, 'clock'));
  if (shape === 'one of each') await production.start('clock');
  await new Promise((resolve) => setTimeout(resolve, TRIAL_MS));
  const found = await lateness(production, at);
  if (found.length === 0) throw new Error('no clock fired');
  const latest = Math.round(Math.max(...found));
  if (shape === 'two of each') await production.start('clock');
  return { flowing: Math.round(found[0] ?? latest), caughtUp: latest, slowest: latest };
}

/** In milliseconds, of what fell due since then, in that order. */
async function lateness({ pool }: Production, since: number): Promise<number[]> {
  const { rows } = await pool.query<{ late: number }>(
    `SELECT extract(epoch FROM at - due_at)::float8 * 1000 AS late FROM proof.fired
     WHERE due_at >= to_timestamp($1::float8 / 1000) ORDER BY due_at`,
    [since],
  );
  return rows.map(({ late }) => late);
}
