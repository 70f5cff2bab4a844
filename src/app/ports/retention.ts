/** What is forgotten when its time is over, and packed when nobody waits for it any more. */
import type { Duration } from '../../domain/instant.ts';

/** How long each kind of words is kept; null: for good. See config/keep.ts. */
export type Keep = {
  readonly raw: Duration | null;
  readonly texts: Duration | null;
  readonly history: Duration | null;
  readonly bulk: Duration | null;
  readonly machine: Duration | null;
};

/** One step of a walk over all rows of a kind in the order of their ids: what it did, and where to go on. */
export type Step = {
  readonly done: number;
  /** null: there is nothing behind it. */
  readonly next: number | null;
};

/** Each walk passes over whatever belongs to a request that is open, owed or a part of one, and over parked mail. */
export interface Retention {
  /** Mails that came in: bytes, or everything, as their kind demands. */
  forgetMessages(after: number, keep: Keep): Promise<Step>;
  /** Mails that went out. */
  forgetNotices(after: number, keep: Keep): Promise<Step>;
  /** All words of requests that are done for so long. */
  forgetRequests(after: number, keep: Keep): Promise<Step>;
  /** What archives brought to be learned from, which is mail from before the start. */
  forgetExamples(after: number, keep: Keep): Promise<Step>;
  /** Packs bytes that lie there as they came. */
  packMessages(after: number): Promise<Step>;
  packNotices(after: number): Promise<Step>;
}
