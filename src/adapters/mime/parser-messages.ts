/** What the parser pool and its children say to each other. */
import type { Mail } from '../../domain/message.ts';

export type ToChild = { readonly id: number; readonly raw: Uint8Array };

export type FromChild =
  | { readonly type: 'ready' }
  /** Sent and flushed before a mail is touched, so that a death can be laid to it; `cpuMs` is the child's until then. */
  | { readonly type: 'started'; readonly id: number; readonly cpuMs: number }
  | { readonly type: 'parsed'; readonly id: number; readonly mail: Mail }
  | { readonly type: 'failed'; readonly id: number; readonly why: string };
