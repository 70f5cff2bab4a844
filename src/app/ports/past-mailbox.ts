/** A mailbox as it is looked back at: many folders over one connection, each only read. Errors are those of the mailbox reader. */
import type { Instant } from '../../domain/instant.ts';

export type PastFolder = {
  readonly path: string;
  readonly role: 'inbox' | 'sent' | 'archive';
};

export type PastListed = { readonly uid: number; readonly size: number; readonly receivedAt: Instant };
export type PastRaw = PastListed & { readonly raw: Uint8Array };

export interface PastMailbox {
  /**
   * The inbox's folder with those below it, what the server or the configuration calls a folder of sent mail, and what
   * the server calls an archive, with those below. Never spam, drafts and what was thrown away.
   */
  folders(named: {
    readonly inbox: string;
    readonly sent: readonly string[];
  }): Promise<readonly PastFolder[]>;
  /** What of a folder its server received since then, in portions; of each mail at most so many bytes. */
  read(
    path: string,
    since: Instant,
    bytesMax: number,
  ): Promise<{
    readonly uidValidity: string;
    readonly count: number;
    readonly mails: AsyncIterable<PastRaw>;
  }>;
  /** These mails whole, as far as they still exist and are not larger than that. */
  fetchWhole(path: string, uids: readonly number[], bytesMax: number): Promise<readonly PastRaw[]>;
  close(): Promise<void>;
}
