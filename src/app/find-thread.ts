/**
 * Looks up what a message belongs to: what it was addressed to, what it answers, whose request that is, and whether it
 * is about the same matter. Writes nothing; the conversation that it finds is locked, where the look-ups lock.
 */
import { sameAddress } from '../domain/address.ts';
import type { Conversation } from '../domain/conversation/state.ts';
import { writerOf } from '../domain/customer.ts';
import type { ContactId, ConversationId, InboxId, MessageId } from '../domain/ids.ts';
import type { Follows } from '../domain/matter.ts';
import type { Address } from '../domain/message.ts';
import type { StoredNotice } from '../domain/notices/notice.ts';
import { tokenHash } from '../domain/reply-token.ts';
import { isSameLetter } from '../domain/same-letter.ts';
import type { ScreeningKind } from '../domain/screening.ts';
import { isAnswerSubject, referenceIn } from '../domain/subject.ts';
import { chooseThread, linksOf, messageIdKey, type Thread } from '../domain/threading.ts';
import { canonicalSubject } from '../domain/topic.ts';
import type { Deps } from './deps.ts';
import { findMatter, type Matter, SameMatter } from './find-matter.ts';
import { rightsOf } from './new-notice.ts';
import type { StoredMessage, ThreadHit, TokenRow, Transaction } from './ports/store.ts';
import { addressedInboxes, type Reading } from './reading.ts';

/** What is asked of the store: in a transaction that locks, or in one that only reads. */
export type LookUps = Pick<
  Transaction,
  | 'findTokens'
  | 'findNotices'
  | 'findThreads'
  | 'findCustomer'
  | 'findContacts'
  | 'findRequestsOf'
  | 'findSubjects'
  | 'lockSettled'
  | 'lockConversations'
>;

/** What was found about a message. */
export type Findings = Matter & {
  readonly token: TokenRow | null;
  readonly notice: StoredNotice | null;
  readonly thread: Thread | null;
  readonly target: Conversation | null;
  readonly customer: Address | null;
  /** Whether its customer wrote it, or that of a request which became a part of it. */
  readonly fromCustomer: boolean;
  readonly contact: ContactId | null;
  /** A request that it does not belong to, and that its readers should know of. */
  readonly relates: Follows | null;
  /** The message which holds all that this one says, and came by another way. */
  readonly sameAs: MessageId | null;
};

type Message = Pick<StoredMessage, 'id' | 'inboxId' | 'role' | 'storedAt'>;
type FindDeps = Pick<Deps, 'policy'>;

export async function findThread(
  deps: FindDeps,
  tx: LookUps,
  message: Message,
  reading: Reading,
): Promise<Findings> {
  const tokens = await tx.findTokens(reading.tags.map(tokenHash));
  // The member's own token first, so that a mail to two of our addresses is read as what its sender may say.
  const token = tokens.find(({ member }) => member === reading.member) ?? tokens[0] ?? null;
  const notices = await tx.findNotices([...reading.tags, ...reading.answeredKeys]);
  const notice = firstNotice(notices, [...reading.tags, ...reading.answeredKeys]);
  const base = { token, notice };
  const inboxId = placeOf(deps, message, reading);
  const hits = await hitsIn(tx, [message.inboxId, inboxId], reading);
  const byIds = chooseThread(reading.mail, {
    fromToken: token?.conversationId ?? null,
    fromNotice: isDecisive(notice, reading) ? (notice?.conversationId ?? null) : null,
    byNotice: conversationsOf(notices),
    byOwnKey: known(hits, true),
    byReferringKey: known(hits, false),
    fromSubject: await fromSubject(deps, tx, reading),
  });
  const ask = { deps, tx, message: { ...message, inboxId }, reading, hits };
  const twin = await bySameId(ask);
  const search = byIds === null || twin.sameAs !== null ? twin : await guarded(ask, byIds);
  const thread = search.thread ?? (isNothing(search) ? await byCustomer(ask) : null);
  const found = thread === null ? null : await lock(tx, thread.conversationId);
  if (thread === null || found === null) return { ...base, ...Nothing, ...search, thread: null };
  return { ...base, ...Nothing, ...search, thread, ...(await about(ask, thread, found)) };
}

/** Whose request it would be: that of the inbox which its writer named first. What our side sent is where it was found. */
const placeOf = (deps: FindDeps, { role, inboxId }: Message, { mail }: Reading): InboxId =>
  role === 'sent' ? inboxId : addressedInboxes(mail, deps.policy(), inboxId)[0];

