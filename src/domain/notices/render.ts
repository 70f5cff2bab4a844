/**
 * Turns a notice into a finished mail. Pure: the same view makes the same mail.
 *
 * The mail's text and HTML come from one document, so both say the same, and both pass the renderer's own check:
 * quoted in any way, no line of ours may act as a command.
 */
import { mayBeginCommand, wouldAct } from '../command.ts';
import { handoff, lastAsked, offer } from './asking.ts';
import { assertInert, type CommandTest, findCommand } from './check.ts';
import { commonValues } from './common-values.ts';
import { AcknowledgementSubject, acknowledgement, customerReply } from './customer.ts';
import type { Doc } from './doc.ts';
import { fill, withNeeds } from './fill.ts';
import { renderHtml } from './html.ts';
import { doneByOther, handoffOutcome, inherited, movedUp, takenOver, withdrawn } from './moved.ts';
import { answeredDirectly, customerWrote, isItYours, noted } from './news.ts';
import type { NoticeBody, NoticeKind } from './notice.ts';
import { receipt } from './receipt.ts';
import { requestSubject, type Scene, sceneOf } from './scene.ts';
import type { Template } from './template.ts';
import { renderText } from './text.ts';
import { memberLeft, parked, parkedSubject, undeliverable } from './trouble.ts';
import type { NoticeView, RenderedNotice } from './view.ts';
import { oneLine } from './words.ts';

/** Those whose subject is ours alone, so that a template may give another. */
export const OwnSubjects: ReadonlySet<NoticeKind> = new Set(['acknowledgement']);

export const Commands: CommandTest = {
  isCommand: (text) => wouldAct(text),
  mayBegin: remembering(mayBeginCommand),
};
/** The words of many mails are the same few thousand. */
const WORDS_MAX = 20_000;
const WORD_LENGTH_MAX = 40;

function remembering(mayBegin: (word: string) => boolean): (word: string) => boolean {
  const answers = new Map<string, boolean>();
  return (word) => {
    const known = answers.get(word);
    if (known !== undefined) return known;
    const answer = mayBegin(word);
    if (answers.size >= WORDS_MAX) answers.clear();
    if (word.length <= WORD_LENGTH_MAX) answers.set(word, answer);
    return answer;
  };
}

const SUBJECT_MAX = 120;

/**
 * The mail that the notice is. Throws when a notice about a request comes without one, when the text of an answer
 * to a customer was erased, or when the mail would hold a line that acts as a command (a bug).
 */
export function renderNotice(view: NoticeView, test: CommandTest = Commands): RenderedNotice {
  const { body } = view.notice;
  if (body.kind === 'customer-reply') return { ...customerReply(sceneOf(view, true), body), html: null };
  const subject = oneLine(subjectOf(sceneOf(view, true), body), SUBJECT_MAX);
  const template = view.inbox.templates.get(body.kind);
  const own = template === undefined ? null : inWordsOf(template, view);
  if (own !== null && findCommand(own.text, own.html, test) === null) return { subject, ...own };
  const mail = bodies(documentOf(sceneOf(view, true), body));
  if (findCommand(mail.text, mail.html, test) === null) return { subject, ...mail };
  // Nobody's words may keep a request from reaching the person who answers for it: the mail goes without them.
  const bare = bodies(documentOf(sceneOf(view, false), body));
  assertInert(bare.text, bare.html, test);
  return { subject, ...bare };
}

type Bodies = { readonly text: string; readonly html: string };

const bodies = (doc: Doc, language?: string): Bodies => ({
  text: renderText(doc),
  html: renderHtml(doc, language),
});

/** The mail as a template words it; null when this one cannot be said with it. */
export function inWordsOf(template: Template, view: NoticeView): Bodies | null {
  const doc = fill(template, documentFor(view), commonValues(sceneOf(view, true)));
  return doc === null ? null : bodies(doc, template.language);
}

/** A mail's passages, with what its reader must be told marked as needed. A customer's mail may say anything. */
export function documentFor(view: NoticeView): Doc {
  const { body, recipient } = view.notice;
  if (body.kind === 'customer-reply') return [];
  const doc = documentOf(sceneOf(view, true), body);
  return recipient.type === 'member' ? withNeeds(doc) : doc;
}

function documentOf(scene: Scene, body: Exclude<NoticeBody, { kind: 'customer-reply' }>): Doc {
  switch (body.kind) {
    case 'acknowledgement':
      return acknowledgement(scene);
    case 'offer':
      return offer(scene, body);
    case 'handoff':
      return handoff(scene, body);
    case 'handoff-outcome':
      return handoffOutcome(scene, body);
    case 'withdrawn':
      return withdrawn(scene, body);
    case 'last-asked':
      return lastAsked(scene, body);
    case 'moved-up':
      return movedUp(scene, body);
    case 'inherited':
      return inherited(scene, body);
    case 'customer-wrote':
      return customerWrote(scene, body);
    case 'taken-over':
      return takenOver(scene, body);
    case 'done-by-other':
      return doneByOther(scene, body);
    case 'noted':
      return noted(scene, body);
    case 'undeliverable':
      return undeliverable(scene, body);
    case 'answered-directly':
      return answeredDirectly(scene, body);
    case 'is-it-yours':
      return isItYours(scene, body);
    case 'receipt':
      return receipt(scene, body);
    case 'parked':
      return parked(scene, body);
    case 'member-left':
      return memberLeft(scene, body);
    default:
      return body satisfies never;
  }
}

function subjectOf(scene: Scene, body: Exclude<NoticeBody, { kind: 'customer-reply' }>): string {
  if (body.kind === 'acknowledgement') {
    return scene.view.inbox.templates.get(body.kind)?.subject ?? AcknowledgementSubject;
  }
  if (body.kind === 'parked') return parkedSubject(scene, body);
  if (body.kind === 'member-left') {
    const name = scene.view.policy.members.get(body.member)?.name ?? body.member;
    return `${name} has left the team`;
  }
  return scene.view.request === null ? `Your answer to ${scene.view.inbox.name}` : requestSubject(scene);
}
