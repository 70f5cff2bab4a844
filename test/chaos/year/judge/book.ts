/**
 * Reads the events of one request, in order, and keeps a book of its clocks: when each was set and to what, and how it
 * came to its end. Written anew from what the events mean; nothing of the product's own state is looked at.
 */
import type { ConversationEvent, Helper } from '../../../../src/domain/conversation/events.ts';
import { type ClockName, ClockNames } from '../../../../src/domain/conversation/running-clocks.ts';
import type { MemberId } from '../../../../src/domain/ids.ts';
import type { Instant } from '../../../../src/domain/instant.ts';
import type { Priority } from '../../../../src/domain/policy.ts';
import type { ConversationRecord } from '../record.ts';
import type { Fault } from './fault.ts';
import { STEP_MAX } from './known.ts';

export type Setting = {
  readonly clock: ClockName;
  readonly request: number;
  readonly seq: number;
  readonly setAt: Instant;
  readonly due: Instant;
  /** Whose hours it runs on; null: the inbox's, or none. */
  readonly person: MemberId | null;
  readonly inbox: string;
  readonly priority: Priority;
  /** From when the time counts, where that is not when it was set. */
  readonly from: Instant | null;
  /** It goes by the rule of another clock: an answer that was missed is asked for like what nobody took. */
  readonly like: ClockName | null;
  readonly ended: { readonly at: Instant; readonly how: 'fired' | 'answered' } | null;
};

export type Book = { readonly settings: readonly Setting[]; readonly faults: readonly Fault[] };

export function readBook({ id, events }: Pick<ConversationRecord, 'id' | 'events'>): Book {
  const page = newPage(id);
  for (const [index, event] of events.entries()) {
    read(page, event);
    page.check(event, (events[index + 1]?.at ?? Number.POSITIVE_INFINITY) - event.at > STEP_MAX);
  }
  return page.book();
}

type Page = ReturnType<typeof newPage>;
type Place = 'ask' | 'last' | 'warning' | 'answer' | 'snooze' | 'due' | `help/${number}`;

/** What has to be known of a request to say whom a clock waits for. */
type Situation = {
  inbox: string;
  priority: Priority;
  openedAt: Instant;
  accountable: MemberId | null;
  isOpen: boolean;
  /** The event that routed it; 0: none yet. */
  routed: number;
  /** Who asked, and who is asked, by the event. */
  readonly helps: Map<number, { by: MemberId; of: Helper }>;
};

function newPage(request: number) {
  const settings: Setting[] = [];
  const running = new Map<Place, number>();
  const faults: Fault[] = [];
  const about: Situation = {
    ...{ inbox: '', priority: 'normal', openedAt: 0, accountable: null, isOpen: true, routed: 0 },
    helps: new Map(),
  };
  const fault = (what: Fault['what'], { seq }: ConversationEvent, detail: string): void =>
    void faults.push({ what, where: `request ${request}, event ${seq}`, detail });

  function close(place: Place, at: Instant, how: 'fired' | 'answered'): boolean {
    const index = running.get(place);
    const setting = index === undefined ? undefined : settings[index];
    if (index === undefined || setting === undefined) return false;
    settings[index] = { ...setting, ended: { at, how } };
    running.delete(place);
    return true;
  }

  return {
    about,
    set(
      place: Place,
      clock: ClockName,
      { seq, at }: ConversationEvent,
      due: Instant,
      person: MemberId | null,
      more: Partial<Pick<Setting, 'from' | 'like'>> = {},
    ): void {
      close(place, at, 'answered');
      running.set(place, settings.length);
      const { inbox, priority } = about;
      settings.push({
        ...{
          clock,
          request,
          seq,
          setAt: at,
          due,
          person,
          inbox,
          priority,
          from: null,
          like: null,
          ended: null,
        },
        ...more,
      });
    },
    answered(event: ConversationEvent, ...places: Place[]): void {
      for (const place of places) close(place, event.at, 'answered');
    },
    fired(event: ConversationEvent, place: Place): void {
      if (!close(place, event.at, 'fired'))
        fault('fired-twice', event, `${event.type}: no such clock was running`);
    },
    isRunning: (place: Place): boolean => running.has(place),
    dueOf: (place: Place): Instant | null => settings[running.get(place) ?? -1]?.due ?? null,
    answeredAll(event: ConversationEvent): void {
      for (const place of [...running.keys()]) close(place, event.at, 'answered');
    },
    /** What is open and nobody has to look at lies there for ever. */
    check(event: ConversationEvent, isLastOfStep: boolean): void {
      if (WatchesOwners && isLastOfStep && about.isOpen && about.routed > 0 && running.size === 0)
        fault('nothing-runs', event, `after ${event.type}`);
    },
    fault,
    book: (): Book => ({ settings, faults }),
  };
}

