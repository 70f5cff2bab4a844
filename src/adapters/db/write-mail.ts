/** How messages, texts, notices, tokens and outcomes become rows. */
import type { MessageMove } from '../../app/ports/moves.ts';
import type { NoticeOutcome } from '../../app/ports/outbox.ts';
import type { MessageChange, NewNotice, NewText, TokenRow } from '../../app/ports/store.ts';
import { type Instant, toIso } from '../../domain/instant.ts';
import type { Part } from './joined.ts';

export function messageParts(changes: readonly MessageChange[], now: Instant): Part[] {
  const readings = changes.flatMap(({ id, reading }) => (reading === undefined ? [] : [{ id, ...reading }]));
  const read = readings.map(({ id }) => id);
  return [
    {
      name: 'messages',
      rows: changes.map((change) => messageRow(change, now)),
      ids: changes.map(({ id }) => id),
      text: UPDATE_MESSAGE,
    },
    { name: 'readings', rows: readings.map(({ id, mail }) => ({ id, mail })), ids: read, text: UPDATE_WORDS },
    {
      name: 'keys',
      rows: readings.flatMap(({ id, threadKeys }) => threadKeys.map(({ key, own }) => ({ id, key, own }))),
      ids: read,
      text: INSERT_KEYS,
    },
  ];
}

function messageRow(change: MessageChange, now: Instant): object {
  const { id, stage, disposition, reason, conversationId, member, tokenHash, copyOf, reading } = change;
  return {
    id,
    stage,
    disposition,
    reason_code: reason.code,
    reason: reason.sentence,
    // Absent means: as it was.
    moves_conversation: conversationId !== undefined,
    conversation_id: conversationId,
    moves_member: member !== undefined,
    member_id: member,
    token_hash: tokenHash,
    copy_of: copyOf,
    kind: reading?.kind,
    content_hash: reading?.contentHash,
    message_id_hash: reading?.messageIdHash,
    settled_at: stage === 'settled' ? toIso(now) : null,
  };
}

export function moveParts(moves: readonly MessageMove[], now: Instant): Part[] {
  const again = moves.filter(({ to }) => to.stage === 'stored').map(({ id }) => id);
  return [
    {
      name: 'moves',
      rows: moves.map(({ id, was, to, reason }) => ({
        id,
        was,
        stage: to.stage,
        disposition: to.stage === 'settled' ? to.disposition : null,
        conversation_id: to.stage === 'settled' ? to.conversationId : null,
        leaves_place: to.stage === 'settled' && to.leavesPlace === true,
        reason_code: reason.code,
        reason: reason.sentence,
        settled_at: to.stage === 'settled' ? toIso(now) : null,
      })),
      ids: moves.map(({ id }) => id),
      text: MOVE_MESSAGE,
    },
    // What is read again gives its keys again.
    { name: 'unkeyed', rows: again.map((id) => ({ id })), ids: again, text: DELETE_KEYS },
  ];
}

export function textPart(texts: readonly NewText[]): Part {
  const rows = texts.map(({ id, conversationId, messageId, author, body }) => ({
    id,
    conversation_id: conversationId,
    message_id: messageId,
    author_id: author,
    body,
  }));
  return { name: 'texts', rows, text: INSERT_TEXTS };
}

export function noticeParts(notices: readonly NewNotice[], now: Instant): Part[] {
  const tokens = new Map<string, TokenRow>();
  for (const token of notices.flatMap(tokensOf)) {
    const expiresAt = Math.max(token.expiresAt, tokens.get(token.hash)?.expiresAt ?? 0);
    tokens.set(token.hash, { ...token, expiresAt });
  }
  // In one order, so that two transactions that extend the same tokens do not wait for each other.
  const sorted = [...tokens.values()].sort((a, b) => (a.hash < b.hash ? -1 : 1));
  return [
    { name: 'notices', rows: notices.map((notice) => noticeRow(notice, now)), text: INSERT_NOTICES },
    { name: 'pages', rows: notices.flatMap((notice) => pageRow(notice, now)), text: INSERT_PAGES },
    { name: 'tokens', rows: sorted.map(tokenRow), text: UPSERT_TOKENS },
  ];
}

const tokensOf = ({ token, lineTokens = [] }: NewNotice): readonly TokenRow[] =>
  token === null ? lineTokens : [token, ...lineTokens];

