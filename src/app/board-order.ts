/**
 * Carries out what a member ordered on the board: by the same decisions as an order by mail, and told to them in the
 * same receipt. Who they are, their session says; whether they may see what it is about is looked at again here, under
 * the lock.
 */
import type { Command, Verb } from '../domain/command/command.ts';
import type { Conversation } from '../domain/conversation/state.ts';
import type { ConversationId, InboxId, MemberId, MessageId } from '../domain/ids.ts';
import type { NoticeDraft } from '../domain/notices/notice.ts';
import { isOpen } from '../domain/parked/parked.ts';
import type { Policy } from '../domain/policy.ts';
import { maySee, type Sight, sightOf, tookPartIn } from '../domain/sight.ts';
import { secretHash } from '../domain/sign-in.ts';
import { currentPolicy } from './current-policy.ts';
import { Failure } from './failures.ts';
import type { NewOrder } from './ports/door.ts';
import type { Bell } from './ports/queue.ts';
import type { TokenRow, Transaction } from './ports/store.ts';
import { carryOut } from './replies/carry-out-command.ts';
import { mayReceive } from './replies/may-receive.ts';
import { type Given, type ReplyDeps, ReplyWork } from './replies/reply-work.ts';

export type BoardOrder = {
  readonly member: MemberId;
  readonly about: OrderAbout;
  readonly verb: Verb;
  readonly commands: readonly Command[];
  /** Stands in the form that was sent: what comes twice acts once. */
  readonly form: string;
};

export type OrderAbout =
  /** `shown` and `answered`: the last customer message, and the last answer of ours, that their page had shown. */
  | {
      readonly type: 'request';
      readonly id: ConversationId;
      readonly shown: MessageId | null;
      readonly answered: number;
    }
  | { readonly type: 'parked'; readonly id: MessageId }
  /** Their own desk. */
  | { readonly type: 'desk' };

export type OrderOutcome =
  /** Carried out or refused: its receipt says which. */
  | { readonly type: 'told'; readonly order: string }
  /** This form was sent before. */
  | { readonly type: 'twice' }
  /** There is no such thing, or it is not for them. */
  | { readonly type: 'unknown' };

const TRIES_MAX = 3;

export async function carryOutOrder(deps: ReplyDeps, order: BoardOrder): Promise<OrderOutcome> {
  const { outcome, bells } = await retried(() => deps.store.transact([], (tx) => within(deps, tx, order)));
  for (const [bell, ids] of Object.entries(bells) as [Bell, readonly number[]][]) {
    if (ids.length > 0) await deps.queue.ring(bell, ids);
  }
  return outcome;
}

/** Two who lock the same rows crosswise: PostgreSQL ends one of them, and its form is not lost for that. */
async function retried<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof Failure) || error.kind !== 'temporary' || tries === TRIES_MAX) throw error;
    }
  }
}

type Done = {
  readonly outcome: OrderOutcome;
  readonly bells: Readonly<Partial<Record<Bell, readonly number[]>>>;
};

const UNKNOWN: Done = { outcome: { type: 'unknown' }, bells: {} };

async function within(deps: ReplyDeps, tx: Transaction, order: BoardOrder): Promise<Done> {
  const { member, about, commands } = order;
  const form = secretHash(`${member} ${order.form}`);
  const states = await tx.lockConversations(about.type === 'request' ? [about.id] : []);
  // The same form at once, about no row that could be locked.
  if (about.type === 'desk') await tx.lockAbsences();
  if (await tx.hasOrdered(form)) return { outcome: { type: 'twice' }, bells: {} };
  const now = await tx.now();
  const policy = await currentPolicy(deps, tx);
  const sight = sightOf(policy, member, now);
  const before = about.type === 'request' ? (states.get(about.id) ?? null) : null;
  const inboxId = sight === null ? null : await inboxOf(tx, { policy, sight, about, before });
  if (inboxId === null) return UNKNOWN;
  const id = deps.newTextId();
  const given = await givenOf(deps, tx, { order, policy, before, inboxId, id, now, states });
  const work = new ReplyWork(given);
  if (about.type === 'parked') work.parked = about.id;
  for (const command of commands) await carryOut(work, command);
  const receipt = work.receipt();
  const written = await tx.write({
    ...work.change(await mayReceive(tx, work)),
    orders: [orderRow(order, { id, form, receipt, work })],
  });
  return { outcome: { type: 'told', order: id }, bells: bellsOf(work, written.notices) };
}