/** Until there is a clock for owners who are silent, what they have answered once has none. */
const WatchesOwners = ClockNames.some((name: string) => name === 'progress');

function read(page: Page, event: ConversationEvent): void {
  follow(page.about, event);
  switch (event.type) {
    case 'offered':
      return offered(page, event);
    case 'lapsed':
      return page.fired(event, 'ask');
    case 'accepted':
    case 'declined':
    case 'unreachable':
      return page.answered(event, 'ask', 'last');
    case 'withdrawn':
      // What ends because its owner is here again is found out when the reminder is due.
      return event.why === 'owner-back' ? page.fired(event, 'last') : page.answered(event, 'ask', 'last');
    case 'reminded':
      page.fired(event, 'last');
      return page.set('last', 'last-person', event, event.remindAt, event.to);
    case 'answer-owed':
      return owed(page, event);
    case 'answer-warned': {
      const due = page.dueOf('answer');
      page.fired(event, 'warning');
      if (due === null) page.fault('fired-twice', event, 'no answer was owed');
      return;
    }
    case 'answer-missed':
      return missed(page, event);
    case 'replied':
    case 'answered-directly':
      return page.answered(event, 'answer', 'warning');
    case 'split-off':
      return event.owed ? undefined : page.answered(event, 'answer', 'warning');
    case 'snoozed':
      return page.set('snooze', 'snooze', event, event.until, null);
    case 'snooze-ended':
      return event.why === 'time' ? page.fired(event, 'snooze') : page.answered(event, 'snooze');
    case 'due-set':
      return page.set('due', 'due', event, event.due, null);
    case 'due-reached':
      return page.fired(event, 'due');
    case 'done':
      return page.answeredAll(event);
    default:
      return helping(page, event);
  }
}

function follow(about: Situation, event: ConversationEvent): void {
  switch (event.type) {
    case 'arrived':
      about.inbox = event.inboxId;
      about.openedAt = event.at;
      about.accountable = event.accountable;
      return;
    case 'classified':
      about.priority = event.priority;
      return;
    case 'routed':
      about.routed = event.seq;
      return;
    case 'accepted':
      about.accountable = event.by;
      return;
    case 'accountability-moved':
      about.accountable = event.to;
      return;
    case 'reopened':
      about.accountable = event.accountable;
      about.isOpen = true;
      return;
    case 'done':
      about.isOpen = false;
      about.accountable = null;
      return;
    default:
  }
}

function offered(page: Page, event: ConversationEvent & { type: 'offered' }): void {
  if (event.acceptBy !== null) {
    const clock = event.kind === 'handoff' ? 'handoff' : 'accept';
    page.set('ask', clock, event, event.acceptBy, event.to);
  }
  if (event.remindAt !== null) page.set('last', 'last-person', event, event.remindAt, event.to);
}

/** The first answer is owed from the moment the request came. */
function owed(page: Page, event: ConversationEvent & { type: 'answer-owed' }): void {
  const isFirst = event.seq === page.about.routed + 1;
  const from = isFirst ? page.about.openedAt : null;
  if (event.warnAt !== null) page.set('warning', 'answer-warning', event, event.warnAt, null, { from });
  page.set('answer', 'answer', event, event.answerBy, null, { from });
}

/** A warning that nobody could give in time is not given after it. */
function missed(page: Page, event: ConversationEvent & { type: 'answer-missed' }): void {
  if (page.isRunning('warning')) page.fired(event, 'warning');
  page.fired(event, 'answer');
  if (event.toldCustomer) page.set('answer', 'answer', event, event.answerBy, null);
  else page.set('answer', 'answer', event, event.answerBy, page.about.accountable, { like: 'last-person' });
}

function helping(page: Page, event: ConversationEvent): void {
  const { helps } = page.about;
  const waitedFor = (help: number): MemberId | null => {
    const asked = helps.get(help);
    if (asked === undefined) return null;
    return asked.of.type === 'member' ? asked.of.member : asked.by;
  };
  switch (event.type) {
    case 'help-asked':
      helps.set(event.seq, { by: event.by, of: event.of });
      return page.set(`help/${event.seq}`, 'help', event, event.remindAt, waitedFor(event.seq));
    case 'help-reminded':
      page.fired(event, `help/${event.help}`);
      return page.set(`help/${event.help}`, 'help', event, event.remindAt, waitedFor(event.help));
    case 'help-answered':
      return page.answered(event, `help/${event.help}`);
    case 'help-silent': {
      // A question that came back for good ends before its time.
      const place = `help/${event.help}` as const;
      const due = page.dueOf(place);
      return due !== null && due > event.at ? page.answered(event, place) : page.fired(event, place);
    }
    default:
  }
}
