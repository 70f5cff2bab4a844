/** Commands about whose request it is and what belongs to it: `for`, `split` and `merge`. */
import { sameAddress } from '../../domain/address.ts';
import type { Command } from '../../domain/command/command.ts';
import { copyOf, splitCopy } from '../../domain/conversation/also-came.ts';
import { findCut, merge, nameCustomer, splitOff } from '../../domain/conversation/belonging.ts';
import type { AlsoCame, Conversation } from '../../domain/conversation/state.ts';
import { originalSenderOf } from '../../domain/customer.ts';
import type { Disposition } from '../../domain/disposition.ts';
import type { ConversationId, InboxId, MessageId } from '../../domain/ids.ts';
import type { Address, Mail } from '../../domain/message.ts';
import { mayBeTold } from '../acknowledgement.ts';
import { openForMember } from '../open-for-member.ts';
import type { StoredMail } from '../ports/store.ts';
import { outsiderTyped } from './outsider-typed.ts';
import type { ReplyWork } from './reply-work.ts';

export type BelongingCommand = Command & { readonly verb: 'for' | 'split' | 'merge' | 'accept' };

/**
 * `accept` says "yes, theirs" only in answer to the mail that asks for whom it is. Its token says so: a mail program
 * may leave In-Reply-To out, and the author of a request may as well be the front desk, whose plain yes to any other
 * mail means that they take it.
 */
export function isAboutBelonging(work: ReplyWork, command: Command): command is BelongingCommand {
  const { verb } = command;
  if (verb === 'accept') return work.given.reply.token.purpose === 'customer';
  return verb === 'for' || verb === 'split' || verb === 'merge';
}

export async function carryOutOnBelonging(work: ReplyWork, command: BelongingCommand): Promise<void> {
  const { state } = work;
  if (state === null) throw new Error(`${work.given.reply.key} is about no request`);
  switch (command.verb) {
    case 'accept':
      return confirmCustomer(work, state);
    case 'for':
      return nameTyped(work, state, command.address);
    case 'split':
      return split(work, state);
    case 'merge':
      return mergeInto(work, state, command.into);
    default:
      return command satisfies never;
  }
}

/** The guess is made again from the same mail: nobody's address waits in a notice to be confirmed. */
async function confirmCustomer(work: ReplyWork, state: Conversation): Promise<void> {
  const { tx, policy, reply } = work.given;
  const passedOn = reply.token.subject === null ? null : await tx.lockSettled(reply.token.subject);
  const original = passedOn?.mail ? originalSenderOf(passedOn.mail, policy) : null;
  if (original === null) return work.refuse('for', { code: 'bad-address', why: 'unusable' });
  return name(work, state, original);
}

async function nameTyped(work: ReplyWork, state: Conversation, typed: string): Promise<void> {
  const { tx, policy } = work.given;
  const address = outsiderTyped(policy, typed);
  if (typeof address !== 'string') return work.refuse('for', address);
  // Whoever types the address of the person whose mail they passed on means them by name.
  const first = await tx.lockSettled(state.lastCustomerMessage);
  const original = first?.mail ? originalSenderOf(first.mail, policy) : null;
  const isThem = original !== null && sameAddress(original.address, address);
  return name(work, state, isThem ? original : { name: '', address });
}

function name(work: ReplyWork, state: Conversation, named: Address): void {
  const { policy } = work.given;
  const known = work.customer ?? work.given.customer;
  if (known !== null && sameAddress(known.address, named.address))
    return work.refuse('for', { code: 'bad-address', why: 'customer' });
  // A member names them and no mail of theirs proves it: they read nothing but that we have a message.
  const acknowledge = mayBeTold(policy, named.address) ? 'fixed' : 'none';
  const decided = nameCustomer(state, acknowledge, work.context());
  if (!('code' in decided)) work.customer = named;
  work.take('for', decided);
}