/** One letter to two inboxes must find the same request from either. */
async function hitsIn(tx: LookUps, inboxes: readonly InboxId[], { stored }: Reading): Promise<ThreadHit[]> {
  const keys = stored.threadKeys.map(({ key }) => key);
  const hits: ThreadHit[] = [];
  for (const inboxId of new Set(inboxes)) hits.push(...(await tx.findThreads(inboxId, keys)));
  return hits;
}

const Nothing = {
  target: null,
  customer: null,
  fromCustomer: false,
  contact: null,
  ...SameMatter,
  relates: null,
  sameAs: null,
};

/** One search: what is looked for, and where. */
type Ask = {
  readonly deps: FindDeps;
  readonly tx: LookUps;
  readonly message: Message;
  readonly reading: Reading;
  readonly hits: readonly ThreadHit[];
};

type Search = Pick<Findings, 'thread' | 'relates' | 'sameAs'>;

const isNothing = ({ thread, relates, sameAs }: Search): boolean =>
  thread === null && relates === null && sameAs === null;

// ── By ids ──

function firstNotice(
  found: readonly { readonly key: string; readonly notice: StoredNotice }[],
  keys: readonly string[],
): StoredNotice | null {
  for (const key of keys) {
    const notice = found.find((one) => one.key === key);
    if (notice !== undefined) return notice.notice;
  }
  return null;
}

/** It gives its sender a right, the mail was sent to its address, or a machine returns it. Any other is one id of many. */
const isDecisive = (notice: StoredNotice | null, { tags, mail }: Reading): boolean =>
  notice !== null && (rightsOf(notice) !== null || tags.length > 0 || mail.report !== null);

const conversationsOf = (
  notices: readonly { readonly key: string; readonly notice: StoredNotice }[],
): ReadonlyMap<string, ConversationId> =>
  new Map(
    notices.flatMap(({ key, notice: { conversationId } }) =>
      conversationId === null ? [] : [[key, conversationId] as const],
    ),
  );

const known = (hits: readonly ThreadHit[], own: boolean): ReadonlyMap<string, ConversationId> => {
  const found = new Map<string, ConversationId>();
  for (const hit of hits) {
    if (hit.own === own && hit.conversationId !== null && !found.has(hit.key))
      found.set(hit.key, hit.conversationId);
  }
  return found;
};

/**
 * Whoever learns the Message-ID of a mail before it is here could draw it into a request of their own by referring to
 * it. So of what overtook it only its own writer's mail, or what our side sent, holds it.
 */
async function guarded({ deps, tx, message, reading }: Ask, thread: Thread): Promise<Search> {
  const isTheirs =
    thread.evidence !== 'referenced-earlier' ||
    message.role === 'sent' ||
    reading.member !== null ||
    isFrom(
      writerOf(reading.mail, reading.sender, deps.policy()),
      await tx.findCustomer(thread.conversationId),
    );
  if (isTheirs) return { thread, relates: null, sameAs: null };
  const relates = { conversationId: thread.conversationId, why: 'answered-there' } as const;
  return { thread: null, relates, sameAs: null };
}

/** Of more mails under one id nobody looks at all. */
const TWINS_MAX = 5;

/**
 * Its own Message-ID came before, with other bytes. A list and its author send one letter twice; whatever else comes
 * under an id that is taken is kept and shown, since whoever knows an id could otherwise have a mail dropped.
 */
async function bySameId({ deps, tx, message, reading, hits }: Ask): Promise<Search> {
  const { messageId } = reading.mail;
  const none: Search = { thread: null, relates: null, sameAs: null };
  if (messageId === null || message.role === 'sent') return none;
  const key = messageIdKey(messageId);
  const twins = hits.filter((hit) => hit.own && hit.key === key && hit.messageId !== message.id);
  const writer = writerOf(reading.mail, reading.sender, deps.policy());
  let found = none;
  for (const { messageId: id } of twins.slice(0, TWINS_MAX)) {
    const twin = await tx.lockSettled(id);
    if (twin === null || twin.mail === null || twin.conversationId === null) continue;
    const { conversationId, mail } = twin;
    if (isFrom(writer, await tx.findCustomer(conversationId))) {
      if (isSameLetter(mail, reading.mail)) return { ...none, sameAs: id };
      const isOne = canonicalSubject(mail.subject) === canonicalSubject(reading.mail.subject);
      if (isOne) return { ...none, thread: { conversationId, evidence: 'same-id' } };
    }
    if (found.relates === null) found = { ...none, relates: { conversationId, why: 'same-id' } };
  }
  return found;
}

// ── By subject ──

/** `#1042` in a subject counts only from somebody who takes part: the number is public. */
async function fromSubject(deps: FindDeps, tx: LookUps, reading: Reading): Promise<ConversationId | null> {
  const id = referenceIn(reading.mail.subject);
  if (id === null) return null;
  const customer = await tx.findCustomer(id);
  const isMember = reading.member !== null && deps.policy().members.get(reading.member)?.active === true;
  const writer = writerOf(reading.mail, reading.sender, deps.policy());
  return isMember || isFrom(writer, customer) ? id : null;
}

