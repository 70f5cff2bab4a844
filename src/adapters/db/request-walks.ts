/**
 * Where a list of requests begins and how it goes on: walks through indexes, each in the order of the list and no longer
 * than the list is, whose ends are put together. What it costs follows how much is shown and not how much there is,
 * but for one: what one person or team has is gone through to find what of it is stuck.
 */
import type { RequestQuestion } from '../../app/ports/requests.ts';
import { Phases } from '../../domain/conversation/state.ts';
import { Severity } from '../../domain/digest/attention.ts';
import type { ConversationId, InboxId, MemberId } from '../../domain/ids.ts';
import type { Place } from './request-place.ts';
import { instantSql } from './sql.ts';
import type { StuckSql } from './stuck-sql.ts';

/** Behind everything that is stuck. */
const NOT_STUCK = 1_000;

export type Walk = {
  readonly question: RequestQuestion;
  /** Inboxes that are looked through as a whole, and people of whom only what is theirs is. */
  readonly inboxes: readonly InboxId[];
  readonly people: readonly MemberId[];
  /** Found by their number or by rare words: then nothing is walked through. */
  readonly ids: readonly ConversationId[] | null;
  /** A condition on `c` that common words make; null: none. */
  readonly wording: string | null;
  readonly from: Place | null;
  readonly stuck: StuckSql;
  readonly given: (value: unknown) => string;
};

/** A query of `id`, `rank` and `at`, in no order, with doubles: among them is what the list shows next. */
export function walksOf(walk: Walk): string {
  const { ids } = walk;
  const walks = ids === null ? walked(walk) : picked(walk, ids);
  const none = 'SELECT NULL::integer AS id, NULL::integer AS rank, NULL::timestamptz AS at WHERE false';
  return walks.length === 0 ? none : walks.map((text) => `(${text})`).join('\nUNION ALL\n');
}

export const orderOf = ({ order }: Pick<RequestQuestion, 'order'>): string =>
  order === 'newest' ? 'rank, at DESC, id DESC' : 'rank, at, id';

const OPEN = Phases.filter((phase) => phase !== 'done');

export function phasesOf({ show }: Pick<RequestQuestion, 'show'>): readonly string[] {
  switch (show) {
    case 'open':
    case 'stuck':
      return OPEN;
    case 'unowned':
      return ['arrived', 'offered'];
    case 'done':
      return ['done'];
    case 'all':
      return Phases;
    default:
      return show satisfies never;
  }
}

function picked(walk: Walk, ids: readonly ConversationId[]): string[] {
  const { question, given } = walk;
  const phases = `c.phase = ANY (${given(phasesOf(question))}::text[])`;
  return [ranked(walk, `c.id = ANY (${given(ids)}::integer[]) AND ${phases} AND ${mayBeSeen(walk)}`)];
}

function walked(walk: Walk): string[] {
  const { question, inboxes, people, given } = walk;
  const isRanked = question.order === 'stuck';
  const walks: string[] = [];
  const own = question.of ?? [];
  if (question.asked !== undefined) {
    walks.push(...ofPeople(walk, 'offered_to', [question.asked], mayBeSeen(walk), isRanked));
  } else if (question.of !== undefined) {
    walks.push(...ofPeople(walk, 'whose', own, mayBeSeen(walk), isRanked));
  } else {
    if (inboxes.length > 0) walks.push(...(isRanked ? worstOf(walk) : [inOrder(walk, 'inbox_id', inboxes)]));
    if (people.length > 0) {
      const elsewhere = `c.inbox_id <> ALL (${given(inboxes)}::text[])`;
      walks.push(...ofPeople(walk, 'whose', people, elsewhere, isRanked));
      walks.push(...ofPeople(walk, 'offered_to', people, elsewhere, isRanked));
    }
  }
  return walks;
}

/** What these people have, or are asked to take. */
function ofPeople(
  walk: Walk,
  column: 'whose' | 'offered_to',
  people: readonly MemberId[],
  condition: string,
  isRanked: boolean,
): string[] {
  const { question, given } = walk;
  const phases = phasesOf(question);
  const open = phases.filter((phase) => phase !== 'done');
  const theirs = `c.${column} = ANY (${given(people)}::text[])`;
  if (column === 'offered_to')
    return open.length === 0
      ? []
      : [ranked(walk, `${theirs} AND c.phase = ANY (${given(open)}::text[]) AND ${condition}`)];
  if (!isRanked) return [inOrder(walk, 'whose', people, condition)];
  const done = phases.length > open.length ? [inOrder(walk, 'whose', people, condition, ['done'])] : [];
  if (open.length === 0) return done;
  return [ranked(walk, `${theirs} AND c.phase = ANY (${given(open)}::text[]) AND ${condition}`), ...done];
}

/** All that the condition leaves is looked at and sorted. */
function ranked(walk: Walk, condition: string): string {
  const { question, stuck } = walk;
  const inner =
    question.order === 'stuck'
      ? `SELECT c.id, coalesce(${stuck.rank}, ${NOT_STUCK}) AS rank, coalesce(${stuck.since}, c.last_event_at) AS at`
      : 'SELECT c.id, 0 AS rank, c.last_event_at AS at';
  return `SELECT id, rank, at FROM (
    ${inner} FROM conversation c WHERE ${condition} AND ${sifted(walk)}) AS theirs
    WHERE ${beyond(walk, null, 'rank', 'at', 'id')}
    ORDER BY ${orderOf(question)} LIMIT ${limitOf(walk)}`;
}

