/** What an operator asks first, as far as the database knows it. Reads only. */
import type { HeldBack } from '../../domain/brakes.ts';
import type { InboxId, MemberId } from '../../domain/ids.ts';
import type { Duration, Instant } from '../../domain/instant.ts';
import type { Comparison } from './mailbox-notes.ts';
import type { JunkCount } from './mailbox-reader.ts';

export interface Overview {
  read(): Promise<OverviewRows>;
}

export type OverviewRows = {
  /** Every folder that was ever watched. */
  readonly folders: readonly FolderRow[];
  readonly inboxes: ReadonlyMap<InboxId, RequestCounts>;
  /** Everybody in the roster, and whoever has left it and still has something. */
  readonly members: readonly MemberLoad[];
  readonly outbox: {
    readonly pending: number;
    /** The same by inbox; none waits where there is no entry. */
    readonly waiting: ReadonlyMap<InboxId, number>;
    readonly failed: number;
    /** A server took it, and it came back. */
    readonly returned: number;
  } & /** Automatic mails of the last 24 hours that were held back. */ HeldBack;
  /** Urgent escalations on their way by webhook: that wait, and that were given up in the last 24 hours. */
  readonly pages: { readonly waiting: number; readonly failed: number };
  /** Mails set aside for a person to look at. */
  readonly parked: number;
  /** When the one that has waited longest came in; null: none does. */
  readonly parkedSince: Instant | null;
  /** For how long the oldest clock that has run out has been waiting to be seen to; 0: none is. */
  readonly clocksLate: Duration;
};

export type FolderRow = {
  readonly inboxId: InboxId;
  readonly folder: string;
  readonly uidValidity: string | null;
  readonly lastUid: number;
  /** A poller holds the watch, has asked the server within the last two and a half minutes, and met no trouble since. */
  readonly connected: boolean;
  /** The last comparison with the server; null: there was none yet. */
  readonly reconciled: (Comparison & { readonly at: Instant }) | null;
  /** What lies in the spam folder since mail is taken up; null: there is no such folder, or nobody has looked. */
  readonly junk: JunkCount | null;
};

export type RequestCounts = {
  /** Not done. */
  readonly open: number;
  /** Of these, nobody has said yet that it is theirs. */
  readonly unaccepted: number;
  /** Somebody let the time to answer pass and nobody has taken it since, or a clock has run out and waits to be seen to. */
  readonly overdue: number;
};

export type MemberLoad = {
  readonly id: MemberId;
  readonly owns: number;
  readonly offered: number;
  /** Mail to them came back for good in the last week, and no order has come from them since. */
  readonly unreached: boolean;
};
