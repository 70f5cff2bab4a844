/** Reads the database for `verify`. */
import type pg from 'pg';
import type {
  Audit,
  AuditCounts,
  AuditedConversation,
  AuditedNotice,
  AuditedParked,
  Violation,
} from '../../app/ports/audit.ts';
import { Brakes } from '../../domain/brakes.ts';
import type { ConversationEvent, EventBody } from '../../domain/conversation/events.ts';
import type { Conversation } from '../../domain/conversation/state.ts';
import { auditChecks, UNCERTAIN } from './audit-checks.ts';
import { readEvents } from './parked.ts';
import { micros, nowSql, onlyRow, type Sql, sqlOn, type TimeSource } from './sql.ts';

const PORTION = 500;
/** How many ids a violation lists; the rest is counted in words. */
const IDS_MAX = 20;

export function postgresAudit({ pool, time }: { pool: Pick<pg.Pool, 'query'>; time: TimeSource }): Audit {
  const sql = sqlOn(pool);
  return {
    check: () => runChecks(sql, time),
    counts: () => counts(sql),
    conversations: () => conversations(sql),
    parked: () => parked(sql),
    // Of a folder in which nobody but a look back has read only single mails are here.
    mailboxes: () =>
      sql(`SELECT id, inbox_id AS "inboxId", folder, uid_validity::text AS "uidValidity", last_uid AS "lastUid"
           FROM mailbox WHERE fence > 0 ORDER BY id`),
    knownUids: async (mailboxId, uidValidity) => {
      const text = 'SELECT uid FROM message WHERE mailbox_id = $1 AND uid_validity = $2::numeric';
      const rows = await sql<{ uid: number }>(text, [mailboxId, uidValidity]);
      return new Set(rows.map(({ uid }) => uid));
    },
    attemptedNotices: () =>
      sql<AuditedNotice>(`
        SELECT o.id, o.key, o.kind, o.conversation_id AS "conversationId", o.state, w.recipient,
          (SELECT count(*) FROM attempt a WHERE a.outbox_id = o.id AND ${UNCERTAIN}) AS uncertain
        FROM outbox o LEFT JOIN outbox_words w ON w.outbox_id = o.id
        WHERE w.outbox_id IS NOT NULL OR (o.forgotten IS NOT NULL AND o.attempts > 0) ORDER BY o.id`),
  };
}

async function runChecks(sql: Sql, time: TimeSource): Promise<Violation[]> {
  const violations: Violation[] = [];
  for (const { invariant, what, sql: text } of auditChecks) {
    const rows = await sql<{ id: number }>(text.replaceAll(':now', nowSql(time)));
    if (rows.length === 0) continue;
    const more = rows.length > IDS_MAX ? ` (${rows.length} in all)` : '';
    violations.push({ invariant, what: `${what}${more}`, ids: rows.slice(0, IDS_MAX).map(({ id }) => id) });
  }
  return violations;
}

async function counts(sql: Sql): Promise<AuditCounts> {
  const grouped = async (text: string, params: unknown[] = []) =>
    Object.fromEntries(
      (await sql<{ name: string; n: number }>(text, params)).map(({ name, n }) => [name, n]),
    );
  const one = async (text: string) => onlyRow(await sql<{ n: number }>(text), 'count').n;
  return {
    messages: await one('SELECT count(*) AS n FROM message'),
    dispositions: await grouped(
      `SELECT coalesce(disposition, 'unsettled') AS name, count(*) AS n FROM message GROUP BY 1 ORDER BY 1`,
    ),
    conversations: await one('SELECT count(*) AS n FROM conversation'),
    accountableGaps: await one(`
      SELECT count(*) AS n FROM ledger l WHERE l.until_at IS NOT NULL AND NOT EXISTS (
        SELECT FROM ledger next WHERE next.conversation_id = l.conversation_id AND next.from_at = l.until_at)`),
    acknowledgements: await one(`SELECT count(*) AS n FROM outbox WHERE kind = 'acknowledgement'`),
    capped: await grouped(
      `SELECT outcome_code AS name, count(*) AS n FROM outbox
       WHERE state = 'dropped' AND outcome_code = ANY ($1::text[]) GROUP BY 1`,
      [Brakes],
    ),
    outbox: {
      ...{ pending: 0, sending: 0, sent: 0, returned: 0, failed: 0, dropped: 0, bundled: 0 },
      // What a server took and another gave back was sent, and has arrived with nobody.
      ...(await grouped(`
        SELECT CASE WHEN state = 'sent' AND returned_as = 'failed' THEN 'returned' ELSE state END AS name, count(*) AS n
        FROM outbox GROUP BY 1`)),
    },
  };
}

type ConversationRow = AuditedConversation['columns'] & { id: number; snapshot: Conversation };
type EventRow = { conversationId: number; seq: number; at: number; type: string; data: object };

async function parked(sql: Sql): Promise<AuditedParked[]> {
  const rows = await sql<AuditedParked['columns'] & { id: number }>(
    `SELECT message_id AS id, version, accountable_id AS accountable, ${micros('due_at')} AS "dueAt"
     FROM parked ORDER BY message_id`,
  );
  const events = await readEvents(
    sql,
    rows.map(({ id }) => id),
  );
  return rows.map(({ id, ...columns }) => ({ id, columns, events: events.get(id) ?? [] }));
}

async function* conversations(sql: Sql): AsyncGenerator<AuditedConversation[]> {
  let after = 0;
  for (;;) {
    const rows = await sql<ConversationRow>(
      `SELECT c.id, c.snapshot, c.phase, c.owner_id AS "ownerId", c.offered_to AS "offeredTo", c.version, c.epoch,
         ${micros('c.due_at')} AS "dueAt", l.member_id AS accountable,
         ${micros('c.unreached_since')} AS "unreachedSince", ${micros('c.vouched_at')} AS "vouchedAt",
         (SELECT o.seq FROM offer o WHERE o.conversation_id = c.id AND o.closed_at IS NULL) AS "openOffer"
       FROM conversation c
       JOIN ledger l ON l.conversation_id = c.id AND l.from_at = c.accountable_from
       WHERE c.id > $1 ORDER BY c.id LIMIT ${PORTION}`,
      [after],
    );
    const last = rows.at(-1);
    if (last === undefined) return;
    after = last.id;
    const events = await eventsOf(
      sql,
      rows.map(({ id }) => id),
    );
    yield rows.map(({ id, snapshot, ...columns }) => ({
      id,
      snapshot,
      columns,
      events: events.get(id) ?? [],
    }));
  }
}

async function eventsOf(sql: Sql, ids: readonly number[]): Promise<Map<number, ConversationEvent[]>> {
  const rows = await sql<EventRow>(
    `SELECT conversation_id AS "conversationId", seq, ${micros('at')} AS at, type, data
     FROM event WHERE conversation_id = ANY($1) ORDER BY conversation_id, seq`,
    [ids],
  );
  const events = new Map<number, ConversationEvent[]>();
  for (const { conversationId, seq, at, type, data } of rows) {
    const event = { ...({ ...data, type } as EventBody), conversationId, seq, at };
    events.set(conversationId, [...(events.get(conversationId) ?? []), event]);
  }
  return events;
}
