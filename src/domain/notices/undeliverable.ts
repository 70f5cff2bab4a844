/** Mails about mails of ours that came back: what did not arrive, why, and what to do about it. */
import type { UnreachableWhy } from '../conversation/events.ts';
import { unreachedSince } from '../conversation/state.ts';
import type { ContactId, MemberId } from '../ids.ts';
import { type DeliveryFailure, failureWords } from '../lost-mail.ts';
import { type Block, command, type Doc, named, own, paragraph, type Span, say, strong } from './doc.ts';
import { whyUnreached } from './loss-words.ts';
import type { NoticeBody, NoticeKind } from './notice.ts';
import { footer, whoseNow } from './parts.ts';
import {
  at,
  contactOf,
  customerOf,
  inboxName,
  nameAndAddress,
  nameOf,
  requestOf,
  type Scene,
} from './scene.ts';

type Undeliverable = NoticeBody & { readonly kind: 'undeliverable' };

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

function lostToCustomer(scene: Scene, body: Undeliverable): Doc {
  const customer = customerOf(scene);
  const answer = body.lost === 'customer-reply';
  return [
    paragraph(
      answer ? strong('Your answer did not arrive.') : strong('Our mail did not arrive.'),
      answer
        ? say`What was written to ${customer} ${howItFailed(body)}, so ${customer} has not read it.`
        : say`${own(whatWasLost(body.lost))} ${customer} ${howItFailed(body)}.`,
    ),
    paragraph(...whatToDo(scene, body.failure)),
    answer && requestOf(scene).state.phase !== 'done'
      ? paragraph(say`${customer} still waits for an answer; it may be best to call.`)
      : null,
    footer(scene),
  ].filter((block) => block !== null);
}

/** Where nothing goes any more without a word of somebody's, that word is named. */
function whatToDo(scene: Scene, failure: DeliveryFailure | null): readonly (readonly Span[])[] {
  const again = say`To try again, answer ${command('reply:')} and your text.`;
  if (unreachedSince(requestOf(scene).state) !== null) return nothingGoes(scene);
  switch (failure?.reason) {
    case 'mailbox-full':
      return [say`It may have room again later; until then, reach them some other way.`, again];
    case 'too-large':
      return [say`Write again with smaller files or without them: ${command('reply:')} and your text.`];
    case 'network':
    case 'expired':
    case 'system':
    case 'rate-limited':
      return [say`It may work again later, or reach them some other way.`, again];
    case 'spam':
    case 'blocked':
    case 'rejected':
    case 'authentication':
    case 'policy':
      return [
        say`Reach them some other way. If it happens with others too, have your mail administrator look why mail from ${inboxName(scene)} is not taken.`,
        again,
      ];
    default:
      return [say`Check the address in their mail, or reach them some other way.`, again];
  }
}

const nothingGoes = (scene: Scene): readonly (readonly Span[])[] => [
  say`Nothing goes to ${address(scene)} until somebody says so.`,
  say`If you know a better address, answer ${command('for')} and that address.`,
  say`What you write with ${command('reply:')} waits for your ${command('release')}.`,
];

const address = (scene: Scene): readonly Span[] =>
  nameAndAddress(scene, { name: '', address: requestOf(scene).customer.address }, 'this address');

/** For whoever is asked or has it, while mail to the customer comes back: nobody should count on a mail. */
export function comesBack(scene: Scene): Block | null {
  const { request } = scene.view;
  const since = request === null ? null : unreachedSince(request.state);
  if (request === null || since === null) return null;
  const why = whyUnreached(request.events);
  return named(
    'unreached',
    paragraph(
      strong('Mail to this address comes back.'),
      why === null
        ? say`What we sent to ${address(scene)} came back before.`
        : say`What we sent to ${address(scene)} came back ${at(scene, since)}: ${own(why)}.`,
      say`So nothing goes there by itself, and it may be best to call. If there is a better address, answer ${command('for')} and that address.`,
    ),
  );
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
  const dropped = !asked && !requestOf(scene).state.copied.includes(contact);
  return [
    asked
      ? paragraph(
          strong('Your question did not arrive.'),
          say`What was written to ${name} ${howItFailed(body)}, so ${name} has probably not read it.`,
        )
      : paragraph(
          say`The copy to ${name} ${howItFailed(body)}.`,
          dropped ? say`${name} gets no more copies.` : null,
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
      say`${name} probably has not seen this: ${whyUnseen(name, body)}.`,
      request === null ? null : whoseNow(scene, request.state),
    ),
    paragraph(
      isQuestion(body.lost)
        ? say`To ask somebody else, answer ${command('handoff to')} and a name.`
        : body.lost === 'help-asked'
          ? say`To ask somebody else, answer ${command('help from')} and a name.`
          : say`Please tell ${name}, and have the address in the configuration checked.`,
    ),
    footer(scene),
  ];
}

/** Once a day, to who can have the address in the configuration mended. */
export function memberUnreached(scene: Scene, body: NoticeBody & { readonly kind: 'member-unreached' }): Doc {
  const name = nameOf(scene, body.member);
  const why = failureWords(body.failure);
  return [
    paragraph(
      strong(`Mail to a teammate comes back.`),
      why === null
        ? say`What we send to ${name} does not arrive.`
        : say`What we send to ${name} does not arrive: ${own(why)}.`,
    ),
    paragraph(
      say`Nothing is lost by it: what ${name} is asked goes to the next person as soon as it comes back. But what ${name} has stays with ${name}, who reads none of our mails about it.`,
      say`Please have the address in the configuration checked, and tell ${name}.`,
    ),
    footer(scene),
  ];
}

function whyUnseen(name: Span, { why, failure }: Undeliverable): readonly Span[] {
  switch (why) {
    case 'bounce':
      return say`the mail came back${because(failure)}`;
    case 'auto-reply':
      return say`only an automatic answer came`;
    case 'refused':
      return say`the mail server refused it${because(failure)}`;
    case 'absent':
      return say`${name} is away`;
    default:
      return why satisfies never;
  }
}

const isQuestion = (lost: NoticeKind): boolean =>
  lost === 'offer' || lost === 'handoff' || lost === 'last-asked';

function howItFailed({
  why,
  failure,
}: {
  why: UnreachableWhy;
  failure: DeliveryFailure | null;
}): readonly Span[] {
  switch (why) {
    case 'bounce':
      return say`came back${because(failure, ' as undeliverable')}`;
    case 'auto-reply':
      return say`was answered by a machine only`;
    case 'refused':
      return say`was refused by the mail server${because(failure)}`;
    case 'absent':
      return say`found them away`;
    default:
      return why satisfies never;
  }
}

/** `: the address does not exist (5.1.1)`. */
function because(failure: DeliveryFailure | null, otherwise = ''): Span {
  const why = failureWords(failure);
  return own(why === null ? otherwise : `: ${why}`);
}
