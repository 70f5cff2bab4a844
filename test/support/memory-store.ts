/**
 * The Store port in memory, for dialogues, abort points and simulations.
 *
 * Transactions run one at a time and are undone when they throw; everything else waits for its turn like one. What
 * the database's constraints would refuse is refused here too. Values handed out cannot be changed.
 *
 * `onCall` is told of every call of the port and of a transaction, before and after, and may throw: before, nothing
 * has happened; after a method of the port, all of it has (the process died once the commit was through); after a
 * method of a transaction, the transaction is undone.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { Clock } from '../../src/app/ports/clock.ts';
import type { NewOrder, NewSignIn } from '../../src/app/ports/door.ts';
import type { LookBacks } from '../../src/app/ports/look-backs.ts';
import type { Pages } from '../../src/app/ports/pages.ts';
import type { Store, Transaction } from '../../src/app/ports/store.ts';
import type { ToldAbsence } from '../../src/domain/absences.ts';
import type { ConversationEvent } from '../../src/domain/conversation/events.ts';
import type { Conversation } from '../../src/domain/conversation/state.ts';
import type { ConversationId, MessageId } from '../../src/domain/ids.ts';
import type { Instant } from '../../src/domain/instant.ts';
import type { Parked, ParkedEvent } from '../../src/domain/parked/parked.ts';
import { claimStandingMail, lastStandingMail, readDigest, readTitles } from './memory/digests.ts';
import {
  beginClassify,
  beginReplies,
  leaseMailbox,
  releaseMailbox,
  saveBatch,
  syncRoster,
} from './memory/intake.ts';
import { findLookBack, findReferring, keepLookBack } from './memory/look-backs.ts';
import * as lookups from './memory/lookups.ts';
import {
  beginAttempt,
  claimNotices,
  claimWaiting,
  findDue,
  findUnrung,
  nextDueAt,
  readNotices,
  readProgress,
  sentLately,
  stillClaimed,
} from './memory/outbox.ts';
import { claimPages, settlePage } from './memory/pages.ts';
import { findParked, findParkedDue, openParked, parkedOf, readPlace } from './memory/parked.ts';
import {
  type AttemptRow,
  Journal,
  type LedgerRow,
  type MailboxRow,
  type MessageRow,
  makeTables,
  mustGet,
  type OfferRow,
  type OutboxRow,
  type PageRow,
  sequence,
  type Tables,
} from './memory/tables.ts';
import { readWeeks } from './memory/weekly-report.ts';
import { write, writeOutcome } from './memory/write.ts';

export type MemoryStore = Store & Inspection & { readonly paging: Pages; readonly lookBacks: LookBacks };

/** What a test may look at behind the port, as it was last committed. */
export type Inspection = {
  signIns(): readonly NewSignIn[];
  orders(): readonly (NewOrder & { readonly at: Instant })[];
  mailboxes(): readonly MailboxRow[];
  messages(): readonly MessageRow[];
  message(id: MessageId): MessageRow;
  outbox(): readonly OutboxRow[];
  attempts(): readonly AttemptRow[];
  conversations(): readonly Conversation[];
  conversation(id: ConversationId): Conversation;
  /** Mail that was set aside, whether or not somebody has decided. */
  parked(): readonly Parked[];
  events(id: ConversationId): readonly ConversationEvent[];
  ledger(id: ConversationId): readonly LedgerRow[];
  offers(id: ConversationId): readonly OfferRow[];
  pages(): readonly PageRow[];
  parkedEvents(id: MessageId): readonly ParkedEvent[];
  /** What members told of their absences, whether or not it is over. */
  absences(): readonly ToldAbsence[];
  /** The row of the mail with this keyed name. */
  noticeWithKey(key: string): OutboxRow | undefined;
  /** What a worker still has to look at. */
  unfinished(): { readonly messages: number; readonly unrouted: number; readonly notices: number };
  /** As `nextDueAt` of the port. */
  dueAt(): Instant | null;
};

export type OnCall = (name: string, phase: 'before' | 'after') => void;

export type MemoryStoreOptions = { readonly clock: Clock; readonly onCall?: OnCall };

