/**
 * What fires next and why, and what follows when nobody does anything: read off the clocks that run, and tried on
 * the functions that decide in earnest. Nothing is written.
 */
import { type Consequence, consequencesOf } from '../domain/consequences.ts';
import { type Foreseen, foresee } from '../domain/conversation/foresee.ts';
import { type ClockName, type RunningClock, runningClocks } from '../domain/conversation/running-clocks.ts';
import type { InboxId, MemberId } from '../domain/ids.ts';
import { type Instant, SECOND } from '../domain/instant.ts';
import { decideParked } from '../domain/parked/decide.ts';
import { isOpen } from '../domain/parked/parked.ts';
import type { Policy } from '../domain/policy.ts';
import { nextStandingMailAt, type StandingKind, StandingKinds } from '../domain/standing-mails.ts';
import type { ClockedRequest, ClockList } from './ports/clock-list.ts';
import type { ParkedItem, ParkedList } from './ports/parked.ts';

export type Upcoming = {
  /** When it fires; what is late fires now. */
  readonly at: Instant;
  readonly isLate: boolean;
  /** A request, a mail that could not be read, or nothing but the hour: a mail that comes every day. */
  readonly about: 'request' | 'mail' | 'hour';
  /** Of the request or the mail. */
  readonly id: number | null;
  readonly inboxId: InboxId | null;
  readonly subject: string;
  readonly clock: ClockName | 'parked' | StandingKind;
  readonly waitsFor: RunningClock['waitsFor'];
  /** What follows when nothing happens until then; empty: by then an earlier clock has changed it. */
  readonly follows: readonly Consequence[];
};

export type Foretold = {
  readonly now: Instant;
  /** The instant as of which the clocks are told. */
  readonly at: Instant;
  /** What fires until then. */
  readonly fired: readonly Upcoming[];
  /** What runs then, earliest first. */
  readonly running: readonly Upcoming[];
  /** False: more fires until then than was looked at. */
  readonly isWhole: boolean;
  /** How many requests have a clock that runs, now. */
  readonly requests: number;
  readonly retries: { readonly count: number; readonly next: Instant } | null;
};

export type ForetellOptions = {
  readonly clocks: ClockList;
  readonly parked: Pick<ParkedList, 'list'>;
  /** With who is away by now. */
  readonly policy: Policy;
  /** null: now. */
  readonly at: Instant | null;
  readonly of: MemberId | null;
  readonly limit: number;
};

/** How many requests are followed to a later instant, and how often each rings until then. */
const FOLLOWED_MAX = 2_000;
const RINGS_MAX = 50;
/** A member's clocks are sought among so many of their requests, and those that fire next. */
const OF_ONE_MAX = 10_000;
/** The clock looks every five seconds: what ran out within this time is on its way. */
const GRACE = 15 * SECOND;

export async function foretell(options: ForetellOptions): Promise<Foretold> {
  const { clocks, parked, policy, of, limit } = options;
  const now = await clocks.now();
  const at = options.at ?? now;
  // Whoever is asked or told next has nothing to do with it yet.
  const max = of !== null || at > now ? FOLLOWED_MAX : limit;
  const next = await clocks.requests(max, null);
  const known = new Set(next.map(({ id }) => id));
  const own = of === null ? [] : await clocks.requests(OF_ONE_MAX, of);
  const requests = [...next, ...own.filter(({ id }) => !known.has(id))];
  const waiting = await parked.list();
  const fired: Upcoming[] = [];
  const running: Upcoming[] = [];
  let isWhole = next.length < max || at === now || (nextOf(next.at(-1)) ?? at) > at;
  for (const request of requests) {
    const seen = foreseeRequest(policy, request, now, at);
    fired.push(...seen.fired);
    running.push(...seen.running);
    isWhole &&= seen.isWhole;
  }
  for (const mail of waiting) {
    const seen = foreseeMail(policy, mail, now, at);
    fired.push(...seen.fired);
    running.push(...seen.running);
  }
  const mails = foreseeStanding(policy, now, at);
  fired.push(...mails.fired);
  running.push(...mails.running);
  const concerns = ({ waitsFor, follows }: Upcoming): boolean =>
    of === null ||
    waitsFor === of ||
    (typeof waitsFor === 'object' && waitsFor?.type === 'member' && waitsFor.member === of) ||
    follows.some((one) => 'member' in one && one.member === of);
  return {
    now,
    at,
    fired: fired.filter(concerns).sort(inTime),
    running: running.filter(concerns).sort(inTime).slice(0, limit),
    isWhole,
    requests: await clocks.count(),
    retries: await clocks.retries(),
  };
}

