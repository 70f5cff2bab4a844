/** Receipts about whose a request is: taken, declined, handed over, finished, opened again. */
import type { MemberId } from '../ids.ts';
import { alsoTo } from './also-to.ts';
import { type Block, command, own, paragraph, quotation, type Span, say, strong } from './doc.ts';
import { countsAs } from './guesses.ts';
import { howToGoOn, latestMails, whoseNow } from './parts.ts';
import type { After, Done } from './receipt-kinds.ts';
import { parkedMail } from './receipt-parked.ts';
import {
  at,
  customerOf,
  isAsked as isAskedNow,
  isReader,
  nameOf,
  requestOf,
  type Scene,
  textOf,
} from './scene.ts';
import { comesBack } from './undeliverable.ts';

export function yours(scene: Scene, after: After, result: Done): readonly Block[] {
  return after === null
    ? [paragraph(standsIn(scene, result))]
    : [
        paragraph(since(scene)),
        comesBack(scene),
        paragraph(howToGoOn(scene)),
        ...alsoTo(scene, latestMails(scene)),
      ].filter((block) => block !== null);
}

/** About no request, `accept` says yes to standing in for a colleague. */
function standsIn(scene: Scene, { to, from, at: until }: Done): readonly Span[] {
  const whom = to === null ? own('your colleague') : nameOf(scene, to);
  const begin = from === undefined ? null : say` from ${at(scene, from)}`;
  const end = until === undefined ? null : say` until ${at(scene, until)}`;
  return say`Thank you: you stand in for ${whom}${begin}${end}. What needs them meanwhile is put to you, and each time you may still say\u00a0no.`;
}

function since(scene: Scene): readonly Span[] {
  const { reader } = scene;
  const accepted = requestOf(scene).events.findLast(
    (event) => event.type === 'accepted' && isReader(scene, event.by),
  );
  const when = at(scene, accepted?.at ?? scene.view.now);
  const name = reader === null ? null : say`, ${nameOf(scene, reader)}`;
  return say`${strong("It's yours")}${name}, since ${when}.${expected(scene)}`;
}

/** What the customer was promised is the new owner's to keep. */
function expected(scene: Scene): readonly Span[] | null {
  const { answer, named } = requestOf(scene).state;
  const told = isReader(scene, named) ? say` We told ${customerOf(scene)} that you have it.` : null;
  if (answer === null) return told;
  // What we look at next is no time that they were promised.
  const { promised } = answer;
  const should = promised <= scene.view.now ? own('should have had') : own('should have');
  return say` ${customerOf(scene)} ${should} an answer by ${at(scene, promised)}.${told}`;
}

export function declined(scene: Scene, after: After, result: Done): readonly Block[] {
  if (after === null) {
    const whom = result.to === null ? own('Your colleague') : nameOf(scene, result.to);
    return [paragraph(say`You do not stand in, and that is fine. ${whom} is told.`)];
  }
  return [
    paragraph(say`You said\u00a0no, and that is fine.`, nowCounts(scene, result), nextAfterNo(scene, after)),
  ];
}

function nextAfterNo(scene: Scene, after: NonNullable<After>): readonly Span[] {
  const { offer } = requestOf(scene).state;
  if (after.phase === 'owned' || after.phase === 'done') return whoseNow(scene, after);
  const next =
    offer === null || isReader(scene, offer.to) ? null : say`Now we ask ${nameOf(scene, offer.to)}. `;
  return say`${next}${whoseNow(scene, after)}`;
}

/** Who is asked next is asked for what it is now. */
const nowCounts = (scene: Scene, { category }: Done): readonly Span[] | null =>
  category === undefined ? null : say`It counts as ${countsAs(scene, category)} now.`;

/** Whoever says what it is has somebody asked for that, unless somebody owns it or they are the one. */
export function categorised(scene: Scene, after: After, result: Done): readonly Block[] {
  const { to } = result;
  if (after === null) return [paragraph(nowCounts(scene, result))];
  if (to !== null)
    return [paragraph(nowCounts(scene, result), isAsked(scene, result), untilThen(scene, after, to))];
  const yours =
    after.owner === null && isAskedNow(scene)
      ? say`That is yours to take: answer ${command('accept')}.`
      : null;
  return [paragraph(nowCounts(scene, result), yours, whoseNow(scene, after))];
}

export function handedOver(scene: Scene, after: After, result: Done): readonly Block[] {
  const { to } = result;
  if (after === null) {
    const who = to === null ? own('your colleague') : nameOf(scene, to);
    // About no request, what can be handed over is a mail that could not be read.
    return [
      paragraph(
        say`We told ${who} of the ${parkedMail(scene)}.`,
        say`${stillHas(scene, result)} until one of you decides.`,
      ),
    ];
  }
  return [paragraph(inTheirPlace(scene, result), isAsked(scene, result), untilThen(scene, after, to))];
}

