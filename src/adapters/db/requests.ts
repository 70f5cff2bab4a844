/**
 * Requests as people look for them, read with a few statements whose cost follows how much is shown: see
 * request-walks.ts. Who sees what is a condition of the statements themselves.
 */
import type pg from 'pg';
import type { RequestLine, RequestList, RequestQuestion, Requests } from '../../app/ports/requests.ts';
import { digestQuestion } from '../../domain/digest/trouble.ts';
import type { ConversationId, InboxId, MemberId } from '../../domain/ids.ts';
import type { Instant } from '../../domain/instant.ts';
import type { Policy } from '../../domain/policy.ts';
import { inTransaction } from './in-transaction.ts';
import { type Count, counted } from './request-counts.ts';
import { placeIn, placeText } from './request-place.ts';
import { orderOf, phasesOf, type Walk, walksOf } from './request-walks.ts';
import { numberIn, SEARCHED, searchQuery } from './search-words.ts';
import { micros, nowSql, onlyRow, type Sql, sqlOn, type TimeSource } from './sql.ts';
import { type StuckSql, stuckSql, whyOfRank } from './stuck-sql.ts';

export type RequestsOptions = {
  readonly pool: pg.Pool;
  readonly time: TimeSource;
  /** By its working times it is too long that nobody has taken something. */
  readonly policy: () => Policy;
};

/** What more requests have is a common word: then lists are walked through, and each is looked at for it. */
const RARE_MAX = 20_000;

export function postgresRequests({ pool, time, policy }: RequestsOptions): Requests {
  const sql = sqlOn(pool);
  const now = async (): Promise<Instant> =>
    onlyRow(await sql<{ now: Instant }>(`SELECT ${micros(nowSql(time))} AS now`), 'time').now;
  const stuckAt = async (at: Instant, given: (value: unknown) => string): Promise<StuckSql> => {
    const known = policy();
    return stuckSql(digestQuestion(known, [...known.inboxes.keys()], at, at), given);
  };
  return {
    async list(question) {
      const from = placeIn(question.after, question.order);
      const at = from?.now ?? (await now());
      const { given, bound } = parameters();
      const stuck = await stuckAt(at, given);
      const scope = await scopeOf(sql, question);
      const found = await worded(pool, question.words ?? '', given);
      const text = listSql({ question, ...scope, ...found, from, stuck, given });
      return toList(question, at, await sql<LineRow>(...bound(text)));
    },

    async counts(sight) {
      const { given, bound } = parameters();
      const stuck = await stuckAt(await now(), given);
      const { inboxes, people } = await scopeOf(sql, { sight });
      return counted(await sql<Count>(...bound(countsSql(inboxes, people, stuck, given))));
    },

    async tookPart(id, member) {
      return onlyRow(await sql<{ part: boolean }>(TOOK_PART, [id, member]), 'part in a request').part;
    },
  };
}

/** PostgreSQL takes no parameter that its statement does not use: the parts of a statement may name more than it has. */
function parameters() {
  const params: unknown[] = [];
  return {
    given: (value: unknown): string => `$${params.push(value)}`,
    bound: (text: string): [string, unknown[]] => {
      const used = [...new Set(text.match(/\$\d+/g))];
      const places = new Map(used.map((name, index) => [name, `$${index + 1}`]));
      return [
        text.replace(/\$\d+/g, (name) => places.get(name) ?? name),
        used.map((name) => params[Number(name.slice(1)) - 1]),
      ];
    },
  };
}

// ── Where to look ──

async function scopeOf(
  sql: Sql,
  { sight, inbox }: Pick<RequestQuestion, 'sight' | 'inbox'>,
): Promise<Pick<Walk, 'inboxes' | 'people'>> {
  if (sight !== null)
    return { inboxes: sight.inboxes.filter((id) => (inbox ?? id) === id), people: sight.colleagues };
  if (inbox !== undefined) return { inboxes: [inbox], people: [] };
  const rows = await sql<{ id: InboxId }>('SELECT id FROM inbox ORDER BY id');
  return { inboxes: rows.map(({ id }) => id), people: [] };
}

async function worded(
  pool: pg.Pool,
  words: string,
  given: (value: unknown) => string,
): Promise<Pick<Walk, 'ids' | 'wording'>> {
  const number = numberIn(words);
  if (number !== null) return { ids: [number], wording: null };
  if (words.trim() === '') return { ids: null, wording: null };
  const query = searchQuery(words);
  if (query === null) return { ids: [], wording: null };
  const rows = await inTransaction(pool, async (tx) => {
    // By the index also where there are many: to make the words of a row anew costs far more than to read it.
    await tx('SET LOCAL enable_seqscan = off');
    return tx<{ id: ConversationId }>(
      `SELECT conversation_id AS id FROM conversation_words
       WHERE ${SEARCHED} @@ to_tsquery('simple', $1) AND forgotten IS NULL LIMIT ${RARE_MAX + 1}`,
      [query],
    );
  });
  if (rows.length <= RARE_MAX) return { ids: rows.map(({ id }) => id), wording: null };
  // A scalar, which PostgreSQL asks of one row after the other: a join would find all that have the word first.
  const wording = `(SELECT ${SEARCHED} @@ to_tsquery('simple', ${given(query)}) FROM conversation_words
    WHERE conversation_id = c.id AND forgotten IS NULL)`;
  return { ids: null, wording };
}

