/** Settles one message that could be read: looks up what it answers, judges it, and has it carried out. */
import { sameAddress } from '../domain/address.ts';
import { isCanary } from '../domain/canary.ts';
import type { Conversation } from '../domain/conversation/state.ts';
import { writerOf } from '../domain/customer.ts';
import type { ContactId, ConversationId, MemberId } from '../domain/ids.ts';
import type { Address } from '../domain/message.ts';
import type { StoredNotice } from '../domain/notices/notice.ts';
import { replyToken, tokenHash } from '../domain/reply-token.ts';
import type { ScreeningKind } from '../domain/screening.ts';
import { doubtOf } from '../domain/sender-authentication/authentication.ts';
import { referenceIn } from '../domain/subject.ts';
import { chooseThread, type Thread } from '../domain/threading.ts';
import { judge, type MessageFacts } from '../domain/verdict.ts';
import { carryOut } from './carry-out.ts';
import type { Deps } from './deps.ts';
import { rightsOf } from './new-notice.ts';
import type { Bell } from './ports/queue.ts';
import type { EarlierCopy, StoredMessage, TokenRow, Transaction } from './ports/store.ts';
import { asDemandedBy, type Reading } from './reading.ts';

export type SettleDeps = Pick<Deps, 'policy' | 'secret' | 'newTextId'>;
export type Ring = (bell: Bell, ids: readonly number[]) => void;

/** What was found about a message. */
export type Findings = {
  readonly token: TokenRow | null;
  readonly notice: StoredNotice | null;
  readonly thread: Thread | null;
  readonly target: Conversation | null;
  readonly customer: Address | null;
  /** Whether its customer wrote it, or that of a request which became a part of it. */
  readonly fromCustomer: boolean;
  readonly contact: ContactId | null;
};

export async function settleMessage(
  deps: SettleDeps,
  tx: Transaction,
  message: StoredMessage,
  found: Reading,
  ring: Ring,
): Promise<void> {
  const copy = await tx.findEarlierCopy(found.stored.contentHash, message.id);
  const findings = await find(deps, tx, message, found);
  const inbox = findings.target?.inboxId ?? message.inboxId;
  const reading = asDemandedBy(inbox, found, deps.policy(), message.inboxId);
  const verdict = judge({
    role: message.role,
    history: message.history,
    screening: reading.screening,
    own: isCanary(deps.secret, message.inboxId, reading.mail.messageId) || (await isOwn(tx, reading)),
    copyOf: copy !== null && isSameMail(copy, message) ? copy.id : null,
    member: reading.member,
    doubt: doubtOf(reading.authentication),
    right: rightOf(deps, findings),
    thread: findings.thread,
    target: findings.target && {
      done: findings.target.phase === 'done',
      fromCustomer: findings.fromCustomer,
    },
    contact: findings.contact,
    reachedCustomer: isAddressedTo(reading, findings.customer),
  });
  await carryOut({ deps, tx, message, reading, findings, verdict, ring });
}

/**
 * What we sent from one inbox to another is in one's Sent folder and in the other's inbox: there it is a request, and
 * the copy that was sent is none of it.
 */
const isSameMail = (copy: EarlierCopy, { role }: StoredMessage): boolean =>
  copy.role === role || copy.conversationId !== null;

async function isOwn(tx: Transaction, { ownKey }: Reading): Promise<boolean> {
  return ownKey !== null && (await tx.findNotices([ownKey])).length > 0;
}

