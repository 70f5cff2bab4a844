/** Says in words what happened to a request, who answers for it, since when and why: for the board and the demo. */
import { type Brake, brakeWords } from '../domain/brakes.ts';
import type { ConversationEvent, Helper } from '../domain/conversation/events.ts';
import { passesOn } from '../domain/conversation/passes-on.ts';
import type { MemberId } from '../domain/ids.ts';
import { type Instant, SECOND } from '../domain/instant.ts';
import { type DeliveryFailure, failureWords } from '../domain/lost-mail.ts';
import { mentionsIn } from '../domain/reason.ts';
import { claimedWriter, doubtedWords } from './doubted-words.ts';
import type { BoardRequest, MailIn } from './ports/board.ts';

/** What a member is called. */
export type Names = (id: MemberId) => string;

/** Of a mail that came in, who it says wrote it and how it was judged. */
export type Wrote = Pick<MailIn, 'id' | 'from' | 'reason'>;

export type Happening = { readonly at: Instant; readonly text: string };

/** What follows from something within this time is told in one line with it. */
const AT_ONCE = 5 * SECOND;

/** What happened after the event with that number (0: from the beginning), oldest first; `mails`: those that are known. */
export function happenings(
  request: BoardRequest,
  names: Names,
  afterSeq = 0,
  mails: readonly Wrote[] = [],
): Happening[] {
  const told: Happening[] = [];
  for (const event of request.events.filter(({ seq }) => seq > afterSeq)) {
    const text = phrase(request, names, event, mails);
    if (text === null) continue;
    const last = told.at(-1);
    const follows = event.type === 'offered' || event.type === 'accountability-moved';
    if (follows && last !== undefined && event.at - last.at < AT_ONCE) {
      told[told.length - 1] = { at: last.at, text: `${last.text} → ${text}` };
    } else told.push({ at: event.at, text });
  }
  return told;
}

function phrase(
  { texts, customer, events }: BoardRequest,
  names: Names,
  event: ConversationEvent,
  mails: readonly Wrote[],
): string | null {
  const words = (id: string | null): string => {
    const body = id === null ? undefined : texts.get(id)?.body;
    return body === undefined ? '' : ` (“${oneLine(body)}”)`;
  };
  const writer = customer.name || customer.address;
  const helper = (of: Helper): string => (of.type === 'member' ? names(of.member) : 'somebody outside');
  switch (event.type) {
    case 'arrived':
      return `${writer} writes${event.follows === undefined ? '' : `, after #${event.follows.conversationId}`}, ${names(event.accountable)} answers for it`;
    case 'classified':
    case 'routed':
      return null;
    case 'offered': {
      if (event.acceptBy === null) return `${names(event.to)} must decide`;
      if (event.by === null) return `${names(event.to)} is asked`;
      const asks = passesOn(events[event.seq - 2], event) ? 'passes it on to' : 'asks';
      return `${names(event.by)} ${asks} ${names(event.to)}${words(event.note)}`;
    }
    case 'accepted':
      return `${names(event.by)} says yes and answers for it`;
    case 'declined':
      return passesOn(event, events[event.seq]) ? null : `${names(event.by)} says no${words(event.note)}`;
    case 'categorised':
      return `${names(event.by)} says that it is ${event.category ?? 'nothing that is told apart'}`;
    case 'lapsed':
      return `no answer from ${names(event.to)}`;
    case 'withdrawn':
      return event.why === 'member-left' ? `${names(event.to)} has left the team` : null;
    case 'unreachable':
      if (event.why === 'absent') return `${names(event.to)} is away`;
      return event.why === 'auto-reply'
        ? `${names(event.to)} is away (automatic answer)`
        : `the mail to ${names(event.to)} came back${because(event.failure)}`;
    case 'accountability-moved':
      return `nobody accepted, so ${names(event.to)} answers for it`;
    case 'reminded':
      return `${names(event.to)} is reminded`;
    case 'customer-wrote':
      return `${writer} writes again`;
    case 'answered-directly':
      return event.by === null
        ? `${writer} is answered from the shared mailbox`
        : `${names(event.by)} answers ${writer} from their own mail program`;
    case 'not-reached': {
      const { type } = event.recipient;
      const whom =
        type === 'member' ? names(event.recipient.member) : type === 'customer' ? writer : 'somebody outside';
      return event.why === 'auto-reply'
        ? `${whom} answers automatically`
        : `a mail to ${whom} did not arrive${because(event.failure)}${consequence(event)}`;
    }
    case 'attached':
      return event.as === 'stranger'
        ? withoutSay(mails.find(({ id }) => id === event.messageId))
        : `a ${event.as} is filed with it`;
    case 'noted':
      return `${names(event.by)} leaves a note${words(event.note)}`;
    case 'replied':
      return `${names(event.by)} writes to ${writer}`;
    case 'done':
      if (event.as === 'merged') return `${names(event.by)} makes it a part of #${event.into}`;
      return event.as === 'spam'
        ? `${names(event.by)} marks it as spam`
        : `${names(event.by)} is done${words(event.note)}`;
    case 'reopened':
      return `${event.by === null ? writer : names(event.by)} opens it again, ${names(event.accountable)} answers for it`;
    case 'held':
      return `an answer of ${names(event.by)} waits`;
    case 'released':
      return `${names(event.by)} lets the answer go out`;
    case 'help-asked':
      return `${names(event.by)} asks ${helper(event.of)} for help${words(event.text)}`;
    case 'help-answered':
      return `the answer to a question for help comes in${words(event.text)}`;
    case 'help-silent':
      return 'a question for help stays without an answer';
    case 'copied':
      return `${names(event.by)} puts somebody outside in copy`;
    case 'snoozed':
      return `${names(event.by)} lets it rest${words(event.note)}`;
    case 'due-set':
      return `${names(event.by)} sets a date`;
    case 'nudged':
      return `${names(event.by)} has ${names(event.to)} reminded`;
    case 'answer-missed':
      return `the time by which ${writer} was owed an answer passes`;
    case 'owner-named':
      return `${writer} learns that ${names(event.owner)} has it`;
    case 'customer-changed':
      return `${names(event.by)} says whose request it is: ${writer}`;
    case 'absorbed':
      return `#${event.from} becomes a part of it`;
    case 'split-off':
      return `${names(event.by)} makes one of its mails #${event.into}`;
    case 'also-came':
      return `it also came to ${event.inboxId}`;
    case 'also-split':
      return `${names(event.by)} makes the copy in ${event.inboxId} #${event.into}`;
    case 'asked-again':
      return `${names(event.to)} is asked again`;
    case 'climbed':
      // Who is asked stands in the event that follows.
      return event.next === null ? null : `${names(event.to)} is reminded that something is expected`;
    case 'progress-expected':
    case 'answer-owed':
    case 'answer-warned':
    case 'snooze-ended':
    case 'due-reached':
    case 'help-reminded':
      return null;
    default:
      return event satisfies never;
  }
}

