/** All figures of one run, as they stand in its JSON. */
import type { CatchUps } from './catch-up.ts';
import type { Latency } from './latency.ts';
import type { Machine } from './machine.ts';
import type { Mailboxes } from './mailboxes.ts';
import type { Memory } from './memory.ts';
import type { ByName } from './stand.ts';
import type { Percentiles } from './statistics.ts';
import type { Throughput } from './throughput.ts';
import type { Copies } from './workers.ts';

/** One part each; a part that was not asked for is not there. */
export type Parts = {
  readonly throughput?: Throughput;
  readonly latency?: Readonly<Record<string, Latency>>;
  readonly catchUp?: CatchUps;
  readonly mailboxes?: Mailboxes;
  readonly workers?: Copies;
  readonly memory?: Memory;
};

/** What somebody who compares wants first: production shape, 10 mails a second. Null: not measured. */
export type Headline = {
  readonly requestsPerSecond: number | null;
  readonly floorPerSecond: number | null;
  readonly ratioToFloor: number | null;
  readonly offerLatencyMs: Percentiles | null;
  readonly arrivalLatencyMs: Percentiles | null;
  readonly cpuMsPerMail: number | null;
  readonly floorCpuMsPerMail: number | null;
  /** Machines differ less in it than in anything that takes seconds. */
  readonly cpuRatioToFloor: number | null;
  readonly rssMb: ByName | null;
};

export type Figures = Headline &
  Parts & {
    /** What must not be, and was. */
    readonly wrong: readonly string[];
    readonly at: string;
    readonly seconds: ByName;
    readonly machine: Machine;
    readonly versions: Readonly<Record<string, string>>;
  };

const HEADLINE_RATE = '10';

export function headline({ throughput, latency, memory }: Parts): Headline {
  const shape = throughput?.shapes.production ?? throughput?.shapes.embedded;
  const rate = latency?.[HEADLINE_RATE] ?? Object.values(latency ?? {}).at(-1);
  const last = memory?.samples.at(-1)?.rssMb;
  return {
    requestsPerSecond: shape?.requestsPerSecond.median ?? null,
    floorPerSecond: shape?.floorPerSecond.median ?? null,
    ratioToFloor: shape?.ratioToFloor.median ?? null,
    offerLatencyMs: rate?.offerLatencyMs ?? null,
    arrivalLatencyMs: rate?.arrivalLatencyMs ?? null,
    cpuMsPerMail: shape?.cpuMsPerMail.median ?? null,
    floorCpuMsPerMail: shape?.floorCpuMsPerMail.median ?? null,
    cpuRatioToFloor: shape?.cpuRatioToFloor.median ?? null,
    rssMb: last ?? shape?.rssMb ?? null,
  };
}
