/**
 * What the team has decided: inboxes, people, teams, rules and clocks, as one immutable value.
 * The configuration makes it; decide, routing and the clocks only read it.
 */

import type { Caps } from './brakes.ts';
import type { Spellings } from './command/spellings/spellings.ts';
import type { CategoryId, InboxId, MemberId, TeamId } from './ids.ts';
import type { Duration, Instant } from './instant.ts';
import type { Templates } from './notices/template.ts';
import type { Authentication } from './sender-authentication/authentication.ts';

export type Policy = {
  readonly inboxes: ReadonlyMap<InboxId, Inbox>;
  readonly members: ReadonlyMap<MemberId, Member>;
  readonly teams: ReadonlyMap<TeamId, Team>;
  /** Tried in order; the strongest match wins, see classify.ts. */
  readonly rules: readonly Rule[];
  /** What the team tells apart, and who is asked for it: nothing else is ever proposed by a model. */
  readonly categories: ReadonlyMap<CategoryId, Category>;
  readonly learning: Learning;
  /** Who is asked after whom; the first whose conditions fit holds, see ladder.ts. */
  readonly ladders: readonly Ladder[];
  readonly clocks: Clocks;
  /** Whose urgent escalations are paged as well as mailed. */
  readonly pagedInboxes: ReadonlySet<InboxId>;
  /** How much automatic mail goes to people outside. */
  readonly caps: Caps;
  /** How members may write commands. */
  readonly spellings: Spellings;
  /** Baton only looks on, and mails nobody but managers; absent: it works. */
  readonly shadow?: true;
};

export type Inbox = {
  readonly id: InboxId;
  /** The address customers write to, lower case. */
  readonly address: string;
  /** Shown as the sender's name: "Elm Property Management". */
  readonly name: string;
  /** What mails call whoever writes: customer, tenant, patient, guest. */
  readonly customerWord: string;
  /** What mails call the triage lead's desk. */
  readonly frontDeskName: string;
  /** Printed in every acknowledgement, such as a phone number for emergencies. */
  readonly emergencyLine: string | null;
  readonly triage: Triage;
  /** Who is called at any hour for what is urgent; null: nobody. */
  readonly onCall: Triage | null;
  readonly managers: readonly MemberId[];
  readonly finalManager: MemberId;
  readonly finalManagerCover: MemberId | null;
  /** The zone in which acknowledgements and the weekly rota tell time. */
  readonly timeZone: string;
  /** Own wordings of mails, by kind; what has none goes out in the words of this program. */
  readonly templates: Templates;
  /** The hours on which customers may count: the time promised to them runs on these. */
  readonly schedule: Schedule;
  /** Which mails a customer gets besides the confirmation and what members write to them. */
  readonly tellCustomer: { readonly owner: boolean; readonly finished: boolean; readonly delay: boolean };
  /** What a reply must prove of its sender before it acts. */
  readonly authentication: Authentication;
};

/** Who has a desk, or is on call: one member, or one each week in turn from a Monday on. */
export type Triage =
  | { readonly type: 'member'; readonly member: MemberId }
  | {
      readonly type: 'weekly';
      readonly members: readonly MemberId[];
      readonly firstMonday: PlainDate;
      /** When on Monday the next of them begins; absent: at midnight. */
      readonly handover?: PlainTime;
    };

export type Member = {
  readonly id: MemberId;
  readonly name: string;
  /** Lower case; the first is where mail goes, all count as the sender. */
  readonly addresses: readonly string[];
  /** Where a page reaches them, such as +4930123456; null: a gateway must know it from the id. */
  readonly phone: string | null;
  /** Further names that a colleague may type after "handoff to". */
  readonly aliases: readonly string[];
  /** False once the member has left the configuration; the row stays. */
  readonly active: boolean;
  readonly schedule: Schedule;
  /** Who is asked when this member does not answer. */
  readonly backup: MemberId | null;
  /** Open requests beyond which `least loaded` and `round robin` pass this member over; null: no limit. */
  readonly capacity: number | null;
  readonly standingMails: StandingMails;
};

/** When a member gets what nothing in particular is the cause of, by their own clock; null: never. */
export type StandingMails = {
  /** Of managers alone. */
  readonly digest: PlainTime | null;
  readonly morningList: PlainTime | null;
  /** Of managers alone. */
  readonly weeklyReport: WeeklyTime | null;
};

/** `weekday`: Monday = 0 to Sunday = 6. */
export type WeeklyTime = { readonly weekday: number; readonly at: PlainTime };

export const NoStandingMails: StandingMails = { digest: null, morningList: null, weeklyReport: null };

/** A date without a time, `2026-12-25`. */
export type PlainDate = string;
/** A time of day, `08:30`. `24:00` ends a day. */
export type PlainTime = string;

/** How a person works as long as nothing about it changes. */
export type WorkPattern = {
  /** An IANA zone such as `Europe/Berlin`. Of a whole schedule `timeZoneAt` says which zone is in force. */
  readonly timeZone: string;
  /**
   * Seven days from Monday on, or fourteen: those of weeks with an odd number (ISO 8601), then those of even weeks. A
   * shift whose `to` is not after its `from` ends on the next day.
   */
  readonly week: readonly (readonly Shift[])[];
  readonly holidays: Holidays;
};

/** Days off by their local dates. A Set of dates is such a calendar; one made of a place's laws knows every year. */
export type Holidays = {
  /** Whether no shift begins on the date. */
  has(date: PlainDate): boolean;
  /** From when on nobody works on a short day, `14:00` on Christmas Eve; null, or no such function: a day like others. */
  endsAt?(date: PlainDate): PlainTime | null;
};

