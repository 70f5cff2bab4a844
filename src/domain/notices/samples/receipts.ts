/** A receipt for every command that was carried out, and for every way in which one is refused. */
import { type Verb, Verbs } from '../../command/command.ts';
import type { HeldWhy } from '../../conversation/events.ts';
import type { MemberId, TextId } from '../../ids.ts';
import { DAY } from '../../instant.ts';
import type { Rejection, RejectionCode } from '../../rejections.ts';
import type { CommandResult } from '../notice.ts';
import type { Done, Receipt } from '../receipt-kinds.ts';
import type { Sample } from './kinds.ts';
import { ACCEPT_BY, BACK_ON, type ViewOptions } from './request.ts';

const Refusals: { readonly [C in RejectionCode]: Rejection & { readonly code: C } } = {
  'owned-by-other': { code: 'owned-by-other', owner: 'luis' },
  'already-yours': { code: 'already-yours' },
  'not-asked': { code: 'not-asked' },
  'last-person': { code: 'last-person' },
  finished: { code: 'finished' },
  'not-finished': { code: 'not-finished' },
  'unknown-name': { code: 'unknown-name', closest: ['sam', 'priya'] },
  'several-names': { code: 'several-names', members: ['sam', 'dana'] },
  'unknown-category': { code: 'unknown-category', known: ['repair', 'contracts', 'help'] },
  'inactive-member': { code: 'inactive-member', member: 'omar' },
  'absent-member': { code: 'absent-member', member: 'sam', until: BACK_ON, backup: 'luis' },
  'handoff-to-self': { code: 'handoff-to-self' },
  'handoff-to-author': { code: 'handoff-to-author', member: 'sam' },
  'already-asked': { code: 'already-asked', member: 'sam' },
  'already-theirs': { code: 'already-theirs', member: 'sam' },
  'newer-message': { code: 'newer-message', messageId: 2 },
  'no-text': { code: 'no-text' },
  'nothing-to-send': { code: 'nothing-to-send' },
  'nothing-held': { code: 'nothing-held' },
  'nobody-to-remind': { code: 'nobody-to-remind' },
  'time-past': { code: 'time-past' },
  'time-too-far': { code: 'time-too-far' },
  'bad-address': { code: 'bad-address', why: 'unusable' },
  'too-many-contacts': { code: 'too-many-contacts' },
  'managers-only': { code: 'managers-only' },
  'not-here': { code: 'not-here' },
  'looks-on': { code: 'looks-on' },
  'already-away': { code: 'already-away', until: BACK_ON },
  'ends-before': { code: 'ends-before' },
  'not-away': { code: 'not-away' },
  'away-by-plan': { code: 'away-by-plan', until: BACK_ON },
  'cover-is-away': { code: 'cover-is-away', member: 'sam', until: BACK_ON },
  'unknown-request': { code: 'unknown-request', reference: 1017 },
  'merge-with-itself': { code: 'merge-with-itself' },
  'nothing-to-split': { code: 'nothing-to-split' },
  'no-copy': { code: 'no-copy', inbox: 'billing' },
  'no-longer-parked': { code: 'no-longer-parked', decided: { by: 'leah', how: 'dismiss' } },
  'not-listed': { code: 'not-listed', reference: 1017 },
  'number-first': { code: 'number-first', listed: [1042, 1017] },
  'one-request-each': { code: 'one-request-each' },
  'merge-apart': { code: 'merge-apart', reference: 1017 },
  'which-files': { code: 'which-files' },
  'other-inbox': { code: 'other-inbox', inbox: 'billing' },
  'not-understood': { code: 'not-understood', suggestion: 'accept' },
  expired: { code: 'expired' },
};

export function receiptOf(results: readonly CommandResult[], changes: Partial<Receipt> = {}): Receipt {
  const after = { phase: 'owned', owner: 'priya', accountable: 'priya' } as const;
  return { kind: 'receipt', results, kept: null, after, ...changes };
}

/** What is written with a command, by the names of the sample's texts. */
const TextOf: { readonly [V in Verb]?: TextId } = {
  note: 'note',
  reply: 'reply',
  send: 'reply',
  release: 'proposal',
  done: 'note',
  decline: 'note',
  handoff: 'note',
  'help-from': 'question',
  ask: 'question',
  snooze: 'note',
};

