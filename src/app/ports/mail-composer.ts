/** Makes the bytes of one outgoing mail. Throws an assertion for an address that was not checked: that is a bug. */
import type { Instant } from '../../domain/instant.ts';
import type { Address } from '../../domain/message.ts';

export interface MailComposer {
  compose(mail: MailToCompose): Promise<Uint8Array>;
}

export type MailToCompose = {
  readonly from: Address;
  readonly to: Address;
  readonly cc?: readonly Address[];
  readonly replyTo: Address | null;
  readonly subject: string;
  /** Message-IDs with or without angle brackets; unusable ones among the references are left out. */
  readonly messageId: string;
  readonly inReplyTo: string | null;
  readonly references: readonly string[];
  readonly date: Instant;
  /** Further fields such as Auto-Submitted, none that the composer writes itself. */
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  readonly html: string | null;
  readonly attachments?: readonly OutgoingAttachment[];
};

export type OutgoingAttachment = {
  readonly filename: string;
  readonly contentType: string;
  readonly content: Uint8Array;
};