export function memoryStore({ clock, onCall }: MemoryStoreOptions): MemoryStore {
  const journal = new Journal();
  const tables = makeTables(journal);
  const exclusive = turns(journal);
  const context: Context = { tables, clock, onCall, exclusive, next: sequences() };
  const paging = observed<Pages>(
    'pages.',
    {
      claim: (limit, lease) => exclusive(() => claimPages(tables, limit, lease, clock.now())),
      settle: (id, outcome) => exclusive(() => settlePage(tables, id, outcome)),
    },
    onCall,
  );
  const lookBacks = observed<LookBacks>(
    'lookBacks.',
    { keep: (lookBack) => exclusive(() => keepLookBack(tables, lookBack, context.next, clock.now())) },
    onCall,
  );
  return { ...observed('', portOf(context), onCall), ...inspectionOf(tables), paging, lookBacks };
}

type Context = {
  readonly tables: Tables;
  readonly clock: Clock;
  readonly onCall: OnCall | undefined;
  readonly exclusive: Turns;
  readonly next: ReturnType<typeof sequences>;
};

const sequences = () => ({
  mailbox: sequence(1),
  message: sequence(1),
  conversation: sequence(1001),
  notice: sequence(1),
  absence: sequence(1),
  lookBack: sequence(1),
});

function portOf({ tables, clock, onCall, exclusive, next }: Context): Store {
  return {
    syncRoster: (roster) => exclusive(() => syncRoster(tables, roster, clock.now())),
    busyInboxes: () =>
      exclusive(() => {
        const open = [...tables.conversations.values()].filter(({ state }) => state.phase !== 'done');
        const unsettled = [...tables.messages.values()].filter(({ stage }) => stage !== 'settled');
        const unsent = [...tables.outbox.values()].filter(
          ({ state }) => state === 'pending' || state === 'sending',
        );
        const inboxes = [
          ...open.map(({ state }) => state.inboxId),
          ...unsettled.map(({ inboxId }) => inboxId),
          ...openParked(tables).map(({ inboxId }) => inboxId),
          ...unsent.map(({ notice }) => notice.inboxId),
        ];
        return [...new Set(inboxes)].sort();
      }),
    formerMembers: () =>
      exclusive(() =>
        tables.members.values().flatMap(({ id, name, leftAt }) => (leftAt === null ? [] : [{ id, name }])),
      ),
    conversationsOf: (member) => exclusive(() => lookups.conversationsOf(tables, member)),
    readVisitor: (link) => exclusive(() => tables.signIns.get(link)?.from ?? null),
    toldAbsences: () => exclusive(() => lookups.findAbsences(tables, clock.now())),
    askedOf: (members) => exclusive(() => lookups.askedOf(tables, members)),
    leaseMailbox: (folder, holder, lease) =>
      exclusive(() => leaseMailbox(tables, folder, [holder, lease], next.mailbox, clock.now())),
    releaseMailbox: (mailbox) => exclusive(() => releaseMailbox(tables, mailbox)),
    saveBatch: (batch) => exclusive(() => saveBatch(tables, batch, next.message, clock.now())),
    beginClassify: (ids) => exclusive(() => beginClassify(tables, ids, clock.now())),
    beginReplies: (ids) => exclusive(() => beginReplies(tables, ids, clock.now())),
    transact: (_inboxes, work) =>
      exclusive(async () => {
        const { tx, end } = beginTransaction(tables, clock, next);
        try {
          return await work(observed('tx.', tx, onCall));
        } finally {
          end();
        }
      }),
    findUnrung: (patience, limit, begunPatience = patience) =>
      exclusive(() => findUnrung(tables, patience, limit, begunPatience, clock.now())),
    findDue: (limit) => exclusive(() => findDue(tables, limit, clock.now())),
    findParkedDue: (limit) => exclusive(() => findParkedDue(tables, limit, clock.now())),
    parkedOf: (members) => exclusive(() => parkedOf(tables, members)),
    readPlace: (id) => exclusive(() => readPlace(tables, id)),
    nextDueAt: () => exclusive(() => nextDueAt(tables)),
    claimNotices: (request) => exclusive(() => claimNotices(tables, request, clock.now())),
    claimWaiting: (member, request) => exclusive(() => claimWaiting(tables, member, request, clock.now())),
    sentLately: (members, since) => exclusive(() => sentLately(tables, members, since)),
    readNotices: (keys) => exclusive(() => readNotices(tables, keys)),
    readProgress: (keys) => exclusive(() => readProgress(tables, keys)),
    readRequest: (id) => exclusive(() => lookups.readRequest(tables, id)),
    readMessage: (id) => exclusive(() => lookups.readMessage(tables, id)),
    readText: (id) => exclusive(() => lookups.readText(tables, id)),
    readRaw: (id) => exclusive(() => lookups.readRaw(tables, id)),
    readSent: (member, id, limit) => exclusive(() => lookups.readSent(tables, member, id, limit)),
    readDesk: (member) => exclusive(() => lookups.readDesk(tables, member)),
    readDigest: (question) => exclusive(() => readDigest(tables, question)),
    readWeeks: (question) => exclusive(() => readWeeks(tables, question)),
    readTitles: (ids) => exclusive(() => readTitles(tables, ids)),
    lastStandingMail: (member, kind) => exclusive(() => lastStandingMail(tables, member, kind)),
    beginAttempt: (attempt) => exclusive(() => beginAttempt(tables, attempt, clock.now())),
    recordOutcome: (outcome) => exclusive(() => writeOutcome(tables, outcome, clock.now())),
    close: async () => {},
  };
}

