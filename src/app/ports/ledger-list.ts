/** Who answered for what, at any time: as an operator asks the ledger. Reads only. */
import type { ConversationId, MemberId } from '../../domain/ids.ts';
import type { Instant } from '../../domain/instant.ts';

export interface LedgerList {
  /** Who answered for it then; null: it had not begun, or there is none. */
  at(id: ConversationId, at: Instant): Promise<LedgerEntry | null>;
  /** What they answered for then, the longest first. */
  of(member: MemberId, at: Instant, limit: number): Promise<readonly HeldThen[]>;
  /** Of how many requests each answered then, most first. */
  counts(at: Instant): Promise<readonly { readonly member: MemberId; readonly n: number }[]>;
  /** The requests whose numbers come before and after one that there is not. */
  nearest(id: ConversationId): Promise<readonly ConversationId[]>;
}

export type LedgerEntry = {
  /** null: it was done. */
  readonly member: MemberId | null;
  readonly from: Instant;
  /** null: it is so now. */
  readonly until: Instant | null;
};

export type HeldThen = {
  readonly id: ConversationId;
  readonly subject: string;
  readonly from: Instant;
  readonly until: Instant | null;
};
