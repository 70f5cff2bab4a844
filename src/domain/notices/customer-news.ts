/**
 * What a customer, and whoever is in copy, is told while their request goes on: who has it, that it takes longer, that
 * it is finished. Like the confirmation, none of it repeats a word that came from outside.
 */
import type { MemberId } from '../ids.ts';
import { NEWS, promised, subjectToCustomer } from './customer.ts';
import {
  type Block,
  callout,
  type Doc,
  muted,
  named,
  own,
  paragraph,
  type Span,
  say,
  value,
  words,
} from './doc.ts';
import type { NoticeBody } from './notice.ts';
import { inboxName, nameOf, requestOf, type Scene } from './scene.ts';

/** In the thread of the confirmation for who is proved to have written; else without a word from outside. */
export const newsSubject = (scene: Scene): string => subjectToCustomer(scene, NEWS);

export function ownerNamed(scene: Scene, body: NoticeBody & { readonly kind: 'owner-named' }): Doc {
  const before = namedBefore(scene, body.owner);
  const inPlaceOf =
    before === null ? null : say`, in place of ${value('owner-before', nameOf(scene, before))},`;
  return [
    named(
      'news',
      paragraph(
        say`${value('owner', nameOf(scene, body.owner))} has ${theirs(scene)} now${inPlaceOf} and ${answersThem(scene)}.`,
        say`Photos or news? Just reply.`,
      ),
    ),
    footer(scene),
  ];
}

/** Whom the customer was told before, when that was somebody else. */
function namedBefore(scene: Scene, owner: MemberId): MemberId | null {
  const until = scene.view.notice.seq ?? Number.POSITIVE_INFINITY;
  const last = requestOf(scene).events.findLast((event) => event.type === 'owner-named' && event.seq < until);
  return last?.type === 'owner-named' && last.owner !== owner ? last.owner : null;
}

export function delay(scene: Scene, body: NoticeBody & { readonly kind: 'delay' }): Doc {
  const { emergencyLine } = scene.view.inbox;
  return [
    named(
      'news',
      paragraph(
        say`Our answer takes longer than it should, and we are sorry. A person will answer${promised(scene, body.answerBy)}.`,
        say`Just reply if there is news.`,
      ),
    ),
    emergencyLine === null ? null : named('emergency', callout([words(emergencyLine, 300)])),
    footer(scene),
  ].filter((block) => block !== null);
}

export function finished(scene: Scene, body: NoticeBody & { readonly kind: 'finished' }): Doc {
  return [
    named(
      'news',
      paragraph(
        say`${value('by', nameOf(scene, body.by))} says this is finished.`,
        say`Is it not? Just reply, and it is open again.`,
      ),
    ),
    footer(scene),
  ];
}

/** To whoever is in copy, it is somebody else's. */
const isCustomer = (scene: Scene): boolean => scene.view.notice.recipient.type === 'customer';

const theirs = (scene: Scene): Span => own(isCustomer(scene) ? 'your request' : 'this request');
const answersThem = (scene: Scene): Span => own(isCustomer(scene) ? 'will answer you' : 'will answer it');

const footer = (scene: Scene): Block =>
  named(
    'footer',
    muted(say`${inboxName(scene)}, reference ${own(String(requestOf(scene).state.id))} (automatic message)`),
  );
