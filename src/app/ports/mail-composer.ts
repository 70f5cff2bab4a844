/** Makes the bytes of one outgoing mail. Throws an assertion for an address that was not checked: that is a bug. */
import type { Instant } from '../../domain/instant.ts';
import type { Address } from '../../domain/message.ts';

export interface MailComposer {
  compose(mail: MailToCompose): Promise<Uint8Array>;
}

export type MailToCompose = {
  readonly from: Address;
  readonly to: Address;
  readonly replyTo: Address | null;
  readonly subject: string;
  /** Message-IDs without angle brackets. */
  readonly messageId: string;
  readonly inReplyTo: string | null;
  readonly references: readonly string[];
  readonly date: Instant;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  readonly html: string | null;
};
