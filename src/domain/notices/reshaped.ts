/** Mails about what a request is made of: whose it is when somebody passed it on, what was put together, and what came to two inboxes. */
import { command, type Doc, named, needed, own, paragraph, say, strong, value } from './doc.ts';
import type { NoticeBody } from './notice.ts';
import { Full, footer, latestFromCustomer, messageQuote, messageQuotes, whoseNow } from './parts.ts';
import {
  customerOf,
  customerWord,
  inboxName,
  inboxOf,
  isAsked,
  isReader,
  messageOf,
  nameAndAddress,
  nameOf,
  requestOf,
  type Scene,
} from './scene.ts';

export function forWhom(scene: Scene, body: NoticeBody & { readonly kind: 'for-whom' }): Doc {
  const message = messageOf(scene, body.messageId);
  const writer = message?.forwardedFrom ?? null;
  return [
    needed(
      'question',
      writer === null
        ? paragraph(
            strong('Whose request is this?'),
            say`You passed on a mail, and we could not tell who wrote it first.`,
            say`If it is a ${customerWord(scene)}'s, answer ${command('for')} and the address. If it is your own, there is nothing to do.`,
          )
        : paragraph(
            say`You passed on a mail of ${value('writer', nameAndAddress(scene, writer, 'somebody'))}.`,
            strong('Is it their request?'),
            say`Reply ${command('yes')}. Somebody else's? Answer ${command('for')} and the address.`,
          ),
    ),
    named('more', paragraph(say`Until you say so, answers go to you and not to anybody outside.`)),
    message === null ? null : messageQuote(scene, message, Full),
    footer(scene),
  ].filter((block) => block !== null);
}

export function merged(scene: Scene, body: NoticeBody & { readonly kind: 'merged' }): Doc {
  return [
    paragraph(
      say`${nameOf(scene, body.by)} made ${own(`#${body.from}`)} a part of this request: what was written there belongs here now.`,
      whoseNow(scene, requestOf(scene).state),
    ),
    ...latestFromCustomer(scene),
    footer(scene),
  ];
}

export function alsoCame(scene: Scene, body: NoticeBody & { readonly kind: 'also-came' }): Doc {
  const { state } = requestOf(scene);
  const message = messageOf(scene, body.messageId);
  // It may have become theirs, or a question to them, before the mail went out.
  const isTheirs = isReader(scene, state.accountable) || isAsked(scene) || state.accountable === null;
  return [
    needed(
      'answerable',
      paragraph(
        say`${customerOf(scene)} wrote to ${inboxName(scene)} and to ${inboxOf(scene, body.inbox)}. It is one request, of ${inboxName(scene)}.`,
        whoseNow(scene, state),
        isTheirs ? null : say`Nothing is asked of you.`,
      ),
    ),
    ...(message === null ? [] : messageQuotes(scene, message, Full)),
    named(
      'more',
      paragraph(
        say`If there is something in it for ${inboxOf(scene, body.inbox)}, answer ${command('split')}: the copy there becomes a request of its own, and somebody is asked to take it.`,
      ),
    ),
    footer(scene),
  ];
}
