/** Opens a request for a mail that answers nothing: whose it is, who answers for it, and whether its customer is told. */
import { classify } from '../domain/classify.ts';
import { arrive } from '../domain/conversation/decide.ts';
import type { Acknowledge } from '../domain/conversation/events.ts';
import { type Customer, customerOf, originalSenderOf } from '../domain/customer.ts';
import type { MemberId } from '../domain/ids.ts';
import type { Follows } from '../domain/matter.ts';
import type { Mail } from '../domain/message.ts';
import type { Policy } from '../domain/policy.ts';
import { doubtOf } from '../domain/sender-authentication/authentication.ts';
import { mayBeTold } from './acknowledgement.ts';
import { type Case, settled } from './case.ts';
import { lookInto } from './look-into.ts';
import { noticesOf } from './new-notice.ts';
import { addressedInboxes, type Reading } from './reading.ts';

export async function openRequest(item: Case, follows: Follows | null): Promise<void> {
  const { deps, tx, message, reading, ring } = item;
  const policy = deps.policy();
  const mail = aboutWhat(item);
  // Whoever forges a member's address must not keep that member from being asked.
  const author = doubtOf(reading.authentication) === null ? reading.member : null;
  // Its own copy may not have been read yet, and is a duplicate when it is.
  const [inboxId, ...others] = addressedInboxes(reading.mail, policy, message.inboxId);
  const conversationId = await tx.reserveConversation();
  const ruled = classify(policy.rules, inboxId, mail);
  const customer = customerOf(mail, reading.sender, ruled.customerInReplyTo, policy);
  // What a member passes on stays theirs until they have said whose it is: a guess is mailed to nobody.
  const passedOn = author !== null && isPassedOn(mail, policy);
  const person = isPersons(reading, customer);
  const { classified, because } = await lookInto(tx, {
    ...{ policy, model: deps.model, inboxId, mail, ruled },
    mayNot: whyNotChosen(reading, person, author),
    proved: isProved(reading, customer) && !passedOn ? customer.address.address : null,
  });
  const arrival = {
    conversationId,
    inboxId,
    messageId: message.id,
    storedAt: message.storedAt,
    author,
    acknowledge: passedOn ? ('none' as const) : howToAcknowledge(item, customer),
    person,
    text: null,
    unreached: await tx.isUnreached(customer.address.address),
    passedOn,
    follows,
    // Of a robot's mail each front desk would hear as often as it comes.
    also: person ? others : [],
    classified,
  };
  const { events, state, notices } = arrive(arrival, policy);
  const words = {
    subject: subjectOf(mail, passedOn),
    customer: customer.address,
    ...(because.length > 0 && { because }),
  };
  const written = await tx.write({
    conversations: [{ before: null, after: state, events, words }],
    messages: [settled(item, 'request', { conversationId, member: author })],
    notices: noticesOf(deps, notices, state.lastEventAt),
  });
  if (written.notices.length > 0) ring('deliver', written.notices);
  ring('route', [conversationId]);
}

/**
 * Nothing is learned from what a machine wrote or nobody is proved to have sent, so it has nothing to say of it for
 * certain; and a forged mail that comes from the front desk is looked at twice. Null: what was learned may choose.
 */
function whyNotChosen({ authentication, member }: Reading, person: boolean, author: MemberId | null) {
  if (!person) return 'what was learned may only suggest where a machine wrote';
  const isForged = authentication.result === 'fail' || (member !== null && author === null);
  return isForged ? 'what was learned may only suggest where the sender may be somebody else' : null;
}

/** Whom a form or a group names has proved nothing. */
const isProved = ({ authentication }: Reading, { known }: Customer): boolean =>
  authentication.result === 'pass' && known === 'sender';

/** Under the subject that it is about: an answer to our confirmation says "We have your message". */
export const aboutWhat = ({ reading, findings }: Pick<Case, 'reading' | 'findings'>): Mail =>
  findings.subject === null ? reading.mail : { ...reading.mail, subject: findings.subject };

/** From somebody outside, or from nobody that could be made out. */
const isPassedOn = (mail: Mail, policy: Policy): boolean =>
  originalSenderOf(mail, policy) !== null || (mail.forwarded !== null && mail.forwarded.from === null);

/** The customer reads it in every answer of ours, so it is theirs and not the one under which it was passed on. */
function subjectOf({ subject, forwarded }: Mail, passedOn: boolean): string {
  return passedOn && forwarded !== null && forwarded.subject.trim() !== '' ? forwarded.subject : subject;
}

const isPersons = ({ screening, sender }: Reading, { known }: Customer): boolean =>
  sender !== null && (screening.kind === 'person' || known === 'form');

/**
 * Their own words come back to those alone who are proved to have written them: whom a form or a group names is not.
 */
function howToAcknowledge({ deps, reading }: Case, customer: Customer): Acknowledge {
  const { result } = reading.authentication;
  // Forged senders made whole firms' confirmations into bombs with words of the forger's choice (Zendesk, 2025/26).
  if (result === 'fail' || !mayBeAnswered(reading, customer)) return 'none';
  if (!mayBeTold(deps.policy(), customer.address.address)) return 'none';
  return isProved(reading, customer) ? 'echo' : 'fixed';
}

function mayBeAnswered({ screening, sender }: Reading, { known }: Customer): boolean {
  const { kind, code, mayAcknowledge } = screening;
  if (sender === null) return false;
  switch (known) {
    case 'sender':
      return kind === 'person' && mayAcknowledge;
    case 'group':
      // The group stands in From, so that an answer would come to us; its author gets it instead.
      return kind === 'person' && (mayAcknowledge || code === 'from-us');
    case 'form':
      // The form asks for silence, and a rule says that a person waits behind it.
      return kind === 'person' || kind === 'notification';
    default:
      return known satisfies never;
  }
}
