/**
 * What `baton status` answers: who has what, what waits, and whether mail is read. The database is asked for nearly
 * all of it; only how much mail lies beyond the cursor is the mail server's to say, and when it cannot be asked the
 * rest is told all the same.
 */
import type { InboxId, MemberId } from '../domain/ids.ts';
import { toIso } from '../domain/instant.ts';
import { Failure } from './failures.ts';
import type { MailboxReader } from './ports/mailbox-reader.ts';
import type { FolderRow, MemberLoad, Overview, OverviewRows, RequestCounts } from './ports/overview.ts';

export type Status = {
  readonly inboxes: readonly InboxStatus[];
  readonly members: readonly MemberLoad[];
  readonly outbox: OverviewRows['outbox'];
  readonly parked: number;
  /** When the mail came in that has waited longest for a look, ISO 8601; null: none waits. */
  readonly parkedSince: string | null;
};

export type InboxStatus = RequestCounts & {
  readonly address: string;
  readonly mailbox: {
    readonly connected: boolean;
    readonly lastUid: number;
    /** Mails on the server that were not taken in yet; null: the server could not be asked. */
    readonly behind: number | null;
  };
};

export type StatusOptions = {
  readonly overview: Overview;
  /** Every configured inbox, with the folder that new mail arrives in and the others that are watched. */
  readonly inboxes: readonly {
    readonly id: InboxId;
    readonly address: string;
    readonly folder: string;
    readonly others: readonly string[];
    readonly reader: MailboxReader;
  }[];
  readonly members: readonly MemberId[];
  /** Ends the questions to the mail servers. */
  readonly signal: AbortSignal;
};

const LIST_MAX = 1_000;
/** Enough to tell a backlog from a busy minute. */
const BEHIND_MAX = 10_000;
const NO_REQUESTS: RequestCounts = { open: 0, unaccepted: 0, overdue: 0 };

/** `remarks`: what the figures leave out, in words. */
export async function readStatus(options: StatusOptions): Promise<{ status: Status; remarks: string[] }> {
  const { overview, inboxes, members, signal } = options;
  const rows = await overview.read();
  const remarks: string[] = [];
  const answers = await Promise.all(
    inboxes.map(async ({ id, address, folder, others, reader }): Promise<InboxStatus> => {
      const rowOf = (name: string) => rows.folders.find((row) => row.inboxId === id && row.folder === name);
      const row = rowOf(folder);
      remarks.push(
        ...others
          .filter((name) => rowOf(name)?.connected !== true)
          .map((name) => `${address}: the folder ${name} is not being read.`),
      );
      const behind = await countBehind(reader, folder, row, signal).catch((error: unknown) => {
        const why = error instanceof Failure ? error.message : String(error);
        remarks.push(`${address}: how much mail waits there is not known. ${why}`);
        return null;
      });
      const mailbox = { connected: row?.connected ?? false, lastUid: row?.lastUid ?? 0, behind };
      return { address, mailbox, ...(rows.inboxes.get(id) ?? NO_REQUESTS) };
    }),
  );
  const known = new Map(rows.members.map((load) => [load.id, load]));
  const unseen = members
    .filter((id) => !known.has(id))
    .map((id) => ({ id, owns: 0, offered: 0, unreached: false }));
  const status = {
    inboxes: answers,
    members: [...rows.members, ...unseen],
    outbox: rows.outbox,
    parked: rows.parked,
    parkedSince: rows.parkedSince === null ? null : toIso(rows.parkedSince),
  };
  return { status, remarks: remarks.sort() };
}

async function countBehind(
  reader: MailboxReader,
  folder: string,
  row: FolderRow | undefined,
  signal: AbortSignal,
): Promise<number> {
  const session = await reader.open(folder, signal);
  try {
    // After a change of UIDVALIDITY everything is read anew, RFC 9051 section 2.3.1.1.
    let after = row?.uidValidity === session.uidValidity ? row.lastUid : 0;
    let behind = 0;
    while (behind < BEHIND_MAX) {
      const listed = await session.listAfter(after, LIST_MAX);
      const last = listed.at(-1);
      if (last === undefined) break;
      behind += listed.length;
      after = last.uid;
    }
    return behind;
  } finally {
    await session.close();
  }
}