const stillHas = (scene: Scene, { accountable }: Done): readonly Span[] =>
  accountable === undefined || isReader(scene, accountable)
    ? say`You still have it`
    : say`${nameOf(scene, accountable)} still has it`;

/** Whoever was named is away: their cover is asked, and whoever named them must know. */
function inTheirPlace(scene: Scene, { insteadOf, to }: Done): readonly Span[] | null {
  if (insteadOf === undefined || to === null) return null;
  return say`${nameOf(scene, insteadOf)} is away, and ${nameOf(scene, to)} stands in.`;
}

function isAsked(scene: Scene, result: Done): readonly Span[] {
  if (result.to === null) return say`Somebody is asked to take it.`;
  const to = nameOf(scene, result.to);
  return say`We asked ${to} to take it and sent all of it along: ${own(result.text === null ? '' : 'your note, ')}the history, the mails.${timeToSayYes(scene, to, result)}`;
}

/** Theirs alone: the customer is answered by another time. */
const timeToSayYes = (scene: Scene, to: Span, { acceptBy }: Done): readonly Span[] | null =>
  acceptBy === null || acceptBy <= scene.view.now
    ? null
    : say` ${to} has until ${at(scene, acceptBy)} to say yes.`;

/** Nothing has moved until the receiver says yes, and the sender must not believe that it has. */
function untilThen(scene: Scene, after: NonNullable<After>, to: MemberId | null): readonly Span[] {
  const they = to === null ? own('somebody') : nameOf(scene, to);
  const { owner, accountable } = after;
  if (accountable === null) return say`It is finished.`;
  if (isReader(scene, owner)) return say`Until ${they} accepts, it stays yours.`;
  if (isReader(scene, accountable)) return say`Until ${they} accepts, you answer for it.`;
  return say`Until ${they} accepts, ${nameOf(scene, accountable)} answers for it.`;
}

export function finished(scene: Scene, after: After, result: Done): readonly Block[] {
  return [
    paragraph(
      strong('Finished.'),
      outcomeKept(scene, result),
      customerTold(scene),
      unanswered(scene),
      unanswered(scene) !== null && isReader(scene, after?.owner ?? null)
        ? say`To write to them, answer ${command('reply:')} and your text.`
        : null,
      say`If ${customerOf(scene)} writes again, it opens again and comes back to ${ownerThen(scene, after)}.`,
    ),
    paragraph(say`If it is not finished after all, answer ${command('reopen')}.`),
  ];
}

/** A manager may have finished what is somebody else's. */
function ownerThen(scene: Scene, after: After): Span {
  const owner = after?.owner ?? null;
  return owner === null || isReader(scene, owner) ? own('you') : nameOf(scene, owner);
}

/** Whoever adds words to "done" may think that the customer reads them. */
function outcomeKept(scene: Scene, result: Done): readonly Span[] | null {
  return textOf(scene, result.text) === null
    ? null
    : say`What you wrote with it${firstWords(scene, result)} is kept and was not sent to ${customerOf(scene)}.`;
}

function customerTold(scene: Scene): readonly Span[] | null {
  const { acknowledge, unreached } = requestOf(scene).state;
  return acknowledge !== 'none' && unreached === null && scene.view.inbox.tellCustomer.finished
    ? say`${customerOf(scene)} is told that it is finished.`
    : null;
}

/** A person wrote, and what they read next may be that it is finished. */
export function unanswered(scene: Scene): readonly Span[] | null {
  const { customer, state } = requestOf(scene);
  const waited = state.person && customer.address !== '' && state.unreached === null;
  return waited && state.lastAnswer === null ? say`By mail nobody has answered ${customerOf(scene)}.` : null;
}

export function openAgain(scene: Scene, after: After): readonly Block[] {
  if (after === null) return [paragraph(say`It is open again.`)];
  const whose = isReader(scene, after.owner) ? say`It is yours.` : whoseNow(scene, after);
  return [paragraph(say`It is open again.`, whose)];
}

const FIRST_WORDS_MAX = 60;

/** ` ("Plumber at 3")`: enough to know one's own words by. */
export function firstWords(scene: Scene, { text: id }: Pick<Done, 'text'>): readonly Span[] | null {
  const text = textOf(scene, id);
  return text === null || !scene.withWords ? null : say` (${quotation(text, FIRST_WORDS_MAX)})`;
}
