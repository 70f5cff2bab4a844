/** Opens a request because a member said so: of a phone call, or of a mail that nobody could read. */
import { classify } from '../domain/classify.ts';
import { type Arrival, arrive } from '../domain/conversation/decide.ts';
import type { Address, Mail } from '../domain/message.ts';
import type { Policy } from '../domain/policy.ts';
import { lookInto } from './look-into.ts';
import type { CurrentModel } from './ports/model.ts';
import type { ConversationChange, Transaction } from './ports/store.ts';

export type OpenDeps = {
  readonly tx: Transaction;
  readonly policy: Policy;
  readonly model: CurrentModel;
};

/**
 * It is routed like any other; nobody gets a confirmation of what they did not write to us, or may not have. A member
 * vouches for the words, so that what was learned may choose; nobody is asked because of a customer who was only named.
 */
export async function openForMember(
  { tx, policy, model }: OpenDeps,
  arrival: Omit<Arrival, 'author' | 'acknowledge' | 'classified'>,
  mail: Mail,
  words: { readonly subject: string; readonly customer: Address },
): Promise<ConversationChange> {
  const { inboxId } = arrival;
  const ruled = classify(policy.rules, inboxId, mail);
  const { classified, because } = await lookInto(tx, {
    ...{ policy, model, inboxId, mail, ruled },
    mayNot: null,
    proved: null,
  });
  const { state, events } = arrive({ ...arrival, author: null, acknowledge: 'none', classified }, policy);
  return {
    before: null,
    after: state,
    events,
    words: { ...words, ...(because.length > 0 && { because }) },
  };
}
