/**
 * Turns a notice into a finished mail. Pure: the same view makes the same mail.
 *
 * The mail's text and HTML come from one document, so both say the same, and both pass the renderer's own check:
 * quoted in any way, no line of ours may act as a command.
 */
import { isOpening, mayBeginCommand, wouldAct } from '../command/parse.ts';
import { allSpellings, type Spellings } from '../command/spellings/spellings.ts';
import type { MemberId } from '../ids.ts';
import { absenceTold, coverAnswered, coverAsked } from './absence.ts';
import { handoff, lastAsked, offer } from './asking.ts';
import { bundle, bundleSubject, type Part } from './bundle.ts';
import { assertInert, type CommandTest, findCommand } from './check.ts';
import { commonValues } from './common-values.ts';
import { acknowledgement, acknowledgementSubject, customerReply } from './customer.ts';
import { delay, finished, newsSubject, ownerNamed } from './customer-news.ts';
import { morningList, morningSubject } from './desk-list.ts';
import { digest, digestSubject } from './digest.ts';
import type { Doc } from './doc.ts';
import { answerDue, dueReached, noProgress, nudged, snoozeEnded } from './due.ts';
import { fill, withNeeds } from './fill.ts';
import { helpAnswered, helpAsked, helpSilent } from './helping.ts';
import { renderHtml } from './html.ts';
import { listedIn } from './listed.ts';
import { lookBack, lookBackSubject } from './look-back.ts';
import { doneByOther, handoffOutcome, inherited, movedUp, takenOver, withdrawn } from './moved.ts';
import { answeredDirectly, customerWrote, isItYours, noted } from './news.ts';
import { notCounted } from './not-counted.ts';
import type { NoticeBody, NoticeKind } from './notice.ts';
import { outsideHelp, outsideReminder, outsideSubject } from './outside.ts';
import { parked, parkedNews, parkedSubject } from './parked.ts';
import { receipt } from './receipt.ts';
import { alsoCame, forWhom, merged } from './reshaped.ts';
import { requestSubject, type Scene, sceneOf } from './scene.ts';
import { shadow, shadowSubject } from './shadow.ts';
import { signIn } from './signing-in.ts';
import type { Template } from './template.ts';
import { renderText } from './text.ts';
import { memberLeft } from './trouble.ts';
import { memberUnreached, undeliverable } from './undeliverable.ts';
import type { NoticeView, RenderedNotice } from './view.ts';
import { held, released } from './waiting.ts';
import { weeklyReport, weeklyReportSubject } from './weekly-report.ts';
import { welcome, welcomeSubject } from './welcome.ts';
import { oneLine } from './words.ts';

/** Written by a person to somebody outside, whose answers are never read for commands: it goes out as it is. */
export type AsWritten = 'customer-reply' | 'outside-help';

export const isAsWritten = (kind: NoticeKind): kind is AsWritten =>
  kind === 'customer-reply' || kind === 'outside-help';

/** Every other kind is a document, made into text and HTML, and can be worded. */
type Documented = Exclude<NoticeBody, { kind: AsWritten }>;

/** Those that have a fixed subject of ours for who is not proved to have written: a template may give another. */
export const OwnSubjects: ReadonlySet<NoticeKind> = new Set([
  'acknowledgement',
  'owner-named',
  'delay',
  'finished',
]);

/** What tells a command, with the words that the configuration adds. */
function commandsIn(spellings: Spellings): CommandTest {
  const known = tests.get(spellings);
  if (known !== undefined) return known;
  // Most words begin nothing, whatever follows them.
  const begins = remembering((word) =>
    isOpening(word, spellings) ? remembering((next) => mayBeginCommand(word, next, spellings)) : null,
  );
  const made: CommandTest = {
    isCommand: remembering((text) => wouldAct(text, spellings)),
    mayBegin: (word, next) => {
      const before = begins(word);
      return before !== null && (next === undefined ? mayBeginCommand(word, next, spellings) : before(next));
    },
  };
  tests.set(spellings, made);
  return made;
}

const tests = new WeakMap<Spellings, CommandTest>();
/** The words of many mails are the same few thousand, and so are the lines that are ours. */
const KEPT_MAX = 20_000;
const LENGTH_MAX = 120;

function remembering<Answer>(ask: (text: string) => Answer): (text: string) => Answer {
  const answers = new Map<string, Answer>();
  return (text) => {
    const known = answers.get(text);
    if (known !== undefined) return known;
    const answer = ask(text);
    if (answers.size >= KEPT_MAX) answers.clear();
    if (text.length <= LENGTH_MAX) answers.set(text, answer);
    return answer;
  };
}

/** The test for our own spellings, of every language. */
export const Commands: CommandTest = commandsIn(allSpellings);

const SUBJECT_MAX = 120;

/**
 * The mail that the notice is. Throws when a notice about a request comes without one, when the text of an answer
 * to a customer was erased, or when the mail would hold a line that acts as a command (a bug).
 */
