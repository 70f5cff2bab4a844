/** The measurements themselves: how many mails a second, and how long one mail takes. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { PASSWORD } from '../support/stack/dovecot.ts';
import { type Drop, dropInto } from './drop.ts';
import type { FloorOrders, FloorResult } from './floor.ts';
import { type Listener, listenTo } from './listener.ts';
import { mailNumber } from './mail-set.ts';
import { arrivalsIn, countIn } from './sent.ts';
import { ADDRESS, type Stand } from './stand.ts';

const run = promisify(execFile);
const NOTICES_PER_MAIL = 2;
const LOOK_MS = 20;
/** Without one more mail at the sink for so long, something is broken. */
const STUCK_MS = 60_000;

export type Tell = (line: string) => void;
export type Percentiles = { readonly p50: number; readonly p99: number; readonly max: number };
export type Latency = {
  readonly offerMs: Percentiles;
  readonly arrivalMs: Percentiles;
  readonly mails: number;
};
export type Throughput = {
  readonly perSecond: number;
  readonly cpuMsPerMail: number;
  readonly serverCpuMsPerMail: Readonly<Record<string, number>>;
};

const nowMs = (): number => performance.timeOrigin + performance.now();

/** Mails delivered to Baton so far; the next one's number. */
export type Line = { readonly drop: Drop; readonly listener: Listener; next: number };

export async function openLine({ dovecot, user }: Stand): Promise<Line> {
  return { drop: dropInto(dovecot, user), listener: await listenTo(dovecot.port, user), next: 0 };
}

/** Writes mails aside; answers how to make them appear. */
function prepare(line: Line, count: number): () => void {
  const first = line.next;
  for (let at = 0; at < count; at += 1) line.drop.prepare(first + at, mailNumber(first + at, ADDRESS));
  line.next += count;
  return () => {
    for (let at = 0; at < count; at += 1) line.drop.deliver(first + at);
  };
}

/** The same mails in a mailbox of its own, with nothing else running. */
export async function measureFloor(stand: Stand, warm: number, mails: number): Promise<FloorResult> {
  const { dovecot, sink } = stand;
  const user = dovecot.newUser();
  const drop = dropInto(dovecot, user);
  for (let number = 0; number < warm + mails; number += 1) {
    drop.prepare(number, mailNumber(number, ADDRESS));
    drop.deliver(number);
  }
  // Its first look makes the server index the folder, which is no part of the job.
  const first = await listenTo(dovecot.port, user);
  await first.close();
  const orders: FloorOrders = {
    imapPort: dovecot.port,
    smtpPort: sink.port,
    user,
    password: PASSWORD,
    warm,
    mails,
  };
  const { stdout } = await run(process.execPath, [
    join(import.meta.dirname, 'floor.ts'),
    JSON.stringify(orders),
  ]);
  sink.forget();
  return JSON.parse(stdout) as FloorResult;
}

/** All at once into a mailbox that is being read: from their announcement to the last notice at the sink. */
export async function measureThroughput(
  stand: Stand,
  line: Line,
  mails: number,
  tell: Tell,
): Promise<Throughput> {
  const { sink } = stand;
  sink.forget();
  const appear = prepare(line, mails);
  const before = stand.cpuMs();
  const known = line.next - mails;
  const droppedAt = nowMs();
  appear();
  await arrived(sink.folder, mails * NOTICES_PER_MAIL, (count) =>
    tell(`${Math.floor(count / NOTICES_PER_MAIL)} of ${mails} mails`),
  );
  const lastAt = Math.max(...arrivalsIn(sink.folder).map(({ atMs }) => atMs));
  const announcedAt = line.listener.announcedAt(known + 1) ?? droppedAt;
  // What follows the last mail belongs to the job as well: its outcome has yet to be recorded.
  await pause(500);
  const after = stand.cpuMs();
  const perMail = (from: number, to: number) => (to - from) / mails;
  return {
    perSecond: (mails / (lastAt - announcedAt)) * 1_000,
    cpuMsPerMail: perMail(before.baton, after.baton),
    serverCpuMsPerMail: Object.fromEntries(
      Object.entries(after.servers).map(([name, value]) => [name, perMail(before.servers[name] ?? 0, value)]),
    ),
  };
}

/** One mail after the other at an even rate. */
export async function measureLatency(
  stand: Stand,
  line: Line,
  rate: number,
  seconds: number,
  tell: Tell,
): Promise<Latency> {
  const { sink } = stand;
  sink.forget();
  const mails = Math.max(1, Math.round(rate * seconds));
  const first = line.next;
  const { drop, listener } = line;
  for (let at = 0; at < mails; at += 1) drop.prepare(first + at, mailNumber(first + at, ADDRESS));
  line.next += mails;
  const deliveredAt = new Map<number, number>();
  const begunAt = nowMs();
  for (let at = 0; at < mails; at += 1) {
    // A pace without a beat, or Dovecot's own half seconds would always fall on the same place.
    const wait = begunAt + ((at + ((at * 0.618) % 1)) * 1_000) / rate - nowMs();
    if (wait > 0) await pause(wait);
    drop.deliver(first + at);
    deliveredAt.set(first + at, nowMs());
    if (at % Math.max(1, Math.ceil(rate)) === 0) tell(`${at} of ${mails} mails`);
  }
  await arrived(sink.folder, mails * NOTICES_PER_MAIL, () => {});
  const offers = arrivalsIn(sink.folder).filter(({ kind }) => kind === 'offer');
  const since = (from: (number: number) => number | null) =>
    percentiles(
      offers.flatMap(({ number, atMs }) => {
        const begin = from(number);
        return begin === null ? [] : [atMs - begin];
      }),
    );
  return {
    offerMs: since((number) => listener.announcedAt(number + 1)),
    arrivalMs: since((number) => deliveredAt.get(number) ?? null),
    mails,
  };
}

export async function warmUp(stand: Stand, line: Line, mails: number): Promise<void> {
  stand.sink.forget();
  prepare(line, mails)();
  await arrived(stand.sink.folder, mails * NOTICES_PER_MAIL, () => {});
}

async function arrived(folder: string, wanted: number, tell: (count: number) => void): Promise<void> {
  let last = { count: -1, atMs: nowMs() };
  for (;;) {
    const count = countIn(folder);
    if (count >= wanted) break;
    if (count !== last.count) last = { count, atMs: nowMs() };
    else if (nowMs() - last.atMs > STUCK_MS) {
      throw new Error(`${wanted} mails should have been sent, and ${count} were for ${STUCK_MS / 1_000} s`);
    }
    tell(count);
    await pause(LOOK_MS);
  }
  // The last file exists from its first line on.
  await pause(5 * LOOK_MS);
}

export function percentiles(values: readonly number[]): Percentiles {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number) =>
    Math.round((sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN) * 10) / 10;
  return { p50: at(0.5), p99: at(0.99), max: at(1) };
}
