/** Mail out of the memory store: claims with a lease, attempts, and what the sweep finds. */
import { Failure } from '../../../src/app/failures.ts';
import type { AttemptStart, ClaimedNotice } from '../../../src/app/ports/outbox.ts';
import type { Bell } from '../../../src/app/ports/queue.ts';
import type { Store } from '../../../src/app/ports/store.ts';
import { type Brake, Brakes, brakesOn, tallyOf } from '../../../src/domain/brakes.ts';
import type { ConversationId, MemberId } from '../../../src/domain/ids.ts';
import type { Duration, Instant } from '../../../src/domain/instant.ts';
import type { StoredNotice } from '../../../src/domain/notices/notice.ts';
import { openParked } from './parked.ts';
import { mustGet, type OutboxRow, type Tables } from './tables.ts';

type ClaimRequest = Parameters<Store['claimNotices']>[0];

export function claimNotices(
  tables: Tables,
  { ids, limit, lease }: ClaimRequest,
  now: Instant,
): ClaimedNotice[] {
  const wanted =
    ids === undefined ? tables.toSend.keys() : [...new Set(ids)].filter((id) => tables.toSend.has(id));
  return wanted
    .map((id) => mustGet(tables.outbox, id, 'notice'))
    .filter((row) => isDue(row, now) || isFromLater(row, now + 2 * lease))
    .sort((a, b) => a.dueAt - b.dueAt || a.notice.id - b.notice.id)
    .slice(0, limit)
    .map((row) => {
      const claims = row.claims + 1;
      tables.outbox.set(row.notice.id, { ...row, claims, state: 'sending', leaseUntil: now + lease });
      const { notice, key, attempts, mail } = row;
      return { notice, key, attempts, claims, mail: mail && { ...mail, raw: new Uint8Array(mail.raw) } };
    });
}

const isDue = (row: OutboxRow, now: Instant): boolean =>
  row.state === 'pending' ? row.dueAt <= now : hasExpired(row, now);

const hasExpired = ({ state, leaseUntil }: OutboxRow, now: Instant): boolean =>
  state === 'sending' && leaseUntil !== null && leaseUntil <= now;

/** Claimed before the clock was set back. */
const isFromLater = ({ state, leaseUntil }: OutboxRow, latest: Instant): boolean =>
  state === 'sending' && leaseUntil !== null && leaseUntil > latest;

export function beginAttempt(
  tables: Tables,
  { id, number, recipient, raw, counted }: AttemptStart,
  now: Instant,
): Brake | null {
  const row = mustGet(tables.outbox, id, 'notice');
  if (row.state !== 'sending' || number !== row.attempts + 1) {
    throw new Failure(
      'temporary',
      'attempt-out-of-turn',
      `attempt ${number} of notice ${id} is not the next one`,
    );
  }
  if (counted !== null) {
    const unconfirmed = counted.mail.tellsMore && isUnconfirmed(tables, counted.mail.conversationId);
    const before = { ...tallyOf(counted.mail, tables.automaticMails.values(), now), unconfirmed };
    const brake = brakesOn([{ ...counted, before }], now).get(id) ?? null;
    if (brake !== null) return brake;
    tables.automaticMails.set(id, Object.freeze({ ...counted.mail, at: now }));
  }
  const begun = { id, number, startedAt: now, finishedAt: null, outcome: null, code: null };
  tables.attempts.set(`${id}/${number}`, Object.freeze(begun));
  tables.outbox.set(id, {
    ...row,
    attempts: number,
    mail: row.mail ?? Object.freeze({ recipient, raw: new Uint8Array(raw) }),
  });
  return null;
}

function isUnconfirmed(tables: Tables, conversationId: ConversationId | null): boolean {
  const last = tables.outbox
    .values()
    .findLast(
      ({ notice }) => notice.conversationId === conversationId && notice.body.kind === 'acknowledgement',
    );
  return conversationId !== null && last?.state === 'dropped' && Brakes.includes(last.code as Brake);
}

export function findUnrung(
  tables: Tables,
  patience: Duration,
  limit: number,
  now: Instant,
): Map<Bell, readonly number[]> {
  const before = now - patience;
  const messages = tables.unsettled.keys().map((id) => mustGet(tables.messages, id, 'message'));
  const waiting = (stage: 'stored' | 'replying') =>
    oldest(
      messages.filter((row) => row.stage === stage && (row.triedAt ?? row.storedAt) < before),
      ({ storedAt }) => storedAt,
    );
  const unrouted = tables.open
    .keys()
    .map((id) => mustGet(tables.conversations, id, 'conversation').state)
    .filter(({ phase, offer }) => phase === 'arrived' && offer === null);
  const unsent = tables.toSend.keys().map((id) => mustGet(tables.outbox, id, 'notice'));

  function oldest<T extends { readonly id: number }>(
    rows: readonly T[],
    since: (row: T) => Instant,
  ): number[] {
    return rows
      .filter((row) => since(row) < before)
      .sort((a, b) => since(a) - since(b) || a.id - b.id)
      .slice(0, limit)
      .map(({ id }) => id);
  }

  return new Map<Bell, readonly number[]>([
    ['classify', waiting('stored')],
    ['reply', waiting('replying')],
    ['route', oldest(unrouted, ({ lastEventAt }) => lastEventAt)],
    [
      'deliver',
      unsent
        .filter((row) => hasExpired(row, now) || (row.state === 'pending' && row.dueAt < before))
        .sort((a, b) => a.dueAt - b.dueAt || a.notice.id - b.notice.id)
        .slice(0, limit)
        .map(({ notice }) => notice.id),
    ],
  ]);
}

export function findDue(tables: Tables, limit: number, now: Instant): ConversationId[] {
  const rank = (id: ConversationId): number =>
    tables.conversations.get(id)?.state.priority === 'urgent' ? 0 : 1;
  return tables.dueAt
    .entries()
    .filter(([, at]) => at <= now)
    .sort(([a, at], [b, otherAt]) => rank(a) - rank(b) || at - otherAt || a - b)
    .slice(0, limit)
    .map(([id]) => id);
}

export function nextDueAt(tables: Tables): Instant | null {
  const sends = tables.toSend.keys().map((id) => {
    const { state, dueAt, leaseUntil } = mustGet(tables.outbox, id, 'notice');
    return state === 'sending' ? (leaseUntil ?? dueAt) : dueAt;
  });
  let next: Instant | null = null;
  const parked = openParked(tables).map(({ due }) => due);
  for (const at of [...tables.dueAt.values(), ...parked, ...sends])
    next = next === null || at < next ? at : next;
  return next;
}

export function countSent(
  tables: Tables,
  members: readonly MemberId[],
  since: Instant,
): Map<MemberId, number> {
  const sent = new Map<MemberId, number>();
  for (const { notice, state, settledAt } of tables.outbox.values()) {
    const member = notice.recipient.type === 'member' ? notice.recipient.member : null;
    if (member === null || !members.includes(member) || state !== 'sent' || (settledAt ?? 0) <= since)
      continue;
    sent.set(member, (sent.get(member) ?? 0) + 1);
  }
  return sent;
}

export const readNotices = (tables: Tables, keys: readonly string[]): StoredNotice[] =>
  [...tables.outbox.values()].filter(({ key }) => keys.includes(key)).map(({ notice }) => notice);
