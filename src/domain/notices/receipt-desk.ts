/** Receipts about a member's own desk: what they have, how one request stands, and who stands in while they are away. */
import { askedInstead } from './absence.ts';
import { type Block, command, list, own, paragraph, type Span, say, strong } from './doc.ts';
import { whoseNow } from './parts.ts';
import type { After, Done } from './receipt-kinds.ts';
import { at, inboxName, isReader, nameOf, requestOf, type Scene, shortName } from './scene.ts';
import { sinceWhen, whatWaits } from './standing.ts';

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

/** They have proved that their answers arrive and count: nothing else was asked. */
export const ready = (scene: Scene): readonly Block[] => [
  paragraph(
    strong('You are ready.'),
    say`Your answer came from the address that is yours, and counts.`,
    say`The next mail comes when ${inboxName(scene)} needs you.`,
  ),
];

export function away(scene: Scene, result: Done): readonly Block[] {
  const { to, cover, from } = result;
  const self = to === null || isReader(scene, to);
  const isLater = from !== undefined && from > scene.view.now;
  const is = isLater ? 'will be' : self ? 'are' : 'is';
  const who = self ? say`You ${own(is)}` : say`${nameOf(scene, to)} ${own(is)}`;
  const begins = isLater ? say` from ${at(scene, from)}` : null;
  const until = result.at === undefined ? null : say` until ${at(scene, result.at)}`;
  const instead = askedInstead(scene, self ? scene.reader : to, isLater ? from : scene.view.now);
  return [
    paragraph(
      say`${who} away${begins}${until}${before(scene, result)}.`,
      cover === undefined
        ? say`${own(isLater ? 'Then' : 'Meanwhile')} ${instead}.`
        : say`We asked ${nameOf(scene, cover)} to stand in; until they say yes, ${instead}.`,
    ),
    paragraph(
      self
        ? say`What you have stays yours; whatever of it cannot wait is put to who stands in. ${own(isLater ? 'If you do not go' : 'If you are back earlier')}, answer ${command('back')}.`
        : say`What they have stays theirs; whatever of it cannot wait is put to who stands in. They are told.`,
    ),
  ];
}

/** Said again, with another end. */
function before(scene: Scene, { was, wasFrom }: Done): readonly Span[] | null {
  if (was === undefined) return null;
  const from = wasFrom === undefined ? null : say`from ${at(scene, wasFrom)} `;
  return say`, instead of ${from}until ${at(scene, was)}`;
}

export function back(scene: Scene, result: Done): readonly Block[] {
  const { to, at: until, coming } = result;
  const self = to === null || isReader(scene, to);
  const later =
    coming === undefined
      ? null
      : say`The time away from ${at(scene, coming.from)} until ${at(scene, coming.until)} stays; to take it back as well, answer ${command(self ? 'back' : `${shortName(scene, to)} back`)} again.`;
  if (until !== undefined) {
    const who = self ? say`you are` : say`${nameOf(scene, to)} is`;
    return [
      paragraph(
        say`What was said by mail is taken back. In the configuration ${who} away until ${at(scene, until)}, and no mail changes that.`,
        later,
      ),
    ];
  }
  return [paragraph(welcome(scene, result, self), later)];
}

function welcome(scene: Scene, { to, was, wasFrom }: Done, self: boolean): readonly Span[] {
  if (was !== undefined && wasFrom !== undefined) {
    const whose = self || to === null ? own('Your') : say`${nameOf(scene, to)}'s`;
    return say`${whose} time away from ${at(scene, wasFrom)} until ${at(scene, was)} is taken back.${self ? null : say` They are told.`}`;
  }
  return self || to === null
    ? say`Welcome back: you are asked again from now on. What waits for you: ${command('my requests')}.`
    : say`${nameOf(scene, to)} is back and asked again from now on. They are told.`;
}
