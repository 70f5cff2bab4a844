/**
 * Who is asked, and who is asked next. Asking never moves accountability, except at the very top: what nobody on
 * the ladder accepted is the final manager's from then on.
 */
import { acceptBy, handoffBy, remindAt, waitedUntil } from '../deadlines.ts';
import type { MemberId, TextId } from '../ids.ts';
import type { Duration, Instant } from '../instant.ts';
import type { Wait } from '../ladder.ts';
import { choicesOf } from '../learning/authority.ts';
import type { Guess } from '../learning/proposal.ts';
import type { Policy } from '../policy.ts';
import { mention, type Reason } from '../reason.ts';
import { finalManagerAt, isAvailable, standInsFor } from '../roster.ts';
import type { Silence, WithdrawnWhy } from './events.ts';
import type { Conversation, Offer } from './state.ts';
import type { Step } from './step.ts';

/** `actor`: whose word it follows, who reads in the receipt what comes of it. */
type Following = { readonly corrected?: boolean; readonly actor?: MemberId };

/**
 * Asks the next person of the chain who is here and was not asked yet; at its end, the final manager. `corrected`: the
 * request was taken for something else, and who comes now is the first to be asked for what it is.
 */
export function askNext(step: Step, reason: Reason, { corrected = false, actor }: Following = {}): void {
  const { state, policy } = step;
  const at = step.now;
  const people = state.chain.flatMap((id, place) => whoIsHere(step, id).map((here) => ({ here, place })));
  const next = people.find(({ here }) => !state.asked.includes(here) && here !== state.author);
  if (next === undefined) return askFinalManager(step, reason, actor);
  const { here: to, place } = next;
  const first = state.asked.length === 0 || corrected;
  const wait = state.waits?.[place] ?? null;
  const waiting =
    wait === null
      ? { acceptBy: acceptBy(policy, to, state.priority, at), remindAt: null }
      : waitingFor(step, to, wait, policy.clocks.accept[state.priority]);
  step.emit({
    type: 'offered',
    to,
    kind: first ? 'offer' : 'escalation',
    by: null,
    ...waiting,
    rung: first ? state.rung : state.rung + 1,
    note: null,
    reason,
  });
  tellOffer(step, reason);
}

/** Until when somebody who is asked is waited for, and when they hear of it again. */
export type Waiting = {
  readonly acceptBy: Instant | null;
  readonly remindAt: Instant | null;
  readonly reminders?: readonly Instant[];
};

/** As long as the ladder says; `usual`: what the clocks say. */
export function waitingFor(step: Step, to: MemberId, { reminders, last }: Wait, usual: Duration): Waiting {
  const { policy, state, now } = step;
  const ends: Instant[] = [];
  let length = 0;
  for (const span of [...reminders, last]) {
    length += span ?? usual;
    ends.push(waitedUntil(policy, to, length, state.priority, now));
  }
  const again = ends.slice(0, -1);
  return { acceptBy: ends.at(-1) ?? now, remindAt: null, ...(again.length > 0 && { reminders: again }) };
}

/** The member, or while they are away those who stand in for them. */
export function whoIsHere({ policy, now }: Step, id: MemberId): MemberId[] {
  const member = policy.members.get(id);
  return member !== undefined && isAvailable(member, now) ? [id] : standInsFor(policy, id, now);
}

/** Who is asked when a member means `meant`: while they are away, the nearest who stands in and may take it. */
export function insteadOf(step: Step, meant: MemberId, by: MemberId): MemberId {
  const { author, owner } = step.state;
  if (step.policy.members.get(meant)?.active !== true) return meant;
  return whoIsHere(step, meant).find((id) => id === meant || ![by, author, owner].includes(id)) ?? meant;
}

/** The top of the ladder: they answer for it until a person accepts, and are reminded, never timed out. */
export function askFinalManager(step: Step, reason: Reason, actor?: MemberId): void {
  const { policy } = step;
  const before = step.state.accountable;
  const final = lastPerson(step);
  if (before !== final) step.emit({ type: 'accountability-moved', to: final, why: 'nobody-accepted' });
  const { state } = step;
  step.emit({
    type: 'offered',
    to: final,
    kind: 'escalation',
    by: null,
    acceptBy: null,
    remindAt: remindAt(policy, final, step.now),
    rung: state.rung + 1,
    note: null,
    reason,
  });
  step.tell(final, { kind: 'last-asked', reminder: false });
  if (before !== final && before !== actor) step.tell(before, { kind: 'moved-up', to: final });
}

