/**
 * Of which requests something may be learned, and how well their sender is known: what a stranger could forge or send by
 * the thousand must not decide what the team is asked. Pure, from events alone.
 *
 * Learned from is what a person wrote as a customer, or filled into a form of ours. Never: what machines sent, what
 * members wrote as customers or took down, and mail whose sender was proved to be forged, which is the same that gets no
 * confirmation. What a member passes on counts once they have said whose it is.
 */
import type { ConversationEvent } from '../conversation/events.ts';
import type { Policy } from '../policy.ts';
import type { ScreeningKind } from '../screening.ts';

/** `not-asked`: the inbox has no proof of anybody, so that it says nothing about this one. */
export type SenderKnown = 'proved' | 'form' | 'unproved' | 'not-asked';

/** null: nothing is learned from it. `kind`: of the mail that opened it. */
export function senderKnown(
  events: readonly ConversationEvent[],
  kind: ScreeningKind | null,
  policy: Policy,
): SenderKnown | null {
  const [arrival] = events;
  if (arrival?.type !== 'arrived' || !arrival.person || arrival.text !== null) return null;
  if (kind !== 'person' && kind !== 'notification') return null;
  // A member said whose it is, and answers for that.
  if (events.some(({ type }) => type === 'customer-changed')) return 'proved';
  if (arrival.author !== null || arrival.acknowledge === 'none') return null;
  // Nobody but a form that a rule names is a machine that writes for a person.
  if (kind === 'notification') return 'form';
  if (arrival.acknowledge === 'echo') return 'proved';
  return provesSenders(policy, arrival.inboxId) ? 'unproved' : 'not-asked';
}

function provesSenders({ inboxes }: Policy, inboxId: string): boolean {
  const demands = inboxes.get(inboxId)?.authentication;
  if (demands === undefined || demands.mode === 'own-check') return true;
  return demands.mode === 'mail-server' && demands.results !== null;
}
