/** What is to go out and what did not, each part by an index that holds nothing else. */
import type pg from 'pg';
import type { OutboxCounts, OutboxLine, OutboxList, OutboxPart } from '../../app/ports/outbox-list.ts';
import { type Brake, BrakesOf, type HeldBack } from '../../domain/brakes.ts';
import { micros, nowSql, onlyRow, sqlOn, type TimeSource } from './sql.ts';

export function postgresOutboxList({ pool, time }: { pool: pg.Pool; time: TimeSource }): OutboxList {
  const sql = sqlOn(pool);
  return {
    async list({ part, inboxes, limit }) {
      const rows = await sql<Row>(listSql(part), [
        limit,
        inboxes ?? null,
        isHeldBack(part) ? BrakesOf[part] : [],
      ]);
      return rows.map((row) => toLine(part, row));
    },
    async counts(inboxes) {
      const rows = await sql<OutboxCounts>(countsSql(nowSql(time)), [
        ...[BrakesOf.capped, inboxes ?? null],
        ...[BrakesOf.unconfirmed, BrakesOf.repeated],
      ]);
      return onlyRow(rows, 'what is to go out');
    },
  };
}

type Row = Omit<OutboxLine, 'part' | 'brake' | 'returned'> & {
  readonly permanent: boolean | null;
  readonly status: string | null;
  readonly reason: string | null;
};

function toLine(part: OutboxPart, { permanent, status, reason, ...row }: Row): OutboxLine {
  const isReturned = part === 'returned';
  return {
    ...row,
    part,
    brake: isHeldBack(part) ? (row.code as Brake) : null,
    returned: isReturned ? { permanent: permanent ?? false, status, reason } : null,
  };
}

type HeldPart = keyof HeldBack;

const isHeldBack = (part: OutboxPart): part is HeldPart => Object.hasOwn(BrakesOf, part);

const HELD_BACK = {
  where: `state = 'dropped' AND outcome_code = ANY ($3::text[])`,
  order: 'settled_at DESC, id DESC',
};

/** Which they are, and in which order: in the words of their indexes. Of what is on its way there is little. */
const PARTS: Readonly<Record<OutboxPart, { readonly where: string; readonly order: string }>> = {
  pending: { where: `state = 'pending'`, order: 'due_at, id' },
  failed: {
    where: `(state = 'failed' OR (state = 'dropped' AND outcome_code = 'bad-address'))`,
    order: 'settled_at DESC, id DESC',
  },
  returned: { where: `returned_as = 'failed'`, order: 'returned_at DESC, id DESC' },
  ...{ capped: HELD_BACK, unconfirmed: HELD_BACK, repeated: HELD_BACK },
};

const MINE = '($2::text[] IS NULL OR inbox_id = ANY ($2::text[]))';

function listSql(part: OutboxPart): string {
  const { where, order } = PARTS[part];
  const chosen = `(SELECT * FROM outbox WHERE ${where} AND ${MINE} ORDER BY ${order} LIMIT $1)`;
  const sending = `(SELECT * FROM outbox WHERE state = 'sending' AND ${MINE} ORDER BY id LIMIT $1)`;
  // Each part has the same parameters, whether or not it looks at them.
  return `
    SELECT o.id, o.kind, o.inbox_id AS "inboxId", o.conversation_id AS "conversationId", o.recipient_id AS member,
      coalesce(sent.recipient, contact.address, CASE WHEN o.recipient_id IS NULL AND o.contact_id IS NULL
        AND words.forgotten IS NULL THEN words.customer_address END, '') AS recipient,
      ${micros('o.created_at')} AS "createdAt", o.attempts AS tries,
      CASE WHEN o.state = 'pending' THEN ${micros('o.due_at')} END AS "nextTryAt",
      ${micros(part === 'returned' ? 'o.returned_at' : 'o.settled_at')} AS "endedAt",
      coalesce(o.outcome_code, last.code) AS code, o.returned_permanent AS permanent, o.returned_status AS status,
      o.returned_reason AS reason
    FROM (${part === 'pending' ? `${sending} UNION ALL ${chosen}` : chosen}) AS o
      LEFT JOIN outbox_words AS sent ON sent.outbox_id = o.id
      LEFT JOIN contact ON contact.id = o.contact_id
      LEFT JOIN conversation_words AS words ON words.conversation_id = o.conversation_id
      LEFT JOIN LATERAL (
        SELECT code FROM attempt WHERE attempt.outbox_id = o.id ORDER BY number DESC LIMIT 1) AS last ON true
    WHERE $3::text[] IS NOT NULL
    ORDER BY ${part === 'pending' ? `o.state = 'pending', ` : ''}${order.replaceAll(/(\w+_at|id)\b/g, 'o.$1')} LIMIT $1`;
}

const countsSql = (now: string): string => {
  const counted = (where: string): string => `(SELECT count(*) FROM outbox WHERE ${where} AND ${MINE})`;
  const heldBack = (brakes: string): string =>
    counted(
      `state = 'dropped' AND outcome_code = ANY (${brakes}::text[]) AND settled_at > ${now} - interval '7 days'`,
    );
  return `
  SELECT ${counted(`state = 'pending'`)} + ${counted(`state = 'sending'`)} AS pending,
    ${counted(PARTS.failed.where)} AS failed, ${counted(PARTS.returned.where)} AS returned,
    ${heldBack('$1')} AS capped, ${heldBack('$3')} AS unconfirmed, ${heldBack('$4')} AS repeated,
    ${counted(`state = 'pending' AND attempts > 0`)} AS retrying,
    (SELECT ${micros('min(due_at)')} FROM outbox WHERE state = 'pending' AND ${MINE}) AS "nextTryAt"`;
};
