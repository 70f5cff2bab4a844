/** What the parser pool and its children say to each other. */
import type { MailFiles } from '../../app/ports/mail-parser.ts';
import type { Mail, ReplyText } from '../../domain/message.ts';
import type { Rung } from './read-parts.ts';

/** What can be asked about a mail. */
export type Task =
  | { readonly kind: 'mail'; readonly raw: Uint8Array }
  | { readonly kind: 'reply'; readonly raw: Uint8Array; readonly sent: readonly Uint8Array[] }
  | { readonly kind: 'files'; readonly raw: Uint8Array; readonly bytesMax: number };

export type Answer =
  | { readonly kind: 'mail'; readonly mail: Mail }
  | { readonly kind: 'reply'; readonly reply: ReplyText }
  | ({ readonly kind: 'files' } & MailFiles);

/** `rung` says which parser reads it. */
export type ToChild = { readonly id: number; readonly task: Task; readonly rung: Rung };

export type FromChild =
  | { readonly type: 'ready' }
  /** Sent and flushed before a mail is touched, so that a death can be laid to it; `cpuMs` is the child's until then. */
  | { readonly type: 'started'; readonly id: number; readonly cpuMs: number }
  | { readonly type: 'answered'; readonly id: number; readonly answer: Answer }
  | { readonly type: 'failed'; readonly id: number; readonly why: string };

export const bytesOf = (task: Task): number =>
  task.kind === 'reply'
    ? task.sent.reduce((sum, { length }) => sum + length, task.raw.length)
    : task.raw.length;