export function renderNotice(view: NoticeView, given: CommandTest | null = null): RenderedNotice {
  const test = given ?? commandsIn(view.policy.spellings);
  const { body } = view.notice;
  if (body.kind === 'customer-reply') return { ...customerReply(sceneOf(view, true), body), html: null };
  if (body.kind === 'outside-help') return { ...outsideHelp(sceneOf(view, true), body), html: null };
  const subject = oneLine(subjectOf(sceneOf(view, true), body), SUBJECT_MAX);
  const template = view.inbox.templates.get(body.kind);
  const own = template === undefined ? null : inWordsOf(template, view);
  if (own !== null && findCommand(own.text, own.html, test) === null) return { subject, ...own };
  const mail = bodies(documentOf(sceneOf(view, true), body));
  if (findCommand(mail.text, mail.html, test) === null) return { subject, ...mail };
  // Nobody's words may keep a request from reaching the person who answers for it: the mail goes without them.
  const bare = bodies(documentOf(sceneOf(view, false), body));
  // A phrase that the configuration adds may be a sentence of ours, which is no bug of the renderer.
  assertInert(bare.text, bare.html, given ?? Commands);
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

/** A mail's passages, with what its reader must be told marked as needed. A mail to outside may say anything. */
export function documentFor(view: NoticeView): Doc {
  const { body, recipient } = view.notice;
  if (body.kind === 'customer-reply' || body.kind === 'outside-help') return [];
  const doc = documentOf(sceneOf(view, true), body);
  return recipient.type === 'member' ? withNeeds(doc) : doc;
}

function documentOf(scene: Scene, body: Documented): Doc {
  switch (body.kind) {
    case 'acknowledgement':
      return acknowledgement(scene, body);
    case 'owner-named':
      return ownerNamed(scene, body);
    case 'delay':
      return delay(scene, body);
    case 'finished':
      return finished(scene, body);
    case 'outside-reminder':
      return outsideReminder(scene, body);
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
    case 'not-counted':
      return notCounted(scene, body);
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
    case 'parked-news':
      return parkedNews(scene, body);
    case 'member-left':
      return memberLeft(scene, body);
    case 'member-unreached':
      return memberUnreached(scene, body);
    case 'held':
      return held(scene, body);
    case 'released':
      return released(scene, body);
    case 'answer-due':
      return answerDue(scene, body);
    case 'no-progress':
      return noProgress(scene, body);
    case 'due-reached':
      return dueReached(scene, body);
    case 'snooze-ended':
      return snoozeEnded(scene, body);
    case 'nudged':
      return nudged(scene, body);
    case 'help-asked':
      return helpAsked(scene, body);
    case 'help-answered':
      return helpAnswered(scene, body);
    case 'help-silent':
      return helpSilent(scene, body);
    case 'for-whom':
      return forWhom(scene, body);
    case 'merged':
      return merged(scene, body);
    case 'also-came':
      return alsoCame(scene, body);
    case 'cover-asked':
      return coverAsked(scene, body);
    case 'cover-answered':
      return coverAnswered(scene, body);
    case 'absence-told':
      return absenceTold(scene, body);
    case 'sign-in':
      return signIn(scene, body);
    case 'digest':
      return digest(scene, body);
    case 'morning-list':
      return morningList(scene, body);
    case 'weekly-report':
      return weeklyReport(scene, body);
    case 'welcome':
      return welcome(scene, body);
    case 'shadow':
      return shadow(scene, body);
    case 'look-back':
      return lookBack(scene, body);
    case 'bundle':
      return bundle(partsOf(scene));
    default:
      return body satisfies never;
  }
}

/** What a bundle holds, each in the words of this program. */
function partsOf({ view, withWords }: Scene): Part[] {
  const listed = listedIn(view.notice.body) ?? [];
  return (view.bundled ?? []).flatMap(({ view: part, answerTo }) => {
    const { body } = part.notice;
    if (body.kind === 'customer-reply' || body.kind === 'outside-help') return [];
    const subject = oneLine(subjectOf(sceneOf(part, withWords), body), SUBJECT_MAX);
    const { conversationId: id } = part.notice;
    const request = listed.some(({ conversationId }) => conversationId === id) ? id : null;
    const doc = documentOf({ ...sceneOf(part, withWords), bundled: true }, body);
    return [{ subject, doc, answerTo, kind: body.kind, request }];
  });
}

function subjectOf(scene: Scene, body: Documented): string {
  const name = (id: MemberId): string => scene.view.policy.members.get(id)?.name ?? id;
  switch (body.kind) {
    case 'acknowledgement':
      return acknowledgementSubject(scene);
    case 'owner-named':
    case 'delay':
    case 'finished':
      return newsSubject(scene);
    case 'outside-reminder':
      return outsideSubject(scene, body);
    case 'parked':
    case 'parked-news':
      return parkedSubject(scene, body.messageId);
    case 'member-left':
      return `${name(body.member)} has left the team`;
    case 'member-unreached':
      return `Mail to ${name(body.member)} comes back`;
    case 'cover-asked':
      return `Can you stand in for ${name(body.member)}?`;
    case 'sign-in':
      return 'Sign in to the board';
    case 'digest':
      return digestSubject(body);
    case 'morning-list':
      return morningSubject(scene);
    case 'weekly-report':
      return weeklyReportSubject(body);
    case 'welcome':
      return welcomeSubject(scene);
    case 'shadow':
      return shadowSubject(body);
    case 'look-back':
      return lookBackSubject(scene, body);
    case 'bundle':
      return bundleSubject(partsOf(scene));
    case 'cover-answered':
    case 'absence-told':
      return 'While you are away';
    case 'receipt':
      if (body.parked !== undefined) return parkedSubject(scene, body.parked);
      return asksForList(body) && scene.view.request === null ? morningSubject(scene) : answerSubject(scene);
    default:
      return answerSubject(scene);
  }
}

const asksForList = ({ results }: NoticeBody & { readonly kind: 'receipt' }): boolean =>
  results.length === 1 && results.every(({ ok, verb }) => ok && verb === 'mine');

const answerSubject = (scene: Scene): string =>
  scene.view.request === null ? `Your answer to ${scene.view.inbox.name}` : requestSubject(scene);
