/** Mails about what did not work: a mail of ours that came back, a mail that could not be read, a person who left. */
import type { ConversationId } from '../ids.ts';
import { command, type Doc, list, own, paragraph, quotation, type Span, say, strong, words } from './doc.ts';
import type { NoticeBody, NoticeKind } from './notice.ts';
import { counted, footer } from './parts.ts';
import { at, customerOf, inboxName, isReader, nameOf, type Scene, writerOf } from './scene.ts';
import { oneLine } from './words.ts';

export function undeliverable(scene: Scene, body: NoticeBody & { readonly kind: 'undeliverable' }): Doc {
  return body.recipient.type === 'member'
    ? lostToMember(scene, body, body.recipient.member)
    : lostToCustomer(scene, body);
}

function lostToCustomer(scene: Scene, body: NoticeBody & { readonly kind: 'undeliverable' }): Doc {
  const customer = customerOf(scene);
  const answer = body.lost === 'customer-reply';
  return [
    paragraph(
      answer ? strong('Your answer did not arrive.') : strong('Our mail did not arrive.'),
      answer
        ? say`What was written to ${customer} ${howItFailed(body.why)}, so ${customer} has not read it.`
        : say`Our confirmation to ${customer} ${howItFailed(body.why)}. Answers to this address will probably fail too.`,
    ),
    paragraph(
      say`Check the address in their mail, or reach them some other way. To try again, answer with ${command('reply')} on a line of its own and your text below it.`,
    ),
    footer(scene),
  ];
}

function lostToMember(
  scene: Scene,
  body: NoticeBody & { readonly kind: 'undeliverable' },
  recipient: string,
): Doc {
  const name = nameOf(scene, recipient);
  const mail =
    body.lost === 'offer' || body.lost === 'handoff' || body.lost === 'last-asked' ? 'question' : 'mail';
  return [
    paragraph(
      say`Our ${own(mail)} to ${name} about this ${howItFailed(body.why)}. ${name} probably does not know of it.`,
    ),
    paragraph(
      isQuestion(body.lost)
        ? say`To ask somebody else, answer ${command('handoff to')} and a name.`
        : say`Please tell ${name}, and have the address in the configuration checked.`,
    ),
    footer(scene),
  ];
}

const isQuestion = (lost: NoticeKind): boolean =>
  lost === 'offer' || lost === 'handoff' || lost === 'last-asked';

function howItFailed(why: (NoticeBody & { readonly kind: 'undeliverable' })['why']): readonly Span[] {
  switch (why) {
    case 'bounce':
      return say`came back as undeliverable`;
    case 'auto-reply':
      return say`was answered by a machine only`;
    case 'refused':
      return say`was refused by the mail server`;
    case 'absent':
      return say`found them away`;
    default:
      return why satisfies never;
  }
}

export function parked(scene: Scene, body: NoticeBody & { readonly kind: 'parked' }): Doc {
  const { message } = scene.view;
  const from = message === null ? null : say`From: ${writerOf(scene, message)}`;
  const about = message === null || !scene.withWords ? null : say`Subject: ${quotation(message.subject, 80)}`;
  const when = message === null ? null : say`Came: ${at(scene, message.storedAt)}`;
  const why = say`Why it could not be read: ${words(body.why, 200)}`;
  return [
    paragraph(
      strong('A mail could not be read.'),
      say`It came to ${inboxName(scene)} and is kept as it is. Nobody has been asked to take it and nobody has been answered; you answer for it.`,
    ),
    paragraph(say`Please open it in the shared mailbox and see to it there.`),
    list([from, about, when, why].filter((item) => item !== null)),
    footer(scene),
  ];
}

export function parkedSubject(scene: Scene, body: NoticeBody & { readonly kind: 'parked' }): string {
  const subject = scene.view.message?.subject ?? '';
  return `Could not be read: ${oneLine(subject, 80) || `mail ${body.messageId}`}`;
}

export function memberLeft(scene: Scene, body: NoticeBody & { readonly kind: 'member-left' }): Doc {
  const name = nameOf(scene, body.member);
  const { moved, withdrawn } = body;
  const self = isReader(scene, body.member);
  return [
    paragraph(
      say`${name} is no longer in the team's list${self ? null : say` and will not be asked any more`}.`,
      moved.length + withdrawn.length === 0
        ? say`Nothing was open.`
        : say`Nothing is without somebody who answers for it.`,
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
