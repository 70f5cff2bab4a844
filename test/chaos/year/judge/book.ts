/**
 * Reads the events of one request, in order, and keeps a book of its clocks: when each was set and to what, and how it
 * came to its end. Written anew from what the events mean; nothing of the product's own state is looked at.
 */
import type { ConversationEvent } from '../../../../src/domain/conversation/events.ts';
import type { ClockName } from '../../../../src/domain/conversation/running-clocks.ts';
import type { MemberId } from '../../../../src/domain/ids.ts';
import type { Instant } from '../../../../src/domain/instant.ts';
import type { ConversationRecord } from '../record.ts';
import type { Fault } from './fault.ts';
import { STEP_MAX } from './known.ts';
import { endsStep, newPage, type Page, type Place, type Setting } from './page.ts';
import { ClockRules, OnceMore } from './rules.ts';
import { follow, newSituation, type Situation } from './situation.ts';

export type Book = { readonly settings: readonly Setting[]; readonly faults: readonly Fault[] };

type Reader = {
  readonly page: Page;
  readonly about: Situation;
  set(
    place: Place,
    clock: ClockName,
    event: ConversationEvent,
    due: Instant,
    person: MemberId | null,
    more?: Partial<Pick<Setting, 'from' | 'rules' | 'about'>>,
  ): void;
};

export function readBook({ id, events }: Pick<ConversationRecord, 'id' | 'events'>): Book {
  const page = newPage(id);
  const about = newSituation();
  const reader: Reader = {
    page,
    about,
    set(place, clock, event, due, person, more = {}) {
      const { inbox, priority, category } = about;
      page.set(place, event, {
        clock,
        due,
        person,
        inbox,
        about: { priority, category, waits: [null] },
        ...more,
      });
    },
  };
  for (const [index, event] of events.entries()) {
    follow(about, event);
    read(reader, event);
    // What is open and nobody has to look at lies there for ever.
    const isOver = endsStep(event, events[index + 1]);
    if (isOver) calmly(reader, event);
    if (isOver && about.isOpen && about.routed > 0 && page.isEmpty())
      page.fault('nothing-runs', event, `after ${event.type}`);
  }
  return page.book();
}

function read(reader: Reader, event: ConversationEvent): void {
  const { page } = reader;
  switch (event.type) {
    case 'offered':
      return offered(reader, event);
    case 'lapsed':
      page.answered(event, 'again');
      return page.fired(event, 'ask');
    case 'asked-again':
      return askedAgain(reader, event);
    case 'accepted':
      page.answered(event, 'ask', 'again', 'last');
      return owned(reader, event);
    case 'declined':
    case 'unreachable':
      return page.answered(event, 'ask', 'again', 'last');
    case 'withdrawn':
      page.answered(event, 'ask', 'again');
      // What ends because its owner is here again is found out when the reminder is due.
      return event.why === 'owner-back' ? page.fired(event, 'last') : page.answered(event, 'last');
    case 'reminded':
      page.fired(event, 'last');
      return reader.set('last', 'last-person', event, event.remindAt, event.to);
    case 'done':
      return page.answeredAll(event);
    default:
      return answering(reader, event);
  }
}

// ── Questions ──

function offered(reader: Reader, event: ConversationEvent & { type: 'offered' }): void {
  const { page, about } = reader;
  const { to, acceptBy, remindAt, reminders = [], kind } = event;
  page.answered(event, 'progress');
  const { priority, category } = about;
  const known = { about: { priority, category, waits: waitsOf(about) } };
  const clock = kind === 'handoff' ? 'handoff' : 'accept';
  if (acceptBy !== null) reader.set('ask', clock, event, acceptBy, to, known);
  if (reminders[0] !== undefined) reader.set('again', 'ask-again', event, reminders[0], to, known);
  if (remindAt !== null) reader.set('last', 'last-person', event, remindAt, to);
}

/** Whoever stands in for one of the chain has the time of that one. */
const waitsOf = ({ waits }: Situation): Situation['waits'] => (waits.length === 0 ? [null] : waits);

/** However many of the times have gone by, they hear of it once. */
function askedAgain(reader: Reader, event: ConversationEvent & { type: 'asked-again' }): void {
  const running = reader.page.at('again');
  reader.page.fired(event, 'again');
  const [next] = event.left;
  if (next === undefined || running === null) return;
  const { about, from, setAt } = running;
  reader.set('again', 'ask-again', event, next, event.to, { about, from: from ?? setAt });
}

// ── Answers to the customer ──

