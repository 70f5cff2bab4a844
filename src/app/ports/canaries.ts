/** The mails that inboxes send to themselves: which were sent, and which came back. */
import type { InboxId } from '../../domain/ids.ts';
import type { Duration, Instant } from '../../domain/instant.ts';

export interface Canaries {
  /** True for one of those who ask for the same turn: they send it. */
  begin(inbox: InboxId, turn: number, key: string): Promise<boolean>;
  /** What came of handing it over; `accepted`, or the code of the failure. */
  handedOver(inbox: InboxId, turn: number, code: string): Promise<void>;
  /** Notes which have arrived, by the time at which they were stored. */
  noteArrivals(): Promise<void>;
  /** The last one of each inbox that came back. */
  last(): Promise<readonly CanaryRound[]>;
}

export type CanaryRound = { readonly inboxId: InboxId; readonly sentAt: Instant; readonly took: Duration };
