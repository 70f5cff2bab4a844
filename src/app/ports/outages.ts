/**
 * What keeps mail from flowing, as far as the database shows it, and who was told. Many clocks may look at once; of what
 * has to be told each thing is given to one of them.
 */
import type { InboxId } from '../../domain/ids.ts';
import type { Duration, Instant } from '../../domain/instant.ts';
import type { AlarmRhythm, Telling, Trouble } from '../../domain/outage.ts';

export interface Outages {
  look(watched: Watched): Promise<{ readonly now: Instant; readonly troubles: readonly Trouble[] }>;
  /** These are the outages that last: new ones begin, those that are not among them are over. */
  note(troubles: readonly Trouble[]): Promise<void>;
  /** Takes what has to be told, for `lease`: when its teller dies, another takes it after that. */
  claim(rhythm: AlarmRhythm, lease: Duration): Promise<readonly Told[]>;
  told(one: Told): Promise<void>;
  /** Nobody could be told; somebody tries again after `pause`. */
  notTold(one: Told, pause: Duration): Promise<void>;
  /** Those that last. */
  open(): Promise<readonly OpenOutage[]>;
}

export type Watched = {
  /** Every configured inbox with the folder that new mail arrives in. */
  readonly folders: readonly { readonly inboxId: InboxId; readonly folder: string }[];
  /** The inboxes that log in with tokens. */
  readonly logins?: readonly InboxId[];
  /** How long a mail that an inbox sends to itself may take; null: none are sent. */
  readonly canaryWithin: Duration | null;
};

export type OpenOutage = {
  readonly kind: Trouble['kind'];
  readonly inboxId: InboxId;
  readonly since: Instant;
  readonly code: string | null;
};

export type Told = OpenOutage & {
  readonly id: number;
  readonly telling: Telling;
  /** When somebody was told before. */
  readonly toldAt: Instant | null;
  readonly now: Instant;
};
