/**
 * What everything in one life shares: its dice and its stage, the database, the office it is lived in, what was reached,
 * and which promises were broken.
 */
import { type Duration, HOUR, type Instant, MINUTE } from '../../../src/domain/instant.ts';
import { type MemoryStore, memoryStore } from '../../support/memory-store.ts';
import { type Bells, bellsOf } from './bells.ts';
import { type Dice, diceOf } from './dice.ts';
import { type Faults, faultsOf } from './faults.ts';
import type { Mutation } from './mutants.ts';
import { type OfficePlan, pickOffice, startOf } from './policies.ts';
import { type Post, postOf } from './post.ts';
import { type Stage, stageOf } from './stage.ts';
import { type Tally, tallyOf } from './tally.ts';
import { type Trace, traceOf } from './trace.ts';
import { type Watch, watchOf } from './watch.ts';

export type LifeOptions = {
  /** One mail or two, and few answers. */
  readonly brief?: boolean;
  /** Keeps the steps in words. */
  readonly words?: boolean;
  readonly tally?: Tally;
  /** Breaks Baton, to see that it is noticed. */
  readonly mutation?: Mutation;
};

export type World = {
  readonly isBrief: boolean;
  readonly mutation: Mutation | undefined;
  readonly start: Instant;
  /** Until then things go wrong. */
  readonly calmAt: Instant;
  readonly dice: Dice;
  /** Others, for what few lives have: those without it are the same whether or not it was thrown for. */
  readonly otherDice: Dice;
  readonly stage: Stage;
  readonly faults: Faults;
  readonly trace: Trace;
  readonly tally: Tally;
  readonly office: OfficePlan;
  readonly store: MemoryStore;
  readonly post: Post;
  readonly bells: Bells;
  readonly watch: Watch;

  /** The clock of the database, which may be wrong by this. */
  readonly databaseShift: Duration;
  databaseNow(): Instant;
  stepDatabaseClock(by: Duration): void;

  /** How often something was written: as long as it is the same, whatever is asked has the same answer. */
  readonly writes: number;
  wrote(): void;

  readonly isCalm: boolean;
  /** From now on nothing fails, and nothing happens from outside. */
  calmDown(): void;

  /** Something happened from outside. */
  happened(what: string): void;
  /** How often. */
  readonly happenings: number;
  /** A promise is broken. */
  say(what: string): void;
  /** The first of them. */
  readonly broken: readonly string[];
};

const BROKEN_MAX = 8;
const SPANS: readonly Duration[] = [20 * MINUTE, HOUR, HOUR, 3 * HOUR, 8 * HOUR, 30 * HOUR];

export function worldOf(
  seed: number,
  { brief = false, words = false, tally = tallyOf(), mutation }: LifeOptions,
): World {
  // The dice are thrown in this order.
  const dice = diceOf(seed);
  const start = startOf(dice);
  const stage = stageOf(start, dice);
  const faults = faultsOf(dice, tally);
  const office = pickOffice(dice);
  const calmAt = start + dice.pick(SPANS);

  const trace = traceOf(words);
  const broken: string[] = [];
  let databaseShift: Duration = 0;
  let writes = 0;
  let isCalm = false;
  let happenings = 0;
  const databaseNow = (): Instant => stage.now() + databaseShift;
  const store = memoryStore({ clock: { now: databaseNow } });
  const post = postOf();
  const say = (what: string): void => {
    if (broken.length < BROKEN_MAX && !broken.includes(what)) broken.push(what);
    trace.add(stage.now(), '!', what);
  };

  return {
    otherDice: diceOf(-1 - seed),
    ...{ isBrief: brief, mutation, start, calmAt, dice, stage, faults, trace, tally, office, store, post },
    bells: bellsOf(dice, faults),
    watch: watchOf({ store, post, tally, now: databaseNow, say }),
    get databaseShift() {
      return databaseShift;
    },
    databaseNow,
    stepDatabaseClock(by) {
      databaseShift += by;
      writes += 1;
    },
    get writes() {
      return writes;
    },
    wrote() {
      writes += 1;
    },
    get isCalm() {
      return isCalm;
    },
    calmDown() {
      isCalm = true;
      faults.end();
      stage.clear();
      trace.add(stage.now(), 'world', 'calms down');
    },
    get happenings() {
      return happenings;
    },
    happened(what) {
      happenings += 1;
      tally.add('happening', what);
      trace.add(stage.now(), 'world', what);
    },
    say,
    broken,
  };
}