function noticeRow({ draft, key, mayWait }: NewNotice, now: Instant): object {
  const { dedupeKey, inboxId, conversationId, seq, recipient, body, shown, answered, epoch } = draft;
  return {
    dedupe_key: dedupeKey,
    key,
    inbox_id: inboxId,
    conversation_id: conversationId,
    seq,
    kind: body.kind,
    recipient_id: recipient.type === 'member' ? recipient.member : null,
    contact_id: recipient.type === 'contact' ? recipient.contact : null,
    body,
    shown,
    answered,
    epoch,
    may_wait: mayWait ?? false,
    created_at: toIso(now),
  };
}

/** A page goes out like its mail, and by itself: see pages.ts. */
function pageRow({ draft, page }: NewNotice, now: Instant): object[] {
  return page === undefined ? [] : [{ dedupe_key: draft.dedupeKey, why: page, at: toIso(now) }];
}

function tokenRow(token: TokenRow): object {
  const { hash, member, purpose, conversationId, subject, epoch, shown, answered, list, expiresAt } = token;
  return {
    hash,
    member_id: member,
    purpose,
    conversation_id: conversationId,
    subject,
    epoch,
    shown,
    answered,
    list,
    expires_at: toIso(expiresAt),
  };
}

/** `now`: the time as an expression, see nowSql and instantSql. */
export function outcomeParts(outcomes: readonly NoticeOutcome[], now: string): Part[] {
  const ids = outcomes.map(({ id }) => id);
  const ended = outcomes.flatMap(({ id, attempt, result }) =>
    attempt === null || result === null ? [] : [{ id, number: attempt, ...result }],
  );
  const states = outcomes.map(({ id, claims, state, code }) => ({
    id,
    claims,
    state: typeof state === 'string' ? state : 'pending',
    due_at: typeof state === 'string' ? null : toIso(state.retryAt),
    code,
  }));
  return [
    { name: 'attempts', rows: ended, ids, text: endAttempts(now) },
    { name: 'outcomes', rows: states, ids, text: updateOutbox(now) },
  ];
}

const UPDATE_MESSAGE: Part['text'] = (rows, ids) => `
  UPDATE message SET stage = row.stage, tries = 0, tried_at = NULL, disposition = row.disposition, reason_code = row.reason_code,
    reason = row.reason, settled_at = row.settled_at,
    conversation_id = CASE WHEN moves_conversation THEN row.conversation_id ELSE message.conversation_id END,
    member_id = CASE WHEN moves_member THEN row.member_id ELSE message.member_id END,
    token_hash = coalesce(row.token_hash, message.token_hash), copy_of = coalesce(row.copy_of, message.copy_of),
    kind = coalesce(row.kind, message.kind), content_hash = coalesce(row.content_hash, message.content_hash),
    message_id_hash = coalesce(row.message_id_hash, message.message_id_hash)
  FROM ${rows} AS row (id bigint, stage text, disposition text, reason_code text, reason text,
    moves_conversation boolean, conversation_id integer, moves_member boolean, member_id text, token_hash text,
    copy_of bigint, kind text, content_hash text, message_id_hash text, settled_at timestamptz)
  WHERE message.id = row.id AND message.id = ${ids} AND message.stage <> 'settled'
  RETURNING message.id`;

const MOVE_MESSAGE: Part['text'] = (rows, ids) => `
  UPDATE message SET stage = row.stage, tries = 0, tried_at = NULL, disposition = row.disposition,
    reason_code = row.reason_code, reason = row.reason, settled_at = row.settled_at,
    conversation_id = row.conversation_id, copy_of = NULL,
    uid = CASE WHEN row.leaves_place THEN -message.id ELSE message.uid END,
    content_hash = CASE WHEN row.stage = 'stored' THEN NULL ELSE message.content_hash END
  FROM ${rows} AS row (id bigint, was text, stage text, disposition text, reason_code text, reason text,
    settled_at timestamptz, conversation_id integer, leaves_place boolean)
  WHERE message.id = row.id AND message.id = ${ids} AND message.disposition = row.was
  RETURNING message.id`;

const DELETE_KEYS: Part['text'] = (rows, ids) => `
  DELETE FROM thread_key USING ${rows} AS row (id bigint)
  WHERE thread_key.message_id = row.id AND thread_key.message_id = ${ids}
  RETURNING 1`;

