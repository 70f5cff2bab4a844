/**
 * One request at Elm Property Management, and a view of it for every kind of notice: what `baton preview` shows, what
 * an operator's wording is tried on before it is taken, and what tests read.
 */
import type { ConversationEvent, EventBody } from '../../conversation/events.ts';
import { fold } from '../../conversation/evolve.ts';
import type { MemberId } from '../../ids.ts';
import { fromIso, type Instant } from '../../instant.ts';
import type { Address, Attachment } from '../../message.ts';
import type { Policy } from '../../policy.ts';
import type { NoticeBody, NoticeKind, Recipient } from '../notice.ts';
import type { FollowedView, MessageView, NoticeView, RequestView } from '../view.ts';
import { asLearned, Guesses, type Learned } from './learned.ts';
import { INBOX, sampleOffice, ZONE } from './office.ts';
import { linesFor, sameFor } from './several.ts';

/** What people wrote and are called; property tests replace it by hostile words. */
export type Spoken = {
  readonly subject: string;
  readonly customerName: string;
  readonly customerAddress: string;
  readonly first: string;
  readonly second: string;
  readonly note: string;
  /** To the customer; without it, as to what follows, the note is said. */
  readonly reply?: string;
  /** Of a colleague who does not have the request, to the customer. */
  readonly proposal?: string;
  /** To a helper. */
  readonly question?: string;
  /** Of a helper. */
  readonly answer?: string;
  readonly memberName: string;
  readonly leaverName: string;
  readonly fileName: string;
  readonly reason: string;
};

export const Calm: Spoken = {
  subject: 'Re: Leak under kitchen sink',
  customerName: 'Maria Lopez',
  customerAddress: 'maria.lopez@mail.example',
  first:
    'Hello,\n\nwater is dripping into the cabinet since last night. I put a bucket under it, but it is full every three hours and I have to go to work at noon.\n\nMaria Lopez\n14 Elm Street, 3B',
  second: 'It is getting worse, the floor is wet now. Can somebody come today?',
  note: 'Trap is cracked. You have the supplier account.',
  reply: 'I am on my way and will be with you at 10:15. Please close the valve below the sink until then.',
  proposal: 'A plumber can be with you at 14:00. Does that suit you?',
  question: 'Can you replace a trap at 14 Elm Street today? What would it cost?',
  answer: 'Yes, at 14:00. It is 90 euros with the part.',
  memberName: 'Priya',
  leaverName: 'Omar',
  fileName: 'quote.pdf',
  reason: 'the subject has "leak" (rule "leaks"); Maintenance, first in line: @priya',
};

export const NoSuchAddress = { reason: 'user-unknown', status: '5.1.1', permanent: true } as const;

/** A Tuesday, 9:52 in Berlin. */
export const NOW: Instant = fromIso('2026-03-03T08:52:00Z');
const clock = (time: string): Instant => fromIso(`2026-03-03T${time}:00+01:00`);
export const ACCEPT_BY = clock('10:40');
/** Friday, when work begins. */
export const BACK_ON: Instant = fromIso('2026-03-06T09:00:00+01:00');

const photo: Attachment = { filename: 'IMG_1.jpg', contentType: 'image/jpeg', size: 200_000, inline: false };
const logo: Attachment = { filename: 'logo.png', contentType: 'image/png', size: 900, inline: true };

const reason = { code: 'to-team', sentence: '' };

/**
 * The request's life up to "Nobody has taken this"; `owned` instead: Priya took it and asks Sam to take over;
 * `waiting`: with all that can be open besides; `unreached`: what was sent to its customer came back.
 */
