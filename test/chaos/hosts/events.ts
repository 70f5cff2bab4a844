/** The faults of the network, in the order of a seed, and what came of each. */
import { chanceOf, inChance } from '../../../src/domain/learning/chance.ts';
import type { Direction, Host, ServerName } from './network.ts';

export type Fault = {
  readonly what: string;
  /** null: the host is cut off from everybody. */
  readonly servers: readonly ServerName[] | null;
  readonly direction: Direction;
  /** Within what time another host has to read the mailbox; null: the one that reads goes on. */
  readonly mustTakeOverMs: number | null;
};

export type Event = {
  readonly what: string;
  /** Who suffered it: whoever read the mailbox at that moment. */
  readonly host: Host;
  readonly lastedMs: number;
  readonly mustTakeOverMs: number | null;
  /** From the fault to the first batch that another host took in. */
  readonly takenOverMs: number | null;
  readonly lettersMeanwhile: number;
  /** Of these, how many were confirmed while it lasted. */
  readonly confirmedMeanwhile: number;
  /** From mailbox to confirmation, of what came while it lasted. */
  readonly slowestMs: number;
  /** From its end until the host had a hand in any mail again. */
  readonly backMs: number | null;
  /** From its end until all that had come was confirmed. */
  readonly caughtUpMs: number | null;
  readonly backWithinMs: number;
};

/** The watch ends after 20 s, and whoever stands by looks every 5 s. */
const TAKE_OVER_MS = 30_000;
/** A dead mail server is noticed within 60 s, and only then is the watch given back. */
const NOTICED_MS = 90_000;

const CUT: Fault = { what: 'cut off', servers: null, direction: 'both', mustTakeOverMs: TAKE_OVER_MS };

const PARTITIONS: readonly Fault[] = [
  { what: 'no way to PostgreSQL', servers: ['postgres'], direction: 'both', mustTakeOverMs: TAKE_OVER_MS },
  { what: 'no way to Redis', servers: ['redis'], direction: 'both', mustTakeOverMs: null },
  {
    ...{ what: 'no way to the mail servers', servers: ['dovecot', 'sink'], direction: 'both' },
    mustTakeOverMs: NOTICED_MS,
  },
  {
    ...{ what: 'answers of PostgreSQL get lost', servers: ['postgres'], direction: 'answers' },
    mustTakeOverMs: TAKE_OVER_MS,
  },
  {
    ...{ what: 'answers of the mail servers get lost', servers: ['dovecot', 'sink'], direction: 'answers' },
    mustTakeOverMs: NOTICED_MS,
  },
  { what: 'requests to Redis get lost', servers: ['redis'], direction: 'requests', mustTakeOverMs: null },
];

/** Two hosts are cut off, one after the other; then one at a time reaches a part of the servers no more. */
export const planFaults = (seed: number): Fault[] => [CUT, CUT, ...inChance(PARTITIONS, chanceOf(seed))];
