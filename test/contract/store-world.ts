/** Steps for the store's contract suite: mail comes in, requests open and move, all through the port and the pure core. */
import { createHash } from 'node:crypto';
import type {
  Change,
  ConversationChange,
  Mailbox,
  MessageChange,
  MessageReading,
  NewMessage,
  NewNotice,
  Store,
  StoredMail,
  TokenRow,
  Transaction,
  WatchedFolder,
} from '../../src/app/ports/store.ts';
import { decideCommand, type MemberCommand } from '../../src/domain/conversation/commands.ts';
import { arrive, decide, type Happening } from '../../src/domain/conversation/decide.ts';
import type { Conversation } from '../../src/domain/conversation/state.ts';
import type { Decision } from '../../src/domain/conversation/step.ts';
import type { ConversationId, InboxId, MemberId, MessageId, NoticeId } from '../../src/domain/ids.ts';
import { DAY, type Instant } from '../../src/domain/instant.ts';
import type { Proposal } from '../../src/domain/learning/proposal.ts';
import type { Follows } from '../../src/domain/matter.ts';
import type { Address } from '../../src/domain/message.ts';
import type { NoticeDraft } from '../../src/domain/notices/notice.ts';
import type { Policy, Priority } from '../../src/domain/policy.ts';
import { rosterOf, testPolicy } from '../support/policy.ts';
import type { SettableClock } from '../support/settable-clock.ts';

export type StoreHarness = { readonly store: Store; readonly clock: SettableClock; close(): Promise<void> };

export const sha256 = (value: string | Uint8Array): string =>
  createHash('sha256').update(value).digest('hex');

export const CARLA: Address = { name: 'Carla Ruiz', address: 'carla@tenant.example' };

export type Opened = {
  readonly id: ConversationId;
  readonly messageId: MessageId;
  readonly state: Conversation;
};
type OpenOptions = {
  readonly proposal?: Proposal;
  readonly inboxId?: InboxId;
  readonly subject?: string;
  readonly customer?: Address;
  readonly mail?: Partial<StoredMail>;
  readonly priority?: Priority;
  readonly author?: MemberId;
  readonly follows?: Follows;
  /** Words of its mail that spoke for what a model made of it. */
  readonly because?: readonly string[];
};

export type World = ReturnType<typeof makeWorld>;

export async function beginWorld(
  { store, clock }: StoreHarness,
  policy: Policy = testPolicy(),
): Promise<World> {
  const world = makeWorld(store, clock, policy);
  await store.syncRoster(rosterOf(world.policy));
  return world;
}

function makeWorld(store: Store, clock: SettableClock, policy: Policy) {
  let made = 0;

  const openFolder = (inboxId: InboxId = 'maintenance', role: 'inbox' | 'sent' = 'inbox') =>
    watch({ inboxId, folder: role === 'inbox' ? 'INBOX' : 'Sent', role, startFrom: null });

  /** The row of a folder, watched by the one poller that most tests have. */
  async function watch(folder: WatchedFolder): Promise<Mailbox> {
    const lease = await store.leaseMailbox(folder, 'the poller', DAY);
    if (lease.type === 'taken') throw new Error(`somebody else watches ${folder.folder}`);
    return lease.mailbox;
  }

  /** Appends mails to the folder under its present UIDVALIDITY ('1' at first) and answers those that wait. */
  async function receive(mailbox: Mailbox, ...mails: Partial<NewMessage>[]): Promise<MessageId[]> {
    const { uidValidity, lastUid, fence } = await watch(mailbox);
    const messages = mails.map((mail, index) => newMessage({ uid: lastUid + index + 1, ...mail }));
    return store.saveBatch({
      mailboxId: mailbox.id,
      fence,
      uidValidity: uidValidity ?? '1',
      before: { uidValidity, lastUid },
      lastUid: Math.max(lastUid, ...messages.map(({ uid }) => uid)),
      messages,
    });
  }

  /** A mail unlike any other unless its bytes are given. */
  function newMessage(changes: Partial<NewMessage> = {}): NewMessage {
    made += 1;
    const raw = changes.raw ?? Buffer.from(`Subject: mail ${made}\r\n\r\nHello\r\n`);
    return { uid: made, receivedAt: clock.now(), size: raw.length, raw, rawHash: sha256(raw), ...changes };
  }

  /** One new mail in the inbox. */
  async function receiveOne(inboxId: InboxId = 'maintenance'): Promise<MessageId> {
    const [id] = await receive(await openFolder(inboxId), {});
    if (id === undefined) throw new Error('a new mail awaits classification');
    return id;
  }

  const transact = <T>(work: (tx: Transaction) => Promise<T>): Promise<T> =>
    store.transact(['maintenance'], work);

  const write = (change: Change): Promise<{ notices: NoticeId[] }> => transact((tx) => tx.write(change));

  function stateOf(id: ConversationId): Promise<Conversation> {
    return transact(async (tx) => {
      const state = (await tx.lockConversations([id])).get(id);
      if (state === undefined) throw new Error(`no conversation ${id}`);
      return state;
    });
  }

  /** A mail comes in and is settled as a new request, which nobody has been asked to take yet. */
  async function openRequest(options: OpenOptions = {}): Promise<Opened> {
    const {
      inboxId = 'maintenance',
      subject = 'Dripping tap',
      customer = CARLA,
      priority = 'normal',
    } = options;
    const messageId = await receiveOne(inboxId);
    return transact(async (tx) => {
      const id = await tx.reserveConversation();
      const arrival = {
        conversationId: id,
        inboxId,
        messageId,
        storedAt: await tx.now(),
        author: options.author ?? null,
        acknowledge: 'fixed' as const,
        person: true,
        text: null,
        follows: options.follows ?? null,
        classified: {
          ...{ category: null, priority, ruleId: null, reason: REASON },
          ...(options.proposal !== undefined && { proposal: options.proposal }),
        },
      };
      const { state, events } = arrive(arrival, policy);
      const { because } = options;
      const words = { subject, customer, ...(because !== undefined && { because }) };
      const reading = readingOf(messageId, { from: [customer], subject, ...options.mail });
      await tx.write({
        conversations: [{ before: null, after: state, events, words }],
        messages: [settled(messageId, { disposition: 'request', conversationId: id, reading })],
      });
      return { id, messageId, state };
    });
  }

  /** Locks, decides and writes, with whatever else belongs to it. */
  async function change(
    id: ConversationId,
    deciding: (state: Conversation, now: Instant) => Decision,
    more: Change = {},
  ): Promise<{ state: Conversation; notices: NoticeId[] }> {
    return transact(async (tx) => {
      const before = (await tx.lockConversations([id])).get(id);
      if (before === undefined) throw new Error(`no conversation ${id}`);
      const decision = deciding(before, await tx.now());
      const written = await tx.write({
        conversations: [changeOf(before, decision)],
        notices: noticesOf(decision.notices),
        ...more,
      });
      return { state: decision.state, notices: written.notices };
    });
  }

  const happen = (id: ConversationId, happening: Happening, more: Change = {}) =>
    change(id, (state, now) => decide(state, happening, now, policy), more);

  const command = (id: ConversationId, by: MemberId, said: MemberCommand, more: Change = {}) =>
    change(
      id,
      (state, now) => {
        const decision = decideCommand(state, said, {
          by,
          messageId: null,
          shown: null,
          answered: 0,
          now,
          policy,
        });
        if (!decision.result.ok) throw new Error(`refused: ${decision.result.rejection.code}`);
        return decision;
      },
      more,
    );

  const route = (id: ConversationId, ...chain: MemberId[]) =>
    happen(id, { type: 'routed', chain, reason: REASON });

  /** A request that was routed to Priya, who accepted it. */
  async function openOwned(options: OpenOptions = {}): Promise<Opened> {
    const opened = await openRequest(options);
    await route(opened.id, 'priya', 'luis');
    const { state } = await command(opened.id, 'priya', { verb: 'accept' });
    return { ...opened, state };
  }

  return {
    store,
    clock,
    policy,
    openFolder,
    watch,
    receive,
    receiveOne,
    newMessage,
    transact,
    write,
    stateOf,
    openRequest,
    openOwned,
    happen,
    command,
    route,
  };
}

