/** What was put into the mailbox, and what people did to it there: all that the checker knows of what should follow. */
import type { MemberName } from './setting.ts';

/**
 * request: a new customer's mail; follow-up: more from one of them; copy: a mail that came before, bytes and all, or by
 * another way; same-id: another mail under a Message-ID that came before; odd: a new customer's mail that breaks rules;
 * robot: a machine's mail; forged: looks like a member's order and is none; order: a member's answer to a mail of ours;
 * bomb: made to bring a parser down; large: many megabytes.
 */
export const MailClasses = [
  ...(['request', 'follow-up', 'copy', 'same-id', 'odd', 'robot'] as const),
  ...(['forged', 'order', 'bomb', 'large'] as const),
] as const;
export type MailClass = (typeof MailClasses)[number];

export type Injected = {
  readonly number: number;
  readonly class: MailClass;
  /** What kind of its class, such as how an order was forged. */
  readonly variant: string;
  /** The name of its file in the Maildir, without flags. */
  readonly file: string;
  /** SHA-256 of its bytes as the server gives them out. */
  readonly hash: string;
  readonly messageId: string | null;
  readonly from: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** The member whose order it is, or is made to look like. */
  readonly member: MemberName | null;
  /** It was taken out of the mailbox, by a person or by a backup, before Baton must have seen it. */
  atRisk: boolean;
};

export class Manifest {
  readonly mails: Injected[] = [];
  readonly #byFile = new Map<string, Injected>();
  /** Flags that a person set, by file. */
  readonly flags = new Map<string, Set<string>>();

  add(mail: Injected): void {
    this.mails.push(mail);
    this.#byFile.set(mail.file, mail);
  }

  byFile(file: string): Injected | undefined {
    return this.#byFile.get(file);
  }

  flagged(file: string, flag: string): void {
    this.flags.set(file, (this.flags.get(file) ?? new Set()).add(flag));
  }
}