export function doneOf(verb: Verb, more: Partial<Done> = {}): CommandResult {
  const to = ['handoff', 'help-from', 'remind', 'away', 'back'].includes(verb) ? 'sam' : null;
  return {
    ok: true,
    verb,
    to,
    acceptBy: verb === 'handoff' ? ACCEPT_BY : null,
    text: TextOf[verb] ?? null,
    ...(['help-from', 'ask', 'snooze', 'due'].includes(verb) && { at: ACCEPT_BY }),
    ...(['ask', 'add', 'for'].includes(verb) && { contact: 'joe' }),
    ...(['split', 'merge', 'new', 'request'].includes(verb) && { other: 1017 }),
    ...(verb === 'away' && { at: BACK_ON, cover: 'luis' }),
    ...(verb === 'category' && { category: 'repair' }),
    ...more,
  };
}

export const RefusalCodes = Object.keys(Refusals) as readonly RejectionCode[];

const refusedWith = (rejection: Rejection, verb: Verb): CommandResult => ({ ok: false, verb, rejection });

export const refusedOf = (code: RejectionCode, verb: Verb | null = 'accept'): CommandResult => ({
  ok: false,
  verb,
  rejection: Refusals[code],
});

/** The first is the one that is shown when none is named. */
export function receiptSamples(): readonly Sample<'receipt'>[] {
  return [
    ...Verbs.map((verb) => {
      const isOfOneself = verb === 'away' || verb === 'back';
      return sample(verb, receiptOf([doneOf(verb, isOfOneself ? { to: 'priya' } : {})]));
    }),
    ...otherwiseDone(),
    sample('accept-with-text', receiptOf([doneOf('accept')], { kept: 'note' })),
    ...RefusalCodes.flatMap((code) => [
      sample(code, receiptOf([refusedOf(code, code === 'not-understood' ? null : 'accept')])),
      sample(
        `${code}-with-text`,
        receiptOf([refusedOf(code, code === 'not-understood' ? null : 'reply')], { kept: 'note' }),
      ),
    ]),
    ...aboutNoRequest(),
    ...aboutParked(),
    ...aboutSeveral(),
  ];
}

const sample = (variant: string, body: Receipt, options: ViewOptions = {}): Sample<'receipt'> => ({
  variant,
  body,
  how: 'owned',
  ...options,
});

const Unowned = { after: { phase: 'offered', owner: null, accountable: 'leah' } } as const;

/** What was carried out in another way than it is most of the time. */
function otherwiseDone(): readonly Sample<'receipt'>[] {
  const heldFor = (held: HeldWhy, more: Partial<Done>, to: MemberId): Sample<'receipt'> =>
    sample(`reply-held-${held}`, receiptOf([doneOf('reply', { held, ...more })]), { to, how: 'waiting' });
  return [
    heldFor('newer-message', { newer: 2 }, 'priya'),
    heldFor('answered-meanwhile', {}, 'priya'),
    heldFor('not-owner', { text: 'proposal' }, 'sam'),
    sample('reply-held-unreached', receiptOf([doneOf('reply', { held: 'unreached' })]), { how: 'unreached' }),
    sample('away-of-a-colleague', receiptOf([doneOf('away')]), { to: 'dana' }),
    sample('back-of-a-colleague', receiptOf([doneOf('back')]), { to: 'dana' }),
    sample('away-later', receiptOf([doneOf('away', { to: 'priya', from: BACK_ON, at: BACK_ON + 7 * DAY })])),
    sample(
      'back-from-later',
      receiptOf([doneOf('back', { to: 'priya', was: BACK_ON + DAY, wasFrom: BACK_ON })]),
    ),
    sample('handoff-to-a-cover', receiptOf([doneOf('handoff', { insteadOf: 'luis' })])),
    sample(
      'help-from-given',
      receiptOf([{ ok: true, verb: 'help-from', to: 'priya', acceptBy: null, text: 'answer' }]),
      { to: 'sam' },
    ),
    sample('category-asked', receiptOf([doneOf('category', { to: 'sam', acceptBy: ACCEPT_BY })], Unowned), {
      ...{ to: 'leah', how: 'asked', learned: 'unsure' },
    }),
    sample('category-of-oneself', receiptOf([doneOf('category')], Unowned), {
      ...{ how: 'asked', learned: 'unsure' },
    }),
    sample('category-none', receiptOf([doneOf('category', { category: null })]), { learned: 'sure' }),
    sample('category-unknown', receiptOf([refusedOf('unknown-category', 'category')]), { learned: 'unsure' }),
    sample('decline-as-something-else', receiptOf([doneOf('decline', { category: 'contracts' })], Unowned), {
      ...{ how: 'asked', learned: 'sure' },
    }),
    sample('help-where-kinds-are-told-apart', receiptOf([doneOf('help')]), { learned: 'sure' }),
    sample('done-unanswered', receiptOf([doneOf('done')]), { how: 'asked' }),
    sample('accept-of-several', receiptOf([doneOf('accept')]), { alsoTo: true }),
    sample(
      'merge-with-a-finished-one',
      receiptOf([refusedWith({ code: 'finished', reference: 1017 }, 'merge')]),
    ),
    sample('status-waiting', receiptOf([doneOf('status')]), { how: 'waiting' }),
    sample('mine-empty', receiptOf([doneOf('mine')]), { change: { mine: [] } }),
  ];
}

