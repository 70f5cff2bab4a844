/** What is learned from, and whose turn it is to learn. See domain/learning. */
import type { ConversationEvent } from '../../domain/conversation/events.ts';
import type { ConversationId } from '../../domain/ids.ts';
import type { Duration, Instant } from '../../domain/instant.ts';
import type { ArchiveExample } from '../../domain/learning/archive.ts';
import type { Choosable } from '../../domain/learning/choose-examples.ts';
import type { DecidedExample } from '../../domain/learning/decided.ts';
import type { Lowered } from '../../domain/learning/drift.ts';
import type { Content } from '../../domain/learning/example.ts';
import type { ScreeningKind } from '../../domain/screening.ts';

export interface Learning {
  // ── Examples ──
  /** Requests to which something has happened since then, in portions; null: all there are. */
  requestsSince(since: Instant | null): AsyncIterable<readonly LearnableRequest[]>;
  /**
   * The examples of these requests are these from now on. Those whose mail says nothing any more are left out: it was
   * forgotten or erased.
   */
  noteDecided(requests: readonly ConversationId[], examples: readonly DecidedExample[]): Promise<void>;
  /** What was brought before is brought anew: as it is said now, and once. Answers how many were new. */
  addArchive(examples: readonly ArchiveExample[]): Promise<number>;
  /** From where archives brought examples, by the name of the place. */
  archivePlaces(): Promise<readonly ArchivePlace[]>;
  /** Takes away what archives brought; null: from every place. Answers how many there were. */
  dropArchive(place: string | null): Promise<number>;
  /** All examples without their words, the latest first, `limit` at most. */
  choosable(limit: number): Promise<readonly Choosable[]>;
  /** What these say, in portions in the order in which they were asked for; who has gone meanwhile is left out. */
  contents(
    ids: readonly number[],
  ): AsyncIterable<readonly { readonly id: number; readonly content: Content }[]>;
  countExamples(): Promise<{ readonly decided: number; readonly archive: number }>;

  // ── Turns ──
  /** The turn to learn: whoever gets it has it for so long. null: it is not time, or somebody else has it. */
  begin(asked: TurnAsked): Promise<Turn | null>;
  /** What came of it, and when the next begins. Nothing happens when the turn is somebody else's by now. */
  end(turn: Turn, ended: TurnEnded): Promise<void>;
  /** It is time from now on. */
  askForTraining(): Promise<void>;
  standing(): Promise<LearningStanding | null>;
  /**
   * Which choices are no longer made; null: all are again. `anew`: what was said up to now is no evidence any more.
   * Nothing happens when the turn is somebody else's by now, or a person has chosen a model since it began.
   */
  setLowered(turn: Turn, lowered: Lowered | null, evidence: 'kept' | 'anew'): Promise<void>;
}

export type ArchivePlace = { readonly place: string; readonly examples: number };

export type LearnableRequest = {
  readonly id: ConversationId;
  readonly events: readonly ConversationEvent[];
  /** What the mail that opened it is. */
  readonly kind: ScreeningKind | null;
};

export type TurnAsked = {
  readonly lease: Duration;
  /** A hash of what is to be learned: other categories than the last time are a reason to learn at once. */
  readonly learnFor: string;
  /** Whether it is asked for by a person, whatever the time. */
  readonly now: boolean;
};

export type Turn = {
  readonly fence: number;
  readonly begunAt: Instant;
  readonly learnFor: string;
  /** How far examples were gathered before. */
  readonly gatheredUntil: Instant | null;
  /** Words that earlier models may have been made of were erased, and nothing has been learned since. */
  readonly erasedAt: Instant | null;
  readonly judgedFrom: Instant | null;
  readonly lowered: Lowered | null;
};

export type TurnEnded = {
  readonly outcome: string;
  readonly nextIn: Duration;
  /** null: as far as before. */
  readonly gatheredUntil: Instant | null;
};

export type LearningStanding = {
  readonly trainAt: Instant;
  readonly running: boolean;
  readonly outcome: string | null;
  readonly finishedAt: Instant | null;
  readonly erasedAt: Instant | null;
  readonly judgedFrom: Instant | null;
  readonly lowered: Lowered | null;
};