function beginTransaction(
  tables: Tables,
  clock: Clock,
  next: Context['next'],
): { tx: Transaction; end: () => void } {
  let over = false;
  const during = async <T>(work: () => T): Promise<T> => {
    if (over) throw new Error('bug: a transaction was used after its end');
    return work();
  };
  const tx: Transaction = {
    now: () => during(() => clock.now()),
    lockMessages: (ids, stage) =>
      during(() => new Set(ids.filter((id) => tables.messages.get(id)?.stage === stage))),
    lockClaimed: (claims) => during(() => stillClaimed(tables, claims)),
    lockConversations: (ids) =>
      during(() => {
        const sorted = [...new Set(ids)].sort((a, b) => a - b);
        return new Map(
          sorted.flatMap((id) => {
            const row = tables.conversations.get(id);
            return row === undefined ? [] : [[id, row.state] as const];
          }),
        );
      }),
    reserveConversation: () => during(() => next.conversation()),
    reserveConversations: (count) => during(() => Array.from({ length: count }, () => next.conversation())),
    readReply: (id) => during(() => lookups.readReply(tables, id)),
    findKnownContent: (hashes) =>
      during(() => new Set(hashes.filter((hash) => tables.byContentHash.has(hash)))),
    findEarlierCopy: (hash, id) => during(() => lookups.findEarlierCopy(tables, hash, id)),
    findThreads: (inboxId, keys) => during(() => lookups.findThreads(tables, inboxId, keys)),
    findPreviousOwner: (inboxId, address) =>
      during(() => lookups.findPreviousOwner(tables, inboxId, address)),
    findRequestsOf: (inboxId, address, limit) =>
      during(() => lookups.findRequestsOf(tables, inboxId, address, limit)),
    findCopy: (of) => during(() => lookups.findCopy(tables, of)),
    findSubjects: (ids, limit) => during(() => lookups.findSubjects(tables, ids, limit)),
    findTokens: (hashes) =>
      during(() => [...new Set(hashes)].flatMap((hash) => tables.tokens.get(hash) ?? [])),
    findNotices: (keys) =>
      during(() =>
        [...new Set(keys)].flatMap((key) => {
          const id = tables.byKey.get(key);
          return id === undefined ? [] : [{ key, notice: mustGet(tables.outbox, id, 'notice').notice }];
        }),
      ),
    findCustomer: (id) => during(() => tables.conversations.get(id)?.words?.customer ?? null),
    findEvents: (id) => during(() => [...(tables.conversations.get(id)?.events ?? [])]),
    findParked: (id) => during(() => findParked(tables, id)),
    findLookBack: (id) => during(() => findLookBack(tables, id)),
    findReferring: (id) => during(() => findReferring(tables, id)),
    lockSettled: (id) => during(() => lookups.settledMessage(tables, id)),
    findContacts: (id) => during(() => tables.conversations.get(id)?.contacts ?? new Map()),
    findAbsences: () => during(() => lookups.findAbsences(tables, clock.now())),
    lockAbsences: () => during(() => lookups.findAbsences(tables, clock.now())),
    reserveAbsence: () => during(() => next.absence()),
    readDesk: (member) => during(() => lookups.readDesk(tables, member)),
    hasActed: (hash) => during(() => tables.acted.has(hash)),
    isUnreached: (address) => during(() => lookups.isUnreached(tables, address)),
    findUnreached: (addresses) =>
      during(() => new Set(addresses.filter((address) => lookups.isUnreached(tables, address)))),
    countNotices: (...asked) => during(() => lookups.countNotices(tables, ...asked)),
    countSignIns: (member, visitor, since) =>
      during(() => {
        const asked = tables.signIns.values().filter(({ askedAt }) => askedAt > since);
        const ofMember = asked.filter((one) => one.member === member);
        const here = ofMember.filter((one) => one.visitor === visitor);
        return { here: here.length, ofMember: ofMember.length, ofAll: asked.length };
      }),
    hasOrdered: (form) => during(() => tables.orders.has(form)),
    claimStandingMail: (mail) => during(() => claimStandingMail(tables, mail)),
    load: (members) => during(() => lookups.load(tables, members)),
    write: (change) => during(() => ({ notices: write(tables, change, next.notice, clock.now()) })),
  };
  return {
    tx,
    end: () => {
      over = true;
    },
  };
}

