/** What was learned, as the database keeps it: versions, of which one at most is in use. */
import type { Instant } from '../../domain/instant.ts';
import type { TrainingReport } from '../../domain/learning/training.ts';
import type { Turn } from './learning.ts';

export interface Models {
  /** Newest first. */
  list(): Promise<readonly ModelRow[]>;
  /** Which is in use, cheap enough to be asked every few seconds; null: none. */
  active(): Promise<number | null>;
  /** null: there is none of that version any more. */
  bytesOf(version: number): Promise<Uint8Array | null>;
  /**
   * Keeps it, and where it is to be used puts it in the place of the one in use. Nothing happens when the turn is somebody
   * else's by now, or words were erased since it began: it may have been made of them, and `null` is answered.
   */
  publish(turn: Turn, model: NewModel): Promise<number | null>;
  /** false: there is no such version. */
  use(version: number, why: string): Promise<boolean>;
  /** After words were erased: every model from before goes, the one in use as well. */
  dropFrom(turn: Turn): Promise<void>;
}

export type ModelRow = {
  readonly version: number;
  readonly madeAt: Instant;
  readonly seed: number;
  readonly size: number;
  readonly active: boolean;
  readonly why: string;
  readonly report: TrainingReport;
};

export type NewModel = {
  readonly seed: number;
  readonly bytes: Uint8Array;
  readonly use: boolean;
  readonly why: string;
  readonly report: TrainingReport;
};