/** A customer's requests that are looked through: older ones are no likely matter. */
const REQUESTS_MAX = 20;

/**
 * The last resort, for programs that name nothing they answer (Exchange) and services that give our mails ids of their
 * own on the way: a customer's own request in this inbox under just this subject.
 */
async function byCustomer({ deps, tx, message, reading, hits }: Ask): Promise<Thread | null> {
  const writer = message.role === 'sent' ? onlyRecipient(reading) : customerIn(deps, reading);
  // A subject is easily guessed, and a forged sender must not get into somebody's request by it.
  const isForged = reading.authentication.result === 'fail';
  if (!mayAnswerBySubject(reading) || writer === null || isForged) return null;
  const subject = canonicalSubject(reading.mail.subject);
  if (subject === '') return null;
  const requests = await tx.findRequestsOf(message.inboxId, writer.address, REQUESTS_MAX);
  const same = requests.filter((request) => canonicalSubject(request.subject) === subject);
  const referring = new Set(hits.filter(({ own }) => !own).map(({ conversationId }) => conversationId));
  const sibling = same.find(({ id }) => referring.has(id));
  if (sibling !== undefined) return { conversationId: sibling.id, evidence: 'same-ancestor' };
  return same[0] === undefined ? null : { conversationId: same[0].id, evidence: 'subject' };
}

const customerIn = (deps: FindDeps, { mail, sender, member }: Reading): Address | null =>
  member === null ? writerOf(mail, sender, deps.policy()) : null;

/** Whoever our side answered from the shared mailbox. */
const onlyRecipient = ({ mail: { to } }: Reading): Address | null =>
  to.length === 1 ? (to[0] ?? null) : null;

/** Whether it claims to answer something, so that its subject alone may tell what. Mere words never do. */
export const mayAnswerBySubject = ({ mail, screening }: Reading): boolean =>
  screening.kind === 'person' && (isAnswerSubject(mail.subject) || linksOf(mail).length > 0);

// ── About what was found ──

async function about(
  { deps, tx, message, reading }: Ask,
  thread: Thread,
  found: Conversation,
): Promise<Omit<Findings, keyof Search | 'token' | 'notice'>> {
  const target = await goneOn(tx, found, reading);
  const customer = await tx.findCustomer(target.id);
  const first = target === found ? customer : await tx.findCustomer(found.id);
  const writer = writerOf(reading.mail, reading.sender, deps.policy());
  const fromCustomer = isFrom(writer, customer) || isFrom(writer, first);
  const contact = await contactOf(tx, target.id, reading);
  const matter = fromCustomer
    ? await findMatter(deps, tx, message.storedAt, reading.mail, { thread, found, target })
    : SameMatter;
  return { target, customer, fromCustomer, contact, ...matter };
}

const lock = async (tx: LookUps, id: ConversationId): Promise<Conversation | null> =>
  (await tx.lockConversations([id])).get(id) ?? null;

/** A chain of merged requests that is longer is a mistake of somebody's, and its mail stays where it was found. */
const MERGED_MAX = 20;

/**
 * Where mail of this request goes on: a request that became a part of another has nobody who would read it. What a
 * machine says of a mail of ours stays with the request that the mail was about.
 */
async function goneOn(tx: LookUps, found: Conversation, { screening }: Reading): Promise<Conversation> {
  if (OfMachines.includes(screening.kind)) return found;
  let target = found;
  for (let step = 0; step < MERGED_MAX; step += 1) {
    const into = target.ended?.as === 'merged' ? target.ended.into : null;
    const next = into === null || into === found.id ? null : await lock(tx, into);
    if (next === null) return target;
    target = next;
  }
  return found;
}

const OfMachines: readonly ScreeningKind[] = [
  'bounce',
  'auto-reply',
  'delivery-status',
  'receipt',
  'feedback',
];

/** Whoever outside takes part, by the one address that the mail is from. */
async function contactOf(
  tx: LookUps,
  id: ConversationId,
  { sender, member }: Reading,
): Promise<ContactId | null> {
  if (sender === null || member !== null) return null;
  const contacts = await tx.findContacts(id);
  const found = [...contacts].find(([, { address }]) => sameAddress(address, sender.address));
  return found?.[0] ?? null;
}

const isFrom = (writer: Address | null, customer: Address | null): boolean =>
  writer !== null &&
  customer !== null &&
  customer.address !== '' &&
  sameAddress(writer.address, customer.address);