function inspectionOf(tables: Tables): Inspection {
  const conversation = (id: ConversationId) => mustGet(tables.conversations, id, 'conversation');
  return {
    signIns: () => tables.signIns.values(),
    orders: () => tables.orders.values(),
    mailboxes: () => tables.mailboxes.values(),
    messages: () => tables.messages.values(),
    message: (id) => mustGet(tables.messages, id, 'message'),
    outbox: () => tables.outbox.values(),
    attempts: () => tables.attempts.values(),
    conversations: () => tables.conversations.values().map(({ state }) => state),
    parked: () => tables.parked.values(),
    events: (id) => conversation(id).events,
    ledger: (id) => conversation(id).ledger,
    offers: (id) => conversation(id).offers,
    pages: () => tables.pages.values(),
    conversation: (id) => conversation(id).state,
    parkedEvents: (id) => tables.parkedEvents.get(id) ?? [],
    absences: () => tables.absences.values(),
    noticeWithKey: (key) => {
      const id = tables.byKey.get(key);
      return id === undefined ? undefined : tables.outbox.get(id);
    },
    unfinished: () => ({
      messages: tables.unsettled.size,
      unrouted: tables.open.keys().filter((id) => isUnrouted(conversation(id).state)).length,
      notices: tables.toSend.size,
    }),
    dueAt: () => nextDueAt(tables),
  };
}

const isUnrouted = ({ phase, offer }: Conversation): boolean => phase === 'arrived' && offer === null;

type Turns = <T>(work: () => T | Promise<T>) => Promise<T>;

/** One at a time, in the order of asking; whatever throws is undone. */
function turns(journal: Journal): Turns {
  const inside = new AsyncLocalStorage<true>();
  let last: Promise<unknown> = Promise.resolve();
  return async (work) => {
    if (inside.getStore())
      throw new Error('bug: work handed to transact called the store itself, and would wait for ever');
    const turn = last.then(() =>
      inside.run(true, async () => {
        try {
          const result = await work();
          journal.commit();
          return result;
        } catch (error) {
          journal.rollback();
          throw error;
        }
      }),
    );
    last = turn.catch(() => {});
    return turn;
  };
}

type Method = (...args: never[]) => Promise<unknown>;

function observed<T extends object>(prefix: string, methods: T, onCall: OnCall | undefined): T {
  if (onCall === undefined) return methods;
  const entries = Object.entries(methods as Record<string, Method>).map(([name, method]) => {
    const call: Method = async (...args) => {
      onCall(prefix + name, 'before');
      const result = await method(...args);
      onCall(prefix + name, 'after');
      return result;
    };
    return [name, call];
  });
  return Object.fromEntries(entries) as T;
}
