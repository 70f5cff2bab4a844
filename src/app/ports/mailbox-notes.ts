/**
 * What is known about a watched folder besides its mail: which UIDs have rows, what a comparison with the server found,
 * and why it cannot be read. Notes count under the fence of the lease, as batches do.
 */
import type { UidRange } from '../../domain/uid-ranges.ts';
import type { JunkCount } from './mailbox-reader.ts';
import type { Mailbox } from './store.ts';

export interface MailboxNotes {
  /** The UIDs of this folder, under this UIDVALIDITY, that have a row. */
  knownUids(mailbox: Pick<Mailbox, 'id'>, uidValidity: string): Promise<readonly UidRange[]>;
  /** Throws `lease-lost` when another poller has taken over since. */
  noteCompared(mailbox: Watched, found: Comparison): Promise<void>;
  noteJunk(mailbox: Watched, junk: JunkCount | null): Promise<void>;
  /** It cannot be read, and why; the next batch that is stored takes it back. */
  noteTrouble(mailbox: Watched, code: string): Promise<void>;
}

export type Watched = Pick<Mailbox, 'id' | 'fence'>;

export type Comparison = {
  /** Mails on the server that have no row, even now. */
  readonly missing: number;
  /** Of those that had none, how many were taken in; in an overview those of all time. */
  readonly repaired: number;
  /** Rows whose mail somebody has removed from the folder. */
  readonly gone: number;
};
