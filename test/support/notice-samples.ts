/** A view for every kind of notice and every answer to a command: what must be readable, and must be inert. */
import { type Verb, Verbs } from '../../src/domain/command/command.ts';
import type { CommandResult, NoticeBody, NoticeKind } from '../../src/domain/notices/notice.ts';
import type { NoticeView } from '../../src/domain/notices/view.ts';
import type { Rejection, RejectionCode } from '../../src/domain/rejections.ts';
import { ACCEPT_BY, Calm, NOW, type Spoken, type ViewOptions, viewOf } from './notice-views.ts';

type Receipt = NoticeBody & { readonly kind: 'receipt' };

const Refusals: { readonly [C in RejectionCode]: Rejection & { readonly code: C } } = {
  'owned-by-other': { code: 'owned-by-other', owner: 'luis' },
  'already-yours': { code: 'already-yours' },
  'not-asked': { code: 'not-asked' },
  'last-person': { code: 'last-person' },
  finished: { code: 'finished' },
  'not-finished': { code: 'not-finished' },
  'unknown-name': { code: 'unknown-name', closest: ['sam', 'priya'] },
  'several-names': { code: 'several-names', members: ['sam', 'dana'] },
  'inactive-member': { code: 'inactive-member', member: 'omar' },
  'absent-member': { code: 'absent-member', member: 'sam', until: NOW + 3 * 86_400_000_000, backup: 'luis' },
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
  'already-away': { code: 'already-away', until: NOW + 3 * 86_400_000_000 },
  'not-away': { code: 'not-away' },
  'cover-is-away': { code: 'cover-is-away', member: 'sam', until: NOW + 3 * 86_400_000_000 },
  'unknown-request': { code: 'unknown-request', reference: 1017 },
  'merge-with-itself': { code: 'merge-with-itself' },
  'nothing-to-split': { code: 'nothing-to-split' },
  'no-longer-parked': { code: 'no-longer-parked' },
  'not-understood': { code: 'not-understood', suggestion: 'accept' },
  expired: { code: 'expired' },
};

export function receiptOf(results: readonly CommandResult[], changes: Partial<Receipt> = {}): Receipt {
  const after = { phase: 'owned', owner: 'priya', accountable: 'priya' } as const;
  return { kind: 'receipt', results, kept: null, after, ...changes };
}

export function doneOf(verb: Verb): CommandResult {
  const to = ['handoff', 'help-from', 'remind', 'away', 'back'].includes(verb) ? 'sam' : null;
  const text = [
    'note',
    'reply',
    'send',
    'release',
    'done',
    'decline',
    'handoff',
    'help-from',
    'ask',
    'snooze',
  ].includes(verb)
    ? 'note'
    : null;
  return {
    ok: true,
    verb,
    to,
    acceptBy: verb === 'handoff' ? ACCEPT_BY : null,
    text,
    ...(['help-from', 'ask', 'snooze', 'due', 'away'].includes(verb) && { at: ACCEPT_BY }),
    ...(['ask', 'add', 'for'].includes(verb) && { contact: 'joe' }),
    ...(['split', 'merge', 'new', 'request'].includes(verb) && { other: 1017 }),
    ...(verb === 'away' && { cover: 'luis' }),
  };
}

export const refusedOf = (code: RejectionCode, verb: Verb | null = 'accept'): CommandResult => ({
  ok: false,
  verb,
  rejection: Refusals[code],
});

type Sample = { readonly body: NoticeBody } & ViewOptions;

