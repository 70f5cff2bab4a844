/** Transaction.write of the memory store, with what the database's constraints would refuse. */

import type { MessageMove } from '../../../src/app/ports/moves.ts';
import type { NoticeOutcome } from '../../../src/app/ports/outbox.ts';
import { type NoticeReturn, ReportedAs } from '../../../src/app/ports/returned.ts';
import type {
  Change,
  MessageChange,
  NewContact,
  NewNotice,
  NewText,
  TokenRow,
} from '../../../src/app/ports/store.ts';
import type { ToldAbsence } from '../../../src/domain/absences.ts';
import type { NoticeId } from '../../../src/domain/ids.ts';
import type { Instant } from '../../../src/domain/instant.ts';
import { leavePlace } from './intake.ts';
import { isHeld } from './outbox.ts';
import { writeParked } from './parked.ts';
import { keep, type MessageRow, mustGet, type OutboxRow, refuseUnless, type Tables } from './tables.ts';
import { writeConversation } from './write-conversation.ts';

export function write(tables: Tables, change: Change, nextId: () => NoticeId, now: Instant): NoticeId[] {
  for (const conversation of change.conversations ?? []) writeConversation(tables, conversation);
  for (const message of change.messages ?? []) writeMessage(tables, keep(message), now);
  for (const move of change.moves ?? []) moveMessage(tables, keep(move), now);
  for (const parked of change.parked ?? []) writeParked(tables, parked);
  for (const text of change.texts ?? []) writeText(tables, text);
  for (const contact of change.contacts ?? []) writeContact(tables, contact);
  for (const absence of change.absences ?? []) writeAbsence(tables, keep(absence));
  const notices = (change.notices ?? []).flatMap((notice) => writeNotice(tables, keep(notice), nextId, now));
  for (const outcome of change.outcomes ?? []) writeOutcome(tables, outcome, now);
  for (const returned of change.returns ?? []) writeReturn(tables, keep(returned), now);
  for (const signIn of change.signIns ?? []) tables.signIns.set(signIn.id, keep(signIn));
  for (const order of change.orders ?? []) {
    refuseUnless(!tables.orders.has(order.form), `form ${order.form} was carried out before`);
    tables.orders.set(order.form, keep({ ...order, at: now }));
  }
  return notices;
}

// ── Messages and texts ──

function writeMessage(tables: Tables, change: MessageChange, now: Instant): void {
  const row = mustGet(tables.messages, change.id, 'message');
  refuseUnless(row.stage !== 'settled', `message ${row.id} is settled already`);
  const { reading, stage, disposition, reason } = change;
  const next: MessageRow = Object.freeze({
    ...row,
    stage,
    tries: 0,
    triedAt: null,
    disposition,
    reason,
    conversationId: change.conversationId === undefined ? row.conversationId : change.conversationId,
    member: change.member === undefined ? row.member : change.member,
    tokenHash: change.tokenHash ?? row.tokenHash,
    copyOf: change.copyOf ?? row.copyOf,
    settledAt: stage === 'settled' ? now : null,
    ...(reading && {
      mail: withoutHeaders(reading.mail),
      kind: reading.kind,
      contentHash: reading.contentHash,
      messageIdHash: reading.messageIdHash,
    }),
  });
  checkMessage(tables, next);
  tables.messages.set(row.id, next);
  if (stage === 'settled') tables.unsettled.delete(row.id);
  if (reading !== undefined) indexReading(tables, next, reading.threadKeys);
  joinConversation(tables, row, next);
}

const withoutHeaders = (mail: object): MessageRow['mail'] => {
  const { headers: _, ...rest } = mail as { headers?: unknown } & NonNullable<MessageRow['mail']>;
  return Object.freeze(rest);
};

function checkMessage(tables: Tables, row: MessageRow): void {
  const { stage, disposition, conversationId, copyOf, member, messageIdHash } = row;
  refuseUnless(
    (stage === 'settled') === (disposition !== null),
    'a settled message has a disposition, no other has',
  );
  refuseUnless(
    !['request', 'follow-up'].includes(disposition ?? '') || conversationId !== null,
    `a ${disposition} belongs to a conversation`,
  );
  if (conversationId !== null) mustGet(tables.conversations, conversationId, 'conversation');
  if (copyOf !== null) mustGet(tables.messages, copyOf, 'message');
  if (member !== null) mustGet(tables.members, member, 'member');
  if (disposition !== 'command' || messageIdHash === null) return;
  refuseUnless(!tables.acted.has(messageIdHash), 'a command with this Message-ID was carried out before');
  tables.acted.set(messageIdHash, row.id);
}

