/**
 * Faults over a running production, from a seed: workers killed with -9 and started again, Redis emptied and stopped.
 * One fault at a time, for tests; `npm run chaos` has all of them at once, and for as long as one likes.
 */
import { chanceOf } from '../../../src/domain/learning/chance.ts';
import type { WorkerKind } from '../../../workers/all.ts';
import { waitUntil } from '../wait-until.ts';
import type { Outcome, Production, Servers, Worker } from './production.ts';

/** As an operator with one spare of each would start them. */
export const SHAPE: readonly WorkerKind[] = [
  ...(['poller', 'poller', 'classifier', 'classifier', 'router', 'router'] as const),
  ...(['replies', 'mailer', 'mailer', 'clock'] as const),
];
/** Who is killed, one after the other: few kills still reach every kind. */
const VICTIMS: readonly WorkerKind[] = [
  'poller',
  'classifier',
  'router',
  'mailer',
  'classifier',
  'router',
  'mailer',
];

export type Say = (line: string) => void;

export type StormReport = {
  readonly mails: number;
  readonly seconds: number;
  readonly kills: Readonly<Partial<Record<WorkerKind, number>>>;
  readonly verifyOk: boolean;
  readonly violations: readonly unknown[];
  readonly dispositions: Readonly<Record<string, number | undefined>>;
  readonly acknowledgements: number;
} & Outcome;

export type KillOptions = {
  readonly mails: number;
  readonly perSecond: number;
  readonly seed: number;
  /** Mean pause between two kills. */
  readonly pauseMs: number;
  /** The leases of killed pollers and mailers are ended by hand instead of waited for. */
  readonly hurry: boolean;
  readonly deadlineMs: number;
  readonly say: Say;
};

/** Mail comes in while workers are killed at random moments, until all of it has been read; then all are healthy. */
export async function killStorm(production: Production, options: KillOptions): Promise<StormReport> {
  const { mails, perSecond, seed, pauseMs, hurry, say } = options;
  const begunAt = performance.now();
  const random = chanceOf(seed);
  const kills: Partial<Record<WorkerKind, number>> = {};
  await startShape(production);
  let isOver = false;
  let turn = 0;
  const storm = (async () => {
    while (!isOver || turn < VICTIMS.length) {
      await pause(pauseMs * (0.3 + 1.4 * random()));
      const kind = VICTIMS[turn % VICTIMS.length] ?? 'poller';
      turn += 1;
      const victims = [...production.workers].filter((worker) => worker.kind === kind);
      const victim = victims[Math.floor(random() * victims.length)];
      if (victim === undefined) continue;
      await production.kill(victim);
      kills[kind] = (kills[kind] ?? 0) + 1;
      if (hurry && kind === 'poller') await production.endWatch();
      say(`killed ${kind}; ${await progress(production)}`);
      await production.start(kind);
    }
  })();
  try {
    await production.deliver(mails, perSecond);
    await waitUntil('all mail is read', async () => (await unread(production)) === 0, options.deadlineMs);
  } finally {
    isOver = true;
    await storm;
  }
  say('the storm is over');
  if (hurry) await expireLeases(production);
  await untilAtRest(production, options);
  return { kills, ...(await judged(production, mails, begunAt)) };
}

const unread = async ({ count, delivered }: Production): Promise<number> =>
  delivered() - (await count("message WHERE stage = 'settled'"));

/** A lease of a mailer that lives must not be ended, so all are killed first. */
async function expireLeases(production: Production): Promise<void> {
  const mailers = [...production.workers].filter(({ kind }) => kind === 'mailer');
  for (const mailer of mailers) await production.kill(mailer);
  await production.endLeases();
  await Promise.all(mailers.map(() => production.start('mailer')));
}

export type RedisOptions = Omit<KillOptions, 'pauseMs' | 'hurry' | 'seed'> & { readonly stopMs: number };

export type RedisReport = StormReport & {
  /** Rows that the pollers committed while Redis was stopped. */
  readonly takenInWhileStopped: number;
  /** Of those, how many were finished in that time too. */
  readonly sentWhileStopped: number;
  /** From SIGCONT until nothing of what had come by then was left undone. */
  readonly msUntilAllWasRungAgain: number;
};

/** FLUSHALL, then a Redis that hangs, while mail comes in. */
export async function redisStorm(
  production: Production,
  { redis }: Pick<Servers, 'redis'>,
  options: RedisOptions,
): Promise<RedisReport> {
  const { mails, perSecond, stopMs, say } = options;
  const begunAt = performance.now();
  await startShape(production);
  const delivering = production.deliver(mails, perSecond);
  const came = (share: number) =>
    waitUntil('mail', () => production.delivered() >= mails * share, options.deadlineMs);
  await came(0.2);
  await redis.flushAll();
  say(`FLUSHALL; ${await progress(production)}`);
  await came(0.4);
  redis.hang();
  const before = await counted(production);
  say(`Redis stopped; ${await progress(production)}`);
  await pause(stopMs);
  const after = await counted(production);
  say(`Redis goes on; ${await progress(production)}`);
  redis.goOn();
  const wentOnAt = performance.now();
  const here = production.delivered();
  const rest = `uid <= ${here} AND stage <> 'settled'`;
  await waitUntil(
    'all was rung again',
    async () =>
      (await production.count('message')) >= here &&
      (await production.count(`message WHERE ${rest}`)) === 0 &&
      (await production.count(
        `outbox o JOIN message m ON m.conversation_id = o.conversation_id
         WHERE o.state <> 'sent' AND m.uid <= ${here}`,
      )) === 0 &&
      (await production.count(
        `conversation c JOIN message m ON m.conversation_id = c.id WHERE c.phase = 'arrived' AND m.uid <= ${here}`,
      )) === 0,
    options.deadlineMs,
  );
  const msUntilAllWasRungAgain = Math.round(performance.now() - wentOnAt);
  say(`all was rung again after ${msUntilAllWasRungAgain} ms`);
  await delivering;
  await untilAtRest(production, options);
  return {
    takenInWhileStopped: after.messages - before.messages,
    sentWhileStopped: after.sent - before.sent,
    msUntilAllWasRungAgain,
    kills: {},
    ...(await judged(production, mails, begunAt)),
  };
}

const counted = async (production: Production) => ({
  messages: await production.count('message'),
  sent: await production.count("outbox WHERE state = 'sent'"),
});

async function startShape(production: Production): Promise<Worker[]> {
  const started = await Promise.all(SHAPE.map((kind) => production.start(kind)));
  await production.untilWatched();
  return started;
}

async function untilAtRest(production: Production, { deadlineMs, say }: { deadlineMs: number; say: Say }) {
  let saidAt = performance.now();
  await waitUntil(
    'all work is done',
    async () => {
      if (performance.now() - saidAt > 10_000) {
        saidAt = performance.now();
        say(await progress(production));
      }
      await pause(100);
      return production.isAtRest();
    },
    deadlineMs,
  );
}

async function judged(production: Production, mails: number, begunAt: number) {
  const { code, report } = await production.verify();
  const { dispositions, acknowledgements } = report.counts;
  return {
    mails,
    seconds: Math.round((performance.now() - begunAt) / 1_000),
    verifyOk: code === 0 && report.ok,
    violations: report.violations,
    dispositions,
    acknowledgements,
    ...(await production.outcome()),
  };
}

async function progress({ count, delivered }: Production): Promise<string> {
  const settled = await count("message WHERE stage = 'settled'");
  return `${delivered()} delivered, ${await count('message')} taken in, ${settled} settled, ${await count("outbox WHERE state = 'sent'")} of ${await count('outbox')} notices sent`;
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
