/** Who else has to do with requests: people outside the team, and absences that were told by mail. */
import type { NewContact, Store, Transaction } from '../../app/ports/store.ts';
import type { Cover, ToldAbsence } from '../../domain/absences.ts';
import type { AbsenceId, ContactId, ConversationId, MemberId } from '../../domain/ids.ts';
import { type Instant, toIso } from '../../domain/instant.ts';
import type { Address } from '../../domain/message.ts';
import type { Part } from './joined.ts';
import { instantSql, isoOrNull, micros, nowSql, onlyRow, type Sql, type TimeSource } from './sql.ts';

type PeopleLookUps = Pick<Transaction, 'findContacts' | 'findAbsences' | 'lockAbsences' | 'reserveAbsence'>;

export function peopleLookUps(sql: Sql, now: () => Promise<Instant>): PeopleLookUps {
  let told: Promise<ToldAbsence[]> | null = null;
  return {
    async findContacts(id) {
      return (await readContacts(sql, [id])).get(id) ?? new Map();
    },
    // Asked for each decision of a batch, and the same for all of them.
    findAbsences() {
      told ??= now().then((at) => readAbsences(sql, instantSql(at)));
      return told;
    },
    async lockAbsences() {
      // One lock for all of them: they change rarely, and one that does not exist yet has no row to lock.
      await sql(`SELECT pg_advisory_xact_lock(hashtextextended('baton:absences', 0))`);
      return readAbsences(sql, instantSql(await now()));
    },
    async reserveAbsence() {
      const text = `SELECT nextval(pg_get_serial_sequence('absence', 'id'))::integer AS id`;
      return onlyRow(await sql<{ id: AbsenceId }>(text), 'absence number').id;
    },
  };
}

export function peopleStore(sql: Sql, time: TimeSource): Pick<Store, 'toldAbsences' | 'askedOf'> {
  return {
    toldAbsences: () => readAbsences(sql, nowSql(time)),

    async askedOf(members) {
      if (members.length === 0) return [];
      const rows = await sql<{ id: ConversationId }>(
        'SELECT id FROM conversation WHERE offered_to = ANY ($1::text[]) ORDER BY id',
        [members],
      );
      return rows.map(({ id }) => id);
    },
  };
}

export async function readContacts(
  sql: Sql,
  ids: readonly ConversationId[],
): Promise<Map<ConversationId, Map<ContactId, Address>>> {
  type Row = { id: ContactId; conversationId: ConversationId } & Address;
  const rows = await sql<Row>(
    `SELECT id, conversation_id AS "conversationId", name, address FROM contact
     WHERE conversation_id = ANY ($1::integer[])`,
    [ids],
  );
  const found = new Map<ConversationId, Map<ContactId, Address>>();
  for (const { id, conversationId, name, address } of rows) {
    const known = found.get(conversationId) ?? new Map<ContactId, Address>();
    found.set(conversationId, known.set(id, { name, address }));
  }
  return found;
}

export async function readAbsences(sql: Sql, now: string): Promise<ToldAbsence[]> {
  type Row = Omit<ToldAbsence, 'cover'> & { cover: MemberId | null; answer: Cover['answer'] | null };
  const rows = await sql<Row>(
    `SELECT id, member_id AS member, ${micros('from_at')} AS "from", ${micros('until_at')} AS "until",
       cover_id AS cover, cover_answer AS answer, by_id AS by, NULL AS "endedAt"
     FROM absence WHERE ended_at IS NULL AND until_at > ${now} ORDER BY id`,
  );
  return rows.map(({ cover, answer, ...absence }) => ({
    ...absence,
    cover: cover === null || answer === null ? null : { member: cover, answer },
  }));
}

export function peopleParts(contacts: readonly NewContact[], absences: readonly ToldAbsence[]): Part[] {
  return [
    {
      name: 'contacts',
      rows: contacts.map(({ id, conversationId, name, address }) => ({
        id,
        conversation_id: conversationId,
        name,
        address,
      })),
      text: INSERT_CONTACTS,
    },
    { name: 'absences', rows: absences.map(absenceRow), text: UPSERT_ABSENCES },
  ];
}

const absenceRow = ({ id, member, from, until, cover, by, endedAt }: ToldAbsence): object => ({
  id,
  member_id: member,
  from_at: toIso(from),
  until_at: toIso(until),
  cover_id: cover?.member ?? null,
  cover_answer: cover?.answer ?? null,
  by_id: by,
  ended_at: isoOrNull(endedAt),
});

const INSERT_CONTACTS: Part['text'] = (rows) => `
  INSERT INTO contact (id, conversation_id, name, address)
  SELECT id, conversation_id, name, address
  FROM ${rows} AS row (id uuid, conversation_id integer, name text, address text)
  RETURNING 1`;

/** Numbers come from reserveAbsence. What was said of an absence before gives way to what is said now. */
const UPSERT_ABSENCES: Part['text'] = (rows) => `
  INSERT INTO absence (id, member_id, from_at, until_at, cover_id, cover_answer, by_id, ended_at)
  OVERRIDING SYSTEM VALUE
  SELECT id, member_id, from_at, until_at, cover_id, cover_answer, by_id, ended_at
  FROM ${rows} AS row (id integer, member_id text, from_at timestamptz, until_at timestamptz, cover_id text,
    cover_answer text, by_id text, ended_at timestamptz)
  ON CONFLICT (id) DO UPDATE SET until_at = excluded.until_at, cover_id = excluded.cover_id,
    cover_answer = excluded.cover_answer, by_id = excluded.by_id, ended_at = excluded.ended_at
  RETURNING 1`;
