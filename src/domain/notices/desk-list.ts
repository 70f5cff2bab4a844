/**
 * The list of what a member has: in answer to "my requests", and as the list that they get in the morning if they want
 * it. What waits for them stands first, each in one line, and each may be answered with its number in front.
 */
import { type OnDesk, sortDesk, waitsForThem } from '../desk.ts';
import { type Block, type Doc, heading, list, own, paragraph, type Span, say, strong, words } from './doc.ts';
import { listedIn } from './listed.ts';
import type { NoticeBody } from './notice.ts';
import { byNumber, counted, footer } from './parts.ts';
import { at, customerText, helperOf, isReader, nameOf, type Scene, topicOf } from './scene.ts';
import type { DeskItem } from './view.ts';
import { NAME_MAX } from './words.ts';

const LISTED_MAX = 40;
const TOPIC_MAX = 60;

export function morningList(scene: Scene, _: NoticeBody & { readonly kind: 'morning-list' }): Doc {
  return [...deskList(scene), footer(scene)];
}

/** `Your day: 3 wait for you`, or how many there are. */
export function morningSubject(scene: Scene): string {
  const desk = onDesk(scene);
  const waiting = desk.filter(({ reason }) => waitsForThem(reason)).length + parkedOf(scene).length;
  return waiting > 0
    ? `Your list: ${waiting} waiting for you`
    : `Your list: ${counted(desk.length, 'request')}`;
}

export function deskList(scene: Scene): readonly Block[] {
  const desk = onDesk(scene);
  const parked = parkedOf(scene);
  if (desk.length + parked.length === 0)
    return [paragraph(say`You have nothing open, and nobody waits for an answer of yours.`)];
  const shown = answerable(scene, desk);
  const waiting = shown.filter(({ reason }) => waitsForThem(reason));
  const others = shown.filter(({ reason }) => !waitsForThem(reason));
  const more = desk.length - shown.length;
  return [
    paragraph(howMany(desk, parked.length)),
    ...part(scene, others.length > 0 ? say`Waiting for you` : null, waiting, parked),
    ...part(scene, waiting.length + parked.length > 0 ? say`Also yours` : null, others, []),
    ...(more > 0 ? [paragraph(say`And ${own(String(more))} more.`)] : []),
    ...howToAnswer(shown),
  ];
}

function howMany(desk: readonly OnDesk<DeskItem>[], parked: number): readonly Span[] {
  const waiting = desk.filter(({ reason }) => waitsForThem(reason)).length + parked;
  const all = desk.length === 0 ? null : strong(`You have ${counted(desk.length, 'request')}.`);
  if (waiting === 0) return say`${all} Nobody waits for you.`;
  if (waiting === desk.length && parked === 0)
    return [strong(`You have ${counted(waiting, 'request')}, and ${everyOne(waiting)} for you.`)];
  const verb = waiting === 1 ? 'waits' : 'wait';
  return say`${all}${all === null ? null : own(' ')}${own(String(waiting))} ${own(verb)} for you.`;
}

const everyOne = (count: number): string =>
  count === 1 ? 'it waits' : count === 2 ? 'both wait' : 'all wait';

function part(
  scene: Scene,
  title: readonly Span[] | null,
  desk: readonly OnDesk<DeskItem>[],
  parked: readonly (readonly Span[])[],
): readonly Block[] {
  const lines = [...desk.map((one) => deskLine(scene, one)), ...parked];
  if (lines.length === 0) return [];
  return [...(title === null ? [] : [heading(title)]), list(lines)];
}

function howToAnswer([first]: readonly OnDesk<DeskItem>[]): readonly Block[] {
  return first === undefined ? [] : [paragraph(byNumber(first.item.id))];
}

const onDesk = ({ view, reader }: Scene): readonly OnDesk<DeskItem>[] =>
  reader === null ? [] : sortDesk(view.mine ?? [], reader, view.now);

/** A number counts only for what was listed when the mail was written; it is shown as it is by now. */
function answerable({ view }: Scene, desk: readonly OnDesk<DeskItem>[]): readonly OnDesk<DeskItem>[] {
  const listed = listedIn(view.notice.body);
  if (listed === null) return desk.slice(0, LISTED_MAX);
  const ids = new Set(listed.map(({ conversationId }) => conversationId));
  return desk.filter(({ item }) => ids.has(item.id));
}

/** They have no number: what is said about one answers the mail about it. */
const parkedOf = (scene: Scene): readonly (readonly Span[])[] =>
  (scene.view.mineParked ?? []).map(
    ({ folder, receivedAt }) =>
      say`A mail that could not be read, in ${words(folder, NAME_MAX)} since ${at(scene, receivedAt)}: answer our mail about it`,
  );

/** `#1042 Leak under kitchen sink, Maria Lopez: an answer is due by 12:30, open since Tue 9:38`. */
function deskLine(scene: Scene, { item, reason }: OnDesk<DeskItem>): readonly Span[] {
  const { id, state, subject, customer } = item;
  const what = scene.withWords
    ? say` ${words(topicOf(subject), TOPIC_MAX)}, ${words(customerText(customer), NAME_MAX)}`
    : null;
  return say`${strong(`#${id}`)}${what}: ${share(scene, item, reason)}, open since ${at(scene, state.openedAt)}`;
}

function share(scene: Scene, { state }: DeskItem, reason: OnDesk<DeskItem>['reason']): readonly Span[] {
  const { offer, answer, helps, due, snooze, owner } = state;
  switch (reason) {
    case 'asked': {
      const until = offer?.acceptBy ?? null;
      return until === null
        ? say`you are asked to take it`
        : say`you are asked to take it, by ${at(scene, until)}`;
    }
    case 'answer':
      return say`${unowned(scene, owner)}${answerDue(scene, answer?.by ?? null)}`;
    case 'held':
      return say`an answer waits for your word`;
    case 'help': {
      const help = helps.find(({ of }) => of.type === 'member' && isReader(scene, of.member));
      if (help === undefined) return say`you were asked for help`;
      const who = isReader(scene, help.by) ? own('you') : nameOf(scene, help.by);
      return say`${who} asked you for help, ${at(scene, help.askedAt)}`;
    }
    case 'due':
      return say`was to be finished by ${due === null ? own('now') : at(scene, due.at)}`;
    case 'laid-aside':
      return say`laid aside until ${snooze === null ? own('later') : at(scene, snooze.until)}${answer === null ? null : say`; ${answerDue(scene, answer.by)}`}`;
    case 'handed-on':
      return offer === null
        ? say`${unowned(scene, owner)}yours`
        : say`${own(owner === null ? 'you answer for it' : 'yours')} until ${nameOf(scene, offer.to)} accepts`;
    case 'theirs':
      return say`${own(owner === null ? 'you answer for it until somebody accepts' : 'yours')}${due === null ? null : say`, to be finished by ${at(scene, due.at)}`}${withHelper(scene, helps)}`;
    default:
      return reason satisfies never;
  }
}

const unowned = (scene: Scene, owner: string | null): readonly Span[] | null =>
  isReader(scene, owner) ? null : say`you answer for it; `;

function answerDue(scene: Scene, by: number | null): readonly Span[] {
  if (by === null) return say`an answer is due`;
  const late = by <= scene.view.now;
  return say`an answer ${own(late ? 'was' : 'is')} due by ${at(scene, by)}`;
}

/** What it waits for, when its owner has asked somebody. */
function withHelper(scene: Scene, helps: DeskItem['state']['helps']): readonly Span[] | null {
  const [help] = helps;
  return help === undefined ? null : say`, ${helperOf(scene, help.of)} is asked for help`;
}
