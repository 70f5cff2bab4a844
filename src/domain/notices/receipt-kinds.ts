/** What the receipts' files hand to each other. */
import type { CommandResult, NoticeBody } from './notice.ts';

export type Receipt = NoticeBody & { readonly kind: 'receipt' };
/** Whose the request is after all that was carried out; null: the receipt is about no request. */
export type After = Receipt['after'];
export type Done = CommandResult & { readonly ok: true };
export type Refused = CommandResult & { readonly ok: false };