type Seen = { readonly fired: Upcoming[]; readonly running: Upcoming[]; readonly isWhole: boolean };

function foreseeRequest(
  policy: Policy,
  { id, subject, state }: ClockedRequest,
  now: Instant,
  at: Instant,
): Seen {
  const about = { about: 'request', id, inboxId: state.inboxId, subject } as const;
  const nothing: Foreseen = { rings: [], after: state, isWhole: true };
  const until = at > now ? foresee(policy, state, { now, until: at, max: RINGS_MAX }) : nothing;
  const fired = until.rings.flatMap(({ at: when, clocks, decision }) =>
    clocks.map(({ clock, waitsFor, at: due }, index) => ({
      ...{ ...about, clock, waitsFor, at: when, isLate: due < now - GRACE },
      // Several that run out together are seen to at once: what follows is told with the first.
      follows: index === 0 ? consequencesOf(decision) : [],
    })),
  );
  const running = runningClocks(until.after).map((one) => ({
    ...{ ...about, clock: one.clock, waitsFor: one.waitsFor, at: one.at },
    isLate: one.at < at - GRACE,
    follows: followsFrom(policy, until.after, one, at),
  }));
  return { fired, running, isWhole: until.isWhole };
}

/** What this clock sets off, those before it having done their part. */
function followsFrom(
  policy: Policy,
  state: ClockedRequest['state'],
  { clock, at: due }: RunningClock,
  now: Instant,
): Consequence[] {
  const { rings } = foresee(policy, state, { now, until: due, max: RINGS_MAX });
  const ring = rings.find(({ clocks }) => clocks.some((one) => one.clock === clock && one.at === due));
  return ring === undefined ? [] : consequencesOf(ring.decision);
}

function foreseeMail(policy: Policy, item: ParkedItem, now: Instant, at: Instant): Omit<Seen, 'isWhole'> {
  const { id, inboxId, why } = item;
  const fired: Upcoming[] = [];
  let { state } = item;
  for (let ring = 0; ring <= RINGS_MAX && isOpen(state); ring += 1) {
    const when = Math.max(state.due, now);
    const decision = decideParked(state, { type: 'tick' }, { id, inboxId, policy, now: when, why });
    const told: Upcoming = {
      ...{ about: 'mail', id, inboxId, subject: item.subject ?? '', clock: 'parked' },
      ...{ at: state.due, isLate: state.due < now - GRACE, waitsFor: state.accountable },
      follows: decision === null ? [] : consequencesOf(decision),
    };
    if (at <= now || when > at || decision === null) return { fired, running: [told] };
    fired.push({ ...told, at: when });
    state = decision.after;
  }
  return { fired, running: [] };
}

/** What members get at their own hour: everything until then, and the next of each after it. */
function foreseeStanding(policy: Policy, now: Instant, at: Instant): Omit<Seen, 'isWhole'> {
  const fired: Upcoming[] = [];
  const running: Upcoming[] = [];
  for (const member of policy.members.keys()) {
    for (const clock of StandingKinds) {
      let next = nextStandingMailAt(policy, member, clock, now);
      for (let mail = 0; next !== null && mail <= RINGS_MAX; mail += 1) {
        const told: Upcoming = {
          ...{ about: 'hour', id: null, inboxId: null, subject: '', clock, at: next, isLate: false },
          ...{ waitsFor: null, follows: [{ what: 'told', member }] },
        };
        if (next > at) {
          running.push(told);
          break;
        }
        fired.push(told);
        next = nextStandingMailAt(policy, member, clock, next);
      }
    }
  }
  return { fired, running };
}

const nextOf = (request: ClockedRequest | undefined): Instant | null =>
  request === undefined ? null : Math.min(...runningClocks(request.state).map(({ at }) => at));

const inTime = (a: Upcoming, b: Upcoming): number =>
  a.at - b.at ||
  a.about.localeCompare(b.about) ||
  (a.id ?? 0) - (b.id ?? 0) ||
  a.clock.localeCompare(b.clock) ||
  JSON.stringify(a.follows).localeCompare(JSON.stringify(b.follows));
