/** Mail out of the memory store: claims with a lease, attempts, and what the sweep finds. */
import { Failure } from '../../../src/app/failures.ts';
import type {
  AttemptStart,
  ClaimedNotice,
  HeldClaim,
  NoticeProgress,
  SentLately,
} from '../../../src/app/ports/outbox.ts';
import type { Bell } from '../../../src/app/ports/queue.ts';
import type { Store } from '../../../src/app/ports/store.ts';
import {
  type AutomaticMail,
  type Brake,
  Brakes,
  brakesOn,
  type CountedMail,
  SAID_SPAN,
  tallyOf,
} from '../../../src/domain/brakes.ts';
import type { ConversationId, MemberId, NoticeId } from '../../../src/domain/ids.ts';
import { DAY, type Duration, type Instant } from '../../../src/domain/instant.ts';
import type { StoredNotice } from '../../../src/domain/notices/notice.ts';
import { SHADOW } from '../../../src/domain/shadow.ts';
import { openParked } from './parked.ts';
import { byNumber, mustGet, type OutboxRow, type Tables } from './tables.ts';

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
      return claimed(tables, row, now + lease);
    });
}

function claimed(tables: Tables, row: OutboxRow, leaseUntil: Instant): ClaimedNotice {
  const claims = row.claims + 1;
  tables.outbox.set(row.notice.id, { ...row, claims, state: 'sending', leaseUntil });
  const { notice, key, attempts, mayWait, mail } = row;
  return { notice, key, attempts, claims, mayWait, mail: mail && { ...mail, raw: new Uint8Array(mail.raw) } };
}

export function claimWaiting(
  tables: Tables,
  member: MemberId,
  { limit, lease }: Parameters<Store['claimWaiting']>[1],
  now: Instant,
): ClaimedNotice[] {
  return openEscalations(tables, member)
    .filter(({ state, code }) => state === 'pending' && code === 'bundled')
    .slice(0, limit)
    .map((row) => claimed(tables, row, now + lease));
}

export const stillClaimed = (tables: Tables, held: readonly HeldClaim[]): Set<NoticeId> =>
  new Set(
    held.flatMap(({ id, claims }) => {
      const row = tables.outbox.get(id);
      return row !== undefined && isHeld(row, claims) ? [id] : [];
    }),
  );

export const isHeld = (row: OutboxRow, claims: number): boolean =>
  row.state === 'sending' && row.claims === claims;

const openEscalations = (tables: Tables, member: MemberId): OutboxRow[] =>
  tables.toSend
    .keys()
    .map((id) => mustGet(tables.outbox, id, 'notice'))
    .filter(({ notice: { recipient }, mayWait }) => {
      return mayWait && recipient.type === 'member' && recipient.member === member;
    })
    .sort((a, b) => a.notice.id - b.notice.id);

const isDue = (row: OutboxRow, now: Instant): boolean =>
  row.state === 'pending' ? row.dueAt <= now : hasExpired(row, now);

const hasExpired = ({ state, leaseUntil }: OutboxRow, now: Instant): boolean =>
  state === 'sending' && leaseUntil !== null && leaseUntil <= now;

/** Claimed before the clock was set back. */
const isFromLater = ({ state, leaseUntil }: OutboxRow, latest: Instant): boolean =>
  state === 'sending' && leaseUntil !== null && leaseUntil > latest;

export function beginAttempt(
  tables: Tables,
  { id, number, claims, lease, recipient, raw, counted }: AttemptStart,
  now: Instant,
): Brake | null {
  const row = mustGet(tables.outbox, id, 'notice');
  if (!isHeld(row, claims) || number !== row.attempts + 1) {
    throw new Failure(
      'temporary',
      'attempt-out-of-turn',
      `attempt ${number} of notice ${id} is not the next one`,
    );
  }
  if (counted !== null) {
    const unconfirmed = counted.mail.tellsMore && isUnconfirmed(tables, counted.mail.conversationId);
    const before = { ...tallyOf(counted.mail, countedBefore(tables, counted.mail, now), now), unconfirmed };
    const brake = brakesOn([{ ...counted, before }], now).get(id) ?? null;
    if (brake !== null) return brake;
    tables.automaticMails.set(id, Object.freeze({ ...counted.mail, at: now }));
    tables.counted.push('all', { id, at: now });
    tables.countedTo.push(counted.mail.recipient, { id, at: now });
  }
  const begun = { id, number, startedAt: now, finishedAt: null, outcome: null, code: null };
  tables.attempts.set(`${id}/${number}`, Object.freeze(begun));
  tables.outbox.set(id, {
    ...row,
    attempts: number,
    leaseUntil: now + lease,
    mail: row.mail ?? Object.freeze({ recipient, raw: new Uint8Array(raw) }),
  });
  return null;
}

