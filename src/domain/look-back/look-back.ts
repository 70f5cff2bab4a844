/**
 * What a mailbox of the past tells: who never had an answer and for how long, what was answered twice, how long first
 * answers took, and who would have had what by the rules of today. Pure: the same mails give the same answer in whatever
 * order, and however many copies of each there are.
 *
 * Each request is one of three: answered, waiting, or one that needs no answer. What still waits counts in the times of
 * first answers with the time that it has waited, as in the weekly report; but a time is told only of what has come.
 */
import { asciiLower, splitPlus } from '../address.ts';
import { threadArchive } from '../archive-threads.ts';
import type { InboxId, MemberId } from '../ids.ts';
import { DAY, type Duration, type Instant } from '../instant.ts';
import type { Address } from '../message.ts';
import type { Policy, Schedule } from '../policy.ts';
import { FEW } from '../weekly-report/figures.ts';
import { percentile, type Wait } from '../weekly-report/percentile.ts';
import { workingTimeBetween } from '../working-time.ts';
import type { Ours } from './ours.ts';
import { eachOnce, type PastMail } from './past-mail.ts';
import { type DatedMail, type PastRequest, pastRequest } from './past-thread.ts';
import { openAsking, type WouldOwn } from './who-owns.ts';

export type LookBackQuestion = {
  readonly ours: Ours;
  /** null: no configuration, so nothing is said of rules and of working hours. */
  readonly policy: Policy | null;
  /** null: everything that is there. */
  readonly from: Instant | null;
  /** How long somebody waits is counted until then. */
  readonly until: Instant;
  /** Whoever waits for less is not called unanswered yet. */
  readonly grace: Duration;
};

export type LookBack = {
  readonly from: Instant | null;
  readonly until: Instant;
  readonly inboxes: readonly InboxLookBack[];
  /** Different mails that were looked at. */
  readonly mails: number;
  /** Conversations that people outside began with none of the inboxes, and the addresses that they wrote to most. */
  readonly elsewhere: { readonly requests: number; readonly addresses: readonly string[] };
  /** Mails without a date that could be read. */
  readonly undated: number;
};

export type InboxLookBack = {
  readonly inbox: InboxId;
  readonly address: string;
  /** In the order in which they came. */
  readonly requests: readonly LookedAt[];
  /** The longest wait first. */
  readonly waiting: readonly LookedAt[];
  /** How many different people never had an answer; whoever had one before and waits again is none of them. */
  readonly neverAnswered: number;
  /** How many wait for less than the grace: they came just now. */
  readonly fresh: number;
  readonly answered: number;
  readonly needsNone: number;
  readonly twice: readonly LookedAt[];
  /** How many waited longer than two days for their first answer, or still do. */
  readonly overTwoDays: number;
  readonly firstAnswer: { readonly wall: Times; readonly working: Times | null };
  /** The most requests first; null: there are no rules to ask. */
  readonly owners: readonly { readonly member: MemberId | null; readonly requests: number }[] | null;
  /** Those that no rule gives to anybody. */
  readonly noRule: readonly LookedAt[];
};

export type LookedAt = PastRequest & {
  readonly inbox: InboxId;
  /** Since when they wait; null: they do not. */
  readonly since: Instant | null;
  readonly waited: Duration;
  readonly wouldOwn: WouldOwn | null;
};

export type Times = {
  readonly count: number;
  readonly waiting: number;
  /** null: there is nothing to count. */
  readonly half: Within | null;
  /** Nine of ten; null of few. */
  readonly most: Within | null;
};

/** `not-yet`: fewer than that share have had an answer, and no length of time is known for it. */
export type Within = Duration | 'not-yet';

const LONG = 2 * DAY;

export function lookBack(found: readonly PastMail[], question: LookBackQuestion): LookBack {
  const { ours, from, until } = question;
  const mails = eachOnce(found);
  const dated = mails.flatMap((mail) => (isDated(mail) ? [mail] : []));
  const looked = conversationsOf(dated)
    .flatMap((thread) => pastRequest(thread, ours) ?? [])
    .filter((request) => isWithin(request, from, until))
    .sort((a, b) => a.opener.date - b.opener.date || (a.opener.identity < b.opener.identity ? -1 : 1));
  const ask = question.policy === null ? null : openAsking(question.policy);
  const requests = looked.flatMap((request): LookedAt[] => {
    const { inbox, opener, open } = request;
    if (inbox === null) return [];
    const since = open[0]?.date ?? null;
    const wouldOwn = ask === null || opener.ruled === null ? null : ask(inbox, opener.ruled, opener.date);
    return [{ ...request, inbox, since, waited: since === null ? 0 : Math.max(0, until - since), wouldOwn }];
  });
  return {
    from,
    until,
    inboxes: ours.inboxes.map(({ id, address }) =>
      ofInbox(
        { inbox: id, address },
        requests.filter(({ inbox }) => inbox === id),
        question,
      ),
    ),
    mails: mails.length,
    elsewhere: elsewhere(looked.filter(({ inbox }) => inbox === null)),
    undated: mails.length - dated.length,
  };
}

