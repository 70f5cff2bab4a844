/** What came of a year, as it can be read from outside: all that the judge is shown of Baton. */
import type { ConversationEvent } from '../../../src/domain/conversation/events.ts';
import type { Phase } from '../../../src/domain/conversation/state.ts';
import type { ConversationId, MemberId, MessageId } from '../../../src/domain/ids.ts';
import type { Instant } from '../../../src/domain/instant.ts';
import type { StoredNotice } from '../../../src/domain/notices/notice.ts';
import type { ParkedEvent } from '../../../src/domain/parked/parked.ts';
import type { LedgerRow } from '../../support/memory/tables.ts';

export type YearRecord = {
  readonly conversations: readonly ConversationRecord[];
  readonly parked: readonly { readonly id: MessageId; readonly events: readonly ParkedEvent[] }[];
  readonly notices: readonly NoticeRecord[];
  /** Each mail that the mail server took, by the key of its notice. */
  readonly deliveries: readonly { readonly key: string; readonly at: Instant }[];
  /** What members told of their absences, as it stood from each instant on. */
  readonly told: readonly ToldRecord[];
  /** What went wrong in a way that nobody expects. */
  readonly errors: readonly string[];
  /** When the clock of Baton looked. */
  readonly ticks: number;
  readonly letters: number;
};

export type ConversationRecord = {
  readonly id: ConversationId;
  readonly phase: Phase;
  /** When the mail that it began with was stored. */
  readonly storedAt: Instant;
  readonly events: readonly ConversationEvent[];
  readonly ledger: readonly LedgerRow[];
  /** What runs for it in the end, as Baton says. */
  readonly running: readonly { readonly clock: string; readonly at: Instant }[];
};

export type NoticeRecord = {
  readonly notice: StoredNotice;
  readonly key: string;
  readonly state: string;
  readonly settledAt: Instant | null;
  readonly code: string | null;
};

export type ToldRecord = {
  readonly id: number;
  readonly member: MemberId;
  readonly from: Instant;
  readonly until: Instant;
  /** From when on Baton knew it like this, and until when. */
  readonly since: Instant;
  readonly replacedAt: Instant | null;
};
