/**
 * An IMAP mailbox, read-only: EXAMINE and PEEK, never a flag, never a deletion.
 *
 * Every method throws Failure (failures.ts): `temporary` for anything a later connection may cure, `permanent`
 * for refused credentials or a folder that does not exist. A session that has thrown is finished: close it and
 * open a fresh one.
 */
import type { Instant } from '../../domain/instant.ts';
import type { UidRange } from '../../domain/uid-ranges.ts';

export interface MailboxReader {
  /** Connects, logs in and EXAMINEs the folder. */
  open(folder: string, signal: AbortSignal): Promise<MailboxSession>;
}

export interface MailboxSession {
  /** A decimal string: the protocol allows 32 bits, servers have sent more. */
  readonly uidValidity: string;
  /**
   * The UID that the next new mail will have, as the server last said: at opening or at the latest `listAfter`. Null
   * when it does not tell. It never falls, unless the folder was put back from a backup.
   */
  readonly uidNext: number | null;
  /**
   * The mails with a UID above `uid`, ascending, at most `limit`; sizes in bytes as the server gives them.
   * Asks the server anew at each call, and throws rather than answer "none" when the session is not usable.
   */
  listAfter(uid: number, limit: number): Promise<ListedMail[]>;
  /** Every UID in the folder, by a question of its own: what `listAfter` once passed over is in it. */
  listUids(): Promise<readonly UidRange[]>;
  /** Those of these mails that still exist, as `listAfter` lists them. */
  describe(uids: readonly number[]): Promise<ListedMail[]>;
  /**
   * How many mails the spam folder holds that came since then: the folder of this name, or the one that the server calls
   * its own for spam. Null where there is none.
   */
  countJunk(folder: string | null, since: Instant): Promise<JunkCount | null>;
  /** Raw bytes for each UID that still exists; an expunged one is absent from the answer. */
  fetch(uids: readonly number[]): Promise<FetchedMail[]>;
  /** The header block alone, for a mail too large to take in whole; null when it was expunged. */
  fetchHeaders(uid: number): Promise<FetchedMail | null>;
  /** Resolves when the server announces something, after `timeoutMs` at the latest, or when aborted. */
  waitForNews(timeoutMs: number, signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

export type ListedMail = { readonly uid: number; readonly size: number; readonly internalDate: Instant };
export type JunkCount = { readonly folder: string; readonly count: number };
export type FetchedMail = { readonly uid: number; readonly raw: Uint8Array };
