/** What a weekly report is made of: what became of each request and when. Ids, codes and instants; nobody's words. */
import type { ConversationId, InboxId, MemberId } from '../ids.ts';
import type { Instant } from '../instant.ts';
import type { Priority } from '../policy.ts';
import type { LearnedFacts } from './learned.ts';

export type WeeklyQuestion = {
  readonly inboxes: readonly InboxId[];
  /** Without a gap between them, the earliest first. */
  readonly weeks: readonly Week[];
};

/** The requests of a week are those that came in it, from `from` to just before `until`. */
export type Week = {
  readonly from: Instant;
  readonly until: Instant;
  /**
   * What happened to them later does not count. It lies as far behind the end of each week as the report behind the end
   * of the last one: with all the time up to now, older weeks would always look better.
   */
  readonly seen: Instant;
};

export type WeeklyFacts = {
  /** Each request that came in one of the weeks, once, in no order. */
  readonly requests: readonly RequestFacts[];
  /** What clocks asked of others in the weeks, about any request. */
  readonly escalations: readonly EscalationFacts[];
  /** In the order of the weeks. */
  readonly flow: readonly Flow[];
  /** Of the last week alone. */
  readonly learned: LearnedFacts;
};

/** What it belongs to, as it is now. */
export type About = {
  readonly inboxId: InboxId;
  readonly category: string | null;
  readonly priority: Priority;
  readonly ruleId: string | null;
  readonly owner: MemberId | null;
};

export type RequestFacts = About & {
  readonly id: ConversationId;
  readonly openedAt: Instant;
  /** Whether a person wrote it, who waits for an answer. */
  readonly person: boolean;
  /** Everybody who accepted it, in order. */
  readonly accepted: readonly { readonly at: Instant; readonly by: MemberId }[];
  /** The first answer to the customer, through us or past us. */
  readonly answeredAt: Instant | null;
  /** Each end and each new beginning, in order. */
  readonly turns: readonly { readonly at: Instant; readonly to: Turn }[];
};

export type Turn = 'finished' | 'spam' | 'merged' | 'reopened';

export type EscalationFacts = About & {
  readonly id: ConversationId;
  readonly at: Instant;
  /** The code of the reason: whoever was waited for did not answer, said no, was away … */
  readonly cause: string;
  readonly rung: number;
  /** Whether it was the last person who could be asked. */
  readonly last: boolean;
};

/** What went through the inboxes in one week, whenever it had come. */
export type Flow = {
  readonly finished: number;
  readonly reopened: number;
  /** Not done at the end of the week. */
  readonly open: number;
};