/** By when the last thing happened, through an index that begins with the column. */
function inOrder(
  walk: Walk,
  column: 'inbox_id' | 'whose',
  keys: readonly string[],
  condition = 'true',
  phases = phasesOf(walk.question),
): string {
  const { question, given, stuck } = walk;
  const isRanked = question.order === 'stuck';
  const rank = isRanked ? NOT_STUCK : 0;
  const rest = isRanked ? `AND ${stuck.isStuck} IS NOT TRUE` : '';
  const down = question.order === 'newest' ? ' DESC' : '';
  return `SELECT found.id, ${rank} AS rank, found.at
    FROM unnest(${given(keys)}::text[]) AS key (id) CROSS JOIN unnest(${given(phases)}::text[]) AS part (phase)
    CROSS JOIN LATERAL (
      SELECT c.id, c.last_event_at AS at FROM conversation c
      WHERE c.${column} = key.id AND c.phase = part.phase AND ${condition} AND ${sifted(walk)} ${rest}
        AND ${beyond(walk, rank, null, 'c.last_event_at', 'c.id')}
      ORDER BY c.last_event_at${down}, c.id${down} LIMIT ${limitOf(walk)}) AS found`;
}

/** The worst of whole inboxes: by what a state tells, by what nobody takes, by what is laid aside; then all else. */
function worstOf(walk: Walk): string[] {
  const { question, inboxes, stuck, given } = walk;
  const rest = question.show === 'stuck' ? [] : [inOrder(walk, 'inbox_id', inboxes)];
  if (question.show === 'done') return rest;
  const phases = `c.phase = ANY (${given(phasesOf(question))}::text[])`;
  const limit = limitOf(walk);
  const keys = `unnest(${given(inboxes)}::text[]) AS key (id)`;
  const told = `SELECT found.* FROM ${keys} CROSS JOIN LATERAL (
      SELECT c.id, c.attention AS rank, c.attention_since AS at FROM conversation c
      WHERE c.inbox_id = key.id AND c.attention IS NOT NULL AND ${phases} AND ${stuck.isRipe} AND ${sifted(walk)}
        AND ${beyond(walk, null, 'c.attention', 'c.attention_since', 'c.id')}
      ORDER BY c.attention, c.attention_since, c.id LIMIT ${limit}) AS found`;
  const rank = Severity['not-taken'];
  const untaken = `SELECT found.id, ${rank} AS rank, found.at FROM ${keys} CROSS JOIN LATERAL (
      SELECT c.id, c.unowned_since AS at FROM conversation c
      WHERE c.inbox_id = key.id AND c.phase IN ('arrived', 'offered') AND ${stuck.isUntaken}
        AND ${stuck.isRipe} IS NOT TRUE AND ${sifted(walk)}
        AND ${beyond(walk, rank, null, 'c.unowned_since', 'c.id')}
      ORDER BY c.unowned_since, c.id LIMIT ${limit}) AS found`;
  const aside = ranked(
    walk,
    `c.id IN (SELECT id FROM laid_aside) AND c.inbox_id = ANY (${given(inboxes)}::text[]) AND ${phases}`,
  );
  return [told, untaken, aside, ...rest];
}

/** What everything that is listed must be. */
function sifted({ question, stuck, wording, given }: Walk): string {
  const { inbox, asked, category, show } = question;
  return [
    asked === undefined ? 'true' : `c.offered_to = ${given(asked)}`,
    inbox === undefined ? 'true' : `c.inbox_id = ${given(inbox)}`,
    category === undefined ? 'true' : `c.category = ${given(category)}`,
    show === 'stuck' ? stuck.isStuck : 'true',
    wording ?? 'true',
  ].join(' AND ');
}

/** As `maySee` (domain/sight.ts) has it; what somebody once took part in is not listed. */
function mayBeSeen({ question: { sight, of }, given }: Walk): string {
  const theirs = of === undefined ? 'true' : `c.whose = ANY (${given(of)}::text[])`;
  if (sight === null) return theirs;
  const colleagues = `${given(sight.colleagues)}::text[]`;
  return `${theirs} AND (c.inbox_id = ANY (${given(sight.inboxes)}::text[])
    OR c.whose = ANY (${colleagues}) OR c.offered_to = ANY (${colleagues}))`;
}

/** What comes after the place where the last list ended. `rank`: one for all of the walk; null: `rankColumn` has it. */
function beyond(
  { from, question }: Walk,
  rank: number | null,
  rankColumn: string | null,
  at: string,
  id: string,
): string {
  if (from === null) return 'true';
  const sign = question.order === 'newest' ? '<' : '>';
  const place = `${instantSql(from.at)}, ${from.id}`;
  if (rank !== null) {
    if (rank !== from.rank) return rank > from.rank ? 'true' : 'false';
    return `(${at}, ${id}) ${sign} (${place})`;
  }
  if (question.order !== 'stuck') return `(${at}, ${id}) ${sign} (${place})`;
  return `(${rankColumn}, ${at}, ${id}) > (${from.rank}, ${place})`;
}

/** One more than is shown tells whether there is more. */
const limitOf = ({ question }: Walk): number => question.limit + 1;
