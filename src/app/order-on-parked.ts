/**
 * What may be ordered about a mail that could not be read, by mail or at the server: it needs nothing, it is read
 * again, it becomes a request with what could be read. The first order settles it.
 */
import { NOBODY } from '../domain/customer.ts';
import type { MemberId, MessageId } from '../domain/ids.ts';
import type { Instant } from '../domain/instant.ts';
import type { Mail } from '../domain/message.ts';
import { decideParked, type ParkedHappening } from '../domain/parked/decide.ts';
import { type Decision, isOpen, type OpenParked } from '../domain/parked/parked.ts';
import type { ParkedDecision } from '../domain/parked/step.ts';
import type { Policy } from '../domain/policy.ts';
import type { Rejection } from '../domain/rejections.ts';
import { NoModel } from './look-into.ts';
import { openForMember } from './open-for-member.ts';
import type { MessageMove } from './ports/moves.ts';
import type { ConversationChange, SettledMessage, StoredMail, Transaction } from './ports/store.ts';

export type ParkedOrder = {
  readonly how: Decision;
  readonly by: MemberId;
  readonly where: 'by-mail' | 'on-the-board' | 'at-the-server';
};

export type ParkedWork = {
  readonly tx: Transaction;
  readonly policy: Policy;
  readonly now: Instant;
};

export type WaitingMail = { readonly message: SettledMessage; readonly state: OpenParked };

export type Ordered = {
  readonly move: MessageMove;
  readonly decision: ParkedDecision;
  /** The request that it became. */
  readonly opened: ConversationChange | null;
};

/** Locks the mail, so that nobody else decides about it meanwhile. */
export async function lockParked(tx: Transaction, id: MessageId): Promise<WaitingMail | Rejection> {
  const message = await tx.lockSettled(id);
  const state = await tx.findParked(id);
  if (message !== null && isOpen(state)) return { message, state };
  const { decided } = state ?? { decided: null };
  return { code: 'no-longer-parked', decided: decided && { by: decided.by, how: decided.how } };
}

export async function orderOnParked(
  work: ParkedWork,
  { message, state }: WaitingMail,
  order: ParkedOrder,
): Promise<Ordered> {
  const decision = happening(work, { message, state }, { type: 'decided', ...order });
  if (decision === null) throw new Error(`bug: message ${message.id} waits and cannot be decided on`);
  const opened = order.how === 'request' ? await asRequest(work, message) : null;
  return { move: moveOf(message, order.how, opened), decision, opened };
}

/** null: nothing follows. */
export const happening = (
  { policy, now }: ParkedWork,
  { message, state }: WaitingMail,
  what: ParkedHappening,
): ParkedDecision | null =>
  decideParked(state, what, {
    id: message.id,
    inboxId: message.inboxId,
    policy,
    now,
    why: message.reason.sentence,
  });

/** The reason codes of what became of it; `dismissed` is also how a mail that needs nothing is told from one that waits. */
const Reasons = {
  dismiss: { code: 'dismissed', sentence: 'a teammate looked at it: it needs nothing' },
  retry: { code: 'retried', sentence: 'a teammate had it read again' },
  request: { code: 'request-by-member', sentence: 'a teammate made it a request' },
} as const;

/** There is nothing here to be read once more: the mail server is asked, and what it gives is a message of its own. */
const AskedAgain = {
  code: 'asked-again',
  sentence: 'a teammate had the mail server asked for it once more, which comes in by itself',
} as const;

function moveOf(
  { id, disposition, reason }: SettledMessage,
  how: Decision,
  opened: ConversationChange | null,
): MessageMove {
  if (how === 'retry' && reason.code === 'not-given') {
    const to = {
      stage: 'settled',
      disposition: 'duplicate',
      conversationId: null,
      leavesPlace: true,
    } as const;
    return { id, was: disposition, reason: AskedAgain, to };
  }
  const base = { id, was: disposition, reason: Reasons[how] };
  if (how === 'retry') return { ...base, to: { stage: 'stored' } };
  const conversationId = opened?.after.id ?? null;
  const becomes = opened === null ? ('parked' as const) : ('request' as const);
  return { ...base, to: { stage: 'settled', disposition: becomes, conversationId } };
}

async function asRequest({ tx, policy }: ParkedWork, message: SettledMessage): Promise<ConversationChange> {
  const { id, inboxId, storedAt, kind } = message;
  const mail = message.mail ?? UNREAD;
  const customer = mail.from[0] ?? NOBODY;
  const unreached = await tx.isUnreached(customer.address);
  const conversationId = await tx.reserveConversation();
  // What nobody could read, what was learned cannot either.
  return openForMember(
    { tx, policy, model: NoModel },
    { conversationId, inboxId, messageId: id, storedAt, person: kind === 'person', text: null, unreached },
    { ...mail, headers: [] } satisfies Mail,
    { subject: mail.subject, customer },
  );
}

/** A mail of which nothing could be read, not even its header. */
const UNREAD: StoredMail = {
  messageId: null,
  date: null,
  from: [],
  sender: [],
  to: [],
  cc: [],
  replyTo: [],
  deliveredTo: [],
  returnPath: null,
  subject: '',
  inReplyTo: [],
  references: [],
  text: '',
  reply: { text: '', quoted: '', signature: '' },
  forwarded: null,
  attachments: [],
  report: null,
  bodyHash: '',
  warnings: [],
};
