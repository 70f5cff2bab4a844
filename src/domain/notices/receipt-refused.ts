/** Receipts for commands that were refused: what happened, what it means, what to do. One entry per rejection. */
import type { Verb } from '../command/command.ts';
import type { ConversationId } from '../ids.ts';
import type { Instant } from '../instant.ts';
import type { Rejection, RejectionCode } from '../rejections.ts';
import { isManagerOf } from '../roster.ts';
import { type Block, command, own, paragraph, type Span, say } from './doc.ts';
import { unknownCategory } from './guesses.ts';
import { decidedBefore } from './parked.ts';
import { Full, messageQuote, toWrite } from './parts.ts';
import type { Refused } from './receipt-kinds.ts';
import { parkedMail } from './receipt-parked.ts';
import { notInList } from './refused-lists.ts';
import { cannotBeAsked } from './refused-people.ts';
import { badAddress, badTime, mayNot, noCopy, notHere, unknownRequest } from './refused-values.ts';
import { at, customerOf, isAsked, isReader, messageOf, nameOf, type Scene } from './scene.ts';
import { phraseOf } from './verb-phrases.ts';

/** Those whose text already says whose the request is. */
const TellWhose: ReadonlySet<RejectionCode> = new Set<RejectionCode>([
  'owned-by-other',
  'already-yours',
  'already-theirs',
  'finished',
  'not-finished',
  'last-person',
]);

/** A text about another request says nothing about this one. */
export const refusedTellsWhose = (rejection: Rejection): boolean =>
  TellWhose.has(rejection.code) && !(rejection.code === 'finished' && rejection.reference !== undefined);

export function refused(scene: Scene, { verb, rejection }: Refused, kept: boolean): readonly Block[] {
  const blocks: Block[] = [paragraph(refusal(scene, verb, rejection, kept))];
  if (rejection.code === 'newer-message') {
    const message = messageOf(scene, rejection.messageId);
    if (message !== null) blocks.push(messageQuote(scene, message, Full));
  }
  return blocks;
}

function refusal(scene: Scene, verb: Verb | null, rejection: Rejection, kept: boolean): readonly Span[] {
  switch (rejection.code) {
    case 'owned-by-other':
    case 'already-yours':
    case 'not-asked':
    case 'last-person':
    case 'finished':
    case 'not-finished':
      return notYours(scene, verb, rejection);
    case 'expired':
      return tooOld(scene);
    case 'no-text':
    case 'nothing-to-send':
    case 'nothing-held':
    case 'newer-message':
      return notSent(scene, verb, rejection);
    case 'not-understood':
      return rejection.welcomed === true ? readyAnyway() : notUnderstood(scene, rejection.suggestion, kept);
    case 'unknown-name':
    case 'several-names':
    case 'inactive-member':
    case 'absent-member':
    case 'handoff-to-self':
    case 'handoff-to-author':
    case 'already-asked':
    case 'already-theirs':
    case 'cover-is-away':
      return cannotBeAsked(scene, verb, rejection);
    case 'nobody-to-remind':
      return say`It waits for you and for nobody else, so nobody was reminded. Nothing changed. To give it away, answer ${command('handoff to')} and a name.`;
    case 'unknown-category':
      return unknownCategory(scene, rejection.known);
    case 'time-past':
    case 'time-too-far':
      return badTime(verb, rejection);
    case 'bad-address':
    case 'too-many-contacts':
      return badAddress(scene, verb, rejection);
    case 'managers-only':
      return mayNot(scene);
    case 'not-here':
      return notHere(scene, verb);
    case 'already-away':
      return say`It is written down already, until ${at(scene, rejection.until)}, so nothing changed. To change it, answer ${command('away until')} and another day; to end it, ${command('back')}.`;
    case 'ends-before':
      return say`That time away would end before it begins, so nothing changed. Answer for example ${command('away from Monday until Friday')}.`;
    case 'not-away':
      return notAway(scene);
    case 'away-by-plan':
      return byPlan(scene, rejection.until);
    case 'unknown-request':
    case 'merge-with-itself':
    case 'nothing-to-split':
      return unknownRequest(rejection);
    case 'no-copy':
      return noCopy(scene, rejection.inbox);
    case 'not-listed':
    case 'number-first':
    case 'one-request-each':
    case 'merge-apart':
    case 'which-files':
    case 'other-inbox':
      return notInList(scene, verb, rejection);
    case 'looks-on':
      return say`Baton only looks on so far and mails nobody, so nothing was sent and nobody was asked. Nothing changed.`;
    case 'no-longer-parked':
      return decidedBefore(scene, parkedMail(scene), rejection.decided);
    default:
      return rejection satisfies never;
  }
}

/** Who is meant is not known here; only a manager may mean somebody else. */
function notAway(scene: Scene): readonly Span[] {
  const { policy, inbox } = scene.view;
  const manages = scene.reader !== null && isManagerOf(policy, scene.reader, inbox.id);
  return say`${own(manages ? 'Nobody was' : 'You were not')} marked as away, so nothing changed. To be away, answer ${command('away until')} and the day.`;
}

function byPlan(scene: Scene, until: Instant): readonly Span[] {
  const { finalManager } = scene.view.inbox;
  const whom = isReader(scene, finalManager)
    ? say`it can be changed there`
    : say`ask ${nameOf(scene, finalManager)} to change it`;
  return say`This time away, until ${at(scene, until)}, is set in the configuration; ${whom}. Nothing changed.`;
}

