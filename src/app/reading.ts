/** What the classifier reads off one message before it looks anything up: pure, so that it happens outside of locks. */
import { isDeepStrictEqual } from 'node:util';
import { splitPlus } from '../domain/address.ts';
import type { InboxId, MemberId } from '../domain/ids.ts';
import type { Address, Mail } from '../domain/message.ts';
import type { Policy } from '../domain/policy.ts';
import { isKeyedName, keyOfMessageId } from '../domain/reply-token.ts';
import { memberByAddress } from '../domain/roster.ts';
import { type Screening, screen } from '../domain/screening.ts';
import { authenticateSender, senderQuestion } from '../domain/sender-authentication/authenticate-sender.ts';
import type {
  Authentication,
  SenderAuthentication,
  SenderQuestion,
} from '../domain/sender-authentication/authentication.ts';
import { contentHash, messageIdKey, threadKeys } from '../domain/threading.ts';
import type { MessageReading, StoredMail } from './ports/store.ts';

export type Reading = {
  readonly mail: Mail;
  readonly screening: Screening;
  /** The one sender; null when From names nobody or more than one, or the header can be read in two ways. */
  readonly sender: Address | null;
  readonly member: MemberId | null;
  /** Whether the mail is proved to be from its sender, customer or member. */
  readonly authentication: SenderAuthentication;
  /** What has to be asked of DNS to know that; null: nothing, or nothing hangs on it. */
  readonly question: SenderQuestion | null;
  /** Keyed names by which the mail was addressed: reply tokens, or notice keys of bounces. */
  readonly tags: readonly string[];
  /** Keyed names in the left halves of the Message-IDs that it answers, returns or refers to. */
  readonly answeredKeys: readonly string[];
  /** The keyed name in its own Message-ID. */
  readonly ownKey: string | null;
  readonly stored: MessageReading;
};

/** `found` is the inbox that the mail was found in, whose demands on the sender hold. */
export function readMail(mail: Mail, policy: Policy, found: InboxId): Reading {
  const own = [...policy.inboxes.values()].map(({ address }) => address);
  const screening = screen(mail, { addresses: own });
  const sender = mail.from.length === 1 && !isAmbiguous(mail) ? (mail.from[0] ?? null) : null;
  const member = sender === null ? null : memberByAddress(policy, sender.address);
  const demands = policy.inboxes.get(found)?.authentication ?? Strictest;
  const tags = tagsOf(mail, own);
  const answered = [...mail.inReplyTo, ...mail.references.toReversed(), mail.report?.originalMessageId ?? ''];
  const answeredKeys = unique(answered.map(keyOfMessageId));
  // Of a customer's mail only how its arrival is confirmed hangs on who sent it.
  const isToAcknowledge = screening.mayAcknowledge && tags.length === 0 && answeredKeys.length === 0;
  return {
    mail,
    screening,
    sender,
    member: member?.id ?? null,
    authentication: authenticateSender(mail, demands, () => member?.addresses ?? []),
    question: member !== null || isToAcknowledge ? senderQuestion(mail, demands) : null,
    tags,
    answeredKeys,
    ownKey: mail.messageId === null ? null : keyOfMessageId(mail.messageId),
    stored: {
      mail: withoutHeaders(mail),
      kind: screening.kind,
      contentHash: contentHash(mail),
      messageIdHash: mail.messageId === null ? null : messageIdKey(mail.messageId),
      threadKeys: threadKeys(mail),
    },
  };
}

/**
 * The same mail as the inbox demands whose request it would act on. A key is good by whichever of our addresses it
 * comes: otherwise whoever holds one would choose the inbox that asks for the least.
 */
export function asDemandedBy(target: InboxId, reading: Reading, policy: Policy, found: InboxId): Reading {
  const demands = policy.inboxes.get(target)?.authentication ?? Strictest;
  const known = policy.inboxes.get(found)?.authentication ?? Strictest;
  // What our own check found holds everywhere: it asks the domain of the sender and nobody of ours.
  const isSame =
    isDeepStrictEqual(demands, known) || (demands.mode === known.mode && known.mode === 'own-check');
  if (target === found || isSame) return reading;
  const member = reading.member === null ? undefined : policy.members.get(reading.member);
  const authentication = authenticateSender(reading.mail, demands, () => member?.addresses ?? []);
  return { ...reading, authentication };
}

/** For an inbox that has left the configuration meanwhile. */
const Strictest: Authentication = { mode: 'own-check', trustedHosts: [] };

/**
 * Whether two programs could read different senders out of this header. A filter in front of us may have judged one
 * of them and we would act for the other (USENIX Security 2020, "Composition Kills").
 */
function isAmbiguous({ warnings }: Mail): boolean {
  const doubts = ['from-many', 'headers-cut', 'header-space', 'bare-cr'];
  return warnings.some((warning) => doubts.some((doubt) => warning.startsWith(`${doubt}:`)));
}

/**
 * The inboxes that a mail was addressed to, with the one it was found in: two copies of it meet at one lock. In the
 * order in which its writer named them, To before Cc, then its envelope: every copy has the same first one, whose
 * request it is, unless neither header names any.
 */
export function addressedInboxes(
  { to, cc, deliveredTo }: Mail,
  policy: Policy,
  found: InboxId,
): [first: InboxId, ...others: InboxId[]] {
  const byAddress = new Map([...policy.inboxes.values()].map(({ id, address }) => [address, id]));
  const named = [...[...to, ...cc].map(({ address }) => address), ...deliveredTo];
  const inboxes = named.map((address) => byAddress.get(splitPlus(address).base.toLowerCase()) ?? null);
  const [first = found, ...others] = unique([...inboxes, found]);
  return [first, ...others];
}

function tagsOf(mail: Mail, own: readonly string[]): string[] {
  const tags = recipients(mail).flatMap((address) => {
    const { base, tag } = splitPlus(address);
    return tag !== null && isKeyedName(tag) && own.includes(base.toLowerCase()) ? [tag.toLowerCase()] : [];
  });
  return unique(tags);
}

const recipients = (mail: Mail): string[] => [
  ...mail.deliveredTo,
  ...[...mail.to, ...mail.cc].map(({ address }) => address),
];

function withoutHeaders(mail: Mail): StoredMail {
  const { headers: _, ...rest } = mail;
  return rest;
}

const unique = <T>(values: readonly (T | null)[]): T[] =>
  [...new Set(values.filter((value) => value !== null))] as T[];