const isDated = (mail: PastMail): mail is DatedMail => mail.date !== null;

function conversationsOf(mails: readonly DatedMail[]): DatedMail[][] {
  const threads = threadArchive(mails);
  return [...Map.groupBy(mails.keys(), (at) => threads[at]?.conversation).values()].map((places) =>
    places.flatMap((at) => mails[at] ?? []),
  );
}

/** Its customer began it in that time, or has asked something since then that nobody has answered. */
function isWithin({ opener, open }: PastRequest, from: Instant | null, until: Instant): boolean {
  if (opener.date > until) return false;
  return from === null || (open[0] ?? opener).date >= from;
}

function ofInbox(
  about: Pick<InboxLookBack, 'inbox' | 'address'>,
  requests: readonly LookedAt[],
  { policy, until, grace }: LookBackQuestion,
): InboxLookBack {
  const waiting = requests
    .filter(({ status }) => status === 'waiting')
    .toSorted((a, b) => b.waited - a.waited);
  const of = (status: PastRequest['status']) =>
    requests.filter((request) => request.status === status).length;
  const first = requests.filter(({ status, beganBefore }) => status !== 'needs-none' && !beganBefore);
  const schedule = policy?.inboxes.get(about.inbox)?.schedule ?? null;
  const wall = first.map((request) => firstWait(request, until, null));
  return {
    ...about,
    requests,
    waiting,
    neverAnswered: peopleIn(waiting.filter((one) => isNeverAnswered(one) && one.waited >= grace)),
    fresh: waiting.filter(({ waited }) => waited < grace).length,
    answered: of('answered'),
    needsNone: of('needs-none'),
    twice: requests.filter(({ twice }) => twice.length > 0),
    overTwoDays: wall.filter(({ took }) => took > LONG).length,
    firstAnswer: {
      wall: timesOf(wall),
      working:
        schedule === null ? null : timesOf(first.map((request) => firstWait(request, until, schedule))),
    },
    owners: policy === null ? null : ownersOf(requests),
    noRule: requests.filter(({ wouldOwn }) => wouldOwn !== null && !wouldOwn.byRule),
  };
}

/** Nobody has ever written to them in this conversation. */
const isNeverAnswered = ({ status, answeredAt, beganBefore }: PastRequest): boolean =>
  status === 'waiting' && answeredAt === null && !beganBefore;

/** Whoever wrote three times without an answer is one person. */
export const peopleIn = (requests: readonly PastRequest[]): number =>
  new Set(requests.map(({ customer }) => asciiLower(splitPlus(customer.address).base))).size;

/** From the first mail that asked something. */
function firstWait({ opener, answeredAt }: LookedAt, until: Instant, schedule: Schedule | null): Wait {
  const end = Math.max(opener.date, answeredAt ?? until);
  const took = schedule === null ? end - opener.date : workingTimeBetween(schedule, opener.date, end);
  return { took, over: answeredAt === null };
}

function timesOf(waits: readonly Wait[]): Times {
  const waiting = waits.filter(({ over }) => over).length;
  const within = (tenths: number): Within | null => {
    const found = percentile(waits, tenths / 10);
    if (found === null) return null;
    const isReached = (waits.length - waiting) * 10 >= waits.length * tenths;
    return found.over || !isReached ? 'not-yet' : found.within;
  };
  return {
    count: waits.length,
    waiting,
    half: within(5),
    most: waits.length < FEW ? null : within(9),
  };
}

function ownersOf(requests: readonly LookedAt[]): InboxLookBack['owners'] {
  const named = requests.flatMap(({ wouldOwn }) => wouldOwn ?? []);
  return [...Map.groupBy(named, ({ member }) => member)]
    .map(([member, all]) => ({ member, requests: all.length }))
    .sort((a, b) => b.requests - a.requests || ((a.member ?? '\uffff') < (b.member ?? '\uffff') ? -1 : 1));
}

const ADDRESSES_MAX = 5;

function elsewhere(requests: readonly PastRequest[]): LookBack['elsewhere'] {
  const counts = new Map<string, number>();
  for (const { opener } of requests) {
    const written: readonly Address[] = [...opener.to, ...opener.cc];
    for (const address of new Set(written.map((one) => asciiLower(one.address))))
      counts.set(address, (counts.get(address) ?? 0) + 1);
  }
  const most = [...counts].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
  return { requests: requests.length, addresses: most.slice(0, ADDRESSES_MAX).map(([address]) => address) };
}
