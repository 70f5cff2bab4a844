/** One request at Elm Property Management, and a view of it for every kind of notice. */
import type { ConversationEvent, EventBody } from '../../src/domain/conversation/events.ts';
import { fold } from '../../src/domain/conversation/evolve.ts';
import type { MemberId } from '../../src/domain/ids.ts';
import { fromIso, type Instant } from '../../src/domain/instant.ts';
import type { Attachment } from '../../src/domain/message.ts';
import type { NoticeBody, NoticeKind, Recipient } from '../../src/domain/notices/notice.ts';
import type { MessageView, NoticeView, RequestView } from '../../src/domain/notices/view.ts';
import type { Policy } from '../../src/domain/policy.ts';
import { testPolicy } from './policy.ts';

/** What people wrote and are called; property tests replace it by hostile words. */
export type Spoken = {
  readonly subject: string;
  readonly customerName: string;
  readonly customerAddress: string;
  readonly first: string;
  readonly second: string;
  readonly note: string;
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
  memberName: 'Priya',
  leaverName: 'Omar',
  fileName: 'quote.pdf',
  reason: 'the subject has "leak" (rule "leaks"); Maintenance, first in line: @priya',
};

/** A Tuesday, 9:52 in Berlin. */
export const NOW: Instant = fromIso('2026-03-03T08:52:00Z');
const clock = (time: string): Instant => fromIso(`2026-03-03T${time}:00+01:00`);
export const ACCEPT_BY = clock('10:40');

const photo: Attachment = { filename: 'IMG_1.jpg', contentType: 'image/jpeg', size: 200_000, inline: false };
const logo: Attachment = { filename: 'logo.png', contentType: 'image/png', size: 900, inline: true };

export function policyFor(spoken: Spoken): Policy {
  const members = Object.fromEntries(
    ['leah', 'luis', 'sam', 'dana'].map((id) => [id, { name: id.charAt(0).toUpperCase() + id.slice(1) }]),
  );
  return testPolicy({
    inboxes: {
      maintenance: {
        name: 'Elm Property Management',
        address: 'maintenance@elm.example',
        emergencyLine: 'Running water, no heat, smell of gas? Call 555-0100 now, day or night.',
      },
    },
    members: { ...members, priya: { name: spoken.memberName }, omar: { name: spoken.leaverName } },
  });
}

const reason = { code: 'to-team', sentence: '' };

/**
 * The request's life up to "Nobody has taken this"; `owned` instead: Priya took it and asks Sam to take over;
 * `waiting`: with all that can be open besides.
 */
export function historyOf(
  spoken: Spoken,
  how: 'asked' | 'unaccepted' | 'owned' | 'waiting' | 'done',
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
        inboxId: 'maintenance',
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
      [clock('09:43'), { type: 'replied', by: 'priya', messageId: null, text: 'note' }],
      [clock('09:46'), { type: 'customer-wrote', messageId: 2 }],
    );
  }
  if (how === 'waiting') {
    const joe = { type: 'contact', contact: 'joe' } as const;
    bodies.push(
      [clock('09:46'), { type: 'answer-owed', answerBy: clock('12:30'), warnAt: null }],
      [clock('09:47'), { type: 'help-asked', by: 'priya', of: joe, text: 'note', remindAt: ACCEPT_BY }],
      [clock('09:48'), { type: 'copied', by: 'priya', contact: 'joe' }],
      [clock('09:48'), { type: 'due-set', by: 'priya', due: clock('17:00') }],
      [clock('09:49'), { type: 'snoozed', by: 'priya', until: clock('11:00'), note: 'note' }],
      [clock('09:50'), { type: 'held', by: 'sam', messageId: 4, text: 'note', why: 'not-owner' }],
    );
  }
  if (how === 'done')
    bodies.push([clock('09:50'), { type: 'done', by: 'priya', note: 'note', as: 'finished', into: null }]);
  return bodies.map(([at, body], i) => ({ ...body, conversationId: 1042, seq: i + 1, at: at + i }));
}

export function requestFor(spoken: Spoken, how: Parameters<typeof historyOf>[1]): RequestView {
  const events = historyOf(spoken, how);
  const customer = { name: spoken.customerName, address: spoken.customerAddress };
  const message = (
    id: number,
    at: Instant,
    text: string,
    attachments: readonly Attachment[],
  ): MessageView => ({
    id,
    storedAt: at,
    from: customer,
    subject: spoken.subject,
    text,
    attachments,
    stranger: false,
  });
  const file = { filename: spoken.fileName, contentType: 'application/pdf', size: 80_000, inline: false };
  const messages = [message(1, clock('09:38'), spoken.first, [photo, photo, logo])];
  if (how !== 'asked') messages.push(message(2, clock('09:46'), spoken.second, [file]));
  return {
    state: fold(events),
    subject: spoken.subject,
    customer,
    messages,
    events,
    earlier: { total: 2, done: 2 },
    load: new Map([
      ['priya', 3],
      ['sam', 2],
      ['leah', 6],
      ['luis', 1],
    ]),
    contacts: new Map([['joe', { name: 'Joe Plumber', address: 'joe@plumbco.example' }]]),
  };
}

export type ViewOptions = {
  /** A member, `customer`, or `joe`, who helps from outside. */
  readonly to?: MemberId | 'customer' | 'joe';
  readonly how?: Parameters<typeof historyOf>[1];
  readonly spoken?: Spoken;
  readonly change?: Partial<NoticeView>;
};

/** About no request. */
const OUTSIDE: ReadonlySet<NoticeKind> = new Set([
  'parked',
  'member-left',
  'cover-asked',
  'cover-answered',
  'absence-told',
]);

export function viewOf(body: NoticeBody, options: ViewOptions = {}): NoticeView {
  const { to = 'priya', how = 'asked', spoken = Calm, change = {} } = options;
  const policy = policyFor(spoken);
  const inbox = policy.inboxes.get('maintenance');
  if (inbox === undefined) throw new Error('the test policy has no maintenance inbox');
  const recipient: Recipient =
    to === 'customer'
      ? { type: 'customer' }
      : to === 'joe'
        ? { type: 'contact', contact: 'joe' }
        : { type: 'member', member: to };
  const request = requestFor(spoken, how);
  const outside = OUTSIDE.has(body.kind) || (body.kind === 'receipt' && body.after === null);
  return {
    notice: {
      id: 7,
      createdAt: NOW,
      dedupeKey: 'test',
      inboxId: 'maintenance',
      conversationId: outside ? null : 1042,
      seq: outside ? null : request.state.version,
      recipient,
      body,
      shown: request.state.lastCustomerMessage,
      answered: request.state.lastAnswer?.seq ?? 0,
      epoch: request.state.epoch,
    },
    policy,
    inbox,
    now: NOW,
    timeZone: 'Europe/Berlin',
    request: outside ? null : request,
    message: body.kind === 'parked' ? (request.messages[0] ?? null) : null,
    texts: new Map([['note', { author: 'priya', body: spoken.note }]]),
    mine:
      body.kind === 'receipt'
        ? [{ id: 1042, subject: spoken.subject, customer: request.customer, state: request.state }]
        : null,
    ...change,
  };
}
