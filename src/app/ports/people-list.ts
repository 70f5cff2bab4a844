/** What each teammate has in hand, as the database knows it. Reads only; who they are is the configuration's. */
import type { ToldAbsence } from '../../domain/absences.ts';
import type { MemberId } from '../../domain/ids.ts';
import type { Instant } from '../../domain/instant.ts';

export interface PeopleList {
  /** Everybody in the roster, and whoever has left it and still has something; in the order of their ids. */
  members(): Promise<readonly PersonRow[]>;
  /** Absences that were told by mail and are not over. */
  absences(): Promise<readonly ToldAbsence[]>;
}

export type PersonRow = {
  readonly id: MemberId;
  readonly hasLeft: boolean;
  /** Open requests that they answer for, owned or not. */
  readonly answersFor: number;
  readonly owns: number;
  /** Requests that they are asked to take. */
  readonly asked: number;
  /** Of what they answer for, how many are stuck. */
  readonly stuck: number;
  /** When an order of theirs last came that was believed: their mail is known to work. Null: none has yet. */
  readonly lastOrderAt: Instant | null;
  /** When mail to them last came back for good, with nothing from them since; null: none has in the last week. */
  readonly unreachedSince: Instant | null;
};