function moveMessage(tables: Tables, { id, was, to, reason }: MessageMove, now: Instant): void {
  const row = mustGet(tables.messages, id, 'message');
  refuseUnless(row.disposition === was, `message ${id} is no ${was} any more`);
  const base = { ...row, tries: 0, triedAt: null, copyOf: null, reason };
  if (to.stage === 'stored') {
    tables.messages.set(
      id,
      Object.freeze({
        ...base,
        stage: 'stored' as const,
        disposition: null,
        conversationId: null,
        settledAt: null,
        contentHash: null,
      }),
    );
    tables.unsettled.set(id, true);
    forgetReading(tables, row);
    return;
  }
  const { disposition, conversationId } = to;
  const next: MessageRow = Object.freeze({ ...base, disposition, conversationId, settledAt: now });
  checkMessage(tables, next);
  tables.messages.set(id, next);
  leaveConversation(tables, row, next);
  joinConversation(tables, row, next);
  if (to.leavesPlace === true) leavePlace(tables, next);
}

/** What is read again gives its keys again. */
function forgetReading(tables: Tables, { id, contentHash }: MessageRow): void {
  if (contentHash !== null) {
    const same = (tables.byContentHash.get(contentHash) ?? []).filter((other) => other !== id);
    if (same.length === 0) tables.byContentHash.delete(contentHash);
    else tables.byContentHash.set(contentHash, same);
  }
  for (const place of tables.threads.keys()) {
    const known = tables.threads.get(place) ?? [];
    const left = known.filter(({ messageId }) => messageId !== id);
    if (left.length < known.length) tables.threads.set(place, left);
  }
}

function leaveConversation(tables: Tables, before: MessageRow, { id, conversationId }: MessageRow): void {
  if (before.conversationId === null || conversationId === before.conversationId) return;
  const row = mustGet(tables.conversations, before.conversationId, 'conversation');
  const messages = row.messages.filter((other) => other !== id);
  tables.conversations.set(before.conversationId, { ...row, messages });
}

function indexReading(
  tables: Tables,
  { id, inboxId, contentHash }: MessageRow,
  keys: readonly { readonly key: string; readonly own: boolean }[],
): void {
  if (contentHash !== null) {
    tables.byContentHash.set(contentHash, [...(tables.byContentHash.get(contentHash) ?? []), id]);
  }
  for (const { key, own } of keys) {
    const place = `${inboxId}\n${key}`;
    const known = tables.threads.get(place) ?? [];
    refuseUnless(
      !known.some(({ messageId }) => messageId === id),
      `message ${id} has the thread key ${key} twice`,
    );
    tables.threads.set(place, [...known, { messageId: id, own }]);
  }
}

function joinConversation(tables: Tables, before: MessageRow, { id, conversationId }: MessageRow): void {
  if (conversationId === null || conversationId === before.conversationId) return;
  const row = mustGet(tables.conversations, conversationId, 'conversation');
  tables.conversations.set(conversationId, { ...row, messages: [...row.messages, id] });
}

function writeText(tables: Tables, { id, ...text }: NewText): void {
  refuseUnless(!tables.texts.has(id), `text ${id} is there already`);
  mustGet(tables.members, text.author, 'member');
  if (text.messageId !== null) mustGet(tables.messages, text.messageId, 'message');
  tables.texts.set(id, Object.freeze(text));
  if (text.conversationId === null) return;
  const row = mustGet(tables.conversations, text.conversationId, 'conversation');
  tables.conversations.set(text.conversationId, { ...row, texts: [...row.texts, id] });
}

function writeContact(tables: Tables, { id, conversationId, name, address }: NewContact): void {
  const row = mustGet(tables.conversations, conversationId, 'conversation');
  const contacts = new Map([...row.contacts, [id, Object.freeze({ name, address })] as const]);
  tables.conversations.set(conversationId, { ...row, contacts });
}

