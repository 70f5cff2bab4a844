/**
 * How things stand, in numbers that cost next to nothing at any size: each count reads an index and stops at
 * `COUNT_MAX`, where it means "so many or more". Reads only.
 */
import type { Why } from '../../domain/digest/attention.ts';
import type { InboxId } from '../../domain/ids.ts';
import type { Duration } from '../../domain/instant.ts';
import type { Bell } from './queue.ts';

export const COUNT_MAX = 10_000;

export interface Gauges {
  read(): Promise<Standing>;
  /** For how long the oldest clock that has run out has been waiting to be seen to; 0: none is. */
  clocksLate(): Promise<Duration>;
}

export type Standing = {
  readonly requests: readonly RequestGauge[];
  readonly attention: readonly { readonly inboxId: InboxId; readonly why: Why; readonly count: number }[];
  /** Rows that wait for each kind of worker, and since when the oldest does. */
  readonly waiting: readonly { readonly bell: Bell; readonly count: number; readonly oldest: Duration }[];
  /** Notices given up in the last 24 hours. */
  readonly failed: readonly { readonly inboxId: InboxId; readonly count: number }[];
  readonly folders: readonly FolderGauge[];
  readonly outages: readonly { readonly inboxId: InboxId; readonly kind: string; readonly lasts: Duration }[];
  readonly canaries: readonly {
    readonly inboxId: InboxId;
    readonly took: Duration;
    readonly age: Duration;
  }[];
  readonly pages: { readonly waiting: number; readonly failed: number };
  readonly parked: { readonly count: number; readonly oldest: Duration };
  readonly clocksLate: Duration;
  /** The one in use; null: none is. */
  readonly model: { readonly version: number; readonly age: Duration } | null;
};

export type RequestGauge = {
  readonly inboxId: InboxId;
  /** Not done. */
  readonly open: number;
  /** Of these, nobody has said yet that it is theirs. */
  readonly unaccepted: number;
};

export type FolderGauge = {
  readonly inboxId: InboxId;
  readonly folder: string;
  /** Somebody holds the watch, has asked lately, and met no trouble since. */
  readonly connected: boolean;
  /** Since the server was asked last; null: it never was. */
  readonly lookedAgo: Duration | null;
  /** Mails on the server without a row, at the last comparison. */
  readonly missing: number;
};
