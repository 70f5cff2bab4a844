/** Roster and intake of the memory store: members, mailboxes, batches of mail, and the first look at them. */
import { Failure } from '../../../src/app/failures.ts';
import {
  type MailBatch,
  type Mailbox,
  type MailboxLease,
  type NewMessage,
  type PendingReply,
  type Roster,
  type StoredMessage,
  TRY_SPAN,
  type WatchedFolder,
} from '../../../src/app/ports/store.ts';
import type { MemberId, MessageId } from '../../../src/domain/ids.ts';
import { type Duration, type Instant, SECOND } from '../../../src/domain/instant.ts';
import {
  byNumber,
  keep,
  type MailboxRow,
  type MessageRow,
  mustGet,
  refuseUnless,
  type Tables,
} from './tables.ts';

export function syncRoster(tables: Tables, roster: Roster, now: Instant): { left: MemberId[] } {
  for (const { id, address } of roster.inboxes) tables.inboxes.set(id, address);
  for (const { id, name } of roster.members) tables.members.set(id, { id, name, leftAt: null });
  const present = new Set(roster.members.map(({ id }) => id));
  const leaving = tables.members.values().filter(({ id, leftAt }) => leftAt === null && !present.has(id));
  for (const member of leaving) tables.members.set(member.id, { ...member, leftAt: now });
  return { left: leaving.map(({ id }) => id) };
}

export function leaseMailbox(
  tables: Tables,
  folder: WatchedFolder,
  [holder, lease]: [string, Duration],
  id: () => number,
  now: Instant,
): MailboxLease {
  const known = tables.mailboxes
    .values()
    .find((row) => row.inboxId === folder.inboxId && row.folder === folder.folder);
  const { leaseHolder = null, leaseUntil = null } = known ?? {};
  // One that ends far later than any lease does was given before the clock was set back.
  const isTaken = leaseHolder !== null && leaseHolder !== holder && (leaseUntil ?? now) <= now + 2 * lease;
  if (isTaken && leaseUntil !== null && leaseUntil > now) return { type: 'taken', freeIn: leaseUntil - now };
  // A look back makes the row before anybody watches: the first who does begins.
  const isWatched = known !== undefined && known.fence > 0;
  const { fence, ...rest } = isWatched
    ? known
    : { ...newMailbox(tables, folder, id, now), ...(known && { id: known.id }) };
  const mailbox = keep({
    ...rest,
    role: folder.role,
    fence: leaseHolder === holder ? fence : fence + 1,
    leaseHolder: holder,
    leaseUntil: now + lease,
  });
  tables.mailboxes.set(mailbox.id, mailbox);
  const { leaseHolder: _, leaseUntil: __, ...answer } = mailbox;
  return { type: 'held', mailbox: answer };
}

export function newMailbox(
  tables: Tables,
  folder: WatchedFolder,
  id: () => number,
  now: Instant,
): MailboxRow {
  mustGet(tables.inboxes, folder.inboxId, 'inbox');
  const startFrom = folder.startFrom ?? now - (now % SECOND);
  const unread = { uidValidity: null, lastUid: 0, fence: 0, leaseHolder: null, leaseUntil: null };
  return { ...folder, id: id(), startFrom, ...unread };
}

export function releaseMailbox(tables: Tables, { id, fence }: Pick<Mailbox, 'id' | 'fence'>): void {
  const row = tables.mailboxes.get(id);
  if (row?.fence === fence) tables.mailboxes.set(id, keep({ ...row, leaseHolder: null, leaseUntil: null }));
}

export function saveBatch(
  tables: Tables,
  batch: MailBatch,
  nextId: () => MessageId,
  now: Instant,
): MessageId[] {
  const mailbox = mustGet(tables.mailboxes, batch.mailboxId, 'mailbox');
  const { before } = batch;
  if (mailbox.fence !== batch.fence) {
    throw new Failure('temporary', 'lease-lost', 'another poller watches this mailbox by now');
  }
  if (mailbox.uidValidity !== before.uidValidity || mailbox.lastUid !== before.lastUid) {
    throw new Failure('temporary', 'cursor-moved', 'another poller has read this mailbox meanwhile');
  }
  refuseUnless(batch.lastUid >= 0, 'a cursor is not negative');
  const waiting: MessageId[] = [];
  for (const message of batch.messages) {
    if (isKnown(tables, batch, message)) continue;
    const row = newRow(tables, mailbox, batch.uidValidity, message, now, nextId());
    insertMessage(tables, row);
    if (row.stage === 'stored') waiting.push(row.id);
  }
  const { uidValidity, lastUid } = batch;
  tables.mailboxes.set(mailbox.id, { ...mailbox, uidValidity, lastUid });
  return waiting;
}