export function historyOf(
  spoken: Spoken,
  how: 'asked' | 'unreached' | 'unaccepted' | 'owned' | 'waiting' | 'done',
): ConversationEvent[] {
  const because = { ...reason, sentence: spoken.reason };
  const offered = (to: MemberId, kind: 'offer' | 'escalation', acceptBy: Instant | null): EventBody => ({
    type: 'offered',
    to,
    kind,
    by: null,
    acceptBy,
    remindAt: acceptBy === null ? clock('14:00') : null,
    rung: 0,
    note: null,
    reason: because,
  });
  const bodies: [Instant, EventBody][] = [
    [
      clock('09:38'),
      {
        type: 'arrived',
        inboxId: INBOX,
        messageId: 1,
        accountable: 'leah',
        author: null,
        acknowledge: 'fixed',
        person: true,
        text: null,
      },
    ],
    [
      clock('09:38'),
      { type: 'classified', category: 'leak', priority: 'urgent', ruleId: 'leaks', reason: because },
    ],
    [clock('09:39'), { type: 'routed', chain: ['priya', 'luis', 'sam'], reason: because }],
    [clock('09:39'), offered('priya', 'offer', ACCEPT_BY)],
  ];
  if (how === 'unreached') {
    bodies.push([
      clock('09:40'),
      {
        type: 'not-reached',
        messageId: 3,
        recipient: { type: 'customer' },
        lost: 'acknowledgement',
        why: 'bounce',
        failure: NoSuchAddress,
        lasts: 'for-good',
      },
    ]);
  }
  if (how === 'unaccepted') {
    bodies.push(
      [clock('09:44'), { type: 'lapsed', to: 'priya' }],
      [clock('09:44'), offered('luis', 'escalation', ACCEPT_BY)],
      [clock('09:46'), { type: 'customer-wrote', messageId: 2 }],
      [clock('09:50'), { type: 'declined', by: 'luis', note: 'note' }],
      [clock('09:50'), { type: 'accountability-moved', to: 'dana', why: 'nobody-accepted' }],
      [clock('09:50'), offered('dana', 'escalation', null)],
    );
  }
  if (how === 'owned' || how === 'waiting' || how === 'done') {
    bodies.push(
      [clock('09:41'), { type: 'accepted', by: 'priya' }],
      [clock('09:43'), { type: 'replied', by: 'priya', messageId: null, text: 'reply' }],
      [clock('09:46'), { type: 'customer-wrote', messageId: 2 }],
    );
  }
  if (how === 'waiting') {
    const joe = { type: 'contact', contact: 'joe' } as const;
    bodies.push(
      [clock('09:46'), { type: 'answer-owed', answerBy: clock('12:30'), warnAt: null }],
      [clock('09:47'), { type: 'help-asked', by: 'priya', of: joe, text: 'question', remindAt: ACCEPT_BY }],
      [clock('09:48'), { type: 'copied', by: 'priya', contact: 'joe' }],
      [clock('09:48'), { type: 'due-set', by: 'priya', due: clock('17:00') }],
      [clock('09:49'), { type: 'snoozed', by: 'priya', until: clock('11:00'), note: null }],
      [clock('09:50'), { type: 'held', by: 'sam', messageId: 4, text: 'proposal', why: 'not-owner' }],
    );
  }
  if (how === 'done')
    bodies.push([clock('09:50'), { type: 'done', by: 'priya', note: 'note', as: 'finished', into: null }]);
  return bodies.map(([at, body], i) => ({ ...body, conversationId: 1042, seq: i + 1, at: at + i }));
}

/** How the request came. */
type RequestOptions = Pick<ViewOptions, 'proved' | 'passedOn' | 'alsoTo' | 'brought' | 'follows'>;

export function requestFor(
  spoken: Spoken,
  how: Parameters<typeof historyOf>[1],
  { proved = false, passedOn, alsoTo = false, brought = null, follows = null }: RequestOptions = {},
): RequestView {
  const events = historyOf(spoken, how);
  const writer = { name: spoken.customerName, address: spoken.customerAddress };
  const customer = passedOn === undefined ? writer : priyaIn(spoken);
  const message = (
    id: number,
    at: Instant,
    text: string,
    attachments: readonly Attachment[],
  ): MessageView => ({
    id,
    storedAt: at,
    from: writer,
    subject: spoken.subject,
    text,
    attachments,
    stranger: false,
    copied: alsoTo ? [{ name: '', address: 'maintenance@elm.example' }, ...others(spoken)] : [],
    passedOn: null,
  });
  const first = message(1, clock('09:38'), spoken.first, [photo, photo, logo]);
  const messages = [broughtBy(first, brought, spoken)];
  if (how !== 'asked') messages.push(message(2, clock('09:46'), spoken.second, [fileIn(spoken)]));
  return {
    state: { ...fold(events), ...(proved && { acknowledge: 'echo' as const }) },
    subject: spoken.subject,
    customer,
    messages,
    events,
    earlier: { total: 2, done: 2 },
    follows,
    load: new Map([
      ['priya', 3],
      ['sam', 2],
      ['leah', 6],
      ['luis', 1],
    ]),
    contacts: new Map([['joe', joe]]),
  };
}