export const REASON = { code: 'no-rule', sentence: 'no rule matches' } as const;

export const changeOf = (before: Conversation, { state, events }: Decision): ConversationChange => ({
  before,
  after: state,
  events,
});

export const settled = (id: MessageId, changes: Partial<MessageChange> = {}): MessageChange => ({
  id,
  stage: 'settled',
  disposition: 'bulk',
  reason: REASON,
  ...changes,
});

export function readingOf(id: MessageId, mail: Partial<StoredMail> = {}): MessageReading {
  const messageId = mail.messageId === undefined ? `${id}@tenant.example` : mail.messageId;
  return {
    mail: storedMail({ messageId, ...mail }),
    kind: 'person',
    contentHash: sha256(`content ${id}`),
    messageIdHash: messageId === null ? null : sha256(messageId),
    threadKeys: messageId === null ? [] : [{ key: messageId, own: true }],
  };
}

export function storedMail(changes: Partial<StoredMail> = {}): StoredMail {
  return {
    messageId: null,
    date: null,
    from: [CARLA],
    sender: [],
    to: [{ name: '', address: 'maintenance@elm.example' }],
    cc: [],
    replyTo: [],
    deliveredTo: [],
    returnPath: null,
    subject: 'Dripping tap',
    inReplyTo: [],
    references: [],
    text: 'It drips.\n> earlier',
    reply: { text: 'It drips.', quoted: '> earlier', signature: '' },
    forwarded: null,
    attachments: [],
    report: null,
    bodyHash: sha256('It drips.'),
    warnings: [],
    ...changes,
  };
}

export function noticesOf(drafts: readonly NoticeDraft[]): NewNotice[] {
  return drafts.map((draft) => ({ draft, key: keyOf(draft.dedupeKey), token: null }));
}

/** As many characters as a keyed name has. */
export const keyOf = (dedupeKey: string): string => sha256(dedupeKey).slice(0, 26);

/** A notice outside of any conversation. */
export function looseNotice(name: string, changes: Partial<NoticeDraft> = {}): NewNotice {
  const dedupeKey = `test/${name}`;
  const draft: NoticeDraft = {
    dedupeKey,
    inboxId: 'maintenance',
    conversationId: null,
    seq: null,
    recipient: { type: 'member', member: 'dana' },
    body: { kind: 'member-left', member: 'sam', withdrawn: [], moved: [] },
    shown: null,
    answered: 0,
    epoch: 0,
    ...changes,
  };
  return { draft, key: keyOf(dedupeKey), token: null };
}

export const tokenOf = (name: string, now: Instant, changes: Partial<TokenRow> = {}): TokenRow => ({
  hash: sha256(`token ${name}`),
  member: 'priya',
  purpose: 'request',
  conversationId: null,
  subject: null,
  epoch: 1,
  shown: null,
  answered: 0,
  expiresAt: now + 30 * DAY,
  ...changes,
});
