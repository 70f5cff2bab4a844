/** A request's history in short lines, for whoever takes it over. */
import type { ConversationEvent } from '../conversation/events.ts';
import { passesOn } from '../conversation/passes-on.ts';
import type { MemberId, TextId } from '../ids.ts';
import { failureWords } from '../lost-mail.ts';
import type { Follows } from '../matter.ts';
import { own, quotation, type Span, say } from './doc.ts';
import { countsAs } from './guesses.ts';
import {
  at,
  contactOf,
  customerOf,
  helperOf,
  inboxOf,
  isReader,
  messageOf,
  nameOf,
  recipientOf,
  requestOf,
  type Scene,
  textOf,
  writerOf,
} from './scene.ts';

const LINES_MAX = 15;

const WORDS_MAX = 120;

/** One line per event that a person would tell, without the words `quoted` elsewhere; the earliest give way when there are many. */
export function timeline(scene: Scene, quoted: ReadonlySet<TextId>): readonly (readonly Span[])[] {
  const lines: (readonly Span[])[] = [];
  for (const event of requestOf(scene).events) {
    const told = tell(scene, event, quoted);
    if (told !== null) lines.push(say`${at(scene, event.at)} ${told}`);
  }
  if (lines.length <= LINES_MAX) return lines;
  const left = lines.length - LINES_MAX + 1;
  return [...lines.slice(0, 1), say`(${own(String(left))} more in between)`, ...lines.slice(left + 1)];
}

function tell(scene: Scene, event: ConversationEvent, quoted: ReadonlySet<TextId>): readonly Span[] | null {
  const said = (what: readonly Span[], text: TextId | null): readonly Span[] =>
    text !== null && quoted.has(text) ? what : withWords(scene, what, text);
  const who = (id: string): Span => nameOf(scene, id);
  const { events } = requestOf(scene);
  switch (event.type) {
    case 'arrived':
      return say`${customerOf(scene)} wrote${after(event.follows)}; ${wasResponsible(scene, event.accountable)}`;
    case 'offered':
      if (passesOn(events[event.seq - 2], event) && event.by !== null)
        return said(say`${who(event.by)} passed it to ${who(event.to)}`, event.note);
      return event.by === null
        ? say`${who(event.to)} was asked`
        : say`${who(event.by)} asked ${who(event.to)}`;
    case 'accepted':
      return say`${who(event.by)} took it`;
    case 'declined':
      return passesOn(event, events[event.seq]) ? null : said(say`${who(event.by)} said\u00a0no`, event.note);
    case 'categorised':
      return say`${who(event.by)} said that it is ${countsAs(scene, event.category)}`;
    case 'lapsed':
      return say`${who(event.to)} had not answered in time`;
    case 'unreachable':
      return event.why === 'absent'
        ? say`${who(event.to)} was away`
        : say`${who(event.to)} could not be reached`;
    case 'accountability-moved':
      return say`${wasResponsible(scene, event.to)} from then on`;
    case 'customer-wrote':
      return say`${customerOf(scene)} wrote again`;
    case 'answered-directly':
      return event.by === null ? say`an answer went out` : say`${who(event.by)} answered directly`;
    case 'attached': {
      const message = messageOf(scene, event.messageId);
      return event.as === 'stranger' && message !== null
        ? say`${writerOf(scene, message)} wrote, who was not part of it`
        : null;
    }
    case 'noted':
      return said(say`${who(event.by)} left a note`, event.note);
    case 'replied':
      return say`${who(event.by)} wrote to ${customerOf(scene)}`;
    case 'done':
      if (event.as === 'merged') return say`${who(event.by)} made it a part of ${own(`#${event.into}`)}`;
      if (event.as === 'spam') return say`${who(event.by)} closed it as spam`;
      return said(say`${who(event.by)} finished it`, event.note);
    case 'reopened':
      return event.by === null
        ? say`${customerOf(scene)} wrote again, open again`
        : say`${who(event.by)} opened it again`;
    case 'not-reached':
      return say`a mail to ${recipientOf(scene, event.recipient)} did not arrive${whyNot(event)}`;
    case 'held':
      return said(say`${who(event.by)} wrote an answer, which was not sent`, event.text);
    case 'released':
      return say`${who(event.by)} let an answer go out`;
    case 'help-asked':
      return said(say`${who(event.by)} asked ${helperOf(scene, event.of)} for help`, event.text);
    case 'help-answered':
      return said(say`${helperIn(scene, event.help)} answered what they were asked`, event.text);
    case 'help-silent':
      return say`${helperIn(scene, event.help)} had not answered, although reminded`;
    case 'copied':
      return say`${who(event.by)} put ${contactOf(scene, event.contact)} in copy`;
    case 'snoozed':
      return said(say`${who(event.by)} laid it aside until ${at(scene, event.until)}`, event.note);
    case 'due-set':
      return say`${who(event.by)} wanted it finished by ${at(scene, event.due)}`;
    case 'nudged':
      return say`${who(event.by)} asked ${who(event.to)} how it is going`;
    case 'answer-missed':
      return say`${customerOf(scene)} had no answer in time${own(event.toldCustomer ? ', and was told so' : '')}`;
    case 'customer-changed':
      return say`${who(event.by)} said that it is the request of ${customerOf(scene)}`;
    case 'absorbed':
      return say`${who(event.by)} made ${own(`#${event.from}`)} a part of it`;
    case 'split-off':
      return say`${who(event.by)} made one of the mails request ${own(`#${event.into}`)}`;
    case 'also-came':
      return say`it also came to ${inboxOf(scene, event.inboxId)}`;
    case 'also-split':
      return say`${who(event.by)} made the copy in ${inboxOf(scene, event.inboxId)} request ${own(`#${event.into}`)}`;
    case 'climbed':
      return event.next === null ? null : say`${who(event.to)} was reminded`;
    case 'asked-again':
    case 'progress-expected':
    case 'owner-named':
    case 'answer-owed':
    case 'answer-warned':
    case 'snooze-ended':
    case 'due-reached':
    case 'help-reminded':
    case 'classified':
    case 'routed':
    case 'withdrawn':
    case 'reminded':
      return null;
    default:
      return event satisfies never;
  }
}

/** ` (the mailbox is full)`. */
function whyNot({ failure }: ConversationEvent & { type: 'not-reached' }): Span | null {
  const why = failureWords(failure);
  return why === null ? null : own(` (${why})`);
}
const after = (follows: Follows | undefined): Span | null =>
  follows === undefined ? null : own(`, after #${follows.conversationId}`);

const wasResponsible = (scene: Scene, id: MemberId): readonly Span[] =>
  isReader(scene, id) ? say`you were responsible` : say`${nameOf(scene, id)} was responsible`;

function helperIn(scene: Scene, help: number): Span {
  const asked = requestOf(scene).events.find(({ seq }) => seq === help);
  return asked?.type === 'help-asked' ? helperOf(scene, asked.of) : own('a helper');
}

/** With what they wrote: who takes over reads the words, not that there were some. */
function withWords(scene: Scene, what: readonly Span[], note: TextId | null): readonly Span[] {
  const text = textOf(scene, note);
  return text === null || !scene.withWords ? what : say`${what}: ${quotation(text, WORDS_MAX)}`;
}