/** Named by whoever writes, like everybody outside. */
const others = ({ customerName }: Spoken): Address[] => [
  { name: 'Carla Ruiz', address: 'carla@other.example' },
  { name: '', address: 'office@lopez.example' },
  { name: customerName, address: 'second@mail.example' },
  { name: 'Ida Roth', address: 'ida@mail.example' },
  { name: 'Ben Roth', address: 'ben@mail.example' },
];

function broughtBy(message: MessageView, how: RequestOptions['brought'], spoken: Spoken): MessageView {
  const { note, customerName: name, customerAddress: address } = spoken;
  if (how === 'passed-on')
    return { ...message, passedOn: { by: 'luis', above: note }, forwardedFrom: { name, address } };
  return how === 'taken-down' ? { ...message, passedOn: { by: 'luis', above: '' } } : message;
}

/** How a sample differs from the request as it is. */
export type ViewOptions = {
  /** A member, `customer`, or `joe`, who helps from outside. */
  readonly to?: MemberId | 'customer' | 'joe';
  readonly how?: Parameters<typeof historyOf>[1];
  readonly spoken?: Spoken;
  /** The customer is proved to have written, so that mails to them may say their name and subject. */
  readonly proved?: boolean;
  /** The request began with a mail that Priya passed on; `unknown`: nobody can tell who wrote it first. */
  readonly passedOn?: 'known' | 'unknown';
  /** The customer wrote to others as well. */
  readonly alsoTo?: boolean;
  /** A member passed the customer's first mail on, or took it down on the phone. */
  readonly brought?: 'passed-on' | 'taken-down' | null;
  /** It names an earlier request. */
  readonly follows?: FollowedView | null;
  /** Kinds of request are told apart, and a model was asked. */
  readonly learned?: Learned;
  /** Another office, in which the same happens. */
  readonly office?: Policy;
  readonly change?: Partial<NoticeView>;
};

/** About no request. */
const OUTSIDE: ReadonlySet<NoticeKind> = new Set([
  'parked',
  'parked-news',
  'bundle',
  'digest',
  'morning-list',
  'weekly-report',
  'look-back',
  'member-left',
  'member-unreached',
  'cover-asked',
  'cover-answered',
  'absence-told',
  'sign-in',
  'welcome',
  'shadow',
]);

/** The same words make many views. */
const offices = new WeakMap<Spoken, Policy>();
function officeOf(spoken: Spoken): Policy {
  const policy = offices.get(spoken) ?? sampleOffice({ priya: spoken.memberName, omar: spoken.leaverName });
  offices.set(spoken, policy);
  return policy;
}

