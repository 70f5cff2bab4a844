/** Opens a request because a member said so: of a phone call, or of a mail that nobody could read. */
import { classify } from '../domain/classify.ts';
import { type Arrival, arrive } from '../domain/conversation/decide.ts';
import type { Address, Mail } from '../domain/message.ts';
import type { Policy } from '../domain/policy.ts';
import type { ConversationChange } from './ports/store.ts';

/** It is routed like any other; nobody gets a confirmation of what they did not write to us, or may not have. */
export function openForMember(
  policy: Policy,
  arrival: Omit<Arrival, 'author' | 'acknowledge' | 'classified'>,
  mail: Mail,
  words: { readonly subject: string; readonly customer: Address },
): ConversationChange {
  const { category, priority, ruleId, reason } = classify(policy.rules, arrival.inboxId, mail);
  const classified = { category, priority, ruleId, reason };
  const { state, events } = arrive({ ...arrival, author: null, acknowledge: 'none', classified }, policy);
  return { before: null, after: state, events, words };
}
