/** How long one mail takes, at an even rate: to the offer and to the acknowledgement, and where between the stages. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Bench } from './context.ts';
import { type Line, openLine, warmUp, whatIsWrong } from './line.ts';
import { arrivalsIn, arrived, NOTICES_PER_MAIL, nowMs } from './sent.ts';
import { rowStamps, type StageTime, type Stamps, stageTimes } from './stages.ts';
import { openStand, type Stand } from './stand.ts';
import { type Percentiles, percentiles, round } from './statistics.ts';

/** Dovecot withholds mail for half a second; what is still on its way so long after the last one waits in a queue. */
const KEPT_UP_MS = 2_000;

export type Latency = {
  readonly mails: number;
  /** From the moment at which the server announced the mail to a client in IDLE. */
  readonly offerLatencyMs: Percentiles;
  readonly acknowledgementLatencyMs: Percentiles;
  /** From the delivery into the mailbox. */
  readonly arrivalLatencyMs: Percentiles;
  readonly acknowledgementArrivalLatencyMs: Percentiles;
  readonly stages: readonly StageTime[];
  /** From the last delivery to the last notice at the sink. */
  readonly drainMs: number;
  readonly keepsUp: boolean;
  /** Of all of Baton's processes. */
  readonly cpuMsPerMail: number;
};

export async function measureLatency(bench: Bench): Promise<Record<string, Latency>> {
  const { rates, seconds, warm, shapes } = bench.options;
  const shape = shapes[0] ?? 'production';
  bench.say(`starting servers and Baton (${shape} shape)`);
  const stand = await openStand(bench, shape);
  const line = await openLine(stand);
  await stand.startWorkers();
  await warmUp(stand, line, warm);
  const found: Record<string, Latency> = {};
  for (const rate of rates) {
    const one = await measureRate(bench, stand, line, rate, seconds);
    found[rate] = one;
    const { offerLatencyMs: offer, arrivalLatencyMs: arrival, acknowledgementLatencyMs: acknowledged } = one;
    bench.say(
      `${rate} mails/s: from EXISTS to the offer ${told(offer)} ms, to the acknowledgement ${told(acknowledged)}; from delivery to the offer ${told(arrival)} (p50 / p99)`,
    );
    bench.say(`  ${one.stages.map(({ to, ms }) => `${to} +${ms}`).join(', ')} ms (medians)`);
    if (!one.keepsUp)
      bench.say(
        `  IT DOES NOT KEEP UP with ${rate} mails/s: the last notice came ${round(one.drainMs / 1_000, 1)} s late`,
      );
  }
  const trouble = await whatIsWrong(stand, line.next());
  if (trouble !== null) bench.wrong(trouble);
  await line.listener.close();
  await stand.close();
  return found;
}

const told = ({ p50, p99 }: Percentiles) => `${p50} / ${p99}`;

async function measureRate(
  bench: Bench,
  stand: Stand,
  line: Line,
  rate: number,
  seconds: number,
): Promise<Latency> {
  const { sink } = stand;
  const mails = Math.max(1, Math.round(rate * seconds));
  const tell = bench.progress(`${rate} mails/s`);
  sink.forget();
  const before = stand.cpuMs();
  const deliveredAt = await deliverEvenly(line, rate, mails, tell);
  const lastAt = Math.max(...deliveredAt.values());
  await arrived(stand, mails * NOTICES_PER_MAIL, tell);
  const after = stand.cpuMs();
  const arrivals = arrivalsIn(sink.folder);
  const announcedAt = (number: number) => line.listener.announcedAt(number + 1);
  const since = (kind: string, from: (number: number) => number | null) =>
    percentiles(
      arrivals.flatMap(({ number, kind: its, atMs }) => {
        const begin = from(number);
        return its !== kind || begin === null ? [] : [atMs - begin];
      }),
    );
  const delivered = (number: number) => deliveredAt.get(number) ?? null;
  const drainMs = Math.max(...arrivals.map(({ atMs }) => atMs)) - lastAt;
  const total = (of: typeof after) => Object.values(of.baton).reduce((sum, value) => sum + value, 0);
  return {
    mails,
    offerLatencyMs: since('offer', announcedAt),
    acknowledgementLatencyMs: since('acknowledgement', announcedAt),
    arrivalLatencyMs: since('offer', delivered),
    acknowledgementArrivalLatencyMs: since('acknowledgement', delivered),
    stages: stageTimes(await stampsOf(stand, line, deliveredAt, arrivals)),
    drainMs: round(drainMs, 0),
    keepsUp: drainMs <= KEPT_UP_MS,
    cpuMsPerMail: round((total(after) - total(before)) / mails),
  };
}

/** Answers when each was delivered. */
export async function deliverEvenly(
  line: Line,
  rate: number,
  mails: number,
  tell: (line: string) => void,
  goesOn: () => boolean = () => true,
): Promise<Map<number, number>> {
  const numbers = line.prepare(mails);
  const deliveredAt = new Map<number, number>();
  const begunAt = nowMs();
  for (const [at, number] of numbers.entries()) {
    if (!goesOn()) break;
    // A pace without a beat, or Dovecot's own half seconds would always fall on the same place.
    const wait = begunAt + ((at + ((at * 0.618) % 1)) * 1_000) / rate - nowMs();
    if (wait > 0) await pause(wait);
    deliveredAt.set(number, line.deliver(number));
    if (at % Math.max(1, Math.ceil(rate)) === 0) tell(`${at} of ${mails} mails delivered`);
  }
  return deliveredAt;
}

async function stampsOf(
  stand: Stand,
  line: Line,
  deliveredAt: ReadonlyMap<number, number>,
  arrivals: ReturnType<typeof arrivalsIn>,
): Promise<Stamps[]> {
  const rows = await rowStamps(stand);
  const atSink = new Map(arrivals.flatMap((one) => (one.kind === 'offer' ? [[one.number, one.atMs]] : [])));
  const ms = (at: Date | null | undefined) => at?.getTime() ?? null;
  return [...deliveredAt].map(([number, delivered]) => {
    const row = rows.get(number);
    return {
      delivered,
      announced: line.listener.announcedAt(number + 1),
      stored: ms(row?.stored),
      classified: ms(row?.classified),
      routed: ms(row?.routed),
      'attempt begun': ms(row?.begun),
      'at the sink': atSink.get(number) ?? null,
      recorded: ms(row?.recorded),
    };
  });
}