async function split(work: ReplyWork, state: Conversation): Promise<void> {
  const { tx, reply } = work.given;
  const events = [...(await tx.findEvents(state.id)), ...work.events];
  const cut = findCut(state, events, work.context());
  if ('code' in cut) {
    const came = cut.code === 'newer-message' ? null : copyOf(state, work.context());
    return came === null ? work.refuse('split', cut) : splitTheirs(work, state, came);
  }
  const messageId = cut.latest;
  const into = await tx.reserveConversation();
  const message = await tx.lockSettled(messageId);
  const mail = message?.mail;
  if (message === null || message.conversationId !== state.id || !mail)
    throw new Error(`message ${messageId} cannot be split off request ${state.id} by ${reply.key}`);
  await openApart(
    work,
    state,
    { id: messageId, disposition: message.disposition, mail },
    state.inboxId,
    into,
  );
  work.take('split', splitOff(state, cut, into, work.context()), { other: into });
}

/** The copy in their own inbox: what lies in the request stays there. */
async function splitTheirs(work: ReplyWork, state: Conversation, came: AlsoCame): Promise<void> {
  const { tx } = work.given;
  const id = await tx.findCopy(came.messageId);
  const copy = id === null ? null : await tx.lockSettled(id);
  if (copy?.mail == null) return work.refuse('split', { code: 'no-copy', inbox: came.inboxId });
  const into = await tx.reserveConversation();
  const { disposition, mail } = copy;
  await openApart(work, state, { id: copy.id, disposition, mail }, came.inboxId, into);
  work.take('split', splitCopy(state, came, copy.id, into, work.context()), { other: into });
}

type Moved = {
  readonly id: MessageId;
  readonly disposition: Disposition;
  readonly mail: StoredMail;
};

async function openApart(
  work: ReplyWork,
  state: Conversation,
  { id, disposition, mail }: Moved,
  inboxId: InboxId,
  into: ConversationId,
): Promise<void> {
  const customer = customerOfCut(work, mail);
  if (customer === null) throw new Error(`request ${state.id} has no customer`);
  const { tx, policy, deps } = work.given;
  const opened = await openForMember(
    { tx, policy, model: deps.model },
    {
      conversationId: into,
      inboxId,
      messageId: id,
      // Until now whoever has the other request answered for it.
      storedAt: work.given.now,
      person: state.person,
      text: null,
      unreached: await work.given.tx.isUnreached(customer.address),
    },
    { ...mail, headers: [] } satisfies Mail,
    { subject: mail.subject, customer },
  );
  work.others.push(opened);
  work.moves.push({
    id,
    was: disposition,
    to: { stage: 'settled', disposition: 'request', conversationId: into },
    reason: { code: 'split-off', sentence: `a teammate made it a request apart from #${state.id}` },
  });
}

/**
 * Whoever wrote the mail: in a request that another became a part of, that may be the other's customer, whose words are
 * not for this one. What a member passed on, or a group or form of ours, is the customer's whose request it is.
 */
function customerOfCut(work: ReplyWork, { from }: Pick<Mail, 'from'>): Address | null {
  const { policy } = work.given;
  const known = work.customer ?? work.given.customer;
  const [writer, ...more] = from;
  const isOutsider =
    writer !== undefined && more.length === 0 && typeof outsiderTyped(policy, writer.address) === 'string';
  return isOutsider ? writer : (known ?? writer ?? null);
}

async function mergeInto(work: ReplyWork, state: Conversation, into: ConversationId): Promise<void> {
  if (into === state.id) return work.refuse('merge', { code: 'merge-with-itself' });
  // A number of another inbox is as unknown here as one that was never given.
  const other = (await work.given.tx.lockConversations([into])).get(into);
  const pending = work.others.findLast(({ after }) => after.id === into)?.after;
  const whole = pending ?? other;
  if (whole === undefined || whole.inboxId !== state.inboxId)
    return work.refuse('merge', { code: 'unknown-request', reference: into });
  const merged = merge(state, whole, work.context());
  if ('code' in merged) return work.refuse('merge', merged);
  work.others.push({ before: whole, after: merged.whole.state, events: merged.whole.events });
  work.notices.push(...merged.whole.notices);
  work.take('merge', merged.part, { other: into });
}
