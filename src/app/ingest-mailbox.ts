/**
 * Takes in what a mailbox holds beyond the cursor. Raw bytes, rows and cursor are committed together, batch by
 * batch in UID order, so that the cursor only ever covers what is stored.
 *
 * After a change of UIDVALIDITY all UIDs mean nothing (RFC 9051 section 2.3.1.1), and after a fall of UIDNEXT some will
 * mean other mails: the mailbox is read anew from the first, and the store recognises what it has already.
 *
 * A mail that its server does not give out is found and stored as far as it can be had (doubtful-mail.ts).
 */
import { above, firstOf } from '../domain/uid-ranges.ts';
import type { Deps } from './deps.ts';
import { Doubt } from './doubtful-mail.ts';
import type { ListedMail, MailboxSession } from './ports/mailbox-reader.ts';
import type { MailBatch, Mailbox, NewMessage } from './ports/store.ts';
import { isTooLarge, takeMails } from './take-mail.ts';

export type IngestDeps = Pick<Deps, 'store' | 'queue' | 'limits' | 'log'>;

const LIST_MAX = 1_000;

/**
 * Answers how many messages were stored. When aborted, the batch in hand is the last one. `doubt` is what earlier
 * sessions have found out about mail that is not given.
 */
export async function ingestMailbox(
  deps: IngestDeps,
  mailbox: Mailbox,
  session: MailboxSession,
  signal: AbortSignal,
  doubt = new Doubt(() => mailbox.startFrom),
): Promise<number> {
  const cursor = new Cursor(mailbox, session.uidValidity);
  if (cursor.wasReset) {
    deps.log.warn({ step: 'poll', inbox: mailbox.inboxId }, 'UIDVALIDITY changed: reading the mailbox anew');
  }
  let stored = 0;
  for (let hasBegunAnew = false; ; ) {
    if (doubt.isOn(session, cursor.lastUid)) stored += await oneByOne(deps, cursor, session, signal, doubt);
    if (signal.aborted) return stored;
    const listed = await doubt.together(cursor.lastUid + LIST_MAX, signal, () =>
      session.listAfter(cursor.lastUid, LIST_MAX),
    );
    if (listed.length === 0) {
      // Once: a server that gives a wrong UIDNEXT must not have us read for ever.
      if (hasBegunAnew || !cursor.isBeyond(session.uidNext)) break;
      deps.log.warn({ step: 'poll', inbox: mailbox.inboxId }, 'UIDNEXT fell: reading the mailbox anew');
      hasBegunAnew = true;
      cursor.beginAnew();
      continue;
    }
    for (const portion of portions(deps, listed)) {
      if (signal.aborted) return stored;
      const lastUid = portion.at(-1)?.uid ?? cursor.lastUid;
      const messages = await doubt.together(lastUid, signal, () => takeMails(deps, session, portion));
      stored += await save(deps, cursor.batch(lastUid, messages));
    }
  }
  // Also says, when there was nothing new, that the mailbox was looked at just now.
  await save(deps, cursor.batch(cursor.lastUid, []));
  return stored;
}

/** Goes on until the mail that is not given was found, or all those among which it was. */
async function oneByOne(
  deps: IngestDeps,
  cursor: Cursor,
  session: MailboxSession,
  signal: AbortSignal,
  doubt: Doubt,
): Promise<number> {
  let stored = 0;
  for (const uid of firstOf(above(await session.listUids(), cursor.lastUid), LIST_MAX)) {
    if (signal.aborted || !doubt.isOn(session, cursor.lastUid)) return stored;
    const message = await doubt.take(deps, session, uid, signal);
    stored += await save(deps, cursor.batch(uid, message === null ? [] : [message]));
  }
  doubt.end();
  return stored;
}

/**
 * Stores mails at or below the cursor, which stays where it is. Answers how many of them were still there; when aborted,
 * the portion in hand is the last one.
 */
export async function storeMails(
  deps: IngestDeps,
  mailbox: Mailbox,
  session: MailboxSession,
  uids: readonly number[],
  signal: AbortSignal,
  doubt: Doubt,
): Promise<number> {
  const cursor = new Cursor(mailbox, session.uidValidity);
  const until = uids.at(-1) ?? 0;
  let stored = 0;
  if (doubt.isOn(session, 0)) {
    for (const uid of uids) {
      if (signal.aborted) return stored;
      const message = await doubt.take(deps, session, uid, signal);
      stored += await save(deps, cursor.batch(cursor.lastUid, message === null ? [] : [message]));
    }
    doubt.end();
    return stored;
  }
  const listed = await doubt.together(until, signal, () => session.describe(uids));
  for (const portion of portions(deps, listed)) {
    if (signal.aborted) break;
    const messages = await doubt.together(until, signal, () => takeMails(deps, session, portion));
    stored += await save(deps, cursor.batch(cursor.lastUid, messages));
  }
  return stored;
}

/** Where reading stands, and what the database must still say for a batch to be accepted. */
class Cursor {
  readonly wasReset: boolean;
  readonly #mailbox: Mailbox;
  readonly #uidValidity: string;
  #committed: MailBatch['before'];
  lastUid: number;

  constructor(mailbox: Mailbox, uidValidity: string) {
    this.#mailbox = mailbox;
    this.#uidValidity = uidValidity;
    this.#committed = { uidValidity: mailbox.uidValidity, lastUid: mailbox.lastUid };
    this.wasReset = mailbox.uidValidity !== null && mailbox.uidValidity !== uidValidity;
    this.lastUid = mailbox.uidValidity === uidValidity ? mailbox.lastUid : 0;
  }

  /**
   * True after a folder was put back from an older backup, UIDVALIDITY and all: the UIDs up to the cursor will be given
   * to new mails, which would never be seen.
   */
  isBeyond(uidNext: number | null): boolean {
    return uidNext !== null && uidNext <= this.lastUid;
  }

  beginAnew(): void {
    this.lastUid = 0;
  }

  /** The next batch; it must be saved before another is made. */
  batch(lastUid: number, messages: readonly NewMessage[]): MailBatch {
    const before = this.#committed;
    this.#committed = { uidValidity: this.#uidValidity, lastUid };
    this.lastUid = lastUid;
    const { id: mailboxId, fence } = this.#mailbox;
    return { mailboxId, fence, uidValidity: this.#uidValidity, before, lastUid, messages };
  }
}

async function save(deps: IngestDeps, batch: MailBatch): Promise<number> {
  const waiting = await deps.store.saveBatch(batch);
  await deps.queue.ring('classify', waiting);
  return batch.messages.length;
}

/** Cuts a list into portions of bounded count and bytes; a mail above the limit counts with its header only. */
function* portions(deps: IngestDeps, listed: readonly ListedMail[]): Generator<ListedMail[]> {
  const { limits } = deps;
  let portion: ListedMail[] = [];
  let bytes = 0;
  for (const mail of listed) {
    const size = isTooLarge(deps, mail) ? 0 : mail.size;
    const full = portion.length >= limits.batchMessagesMax || bytes + size > limits.batchBytesMax;
    if (full && portion.length > 0) {
      yield portion;
      portion = [];
      bytes = 0;
    }
    portion.push(mail);
    bytes += size;
  }
  if (portion.length > 0) yield portion;
}
