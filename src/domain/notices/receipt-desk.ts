/** Receipts about a member's own desk: what they have, how one request stands, and who stands in while they are away. */
import { askedInstead } from './absence.ts';
import { type Block, command, list, own, paragraph, type Span, say, strong, words } from './doc.ts';
import { listedIn } from './listed.ts';
import { counted, whoseNow } from './parts.ts';
import type { After, Done } from './receipt-kinds.ts';
import { at, customerText, isReader, nameOf, requestOf, type Scene, topicOf } from './scene.ts';
import { sinceWhen, whatWaits } from './standing.ts';
import type { DeskItem } from './view.ts';
import { NAME_MAX } from './words.ts';

export function status(scene: Scene, after: After): readonly Block[] {
  if (after === null) {
    return [
      paragraph(
        say`How a request stands you learn with ${command('status')} as the answer to a mail about it. All that you have: ${command('my requests')}.`,
      ),
    ];
  }
  const { state } = requestOf(scene);
  const waiting = whatWaits(scene);
  const whose =
    state.accountable !== null && isReader(scene, state.owner)
      ? say`It is yours`
      : withoutStop(whoseNow(scene, state));
  return [
    paragraph(say`${whose}${sinceWhen(scene)}.`),
    waiting.length > 0
      ? list(waiting)
      : paragraph(state.phase === 'done' ? say`Nothing is open.` : say`Nothing waits for anybody.`),
  ];
}

/** So that "since" can follow. */
function withoutStop(spans: readonly Span[]): readonly Span[] {
  const last = spans.at(-1);
  return last === undefined
    ? spans
    : [...spans.slice(0, -1), { ...last, text: last.text.replace(/\.$/, '') }];
}

const LISTED_MAX = 40;
const TOPIC_MAX = 60;

export function mine(scene: Scene): readonly Block[] {
  const desk = shownDesk(scene);
  if (desk.length === 0)
    return [paragraph(say`You have nothing open, and nobody waits for an answer of yours.`)];
  const shown = desk.slice(0, LISTED_MAX).map((item) => deskLine(scene, item));
  const more = desk.length - shown.length;
  return [
    paragraph(strong(`You have ${counted(desk.length, 'request')}.`)),
    list(more === 0 ? shown : [...shown, say`and ${own(String(more))} more`]),
  ];
}

/** What was listed when the mail was written, as it is by now: what is finished since is left out. */
export function shownDesk({ view }: Scene): readonly DeskItem[] {
  const list = listedIn(view.notice.body);
  const ids = new Set(list?.map(({ conversationId }) => conversationId));
  return (view.mine ?? []).filter(({ id }) => list === null || ids.has(id));
}

/** `#1042 Leak under kitchen sink, Maria Lopez: yours, open since Tue 9:38, an answer is due by 12:30`. */
function deskLine(scene: Scene, item: DeskItem): readonly Span[] {
  const { id, state, subject, customer } = item;
  const what = scene.withWords
    ? say` ${words(topicOf(subject), TOPIC_MAX)}, ${words(customerText(customer), NAME_MAX)}`
    : null;
  return say`#${own(String(id))}${what}: ${yourShare(scene, item)}, open since ${at(scene, state.openedAt)}${nextTime(scene, item)}`;
}

function yourShare(scene: Scene, { state }: DeskItem): readonly Span[] {
  const { owner, offer } = state;
  if (isReader(scene, owner)) {
    return offer === null ? say`yours` : say`yours until ${nameOf(scene, offer.to)} accepts`;
  }
  if (isReader(scene, offer?.to ?? null)) {
    const until = offer?.acceptBy ?? null;
    return until === null ? say`you are asked` : say`you are asked, by ${at(scene, until)}`;
  }
  return say`you answer for it until somebody accepts`;
}

/** What comes first of it: one time is enough on a phone. */
function nextTime(scene: Scene, { state }: DeskItem): readonly Span[] {
  const { answer, due, snooze } = state;
  if (answer !== null) {
    const late = answer.by <= scene.view.now;
    return say`, an answer ${own(late ? 'was' : 'is')} due by ${at(scene, answer.by)}`;
  }
  if (snooze !== null) return say`, laid aside until ${at(scene, snooze.until)}`;
  return due === null ? [] : say`, due ${at(scene, due.at)}`;
}

export function away(scene: Scene, result: Done): readonly Block[] {
  const { to, cover } = result;
  const self = to === null || isReader(scene, to);
  const who = self ? say`You are` : say`${nameOf(scene, to)} is`;
  const until = result.at === undefined ? null : say` until ${at(scene, result.at)}`;
  const instead = askedInstead(scene, self ? scene.reader : to);
  return [
    paragraph(
      say`${who} away${until}${before(scene, result)}.`,
      cover === undefined
        ? say`Meanwhile ${instead}.`
        : say`We asked ${nameOf(scene, cover)} to stand in; until they say yes, ${instead}.`,
    ),
    paragraph(
      self
        ? say`What you have stays yours; whatever of it cannot wait is put to who stands in. If you are back earlier, answer ${command('back')}.`
        : say`What they have stays theirs; whatever of it cannot wait is put to who stands in. They are told.`,
    ),
  ];
}

/** Said again, with another end. */
const before = (scene: Scene, { was }: Done): readonly Span[] | null =>
  was === undefined ? null : say`, instead of until ${at(scene, was)}`;

export function back(scene: Scene, { to, at: until }: Done): readonly Block[] {
  if (until !== undefined) {
    const who = to === null || isReader(scene, to) ? say`you are` : say`${nameOf(scene, to)} is`;
    return [
      paragraph(
        say`What was said by mail is taken back. In the configuration ${who} away until ${at(scene, until)}, and no mail changes that.`,
      ),
    ];
  }
  return to === null || isReader(scene, to)
    ? [
        paragraph(
          say`Welcome back: you are asked again from now on. What waits for you: ${command('my requests')}.`,
        ),
      ]
    : [paragraph(say`${nameOf(scene, to)} is back and asked again from now on. They are told.`)];
}