/** In one receipt, with the sample request under another number each time. */
function aboutSeveral(): readonly Sample<'receipt'>[] {
  const verbs = Verbs.filter((verb) => !OF_NO_REQUEST.has(verb));
  const codes = RefusalCodes.filter((code) => code !== 'not-understood');
  return [
    sample('several', severalOf([[doneOf('handoff')], [doneOf('remind')], [refusedOf('owned-by-other')]])),
    sample('several-done', severalOf(verbs.map((verb) => [doneOf(verb)]))),
    sample(
      'several-refused',
      severalOf(
        codes.map((code) => [refusedOf(code, 'handoff')]),
        'note',
      ),
    ),
    sample('several-held', severalOf([[doneOf('reply', { held: 'newer-message', newer: 2 })]]), {
      how: 'waiting',
    }),
  ];
}

const OF_NO_REQUEST: ReadonlySet<Verb> = new Set<Verb>([
  ...(['away', 'back', 'mine', 'help', 'new', 'take-over', 'ready', 'dismiss', 'retry', 'request'] as const),
]);

function severalOf(all: readonly (readonly CommandResult[])[], kept: TextId | null = null): Receipt {
  const after = { phase: 'owned', owner: 'priya', accountable: 'priya' } as const;
  const requests = all.map((results, at) => ({ conversationId: 1042 + at, seq: 6, results, kept, after }));
  const listed = requests.map(({ conversationId }) => ({ conversationId, shown: 2, answered: 0, epoch: 1 }));
  return receiptOf([], { after: null, requests, listed });
}

const VERBS_OF_NO_REQUEST = ['accept', 'decline', 'status', 'mine', 'away', 'back', 'ready', 'help'] as const;
const REFUSED_OF_NO_REQUEST = ['not-here', 'not-understood', 'no-text', 'expired', 'unknown-name'] as const;

function aboutNoRequest(): readonly Sample<'receipt'>[] {
  return [
    ...VERBS_OF_NO_REQUEST.map((verb) =>
      sample(`${verb}-about-no-request`, receiptOf([doneOf(verb)], { after: null })),
    ),
    sample(
      'not-understood-about-the-welcome',
      receiptOf(
        [{ ok: false, verb: null, rejection: { code: 'not-understood', suggestion: null, welcomed: true } }],
        {
          after: null,
          kept: 'note',
        },
      ),
    ),
    ...REFUSED_OF_NO_REQUEST.map((code) =>
      sample(`${code}-about-no-request`, receiptOf([refusedOf(code)], { after: null, kept: 'note' })),
    ),
  ];
}

const REFUSED_OF_PARKED = [
  'not-here',
  'not-understood',
  'no-text',
  'expired',
  'unknown-name',
  'absent-member',
  'handoff-to-self',
  'no-longer-parked',
] as const;

/** About a mail that could not be read. */
function aboutParked(): readonly Sample<'receipt'>[] {
  const about = (results: readonly CommandResult[], more: Partial<Receipt> = {}): Receipt =>
    receiptOf(results, { after: null, parked: 1, ...more });
  return [
    ...(['dismiss', 'retry', 'handoff', 'help'] as const).map((verb) =>
      sample(`${verb}-about-a-mail`, about([doneOf(verb)])),
    ),
    ...REFUSED_OF_PARKED.map((code) =>
      sample(`${code}-about-a-mail`, about([refusedOf(code, verbRefused(code))])),
    ),
    sample(
      'not-understood-about-a-mail-with-text',
      about([refusedOf('not-understood', null)], { kept: 'note' }),
    ),
    sample('dismiss-of-an-erased-mail', about([doneOf('dismiss')]), { change: { message: null } }),
  ];
}

function verbRefused(code: RejectionCode): Verb | null {
  if (code === 'not-understood' || code === 'expired' || code === 'no-text') return null;
  return code === 'not-here' ? 'accept' : 'handoff';
}
