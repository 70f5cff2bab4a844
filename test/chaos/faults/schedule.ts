/**
 * What goes wrong when, and how much mail comes in meanwhile: a pure function of seed and length, so that a run that
 * found something can be had again.
 *
 * Three lanes of short faults and one of long ones, each after the other with a pause in between. A lane takes the next
 * kind of a shuffled round of all, so that a few minutes see most kinds; no two faults of one place overlap.
 */
import { type Chance, chanceOf, inChance } from '../../../src/domain/learning/chance.ts';
import { type FaultKind, FaultKinds, Faults, type Place } from './kinds.ts';

export type PlannedFault = {
  readonly kind: FaultKind;
  /** Both in seconds, the first from the beginning. */
  readonly at: number;
  readonly lasts: number;
  /** From 0 to just below 1: which worker, which stage, which table. */
  readonly choice: number;
};

/** So many mails a second from then on. */
export type Pace = { readonly at: number; readonly perSecond: number };

export type Schedule = {
  readonly seed: number;
  readonly seconds: number;
  readonly faults: readonly PlannedFault[];
  readonly paces: readonly Pace[];
};

const LANES = 3;
/** From so many seconds on a fault is long, and stands in the lane of those. */
const LONG = 25;
/** Workers are let begin in peace, and the last faults end within the run. */
const FIRST_AT = 10;
/** After a fault something else may need a moment to be seen. */
const LEFT_ALONE = 1;
const PAUSE = { short: [2, 6], long: [10, 25] } as const;
/** Mails a second, and how often each comes: slow hours and a flood. */
const PACES: readonly number[] = [0.5, 2, 2, 4, 4, 8, 25];
const PACE_SECONDS = [6, 14] as const;

export function scheduleOf(seed: number, seconds: number): Schedule {
  const chance = chanceOf(seed);
  const faults = faultsOf(chance, seconds);
  return { seed, seconds, faults, paces: pacesOf(chance, seconds) };
}

type Lane = { at: number; readonly deck: Deck; readonly pause: readonly [number, number] };

function faultsOf(chance: Chance, seconds: number): PlannedFault[] {
  const fitting = FaultKinds.filter((kind) => (Faults[kind].wantsSeconds ?? 0) <= seconds);
  const short = new Deck(
    chance,
    fitting.filter((kind) => !isLong(kind)),
  );
  const long = new Deck(chance, fitting.filter(isLong));
  const lanes: Lane[] = [
    { at: FIRST_AT, deck: long, pause: PAUSE.long },
    ...Array.from({ length: LANES }, (_, lane) => ({ at: FIRST_AT + lane, deck: short, pause: PAUSE.short })),
  ];
  const planned: PlannedFault[] = [];
  /** From when on each place may be struck again. */
  const freeAt = new Map<Place, number>();
  const isFree = (kind: FaultKind, at: number) => at >= (freeAt.get(Faults[kind].place) ?? 0);
  for (;;) {
    const lane = lanes.reduce((first, other) => (other.at < first.at ? other : first));
    if (lane.at >= seconds) break;
    const kind = lane.deck.next((one) => lane.at + Faults[one].seconds[1] <= seconds && isFree(one, lane.at));
    if (kind === null) {
      // Every place is taken, or too little time is left; the lane looks again when something may have ended.
      lane.at += 1;
      continue;
    }
    const [shortest, longest] = Faults[kind].seconds;
    const lasts = rounded(shortest + chance() * (longest - shortest));
    const fault = { kind, at: rounded(lane.at), lasts, choice: chance() };
    lane.at += lasts + between(chance, lane.pause);
    freeAt.set(Faults[kind].place, fault.at + lasts + LEFT_ALONE);
    planned.push(fault);
  }
  return planned.sort((a, b) => a.at - b.at);
}

const isLong = (kind: FaultKind): boolean => Faults[kind].seconds[1] > LONG;

/** Kinds in chance order, each as often as it comes in a round; then all over again. */
class Deck {
  readonly #chance: Chance;
  readonly #kinds: readonly FaultKind[];
  #left: FaultKind[] = [];

  constructor(chance: Chance, kinds: readonly FaultKind[]) {
    this.#chance = chance;
    this.#kinds = kinds;
  }

  /** The first that will do; null: none of what is left. */
  next(willDo: (kind: FaultKind) => boolean): FaultKind | null {
    if (this.#left.length === 0) this.#left = this.#shuffled();
    const at = this.#left.findIndex(willDo);
    return at === -1 ? null : (this.#left.splice(at, 1)[0] ?? null);
  }

  /** Every kind comes once before any comes twice. */
  #shuffled(): FaultKind[] {
    const times = Math.max(...this.#kinds.map((kind) => Faults[kind].often));
    return Array.from({ length: times }, (_, time) =>
      inChance(
        this.#kinds.filter((kind) => Faults[kind].often > time),
        this.#chance,
      ),
    ).flat();
  }
}

function pacesOf(chance: Chance, seconds: number): Pace[] {
  const paces: Pace[] = [];
  let left: number[] = [];
  for (let at = 0; at < seconds; at += between(chance, PACE_SECONDS)) {
    if (left.length === 0) left = inChance(PACES, chance);
    paces.push({ at: rounded(at), perSecond: left.pop() ?? 1 });
  }
  return paces;
}

const between = (chance: Chance, [least, most]: readonly [number, number]): number =>
  least + chance() * (most - least);

const rounded = (seconds: number): number => Math.round(seconds * 10) / 10;
