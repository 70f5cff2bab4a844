/**
 * Whether a step was one forward: looked at once, at its end, so that no branch of a decision can forget it. Whatever
 * an owner does, or somebody in their place, gives them their time anew and takes back what a clock had asked others.
 */
import type { MemberId } from '../ids.ts';
import { withdrawOffer } from './asking.ts';
import { expectProgress } from './climbing.ts';
import { mayDecide } from './entitled.ts';
import type { ConversationEvent } from './events.ts';
import type { Step } from './step.ts';

/** Begins the clock of whoever owns it, and begins it anew. */
export function watchProgress(step: Step): void {
  const { state, events } = step;
  const { owner } = state;
  if (state.phase !== 'owned' || owner === null || events.length === 0) return;
  const latest = events.slice(events.findLastIndex(({ type }) => SEEN.includes(type)) + 1);
  const acts = latest.filter((event) => isAct(step, event));
  const { offer } = state;
  if (offer !== null && offer.by === null) {
    const end = acts.find((event) => endsClimb(step, event));
    if (end === undefined) return;
    withdrawOffer(step, 'owner-acted', { owner, actor: actorOf(end) ?? owner });
  }
  const isBegun = state.climb !== undefined && state.climb.cause !== null;
  const isNew = state.climb === undefined || latest.some(({ type }) => BEGINS.includes(type));
  // While somebody is asked by hand their clock runs, and the owner's begins when it has ended.
  const isAsked = step.state.offer !== null;
  const again = acts.length > 0 && (isBegun || !isAsked);
  const isOver = !isAsked && latest.some(({ type }) => ENDS_QUESTION.includes(type));
  const isNews = !isAsked && !isBegun && latest.some(({ type }) => NEWS.includes(type));
  if (!isNew && !again && !isOver && !isNews) return;
  expectProgress(step, owner, Math.max(step.now, step.state.snooze?.until ?? step.now));
}

type EventType = ConversationEvent['type'];

/** What was before these has had its effect. */
const SEEN: readonly EventType[] = ['climbed', 'progress-expected'];
const BEGINS: readonly EventType[] = ['accepted', 'reopened'];
const ENDS_QUESTION: readonly EventType[] = ['declined', 'lapsed', 'withdrawn', 'unreachable'];
/** What its owner has just been told, and needs time for. */
const NEWS: readonly EventType[] = ['snooze-ended', 'due-reached', 'help-answered', 'help-silent'];

const WHAT_IT_IS: readonly EventType[] = ['categorised', 'absorbed', 'split-off', 'also-split'];

/** Something was done about it by its owner, or by somebody who may decide in their place. */
function isAct(step: Step, event: ConversationEvent): boolean {
  if (event.type === 'answered-directly') return true;
  const actor = actorOf(event);
  if (actor === null) return false;
  // That somebody else is reminded is nothing that its owner does.
  if (event.type === 'nudged' && event.to !== step.state.owner) return false;
  return mayDecide(step, actor);
}

/** Whoever is asked is expected to answer the question, and a note from somebody else answers it for nobody. */
function endsClimb({ state }: Step, event: ConversationEvent): boolean {
  const actor = actorOf(event);
  // What it is, and which mails belong to it, says nothing of whose it is.
  if (WHAT_IT_IS.includes(event.type)) return false;
  if (actor === state.owner) return true;
  if (event.type === 'noted' || event.type === 'held') return false;
  return actor !== state.offer?.to || state.offer.acceptBy === null;
}

/** Who did it; null: nobody, or nothing that was done about the request. */
function actorOf(event: ConversationEvent): MemberId | null {
  switch (event.type) {
    case 'answered-directly':
    case 'offered':
    case 'categorised':
    case 'noted':
    case 'replied':
    case 'held':
    case 'released':
    case 'snoozed':
    case 'due-set':
    case 'nudged':
    case 'help-asked':
    case 'copied':
    case 'customer-changed':
    case 'absorbed':
    case 'split-off':
    case 'also-split':
      return event.by;
    default:
      return null;
  }
}
