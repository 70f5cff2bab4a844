/**
 * The one way up for what somebody owns: its owner says nothing, owes the customer an answer, or is away. They hear of
 * it first; then others are asked, one after the other, to take it over, and in the end the final manager, who is
 * reminded until somebody decides. It stays its owner's on every rung, and whatever they do about it ends the climb.
 */
import { handoffBy, progressBy, remindAt, waitedUntil } from '../deadlines.ts';
import type { MemberId } from '../ids.ts';
import type { Duration, Instant } from '../instant.ts';
import { type Foothold, ladderFor, teamsOf, waitBefore } from '../ladder.ts';
import type { Rung } from '../policy.ts';
import { mention, type Reason } from '../reason.ts';
import { isHere, onCallAt, standInsFor, triageLeadAt } from '../roster.ts';
import { askToTakeOver, lastPerson, type Waiting, waitingFor, whoIsHere } from './asking.ts';
import type { ClimbCause } from './events.ts';
import type { Conversation } from './state.ts';
import type { Step } from './step.ts';

/** The time of its owner is over. */
export function progressOver(step: Step): void {
  const { climb, owner, answer } = step.state;
  if (owner === null) return;
  // Nobody has looked at it yet: it was owned before there was this clock.
  if (climb === undefined) return expectProgress(step, owner, step.now);
  climbOne(step, answer?.missed === true ? 'answer-missed' : 'silent');
}

/** The time that the customer was promised is over, and the owner has just been told. */
export function answerMissed(step: Step): void {
  const { climb, owner, offer } = step.state;
  const isBegun = climb !== undefined && climb.cause !== null;
  if (owner !== null && offer === null && !isBegun) climbOne(step, 'answer-missed', { told: true });
}

/** Something waits for an owner who is away: who can take it is asked. */
export function ownerAway(step: Step): void {
  const { owner, offer } = step.state;
  if (owner !== null && offer === null && !isHere(step.policy, owner, step.now)) climbOne(step, 'owner-away');
}

/** Whoever was asked by a clock did not take it. Whose owner is back from being away needs nobody in their place. */
export function climbFurther(step: Step): void {
  if (!isNeeded(step)) return;
  climbOne(step, step.state.climb?.cause ?? 'owner-away');
}

/** Whether what a clock asks is still to be asked: an owner who was away may be here again. */
export function isNeeded({ state, policy, now }: Step): boolean {
  const { owner, climb } = state;
  if (owner === null) return false;
  const cause = climb?.cause ?? 'owner-away';
  return cause !== 'owner-away' || !isHere(policy, owner, now);
}

/** From now on, or once what was laid aside is looked at again, its owner has their time. */
export function expectProgress(step: Step, owner: MemberId, from: Instant): void {
  const { state, policy } = step;
  const { answer, priority } = state;
  const [first] = ladderOf(step);
  const silent = progressBy(policy, owner, priority, from, first?.after ?? undefined);
  // A customer who was promised an answer by now does not wait for another two days of silence.
  const by = answer?.missed === true ? Math.min(silent, remindAt(policy, owner, from)) : silent;
  step.emit({ type: 'progress-expected', speakBy: by });
}

const ladderOf = ({ policy, state }: Step): readonly Rung[] => {
  const { inboxId, priority, classified, owner } = state;
  const { category = null, ruleId = null } = classified ?? {};
  return ladderFor(policy, { inboxId, category, priority, ruleId, owner }).owned;
};

/** One rung, whatever the time: the next is climbed when this one has had its span. */
function climbOne(step: Step, why: ClimbCause, { told } = { told: false }): void {
  const { state, policy, now } = step;
  const { owner } = state;
  if (owner === null) return;
  const cause = isHere(policy, owner, now) ? why : 'owner-away';
  const [next, ...later] = footholds(step, owner);
  if (next === undefined || next.is === 'last') return askLast(step, owner, cause);
  const wait = waitBefore(later);
  if (next.is !== 'member') {
    const length = (wait?.reminders[0] ?? wait?.last) || usualSpan(step, cause);
    const until = waitedUntil(policy, owner, length, state.priority, now);
    step.emit({ type: 'climbed', cause, rung: next.rung + 1, to: owner, next: until });
    if (!told) tellOwner(step, owner, cause, null);
    return;
  }
  // Who is asked after all others is not asked a second time as the last one.
  if (later[0]?.is === 'last' && next.to === lastPerson(step)) return askLast(step, owner, cause);
  const { to } = next;
  step.emit({ type: 'climbed', cause, rung: next.rung, to, next: null });
  if (!told) tellOwner(step, owner, cause, to);
  const usual = policy.clocks.handoff[state.priority];
  ask(step, to, owner, cause, wait === null ? byHandoff(step, to) : waitingFor(step, to, wait, usual));
}