/** A folder restored from a backup brings back UIDs that have their rows; another mail under one takes its place. */
function isKnown(tables: Tables, batch: MailBatch, { uid, rawHash, size }: NewMessage): boolean {
  const id = tables.uids.get(placeOf({ ...batch, uid }));
  const row = id === undefined ? undefined : tables.messages.get(id);
  if (row === undefined) return false;
  if (row.rawHash === rawHash && (rawHash !== null || row.size === size)) return true;
  leavePlace(tables, row);
  return false;
}

export function leavePlace(tables: Tables, row: MessageRow): void {
  tables.uids.delete(placeOf(row));
  insertMessage(tables, { ...row, uid: -row.id });
}

export const placeOf = ({
  mailboxId,
  uidValidity,
  uid,
}: Pick<MessageRow, 'mailboxId' | 'uidValidity' | 'uid'>): string => `${mailboxId}/${uidValidity}/${uid}`;

export function newRow(
  tables: Tables,
  mailbox: MailboxRow,
  uidValidity: string,
  message: NewMessage,
  now: Instant,
  id: MessageId,
): MessageRow {
  const { inboxId, role } = mailbox;
  const copyOf = tables.byRawHash.get(rawKey({ inboxId, role, rawHash: message.rawHash })) ?? null;
  const isCopy = message.rawHash !== null && copyOf !== null;
  return {
    id,
    mailboxId: mailbox.id,
    inboxId,
    role,
    uidValidity,
    uid: message.uid,
    storedAt: now,
    receivedAt: message.receivedAt,
    size: message.size,
    raw: new Uint8Array(message.raw),
    rawHash: message.rawHash,
    contentHash: null,
    messageIdHash: null,
    history: message.receivedAt < mailbox.startFrom,
    stage: isCopy ? 'settled' : 'stored',
    tries: 0,
    triedAt: null,
    disposition: isCopy ? 'duplicate' : null,
    reason: isCopy ? { code: 'same-bytes', sentence: 'the same mail came in before' } : notGivenOf(message),
    kind: null,
    conversationId: null,
    copyOf: isCopy ? copyOf : null,
    member: null,
    tokenHash: null,
    settledAt: isCopy ? now : null,
    mail: null,
  };
}

const notGivenOf = ({ notGiven = null }: NewMessage): MessageRow['reason'] =>
  notGiven === null ? null : { code: 'not-given', sentence: notGiven };

export function insertMessage(tables: Tables, row: MessageRow): void {
  tables.uids.set(placeOf(row), row.id);
  tables.messages.set(row.id, Object.freeze(row));
  if (row.stage === 'stored') tables.unsettled.set(row.id, true);
  if (row.rawHash !== null && !tables.byRawHash.has(rawKey(row))) tables.byRawHash.set(rawKey(row), row.id);
}

const rawKey = ({ inboxId, role, rawHash }: Pick<MessageRow, 'inboxId' | 'role' | 'rawHash'>): string =>
  `${inboxId}/${role}/${rawHash}`;

function tried(tables: Tables, row: MessageRow, now: Instant): MessageRow {
  const isOneTry = row.triedAt !== null && row.triedAt > now - TRY_SPAN;
  const counted = Object.freeze({ ...row, triedAt: now, tries: row.tries + (isOneTry ? 0 : 1) });
  tables.messages.set(row.id, counted);
  return counted;
}

export function beginReplies(tables: Tables, ids: readonly MessageId[], now: Instant): PendingReply[] {
  const waiting = [...new Set(ids)].sort(byNumber).flatMap((id) => {
    const row = tables.messages.get(id);
    return row?.stage === 'replying' ? [row] : [];
  });
  return waiting.map((row) => {
    const { id, inboxId, storedAt, member, conversationId, tries } = tried(tables, row, now);
    refuseUnless(member !== null, `reply ${id} has an author`);
    return { id, inboxId, storedAt, member, conversationId, tries };
  });
}

export function beginClassify(tables: Tables, ids: readonly MessageId[], now: Instant): StoredMessage[] {
  const waiting = [...new Set(ids)].sort(byNumber).flatMap((id) => {
    const row = tables.messages.get(id);
    return row?.stage === 'stored' ? [row] : [];
  });
  return waiting.map((row) => {
    const { id, inboxId, role, storedAt, size, history, tries } = tried(tables, row, now);
    const whole = row.rawHash !== null;
    const notGiven = row.reason?.code === 'not-given' ? row.reason.sentence : null;
    const raw = new Uint8Array(row.raw);
    return { id, inboxId, role, storedAt, size, history, whole, notGiven, tries, raw };
  });
}