async function find(
  deps: SettleDeps,
  tx: Transaction,
  { inboxId }: StoredMessage,
  reading: Reading,
): Promise<Findings> {
  const tokens = await tx.findTokens(reading.tags.map(tokenHash));
  // The member's own token first, so that a mail to two of our addresses is read as what its sender may say.
  const token = tokens.find(({ member }) => member === reading.member) ?? tokens[0] ?? null;
  const notice = await findNotice(tx, [...reading.tags, ...reading.answeredKeys]);
  const hits = await tx.findThreads(
    inboxId,
    reading.stored.threadKeys.map(({ key }) => key),
  );
  const known = (own: boolean) =>
    new Map(
      hits.flatMap((hit) =>
        hit.own === own && hit.conversationId !== null ? [[hit.key, hit.conversationId]] : [],
      ),
    );
  const thread = chooseThread(reading.mail, {
    fromToken: token?.conversationId ?? null,
    fromNotice: notice?.conversationId ?? null,
    byOwnKey: known(true),
    byReferringKey: known(false),
    fromSubject: await fromSubject(deps, tx, reading),
  });
  const found = thread === null ? null : await lock(tx, thread.conversationId);
  if (found === null) return { token, notice, ...NoTarget };
  const target = await goneOn(tx, found, reading);
  const customer = await tx.findCustomer(target.id);
  const first = target === found ? customer : await tx.findCustomer(found.id);
  const writer = writerOf(reading.mail, reading.sender, deps.policy());
  const fromCustomer = isFrom(writer, customer) || isFrom(writer, first);
  const contact = await contactOf(tx, target.id, reading);
  return { token, notice, thread, target, customer, fromCustomer, contact };
}

const NoTarget = { thread: null, target: null, customer: null, fromCustomer: false, contact: null };

const lock = async (tx: Transaction, id: ConversationId): Promise<Conversation | null> =>
  (await tx.lockConversations([id])).get(id) ?? null;

/** A chain of merged requests that is longer is a mistake of somebody's, and its mail stays where it was found. */
const MERGED_MAX = 20;

/**
 * Where mail of this request goes on: a request that became a part of another has nobody who would read it. What a
 * machine says of a mail of ours stays with the request that the mail was about.
 */
async function goneOn(tx: Transaction, found: Conversation, { screening }: Reading): Promise<Conversation> {
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
  tx: Transaction,
  id: ConversationId,
  { sender, member }: Reading,
): Promise<ContactId | null> {
  if (sender === null || member !== null) return null;
  const contacts = await tx.findContacts(id);
  const found = [...contacts].find(([, { address }]) => sameAddress(address, sender.address));
  return found?.[0] ?? null;
}

async function findNotice(tx: Transaction, keys: readonly string[]): Promise<StoredNotice | null> {
  const found = await tx.findNotices(keys);
  for (const key of keys) {
    const notice = found.find((one) => one.key === key);
    if (notice !== undefined) return notice.notice;
  }
  return null;
}

function rightOf({ secret, policy }: SettleDeps, { token, notice }: Findings): MessageFacts['right'] {
  const isActive = (member: MemberId | null) =>
    member !== null && policy().members.get(member)?.active === true;
  if (token !== null) {
    const { member, conversationId, hash } = token;
    return { member, conversationId, hash, by: 'token', isActive: isActive(member) };
  }
  const rights = notice && rightsOf(notice);
  if (rights === null) return null;
  const { member, conversationId } = rights;
  const hash = tokenHash(replyToken(secret, rights));
  return { member, conversationId, hash, by: 'message-id', isActive: isActive(member) };
}

/** `#1042` in a subject counts only from somebody who takes part: the number is public. */
async function fromSubject(
  deps: SettleDeps,
  tx: Transaction,
  reading: Reading,
): Promise<ConversationId | null> {
  const id = referenceIn(reading.mail.subject);
  if (id === null) return null;
  const customer = await tx.findCustomer(id);
  const known = reading.member !== null && deps.policy().members.get(reading.member)?.active === true;
  const writer = writerOf(reading.mail, reading.sender, deps.policy());
  return known || isFrom(writer, customer) ? id : null;
}

const isFrom = (writer: Address | null, customer: Address | null): boolean =>
  writer !== null &&
  customer !== null &&
  customer.address !== '' &&
  sameAddress(writer.address, customer.address);

const isAddressedTo = ({ mail }: Reading, customer: Address | null): boolean =>
  customer !== null && [...mail.to, ...mail.cc].some(({ address }) => sameAddress(address, customer.address));
