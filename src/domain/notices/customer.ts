/**
 * Mails to customers. The acknowledgement says their own name and subject only to those who are proved to have
 * written them: otherwise a forged sender would make it a mail of the forger's words, in our name, to whom they please.
 */

import type { Instant } from '../instant.ts';
import {
  callout,
  type Doc,
  muted,
  named,
  own,
  paragraph,
  type Span,
  say,
  strong,
  value,
  words,
} from './doc.ts';
import type { NoticeBody } from './notice.ts';
import { inboxName, requestOf, type Scene, topicOf } from './scene.ts';
import type { Templates } from './template.ts';
import { timeWords } from './times.ts';
import { cleanLines, NAME_MAX, oneLine } from './words.ts';
import { asSent } from './written.ts';

/** Fixed subjects of mails to customers: what they answer may stand under one of them. */
const ACKNOWLEDGED = 'We have your message';
export const NEWS = 'About your message';

export const ourSubjects = (templates: Templates): string[] => [
  ACKNOWLEDGED,
  NEWS,
  ...[...templates.values()].flatMap(({ subject }) => (subject === null ? [] : [subject])),
];

export const acknowledgementSubject = (scene: Scene): string => subjectToCustomer(scene, ACKNOWLEDGED);

/** In their own thread for who is proved to have written; else without a word from outside, ours or the operator's. */
export function subjectToCustomer(scene: Scene, fixed: string): string {
  const { view } = scene;
  const { state, subject } = requestOf(scene);
  if (state.acknowledge === 'echo') return replySubject(subject);
  return view.inbox.templates.get(view.notice.body.kind)?.subject ?? fixed;
}

export function acknowledgement(scene: Scene, body: NoticeBody & { readonly kind: 'acknowledgement' }): Doc {
  const { emergencyLine } = scene.view.inbox;
  const blocks = [
    named('confirmation', paragraph(opening(scene), whenAnswered(scene, body.answerBy))),
    emergencyLine === null ? null : named('emergency', callout([words(emergencyLine, 300)])),
    named('more', paragraph(say`Photos or news? Just reply.`)),
    named(
      'footer',
      muted(
        say`${inboxName(scene)}, reference ${own(String(requestOf(scene).state.id))} (automatic confirmation)`,
      ),
    ),
  ];
  return blocks.filter((block) => block !== null);
}

function whenAnswered(scene: Scene, answerBy: Instant | null): readonly Span[] {
  const by = promised(scene, answerBy);
  return by.length === 0
    ? say`Somebody will answer you as soon as they can.`
    : say`A person will answer it${by}.`;
}

function opening(scene: Scene): readonly Span[] {
  const { state, customer } = requestOf(scene);
  if (state.acknowledge !== 'echo') return say`Thank you for writing. ${strong('We have your message')}.`;
  const name = scene.withWords ? calledName(customer.name) : null;
  const who = name === null ? null : say` ${value('customer', words(name, NAME_MAX))}`;
  return say`Hello${who}, ${strong('we have your message')}.`;
}

/** "Maria" of "Maria Lopez"; null for what may not be a person's name, such as a firm's or a title. */
function calledName(name: string): string | null {
  const parts = oneLine(name, NAME_MAX).split(' ');
  const isName = parts.length <= 3 && parts.every((part) => /^\p{Lu}[\p{L}\p{M}'’-]*$/u.test(part));
  return isName ? (parts[0] ?? null) : null;
}

/** ` by 12:30 today`; nothing for a time that is over when the mail goes out: it would be broken as it is given. */
export function promised(scene: Scene, answerBy: Instant | null): readonly Span[] {
  if (answerBy === null || answerBy <= scene.view.now) return [];
  const when = timeWords(answerBy, scene.view.now, scene.view.timeZone);
  return say` by ${value('answer-by', own(when.includes(' ') ? when : `${when} today`))}`;
}

/** What the owner wrote, as they wrote it, and who they are. */
export function customerReply(
  scene: Scene,
  body: NoticeBody & { readonly kind: 'customer-reply' },
): { readonly subject: string; readonly text: string } {
  const text = asSent(scene, body.by, body.text);
  if (text === null)
    throw new Error(`text ${body.text} of an answer to a customer was erased before it was sent`);
  return { subject: replySubject(requestOf(scene).subject), text };
}

function replySubject(subject: string): string {
  return cleanLines(subject).length === 0 ? 'Re: your message' : `Re: ${topicOf(subject)}`;
}
