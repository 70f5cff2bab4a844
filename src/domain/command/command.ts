/** What a member can order by mail: the closed list of verbs, and each with what belongs to it, as written. */
import type { ConversationId } from '../ids.ts';
import type { When } from './when.ts';

export const Verbs = [
  'accept',
  'decline',
  'category',
  'handoff',
  'take',
  'help-from',
  'ask',
  'reply',
  'send',
  'note',
  'done',
  'reopen',
  'snooze',
  'due',
  'remind',
  'release',
  'add',
  'split',
  'merge',
  'for',
  'spam',
  'dismiss',
  'retry',
  'request',
  'status',
  'mine',
  'away',
  'back',
  'new',
  'take-over',
  'ready',
  'help',
] as const;
export type Verb = (typeof Verbs)[number];

/** Names and addresses are as typed; who is meant, the roster says. Free tails are null when there are none. */
export type Command =
  | {
      readonly verb:
        | 'accept'
        | 'take'
        | 'reopen'
        | 'send'
        | 'remind'
        | 'release'
        | 'split'
        | 'spam'
        | 'dismiss'
        | 'retry'
        | 'request'
        | 'status'
        | 'mine'
        | 'take-over'
        | 'ready'
        | 'help';
    }
  | { readonly verb: 'decline'; readonly reason: string | null }
  /** The name of a category of the configuration, as written. */
  | { readonly verb: 'category'; readonly name: string; readonly note: string | null }
  /** `bare`: a name alone, which counts only as the answer to a mail that listed names. */
  | { readonly verb: 'handoff'; readonly name: string; readonly note: string | null; readonly bare: boolean }
  | { readonly verb: 'help-from'; readonly name: string; readonly what: string | null }
  /** Everything below the line belongs to the question. */
  | { readonly verb: 'ask'; readonly address: string; readonly text: string }
  | { readonly verb: 'reply' | 'note' | 'new'; readonly text: string }
  | { readonly verb: 'done'; readonly outcome: string | null }
  | { readonly verb: 'snooze'; readonly until: When; readonly reason: string | null }
  | { readonly verb: 'due'; readonly by: When }
  | { readonly verb: 'add' | 'for'; readonly address: string }
  | { readonly verb: 'merge'; readonly into: number }
  /** `who` null: the writer; managers may name somebody else. */
  | {
      readonly verb: 'away';
      readonly who: string | null;
      /** Absent: from now on. */
      readonly from?: When;
      readonly until: When;
      /** That they are away on the last day as well. */
      readonly through?: true;
      readonly cover: string | null;
    }
  | { readonly verb: 'back'; readonly who: string | null };

/** A command as it was written: `about`, the numbers of requests in front of it; absent: none stood there. */
export type Order = Command & { readonly about?: readonly ConversationId[] };
