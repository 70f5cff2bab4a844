/** Mail that nothing could read, as rows: its events are the truth, and two plain columns say what is due and whose. */
import type pg from 'pg';
import type {
  ParkedChange,
  ParkedDetail,
  ParkedItem,
  ParkedList,
  ParkedStore,
  ParkedTransaction,
} from '../../app/ports/parked.ts';
import type { MessageId } from '../../domain/ids.ts';
import { type Instant, toIso } from '../../domain/instant.ts';
import type { PlaceView } from '../../domain/notices/view.ts';
import { fold, isOpen, type ParkedEvent, type ParkedEventBody } from '../../domain/parked/parked.ts';
import type { Part } from './joined.ts';
import { type RawForm, unpack } from './raw-form.ts';
import { isoOrNull, micros, nowSql, type Sql, sqlOn, type TimeSource } from './sql.ts';

export function parkedStore(sql: Sql, time: TimeSource): ParkedStore {
  const idsOf = (rows: readonly { readonly id: MessageId }[]) => rows.map(({ id }) => id);
  return {
    findParkedDue: async (limit) =>
      idsOf(
        await sql<{ id: MessageId }>(
          `SELECT message_id AS id FROM parked WHERE due_at <= ${nowSql(time)} ORDER BY due_at, message_id LIMIT $1`,
          [limit],
        ),
      ),

    async readPlace(id) {
      const rows = await sql<PlaceView>(
        `SELECT mailbox.folder, ${micros('message.received_at')} AS "receivedAt", message.size
         FROM message JOIN mailbox ON mailbox.id = message.mailbox_id WHERE message.id = $1`,
        [id],
      );
      return rows[0] ?? null;
    },

    async parkedOf(members) {
      if (members.length === 0) return [];
      const text =
        'SELECT message_id AS id FROM parked WHERE accountable_id = ANY ($1::text[]) ORDER BY message_id';
      return idsOf(await sql<{ id: MessageId }>(text, [members]));
    },
  };
}

export const parkedLookUps = (sql: Sql): ParkedTransaction => ({
  findParked: async (id) => fold(id, (await readEvents(sql, [id])).get(id) ?? []),
});

export async function readEvents(
  sql: Sql,
  ids: readonly MessageId[],
): Promise<Map<MessageId, ParkedEvent[]>> {
  type Row = { messageId: MessageId; seq: number; at: Instant; type: string; data: object };
  const rows = await sql<Row>(
    `SELECT message_id AS "messageId", seq, ${micros('at')} AS at, type, data FROM parked_event
     WHERE message_id = ANY ($1::bigint[]) ORDER BY message_id, seq`,
    [ids],
  );
  const events = new Map<MessageId, ParkedEvent[]>();
  for (const { messageId, seq, at, type, data } of rows) {
    const event = { ...({ ...data, type } as ParkedEventBody), seq, at };
    events.set(messageId, [...(events.get(messageId) ?? []), event]);
  }
  return events;
}

// ── Writing ──

export function parkedParts(changes: readonly ParkedChange[]): Part[] {
  return [
    {
      name: 'parked',
      rows: changes.map(({ before, after }) => ({
        message_id: after.id,
        inbox_id: after.inboxId,
        was: before?.version ?? 0,
        version: after.version,
        accountable_id: isOpen(after) ? after.accountable : null,
        due_at: isoOrNull(after.due),
      })),
      text: UPSERT_PARKED,
    },
    {
      name: 'parked_events',
      rows: changes.flatMap(({ after, events }) =>
        events.map(({ seq, at, type, ...data }) => ({
          message_id: after.id,
          seq,
          at: toIso(at),
          type,
          data,
        })),
      ),
      text: INSERT_EVENTS,
    },
  ];
}

const UPSERT_PARKED: Part['text'] = (rows) => `
  INSERT INTO parked (message_id, inbox_id, version, accountable_id, due_at)
  SELECT message_id, inbox_id, version, accountable_id, due_at
  FROM ${rows} AS row (message_id bigint, inbox_id text, was integer, version integer, accountable_id text,
    due_at timestamptz)
  -- At another version than the one that was read nothing is written, and the caller sees that.
  WHERE row.was = coalesce((SELECT known.version FROM parked AS known WHERE known.message_id = row.message_id), 0)
  ON CONFLICT (message_id) DO UPDATE SET version = excluded.version, accountable_id = excluded.accountable_id,
    due_at = excluded.due_at
  RETURNING 1`;

const INSERT_EVENTS: Part['text'] = (rows) => `
  INSERT INTO parked_event (message_id, seq, at, type, data)
  SELECT message_id, seq, at, type, data
  FROM ${rows} AS row (message_id bigint, seq integer, at timestamptz, type text, data jsonb)
  RETURNING 1`;

// ── For an operator ──

type ItemRow = Omit<ParkedItem, 'state' | 'from'> & { from: ParkedItem['from'] | null };

const ITEM = `
  SELECT message.id, mailbox.inbox_id AS "inboxId", ${micros('message.stored_at')} AS "storedAt",
    ${micros('message.received_at')} AS "receivedAt", mailbox.folder, message.uid, message.size,
    message.raw_hash IS NOT NULL AS whole, words.mail->'from' AS "from", words.mail->>'subject' AS subject,
    message.reason AS why
  FROM parked JOIN message ON message.id = parked.message_id JOIN mailbox ON mailbox.id = message.mailbox_id
    LEFT JOIN message_words AS words ON words.message_id = message.id`;

export function postgresParkedList({ pool }: { readonly pool: pg.Pool }): ParkedList {
  const sql = sqlOn(pool);
  const detailed = async (rows: readonly ItemRow[]): Promise<ParkedDetail[]> => {
    const events = await readEvents(
      sql,
      rows.map(({ id }) => id),
    );
    return rows.map(({ from, ...row }) => {
      const history = events.get(row.id) ?? [];
      const state = fold(row.id, history);
      if (state === null) throw new Error(`parked mail ${row.id} has no history`);
      return { ...row, from: from ?? [], state, events: history };
    });
  };
  return {
    list: async () =>
      detailed(
        await sql<ItemRow>(`${ITEM} WHERE parked.due_at IS NOT NULL ORDER BY message.stored_at, message.id`),
      ),
    async read(id) {
      const [found] = await detailed(await sql<ItemRow>(`${ITEM} WHERE message.id = $1`, [id]));
      return found ?? null;
    },
    async readRaw(id) {
      const [row] = await sql<{ raw: Buffer; form: RawForm }>(
        `SELECT raw, raw_form AS form FROM message_words JOIN parked USING (message_id)
         WHERE message_id = $1 AND raw IS NOT NULL`,
        [id],
      );
      return row === undefined ? null : unpack(row.raw, row.form);
    },
  };
}
