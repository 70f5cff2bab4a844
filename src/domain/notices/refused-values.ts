/** Refusals about what else a command named: a time, an address, a request, or a right that its writer has not. */
import type { Verb } from '../command/command.ts';
import type { InboxId } from '../ids.ts';
import type { Rejection, RejectionCode } from '../rejections.ts';
import { choice, command, own, type Span, say } from './doc.ts';
import { toWrite } from './parts.ts';
import { isAboutParked } from './receipt-parked.ts';
import { customerOf, inboxOf, isReader, nameOf, type Scene } from './scene.ts';

type Of<C extends RejectionCode> = Extract<Rejection, { code: C }>;

export function badTime(verb: Verb | null, { code }: Of<'time-past' | 'time-too-far'>): readonly Span[] {
  const why =
    code === 'time-past'
      ? say`That time is over already`
      : say`That day is more than a year away, or there is no such day`;
  return say`${why}, so nothing changed. Answer for example ${command(exampleOf(verb))}.`;
}

function exampleOf(verb: Verb | null): string {
  if (verb === 'away') return 'away until Monday';
  return verb === 'due' ? 'due Friday 3pm' : 'snooze until tomorrow 9am';
}

export function badAddress(
  scene: Scene,
  verb: Verb | null,
  rejection: Of<'bad-address' | 'too-many-contacts'>,
): readonly Span[] {
  const again = say`Answer ${command(verb === 'add' || verb === 'for' ? verb : 'ask')} and ${own(rejection.code === 'bad-address' ? 'another' : 'one of their')} ${own(rejection.code === 'bad-address' ? 'address' : 'addresses')}.`;
  if (rejection.code === 'too-many-contacts') {
    return say`More people outside take part in this than one request may have, so nothing changed. Whoever takes part already can still be asked. ${again}`;
  }
  switch (rejection.why) {
    case 'unusable':
      return say`That is no address that we can write to, so nothing changed. ${again}`;
    case 'inbox':
      return say`That is an address of ours, so nothing changed. ${again}`;
    case 'member':
      return say`That is a colleague's address, so nothing changed. To ask a colleague, answer ${command('help from')}, the name, a colon and the question.`;
    case 'customer':
      return say`That is ${customerOf(scene)}'s own address, so nothing changed. ${toWrite(scene)}`;
    default:
      return rejection.why satisfies never;
  }
}

export function mayNot(scene: Scene): readonly Span[] {
  const { finalManager, managers } = scene.view.inbox;
  const all = [...new Set([finalManager, ...managers])].filter((id) => !isReader(scene, id)).slice(0, 5);
  return say`Only a manager can say that, so nothing changed. Please ask ${choice(
    all.map((id) => nameOf(scene, id)),
    'or',
  )}.`;
}

/** A verb that means something only in answer to another kind of mail. */
export function notHere(scene: Scene, verb: Verb | null): readonly Span[] {
  switch (verb) {
    case 'dismiss':
    case 'retry':
    case 'request':
      return say`That is for mails which could not be read, and this is none, so nothing changed. What you can say here, ${command('help')} tells.`;
    case 'take-over':
      return say`That is for the mail which lists who still waits, so nothing changed. To take this one, answer ${command('take')}.`;
    default:
      if (isAboutParked(scene))
        return say`That is for mails about a request, and the mail which could not be read is none yet, so nothing changed.`;
      return say`That is for mails about a request, and this is none, so nothing changed. Answer the latest mail about the request, or ${command('my requests')} to see all that you have.`;
  }
}

export const noCopy = (scene: Scene, inbox: InboxId): readonly Span[] =>
  say`The copy for ${inboxOf(scene, inbox)} has not come so far, so nothing changed. Ask whoever has it, or try again later.`;

export function unknownRequest(
  rejection: Of<'unknown-request' | 'merge-with-itself' | 'nothing-to-split'>,
): readonly Span[] {
  switch (rejection.code) {
    case 'unknown-request':
      return say`There is no open request ${own(`#${rejection.reference}`)} that you could name here, so nothing changed. Your own ones: ${command('my requests')}.`;
    case 'merge-with-itself':
      return say`That is the number of this request, so nothing changed. Answer ${command('merge')} and the number of the other one.`;
    case 'nothing-to-split':
      return say`There is only one mail from outside here, so nothing changed. If it holds two matters, a manager can make the second a request of its own: ${command('new:')} and what it is about.`;
    default:
      return rejection satisfies never;
  }
}