/** When a person works. */
export type Schedule = WorkPattern & {
  /** Half-open spans in which the person is away. */
  readonly absences: readonly Absence[];
  /** What they work like from a date on, in the order of the dates: another zone, other hours, other holidays. */
  readonly changes?: readonly (WorkPattern & { readonly from: PlainDate })[];
};

export type Shift = { readonly from: PlainTime; readonly to: PlainTime };
export type Absence = {
  readonly from: Instant;
  readonly until: Instant;
  /** Who has agreed to stand in; null: nobody, so the member's backup is asked. */
  readonly cover?: MemberId | null;
};

export type Team = {
  readonly id: TeamId;
  readonly name: string;
  readonly members: readonly MemberId[];
  readonly choose: 'in-order' | 'round-robin' | 'least-loaded';
};

export const Priorities = ['normal', 'urgent'] as const;
export type Priority = (typeof Priorities)[number];

/** Who is asked: one member, or one of a team. */
export type Assign =
  | { readonly type: 'member'; readonly member: MemberId }
  | { readonly type: 'team'; readonly team: TeamId };

/** A kind of request. What belongs to it is learned from what the team decides, and at first from its own words. */
export type Category = {
  readonly id: CategoryId;
  /** What mails call it. */
  readonly name: string;
  /** What belongs to it, in a sentence or a few; '' when nothing is said. */
  readonly description: string;
  /** As customers would say it. */
  readonly phrases: readonly string[];
  readonly inboxes: readonly InboxId[];
  readonly assign: Assign;
  readonly priority: Priority;
};

/** How much a model may decide where no rule does. */
export type Learning = {
  /** `assign`: who is asked first; `suggest`: the front desk decides and is shown its guesses; `off`: nothing is learned. */
  readonly mode: 'assign' | 'suggest' | 'off';
  /** How many of its own first choices may be wrong; a share above 0 and below 1. */
  readonly wrongAtMost: number;
  /** Whether who had the last request of the same customer is asked: in place of the front desk, before the model, or not. */
  readonly previousOwner: 'never' | 'when-unsure' | 'before-model';
  /** How many examples one sender may give to one category. */
  readonly examplesPerSender: number;
};

export const DEFAULT_LEARNING: Learning = {
  mode: 'assign',
  wrongAtMost: 0.05,
  previousOwner: 'never',
  examplesPerSender: 20,
};

/** A routing rule: all given conditions must hold; within one condition any of its words. */
export type Rule = {
  readonly id: string;
  readonly inboxes: readonly InboxId[];
  readonly when: RuleConditions;
  readonly category: string;
  readonly priority: Priority;
  readonly assign: Assign | null;
  /** A web form that writes for whoever filled it in, and names them in Reply-To; absent: the sender is the customer. */
  readonly customer?: 'reply-to';
};

export type RuleConditions = {
  readonly from?: readonly string[];
  readonly domain?: readonly string[];
  readonly to?: readonly string[];
  readonly subject?: readonly string[];
  readonly body?: readonly string[];
  /** Header name (lower case) → words, any of which its value must hold. */
  readonly header?: Readonly<Record<string, readonly string[]>>;
  /** Words in a file name, or a content type such as `application/pdf` or `image/*`. */
  readonly attachment?: readonly string[];
};

/** Who is asked after whom, for the requests that its conditions fit. */
export type Ladder = {
  readonly when: LadderConditions;
  /** While nobody has accepted; the first who was chosen stands below its first rung. Absent: the usual ones. */
  readonly unaccepted?: readonly Rung[];
  /** While its owner is silent, or an answer to the customer is overdue. Absent: the usual ones. */
  readonly owned?: readonly Rung[];
};

/** All that are given must hold. */
export type LadderConditions = {
  readonly inboxes?: readonly InboxId[];
  /** The team that the rule names; else any team of who owns it, or of the member whom the rule names. */
  readonly teams?: readonly TeamId[];
  readonly categories?: readonly string[];
  readonly priority?: Priority;
};

/**
 * `remind`: whoever is waited for hears again, and nobody else. `backup`: who stands in for them. The final manager is
 * the end of every ladder, whether or not it says so. `after`: how long whoever was there before is waited for; null:
 * as the clocks say.
 */
export type Rung = { readonly after: Duration | null } & (
  | { readonly to: 'remind' | 'backup' | 'team' | 'front-desk' | 'on-call' | 'final-manager' }
  | { readonly to: 'member'; readonly member: MemberId }
);

export type Clocks = {
  /** How long a member has to answer "Can you take this?"; working time, urgent: wall time. */
  readonly accept: Readonly<Record<Priority, Duration>>;
  /** How long the receiver of a handoff has; working time, urgent: wall time. */
  readonly handoff: Readonly<Record<Priority, Duration>>;
  /** How long a customer waits for an answer at most; the inbox's working time, urgent: wall time. */
  readonly answer: Readonly<Record<Priority, Duration>>;
  /** How long before that the owner is told; the inbox's working time, urgent: wall time. */
  readonly answerWarning: Readonly<Record<Priority, Duration>>;
  /** How long an owner may be silent; their working time, urgent: wall time. */
  readonly progress: Readonly<Record<Priority, Duration>>;
  /** How long a helper has before they are reminded, and again before the owner is told; working time. */
  readonly help: Duration;
  /** How long the front desk has to say what becomes of a mail that could not be read; working time. */
  readonly parked: Duration;
  /** How often the final manager is reminded of what nobody took; their working time. */
  readonly lastPersonReminder: Duration;
  /** How long after it was done, and quiet, an answer of its customer opens a request again. Wall time. */
  readonly reopenWithin: Duration;
  /** How long a reply token acts. Wall time. */
  readonly tokenLife: Duration;
};
