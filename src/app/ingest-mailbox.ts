/**
 * Takes in what a mailbox holds beyond the cursor. Raw bytes, rows and cursor are committed together, batch by
 * batch in UID order, so that the cursor only ever covers what is stored.
 *
 * After a change of UIDVALIDITY all UIDs mean nothing (RFC 9051 section 2.3.1.1), and after a fall of UIDNEXT some will
 * mean other mails: the mailbox is read anew from the first, and the store recognises what it has already.
 */
import { createHash } from 'node:crypto';
import type { Deps } from './deps.ts';
import type { ListedMail, MailboxSession } from './ports/mailbox-reader.ts';
import type { MailBatch, Mailbox, NewMessage } from './ports/store.ts';

export type IngestDeps = Pick<Deps, 'store' | 'queue' | 'limits' | 'log'>;

const LIST_MAX = 1_000;

/** Answers how many messages were stored. When aborted, the batch in hand is the last one. */
export async function ingestMailbox(
  deps: IngestDeps,
  mailbox: Mailbox,
  session: MailboxSession,
  signal: AbortSignal,
): Promise<number> {
  const cursor = new Cursor(mailbox, session.uidValidity);
  if (cursor.wasReset) {
    deps.log.warn({ step: 'poll', inbox: mailbox.inboxId }, 'UIDVALIDITY changed: reading the mailbox anew');
  }
  let stored = 0;
  for (let hasBegunAnew = false; ; ) {
    const listed = await session.listAfter(cursor.lastUid, LIST_MAX);
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
      const messages = await fetchAll(deps, session, portion);
      const lastUid = portion.at(-1)?.uid ?? cursor.lastUid;
      stored += await save(deps, cursor.batch(lastUid, messages));
    }
  }
  // Also says, when there was nothing new, that the mailbox was looked at just now.
  await save(deps, cursor.batch(cursor.lastUid, []));
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
  listed: readonly ListedMail[],
  signal: AbortSignal,
): Promise<number> {
  const cursor = new Cursor(mailbox, session.uidValidity);
  let stored = 0;
  for (const portion of portions(deps, listed)) {
    if (signal.aborted) break;
    stored += await save(deps, cursor.batch(cursor.lastUid, await fetchAll(deps, session, portion)));
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
function* portions({ limits }: IngestDeps, listed: readonly ListedMail[]): Generator<ListedMail[]> {
  let portion: ListedMail[] = [];
  let bytes = 0;
  for (const mail of listed) {
    const size = mail.size > limits.messageBytesMax ? 0 : mail.size;
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

/** A mail that was expunged meanwhile is absent: gone, not empty. */
async function fetchAll(
  deps: IngestDeps,
  session: MailboxSession,
  portion: readonly ListedMail[],
): Promise<NewMessage[]> {
  const whole = portion.filter(({ size }) => size <= deps.limits.messageBytesMax);
  const fetched = await session.fetch(whole.map(({ uid }) => uid));
  const raws = new Map(fetched.map(({ uid, raw }) => [uid, raw]));
  const messages: NewMessage[] = [];
  for (const { uid, size, internalDate } of portion) {
    const isWhole = size <= deps.limits.messageBytesMax;
    const raw = isWhole ? raws.get(uid) : (await session.fetchHeaders(uid))?.raw;
    if (raw === undefined) {
      deps.log.info({ step: 'poll', uid }, 'a mail was removed before it could be taken in');
      continue;
    }
    const rawHash = isWhole ? createHash('sha256').update(raw).digest('hex') : null;
    messages.push({ uid, receivedAt: internalDate, size, raw, rawHash });
  }
  return messages;
}
