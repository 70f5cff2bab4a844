/** What this process counts of its own work, for whoever watches it. Ids and codes only: never an address or a word. */
import type { Disposition } from '../../domain/disposition.ts';
import type { InboxId } from '../../domain/ids.ts';
import type { SendOutcome } from './mail-sender.ts';
import type { Bell } from './queue.ts';

export const Steps = ['classify', 'route', 'reply', 'deliver', 'tick', 'page'] as const;
export type Step = Bell | 'tick' | 'page';

export interface Measures {
  /** Mails were committed with their raw bytes. */
  tookIn(inbox: InboxId, mails: number): void;
  /** Mails came to the end of their way. */
  settled(disposition: Disposition, mails: number): void;
  /** The server said this to one mail. */
  tried(inbox: InboxId, outcome: SendOutcome['type']): void;
  /** One bell was answered, or one tick, in so many seconds. */
  took(step: Step, seconds: number, isWell: boolean): void;
  /** Whether this process, and no other, reads the folder now. */
  watches(inbox: InboxId, folder: string, isReading: boolean): void;
}

/** Where nobody watches. */
export const NoMeasures: Measures = {
  tookIn: () => {},
  settled: () => {},
  tried: () => {},
  took: () => {},
  watches: () => {},
};
