/** What must hold once faults have stopped and everything has come to rest. */
import { isDeepStrictEqual } from 'node:util';
import type { Page } from '../../../src/app/ports/pages.ts';
import { fold } from '../../../src/domain/conversation/evolve.ts';
import { runningClocks } from '../../../src/domain/conversation/running-clocks.ts';
import { type Instant, MINUTE } from '../../../src/domain/instant.ts';
import { isOpen } from '../../../src/domain/parked/parked.ts';
import { pageKey } from '../../../src/domain/reply-token.ts';
import { secretHash } from '../../../src/domain/sign-in.ts';
import type { OutboxRow } from '../../support/memory/tables.ts';
import type { Pressed } from './board.ts';
import { SECRET } from './host.ts';
import type { Delivery } from './people.ts';
import { type Lying, neverTaken } from './taken-in.ts';

export type Judged = Lying & {
  /** Of the database. */
  readonly now: Instant;
  readonly deliveries: readonly Delivery[];
  readonly pressed: readonly Pressed[];
  /** That arrived. */
  readonly pages: readonly Page[];
  /** Whether a mail may have gone out twice: its server's answer was lost, or a process died or stalled over it. */
  readonly mayRepeat: boolean;
  /** How much went wrong: each of these can have one mail sent once more, and no more often. */
  readonly wrongs: number;
};

export function judge(world: Judged): string[] {
  return [
    ...settled(world),
    ...neverTaken(world),
    ...requests(world),
    ...opened(world),
    ...receipts(world),
    ...ordered(world),
    ...parked(world),
    ...sent(world),
    ...questions(world),
    ...paged(world),
  ];
}

/**
 * Nothing is left undone, and every mail has one disposition. Where people never answer, what tells of it goes on for as
 * long as a life does: an escalation that waits for others is undone once its time has come.
 */
function settled({ store, now }: Judged): string[] {
  const { unrouted } = store.unfinished();
  return [
    ...store
      .messages()
      .filter(({ stage, disposition }) => stage !== 'settled' || disposition === null)
      .map(({ id, stage }) => `message ${id} is ${stage} and has no disposition`),
    ...store
      .outbox()
      .filter((row) => row.settledAt === null && !waitsForOthers(row, now))
      .map(({ notice, state, code }) => `notice ${notice.dedupeKey} is ${state} (${code})`),
    ...(unrouted > 0 ? [`${unrouted} requests were never routed`] : []),
  ];
}

const waitsForOthers = ({ state, code, dueAt }: OutboxRow, now: Instant): boolean =>
  state === 'pending' && code === 'bundled' && dueAt > now;

/** verify I3, I8 and I10: whole ledgers, whole histories, and nothing overdue. */
function requests({ store, now }: Judged): string[] {
  return store.conversations().flatMap((state) => {
    const broken: string[] = [];
    const events = store.events(state.id);
    if (!isDeepStrictEqual(fold(events), state))
      broken.push(`request ${state.id} is not what its events say`);
    const ledger = store.ledger(state.id);
    if (ledger[0]?.fromAt !== state.openedAt) broken.push(`request ${state.id} begins without anybody`);
    for (const [at, row] of ledger.entries()) {
      if (row.untilAt !== (ledger[at + 1]?.fromAt ?? null) || row.untilAt === row.fromAt)
        broken.push(`request ${state.id}: the ledger has a gap or an overlap after ${row.member}`);
      if ((row.member === null) !== (at + 1 < ledger.length ? isEnd(row.member) : state.phase === 'done'))
        broken.push(`request ${state.id}: the ledger says nobody where somebody answers`);
    }
    for (const { clock, at } of runningClocks(state))
      if (at < now - 5 * MINUTE)
        broken.push(`request ${state.id}: its clock ${clock} ran out, and nothing followed`);
    if (state.phase !== 'done' && runningClocks(state).length === 0)
      broken.push(`request ${state.id} is ${state.phase} and no clock watches it`);
    return broken;
  });
}

const isEnd = (member: string | null): boolean => member === null;

