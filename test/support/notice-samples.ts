/** A view for every kind of notice and every answer to a command: what must be readable, and must be inert. */
import { type Verb, Verbs } from '../../src/domain/command/command.ts';
import type { CommandResult, NoticeBody, NoticeKind } from '../../src/domain/notices/notice.ts';
import type { MessageView, NoticeView } from '../../src/domain/notices/view.ts';
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
  'away-by-plan': { code: 'away-by-plan', until: NOW + 3 * 86_400_000_000 },
  'cover-is-away': { code: 'cover-is-away', member: 'sam', until: NOW + 3 * 86_400_000_000 },
  'unknown-request': { code: 'unknown-request', reference: 1017 },
  'merge-with-itself': { code: 'merge-with-itself' },
  'nothing-to-split': { code: 'nothing-to-split' },
  'not-understood': { code: 'not-understood', suggestion: 'accept' },
  expired: { code: 'expired' },
};

export function receiptOf(results: readonly CommandResult[], changes: Partial<Receipt> = {}): Receipt {
  const after = { phase: 'owned', owner: 'priya', accountable: 'priya' } as const;
  return { kind: 'receipt', results, kept: null, after, ...changes };
}

export function doneOf(verb: Verb, more: Partial<CommandResult & { ok: true }> = {}): CommandResult {
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
    ...more,
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
  'not-counted': { body: { kind: 'not-counted', messageId: 2, why: 'other-address' }, how: 'owned' },
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
  held: { body: { kind: 'held', by: 'sam', text: 'note', why: 'not-owner' }, how: 'waiting' },
  released: { body: { kind: 'released', by: 'priya', text: 'note' }, to: 'sam', how: 'owned' },
  'answer-due': {
    body: { kind: 'answer-due', answerBy: ACCEPT_BY, missed: false, toldCustomer: null },
    how: 'owned',
  },
  'due-reached': { body: { kind: 'due-reached', due: NOW }, how: 'waiting' },
  'snooze-ended': { body: { kind: 'snooze-ended', why: 'time', note: 'note' }, how: 'waiting' },
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
    body: {
      kind: 'cover-answered',
      absence: 1,
      member: 'priya',
      cover: 'sam',
      agreed: true,
      until: NOW + 3 * 86_400_000_000,
    },
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
    body: { kind: 'parked', messageId: 1, why: 'it has 60 MB; only its header was taken in' },
    to: 'leah',
  },
  'member-left': {
    body: { kind: 'member-left', member: 'omar', withdrawn: [1042], moved: [1017, 1055] },
    to: 'dana',
  },
};

/** The confirmation to a customer who is proved to have written: it says their own name and subject. */
export function echoOf(spoken: Spoken = Calm): NoticeView {
  const view = sample('acknowledgement', spoken);
  if (view.request === null) throw new Error('bug: a confirmation is about a request');
  const state = { ...view.request.state, acknowledge: 'echo' } as const;
  return { ...view, request: { ...view.request, state } };
}

export const Kinds = Object.keys(Samples) as readonly NoticeKind[];
export const RefusalCodes = Object.keys(Refusals) as readonly RejectionCode[];

export function sample(kind: NoticeKind, spoken: Spoken = Calm): NoticeView {
  const { body, ...options } = Samples[kind];
  const said =
    body.kind === 'offer' ? { ...body, reason: { ...body.reason, sentence: spoken.reason } } : body;
  return viewOf(said, { ...options, spoken });
}

/** What a member passed on. */
const passedOn = (spoken: Spoken): MessageView => ({
  id: 9,
  storedAt: NOW,
  from: { name: spoken.memberName, address: 'priya@elm.example' },
  subject: spoken.subject,
  text: spoken.first,
  attachments: [],
  stranger: false,
  forwardedFrom: { name: spoken.customerName, address: spoken.customerAddress },
});

