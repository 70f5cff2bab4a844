/**
 * Counts automatic mail, exactly, under however many mailers: one lock for all of it, since one of the caps is for all
 * of it, and taken once for all tries that begin together.
 */
import type { AttemptStart } from '../../app/ports/outbox.ts';
import {
  type AutomaticMail,
  type Brake,
  Brakes,
  brakesOn,
  SAID_SPAN,
  type Tally,
} from '../../domain/brakes.ts';
import type { NoticeId } from '../../domain/ids.ts';
import { DAY, type Duration, HOUR, type Instant } from '../../domain/instant.ts';
import { SHADOW } from '../../domain/shadow.ts';
import { instantSql, micros, nowSql, onlyRow, type Sql, type TimeSource } from './sql.ts';

type Counted = NonNullable<AttemptStart['counted']>;

/** Nobody else counts until the transaction that begins with this ends. */
export const COUNTING_LOCK = `SELECT pg_advisory_xact_lock(hashtextextended('baton:automatic-mail', 0))`;

/** Which may not go out, and as of when. Under the lock, in a statement that begins after it was had. */
export async function findBrakes(
  sql: Sql,
  time: TimeSource,
  counted: readonly Counted[],
): Promise<{ readonly at: Instant; readonly brakes: ReadonlyMap<NoticeId, Brake | null> }> {
  const mails = rowsOf(counted.map(({ mail }) => mail));
  const rows = await sql<TallyRow>(tallySql(nowSql(time)), [mails, [...Brakes, SHADOW]]);
  const tallies = new Map(rows.map((row) => [row.id, row]));
  const at = onlyRow([...new Set(rows.map((row) => row.at))], 'time of counting');
  const asked = counted.map(({ mail, caps }) => ({ mail, caps, before: toTally(tallies.get(mail.id)) }));
  return { at, brakes: brakesOn(asked, at) };
}

/**
 * Parts of the statement that begins tries, as `begun`: counts those of the mails that do begin, and forgets what is
 * older than anything that is counted. The mails come as the parameter with that number, see `rowsOf`.
 */
export const countingParts = (parameter: number, at: Instant): string => `
  forgotten AS (DELETE FROM automatic_mail WHERE at <= ${instantSql(at - SAID_SPAN)}),
  counted AS (
    INSERT INTO automatic_mail (outbox_id, recipient, conversation_id, proved, words, form, at)
    SELECT mail.id, recipient, conversation_id, proved, words, form, ${instantSql(at)}
    FROM json_to_recordset($${parameter}::json) AS mail ${COLUMNS} JOIN begun ON begun.id = mail.id
    ON CONFLICT (outbox_id) DO UPDATE SET at = excluded.at
  )`;

const MAILS = 'json_to_recordset($1::json)';
const COLUMNS = '(id bigint, recipient text, conversation_id integer, proved boolean, words text, form text)';

export const rowsOf = (mails: readonly AutomaticMail[]): string =>
  JSON.stringify(
    mails.map(({ id, recipient, conversationId, proved, answers }) => ({
      ...{ id, recipient, conversation_id: conversationId, proved },
      ...{ words: answers?.words ?? null, form: answers?.form ?? null },
    })),
  );

type TallyRow = {
  id: NoticeId;
  at: Instant;
  addressHour: number;
  addressDay: number;
  sameWords: number;
  sameForm: number;
  requestHour: number;
  requestDay: number;
  unprovedHour: number;
  unprovedDay: number;
  overallHour: number;
  overallDay: number;
  unconfirmed: boolean;
};

/**
 * A mail that is tried again does not stand in its own way. Per mail and by index (LATERAL): joins, the planner made by
 * reading the table once for each of them.
 */
function tallySql(now: string): string {
  const before = (span: Duration): string => `${now} - ${span} * interval '1 microsecond'`;
  const lately = (name: string, which: string): string =>
    [HOUR, DAY]
      .map(
        (span) =>
          `count(*) FILTER (WHERE at > ${before(span)}${which}) AS ${name}_${span === HOUR ? 'hour' : 'day'}`,
      )
      .join(', ');
  const own = (span: Duration, which = 'true'): string =>
    `(${which} AND coalesce(own.at > ${before(span)}, false))::integer`;
  return `
    WITH to_all AS (
      SELECT ${lately('overall', '')}, ${lately('unproved', ' AND NOT proved')}
      FROM automatic_mail WHERE at > ${before(DAY)}
    )
    SELECT mail.id, ${micros(now)} AS at,
      address_hour AS "addressHour", address_day AS "addressDay",
      same_words AS "sameWords", same_form AS "sameForm",
      request_hour AS "requestHour", request_day AS "requestDay",
      unproved_hour - ${own(HOUR, 'NOT own.proved')} AS "unprovedHour",
      unproved_day - ${own(DAY, 'NOT own.proved')} AS "unprovedDay",
      overall_hour - ${own(HOUR)} AS "overallHour", overall_day - ${own(DAY)} AS "overallDay",
      coalesce((
        SELECT state = 'dropped' AND outcome_code = ANY ($2::text[]) FROM outbox
        WHERE conversation_id = mail.conversation_id AND kind = 'acknowledgement' ORDER BY id DESC LIMIT 1
      ), false) AS unconfirmed
    FROM ${MAILS} AS mail ${COLUMNS} CROSS JOIN to_all
      CROSS JOIN LATERAL (
        SELECT ${lately('address', '')},
          count(*) FILTER (WHERE sent.words = mail.words) AS same_words,
          count(*) FILTER (WHERE sent.form = mail.form) AS same_form
        FROM automatic_mail AS sent
        WHERE sent.recipient = mail.recipient AND sent.outbox_id <> mail.id AND sent.at > ${before(SAID_SPAN)}
      ) AS to_address
      CROSS JOIN LATERAL (
        SELECT ${lately('request', '')} FROM automatic_mail AS sent
        WHERE sent.conversation_id = mail.conversation_id AND sent.outbox_id <> mail.id AND sent.at > ${before(DAY)}
      ) AS about_request
      LEFT JOIN LATERAL (SELECT at, proved FROM automatic_mail WHERE outbox_id = mail.id LIMIT 1) AS own ON true`;
}

function toTally(row: TallyRow | undefined): Tally {
  if (row === undefined) throw new Error('an automatic mail was not counted');
  return {
    address: { hour: row.addressHour, day: row.addressDay },
    request: { hour: row.requestHour, day: row.requestDay },
    unproved: { hour: row.unprovedHour, day: row.unprovedDay },
    overall: { hour: row.overallHour, day: row.overallDay },
    sameWords: row.sameWords,
    sameForm: row.sameForm,
    unconfirmed: row.unconfirmed,
  };
}
