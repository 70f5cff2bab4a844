/** Mails about what somebody wrote: the customer, a colleague, or the reader themselves. */
import { sameAddress } from '../address.ts';
import { memberByAddress } from '../roster.ts';
import { alsoTo } from './also-to.ts';
import { command, type Doc, paragraph, type Span, say, strong } from './doc.ts';
import { absorbedIn } from './message-view.ts';
import type { NoticeBody } from './notice.ts';
import {
  Full,
  footer,
  howToGoOn,
  latestFromCustomer,
  messageQuote,
  messageQuotes,
  mustBeTaken,
  noteQuote,
  untilAccepted,
  whoseNow,
  yourPart,
} from './parts.ts';
import {
  customerOf,
  isReader,
  knownContact,
  messageOf,
  nameOf,
  requestOf,
  type Scene,
  writerOf,
} from './scene.ts';
import { comesBack } from './undeliverable.ts';
import type { MessageView } from './view.ts';

export function customerWrote(scene: Scene, body: NoticeBody & { readonly kind: 'customer-wrote' }): Doc {
  const message = messageOf(scene, body.messageId);
  return [
    mustBeTaken(scene)
      ? paragraph(yourPart(scene), whatHappened(scene, body, message))
      : paragraph(whatHappened(scene, body, message), yourPart(scene)),
    comesBack(scene),
    ...(message === null ? [] : [...messageQuotes(scene, message, Full), ...alsoTo(scene, [message])]),
    isReader(scene, requestOf(scene).state.owner) ? paragraph(howToGoOn(scene)) : null,
    footer(scene),
  ].filter((block) => block !== null);
}

function whatHappened(
  scene: Scene,
  { reopened }: NoticeBody & { readonly kind: 'customer-wrote' },
  message: MessageView | null,
): readonly Span[] {
  const { events } = requestOf(scene);
  const event = events.find(({ seq }) => seq === scene.view.notice.seq);
  if (event?.type === 'reopened' && event.by !== null) {
    return say`${nameOf(scene, event.by)} opened this again. The last mail from ${customerOf(scene)}:`;
  }
  // It may be a member's name that a stranger wrote under.
  if (message?.stranger === true && memberByAddress(scene.view.policy, message.from.address) !== null) {
    return say`A mail in the name of ${writerOf(scene, message)} came, which did not count. Nothing has changed, and nobody has answered it.`;
  }
  if (message?.stranger === true) return whoElseWrote(scene, message);
  if (message !== null && isOfMerged(scene, message)) {
    return say`${writerOf(scene, message)} wrote again, whose request became a part of this one. ${strong('What you answer goes to')} ${customerOf(scene)}, not to them. To answer them, reply ${command('split')}: their mail becomes a request of its own.`;
  }
  return reopened
    ? say`${customerOf(scene)} wrote again, so this is open again.`
    : say`${customerOf(scene)} wrote again.`;
}

/** By the customer of a request that is a part of this one: answers go to another. */
function isOfMerged(scene: Scene, { from }: MessageView): boolean {
  const { events, customer } = requestOf(scene);
  const { policy, inbox } = scene.view;
  if (absorbedIn(events).length === 0 || sameAddress(from.address, customer.address)) return false;
  // A group that feeds the inbox writes in the name of whoever it is from.
  return !sameAddress(from.address, inbox.address) && memberByAddress(policy, from.address) === null;
}

/** Somebody who is not the customer: a helper, somebody in copy, or nobody that this request knows of. */
function whoElseWrote(scene: Scene, message: MessageView): readonly Span[] {
  const writer = writerOf(scene, message);
  const contact = knownContact(scene, message.from);
  if (contact === null) {
    return say`${writer} wrote, who was not part of this so far. Nobody has answered them. To put them in copy from now on, answer ${command('add')} and their address.`;
  }
  return requestOf(scene).state.copied.includes(contact)
    ? say`${writer} wrote, who is in copy. Nobody has answered them.`
    : say`${writer} wrote, who was asked for help before. Nobody has answered them.`;
}

export function noted(scene: Scene, body: NoticeBody & { readonly kind: 'noted' }): Doc {
  return [
    paragraph(
      say`${nameOf(scene, body.by)} left a note for you.`,
      say`It was not sent to ${customerOf(scene)}.`,
    ),
    noteQuote(scene, body.by, body.note, scene.view.message?.attachments),
    paragraph(whoseNow(scene, requestOf(scene).state)),
    footer(scene),
  ].filter((block) => block !== null);
}

export function answeredDirectly(
  scene: Scene,
  body: NoticeBody & { readonly kind: 'answered-directly' },
): Doc {
  const message = messageOf(scene, body.messageId);
  const who = body.by === null ? say`Somebody` : say`${nameOf(scene, body.by)}`;
  const where = body.by === null ? say` from the shared mailbox` : null;
  return [
    paragraph(
      strong('An answer went out already.'),
      say`${who} wrote to ${customerOf(scene)}${where}, so you need not say the same again.`,
      say`Who answers for it has not changed.`,
    ),
    ...(message === null ? latestFromCustomer(scene) : [messageQuote(scene, message, Full)]),
    footer(scene),
  ];
}

export function isItYours(scene: Scene, body: NoticeBody & { readonly kind: 'is-it-yours' }): Doc {
  const { state } = requestOf(scene);
  const message = messageOf(scene, body.messageId);
  return [
    paragraph(
      strong('Is it yours now?'),
      say`You answered ${customerOf(scene)} directly, and nobody has taken this yet.`,
      say`If it is, answer ${command('accept')} (or ${command('yes')}).`,
      state.accountable === null ? null : untilAccepted(scene, state.accountable),
    ),
    ...(message === null ? latestFromCustomer(scene) : [messageQuote(scene, message, Full)]),
    paragraph(say`Not yours? Then there is nothing to do.`),
    footer(scene),
  ];
}
