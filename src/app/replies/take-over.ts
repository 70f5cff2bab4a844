/**
 * `take over`, in answer to a look back: those who still wait become requests with somebody who answers for them, from now
 * on. Their customers are told nothing by it, since nobody confirms a mail of last month.
 *
 * What was answered since, became a request by itself, or was taken over before is left out, so that a second `take over`
 * opens nothing again. What a mail of a teammate about it without a reference to it says cannot be seen.
 */

import { sameAddress } from '../../domain/address.ts';
import { classify } from '../../domain/classify.ts';
import { decide } from '../../domain/conversation/decide.ts';
import type { ConversationEvent } from '../../domain/conversation/events.ts';
import type { Conversation } from '../../domain/conversation/state.ts';
import { customerOf, isInbox } from '../../domain/customer.ts';
import type { Mail } from '../../domain/message.ts';
import type { TakenOver } from '../../domain/notices/look-back-told.ts';
import type { Policy } from '../../domain/policy.ts';
import { isManagerOf, memberByAddress } from '../../domain/roster.ts';
import type { MemberLoad } from '../../domain/routing.ts';
import { openForMember } from '../open-for-member.ts';
import type { Referring, StoredLookBack } from '../ports/look-backs.ts';
import type { SettledMessage, StoredMail } from '../ports/store.ts';
import { addTo, allCandidates, chainFor } from '../route-conversation.ts';
import type { ReplyWork } from './reply-work.ts';

export async function takeOver(work: ReplyWork): Promise<void> {
  const { tx, reply, policy } = work.given;
  const { purpose, subject } = reply.token;
  const past = purpose === 'look-back' && subject !== null ? await tx.findLookBack(subject) : null;
  // Its own inbox demands how whoever orders it is proved; another may ask for less.
  if (past === null || past.inboxId !== reply.inboxId) return work.refuse('take-over', { code: 'not-here' });
  if (!isManagerOf(policy, reply.member, past.inboxId))
    return work.refuse('take-over', { code: 'managers-only' });
  work.succeed('take-over', { takenOver: await takeAll(work, past) });
}

type Waiting = { readonly message: SettledMessage; readonly mail: StoredMail };

async function takeAll(work: ReplyWork, past: StoredLookBack): Promise<TakenOver> {
  const opened: TakenOver['opened'][number][] = [];
  const left = { answered: 0, already: 0, unread: 0 };
  const load = new Map<string, MemberLoad>();
  for (const mails of Map.groupBy(past.mails, ({ request }) => request).values()) {
    const found = await whoWaits(
      work,
      mails.map(({ messageId }) => messageId),
    );
    if (typeof found === 'string') left[found] += 1;
    else opened.push(await open(work, found, load));
  }
  return { opened, ...left };
}

/** The mails of one request that still wait, locked; or why none of it is opened. */
async function whoWaits(
  { given: { tx, policy } }: ReplyWork,
  ids: readonly number[],
): Promise<readonly [Waiting, ...Waiting[]] | 'answered' | 'already' | 'unread'> {
  const waiting: Waiting[] = [];
  for (const id of ids) {
    const message = await tx.lockSettled(id);
    if (message === null) return 'unread';
    if (message.disposition !== 'history') return 'already';
    // Erased meanwhile, or forgotten: nobody is left to be answered.
    if (message.mail === null) return 'already';
    const { mail } = message;
    const since = await tx.findReferring(id);
    if (since.some((other) => isAnswer(other, policy, mail))) return 'answered';
    if (since.some(({ conversationId }) => conversationId !== null)) return 'already';
    waiting.push({ message, mail });
  }
  const [first, ...more] = waiting;
  return first === undefined ? 'already' : [first, ...more];
}

/** From what was sent, or from one of us, to whoever asked: what goes to a colleague about it is none. */
function isAnswer(
  { role, from, to }: Referring,
  policy: Policy,
  { from: asked, replyTo }: StoredMail,
): boolean {
  const isOurs =
    role === 'sent' ||
    from.some(({ address }) => isInbox(policy, address) || memberByAddress(policy, address) !== null);
  const customer = [...asked, ...replyTo];
  return isOurs && to.some((one) => customer.some((other) => sameAddress(one.address, other.address)));
}

const Reason = { code: 'taken-over', sentence: 'a manager had it taken over from the look back' } as const;

/** Opened, told of what its customer wrote after it, and routed: one change, so that the receipt knows who is asked. */
async function open(
  work: ReplyWork,
  [first, ...later]: readonly [Waiting, ...Waiting[]],
  load: Map<string, MemberLoad>,
): Promise<TakenOver['opened'][number]> {
  const { tx, policy, now } = work.given;
  const { inboxId, id: messageId, kind } = first.message;
  // Headers lie in the bytes alone: rules that ask for one do not match here.
  const mail: Mail = { ...first.mail, headers: [] };
  const { customerInReplyTo } = classify(policy.rules, inboxId, mail);
  const customer = customerOf(mail, mail.from[0] ?? null, customerInReplyTo, policy).address;
  const conversationId = await tx.reserveConversation();
  const unreached = await tx.isUnreached(customer.address);
  const arrived = await openForMember(
    { tx, policy, model: work.given.deps.model },
    { conversationId, inboxId, messageId, storedAt: now, person: kind === 'person', text: null, unreached },
    mail,
    { subject: mail.subject, customer },
  );
  const events: ConversationEvent[] = [...arrived.events];
  let state: Conversation = arrived.after;
  for (const { message } of later) {
    const wrote = { type: 'customer-wrote', messageId: message.id, onlyThanks: false } as const;
    // Whoever is asked reads all of it in the question.
    const decision = decide(state, wrote, now, policy);
    state = decision.state;
    events.push(...decision.events);
  }
  await addCandidates(work, state, load);
  const routed = decide(state, { type: 'routed', ...chainFor(policy, state, load, now) }, now, policy);
  events.push(...routed.events);
  addTo(load, { before: state, after: routed.state });
  work.others.push({ ...arrived, after: routed.state, events });
  work.notices.push(...routed.notices);
  for (const [at, { message }] of [first, ...later].entries()) {
    const disposition = at === 0 ? 'request' : 'follow-up';
    const to = { stage: 'settled', disposition, conversationId } as const;
    work.moves.push({ id: message.id, was: 'history', to, reason: Reason });
  }
  return { conversationId, to: routed.state.offer?.to ?? null };
}

/** Each is asked of the store once, and then counted on. */
async function addCandidates(
  { given: { tx, policy } }: ReplyWork,
  state: Conversation,
  load: Map<string, MemberLoad>,
): Promise<void> {
  const unknown = allCandidates(policy, [state]).filter((id) => !load.has(id));
  if (unknown.length === 0) return;
  for (const [id, known] of await tx.load(unknown)) load.set(id, known);
}
