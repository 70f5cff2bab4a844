/** One RFC 5322 mail as the mime adapter reads it: the only shape in which mail enters the domain. */
import type { FailureReason } from './delivery-failure.ts';
import type { Instant } from './instant.ts';

/** Addresses are as written apart from an ASCII-lower-cased domain; `name` is '' when absent. */
export type Address = { readonly name: string; readonly address: string };

/** A raw header field in the order of the mail: name lower case, value unfolded, not decoded. */
export type Header = { readonly name: string; readonly value: string };

export type Attachment = {
  readonly filename: string | null;
  readonly contentType: string;
  /** Decoded bytes. */
  readonly size: number;
  /** True for parts that the HTML shows in place, such as a logo in a signature. */
  readonly inline: boolean;
};

export type ReplyText = {
  /** What the sender newly wrote. */
  readonly text: string;
  readonly quoted: string;
  readonly signature: string;
};

export type Forwarded = {
  readonly from: Address | null;
  readonly subject: string;
  readonly text: string;
  /** What the forwarder wrote above. */
  readonly above: string;
};

/** RFC 3464 and its many dialects. */
export type DeliveryReport = {
  readonly recipients: readonly {
    readonly address: string;
    /** Enhanced status code such as `5.1.1`, '' when the report has none. */
    readonly status: string;
    /** `failed`, `delayed`, `delivered`, `relayed`, `expanded`, or ''. */
    readonly action: string;
    /** Writing to that address again is useless: it does not exist, or takes no mail. */
    readonly permanent: boolean;
    /** Why it failed or is delayed; null for what was delivered. */
    readonly reason: FailureReason | null;
    /** What the mail system said about it, one clean line, '' when nothing. */
    readonly diagnostic: string;
  }[];
  /** Message-ID of the returned mail without angle brackets. */
  readonly originalMessageId: string | null;
};

export type Mail = {
  /** Without angle brackets; null when absent or unusable. */
  readonly messageId: string | null;
  readonly date: Instant | null;
  readonly from: readonly Address[];
  readonly sender: readonly Address[];
  readonly to: readonly Address[];
  readonly cc: readonly Address[];
  readonly replyTo: readonly Address[];
  /** Where the mail was really delivered: Delivered-To, X-Original-To, Envelope-To, newest first. */
  readonly deliveredTo: readonly string[];
  /** Envelope sender from Return-Path: '' is the null sender, null means no such field. */
  readonly returnPath: string | null;
  readonly subject: string;
  readonly inReplyTo: readonly string[];
  readonly references: readonly string[];
  readonly headers: readonly Header[];
  readonly text: string;
  readonly reply: ReplyText;
  readonly forwarded: Forwarded | null;
  readonly attachments: readonly Attachment[];
  readonly report: DeliveryReport | null;
  /** SHA-256 in hex over the decoded bodies and attachments: content identity however it was transported. */
  readonly bodyHash: string;
  readonly warnings: readonly string[];
};

/** The raw values of every field of that name, in order. */
export function headerValues(mail: Pick<Mail, 'headers'>, name: string): string[] {
  return mail.headers.filter((header) => header.name === name).map((header) => header.value);
}
