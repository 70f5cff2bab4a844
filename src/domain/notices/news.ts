/** Mails about what somebody wrote: the customer, a colleague, or the reader themselves. */
import { memberByAddress } from '../roster.ts';
import { command, type Doc, paragraph, type Span, say, strong } from './doc.ts';
import type { NoticeBody } from './notice.ts';
import {
  Full,
  footer,
  howToGoOn,
  latestFromCustomer,
  messageQuote,
  noteQuote,
  untilAccepted,
  whoseNow,
} from './parts.ts';
import { customerOf, isReader, messageOf, nameOf, requestOf, type Scene, writerOf } from './scene.ts';
import type { MessageView } from './view.ts';

export function customerWrote(scene: Scene, body: NoticeBody & { readonly kind: 'customer-wrote' }): Doc {
  const message = messageOf(scene, body.messageId);
  return [
    paragraph(whatHappened(scene, body, message), yourPart(scene)),
    message === null ? null : messageQuote(scene, message, Full),
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
  if (message?.stranger === true) {
    return say`${writerOf(scene, message)} wrote, who was not part of this so far. Nobody has answered them.`;
  }
  return reopened
    ? say`${customerOf(scene)} wrote again, so this is open again.`
    : say`${customerOf(scene)} wrote again.`;
}

function yourPart(scene: Scene): readonly Span[] {
  const { state } = requestOf(scene);
  if (state.owner === null && isReader(scene, state.offer?.to ?? null) && state.accountable !== null) {
    // The last person asked cannot say no: somebody must decide.
    const no = state.offer?.acceptBy === null ? command('handoff to') : command('decline');
    const name = state.offer?.acceptBy === null ? say` and a name` : null;
    return say`You are asked to take this: answer ${command('accept')} or ${no}${name}. ${untilAccepted(scene, state.accountable)}`;
  }
  return whoseNow(scene, state);
}

export function noted(scene: Scene, body: NoticeBody & { readonly kind: 'noted' }): Doc {
  return [
    paragraph(
      say`${nameOf(scene, body.by)} left a note for you.`,
      say`It was not sent to ${customerOf(scene)}.`,
    ),
    noteQuote(scene, body.by, body.note),
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
