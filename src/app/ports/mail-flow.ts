/** How mail comes in and goes out, inbox by inbox, hour by hour: whether it flows at a glance. Reads only. */
import type { InboxId } from '../../domain/ids.ts';
import type { Duration, Instant } from '../../domain/instant.ts';

export interface MailFlows {
  /** Every inbox that was ever watched. */
  read(): Promise<readonly InboxFlow[]>;
}

/** Hours are told back from now: the first is the oldest, the last is the one up to now. */
export const FLOW_HOURS = 24;

export type InboxFlow = {
  readonly inboxId: InboxId;
  /** A poller holds the watch of its first folder, asks the server, and has met no trouble since. */
  readonly connected: boolean;
  /** When the server was last asked; null: never. */
  readonly polledAt: Instant | null;
  /** When the last mail was taken in; null: none within these hours. */
  readonly lastMailAt: Instant | null;
  readonly lastSentAt: Instant | null;
  /** For how long the oldest mail that nobody has settled yet has waited; 0: none does. */
  readonly lag: Duration;
  readonly hours: readonly { readonly from: Instant; readonly in: number; readonly out: number }[];
};
