/** How a request stands: what was promised, what is due, and what is open with others. */
import { type Help, unreachedSince } from '../conversation/state.ts';
import { type Block, heading, joined, list, named, own, quotation, type Span, say } from './doc.ts';
import {
  at,
  contactOf,
  customerOf,
  helperOf,
  isReader,
  messageOf,
  nameOf,
  nameOrYou,
  requestOf,
  type Scene,
  textOf,
  writerOf,
} from './scene.ts';

const WORDS_MAX = 160;

/** What whoever takes over has to keep towards the customer: the time of an answer, a date, the last that was said. */
export function promises(scene: Scene): readonly Block[] {
  const items = [answerOwed(scene), lastSaid(scene)].filter((item) => item !== null);
  const dates = [dueDate(scene), restsUntil(scene)].filter((item) => item !== null);
  return [
    ...(items.length === 0 ? [] : [heading(say`Promised to ${customerOf(scene)}`), list(items)]),
    ...(dates.length === 0 ? [] : [heading(say`Dates`), list(dates)]),
  ].map((block) => named('promises', block));
}

function answerOwed(scene: Scene): readonly Span[] | null {
  const { answer } = requestOf(scene).state;
  if (answer === null) return null;
  const late = answer.missed ? say` (it was to come earlier)` : null;
  // What clocks do after it is ours: the customer counts on what they were told.
  return answer.promised <= scene.view.now
    ? say`an answer by ${at(scene, answer.promised)}, which is over`
    : say`an answer by ${at(scene, answer.promised)}${late}`;
}

/** The latest that our side wrote to the customer: it is what they count on. */
function lastSaid(scene: Scene): readonly Span[] | null {
  const { events } = requestOf(scene);
  const event = events.findLast(({ type }) => type === 'replied' || type === 'answered-directly');
  if (event?.type === 'replied') {
    const text = textOf(scene, event.text);
    if (text === null || !scene.withWords) return null;
    return say`${nameOf(scene, event.by)} wrote ${at(scene, event.at)}: ${quotation(text, WORDS_MAX)}`;
  }
  const message = event?.type === 'answered-directly' ? messageOf(scene, event.messageId) : null;
  if (message === null || !scene.withWords) return null;
  return say`${writerOf(scene, message)} wrote ${at(scene, message.storedAt)}: ${quotation(message.text, WORDS_MAX)}`;
}

function dueDate(scene: Scene): readonly Span[] | null {
  const { due } = requestOf(scene).state;
  return due === null
    ? null
    : say`to be finished by ${at(scene, due.at)} (${nameOrYou(scene, due.by)} set that)`;
}

function restsUntil(scene: Scene): readonly Span[] | null {
  const { snooze } = requestOf(scene).state;
  return snooze === null ? null : say`laid aside until ${at(scene, snooze.until)}`;
}

/** What others were asked and have not done: questions to helpers, answers that wait to be sent. */
export function openWithOthers(scene: Scene): readonly (readonly Span[])[] {
  const { helps, held } = requestOf(scene).state;
  return [
    ...helps.map((help) => openQuestion(scene, help)),
    ...held.map(({ by, text }) => {
      const words = textOf(scene, text);
      const what = words === null || !scene.withWords ? null : say`: ${quotation(words, WORDS_MAX)}`;
      const whose = isReader(scene, by) ? own('yours') : nameOf(scene, by);
      return say`an answer of ${whose} was not sent yet${what}`;
    }),
  ];
}

function openQuestion(scene: Scene, { of, by, text, askedAt }: Help): readonly Span[] {
  const question = textOf(scene, text);
  const what = question === null || !scene.withWords ? null : say`: ${quotation(question, WORDS_MAX)}`;
  return say`${nameOrYou(scene, by)} asked ${helperOf(scene, of)} for help, ${at(scene, askedAt)}${what}`;
}

/** `Joe Plumber gets a copy of what Maria is sent`, or null. */
export function inCopy(scene: Scene): readonly Span[] | null {
  const { copied } = requestOf(scene).state;
  if (copied.length === 0) return null;
  const names = joined(
    copied.map((id) => contactOf(scene, id)),
    ', ',
  );
  return say`in copy of what ${customerOf(scene)} is sent: ${names}`;
}

/** Each in one line: for whom or what this request waits. */
export function whatWaits(scene: Scene): readonly (readonly Span[])[] {
  const { state } = requestOf(scene);
  const { offer, answer } = state;
  const asked = offer === null ? null : say`${asks(scene, offer.to)}${untilThen(scene, offer.acceptBy)}`;
  const owed =
    answer === null ? null : say`${customerOf(scene)} should have an answer by ${at(scene, answer.promised)}`;
  return [
    asked,
    owed,
    mailComesBack(scene),
    dueDate(scene),
    restsUntil(scene),
    ...openWithOthers(scene),
    inCopy(scene),
  ].filter((line) => line !== null);
}

function mailComesBack(scene: Scene): readonly Span[] | null {
  const since = unreachedSince(requestOf(scene).state);
  return since === null ? null : say`mail to ${customerOf(scene)} comes back, since ${at(scene, since)}`;
}

const asks = (scene: Scene, to: string): readonly Span[] =>
  isReader(scene, to) ? say`you are asked to take it` : say`${nameOf(scene, to)} is asked to take it`;

const untilThen = (scene: Scene, acceptBy: number | null): readonly Span[] =>
  acceptBy === null ? [] : say`, until ${at(scene, acceptBy)}`;

/** ` since 9:41`, of whoever has it; nothing while nobody does. */
export function sinceWhen(scene: Scene): readonly Span[] {
  const { state, events } = requestOf(scene);
  if (state.owner === null || state.phase === 'done') return [];
  const accepted = events.findLast((event) => event.type === 'accepted' && event.by === state.owner);
  return accepted === undefined ? [] : say`, since ${at(scene, accepted.at)}`;
}
