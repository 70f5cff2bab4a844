/**
 * Mails about a mail that could not be read. Whoever has the front desk must be able to decide by this mail alone: who
 * wrote, what about, why it could not be read, where it lies, and what each answer does.
 */
import type { MemberId, MessageId } from '../ids.ts';
import type { Decision } from '../parked/parked.ts';
import {
  type Block,
  type Doc,
  list,
  named,
  needed,
  own,
  paragraph,
  quotation,
  type Span,
  say,
  strong,
  words,
} from './doc.ts';
import type { NoticeBody } from './notice.ts';
import { footer } from './parts.ts';
import { parkedChoices, parkedMail } from './receipt-parked.ts';
import { at, isReader, nameOf, type Scene, writerOf } from './scene.ts';
import { timeWords } from './times.ts';
import type { MessageView, PlaceView } from './view.ts';
import { oneLine } from './words.ts';

type Asked = NoticeBody & { readonly kind: 'parked' };
type News = NoticeBody & { readonly kind: 'parked-news' };

const SUBJECT_MAX = 80;
const WHY_MAX = 200;
const PLACE_MAX = 120;

export function parked(scene: Scene, body: Asked): Doc {
  return [
    named('news', paragraph(headline(scene, body), whyYou(scene, body), whoHasIt(scene, body))),
    needed('mail', list(whatIsKnown(scene, body))),
    needed('question', paragraph(say`Say what becomes of it, with one of these words:`)),
    needed('question', parkedChoices(body.code)),
    ...nextPerson(scene, body),
    footer(scene),
  ];
}

const isAnswer = ({ code }: Asked): boolean => code === 'not-carried-out';

/** The first words say what is wanted; the name stands behind them, however long it is. */
function headline(scene: Scene, body: Asked): readonly Span[] {
  const { message } = scene.view;
  const from = message === null ? null : say`, from ${writerOf(scene, message)}`;
  const what = isAnswer(body)
    ? "a teammate's answer that we could not carry out"
    : 'a mail that we could not read';
  switch (body.asked) {
    case 'reminder':
      return say`${strong('Nobody has decided yet')} about ${own(what)}${from}.`;
    case 'again':
      return isAnswer(body)
        ? say`${strong("A teammate's answer could not be carried out this time either")}${from}.`
        : say`${strong('A mail could not be read this time either')}${from}.`;
    default:
      return say`${strong(`Please look at ${what}`)}${from}.`;
  }
}

function whyYou(scene: Scene, { asked, from, since }: Asked): readonly Span[] | null {
  const who = from === null ? own('Somebody else') : nameOf(scene, from);
  switch (asked) {
    case 'silent':
      return say`${who} was asked first and has not decided since ${at(scene, since)}.`;
    case 'not-reached':
      return say`Our mail to ${who} did not arrive.`;
    case 'away':
      return say`${who} is away.`;
    case 'left':
      return say`${who} has left the team.`;
    case 'told':
      return say`${who} wants you to see it.`;
    default:
      return null;
  }
}

function whoHasIt(scene: Scene, body: Asked): readonly Span[] {
  const { asked, accountable } = body;
  const untouched = isAnswer(body)
    ? say`Nothing of what it says has been done.`
    : say`Nothing has gone out to whoever wrote it.`;
  if (!isReader(scene, accountable))
    return say`${untouched} ${nameOf(scene, accountable)} answers for it until one of you decides.`;
  const isNew = !['new', 'again', 'reminder'].includes(asked);
  return say`${untouched} ${own(isNew ? 'From now on you answer' : 'You answer')} for it, until somebody decides.`;
}

function whatIsKnown(scene: Scene, { why, times }: Asked): (readonly Span[])[] {
  const { message, place } = scene.view;
  const often = times < 2 ? null : say` (tried ${own(String(times))} times)`;
  const lines = [
    message === null ? say`Nothing of it could be read, not even who wrote it` : subjectLine(scene, message),
    say`Why: ${words(why, WHY_MAX)}${often}`,
    place === null ? null : placeLine(scene, place),
  ];
  return lines.filter((line) => line !== null);
}

function subjectLine(scene: Scene, { subject }: MessageView): readonly Span[] | null {
  if (!scene.withWords) return null;
  return oneLine(subject, 1) === ''
    ? say`Without a subject`
    : say`Subject: ${quotation(subject, SUBJECT_MAX)}`;
}

