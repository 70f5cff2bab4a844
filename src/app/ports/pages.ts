/**
 * Pages: urgent escalations on their way to whoever they are for, by another way than mail. A page is committed with its
 * notice; each worker takes what is due for a while, so that one of them sends it, and a try is counted before it is made.
 */
import type { InboxId, MemberId, NoticeId } from '../../domain/ids.ts';
import type { Duration, Instant } from '../../domain/instant.ts';
import type { PageWhy } from '../../domain/notices/escalation.ts';
import type { StoredNotice } from '../../domain/notices/notice.ts';

export interface Pages {
  /** What is due and nobody has, those that have waited longest first. */
  claim(limit: number, lease: Duration): Promise<readonly ClaimedPage[]>;
  /** What became of a try. What was settled meanwhile stays so. */
  settle(id: NoticeId, outcome: PageOutcome): Promise<void>;
}

export type ClaimedPage = {
  readonly notice: StoredNotice;
  readonly why: PageWhy;
  /** This one included. */
  readonly tries: number;
  /** What the last try came to; null: none has ended. */
  readonly code: string | null;
};

export type PageOutcome = {
  /** `pointless`: it was answered meanwhile, or there is nobody to page any more. */
  readonly state: 'sent' | 'pointless' | 'failed' | { readonly retryAt: Instant };
  readonly code: string;
};

export interface PageChannel {
  /** Throws Failure when it was not taken; the message names no secret. */
  send(page: Page): Promise<void>;
}

export type Page = {
  /** The same for each try, so that a receiver can tell a repetition. */
  readonly id: string;
  /** When the escalation happened, and when this try is made. */
  readonly at: Instant;
  readonly sentAt: Instant;
  readonly number: number;
  readonly inbox: InboxId;
  readonly to: { readonly id: MemberId; readonly name: string; readonly phone: string | null };
  readonly why: PageWhy;
  readonly text: string;
  /** By when an answer is wanted; null: it is wanted now. */
  readonly deadline: Instant | null;
  /** Given only where the configuration lets words of customers out. */
  readonly subject?: string;
};
