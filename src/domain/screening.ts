/**
 * The verdict on a message: a person, or one of eight kinds of automatic mail.
 *
 * One table of rules, tried from top to bottom; the first that answers decides. It reads headers and what kinds
 * of parts the mail has, never the words of a body: those catch people (field-notes 3.1 e). What no rule
 * recognises is a person: an Exchange out-of-office may carry no marker at all, so caps on answers must stand
 * behind this verdict.
 */
import { goesRound } from './goes-round.ts';
import type { Address, Mail } from './message.ts';
import type { OwnAddresses } from './screening-marks.ts';
import { type Rule, rules } from './screening-rules.ts';

export const ScreeningKinds = [
  'person',
  'notification',
  'auto-reply',
  'bounce',
  'delivery-status',
  'receipt',
  'feedback',
  'bulk',
  'own',
] as const;
export type ScreeningKind = (typeof ScreeningKinds)[number];

export type Screening = {
  readonly kind: ScreeningKind;
  /** The rule that decided, such as `auto-submitted`. */
  readonly code: string;
  /** One sentence for the person who asks why. */
  readonly why: string;
  /** False when the sender must not be sent anything automatic, whatever else speaks for it (RFC 3834 section 2). */
  readonly mayAcknowledge: boolean;
};

/** `own.addresses` are those of all our inboxes, in lower case. */
export function screen(mail: Mail, own: OwnAddresses): Screening {
  for (const rule of rules) {
    const why = rule.test(mail, own);
    if (why !== null) return verdict(rule, why);
  }
  const silent = whySilent(mail, own);
  return {
    kind: 'person',
    code: silent === null ? 'no-marker' : silent.code,
    why: `Nothing in it says that a machine wrote it${silent === null ? '' : `; no automatic answer, because ${silent.why}`}.`,
    mayAcknowledge: silent === null,
  };
}

const verdict = (rule: Rule, why: string): Screening => ({
  kind: rule.kind,
  code: rule.code,
  why,
  mayAcknowledge: false,
});

/** Why a person's mail gets no automatic answer, or null. */
function whySilent(mail: Mail, own: OwnAddresses): { code: string; why: string } | null {
  // Microsoft's [MS-OXCMAIL] 2.1.3.2.3: a request to us, no proof that the mail is automatic (sisimai #491).
  const suppress = mail.headers
    .filter((header) => header.name === 'x-auto-response-suppress')
    .flatMap((header) => header.value.toLowerCase().split(/[\s,;]+/));
  if (suppress.some((word) => ['all', 'oof', 'autoreply'].includes(word))) {
    return { code: 'asked-for-silence', why: 'it asks for none (X-Auto-Response-Suppress)' };
  }
  const from = mail.from[0];
  if (mail.from.length !== 1 || from === undefined || !from.address.includes('@')) {
    return { code: 'no-single-sender', why: 'it does not name exactly one sender' };
  }
  const answersGoTo: readonly Address[] = mail.replyTo.length > 0 ? [...mail.replyTo, from] : [from];
  if (answersGoTo.some((one) => own.addresses.includes(one.address.toLowerCase()))) {
    return { code: 'from-us', why: 'the answer would come to ourselves' };
  }
  if (goesRound(mail, own.addresses)) {
    return {
      code: 'goes-round',
      why: 'it has passed our own address, or so many servers, that it goes in a circle',
    };
  }
  // RFC 3834 section 2: no response to owner-, -request and similar envelope senders.
  const local = (mail.returnPath ?? '').toLowerCase().split('@')[0] ?? '';
  if (/^owner-|-(owner|request|bounces?)$|^bounces?[+=-]/.test(local)) {
    return { code: 'list-envelope', why: 'its envelope sender is that of a list or a mailing system' };
  }
  return null;
}
