/** The faults of the network, in the order of a seed, and what came of each. */
import { chanceOf, inChance } from '../../../src/domain/learning/chance.ts';
import type { Direction, Host, ServerName } from './network.ts';

export type Fault = {
  readonly what: string;
  /** null: the host is cut off from everybody. */
  readonly servers: readonly ServerName[] | null;
  readonly direction: Direction;
  /** Of the time that a host is cut off. */
  readonly share: number;
  /** Within what time another host has to read the mailbox; null: the one that reads goes on. */
  readonly mustTakeOverMs: number | null;
};

export type Event = {
  readonly what: string;
  /** Who suffered it: whoever read the mailbox at that moment. */
  readonly host: Host;
  readonly lastedMs: number;
  /** null: it did not last so long that anybody had to. */
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

const CUT: Fault = {
  what: 'cut off',
  servers: null,
  direction: 'both',
  share: 1,
  mustTakeOverMs: TAKE_OVER_MS,
};

const from = (
  what: string,
  servers: readonly ServerName[],
  direction: Direction,
  share: number,
  mustTakeOverMs: number | null,
): Fault => ({ what, servers, direction, share, mustTakeOverMs });

/** Each lasts long enough for whoever has to notice it. */
const PARTITIONS: readonly Fault[] = [
  from('no way to PostgreSQL', ['postgres'], 'both', 0.5, TAKE_OVER_MS),
  from('answers of PostgreSQL get lost', ['postgres'], 'answers', 0.5, TAKE_OVER_MS),
  from('no way to Redis', ['redis'], 'both', 0.4, null),
  from('requests to Redis get lost', ['redis'], 'requests', 0.4, null),
  from('no way to the mail servers', ['dovecot', 'sink'], 'both', 0.8, NOTICED_MS),
  from('answers of the mail servers get lost', ['dovecot', 'sink'], 'answers', 0.8, NOTICED_MS),
];

/** Two hosts are cut off, one after the other; then one at a time reaches a part of the servers no more. */
export const planFaults = (seed: number): Fault[] => [CUT, CUT, ...inChance(PARTITIONS, chanceOf(seed))];
