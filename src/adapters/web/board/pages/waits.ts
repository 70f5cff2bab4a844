/** What waits for a request: the clocks that run, whom each waits for, and what follows when nobody does anything. */
import { type Consequence, consequencesOf } from '../../../../domain/consequences.ts';
import { foresee } from '../../../../domain/conversation/foresee.ts';
import {
  nextDueAt,
  type RunningClock,
  runningClocks,
} from '../../../../domain/conversation/running-clocks.ts';
import type { Conversation } from '../../../../domain/conversation/state.ts';
import { type Html, html } from '../../html.ts';
import { customerWord, type Look, nameOf } from './look.ts';
import { NOTHING } from './parts.ts';
import { clockTime, untilThen } from './times.ts';

export function waitsNext(look: Look, state: Conversation): Html {
  const clocks = runningClocks(state).toSorted((a, b) => a.at - b.at);
  if (clocks.length === 0) return NOTHING;
  const follows = whatFollows(look, state, clocks);
  return html`<section class="panel"><h2>What waits</h2><ul class="waits">${clocks.map(
    (clock) =>
      html`<li>${clockWords(look, state, clock)}<br><span class="soft small">${isAsking(clock) ? 'until ' : ''}${clockTime(look, clock.at)}, ${untilThen(look, clock.at)}</span></li>`,
  )}</ul>${follows === '' ? NOTHING : html`<p class="small soft">If nothing happens by then: ${follows}.</p>`}</section>`;
}

const isAsking = ({ clock }: RunningClock): boolean => clock === 'accept' || clock === 'handoff';

function clockWords(look: Look, state: Conversation, { clock, waitsFor }: RunningClock): string {
  const who =
    waitsFor === null
      ? ''
      : typeof waitsFor === 'string'
        ? nameOf(look, waitsFor)
        : waitsFor.type === 'member'
          ? nameOf(look, waitsFor.member)
          : 'somebody outside';
  const customer = customerWord(look, state.inboxId);
  switch (clock) {
    case 'accept':
      return `${who} is asked to take it`;
    case 'handoff':
      return `${who} is asked to take it over`;
    case 'ask-again':
      return `${who} is asked once more`;
    case 'last-person':
      return `${who} is reminded to decide who takes it`;
    case 'progress':
      return `${who} is expected to do or say something`;
    case 'answer-warning':
      return `${who} is told that the ${customer}'s time runs out`;
    case 'answer':
      return `The ${customer} is owed an answer`;
    case 'snooze':
      return `It rests, then ${who} has it on the desk again`;
    case 'due':
      return `${who} means to be finished`;
    case 'help':
      return `${who} is asked for help`;
    default:
      return clock satisfies never;
  }
}

/** By the function that will do it in earnest. */
function whatFollows(look: Look, state: Conversation, clocks: readonly RunningClock[]): string {
  const due = nextDueAt(state);
  if (due === null) return '';
  const { rings } = foresee(look.policy, state, {
    now: Math.max(look.now, state.lastEventAt + 1),
    until: Math.max(due, look.now, state.lastEventAt + 1),
    max: 1,
  });
  const [first] = rings;
  return first === undefined
    ? ''
    : consequencesOf(first.decision)
        .filter((one) => !clocks.some((clock) => clock.at <= due && isSaid(clock, one)))
        .map((one) => inWords(look, one))
        .join(', ');
}

/** A clock that reminds somebody is told as just that. */
const isSaid = ({ clock, waitsFor }: RunningClock, one: Consequence): boolean =>
  (clock === 'last-person' || clock === 'ask-again') && one.what === 'reminded' && one.member === waitsFor;

function inWords(look: Look, one: Consequence): string {
  switch (one.what) {
    case 'asked':
      return `${nameOf(look, one.member)} is asked`;
    case 'accountable':
      return `${nameOf(look, one.member)} answers for it`;
    case 'reminded':
      return `${nameOf(look, one.member)} is reminded`;
    case 'asked-no-more':
      return `${nameOf(look, one.member)} is no longer asked`;
    case 'told':
      return `${nameOf(look, one.member)} is told`;
    case 'customer-told':
      return 'whoever wrote is told';
    case 'outsider-told':
      return 'somebody outside is reminded';
    default:
      return one satisfies never;
  }
}