function tooOld(scene: Scene): readonly Span[] {
  const latest = scene.view.request === null ? null : say` Answer the latest mail about this request.`;
  return say`The mail that you answered is too old to act on, so nothing changed.${latest}`;
}

type Of<C extends RejectionCode> = Extract<Rejection, { code: C }>;

function notYours(
  scene: Scene,
  verb: Verb | null,
  rejection: Of<
    'owned-by-other' | 'already-yours' | 'not-asked' | 'last-person' | 'finished' | 'not-finished'
  >,
): readonly Span[] {
  switch (rejection.code) {
    case 'owned-by-other': {
      const owner = nameOf(scene, rejection.owner);
      return say`${owner} has this and answers for it, so nothing changed. If ${owner} should know something, answer ${command('note:')} and your text.`;
    }
    case 'already-yours':
      return verb === 'decline'
        ? say`You took this already, so it stays yours. To give it to somebody else, answer ${command('handoff to')} and a name.`
        : say`It is yours already. Nothing changed, and there is nothing more to confirm.`;
    case 'not-asked':
      return say`You are not asked to take this right now, so nothing changed.${verb === 'decline' ? null : say` If you want it, answer ${command('take')}.`}`;
    case 'last-person':
      return say`Everybody else was asked already, so this one stays with you until somebody accepts. To ask somebody again, answer ${command('handoff to')} and a name; to keep it, answer ${command('accept')}.`;
    case 'finished':
      if (rejection.reference !== undefined) return otherFinished(rejection.reference);
      return say`This is finished already, so nothing changed. If it is not, answer ${command('reopen')} first.`;
    case 'not-finished':
      return say`This is not finished, so there was nothing to open again. Nothing changed.`;
    default:
      return rejection satisfies never;
  }
}

function otherFinished(reference: ConversationId): readonly Span[] {
  const number = own(`#${reference}`);
  return say`${number} is finished already, so nothing changed here. To put both together all the same, answer ${command('reopen')} to a mail about ${number} first, and then say it here again.`;
}

function notSent(
  scene: Scene,
  verb: Verb | null,
  rejection: Of<'no-text' | 'nothing-to-send' | 'nothing-held' | 'newer-message'>,
): readonly Span[] {
  switch (rejection.code) {
    case 'no-text':
      return noText(verb);
    case 'nothing-to-send':
      return say`There is no text of yours that we kept and could send, so nothing was sent. ${toWrite(scene)}`;
    case 'nothing-held':
      return say`No\u00a0answer waits for your word, so nothing was sent. ${toWrite(scene)}`;
    case 'newer-message':
      return newerMessage(scene, verb, rejection.messageId);
    default:
      return rejection satisfies never;
  }
}

function noText(verb: Verb | null): readonly Span[] {
  if (verb === 'ask') {
    return say`There was no question, so nothing changed. Answer ${command('ask')}, the address, a colon and the question.`;
  }
  if (verb === 'new') {
    return say`There was no text, so nothing changed. Answer ${command('new:')} and what the call was about.`;
  }
  if (verb === null) {
    return say`There was no text in your mail, so nothing changed. What you can say, ${command('help')} tells.`;
  }
  const note = verb === 'note';
  return say`There was no text to ${own(note ? 'keep' : 'send')}, so nothing changed. Answer ${command(note ? 'note:' : 'reply:')} and your text.`;
}

/** Never a question back: "yes" would answer it, and is a command of its own. */
function notUnderstood(scene: Scene, suggestion: Verb | null, kept: boolean): readonly Span[] {
  const meant =
    suggestion === null || isUseless(scene, suggestion)
      ? null
      : say`For ${command(phraseOf(suggestion))}, answer ${own(phraseOf(suggestion).includes(' ') ? 'those words' : 'that word')}. `;
  // Whoever is asked has read above that nothing has changed, and how to take it.
  if (isAsked(scene)) return say`${meant}What else you can answer, on the first line:`;
  const nothing = kept
    ? say`Nothing has changed.`
    : say`We did not understand your answer, so nothing changed.`;
  return say`${nothing} ${meant}What you can answer, on the first line:`;
}

/** The answer to the welcome mail was asked for as a proof, which any words are. */
const readyAnyway = (): readonly Span[] =>
  say`Your answer arrived and counts: you are ready. (What you wrote was not understood; here that does not matter.) What you can say, ${command('help')} tells.`;

/** Nobody who is not asked can say yes, and whoever is asked has read how to. */
const isUseless = (scene: Scene, suggestion: Verb): boolean =>
  suggestion === 'accept' || (suggestion === 'decline' && isAsked(scene));

function newerMessage(scene: Scene, verb: Verb | null, messageId: number): readonly Span[] {
  const message = messageOf(scene, messageId);
  const when = message === null ? null : say` (${at(scene, message.storedAt)})`;
  const again = say`${customerOf(scene)} wrote again${when} after the mail that you answered`;
  return verb === 'reply'
    ? say`${again}, so nothing was sent. If your text still fits, send it again as an answer to this mail: ${command('reply:')} and the text.`
    : say`${again}, so this is not finished yet and nothing changed. If it is still finished, answer ${command('done')} to this mail.`;
}