function writeAbsence(tables: Tables, absence: ToldAbsence): void {
  const { id, member, from, until, cover, by } = absence;
  refuseUnless(until > from, `absence ${id} ends after its beginning`);
  refuseUnless(cover?.member !== member, `absence ${id}: nobody stands in for themselves`);
  for (const one of [member, by, ...(cover === null ? [] : [cover.member])])
    mustGet(tables.members, one, 'member');
  const known = tables.absences.get(id);
  // Whose it is and when it began stays as it was.
  tables.absences.set(id, { ...absence, ...(known && { member: known.member, from: known.from }) });
}

// ── Mail out ──

function writeNotice(
  tables: Tables,
  { draft, key, token, lineTokens = [], mayWait, page }: NewNotice,
  nextId: () => NoticeId,
  now: Instant,
): NoticeId[] {
  if (tables.byDedupeKey.has(draft.dedupeKey)) return [];
  refuseUnless(!tables.byKey.has(key), `two notices have the key ${key}`);
  mustGet(tables.inboxes, draft.inboxId, 'inbox');
  if (draft.recipient.type === 'member') mustGet(tables.members, draft.recipient.member, 'member');
  if (draft.conversationId !== null) {
    const { events } = mustGet(tables.conversations, draft.conversationId, 'conversation');
    refuseUnless(draft.seq === null || draft.seq <= events.length, 'a notice tells of an event');
  }
  for (const one of token === null ? lineTokens : [token, ...lineTokens]) writeToken(tables, one);
  const id = nextId();
  const row: OutboxRow = {
    notice: Object.freeze({ ...draft, id, createdAt: now }),
    key,
    state: 'pending',
    dueAt: now,
    leaseUntil: null,
    attempts: 0,
    claims: 0,
    mayWait: mayWait ?? false,
    settledAt: null,
    code: null,
    returned: null,
    mail: null,
  };
  tables.outbox.set(id, row);
  if (page !== undefined) {
    const waiting = { dueAt: now, leaseUntil: null, tries: 0, state: 'waiting', code: null } as const;
    tables.pages.set(id, { id, why: page, ...waiting });
  }
  tables.toSend.set(id, true);
  tables.byDedupeKey.set(draft.dedupeKey, id);
  tables.byKey.set(key, id);
  if (draft.recipient.type === 'member') tables.noticesTo.push(draft.recipient.member, id);
  if (draft.conversationId !== null) tables.noticesAbout.push(draft.conversationId, id);
  return [id];
}

/** The same rights give the same token, which then lives as long as the latest mail that carries it. */
function writeToken(tables: Tables, token: TokenRow): void {
  if (token.member !== null) mustGet(tables.members, token.member, 'member');
  const known = tables.tokens.get(token.hash);
  const expiresAt = Math.max(token.expiresAt, known?.expiresAt ?? token.expiresAt);
  tables.tokens.set(token.hash, Object.freeze({ ...token, expiresAt }));
}

export function writeOutcome(tables: Tables, outcome: NoticeOutcome, now: Instant): void {
  const { id, attempt, claims, result, state, code } = outcome;
  const row = mustGet(tables.outbox, id, 'notice');
  if (attempt !== null && result !== null) {
    const begun = mustGet(tables.attempts, `${id}/${attempt}`, 'attempt');
    const ended = { ...begun, finishedAt: now, outcome: result.outcome, code: result.code };
    tables.attempts.set(`${id}/${attempt}`, Object.freeze(ended));
  }
  // A sender slower than its lease: what was sent is never due again, and whoever claimed it since keeps the turn.
  if (row.settledAt !== null || (state !== 'sent' && !isHeld(row, claims))) return;
  const settled = typeof state === 'string';
  tables.outbox.set(id, {
    ...row,
    state: settled ? state : 'pending',
    dueAt: settled ? row.dueAt : state.retryAt,
    leaseUntil: null,
    settledAt: settled ? now : null,
    code,
  });
  const { recipient } = row.notice;
  if (state === 'sent' && recipient.type === 'member') tables.sentTo.push(recipient.member, id);
  if (settled) tables.toSend.delete(id);
  else tables.toSend.set(id, true);
}

/** A report that says no more than an earlier one changes nothing. */
function writeReturn(tables: Tables, { id, as, failure }: NoticeReturn, now: Instant): void {
  const row = mustGet(tables.outbox, id, 'notice');
  refuseUnless((as === 'failed') === (failure !== null), 'only what has failed has a reason');
  const known = row.returned === null ? -1 : ReportedAs.indexOf(row.returned.as);
  if (ReportedAs.indexOf(as) > known) tables.outbox.set(id, { ...row, returned: { at: now, as, failure } });
}
