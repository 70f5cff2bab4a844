/** Refusals about which of several requests was meant. */
import type { Verb } from '../command/command.ts';
import type { ConversationId } from '../ids.ts';
import type { Rejection } from '../rejections.ts';
import { command, own, type Span, say } from './doc.ts';
import { inboxOf, type Scene } from './scene.ts';
import { phraseOf } from './verb-phrases.ts';

type AboutList = Extract<
  Rejection,
  { code: 'not-listed' | 'number-first' | 'merge-apart' | 'one-request-each' | 'which-files' | 'other-inbox' }
>;

const NAMED_MAX = 12;

export function notInList(scene: Scene, verb: Verb | null, rejection: AboutList): readonly Span[] {
  switch (rejection.code) {
    case 'not-listed':
      return say`${number(rejection.reference)} was not in the mail that you answered, so nothing changed about it. Answer any mail about ${number(rejection.reference)}, or say ${command('my requests')} and answer that list.`;
    case 'number-first':
      return say`The mail that you answered lists several requests, and nobody can tell which one is meant, so nothing changed. Put its number in front${exampleOf(verb, rejection.listed)}. It listed ${numbers(rejection.listed)}.`;
    case 'one-request-each':
      return say`That is said about one request at a time, so nothing changed. Write it once for each, with one number in front.`;
    case 'merge-apart':
      return say`Another line of your mail is about ${number(rejection.reference)}, so nothing changed here. To put both together, say so in a mail of its own.`;
    case 'which-files':
      return say`Your mail has files and writes to several people, and nobody can tell whose they are, so nothing was sent. Answer this one in a mail of its own.`;
    case 'other-inbox':
      return say`It belongs to ${inboxOf(scene, rejection.inbox)}, where other proof of who writes is asked for, so nothing changed. Answer a mail about it.`;
    default:
      return rejection satisfies never;
  }
}

const exampleOf = (verb: Verb | null, [first]: readonly ConversationId[]): readonly Span[] | null =>
  first === undefined ? null : say`, such as ${command(`${first} ${phraseOf(verb ?? 'done')}`)}`;

export const number = (id: ConversationId): Span => own(`#${id}`);

function numbers(ids: readonly ConversationId[]): Span {
  const more = ids.length - NAMED_MAX;
  const shown = ids.slice(0, NAMED_MAX).map((id) => `#${id}`);
  return own(`${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}`);
}