// ── Lists ──

type LineRow = Omit<RequestLine, 'customer' | 'stuck'> & {
  readonly name: string;
  readonly address: string;
  readonly rank: number;
  readonly at: Instant;
  readonly stuckRank: number | null;
  readonly stuckSince: Instant | null;
};

function listSql(walk: Walk): string {
  const { question, stuck } = walk;
  const order = orderOf(question);
  return `
    WITH laid_aside AS (${stuck.laidAside}),
    page AS (
      SELECT DISTINCT id, rank, at FROM (${walksOf(walk)}) AS found ORDER BY ${order} LIMIT ${question.limit + 1})
    SELECT page.id, c.inbox_id AS "inboxId", coalesce(words.subject, '') AS subject,
      coalesce(words.customer_name, '') AS name, coalesce(words.customer_address, '') AS address, c.phase,
      CASE WHEN c.phase <> 'done' THEN c.whose END AS accountable, ${micros('c.accountable_from')} AS since,
      c.owner_id AS owner, c.offered_to AS asked, c.priority, c.category, ${micros('c.opened_at')} AS "openedAt",
      ${micros('c.last_event_at')} AS "lastEventAt", ${micros('c.due_at')} AS "dueAt",
      ${stuck.ofFew.rank} AS "stuckRank", ${micros(stuck.ofFew.since)} AS "stuckSince", page.rank, ${micros('page.at')} AS at
    FROM page JOIN conversation c ON c.id = page.id
      LEFT JOIN conversation_words AS words ON words.conversation_id = c.id AND words.forgotten IS NULL
    ORDER BY ${order}`;
}

function toList({ order, limit }: RequestQuestion, now: Instant, rows: readonly LineRow[]): RequestList {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const isMore = rows.length > limit && last !== undefined;
  return {
    requests: shown.map(toLine),
    next: isMore ? placeText({ order, now, rank: last.rank, at: last.at, id: last.id }) : null,
  };
}

function toLine({ name, address, rank: _, at: __, stuckRank, stuckSince, ...line }: LineRow): RequestLine {
  const isStuck = stuckRank !== null && stuckSince !== null;
  return {
    ...line,
    customer: { name, address },
    stuck: isStuck ? { why: whyOfRank(stuckRank), since: stuckSince } : null,
  };
}

// ── Counts ──

/** Within indexes alone: what whole inboxes have, and elsewhere what these people have. */
function countsSql(
  inboxes: readonly InboxId[],
  people: readonly MemberId[],
  stuck: StuckSql,
  given: (value: unknown) => string,
): string {
  const there = `${given(inboxes)}::text[]`;
  const theirs = `${given(people)}::text[]`;
  const open = `c.phase = ANY (${given(phasesOf({ show: 'open' }))}::text[])`;
  const columns = `c.inbox_id, c.whose, c.phase = 'owned' AS is_owned, c.offered_to, ${stuck.isStuck} AS is_stuck`;
  return `
    WITH laid_aside AS (${stuck.laidAside}),
    seen AS (
      SELECT ${columns} FROM conversation c WHERE c.inbox_id = ANY (${there}) AND ${open}
      UNION ALL
      SELECT ${columns} FROM conversation c
      WHERE c.inbox_id <> ALL (${there}) AND ${open} AND (c.whose = ANY (${theirs}) OR c.offered_to = ANY (${theirs})))
    SELECT inbox_id AS inbox, whose, is_owned AS "isOwned", offered_to AS asked,
      count(*)::integer AS n, (count(*) FILTER (WHERE is_stuck))::integer AS stuck
    FROM seen GROUP BY inbox_id, whose, is_owned, offered_to`;
}

/** Whoever was asked for help was sent a mail of it. */
const TOOK_PART = `
  SELECT EXISTS (SELECT FROM ledger WHERE conversation_id = $1 AND member_id = $2)
    OR EXISTS (SELECT FROM offer WHERE conversation_id = $1 AND to_id = $2)
    OR EXISTS (SELECT FROM outbox WHERE recipient_id = $2 AND conversation_id = $1 AND kind = 'help-asked')
    OR EXISTS (SELECT FROM message WHERE conversation_id = $1 AND member_id = $2)
    OR EXISTS (SELECT FROM text WHERE conversation_id = $1 AND author_id = $2) AS part`;
