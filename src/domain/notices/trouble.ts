/** Mails about what did not work: a mail of ours that came back, a person who left. */
import type { UnreachableWhy } from '../conversation/events.ts';
import type { ContactId, ConversationId, MemberId } from '../ids.ts';
import { command, type Doc, list, own, paragraph, type Span, say, strong, words } from './doc.ts';
import type { NoticeBody, NoticeKind } from './notice.ts';
import { counted, footer, whoseNow } from './parts.ts';
import { contactOf, customerOf, isReader, nameOf, type Scene } from './scene.ts';

export function undeliverable(scene: Scene, body: Undeliverable): Doc {
  const { recipient } = body;
  switch (recipient.type) {
    case 'member':
      return lostToMember(scene, body, recipient.member);
    case 'contact':
      return lostToContact(scene, body, recipient.contact);
    case 'customer':
      return lostToCustomer(scene, body);
    default:
      return recipient satisfies never;
  }
}

type Undeliverable = NoticeBody & { readonly kind: 'undeliverable' };

function lostToCustomer(scene: Scene, body: Undeliverable): Doc {
  const customer = customerOf(scene);
  const answer = body.lost === 'customer-reply';
  return [
    paragraph(
      answer ? strong('Your answer did not arrive.') : strong('Our mail did not arrive.'),
      answer
        ? say`What was written to ${customer} ${howItFailed(body.why)}, so ${customer} has not read it.`
        : say`${own(whatWasLost(body.lost))} ${customer} ${howItFailed(body.why)}. Answers to this address will probably fail too.`,
    ),
    paragraph(
      say`Check the address in their mail, or reach them some other way. To try again, answer ${command('reply:')} and your text.`,
    ),
    footer(scene),
  ];
}

function whatWasLost(lost: NoticeKind): string {
  switch (lost) {
    case 'acknowledgement':
      return 'Our confirmation to';
    case 'owner-named':
      return 'Our word on who has this, to';
    case 'delay':
      return 'Our word that it takes longer, to';
    case 'finished':
      return 'Our word that this is finished, to';
    default:
      return 'Our mail to';
  }
}

/** A question to somebody outside, or their copy of what the customer got. */
function lostToContact(scene: Scene, body: Undeliverable, contact: ContactId): Doc {
  const name = contactOf(scene, contact);
  const asked = body.lost === 'outside-help' || body.lost === 'outside-reminder';
  return [
    asked
      ? paragraph(
          strong('Your question did not arrive.'),
          say`What was written to ${name} ${howItFailed(body.why)}, so ${name} has probably not read it.`,
        )
      : paragraph(
          say`The copy to ${name} ${howItFailed(body.why)}.`,
          say`The mail to ${customerOf(scene)} is another one, and nothing is known to be wrong with it.`,
        ),
    paragraph(
      asked
        ? say`Check the address. To ask again: ${command('ask joe@plumber.example: can you …?')}.`
        : say`Check the address. To put another in copy: ${command('add joe@plumber.example')}.`,
    ),
    footer(scene),
  ];
}

function lostToMember(scene: Scene, body: Undeliverable, recipient: MemberId): Doc {
  const name = nameOf(scene, recipient);
  const { request } = scene.view;
  return [
    paragraph(
      say`${name} probably has not seen this: ${whyUnseen(name, body.why)}.`,
      request === null ? null : whoseNow(scene, request.state),
    ),
    paragraph(
      isQuestion(body.lost)
        ? say`To ask somebody else, answer ${command('handoff to')} and a name.`
        : say`Please tell ${name}, and have the address in the configuration checked.`,
    ),
    footer(scene),
  ];
}

function whyUnseen(name: Span, why: UnreachableWhy): readonly Span[] {
  switch (why) {
    case 'bounce':
      return say`the mail came back`;
    case 'auto-reply':
      return say`only an automatic answer came`;
    case 'refused':
      return say`the mail server refused it`;
    case 'absent':
      return say`${name} is away`;
    default:
      return why satisfies never;
  }
}

const isQuestion = (lost: NoticeKind): boolean =>
  lost === 'offer' || lost === 'handoff' || lost === 'last-asked';

function howItFailed(why: UnreachableWhy): readonly Span[] {
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