const UPDATE_WORDS: Part['text'] = (rows, ids) => `
  UPDATE message_words SET mail = row.mail FROM ${rows} AS row (id bigint, mail jsonb)
  WHERE message_words.message_id = row.id AND message_words.message_id = ${ids}
  RETURNING 1`;

const INSERT_KEYS: Part['text'] = (rows, ids) => `
  INSERT INTO thread_key (inbox_id, key, message_id, own)
  SELECT mailbox.inbox_id, row.key, row.id, row.own
  FROM ${rows} AS row (id bigint, key text, own boolean)
    JOIN message ON message.id = row.id JOIN mailbox ON mailbox.id = message.mailbox_id
  WHERE message.id = ${ids}
  RETURNING 1`;

const INSERT_TEXTS: Part['text'] = (rows) => `
  INSERT INTO text (id, conversation_id, message_id, author_id, body)
  SELECT id, conversation_id, message_id, author_id, body
  FROM ${rows} AS row (id uuid, conversation_id integer, message_id bigint, author_id text, body text)
  RETURNING 1`;

/** One event and recipient have one notice: a second one is none. In row order, so that ids follow the drafts. */
const INSERT_NOTICES: Part['text'] = (rows) => `
  INSERT INTO outbox (dedupe_key, key, inbox_id, conversation_id, seq, kind, recipient_id, contact_id, body, shown,
    answered, epoch, may_wait, created_at, due_at)
  SELECT dedupe_key, key, inbox_id, conversation_id, seq, kind, recipient_id, contact_id, body, shown, answered, epoch,
    may_wait, created_at, created_at
  FROM ${rows} AS row (dedupe_key text, key text, inbox_id text, conversation_id integer, seq integer, kind text,
    recipient_id text, contact_id uuid, body jsonb, shown bigint, answered integer, epoch integer, may_wait boolean,
    created_at timestamptz)
  ON CONFLICT (dedupe_key) DO NOTHING
  RETURNING id, dedupe_key`;

/** Of the notices that were written just now: what was there before has its page. */
const INSERT_PAGES: Part['text'] = (rows) => `
  INSERT INTO page (outbox_id, why, created_at, due_at)
  SELECT notices.id, row.why, row.at, row.at
  FROM ${rows} AS row (dedupe_key text, why text, at timestamptz) JOIN notices ON notices.dedupe_key = row.dedupe_key
  RETURNING 1`;

/** The same rights give the same token, which then lives as long as the latest mail that carries it. */
const UPSERT_TOKENS: Part['text'] = (rows) => `
  INSERT INTO token (hash, member_id, purpose, conversation_id, subject, epoch, shown, answered, list,
    expires_at)
  SELECT hash, member_id, purpose, conversation_id, subject, epoch, shown, answered, list, expires_at
  FROM ${rows} AS row (hash text, member_id text, purpose text, conversation_id integer, subject bigint, epoch integer,
    shown bigint, answered integer, list text, expires_at timestamptz)
  ON CONFLICT (hash) DO UPDATE SET expires_at = greatest(token.expires_at, excluded.expires_at)
  RETURNING 1`;

const endAttempts =
  (now: string): Part['text'] =>
  (rows, ids) =>
    `
  UPDATE attempt SET finished_at = ${now}, outcome = row.outcome, code = row.code
  FROM ${rows} AS row (id bigint, number integer, outcome text, code text)
  WHERE attempt.outbox_id = row.id AND attempt.outbox_id = ${ids} AND attempt.number = row.number
  RETURNING 1`;

/**
 * A sender that was slower than its lease reports late. What was sent is never due again; whatever else it reports does
 * not take the turn from whoever has claimed the notice since.
 */
const updateOutbox =
  (now: string): Part['text'] =>
  (rows, ids) =>
    `
  UPDATE outbox SET state = row.state, due_at = coalesce(row.due_at, outbox.due_at), lease_until = NULL,
    settled_at = CASE row.state WHEN 'pending' THEN NULL ELSE ${now} END, outcome_code = row.code
  FROM ${rows} AS row (id bigint, claims integer, state text, due_at timestamptz, code text)
  WHERE outbox.id = row.id AND outbox.id = ${ids} AND outbox.settled_at IS NULL
    AND (row.state = 'sent' OR outbox.state = 'sending' AND row.claims = outbox.claims)
  RETURNING 1`;
