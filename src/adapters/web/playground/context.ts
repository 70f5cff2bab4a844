/** What the playground's pages are made from: people with mailboxes, a clock that a visitor may move, and what happened. */
import type { MemberId } from '../../../domain/ids.ts';
import type { Instant } from '../../../domain/instant.ts';
import type { Address } from '../../../domain/message.ts';

export type Playground = {
  readonly title: string;
  readonly timeZone: string;
  readonly now: () => Instant;
  readonly people: () => readonly Person[];
  /** Where customers write to. */
  readonly inboxes: readonly Address[];
  /** Mails that a tenant might write, to begin with. */
  readonly examples: readonly Example[];
  /** What this person received and sent, newest first. */
  readonly mailsOf: (person: string) => readonly PostedMail[];
  readonly markRead: (person: string, mail: number) => void;
  /** Hands a mail to the mail server in that person's name, and waits until what follows from it has happened. */
  readonly post: (person: string, letter: WrittenLetter) => Promise<void>;
  /** Moves the clock, so that everything happens that would have happened meanwhile. */
  readonly skip: (how: Skip) => Promise<void>;
  /** The last thing that the visitor did, and what came of it. */
  readonly latest: () => Deed | null;
  readonly progress: () => Progress;
  /** As whom the visitor looks at the board. */
  readonly looksAs: () => MemberId;
  readonly lookAs: (member: MemberId) => void;
  /** Stands in each form: a page of another site does not know it. */
  readonly csrf: string;
  /** Calls back whenever something has happened; the answer ends that. */
  readonly onChange: (listener: () => void) => () => void;
};

export type Person = {
  /** As it stands in addresses of pages: `maria-lopez`. */
  readonly id: string;
  readonly name: string;
  readonly address: string;
  /** null: somebody outside, who writes to the shared address. */
  readonly member: MemberId | null;
  /** What they are here: "tenant", "Repairs", "front desk this week". */
  readonly about: string;
  readonly unread: number;
};

export type PostedMail = {
  readonly id: number;
  readonly direction: 'in' | 'out';
  readonly at: Instant;
  readonly from: Address;
  readonly to: Address;
  readonly subject: string;
  readonly text: string;
  readonly isRead: boolean;
  /** The words of one line each that answer it, the likeliest first. */
  readonly answers: readonly string[];
  /** As a mail program shows it; null: it has only text. */
  readonly html: () => Promise<string | null>;
};

export type WrittenLetter =
  | { readonly type: 'answer'; readonly to: number; readonly text: string }
  | { readonly type: 'new'; readonly to: string; readonly subject: string; readonly text: string };

export type Example = {
  readonly id: string;
  readonly name: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
};

export const Skips = ['hour', 'four-hours', 'tomorrow'] as const;
export type Skip = (typeof Skips)[number];

export type Deed = {
  /** Grows with each deed and with each line that is added to it. */
  readonly number: number;
  /** "You skipped 4 hours." */
  readonly what: string;
  readonly since: Instant;
  /** Whether time was skipped: then each line stands for a moment of its own. */
  readonly overTime: boolean;
  readonly happened: readonly Happened[];
  /** Still going on. */
  readonly isRunning: boolean;
};

export type Happened = {
  readonly at: Instant;
  readonly text: string;
  /** The request that it happened to; null: none. */
  readonly request: number | null;
};

/** What the visitor has tried, of what the guide proposes. */
export type Progress = {
  readonly wrote: boolean;
  /** The first mail that asked somebody to take what they wrote about. */
  readonly asked: { readonly person: string; readonly name: string; readonly mail: number } | null;
  readonly answered: boolean;
  readonly skipped: boolean;
  /** The latest digest that came since. */
  readonly digest: {
    readonly person: string;
    readonly name: string;
    readonly mail: number;
    readonly isRead: boolean;
  } | null;
};