const Samples: { readonly [K in NoticeKind]: Sample } = {
  acknowledgement: { body: { kind: 'acknowledgement', answerBy: ACCEPT_BY }, to: 'customer' },
  'owner-named': { body: { kind: 'owner-named', owner: 'priya' }, to: 'customer', how: 'owned' },
  delay: { body: { kind: 'delay', answerBy: ACCEPT_BY }, to: 'customer', how: 'owned' },
  finished: { body: { kind: 'finished', by: 'priya' }, to: 'customer', how: 'done' },
  'outside-help': {
    body: { kind: 'outside-help', by: 'priya', text: 'note', help: 9, messageId: null },
    to: 'joe',
    how: 'owned',
  },
  'outside-reminder': {
    body: { kind: 'outside-reminder', by: 'priya', text: 'note', help: 9 },
    to: 'joe',
    how: 'owned',
  },
  offer: {
    body: {
      kind: 'offer',
      offerKind: 'offer',
      acceptBy: ACCEPT_BY,
      accountable: 'leah',
      reason: { code: 'to-team', sentence: Calm.reason },
    },
  },
  handoff: {
    body: { kind: 'handoff', by: 'priya', acceptBy: ACCEPT_BY, accountable: 'priya', note: 'note' },
    to: 'sam',
    how: 'owned',
  },
  'handoff-outcome': {
    body: { kind: 'handoff-outcome', to: 'sam', outcome: 'declined', note: 'note', passedTo: null },
    how: 'owned',
  },
  withdrawn: { body: { kind: 'withdrawn', why: 'taken', owner: 'priya' }, to: 'luis', how: 'owned' },
  'last-asked': { body: { kind: 'last-asked', reminder: false }, to: 'dana', how: 'unaccepted' },
  'moved-up': { body: { kind: 'moved-up', to: 'dana' }, to: 'leah', how: 'unaccepted' },
  inherited: { body: { kind: 'inherited', from: 'omar' }, to: 'leah' },
  'customer-wrote': { body: { kind: 'customer-wrote', messageId: 2, reopened: false }, how: 'owned' },
  'customer-reply': {
    body: { kind: 'customer-reply', by: 'priya', text: 'note', messageId: null },
    to: 'customer',
    how: 'owned',
  },
  'taken-over': { body: { kind: 'taken-over', by: 'dana' }, how: 'owned' },
  'done-by-other': { body: { kind: 'done-by-other', by: 'dana', note: 'note' }, how: 'done' },
  noted: { body: { kind: 'noted', by: 'sam', note: 'note' }, how: 'owned' },
  undeliverable: {
    body: { kind: 'undeliverable', recipient: { type: 'customer' }, lost: 'customer-reply', why: 'bounce' },
    how: 'owned',
  },
  'answered-directly': { body: { kind: 'answered-directly', messageId: 1, by: 'sam' }, to: 'priya' },
  'is-it-yours': { body: { kind: 'is-it-yours', messageId: 1 }, to: 'sam' },
  receipt: { body: receiptOf([doneOf('accept')]), how: 'owned' },
  held: { body: { kind: 'held', by: 'sam', text: 'note', why: 'not-owner' }, how: 'owned' },
  released: { body: { kind: 'released', by: 'priya', text: 'note' }, to: 'sam', how: 'owned' },
  'answer-due': {
    body: { kind: 'answer-due', answerBy: ACCEPT_BY, missed: false, toldCustomer: null },
    how: 'owned',
  },
  'due-reached': { body: { kind: 'due-reached', due: NOW }, how: 'owned' },
  'snooze-ended': { body: { kind: 'snooze-ended', why: 'time', note: 'note' }, how: 'owned' },
  nudged: { body: { kind: 'nudged', by: 'dana' }, how: 'owned' },
  'help-asked': {
    body: { kind: 'help-asked', by: 'priya', text: 'note', help: 9, reminder: false },
    to: 'sam',
    how: 'owned',
  },
  'help-answered': {
    body: {
      kind: 'help-answered',
      of: { type: 'member', member: 'sam' },
      help: 9,
      messageId: 2,
      text: 'note',
    },
    how: 'owned',
  },
  'help-silent': {
    body: { kind: 'help-silent', of: { type: 'contact', contact: 'joe' }, text: 'note', asked: NOW },
    how: 'owned',
  },
  'for-whom': { body: { kind: 'for-whom', messageId: 1 } },
  merged: { body: { kind: 'merged', by: 'dana', from: 1017 }, how: 'owned' },
  'cover-asked': {
    body: { kind: 'cover-asked', absence: 1, member: 'priya', from: NOW, until: NOW + 3 * 86_400_000_000 },
    to: 'sam',
  },
  'cover-answered': {
    body: { kind: 'cover-answered', absence: 1, cover: 'sam', agreed: true, until: NOW + 3 * 86_400_000_000 },
  },
  'absence-told': {
    body: {
      kind: 'absence-told',
      absence: 1,
      by: 'dana',
      from: NOW,
      until: NOW + 3 * 86_400_000_000,
      over: false,
    },
  },
  parked: {
    body: { kind: 'parked', messageId: 1, why: 'it has 60 MB; only its header was taken in', since: NOW },
    to: 'leah',
  },
  'member-left': {
    body: { kind: 'member-left', member: 'omar', withdrawn: [1042], moved: [1017, 1055] },
    to: 'dana',
  },
};

export const Kinds = Object.keys(Samples) as readonly NoticeKind[];
export const RefusalCodes = Object.keys(Refusals) as readonly RejectionCode[];

export function sample(kind: NoticeKind, spoken: Spoken = Calm): NoticeView {
  const { body, ...options } = Samples[kind];
  const said =
    body.kind === 'offer' ? { ...body, reason: { ...body.reason, sentence: spoken.reason } } : body;
  return viewOf(said, { ...options, spoken });
}

/** Every kind, every command carried out and refused, and the shapes that read differently. */
export function everyView(spoken: Spoken = Calm): ReadonlyMap<string, NoticeView> {
  const views = new Map<string, NoticeView>(Kinds.map((kind) => [kind, sample(kind, spoken)]));
  const add = (name: string, body: NoticeBody, options: ViewOptions = {}): void => {
    views.set(name, viewOf(body, { how: 'owned', ...options, spoken }));
  };
  for (const verb of Verbs) add(`receipt ${verb}`, receiptOf([doneOf(verb)]));
  for (const code of RefusalCodes) {
    add(`receipt ${code}`, receiptOf([refusedOf(code)]));
    add(`receipt ${code} with text`, receiptOf([refusedOf(code, 'reply')], { kept: 'note' }));
  }
  add('receipt accept with text', receiptOf([doneOf('accept')], { kept: 'note' }));
  for (const outcome of ['accepted', 'lapsed', 'unreachable', 'passed-on', 'member-left'] as const) {
    add(`handoff-outcome ${outcome}`, {
      kind: 'handoff-outcome',
      to: 'sam',
      outcome,
      note: null,
      passedTo: outcome === 'passed-on' ? 'luis' : null,
    });
  }
  for (const why of ['offered-to-another', 'done', 'member-left', 'reopened'] as const) {
    add(`withdrawn ${why}`, { kind: 'withdrawn', why, owner: 'priya' }, { to: 'sam' });
  }
  for (const why of ['bounce', 'auto-reply', 'refused', 'absent'] as const) {
    add(`undeliverable ${why}`, {
      kind: 'undeliverable',
      recipient: { type: 'member', member: 'sam' },
      lost: 'handoff',
      why,
    });
  }
  add('last-asked reminder', { kind: 'last-asked', reminder: true }, { to: 'dana', how: 'unaccepted' });
  add('customer-wrote reopened', { kind: 'customer-wrote', messageId: 2, reopened: true });
  add(
    'customer-wrote asked',
    { kind: 'customer-wrote', messageId: 2, reopened: false },
    { to: 'dana', how: 'unaccepted' },
  );
  return views;
}
