/**
 * Turns raw bytes into a Mail within bounds of processor time and memory.
 * Never throws for a mail: whatever it cannot read comes back as `unreadable`, and the others are not harmed.
 */
import type { Mail } from '../../domain/message.ts';

export interface MailParser {
  /** One answer per input, in order. */
  parse(raws: readonly Uint8Array[]): Promise<ParseResult[]>;
  close(): Promise<void>;
}

export type ParseResult =
  | { readonly ok: true; readonly mail: Mail }
  | { readonly ok: false; readonly code: UnreadableCode; readonly why: string };

export type UnreadableCode = 'cpu-limit' | 'memory-limit' | 'parser-failed';
