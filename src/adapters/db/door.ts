/** Links that sign in, sessions and orders of the board, as rows. Secrets are hashes here; see domain/sign-in.ts. */
import type pg from 'pg';
import type {
  DoorStore,
  DoorTransaction,
  NewOrder,
  NewSignIn,
  Sessions,
  SignInCount,
  Told,
} from '../../app/ports/door.ts';
import type { MemberId } from '../../domain/ids.ts';
import { type Instant, toIso } from '../../domain/instant.ts';
import { SESSION_IDLE, SESSION_LIFE } from '../../domain/sign-in.ts';
import type { Part } from './joined.ts';
import { micros, nowSql, onlyRow, type Sql, sqlOn, type TimeSource } from './sql.ts';

export const doorStore = (sql: Sql): DoorStore => ({
  async readVisitor(link) {
    const rows = await sql<{ from: string }>('SELECT asked_from AS "from" FROM sign_in WHERE id = $1', [
      link,
    ]);
    return rows[0]?.from ?? null;
  },
});

export const doorLookUps = (sql: Sql): DoorTransaction => ({
  async countSignIns(member, visitor, since) {
    return onlyRow(
      await sql<SignInCount>(
        `SELECT count(*) FILTER (WHERE member_id = $1 AND visitor = $2) AS here,
           count(*) FILTER (WHERE member_id = $1) AS "ofMember", count(*) AS "ofAll"
         FROM sign_in WHERE asked_at > $3::timestamptz`,
        [member, visitor, toIso(since)],
      ),
      'count of links',
    );
  },
  async hasOrdered(form) {
    return (await sql('SELECT 1 FROM board_order WHERE form = $1', [form])).length > 0;
  },
});

export function doorParts(signIns: readonly NewSignIn[], orders: readonly NewOrder[], now: Instant): Part[] {
  return [
    {
      name: 'sign_ins',
      rows: signIns.map(({ askedAt, expiresAt, member, tokenHash, from, ...rest }) => ({
        ...rest,
        asked_from: from,
        member_id: member,
        token_hash: tokenHash,
        asked_at: toIso(askedAt),
        expires_at: toIso(expiresAt),
      })),
      text: INSERT_SIGN_INS,
    },
    {
      name: 'orders',
      rows: orders.map(({ member, conversationId, parked, carriedOut, ...rest }) => ({
        ...rest,
        member_id: member,
        conversation_id: conversationId,
        message_id: parked,
        carried_out: carriedOut,
        at: toIso(now),
      })),
      text: INSERT_ORDERS,
    },
  ];
}

const INSERT_SIGN_INS: Part['text'] = (rows) => `
  INSERT INTO sign_in (id, token_hash, member_id, browser, visitor, asked_from, asked_at, expires_at)
  SELECT id, token_hash, member_id, browser, visitor, asked_from, asked_at, expires_at
  FROM ${rows} AS row (id uuid, token_hash text, member_id text, browser text, visitor text, asked_from text, asked_at timestamptz,
    expires_at timestamptz)
  RETURNING 1`;

const INSERT_ORDERS: Part['text'] = (rows) => `
  INSERT INTO board_order (id, member_id, conversation_id, message_id, at, verb, carried_out, form, receipt)
  SELECT id, member_id, conversation_id, message_id, at, verb, carried_out, form, receipt
  FROM ${rows} AS row (id uuid, member_id text, conversation_id integer, message_id bigint, at timestamptz, verb text,
    carried_out boolean, form text, receipt jsonb)
  RETURNING 1`;

/** How often it is noted that a session is used: not with each picture of a page. */
const SEEN_EVERY = "interval '1 minute'";

export function postgresSessions({ pool, time }: { pool: pg.Pool; time: TimeSource }): Sessions {
  const sql = sqlOn(pool);
  const now = () => nowSql(time);
  const usable = () =>
    `token_hash = $1 AND browser = $2 AND used_at IS NULL AND asked_at <= ${now()} AND expires_at > ${now()}`;
  const alive = () =>
    `seen_at > ${now()} - ${span(SESSION_IDLE)} AND begun_at > ${now()} - ${span(SESSION_LIFE)}`;
  return {
    async peek({ tokenHash, browser }) {
      const text = `SELECT member_id AS member FROM sign_in WHERE ${usable()}`;
      return (await sql<{ member: MemberId }>(text, [tokenHash, browser]))[0]?.member ?? null;
    },
    async begin({ tokenHash, browser }, hash) {
      const rows = await sql<{ member: MemberId }>(
        `WITH used AS (
           UPDATE sign_in SET used_at = ${now()} WHERE ${usable()} RETURNING member_id
         )
         INSERT INTO board_session (hash, member_id, begun_at, seen_at)
         SELECT $3, member_id, ${now()}, ${now()} FROM used RETURNING member_id AS member`,
        [tokenHash, browser, hash],
      );
      return rows[0]?.member ?? null;
    },
    async find(hash) {
      const rows = await sql<{ member: MemberId; begunAt: Instant; isStale: boolean }>(
        `SELECT member_id AS member, ${micros('begun_at')} AS "begunAt",
           seen_at < ${now()} - ${SEEN_EVERY} AS "isStale"
         FROM board_session WHERE hash = $1 AND ${alive()}`,
        [hash],
      );
      const [found] = rows;
      if (found === undefined) return null;
      if (found.isStale) await sql(`UPDATE board_session SET seen_at = ${now()} WHERE hash = $1`, [hash]);
      return { member: found.member, begunAt: found.begunAt };
    },
    async end(hash) {
      await sql('DELETE FROM board_session WHERE hash = $1', [hash]);
    },
    async endAll(member) {
      await sql(
        `WITH links AS (DELETE FROM sign_in WHERE member_id = $1 AND used_at IS NULL)
         DELETE FROM board_session WHERE member_id = $1`,
        [member],
      );
    },
    async tell(hash, order) {
      await sql('UPDATE board_session SET told = $2 WHERE hash = $1', [hash, order]);
    },
    async takeTold(hash) {
      const rows = await sql<Told>(
        `WITH was AS (SELECT told FROM board_session WHERE hash = $1 AND told IS NOT NULL FOR UPDATE),
           taken AS (UPDATE board_session SET told = NULL FROM was WHERE board_session.hash = $1)
         SELECT o.carried_out AS "carriedOut", o.receipt, ${micros('o.at')} AS at
         FROM was JOIN board_order o ON o.id = was.told`,
        [hash],
      );
      return rows[0] ?? null;
    },
    async forget() {
      // So long they are counted: see LINKS_PER_HOUR.
      await sql(`DELETE FROM sign_in WHERE asked_at < ${now()} - interval '1 hour'`);
      await sql(`DELETE FROM board_session WHERE NOT (${alive()})`);
    },
  };
}

/** What came of an order, whoever asks: only for a stage whose members nobody signs in for. */
export async function readOrder(pool: pg.Pool, id: string): Promise<Told | null> {
  const rows = await sqlOn(pool)<Told>(
    `SELECT carried_out AS "carriedOut", receipt, ${micros('at')} AS at FROM board_order WHERE id = $1`,
    [id],
  );
  return rows[0] ?? null;
}

const span = (microseconds: number): string => `interval '${microseconds} microseconds'`;