/** Every kind, every command carried out and refused, and the shapes that read differently. */
export function everyView(spoken: Spoken = Calm): ReadonlyMap<string, NoticeView> {
  const views = new Map<string, NoticeView>(Kinds.map((kind) => [kind, sample(kind, spoken)]));
  const add = (name: string, body: NoticeBody, options: ViewOptions = {}): void => {
    views.set(name, viewOf(body, { how: 'owned', ...options, spoken }));
  };
  views.set('acknowledgement echo', echoOf(spoken));
  for (const verb of Verbs) add(`receipt ${verb}`, receiptOf([doneOf(verb)]));
  for (const code of RefusalCodes) {
    add(`receipt ${code}`, receiptOf([refusedOf(code)]));
    add(`receipt ${code} with text`, receiptOf([refusedOf(code, 'reply')], { kept: 'note' }));
  }
  for (const [why, newer] of [
    ['newer-message', 2],
    ['answered-meanwhile', undefined],
    ['not-owner', undefined],
  ] as const) {
    const held = doneOf('reply', { held: why, ...(newer !== undefined && { newer }) });
    add(`receipt held ${why}`, receiptOf([held]), {
      to: why === 'not-owner' ? 'sam' : 'priya',
      how: 'waiting',
    });
  }
  add('receipt handoff to a cover', receiptOf([doneOf('handoff', { insteadOf: 'luis' })]));
  add(
    'receipt of a helper',
    receiptOf([{ ok: true, verb: 'help-from', to: 'sam', acceptBy: null, text: 'note' }]),
  );
  add('receipt status waiting', receiptOf([doneOf('status')]), { how: 'waiting' });
  add('receipt mine empty', receiptOf([doneOf('mine')]), { change: { mine: [] } });
  for (const verb of ['accept', 'decline', 'handoff', 'status', 'mine', 'away', 'back', 'help'] as const) {
    add(`receipt ${verb} about no request`, receiptOf([doneOf(verb)], { after: null }));
  }
  for (const code of ['not-here', 'not-understood', 'no-text', 'expired', 'unknown-name'] as const) {
    add(`receipt ${code} about no request`, receiptOf([refusedOf(code)], { after: null, kept: 'note' }));
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
  for (const why of ['not-authenticated', 'could-not-be-checked', 'ambiguous-sender'] as const) {
    add(`not-counted ${why}`, { kind: 'not-counted', messageId: 2, why });
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
  for (const lost of ['outside-help', 'customer-reply'] as const) {
    const recipient = { type: 'contact', contact: 'joe' } as const;
    add(`undeliverable ${lost} to somebody outside`, {
      kind: 'undeliverable',
      recipient,
      lost,
      why: 'bounce',
    });
  }
  add('acknowledgement without a time', { kind: 'acknowledgement', answerBy: null }, { to: 'customer' });
  add('owner-named in copy', { kind: 'owner-named', owner: 'priya' }, { to: 'joe' });
  const due = { kind: 'answer-due', answerBy: NOW, missed: true, toldCustomer: ACCEPT_BY } as const;
  add('answer-due missed', due);
  add('answer-due asked', { ...due, missed: false }, { to: 'dana', how: 'unaccepted' });
  const standIn = {
    kind: 'handoff',
    by: null,
    acceptBy: ACCEPT_BY,
    accountable: 'priya',
    note: null,
  } as const;
  add('handoff to a stand-in', standIn, { to: 'sam', how: 'waiting' });
  const help = { kind: 'help-asked', by: 'priya', text: null, help: 9, reminder: true } as const;
  add('help-asked reminder', help, { to: 'sam' });
  const joe = { type: 'contact', contact: 'joe' } as const;
  add(
    'help-answered from outside',
    { kind: 'help-answered', of: joe, help: 9, messageId: 2, text: null },
    { how: 'waiting' },
  );
  add(
    'for-whom known',
    { kind: 'for-whom', messageId: 9 },
    { how: 'asked', change: { message: passedOn(spoken) } },
  );
  const absence = { absence: 1, until: NOW + 3 * 86_400_000_000 } as const;
  add('cover-answered no', {
    kind: 'cover-answered',
    member: 'priya',
    cover: 'sam',
    agreed: false,
    ...absence,
  });
  const told = { kind: 'absence-told', by: 'dana', from: NOW + 86_400_000_000, ...absence } as const;
  add('absence-told over', { ...told, over: true });
  add('absence-told later', { ...told, over: false });
  add('last-asked reminder', { kind: 'last-asked', reminder: true }, { to: 'dana', how: 'unaccepted' });
  add('customer-wrote reopened', { kind: 'customer-wrote', messageId: 2, reopened: true });
  add(
    'customer-wrote asked',
    { kind: 'customer-wrote', messageId: 2, reopened: false },
    { to: 'dana', how: 'unaccepted' },
  );
  return views;
}
