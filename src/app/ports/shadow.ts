/** The times in which Baton only looked on, and what nobody was told meanwhile. */

import type { InboxId } from '../../domain/ids.ts';
import type { Instant } from '../../domain/instant.ts';
import type { ShadowItem } from '../../domain/notices/first-hour-bodies.ts';

export interface ShadowTimes {
  /** The one that runs; null: Baton works. */
  running(): Promise<ShadowTime | null>;
  /** Begins one unless one runs. */
  begin(): Promise<void>;
  end(id: number): Promise<void>;
  /** Mail of these inboxes that was held back since then, and whom each request would have been put to. */
  heldSince(inboxes: readonly InboxId[], since: Instant): Promise<Held>;
  /** Requests of these inboxes that came since then and are not done, oldest first, with whom they would have been put to. */
  openSince(inboxes: readonly InboxId[], since: Instant): Promise<readonly ShadowItem[]>;
}

export type ShadowTime = { readonly id: number; readonly beganAt: Instant };

export type Held = {
  readonly items: readonly ShadowItem[];
  readonly outside: number;
  readonly members: number;
};
