/**
 * Turns raw bytes into a Mail, its reply text or its files, within bounds of processor time and memory.
 * Never throws for a mail: whatever it cannot read comes back as unreadable, and the others are not harmed.
 */
import type { Mail, ReplyText } from '../../domain/message.ts';

export interface MailParser {
  /** One answer per input, in order. */
  parse(raws: readonly Uint8Array[]): Promise<ParseResult[]>;
  /** What was newly written, with every word of `sent` (our own mails, in raw bytes) taken out first. */
  extractReply(jobs: readonly ReplyJob[]): Promise<ReplyResult[]>;
  /** The decoded attachments in the order of Mail.attachments, as many as fit into `bytesMax` together. */
  readFiles(raw: Uint8Array, limits: { readonly bytesMax: number }): Promise<FilesResult>;
  close(): Promise<void>;
}

export type ReplyJob = { readonly raw: Uint8Array; readonly sent: readonly Uint8Array[] };

/** `header` is what the header of an unreadable mail says, its text empty; null when not even that could be read. */
export type ParseResult =
  | { readonly ok: true; readonly mail: Mail }
  | (Unreadable & { readonly header: Mail | null });
export type ReplyResult = { readonly ok: true; readonly reply: ReplyText } | Unreadable;
export type FilesResult = ({ readonly ok: true } & MailFiles) | Unreadable;

export type Unreadable = { readonly ok: false; readonly code: UnreadableCode; readonly why: string };
export type UnreadableCode = 'cpu-limit' | 'memory-limit' | 'parser-failed';

export type MailFiles = {
  readonly files: readonly {
    /** Made up where the mail gives none: whoever receives a file needs a name to save it under. */
    readonly filename: string;
    readonly contentType: string;
    readonly content: Uint8Array;
    /** True for parts that the HTML shows in place, such as a logo in a signature. */
    readonly inline: boolean;
  }[];
  /** What did not fit. */
  readonly left: readonly { readonly filename: string; readonly size: number }[];
};