/** How long an owner who was reminded is waited for once more. */
const usualSpan = ({ policy, state }: Step, cause: ClimbCause): Duration =>
  policy.clocks[cause === 'silent' ? 'progress' : 'handoff'][state.priority];

const byHandoff = ({ policy, state, now }: Step, to: MemberId): Waiting => ({
  acceptBy: handoffBy(policy, to, state.priority, now),
  remindAt: null,
});

/** The end: the final manager is reminded until somebody decides. When that is its owner, they are. */
function askLast(step: Step, owner: MemberId, cause: ClimbCause): void {
  const { policy, state, now } = step;
  const rung = ladderOf(step).length;
  const last = lastPerson(step);
  if (last === owner || last === state.author) {
    step.emit({ type: 'climbed', cause, rung, to: owner, next: remindAt(policy, owner, now) });
    return tellOwner(step, owner, cause, null);
  }
  step.emit({ type: 'climbed', cause, rung, to: last, next: null });
  tellOwner(step, owner, cause, last);
  ask(step, last, owner, cause, { acceptBy: null, remindAt: remindAt(policy, last, now) });
}

function ask(step: Step, to: MemberId, owner: MemberId, cause: ClimbCause, waiting: Waiting): void {
  askToTakeOver(step, to, null, null, reasonOf(owner, cause), waiting);
}

function reasonOf(owner: MemberId, cause: ClimbCause): Reason {
  const sentences: Readonly<Record<ClimbCause, string>> = {
    silent: `${mention(owner)} has said nothing`,
    'answer-missed': `${mention(owner)} owes an answer`,
    'owner-away': `${mention(owner)} is away`,
  };
  return { code: cause === 'silent' ? 'owner-silent' : cause, sentence: sentences[cause] };
}

/** `asked`: who is asked to take it now. Who is away has the mail of whatever waits for them, and nothing to decide. */
function tellOwner(step: Step, owner: MemberId, cause: ClimbCause, asked: MemberId | null): void {
  if (cause === 'owner-away') return;
  const { answer, climb } = step.state;
  const since = climb?.since ?? step.now;
  // Who was told a later time waits for that one, and it may still be kept.
  const overdue = answer !== null && answer.promised <= step.now ? answer.promised : null;
  step.tell(owner, { kind: 'no-progress', since, overdue, asked });
}

/** All that is left to climb: those who are here and were not asked, in turn, with the reminders between them. */
function footholds(step: Step, owner: MemberId): Foothold[] {
  const { policy, state, now } = step;
  const { rung: from, asked } = state.climb ?? { rung: 0, asked: [] };
  const found: Foothold[] = [];
  const out = new Set<MemberId | null>([owner, state.author, ...asked]);
  let waited = owner;
  for (const [at, rung] of ladderOf(step).entries()) {
    const { after } = rung;
    if (rung.to === 'final-manager') {
      found.push({ rung: at, is: 'last', after });
      break;
    }
    if (rung.to === 'remind') {
      const isForOwner = waited === owner && asked.length === 0 && isHere(policy, owner, now);
      const isForNext = found.some(({ is }) => is === 'member');
      if (at >= from && (isForOwner || isForNext)) found.push({ rung: at, is: 'reminder', after });
      continue;
    }
    for (const to of peopleOn(step, rung, waited)) {
      if (to !== owner) waited = to;
      if (at < from || out.has(to)) continue;
      out.add(to);
      found.push({ rung: at, is: 'member', to, after });
    }
  }
  return found;
}

/** Who is on a rung and here. `waited`: whoever is waited for before it. */
function peopleOn(step: Step, rung: Rung, waited: MemberId): readonly MemberId[] {
  const { policy, state, now } = step;
  switch (rung.to) {
    case 'backup':
      return standInsFor(policy, waited, now);
    case 'team':
      return teamOf(step, state).filter((id) => isHere(policy, id, now));
    case 'front-desk':
      return whoIsHere(step, triageLeadAt(policy, state.inboxId, now));
    case 'on-call': {
      const member = onCallAt(policy, state.inboxId, now);
      return member === null ? [] : whoIsHere(step, member);
    }
    case 'member':
      return whoIsHere(step, rung.member);
    default:
      return [];
  }
}

function teamOf({ policy }: Step, { classified, owner }: Conversation): readonly MemberId[] {
  const { category = null, ruleId = null } = classified ?? {};
  const teams = teamsOf(policy, { ruleId, category, owner });
  return teams.flatMap((id) => policy.teams.get(id)?.members ?? []);
}
