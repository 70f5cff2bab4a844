/** Receipts for commands that were carried out. */
import type { MemberId } from '../ids.ts';
import { type Block, command, own, paragraph, quotation, type Span, say, strong } from './doc.ts';
import type { CommandResult } from './notice.ts';
import { byWhen, howToGoOn, whoseNow } from './parts.ts';
import { type AboutRequest, helpList } from './receipt.ts';
import { at, customerOf, isReader, nameOf, requestOf, type Scene, textOf } from './scene.ts';

type Done = CommandResult & { readonly ok: true };
type Receipt = AboutRequest;

export function done(scene: Scene, body: Receipt, result: Done): readonly Block[] {
  switch (result.verb) {
    case 'accept':
    case 'take':
      return [paragraph(yours(scene)), paragraph(howToGoOn(scene))];
    case 'decline':
      return [paragraph(say`You said no, and that is fine.`, declinedTo(scene, body.after))];
    case 'handoff':
      return [paragraph(asked(scene, result), untilThen(scene, body, result.to))];
    case 'done':
      return [
        paragraph(
          strong('Finished.'),
          outcomeKept(scene, result),
          say`If ${customerOf(scene)} writes again, it opens again and comes back to ${ownerThen(scene, body)}.`,
        ),
        paragraph(say`Not finished after all? Answer ${command('reopen')}.`),
      ];
    case 'reopen':
      return [paragraph(say`It is open again.`, openAgain(scene, body))];
    case 'note':
      return [
        paragraph(
          say`We kept your note${firstWords(scene, result)}. It was not sent to ${customerOf(scene)}.`,
        ),
      ];
    case 'reply':
      return [
        paragraph(
          say`Your answer goes out to ${customerOf(scene)} now${firstWords(scene, result)}.`,
          say`Finished with it? Answer ${command('done')}.`,
        ),
      ];
    case 'help':
      return [paragraph(say`Begin your answer with one of these, on a line of its own:`), helpList(scene)];
    default:
      return [paragraph(say`It was carried out: ${command(result.verb)}.`)];
  }
}

function yours(scene: Scene): readonly Span[] {
  const { reader } = scene;
  const accepted = requestOf(scene).events.findLast(
    (event) => event.type === 'accepted' && isReader(scene, event.by),
  );
  const since = at(scene, accepted?.at ?? scene.view.now);
  const name = reader === null ? null : say`, ${nameOf(scene, reader)}`;
  return say`${strong("It's yours")}${name}, since ${since}. You answer for it now.`;
}

function declinedTo(scene: Scene, after: Receipt['after']): readonly Span[] {
  const { offer } = requestOf(scene).state;
  if (after.phase === 'owned' || after.phase === 'done') return whoseNow(scene, after);
  const next =
    offer === null || isReader(scene, offer.to) ? null : say`Now we ask ${nameOf(scene, offer.to)}. `;
  return say`${next}${whoseNow(scene, after)}`;
}

function asked(scene: Scene, result: Done): readonly Span[] {
  if (result.to === null) return say`Somebody is asked to take it.`;
  const to = nameOf(scene, result.to);
  return say`We asked ${to} to take it and sent all of it along: ${own(result.text === null ? '' : 'your note, ')}the history, the mails. An answer is due${due(scene, result)}.`;
}

function due(scene: Scene, result: Done): readonly Span[] {
  const by = byWhen(scene, result.acceptBy);
  return by.length === 0 ? say` soon` : by;
}

/** Nothing has moved until the receiver says yes, and the sender must not believe that it has. */
function untilThen(scene: Scene, { after }: Receipt, to: MemberId | null): readonly Span[] {
  const they = to === null ? own('somebody') : nameOf(scene, to);
  const { owner, accountable } = after;
  if (accountable === null) return say`It is finished.`;
  if (isReader(scene, owner)) return say`Until ${they} accepts, it stays yours.`;
  if (isReader(scene, accountable)) return say`Until ${they} accepts, you answer for it.`;
  return say`Until ${they} accepts, ${nameOf(scene, accountable)} answers for it.`;
}

function openAgain(scene: Scene, { after }: Receipt): readonly Span[] {
  return isReader(scene, after.owner) ? say`It is yours.` : whoseNow(scene, after);
}

/** A manager may have finished what is somebody else's. */
function ownerThen(scene: Scene, { after }: Receipt): Span {
  return after.owner === null || isReader(scene, after.owner) ? own('you') : nameOf(scene, after.owner);
}

/** Whoever adds words to "done" may think that the customer reads them. */
function outcomeKept(scene: Scene, result: Done): readonly Span[] | null {
  return textOf(scene, result.text) === null
    ? null
    : say`What you wrote with it${firstWords(scene, result)} is kept and was not sent to ${customerOf(scene)}.`;
}

function firstWords(scene: Scene, result: Done): readonly Span[] | null {
  const text = textOf(scene, result.text);
  return text === null || !scene.withWords ? null : say` (${quotation(text, 60)})`;
}