function answering(reader: Reader, event: ConversationEvent): void {
  const { page, about } = reader;
  switch (event.type) {
    case 'answer-owed': {
      // The first is owed from the moment the request came.
      const from = event.seq === about.routed + 1 ? about.openedAt : null;
      if (event.warnAt !== null) reader.set('warning', 'answer-warning', event, event.warnAt, null, { from });
      return reader.set('answer', 'answer', event, event.answerBy, null, { from });
    }
    case 'answer-warned':
      if (page.at('answer') === null) page.fault('fired-twice', event, 'no answer was owed');
      return page.fired(event, 'warning');
    case 'answer-missed':
      // A warning that nobody could give in time is not given after it.
      if (page.at('warning') !== null) page.fired(event, 'warning');
      page.fired(event, 'answer');
      return event.toldCustomer ? reader.set('answer', 'answer', event, event.answerBy, null) : undefined;
    case 'replied':
    case 'answered-directly':
      return page.answered(event, 'answer', 'warning');
    case 'split-off':
      return event.owed ? undefined : page.answered(event, 'answer', 'warning');
    default:
      return owned(reader, event);
  }
}

/**
 * Whoever answers for what nobody owns is reminded calmly that the customer waits, unless they hear of it anyway: as the
 * last who is asked; and who was asked since then has their time for that. An owner has a clock of their own.
 */
function calmly({ page, about, set }: Reader, event: ConversationEvent): void {
  if (about.calm === null) return;
  const { due, from, person } = about.calm;
  const asked = page.at('ask');
  const rests = about.isOwned || page.at('last') !== null || (asked !== null && asked.setAt >= due);
  if (rests) return page.answered(event, 'answer');
  if (page.at('answer') === null)
    set('answer', 'answer', event, due, person, { from, rules: [ClockRules['last-person']] });
}

// ── What somebody owns ──

function owned(reader: Reader, event: ConversationEvent): void {
  const { page } = reader;
  switch (event.type) {
    case 'accountability-moved':
      return page.answered(event, 'progress');
    case 'progress-expected':
      return expected(reader, event);
    case 'climbed':
      return climbed(reader, event);
    case 'snoozed':
      return reader.set('snooze', 'snooze', event, event.until, null);
    case 'snooze-ended':
      return event.why === 'time' ? page.fired(event, 'snooze') : page.answered(event, 'snooze');
    case 'due-set':
      return reader.set('due', 'due', event, event.due, null);
    case 'due-reached':
      return page.fired(event, 'due');
    default:
      return helping(reader, event);
  }
}

/** From now on, or from when it is looked at again; where the customer waits too long already, sooner. */
function expected(reader: Reader, event: ConversationEvent & { type: 'progress-expected' }): void {
  const { snoozedUntil, isMissed, owner } = reader.about;
  const from = snoozedUntil !== null && snoozedUntil > event.at ? snoozedUntil : null;
  const rules = isMissed ? [ClockRules.progress, ClockRules['last-person']] : [ClockRules.progress];
  reader.set('progress', 'progress', event, event.speakBy, owner, { from, rules });
  // While somebody is asked to take it nobody waits for its owner, whose time begins anew when that has ended.
  const { page } = reader;
  if (page.at('ask') !== null || page.at('last') !== null) page.answered(event, 'progress');
}

/** One rung: because its owner's time is over, or because of something else in the same step. */
function climbed(reader: Reader, event: ConversationEvent & { type: 'climbed' }): void {
  const { page, about } = reader;
  const running = page.at('progress');
  const isOther = about.mayClimb !== null && event.at - about.mayClimb <= STEP_MAX;
  if (running !== null && running.due > event.at && isOther) page.answered(event, 'progress');
  else if (running !== null || !isOther) page.fired(event, 'progress');
  if (event.next === null) return;
  const rules = [OnceMore, ClockRules['last-person']];
  reader.set('progress', 'progress', event, event.next, event.to, { rules });
}

function helping(reader: Reader, event: ConversationEvent): void {
  const { page, about } = reader;
  const waitedFor = (help: number): MemberId | null => {
    const asked = about.helps.get(help);
    if (asked === undefined) return null;
    return asked.of.type === 'member' ? asked.of.member : asked.by;
  };
  switch (event.type) {
    case 'help-asked':
      return reader.set(`help/${event.seq}`, 'help', event, event.remindAt, waitedFor(event.seq));
    case 'help-reminded':
      page.fired(event, `help/${event.help}`);
      return reader.set(`help/${event.help}`, 'help', event, event.remindAt, waitedFor(event.help));
    case 'help-answered':
      return page.answered(event, `help/${event.help}`);
    case 'help-silent': {
      // A question that came back for good ends before its time.
      const place = `help/${event.help}` as const;
      const running = page.at(place);
      return running !== null && running.due > event.at
        ? page.answered(event, place)
        : page.fired(event, place);
    }
    default:
  }
}
