/**
 * Counts a mailbox against its server: every UID up to the cursor has a row, or it is taken in now. What is beyond the
 * cursor is ordinary news and none of this. A row whose mail somebody has removed from the folder stays, and is counted.
 *
 * The cursor alone would do if servers never erred. One that lists a mail late, under a UID below those it told before,
 * or that leaves one out of an answer, loses that mail for ever to whoever only looks beyond a cursor.
 */
import { countIn, firstOf, upTo, without } from '../domain/uid-ranges.ts';
import type { Doubt } from './doubtful-mail.ts';
import { type IngestDeps, storeMails } from './ingest-mailbox.ts';
import type { Comparison, MailboxNotes } from './ports/mailbox-notes.ts';
import type { MailboxSession } from './ports/mailbox-reader.ts';
import type { Mailbox } from './ports/store.ts';

export type ReconcileDeps = IngestDeps & { readonly notes: MailboxNotes };

/** So many of the missing are taken in at once; more of them wait for the next comparison, which new mail never does. */
const REPAIR_MAX = 1_000;

/** `mailbox` is as it stands after everything new was taken in; `junk` names the spam folder where it is not the server's own. */
export async function reconcileMailbox(
  deps: ReconcileDeps,
  mailbox: Mailbox,
  session: MailboxSession,
  junk: string | null,
  signal: AbortSignal,
  doubt: Doubt,
): Promise<void> {
  // What the cursor counts in is another numbering; the poll that is due anyway reads everything anew.
  if (mailbox.uidValidity !== session.uidValidity) return;
  const found = await compare(deps, mailbox, session, signal, doubt);
  if (signal.aborted) return;
  await deps.notes.noteCompared(mailbox, found);
  if (mailbox.role === 'inbox')
    await deps.notes.noteJunk(mailbox, await session.countJunk(junk, mailbox.startFrom));
}

async function compare(
  deps: ReconcileDeps,
  mailbox: Mailbox,
  session: MailboxSession,
  signal: AbortSignal,
  doubt: Doubt,
): Promise<Comparison> {
  const there = upTo(await session.listUids(), mailbox.lastUid);
  const known = upTo(await deps.notes.knownUids(mailbox, session.uidValidity), mailbox.lastUid);
  const gone = countIn(without(known, there));
  const missing = without(there, known);
  const count = countIn(missing);
  if (count === 0) return { missing: 0, repaired: 0, gone };
  const named = { step: 'reconcile', inbox: mailbox.inboxId, folder: mailbox.folder };
  deps.log.warn({ ...named, missing: count }, 'mails on the server have no row: taking them in');
  const uids = firstOf(missing, REPAIR_MAX);
  const repaired = await storeMails(deps, mailbox, session, uids, signal, doubt);
  // What is gone by now was on its way out while we compared.
  const vanished = Math.min(count, REPAIR_MAX) - repaired;
  return { missing: count - vanished - repaired, repaired, gone };
}
