/** Mail that nothing could read, as the store keeps it: see domain/parked. Part of the Store and its transactions. */
import type { InboxId, MemberId, MessageId } from '../../domain/ids.ts';
import type { Instant } from '../../domain/instant.ts';
import type { PlaceView } from '../../domain/notices/view.ts';
import type { Parked, ParkedEvent } from '../../domain/parked/parked.ts';

export interface ParkedStore {
  /** Parked mails with a clock that has run out, longest overdue first. */
  findParkedDue(limit: number): Promise<MessageId[]>;
  /** Where it lies; null when there is none. */
  readPlace(id: MessageId): Promise<PlaceView | null>;
  /** Those that wait for a decision and for which one of these members answers. */
  parkedOf(members: readonly MemberId[]): Promise<MessageId[]>;
}

export interface ParkedTransaction {
  /** What has happened to a mail since it was set aside; null: it never was. Its message must be locked. */
  findParked(id: MessageId): Promise<Parked | null>;
}

/** Refused when the mail is no longer at the version that was read. */
export type ParkedChange = {
  readonly before: Parked | null;
  readonly after: Parked;
  readonly events: readonly ParkedEvent[];
};

/** What an operator sees of them. Reads only. */
export interface ParkedList {
  /** Those that wait for a decision, oldest first. */
  list(): Promise<ParkedItem[]>;
  /** One that is set aside or was; null: there is none. */
  read(id: MessageId): Promise<ParkedDetail | null>;
  /** Its bytes as far as they were taken in. */
  readRaw(id: MessageId): Promise<Uint8Array | null>;
}

export type ParkedItem = {
  readonly id: MessageId;
  readonly inboxId: InboxId;
  readonly storedAt: Instant;
  /** When it reached the mailbox, by the clock of its server. */
  readonly receivedAt: Instant;
  readonly folder: string;
  readonly uid: number;
  readonly size: number;
  /** False: only its header was taken in. */
  readonly whole: boolean;
  readonly from: readonly { readonly name: string; readonly address: string }[];
  /** null: not even its header could be read, or it was erased. */
  readonly subject: string | null;
  readonly why: string;
  readonly state: Parked;
};

export type ParkedDetail = ParkedItem & { readonly events: readonly ParkedEvent[] };
