/** Mail out: notices are claimed for a lease, and each try is on record before a server is spoken to. */
import type { AutomaticMail, Brake, Caps } from '../../domain/brakes.ts';
import type { EscalationHour } from '../../domain/bundling.ts';
import type { MemberId, NoticeId } from '../../domain/ids.ts';
import type { Duration, Instant } from '../../domain/instant.ts';
import type { StoredNotice } from '../../domain/notices/notice.ts';
import type { SendOutcome } from './mail-sender.ts';

export interface Outbox {
  /** Takes due notices for `lease`; with ids only those of them that are due. Expired leases are due again. */
  claimNotices(request: {
    ids?: readonly NoticeId[];
    limit: number;
    lease: Duration;
  }): Promise<ClaimedNotice[]>;
  /** Takes what has been put off for this member to wait for others, oldest first, whether or not its time has come. */
  claimWaiting(
    member: MemberId,
    request: { readonly limit: number; readonly lease: Duration },
  ): Promise<ClaimedNotice[]>;
  /** What each of these members was sent since then; one without anything may be absent. */
  sentLately(members: readonly MemberId[], since: Instant): Promise<ReadonlyMap<MemberId, SentLately>>;
  /** Notices by their key, oldest first. */
  readNotices(keys: readonly string[]): Promise<StoredNotice[]>;
  /** How far those of these notices have come that there are, by their key. */
  readProgress(keys: readonly string[]): Promise<NoticeProgress[]>;
  /**
   * Records that a try begins, with the bytes that will be sent, before any connection is used. Automatic mail is
   * counted with its latest try, exactly, however many mailers send: what may not go out begins no try, and why is answered.
   */
  beginAttempt(attempt: AttemptStart): Promise<Brake | null>;
  /**
   * Writes down what came of a notice, as `write` does and with nothing else. Those that come while others are being
   * written down are written down together, and one that cannot be takes none of them along.
   */
  recordOutcome(outcome: NoticeOutcome): Promise<void>;
}

export type NoticeProgress = {
  readonly state: 'pending' | 'sending' | 'sent' | 'failed' | 'dropped' | 'bundled';
  readonly attempts: number;
  /** When it went out, or was decided not to; null: that is to come. */
  readonly settledAt: Instant | null;
};

export type SentLately = EscalationHour & {
  /** Mails of any kind. */
  readonly mails: number;
};

/**
 * What came of a notice under a claim. Whoever was slower than their lease decides nothing about what another has
 * claimed since, except that it was sent: that is so. An attempt keeps its result either way.
 */
export type NoticeOutcome = HeldClaim & {
  /** The attempt that ended; null when none was made. */
  readonly attempt: number | null;
  readonly result: { readonly outcome: SendOutcome['type']; readonly code: string } | null;
  readonly state: 'sent' | 'failed' | 'dropped' | 'bundled' | { readonly retryAt: Instant };
  readonly code: string;
};

export type ClaimedNotice = {
  readonly notice: StoredNotice;
  readonly key: string;
  /** Attempts made before this claim. */
  readonly attempts: number;
  /** How often it was taken, this time included. */
  readonly claims: number;
  /** It is an escalation that may wait for others. */
  readonly mayWait: boolean;
  /** The bytes of the first attempt; null before it. */
  readonly mail: { readonly recipient: string; readonly raw: Uint8Array } | null;
};

/** A mailer's hold on a notice: whoever takes it once its lease has ended holds it under another number. */
export type HeldClaim = Pick<ClaimedNotice, 'claims'> & Pick<ClaimedNotice['notice'], 'id'>;

/** Whoever was slower than their lease begins nothing of what another has claimed since. */
export type AttemptStart = HeldClaim & {
  readonly number: number;
  /** Begins anew with the attempt: however long the mail took to make, there is time to send it. */
  readonly lease: Duration;
  readonly recipient: string;
  readonly raw: Uint8Array;
  /** What counts of it, and up to where; null: a mail to a member, or one that a member wrote. */
  readonly counted: { readonly mail: AutomaticMail; readonly caps: Caps } | null;
};