/** All of the last day, and of as long as it counts those to the same mailbox; nothing older is in the way of any. */
function countedBefore(tables: Tables, { recipient }: AutomaticMail, now: Instant): CountedMail[] {
  const lately = [...tables.counted.latest('all', ({ at }) => at > now - DAY)];
  const toSame = [...tables.countedTo.latest(recipient, ({ at }) => at > now - SAID_SPAN)];
  const found = new Map<NoticeId, CountedMail>();
  for (const { id, at } of [...toSame, ...lately]) {
    const mail = tables.automaticMails.get(id);
    // A mail that was tried again counts with its latest try.
    if (mail?.at === at) found.set(id, mail);
  }
  return [...found.values()];
}

function isUnconfirmed(tables: Tables, conversationId: ConversationId | null): boolean {
  if (conversationId === null) return false;
  const about = tables.noticesAbout.get(conversationId).map((id) => mustGet(tables.outbox, id, 'notice'));
  const last = about.findLast(({ notice }) => notice.body.kind === 'acknowledgement');
  return last?.state === 'dropped' && [...Brakes, SHADOW].includes(last.code as Brake);
}

export function findUnrung(
  tables: Tables,
  patience: Duration,
  limit: number,
  begunPatience: Duration,
  now: Instant,
): Map<Bell, readonly number[]> {
  const before = now - patience;
  const messages = tables.unsettled.keys().map((id) => mustGet(tables.messages, id, 'message'));
  const isLeft = ({ triedAt }: { readonly triedAt: Instant | null }) =>
    triedAt === null || triedAt < now - begunPatience;
  const waiting = (stage: 'stored' | 'replying') =>
    oldest(
      messages.filter((row) => row.stage === stage && isLeft(row)),
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
  const isCalm = (id: ConversationId): number =>
    Number(mustGet(tables.conversations, id, 'conversation').state.priority !== 'urgent');
  return tables.dueAt
    .entries()
    .filter(([, at]) => at <= now)
    .sort(([a, at], [b, otherAt]) => isCalm(a) - isCalm(b) || at - otherAt || a - b)
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

export function sentLately(
  tables: Tables,
  members: readonly MemberId[],
  since: Instant,
): Map<MemberId, SentLately> {
  const isSince = (id: NoticeId) => (mustGet(tables.outbox, id, 'notice').settledAt ?? 0) > since;
  return new Map(
    members.map((member) => {
      const sent = [...tables.sentTo.latest(member, isSince)].map((id) =>
        mustGet(tables.outbox, id, 'notice'),
      );
      const waiting = sent.filter(({ mayWait }) => mayWait).map(({ settledAt }) => settledAt ?? 0);
      const first = openEscalations(tables, member)[0]?.notice;
      const began = waiting.length === 0 ? null : Math.min(...waiting);
      return [
        member,
        { mails: sent.length, began, first: first ? { id: first.id, createdAt: first.createdAt } : null },
      ] as const;
    }),
  );
}

export const readNotices = (tables: Tables, keys: readonly string[]): StoredNotice[] =>
  rowsOf(tables, keys).map(({ notice }) => notice);

export const readProgress = (tables: Tables, keys: readonly string[]): NoticeProgress[] =>
  rowsOf(tables, keys).map(({ state, attempts, settledAt }) => ({ state, attempts, settledAt }));

const rowsOf = (tables: Tables, keys: readonly string[]): OutboxRow[] =>
  [...new Set(keys)]
    .flatMap((key) => tables.byKey.get(key) ?? [])
    .sort(byNumber)
    .map((id) => mustGet(tables.outbox, id, 'notice'));
