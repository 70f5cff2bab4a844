/** Reads what the board shows. Nothing here writes, and nothing else depends on it. */
import type pg from 'pg';
import type {
  Board,
  BoardRequest,
  Gone,
  LedgerRow,
  MailHeldBack,
  MailIn,
  MailOut,
} from '../../app/ports/board.ts';
import type { StoredMail } from '../../app/ports/store.ts';
import { Brakes } from '../../domain/brakes.ts';
import type { ConversationEvent, EventBody } from '../../domain/conversation/events.ts';
import type { Conversation } from '../../domain/conversation/state.ts';
import type { ConversationId, TextId } from '../../domain/ids.ts';
import type { TextView } from '../../domain/notices/view.ts';
import { type RawForm, unpack } from './raw-form.ts';
import { micros, type Sql, sqlOn } from './sql.ts';

export function postgresBoard(pool: pg.Pool): Board {
  const sql = sqlOn(pool);
  return {
    requests: (id) => requests(sql, id ?? null),
    mailsIn: (id, latest) => mailsIn(sql, id ?? null, latest ?? null),
    mailsOut: (id) => mailsOut(sql, id ?? null),
    mailsHeldBack: (id) => mailsHeldBack(sql, id ?? null),
  };
}

type RequestRow = {
  id: number;
  inboxId: string;
  state: Conversation;
  subject: string;
  name: string;
  address: string;
  because: readonly string[];
  gone: Gone | null;
};
type Of<T> = T & { conversationId: number };

async function requests(sql: Sql, id: ConversationId | null): Promise<BoardRequest[]> {
  const rows = await sql<RequestRow>(
    `SELECT c.id, c.inbox_id AS "inboxId", c.snapshot AS state, coalesce(w.subject, '') AS subject,
       coalesce(w.customer_name, '') AS name, coalesce(w.customer_address, '') AS address,
       coalesce(w.because, '[]') AS because, ${goneSql('w.forgotten')} AS gone
     FROM conversation c LEFT JOIN conversation_words w ON w.conversation_id = c.id
     WHERE $1::integer IS NULL OR c.id = $1 ORDER BY c.id`,
    [id],
  );
  const events = await sql<{ conversationId: number; seq: number; at: number; type: string; data: object }>(
    `SELECT conversation_id AS "conversationId", seq, ${micros('at')} AS at, type, data FROM event
     WHERE $1::integer IS NULL OR conversation_id = $1 ORDER BY conversation_id, seq`,
    [id],
  );
  const ledger = await sql<Of<LedgerRow>>(
    `SELECT conversation_id AS "conversationId", ${micros('from_at')} AS from, ${micros('until_at')} AS until,
       member_id AS member FROM ledger
     WHERE $1::integer IS NULL OR conversation_id = $1 ORDER BY conversation_id, from_at`,
    [id],
  );
  const texts = await sql<Of<TextView & { id: TextId }>>(
    `SELECT conversation_id AS "conversationId", id, author_id AS author, body FROM text
     WHERE conversation_id IS NOT NULL AND ($1::integer IS NULL OR conversation_id = $1)`,
    [id],
  );
  const eventsOf = Map.groupBy(events, ({ conversationId }) => conversationId);
  const ledgerOf = Map.groupBy(ledger, ({ conversationId }) => conversationId);
  const textsOf = Map.groupBy(texts, ({ conversationId }) => conversationId);
  return rows.map(({ name, address, ...row }) => ({
    ...row,
    customer: { name, address },
    events: (eventsOf.get(row.id) ?? []).map(
      ({ data, type, seq, at, conversationId }): ConversationEvent => ({
        ...({ ...data, type } as EventBody),
        conversationId,
        seq,
        at,
      }),
    ),
    ledger: (ledgerOf.get(row.id) ?? []).map(({ from, until, member }) => ({ from, until, member })),
    texts: new Map((textsOf.get(row.id) ?? []).map(({ id: key, author, body }) => [key, { author, body }])),
  }));
}