/** Who decides at the end: the final manager, or who stands in while they are away or when they wrote it themselves. */
export const lastPerson = ({ policy, state, now }: Step): MemberId =>
  finalManagerAt(policy, state.inboxId, now, state.author);

/** A member asks another to take it; whoever was being asked is told that they need not answer. */
export function askByHand(step: Step, to: MemberId, by: MemberId, note: TextId | null): void {
  const acceptBy = handoffBy(step.policy, to, step.state.priority, step.now);
  const reason = { code: 'asked-by-member', sentence: `asked by ${mention(by)}` };
  askToTakeOver(step, to, by, note, reason, { acceptBy, remindAt: null });
}

/**
 * Somebody is asked to take over what another owns or answers for. `by` null: a clock asks, because of its owner. The
 * last of them is only reminded.
 */
export function askToTakeOver(
  step: Step,
  to: MemberId,
  by: MemberId | null,
  note: TextId | null,
  reason: Reason,
  waiting: Waiting,
): void {
  const { rung } = step.state;
  step.emit({ type: 'offered', to, kind: 'handoff', by, ...waiting, rung, note, reason });
  const accountable = accountableOf(step.state);
  const { acceptBy } = waiting;
  step.tell(to, { kind: 'handoff', by, acceptBy, accountable, note, ...silenceOf(step.state, by) });
}

/** What a clock asks because its owner is silent says so; without it, they are away. */
function silenceOf({ climb }: Conversation, by: MemberId | null): { silent?: Silence } {
  if (by !== null || climb === undefined) return {};
  const { cause, since } = climb;
  return cause === null || cause === 'owner-away' ? {} : { silent: { cause, since } };
}

/**
 * Closes an open offer that is overtaken. Who was asked is told that they need not answer, and whose it is now
 * (`owner`, if anybody's), unless it was their own doing (`actor`).
 */
export function withdrawOffer(
  step: Step,
  why: WithdrawnWhy,
  { owner, actor }: { owner: MemberId | null; actor: MemberId },
): void {
  const { offer } = step.state;
  if (offer === null) return;
  step.emit({ type: 'withdrawn', to: offer.to, why });
  if (offer.to !== actor) step.tell(offer.to, { kind: 'withdrawn', why, owner });
}

/** Tells whoever waits for the answer to a question asked by hand that it was no; the ladder is the caller's. */
export function afterDecline(step: Step, offer: Offer, note: TextId | null, passedTo: MemberId | null): void {
  const outcome = passedTo === null ? 'declined' : 'passed-on';
  const told = new Set([step.state.owner, offer.by]);
  told.delete(offer.to);
  // Whoever is asked next reads so in the question itself.
  told.delete(passedTo);
  for (const member of told) {
    step.tell(member, { kind: 'handoff-outcome', to: offer.to, outcome, note, passedTo });
  }
}

/** Whoever owns it, or owned it last, while they are in the team. */
export const activeOwner = ({ owner }: Conversation, policy: Policy): MemberId | null =>
  owner !== null && policy.members.get(owner)?.active ? owner : null;

/** Who answers for a conversation that is not done. */
function accountableOf(state: Conversation): MemberId {
  if (state.accountable === null) throw new Error(`conversation ${state.id} is done: nobody answers for it`);
  return state.accountable;
}

/** The reason itself stands with the first question. */
const AGAIN: Reason = { code: 'asked-again', sentence: 'you were asked before' };

function tellOffer(step: Step, reason: Reason): void {
  const { offer } = step.state;
  if (offer === null || offer.kind === 'handoff') throw new Error('an offer was just made');
  step.tell(offer.to, {
    kind: 'offer',
    acceptBy: offer.acceptBy,
    accountable: accountableOf(step.state),
    reason,
    ...choices(step),
  });
}

/** Where nobody was found, whoever is asked may say what it is. */
function choices({ policy, state }: Step): { choices?: readonly Guess[] } {
  const found = choicesOf(policy, state.inboxId, state.classified);
  return found.length === 0 ? {} : { choices: found };
}

/** Who is asked reads the question a second time. */
export function tellAgain(step: Step): void {
  const { offer } = step.state;
  if (offer === null) throw new Error('only an open question is put again');
  const { to, by, acceptBy, note } = offer;
  const accountable = accountableOf(step.state);
  if (offer.kind !== 'handoff') {
    const body = { kind: 'offer', acceptBy, accountable, reason: AGAIN, reminder: true } as const;
    return step.tell(to, { ...body, ...choices(step) });
  }
  step.tell(to, {
    kind: 'handoff',
    by,
    acceptBy,
    accountable,
    note,
    ...silenceOf(step.state, by),
    reminder: true,
  });
}