type Asked = {
  readonly policy: Policy;
  readonly sight: Sight;
  readonly about: OrderAbout;
  readonly before: Conversation | null;
};

/** The inbox that it belongs to; null: it is not theirs to see, or not there. */
async function inboxOf(tx: Transaction, { policy, sight, about, before }: Asked): Promise<InboxId | null> {
  switch (about.type) {
    case 'desk':
      return policy.inboxes.keys().next().value ?? null;
    case 'request': {
      if (before === null) return null;
      const tookPart =
        maySee(sight, before, false) || tookPartIn(await tx.findEvents(about.id), sight.member);
      return maySee(sight, before, tookPart) ? before.inboxId : null;
    }
    case 'parked': {
      const message = await tx.lockSettled(about.id);
      const state = await tx.findParked(about.id);
      if (message === null || state === null) return null;
      const isTheirs =
        isOpen(state) && (state.accountable === sight.member || state.told.includes(sight.member));
      return isTheirs || sight.inboxes.includes(message.inboxId) ? message.inboxId : null;
    }
    default:
      return about satisfies never;
  }
}

type Beginning = {
  readonly order: BoardOrder;
  readonly policy: Policy;
  readonly before: Conversation | null;
  readonly inboxId: InboxId;
  readonly id: string;
} & Pick<Given, 'now' | 'states'>;

async function givenOf(
  deps: ReplyDeps,
  tx: Transaction,
  { order: { member, about }, policy, before, inboxId, id, now, states }: Beginning,
): Promise<Given> {
  const conversationId = before?.id ?? null;
  const request = about.type === 'request' ? about : { shown: null, answered: 0 };
  // As the rights of somebody who answers a mail that showed them what the page did.
  const token: TokenRow = {
    member,
    purpose: about.type,
    conversationId,
    subject: about.type === 'parked' ? about.id : null,
    epoch: before?.epoch ?? 0,
    shown: request.shown,
    answered: request.answered,
    hash: '',
    expiresAt: now,
  };
  return {
    ...{ deps, tx, before, policy, states, now },
    reply: { id: null, mail: null, key: `order:${id}`, inboxId, conversationId, member, token },
    words: { text: '', quoted: '', signature: '' },
    customer: conversationId === null ? null : await tx.findCustomer(conversationId),
    contacts: conversationId === null ? new Map() : await tx.findContacts(conversationId),
    listedNames: false,
    isWelcomed: false,
    listedCategories: [],
    listing: null,
  };
}

function orderRow(
  { member, about, verb }: BoardOrder,
  { id, form, receipt, work }: { id: string; form: string; receipt: NoticeDraft; work: ReplyWork },
): NewOrder {
  return {
    ...{ id, member, verb, form },
    conversationId: about.type === 'request' ? about.id : null,
    parked: about.type === 'parked' ? about.id : null,
    carriedOut: work.carriedOut,
    receipt,
  };
}

/** As after a mail: see apply-reply.ts. */
const bellsOf = ({ parts }: ReplyWork, notices: readonly number[]): Done['bells'] => ({
  deliver: notices,
  route: parts.flatMap(({ others }) =>
    others.flatMap(({ before, after }) => (before === null ? [after.id] : [])),
  ),
  classify: parts.flatMap(({ moves }) => moves.flatMap(({ id, to }) => (to.stage === 'stored' ? [id] : []))),
});