export function viewOf(body: NoticeBody, options: ViewOptions = {}): NoticeView {
  const { to = 'priya', how = 'asked', spoken = Calm, change = {} } = options;
  const policy = options.office ?? officeOf(spoken);
  const inbox = policy.inboxes.get(INBOX);
  if (inbox === undefined) throw new Error(`a sample office has an inbox "${INBOX}"`);
  const request = requestFor(spoken, how, options);
  const outside = OUTSIDE.has(body.kind) || (body.kind === 'receipt' && body.after === null);
  const view: NoticeView = {
    notice: {
      id: 7,
      createdAt: NOW,
      dedupeKey: 'sample',
      inboxId: INBOX,
      conversationId: outside ? null : 1042,
      seq: outside ? null : request.state.version,
      recipient: recipientFor(to),
      body,
      shown: request.state.lastCustomerMessage,
      answered: request.state.lastAnswer?.seq ?? 0,
      epoch: request.state.epoch,
    },
    policy,
    inbox,
    now: NOW,
    timeZone: ZONE,
    request: outside ? null : request,
    message: messageFor(body, request, options),
    place: body.kind === 'parked' ? { folder: 'INBOX', receivedAt: NOW, size: 62_914_560 } : null,
    texts: textsIn(spoken),
    mine:
      body.kind === 'receipt' || body.kind === 'morning-list'
        ? [{ id: 1042, subject: spoken.subject, customer: request.customer, state: request.state }]
        : null,
    ...(body.kind === 'bundle' && { bundled: bundledFor(options) }),
    ...(body.kind === 'look-back' && { lookedBack: new Map(request.messages.map((one) => [one.id, one])) }),
    ...(body.kind === 'digest' && { lines: linesFor(body, spoken === Calm, request) }),
    ...(body.kind === 'receipt' &&
      body.requests !== undefined && { requests: sameFor(body.requests, request) }),
    ...(body.kind === 'shadow' && { requests: sameFor(body.items, request) }),
    ...change,
  };
  return options.learned === undefined ? view : asLearned(view, options.learned, spoken);
}

/** A question, and the news of somebody else's answer. */
function bundledFor(options: ViewOptions): NonNullable<NoticeView['bundled']> {
  const reason = { code: 'to-team', sentence: (options.spoken ?? Calm).reason };
  const choices = options.learned === 'unsure' ? { choices: Guesses } : {};
  const asked: NoticeBody = { kind: 'offer', acceptBy: ACCEPT_BY, accountable: 'leah', reason, ...choices };
  const news: NoticeBody = { kind: 'customer-wrote', messageId: 2, reopened: false };
  return [
    { view: viewOf(asked, options), answerTo: 'maintenance+abcdefghijklmnopqrstuvwxyz@elm.example' },
    {
      view: viewOf(news, { ...options, how: 'owned' }),
      answerTo: 'maintenance+bcdefghijklmnopqrstuvwxyza@elm.example',
    },
  ];
}

function recipientFor(to: NonNullable<ViewOptions['to']>): Recipient {
  if (to === 'customer') return { type: 'customer' };
  return to === 'joe' ? { type: 'contact', contact: 'joe' } : { type: 'member', member: to };
}

const textsIn = (spoken: Spoken): NoticeView['texts'] =>
  new Map([
    ['note', { author: 'priya', body: spoken.note }],
    ['reply', { author: 'priya', body: spoken.reply ?? spoken.note }],
    ['proposal', { author: 'sam', body: spoken.proposal ?? spoken.note }],
    ['question', { author: 'priya', body: spoken.question ?? spoken.note }],
    ['answer', { author: 'sam', body: spoken.answer ?? spoken.note }],
  ]);

/** The mail that is not among those of the request: its number is 9. */
function messageFor(
  body: NoticeBody,
  { messages }: RequestView,
  { passedOn, spoken = Calm }: ViewOptions,
): MessageView | null {
  const [first] = messages;
  if (first === undefined) return null;
  const other = { ...first, id: 9, storedAt: NOW, attachments: [] };
  if (passedOn !== undefined) {
    const forwardedFrom = passedOn === 'known' ? first.from : null;
    return { ...other, from: priyaIn(spoken), forwardedFrom };
  }
  switch (body.kind) {
    case 'parked':
    case 'parked-news':
      return first;
    case 'receipt':
      return body.parked === undefined ? null : first;
    case 'help-answered': {
      const text = spoken.answer ?? spoken.note;
      return { ...other, from: joe, text, attachments: [fileIn(spoken)], stranger: true };
    }
    case 'not-counted':
      return {
        ...other,
        from: { name: spoken.memberName, address: 'priya@home.example' },
        text: spoken.note,
      };
    default:
      return null;
  }
}

const joe = { name: 'Joe Plumber', address: 'joe@plumbco.example' };
const priyaIn = (spoken: Spoken): Address => ({ name: spoken.memberName, address: 'priya@elm.example' });
const fileIn = (spoken: Spoken): Attachment => ({
  filename: spoken.fileName,
  contentType: 'application/pdf',
  size: 80_000,
  inline: false,
});
