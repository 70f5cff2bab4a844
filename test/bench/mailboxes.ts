/** A great many inboxes in one configuration, all of them read by one poller: what that takes, and whether mail is late. */
import { setTimeout as pause } from 'node:timers/promises';
import { waitUntil } from '../support/wait-until.ts';
import { addressOf } from './configuration.ts';
import type { Bench } from './context.ts';
import { dropInto } from './drop.ts';
import { mailNumber } from './mail-set.ts';
import { arrivalsIn, arrived, NOTICES_PER_MAIL, nowMs } from './sent.ts';
import { type ByName, openStand, type Stand } from './stand.ts';
import { type Percentiles, percentiles, round } from './statistics.ts';
import { sharedOnceMb } from './usage.ts';

const CONNECT_MS = 10 * 60_000;
/** Mails into inboxes drawn by lot, and how many a second. */
const MAILS = 60;
const PER_SECOND = 2;
/** Each mailbox is asked once a minute even when nothing is announced: less would not show it. */
const IDLE_MS = 60_000;
const QUICK_IDLE_MS = 5_000;
const QUICK_MAILBOXES = 100;

export type Mailboxes = {
  readonly mailboxes: number;
  /** From the start of the workers until each mailbox has been read once, and until half of them have. */
  readonly secondsToAll: number;
  readonly secondsToHalf: number;
  /** How often a mailbox could not be read, and what the poller wrote of it. */
  readonly failures: Readonly<Record<string, number>>;
  readonly rssMb: ByName;
  /** Of each server, shared memory counted once, and how many processes it runs. */
  readonly serverMb: ByName;
  readonly serverProcesses: ByName;
  /** Milliseconds of processor time a minute while no mail comes. */
  readonly idleCpuMsPerMinute: ByName;
  readonly idleServerCpuMsPerMinute: ByName;
  /** Processor time until all were read. */
  readonly connectCpuMs: ByName;
  /** From delivery into an inbox drawn by lot to the offer. */
  readonly arrivalLatencyMs: Percentiles;
};

export async function measureMailboxes(bench: Bench): Promise<Mailboxes> {
  const { mailboxes } = bench.options;
  bench.say(`starting servers, for ${mailboxes} mailboxes (production shape)`);
  const stand = await openStand(bench, 'production', mailboxes);
  const begunAt = nowMs();
  const starting = stand.startWorkers();
  const connected = await connectAll(bench, stand, mailboxes, begunAt, starting);
  const connectCpuMs = stand.cpuMs().baton;
  bench.say(
    `all ${mailboxes} mailboxes are read after ${connected.secondsToAll} s, half of them after ${connected.secondsToHalf} s; the poller took ${round((connectCpuMs.poller ?? 0) / 1_000, 1)} s of CPU`,
  );
  const idle = await idleCpu(bench, stand, mailboxes < QUICK_MAILBOXES ? QUICK_IDLE_MS : IDLE_MS);
  const pids = stand.serverPids();
  const ofServers = (value: (pids: readonly number[]) => number): ByName =>
    Object.fromEntries(Object.entries(pids).map(([name, all]) => [name, value(all)]));
  const serverMb = ofServers(sharedOnceMb);
  const serverProcesses = ofServers((all) => all.length);
  const rssMb = stand.rssMb();
  const arrivalLatencyMs = await mailByLot(bench, stand);
  const failures = failuresIn(stand.said('poller'));
  bench.say(
    `the poller holds ${rssMb.poller} MB and takes ${idle.baton.poller} ms of CPU a minute when idle, Dovecot ${serverMb.dovecot} MB in ${serverProcesses.dovecot} processes; from delivery to the offer ${arrivalLatencyMs.p50} / ${arrivalLatencyMs.p99} ms (p50 / p99)`,
  );
  for (const [code, count] of Object.entries(failures))
    bench.say(`  ${count} times a mailbox could not be read: ${code}`);
  await stand.close();
  return {
    ...{ mailboxes, ...connected, failures, rssMb, serverMb, serverProcesses, connectCpuMs },
    ...{ idleCpuMsPerMinute: idle.baton, idleServerCpuMsPerMinute: idle.servers, arrivalLatencyMs },
  };
}

/** The codes of those lines that tell of a mailbox which cannot be read. */
export function failuresIn(log: string): Record<string, number> {
  const found: Record<string, number> = {};
  for (const line of log.split('\n')) {
    const code = /imap-[a-z-]+|poll-failed|db-\w+/.exec(line)?.[0];
    if (code !== undefined && line.includes('cannot be read')) found[code] = (found[code] ?? 0) + 1;
  }
  return found;
}

async function connectAll(
  bench: Bench,
  stand: Stand,
  mailboxes: number,
  begunAt: number,
  starting: Promise<void>,
): Promise<{ secondsToHalf: number; secondsToAll: number }> {
  await starting;
  const tell = bench.progress('connecting');
  let secondsToHalf = 0;
  await waitUntil(
    `all ${mailboxes} mailboxes were read`,
    async () => {
      const [row] = await stand.ask<{ n: string }>(
        'SELECT count(*) AS n FROM mailbox WHERE polled_at IS NOT NULL',
      );
      const count = Number(row?.n);
      if (secondsToHalf === 0 && count >= mailboxes / 2)
        secondsToHalf = round((nowMs() - begunAt) / 1_000, 1);
      tell(`${count} of ${mailboxes} mailboxes`);
      return count >= mailboxes;
    },
    CONNECT_MS,
  );
  return { secondsToHalf, secondsToAll: round((nowMs() - begunAt) / 1_000, 1) };
}

async function idleCpu(bench: Bench, stand: Stand, ms: number): Promise<{ baton: ByName; servers: ByName }> {
  bench.say(`nothing comes for ${ms / 1_000} s`);
  const before = stand.cpuMs();
  await pause(ms);
  const after = stand.cpuMs();
  const perMinute = (from: ByName, to: ByName): ByName =>
    Object.fromEntries(
      Object.entries(to).map(([name, value]) => [
        name,
        round(((value - (from[name] ?? 0)) * 60_000) / ms, 0),
      ]),
    );
  return { baton: perMinute(before.baton, after.baton), servers: perMinute(before.servers, after.servers) };
}

async function mailByLot(bench: Bench, stand: Stand): Promise<Percentiles> {
  const { sink, dovecot, users } = stand;
  sink.forget();
  const deliveredAt = new Map<number, number>();
  for (let number = 0; number < MAILS; number += 1) {
    // The same inboxes in every run, far from each other.
    const at = (number * 7_919 + 13) % users.length;
    const drop = dropInto(dovecot, users[at] ?? '');
    drop.prepare(number, mailNumber(number, addressOf(at)));
    drop.deliver(number);
    deliveredAt.set(number, nowMs());
    await pause(1_000 / PER_SECOND);
  }
  await arrived(stand, MAILS * NOTICES_PER_MAIL, bench.progress('mail by lot'));
  return percentiles(
    arrivalsIn(sink.folder).flatMap(({ number, kind, atMs }) =>
      kind === 'offer' ? [atMs - (deliveredAt.get(number) ?? Number.NaN)] : [],
    ),
  );
}
