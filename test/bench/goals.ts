/**
 * The figures against what is wanted of them. Goals were set on one machine, with its floor; on another they are taken
 * as ratios to the floor of the same run, and what is mostly computing may take as much longer as the floor's.
 */
import type { Figures } from './figures.ts';
import type { Percentiles } from './statistics.ts';
import { round } from './statistics.ts';

/** The floor on the machine of the goals. */
const FLOOR = { perSecond: 710, cpuMsPerMail: 1.75 };

export type Row = {
  readonly figure: string;
  readonly value: number;
  readonly solid: number;
  readonly goal: number;
  readonly verdict: 'goal' | 'solid' | 'short';
};

type Wanted = { readonly solid: number; readonly goal: number };

export function againstGoals(figures: Figures): Row[] {
  const { production, embedded } = figures.throughput?.shapes ?? {};
  // Without a floor of this run nothing is known of the machine, and it is held to the goals as they stand.
  const slower = (figures.floorCpuMsPerMail ?? FLOOR.cpuMsPerMail) / FLOOR.cpuMsPerMail;
  const scaled = ({ solid, goal }: Wanted): Wanted => ({
    solid: round(solid * slower, 0),
    goal: round(goal * slower, 0),
  });
  const atLeast = (figure: string, value: number | undefined, wanted: Wanted) =>
    row(figure, value, wanted, (one, bound) => one >= bound);
  const atMost = (figure: string, value: number | undefined, wanted: Wanted) =>
    row(figure, value, wanted, (one, bound) => one <= bound);
  const ofFloor = (solid: number, goal: number, floor: number): Wanted => ({
    solid: round(solid / floor),
    goal: round(goal / floor),
  });
  const { offerLatencyMs: offer, arrivalLatencyMs: arrival } = figures;
  return [
    ...atLeast('requests/s over the floor, production', production?.ratioToFloor.median, {
      solid: 0.7,
      goal: 1.2,
    }),
    ...atLeast(
      'requests/s over the floor, embedded',
      embedded?.ratioToFloor.median,
      ofFloor(150, 400, FLOOR.perSecond),
    ),
    ...atMost(
      'CPU per mail over the floor, production',
      production?.cpuRatioToFloor.median,
      ofFloor(4, 2.2, FLOOR.cpuMsPerMail),
    ),
    ...latency('from EXISTS to the offer', offer, (one) => scaled(one), {
      p50: { solid: 40, goal: 20 },
      p99: { solid: 150, goal: 60 },
    }),
    // Most of it is how long the server withholds the mail, which no machine makes shorter.
    ...latency('from delivery to the offer', arrival, (one) => one, {
      p50: { solid: 300, goal: 80 },
      p99: { solid: 600, goal: 150 },
    }),
    ...Object.entries(figures.rssMb ?? {}).flatMap(([name, mb]) =>
      atMost(`MB resident, ${name}`, mb, { solid: 350, goal: 200 }),
    ),
    ...Object.entries(figures.memory?.processes ?? {}).flatMap(([name, { mbPer10kMails }]) =>
      atMost(`MB more with each 10,000 mails, ${name}`, mbPer10kMails, { solid: 2, goal: 0.5 }),
    ),
  ];

  function latency(
    what: string,
    measured: Percentiles | null,
    bounds: (wanted: Wanted) => Wanted,
    wanted: Record<'p50' | 'p99', Wanted>,
  ): Row[] {
    return (['p50', 'p99'] as const).flatMap((share) =>
      atMost(`ms ${what}, ${share} at 10/s`, measured?.[share], bounds(wanted[share])),
    );
  }
}

function row(
  figure: string,
  value: number | undefined,
  { solid, goal }: Wanted,
  holds: (value: number, bound: number) => boolean,
): Row[] {
  if (value === undefined) return [];
  const verdict = holds(value, goal) ? 'goal' : holds(value, solid) ? 'solid' : 'short';
  return [{ figure, value, solid, goal, verdict }];
}