/** Whoever wrote is told with their address, since a name may be anybody's. */
function withoutSay(mail: Wrote | undefined): string {
  if (mail === undefined) return 'a mail comes that does not count: shown, and nothing moves';
  return (
    doubtedWords(mail) ??
    `${claimedWriter(mail.from)}, who is no part of it, writes: shown, and nothing moves`
  );
}

function because(failure: DeliveryFailure | null = null): string {
  const why = failureWords(failure);
  return why === null ? '' : `: ${why}`;
}

function consequence({ recipient, lasts }: ConversationEvent & { type: 'not-reached' }): string {
  if (lasts !== 'for-good' || recipient.type === 'member') return '';
  return recipient.type === 'customer'
    ? '; nothing goes there until somebody says so'
    : '; they get no more copies';
}

export type WhoAnswers = {
  /** null: it is done. */
  readonly who: MemberId | null;
  readonly since: Instant;
  readonly why: string;
};

export function whoAnswers(request: BoardRequest, names: Names): WhoAnswers {
  const row = request.ledger.at(-1);
  const event = request.events.findLast(({ type }) => MOVES.has(type));
  if (row === undefined || event === undefined) throw new Error(`request ${request.id} has no ledger`);
  return { who: row.member, since: row.from, why: whyMoved(request, names, event) };
}

const MOVES = new Set<ConversationEvent['type']>([
  'arrived',
  'accepted',
  'accountability-moved',
  'done',
  'reopened',
]);

function whyMoved(request: BoardRequest, names: Names, event: ConversationEvent): string {
  const { state, events } = request;
  const before = events.filter(({ seq }) => seq < event.seq);
  const asked =
    state.offer === null || state.offer.acceptBy === null ? '' : `, ${names(state.offer.to)} is asked`;
  switch (event.type) {
    case 'accepted': {
      const offer = before.findLast((one) => one.type === 'offered' && one.to === event.by);
      if (offer?.type === 'offered' && offer.by !== null)
        return `said yes, asked by ${names(offer.by)}${asked}`;
      const silent = passedOver(before, names);
      return silent === '' ? `said yes; ${ruleOf(request, names)}${asked}` : `said yes (${silent})${asked}`;
    }
    case 'accountability-moved':
      return event.why === 'member-left'
        ? 'who had it has left'
        : `nobody accepted (${passedOver(before, names)})`;
    case 'done':
      return `done by ${names(event.by)}`;
    case 'reopened':
      return event.by === null
        ? 'the customer wrote again after it was done'
        : `reopened by ${names(event.by)}`;
    default:
      return `front desk${asked}; ${ruleOf(request, names)}`;
  }
}