/** Of a mail whose bytes or files went, the words may stay. */
const goneSql = (column: string): string =>
  `CASE ${column} WHEN 'erased' THEN 'erased' WHEN 'words' THEN 'forgotten' END`;

type InRow = Omit<MailIn, 'reason' | 'from' | 'subject' | 'text' | 'quoted' | 'files'> & {
  code: string | null;
  sentence: string | null;
  mail: StoredMail | null;
};

async function mailsIn(sql: Sql, id: ConversationId | null, latest: number | null): Promise<MailIn[]> {
  const rows = await sql<InRow>(
    `SELECT m.id, ${micros('CASE WHEN m.history THEN m.received_at ELSE m.stored_at END')} AS at, b.inbox_id AS "inboxId", m.conversation_id AS "conversationId",
       m.disposition, m.reason_code AS code, m.reason AS sentence, m.member_id AS member, w.mail,
       ${goneSql('m.forgotten')} AS gone
     FROM message m JOIN mailbox b ON b.id = m.mailbox_id
     LEFT JOIN message_words w ON w.message_id = coalesce(m.copy_of, m.id)
     WHERE m.disposition IS NOT NULL AND ($1::integer IS NULL OR m.conversation_id = $1)
     ORDER BY m.id DESC LIMIT $2`,
    [id, latest],
  );
  return rows.reverse().map(({ code, sentence, mail, ...row }) => ({
    ...row,
    reason: { code: code ?? '', sentence: sentence ?? '' },
    from: mail?.from[0] ?? { name: '', address: '' },
    subject: mail?.subject ?? '',
    ...wordsOf(mail),
    files: (mail?.attachments ?? []).flatMap(({ filename, inline, size }, at) =>
      inline || filename === null ? [] : [{ at, name: filename, size }],
    ),
  }));
}

/** Where nothing new was found all of it is shown. */
function wordsOf(mail: StoredMail | null): Pick<MailIn, 'text' | 'quoted'> {
  if (mail === null) return { text: '', quoted: '' };
  const { text, quoted, signature } = mail.reply;
  if (text === '') return { text: mail.text, quoted: '' };
  return { text, quoted: [signature, quoted].filter((part) => part.trim() !== '').join('\n\n') };
}

async function mailsOut(sql: Sql, id: ConversationId | null): Promise<MailOut[]> {
  const rows = await sql<Omit<MailOut, 'raw'> & { raw: Buffer; form: RawForm }>(
    `SELECT o.id, ${micros('o.settled_at')} AS at, o.conversation_id AS "conversationId", o.kind,
       o.recipient_id AS member, w.recipient, w.raw, w.raw_form AS form
     FROM outbox o JOIN outbox_words w ON w.outbox_id = o.id
     WHERE o.state = 'sent' AND ($1::integer IS NULL OR o.conversation_id = $1) ORDER BY o.settled_at, o.id`,
    [id],
  );
  return Promise.all(rows.map(async ({ form, raw, ...row }) => ({ ...row, raw: await unpack(raw, form) })));
}

function mailsHeldBack(sql: Sql, id: ConversationId | null): Promise<MailHeldBack[]> {
  return sql<MailHeldBack>(
    `SELECT o.id, ${micros('o.settled_at')} AS at, o.conversation_id AS "conversationId", o.kind,
       o.outcome_code AS brake,
       coalesce(CASE WHEN o.contact_id IS NULL THEN w.customer_address ELSE c.address END, '') AS recipient
     FROM outbox o LEFT JOIN conversation_words w ON w.conversation_id = o.conversation_id
       LEFT JOIN contact c ON c.id = o.contact_id
     WHERE o.state = 'dropped' AND o.outcome_code = ANY ($2::text[])
       AND ($1::integer IS NULL OR o.conversation_id = $1) ORDER BY o.settled_at, o.id`,
    [id, Brakes],
  );
}
