/** Settles one message that could be read: has looked up what it answers, judges it, and has it carried out. */
import { sameAddress } from '../domain/address.ts';
import { isCanary } from '../domain/canary.ts';
import type { MemberId } from '../domain/ids.ts';
import type { Address } from '../domain/message.ts';
import { replyToken, tokenHash } from '../domain/reply-token.ts';
import { doubtOf } from '../domain/sender-authentication/authentication.ts';
import { judge, type MessageFacts, type Verdict } from '../domain/verdict.ts';
import { carryOut } from './carry-out.ts';
import type { Deps } from './deps.ts';
import { type Findings, findThread, type LookUps } from './find-thread.ts';
import { rightsOf } from './new-notice.ts';
import type { Bell } from './ports/queue.ts';
import type { EarlierCopy, StoredMessage, Transaction } from './ports/store.ts';
import { asDemandedBy, type Reading } from './reading.ts';

export type SettleDeps = Pick<Deps, 'policy' | 'model' | 'secret' | 'newTextId'>;
export type Ring = (bell: Bell, ids: readonly number[]) => void;

export async function settleMessage(
  deps: SettleDeps,
  tx: Transaction,
  message: StoredMessage,
  found: Reading,
  ring: Ring,
): Promise<void> {
  const judged = await judgeMessage(deps, tx, message, found);
  await carryOut({ deps, tx, message, ...judged, ring });
}

export type Judged = {
  readonly reading: Reading;
  readonly findings: Findings;
  readonly verdict: Verdict;
};

/** What a message is, as things stand: asks, and changes nothing. */
export async function judgeMessage(
  deps: Pick<Deps, 'policy' | 'secret'>,
  tx: LookUps & Pick<Transaction, 'findEarlierCopy'>,
  message: Pick<StoredMessage, 'id' | 'inboxId' | 'role' | 'storedAt' | 'history'>,
  found: Reading,
): Promise<Judged> {
  const copy = await tx.findEarlierCopy(found.stored.contentHash, message.id);
  const findings = await findThread(deps, tx, message, found);
  const inbox = findings.target?.inboxId ?? message.inboxId;
  const reading = asDemandedBy(inbox, found, deps.policy(), message.inboxId);
  const verdict = judge({
    role: message.role,
    history: message.history,
    screening: reading.screening,
    own: isCanary(deps.secret, message.inboxId, reading.mail.messageId) || (await isOwn(tx, reading)),
    copyOf: copy !== null && isSameMail(copy, message) ? copy.id : findings.sameAs,
    member: reading.member,
    doubt: doubtOf(reading.authentication),
    right: rightOf(deps, findings),
    thread: findings.thread,
    target: findings.target && {
      done: findings.target.phase === 'done',
      fromCustomer: findings.fromCustomer,
      newMatter: findings.newMatter,
    },
    relates: findings.relates,
    contact: findings.contact,
    reachedCustomer: isAddressedTo(reading, findings.customer),
  });
  return { reading, findings, verdict };
}

/**
 * What we sent from one inbox to another is in one's Sent folder and in the other's inbox: there it is a request, and
 * the copy that was sent is none of it.
 */
const isSameMail = (copy: EarlierCopy, { role }: Pick<StoredMessage, 'role'>): boolean =>
  copy.role === role || copy.conversationId !== null;

async function isOwn(tx: LookUps, { ownKey }: Reading): Promise<boolean> {
  return ownKey !== null && (await tx.findNotices([ownKey])).length > 0;
}

function rightOf(
  { secret, policy }: Pick<Deps, 'policy' | 'secret'>,
  { token, notice }: Findings,
): MessageFacts['right'] {
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

const isAddressedTo = ({ mail }: Reading, customer: Address | null): boolean =>
  customer !== null && [...mail.to, ...mail.cc].some(({ address }) => sameAddress(address, customer.address));
