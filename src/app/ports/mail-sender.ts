/** Hands one finished mail to the SMTP server. Never throws for an answer of the server: it says what came of it. */

export interface MailSender {
  send(mail: OutgoingMail): Promise<SendOutcome>;
  /** Connects and logs in without sending anything; null when mail can be sent. */
  check(): Promise<{ readonly code: string; readonly response: string } | null>;
  close(): Promise<void>;
}

export type OutgoingMail = {
  /** Envelope sender; '' is the null sender. */
  readonly envelopeFrom: string;
  /** Strictly checked address (domain/address.ts). */
  readonly envelopeTo: string;
  /** The whole RFC 5322 mail, CRLF line ends. */
  readonly raw: Uint8Array;
};

export type SendOutcome =
  /** The server took responsibility (250 after DATA). */
  | { readonly type: 'accepted'; readonly response: string }
  /** Refused for now (4xx, or no connection could be made): try later. Nothing was delivered. */
  | { readonly type: 'temporary'; readonly code: string; readonly response: string }
  /** Refused for good (5xx): trying again is useless. Nothing was delivered. */
  | { readonly type: 'permanent'; readonly code: string; readonly response: string }
  /** The connection broke after DATA was begun: it may or may not have been delivered. */
  | { readonly type: 'unknown'; readonly code: string; readonly response: string };
