/** A way to reach whoever looks after Baton that is none of Baton's own. Throws Failure when nobody was reached. */
import type { AlarmWords } from '../../domain/alarm-words.ts';
import type { Instant } from '../../domain/instant.ts';
import type { OutageKind, Telling } from '../../domain/outage.ts';

export interface AlarmChannel {
  /** For the log: says nothing that is a secret. */
  readonly name: string;
  tell(alarm: Alarm): Promise<void>;
}

export type Alarm = AlarmWords & {
  /** The same for each try to tell the same thing, so that a receiver can tell a repetition. */
  readonly id: string;
  readonly telling: Telling;
  readonly kind: OutageKind;
  readonly inbox: string | null;
  readonly address: string | null;
  readonly since: Instant;
  readonly code: string | null;
  readonly now: Instant;
};
