/** Mails about what did not work: a mail that could not be read, a person who left. */
import type { ConversationId, MessageId } from '../ids.ts';
import {
  command,
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
import { counted, footer } from './parts.ts';
import { at, inboxName, isReader, nameOf, type Scene, writerOf } from './scene.ts';
import { oneLine } from './words.ts';

export function parked(scene: Scene, body: NoticeBody & { readonly kind: 'parked' }): Doc {
  const { message } = scene.view;
  const from = message === null ? null : say`, from ${writerOf(scene, message)}`;
  const about = message === null || !scene.withWords ? null : say`Subject: ${quotation(message.subject, 80)}`;
  const when = message === null ? null : say`Came: ${at(scene, message.storedAt)}`;
  const why = say`Why it could not be read: ${words(body.why, 200)}`;
  return [
    named(
      'news',
      paragraph(
        say`${strong('Please look at a mail that we could not read')}${from}.`,
        say`It came to ${inboxName(scene)} and is kept as it is. Nobody has been asked to take it and nobody has been answered; you answer for it.`,
      ),
    ),
    needed('mail', list([about, when, why].filter((item) => item !== null))),
    needed('question', paragraph(say`It is in the shared mailbox. Answer one of these:`)),
    needed(
      'question',
      list([
        say`${command('request')}: it becomes a request as it is`,
        say`${command('retry')}: it is read once more`,
        say`${command('dismiss')}: there is nothing to do`,
        say`${command('handoff to')} and a name: that person is asked to see to it`,
      ]),
    ),
    footer(scene),
  ];
}

/** The same for what is said about it, so that both are one thread. */
export function parkedSubject(scene: Scene, id: MessageId): string {
  const subject = scene.view.message?.subject ?? '';
  return `Could not be read: ${oneLine(subject, 80) || `mail ${id}`}`;
}

export function memberLeft(scene: Scene, body: NoticeBody & { readonly kind: 'member-left' }): Doc {
  const name = nameOf(scene, body.member);
  const { moved, withdrawn } = body;
  const self = isReader(scene, body.member);
  return [
    paragraph(
      say`${name} is no longer in the team's list${self ? null : say` and will not be asked any more`}.`,
      moved.length + withdrawn.length === 0 ? say`Nothing was open.` : say`Every request still has an owner.`,
    ),
    list([
      ...(moved.length === 0
        ? []
        : [
            say`${own(counted(moved.length, 'request'))} moved to ${words(scene.view.inbox.frontDeskName, 80)}: ${numbers(moved)}`,
          ]),
      ...(withdrawn.length === 0
        ? []
        : [
            say`${own(counted(withdrawn.length, 'request'))} that ${name} was asked to take: whoever answers for it keeps it, and somebody else is asked where nobody had it yet: ${numbers(withdrawn)}`,
          ]),
    ]),
    footer(scene),
  ].filter((block) => block.kind !== 'list' || block.items.length > 0);
}

const LISTED_MAX = 40;

function numbers(ids: readonly ConversationId[]): Span {
  const shown = ids.slice(0, LISTED_MAX).map((id) => `#${id}`);
  const more = ids.length - shown.length;
  return own(`${shown.join(', ')}${more === 0 ? '' : ` and ${more} more`}`);
}