/** By the time that its server notes, which mail programs sort by; with the date, however soon this is read. */
function placeLine(scene: Scene, { folder, receivedAt, size }: PlaceView): readonly Span[] {
  const { inbox, timeZone } = scene.view;
  const when = own(timeWords(receivedAt, 0, timeZone));
  // Of a mail that its server does not give out nobody may know how large it is.
  const large = size === 0 ? null : say`, ${own(sizeWords(size))}`;
  return say`Where it lies: in the mailbox of ${words(inbox.address, PLACE_MAX)}, folder ${quotation(folder, PLACE_MAX)}, ${when}${large}`;
}

const KIB = 1024;
const MIB = 1024 * KIB;

/** `3 KB`, `60 MB`: what mail programs show. */
export function sizeWords(bytes: number): string {
  return bytes < MIB ? `${Math.max(1, Math.ceil(bytes / KIB))} KB` : `${Math.ceil(bytes / MIB)} MB`;
}

/** Nothing where the clock would come to its reader again. */
function nextPerson(scene: Scene, { due, accountable }: Asked): readonly Block[] {
  const isLast = isReader(scene, scene.view.inbox.finalManager);
  if (due === null || due <= scene.view.now || isLast || !isReader(scene, accountable)) return [];
  return [
    named(
      'more',
      paragraph(say`If nothing is decided by ${at(scene, due)}, the next person is asked as well.`),
    ),
  ];
}

export function parkedNews(scene: Scene, { news, accountable }: News): Doc {
  switch (news.type) {
    case 'decided':
      return told(scene, paragraph(decision(scene, news), strong('No\u00a0need to answer any more.')));
    case 'moved-up':
      return told(
        scene,
        paragraph(
          say`Nobody has decided about the ${parkedMail(scene)}, so ${nameOf(scene, news.to)} was asked as well and answers for it now.`,
          say`You may still decide:`,
        ),
        parkedChoices(),
      );
    case 'not-reached':
      return told(
        scene,
        paragraph(
          say`${nameOf(scene, news.member)} probably does not know of the ${parkedMail(scene)}: our mail did not arrive.`,
          isReader(scene, accountable)
            ? say`You answer for it and may decide yourself:`
            : say`${nameOf(scene, accountable)} answers for it. You may decide as well:`,
        ),
        parkedChoices(),
      );
    case 'not-carried-out':
      return told(
        scene,
        paragraph(
          strong('What you wrote could not be carried out.'),
          say`It failed on our side again and again, and nothing of it has happened.`,
          isReader(scene, accountable)
            ? say`You answer for it: another mail tells what you can do.`
            : say`${nameOf(scene, accountable)} is asked to look at it.`,
        ),
        paragraph(say`If it is urgent, send it once more or reach your colleagues some other way.`),
      );
    default:
      return news satisfies never;
  }
}

const told = (scene: Scene, ...blocks: readonly Block[]): Doc => [
  ...blocks.map((block) => needed('news', block)),
  footer(scene),
];

function decision(scene: Scene, { by, how, where }: News['news'] & { type: 'decided' }): readonly Span[] {
  const about = say` about the ${parkedMail(scene)}: ${own(becomes(how))}.`;
  if (where !== 'at-the-server') return say`${nameOf(scene, by)} has decided${about}`;
  return isReader(scene, by)
    ? say`Whoever looks after our server has decided in your name${about}`
    : say`Whoever looks after our server has decided in the name of ${nameOf(scene, by)}${about}`;
}

/** What became of it, behind a colon. */
export function becomes(how: Decision): string {
  switch (how) {
    case 'request':
      return 'it is a request now, and somebody is asked to take it';
    case 'dismiss':
      return 'it needs nothing';
    case 'retry':
      return 'it is read once more';
    default:
      return how satisfies never;
  }
}

/** The same for what is said about it, so that all of it is one thread. */
export function parkedSubject(scene: Scene, id: MessageId): string {
  const subject = scene.view.message?.subject ?? '';
  return `Could not be read: ${oneLine(subject, SUBJECT_MAX) || `mail ${id}`}`;
}

/** Who decided before whoever reads this wanted to. */
export function decidedBefore(
  scene: Scene,
  mail: readonly Span[],
  decided: { readonly by: MemberId; readonly how: Decision } | null,
): readonly Span[] {
  if (decided === null)
    return say`The ${mail} has been seen to already, so nothing changed. There is nothing more to do.`;
  const who = isReader(scene, decided.by) ? say`You have` : say`${nameOf(scene, decided.by)} has`;
  return say`${who} decided about the ${mail} already: ${own(becomes(decided.how))}. So nothing changed, and there is nothing more to do.`;
}