/** verify I2: what opened each request. */
function opened({ store }: Judged): string[] {
  const rows = store.messages();
  const byRequest = Map.groupBy(
    rows.filter(({ disposition }) => disposition === 'request'),
    ({ conversationId }) => conversationId,
  );
  const contents = Map.groupBy(
    rows.filter(({ disposition, contentHash }) => disposition === 'request' && contentHash !== null),
    ({ contentHash }) => contentHash,
  );
  const all = store.conversations().flatMap(({ id }) => store.events(id));
  const split = new Set(all.flatMap((event) => (event.type === 'also-split' ? [event.messageId] : [])));
  return [
    ...store.conversations().flatMap(({ id }) => {
      const first = store.events(id)[0];
      const expected = first?.type === 'arrived' && first.text === null ? 1 : 0;
      const found = byRequest.get(id)?.length ?? 0;
      return found === expected
        ? []
        : [`request ${id} was opened by ${found} messages instead of ${expected}`];
    }),
    ...[...contents.values()]
      // Unless a member made a request of the copy in another inbox, or of one that could not be read.
      .filter(
        (same) =>
          same.filter(({ id, reason }) => !split.has(id) && reason?.code !== 'request-by-member').length > 1,
      )
      .map(
        (same) => `messages ${same.map(({ id }) => id).join(', ')} are one mail and opened several requests`,
      ),
    ...rows
      .filter(
        ({ disposition, kind, reason }) =>
          disposition === 'request' &&
          kind !== null &&
          !OPENS.has(kind) &&
          reason?.code !== 'request-by-member',
      )
      .map(({ id, kind }) => `message ${id} is of a machine (${kind}) and opened a request`),
  ];
}

const OPENS: ReadonlySet<string> = new Set(['person', 'notification']);

/** verify I5 and I7: every answer of a member was told once what came of it, and acted once under its own key. */
function receipts({ store }: Judged): string[] {
  const keys = store.outbox().map(({ notice }) => notice.dedupeKey);
  const answers = store
    .messages()
    .filter(
      ({ tokenHash, disposition, reason }) =>
        tokenHash !== null && ANSWERED.has(disposition ?? '') && reason?.code !== 'no-more-receipts',
    );
  const acted = Map.groupBy(
    store
      .messages()
      .filter(({ disposition, messageIdHash }) => disposition === 'command' && messageIdHash !== null),
    ({ messageIdHash }) => messageIdHash,
  );
  return [
    ...answers.flatMap(({ id }) => {
      const count = keys.filter((key) => key.startsWith(`message:${id}/receipt/`)).length;
      return count === 1 ? [] : [`the answer of a member, message ${id}, got ${count} receipts`];
    }),
    ...[...acted.values()]
      .filter((same) => same.length > 1)
      .map((same) => `messages ${same.map(({ id }) => id).join(', ')} have one Message-ID and acted each`),
  ];
}

const ANSWERED: ReadonlySet<string> = new Set(['command', 'command-refused', 'teammate-note']);

/** Who was told that an order was taken finds it and its one receipt. */
function ordered({ store, pressed }: Judged): string[] {
  const keys = store.outbox().map(({ notice }) => notice.dedupeKey);
  const rows = store.orders();
  const known = new Set(rows.map(({ form }) => form));
  const lost = pressed.filter(
    ({ order: { member, form }, outcome }) =>
      outcome !== 'unknown' && !known.has(secretHash(`${member} ${form}`)),
  );
  return [
    ...lost.map(
      ({ order, outcome }) => `${order.form} of ${order.member} is ${outcome} and was never ordered`,
    ),
    ...rows.flatMap(({ id, member, verb }) => {
      const count = keys.filter((key) => key.startsWith(`order:${id}/receipt/`)).length;
      return count === 1 ? [] : [`${verb}, which ${member} ordered on the board, got ${count} receipts`];
    }),
  ];
}

/** verify I8: a mail that could not be read has one person and one next instant until somebody has decided. */
function parked({ store, now }: Judged): string[] {
  const waiting = store
    .messages()
    .filter(({ disposition, reason }) => disposition === 'parked' && reason?.code !== 'dismissed')
    .map(({ id }) => id);
  const open = store.parked().filter(isOpen);
  const ids = new Set(open.map(({ id }) => id));
  const told = new Set(store.outbox().map(({ notice }) => notice.dedupeKey.split('/').slice(0, 2).join('/')));
  return [
    ...waiting.filter((id) => !ids.has(id)).map((id) => `nobody answers for the parked mail ${id}`),
    ...[...ids]
      .filter((id) => !waiting.includes(id))
      .map((id) => `mail ${id} is not parked, and somebody answers`),
    ...waiting
      .filter((id) => !told.has(`message:${id}/parked`))
      .map((id) => `nobody was told of the parked mail ${id}`),
    ...open
      .filter(({ due }) => due < now - 5 * MINUTE)
      .map(({ id }) => `the clock of the parked mail ${id} ran out, and nothing followed`),
  ];
}

