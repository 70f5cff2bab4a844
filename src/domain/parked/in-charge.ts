/**
 * Whose turn it is with a mail that could not be read: the front desk or whoever stands in for it, then the final
 * manager or the first in charge who is here. Nobody who is away is chosen while anybody else of these is here.
 */
import type { InboxId, MemberId } from '../ids.ts';
import type { Instant } from '../instant.ts';
import type { Policy } from '../policy.ts';
import { isHere, standInsFor, triageLeadAt } from '../roster.ts';
import type { Rung } from './parked.ts';

export type Turn = { readonly to: MemberId; readonly rung: Rung };

export type Question = {
  readonly policy: Policy;
  readonly inboxId: InboxId;
  readonly now: Instant;
  /** Whom no mail reaches. */
  readonly without: readonly MemberId[];
};

/** Whoever has the front desk; whoever decides in the end when nobody of the desk is here. null: nobody is here. */
export function frontDeskTurn(question: Question): Turn | null {
  const { policy, inboxId, now } = question;
  const lead = triageLeadAt(policy, inboxId, now);
  const { triage } = policy.inboxes.get(inboxId) ?? {};
  const desk = [
    lead,
    ...standInsFor(policy, lead, now),
    ...(triage?.type === 'weekly' ? triage.members : []),
  ];
  const to = firstHere(question, desk);
  return to === null ? finalTurn(question) : { to, rung: 'front-desk' };
}

/** The final manager, while they are away whoever decides in their place. null: nobody is here. */
export function finalTurn(question: Question): Turn | null {
  const { policy, inboxId, now } = question;
  const inbox = policy.inboxes.get(inboxId);
  if (inbox === undefined) throw new RangeError(`no inbox ${inboxId} in the policy`);
  const { finalManager, finalManagerCover: cover, managers } = inbox;
  const standIns = standInsFor(policy, finalManager, now);
  const people = [finalManager, ...(cover === null ? [] : [cover]), ...standIns, ...managers];
  const to = firstHere(question, people);
  return to === null ? null : { to, rung: 'final' };
}

/** Whoever decides in the end; while none of them is here, the front desk has it back. null: nobody is here. */
export const turnAbove = (question: Question): Turn | null => finalTurn(question) ?? frontDeskTurn(question);

/** Nobody is here: it waits for whoever has the desk, and the first of these who comes back gets it. */
export const turnOfTheAway = ({ policy, inboxId, now }: Question): Turn => ({
  to: triageLeadAt(policy, inboxId, now),
  rung: 'front-desk',
});

function firstHere({ policy, now, without }: Question, people: readonly MemberId[]): MemberId | null {
  return people.find((id) => !without.includes(id) && isHere(policy, id, now)) ?? null;
}