/** Who was asked in vain, with what came of it. */
export function passedOver(events: readonly ConversationEvent[], names: Names): string {
  const outcome = { lapsed: 'no answer', unreachable: 'not there', declined: 'said no' } as const;
  const lines = events.flatMap((event, i) => {
    if (event.type === 'lapsed' || event.type === 'unreachable')
      return [`${names(event.to)}: ${outcome[event.type]}`];
    if (event.type !== 'declined') return [];
    return [`${names(event.by)}: ${passesOn(event, events[i + 1]) ? 'passed it on' : outcome.declined}`];
  });
  return lines.join(', ');
}

function ruleOf({ state }: BoardRequest, names: Names): string {
  const { reason, previousOwner } = state.classified ?? { reason: { sentence: '' } };
  return mentionsIn(reason.sentence, (id) => id === previousOwner)
    .map((part) => ('member' in part ? names(part.member) : part.text))
    .join('');
}

/** Mail that opened or continued no request, with the reason in words; null for all other. */
export function setAside({
  disposition,
  reason,
}: MailIn): { readonly what: string; readonly why: string } | null {
  const what = reason.code === 'dismissed' ? 'looked at' : ASIDE[disposition];
  return what === undefined ? null : { what, why: reason.sentence.replace(/\.$/, '') };
}

const ASIDE: Readonly<Partial<Record<MailIn['disposition'], string>>> = {
  bounce: 'bounce',
  'auto-reply': 'automatic answer',
  report: 'receipt',
  bulk: 'bulk',
  duplicate: 'duplicate',
  own: 'our own mail',
  history: 'older mail',
  parked: 'needs a look',
};

/** Why a mail of ours is shown that nobody got. */
export const whyHeldBack = (brake: Brake): string => `Not sent: ${brakeWords[brake]}.`;

/** What a mail of ours is to its reader. */
export const noticeWords = (kind: string): string => NOTICES[kind] ?? kind;

const NOTICES: Readonly<Record<string, string>> = {
  acknowledgement: 'we have your message',
  offer: 'can you take this?',
  handoff: 'a colleague asks you',
  'handoff-outcome': 'what came of it',
  withdrawn: 'you need not answer any more',
  'last-asked': 'nobody has taken this',
  'moved-up': 'no longer yours',
  inherited: 'yours from now on',
  'customer-wrote': 'wrote again',
  'no-progress': 'how is it going?',
  'customer-reply': 'answer',
  'also-came': 'also came to you',
  'not-counted': 'did not count',
  'taken-over': 'taken over',
  'done-by-other': 'finished',
  noted: 'a note',
  undeliverable: 'did not arrive',
  'answered-directly': 'an answer went out',
  'is-it-yours': 'is it yours?',
  receipt: 'receipt',
  parked: 'needs a look',
  'parked-news': 'was looked at',
  'member-left': 'left the team',
  'morning-list': 'the list of the morning',
  'look-back': 'who still waits',
  'member-unreached': 'mail comes back',
  'sign-in': 'link to the board',
  welcome: 'welcome',
  shadow: 'what nobody was told',
  'absence-told': 'who is away',
  'answer-due': 'an answer is due',
  bundle: 'several at once',
  'cover-answered': 'who covers',
  'cover-asked': 'can you cover?',
  delay: 'it takes longer',
  digest: 'the daily digest',
  'due-reached': 'the date has come',
  'for-whom': 'whose request is it?',
  held: 'an answer waits',
  'help-answered': 'help has come',
  'help-asked': 'can you help?',
  'help-silent': 'no help came',
  merged: 'is part of another',
  nudged: 'a reminder',
  'outside-help': 'can you help?',
  'outside-reminder': 'can you help? (again)',
  'owner-named': 'who has it now',
  released: 'the answer went out',
  'snooze-ended': 'its rest is over',
  'weekly-report': 'the weekly report',
};

const TEXT_MAX = 72;

export function oneLine(text: string, max = TEXT_MAX): string {
  const line = text
    .slice(0, max * 4)
    .replace(/[\s\p{C}]+/gu, ' ')
    .trim();
  const points = [...line];
  return points.length <= max
    ? line
    : `${points
        .slice(0, max - 1)
        .join('')
        .trimEnd()}…`;
}