/** verify I5 and I6: what was sent was taken by the mail server, once where nothing kept that from being known. */
function sent({ store, deliveries, mayRepeat, wrongs }: Judged): string[] {
  const broken: string[] = [];
  const byKey = Map.groupBy(deliveries, ({ key }) => key);
  const accepted = Map.groupBy(
    store.attempts().filter(({ outcome }) => outcome === 'accepted'),
    ({ id }) => id,
  );
  for (const row of store.outbox()) {
    const { notice, key, state, attempts } = row;
    const copies = byKey.get(key) ?? [];
    byKey.delete(key);
    const what = `notice ${notice.id}, ${notice.dedupeKey},`;
    if (state === 'sent' && copies.length === 0) broken.push(`${what} is sent and never arrived`);
    if (state === 'sent' && !accepted.has(notice.id)) broken.push(`${what} is sent and was never accepted`);
    if (copies.length > attempts) broken.push(`${what} arrived ${copies.length} times in ${attempts} tries`);
    if (copies.length > 1 + (mayRepeat ? wrongs : 0))
      broken.push(`${what} arrived ${copies.length} times for no reason`);
    const versions = new Set(copies.map(({ bytes }) => bytes));
    if (versions.size > 1) broken.push(`${what} arrived in ${versions.size} versions`);
  }
  for (const key of byKey.keys()) broken.push(`a mail arrived under the key ${key}, which is no notice's`);
  const bundled = new Set(
    store.outbox().flatMap(({ notice: { body } }) => (body.kind === 'bundle' ? body.notices : [])),
  );
  for (const { notice, key, state } of store.outbox())
    if ((state === 'bundled') !== bundled.has(key))
      broken.push(`notice ${notice.id} is ${state}, and a bundle says otherwise`);
  return broken;
}

/** verify I4 and I5: who is asked has a mail of it, whoever gets an answer as well, and arrivals are confirmed. */
function questions({ store }: Judged): string[] {
  const broken: string[] = [];
  const about = Map.groupBy(store.outbox(), ({ notice }) => notice.conversationId);
  for (const state of store.conversations()) {
    const notices = (about.get(state.id) ?? []).map(({ notice }) => notice);
    const events = store.events(state.id);
    for (const event of events) {
      const here = notices.filter(({ seq }) => seq === event.seq);
      const isAsked = here.some(
        ({ recipient, body }) =>
          recipient.type === 'member' &&
          ASKS.has(body.kind) &&
          event.type === 'offered' &&
          recipient.member === event.to,
      );
      if (event.type === 'offered' && !isAsked)
        broken.push(`request ${state.id}: ${event.to} was asked by no mail`);
      if (event.type === 'replied' && !here.some(({ body }) => body.kind === 'customer-reply'))
        broken.push(`request ${state.id}: the answer of event ${event.seq} is in no mail`);
    }
    const first = events[0];
    const isUnreached = first?.type === 'arrived' && first.unreached === true;
    const isRouted = events.some(({ type }) => type === 'routed');
    const isConfirmed = notices.some(({ body }) => body.kind === 'acknowledgement');
    if (isRouted && state.acknowledge !== 'none' && !isUnreached && !isConfirmed)
      broken.push(`request ${state.id} was routed and never confirmed`);
  }
  return broken;
}

const ASKS: ReadonlySet<string> = new Set(['offer', 'handoff', 'last-asked']);

/** A page is sent until it was taken, under one id, and more often only where nobody could know that it was. */
function paged({ store, pages, mayRepeat, wrongs }: Judged): string[] {
  const byId = Map.groupBy(pages, ({ id }) => id);
  const keys = new Map(store.outbox().map(({ notice }) => [notice.id, notice.dedupeKey]));
  return store.pages().flatMap(({ id, state, tries }) => {
    const key = keys.get(id) ?? '';
    const count = byId.get(pageKey(SECRET, key))?.length ?? 0;
    const broken: string[] = [];
    if (state === 'waiting') broken.push('waits still');
    if (state === 'sent' && count === 0) broken.push('is sent and never arrived');
    if (count > tries) broken.push(`arrived ${count} times in ${tries} tries`);
    if (count > 1 + (mayRepeat ? wrongs : 0)) broken.push(`arrived ${count} times for no reason`);
    return broken.map((what) => `the page of ${key} ${what}`);
  });
}
