/** What runs and when it fires, as an operator asks for it. Reads only. */
import type { Conversation } from '../../domain/conversation/state.ts';
import type { ConversationId, MemberId } from '../../domain/ids.ts';
import type { Instant } from '../../domain/instant.ts';

export interface ClockList {
  /** The time by which clocks fire. */
  now(): Promise<Instant>;
  /**
   * Requests with a clock that runs, whose next fires first coming first. `of`: those that somebody has to do with, as
   * the one who answers for it, is asked to take it or was asked for help.
   */
  requests(limit: number, of: MemberId | null): Promise<ClockedRequest[]>;
  /** How many requests have a clock that runs. */
  count(): Promise<number>;
  /** Mails that a server put off or that wait for their turn, and when the next of them is tried; null: none waits. */
  retries(): Promise<{ readonly count: number; readonly next: Instant } | null>;
}

export type ClockedRequest = {
  readonly id: ConversationId;
  readonly subject: string;
  readonly state: Conversation;
};
