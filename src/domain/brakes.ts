/**
 * How much automatic mail goes to people outside, whatever the headers of their mail say. Some robots carry no mark
 * at all, and forged senders have made whole firms' confirmations into bombs (Zendesk, 2025/26); on every storm on
 * record it was counting that ended it.
 *
 * What a member wrote on purpose is not counted: one answer is in flight at a time, and what missed something is held.
 */
import { asciiLower, domainOf } from './address.ts';
import type { ConversationId, NoticeId } from './ids.ts';
import { DAY, HOUR, type Instant } from './instant.ts';
import type { NoticeDraft } from './notices/notice.ts';

/** At most so many in any span of an hour, and in any of a day. */
export type Rate = { readonly hour: number; readonly day: number };

export type Caps = {
  /** To one mailbox. */
  readonly address: Rate;
  /** About one request, to whomever. */
  readonly request: Rate;
  /** To people whom nothing but an unproved mail names, all together. */
  readonly unproved: Rate;
  readonly overall: Rate;
  /** To one member: above it nothing is held back, but what may wait comes together, see bundling.ts. */
  readonly member: Pick<Rate, 'hour'>;
};

export const DEFAULT_CAPS: Caps = {
  address: { hour: 3, day: 10 },
  request: { hour: 6, day: 20 },
  unproved: { hour: 200, day: 1_000 },
  overall: { hour: 1_000, day: 10_000 },
  member: { hour: 30 },
};

/** An automatic mail to somebody outside, as far as counting goes. Names and words are keyed hashes. */
export type AutomaticMail = {
  readonly id: NoticeId;
  /** Of `mailboxOf` the address that it goes to. */
  readonly recipient: string;
  readonly conversationId: ConversationId | null;
  /** Its recipient is proved to have written to us, or a member named them. */
  readonly proved: boolean;
  /** What it answers, see `sayingOf`; null: nothing, or nothing that could be said twice. */
  readonly answers: Saying | null;
  /** Tells its customer more about a request, which is nothing to whoever was not told that we have it. */
  readonly tellsMore: boolean;
};

/** The words of a mail, and the same with its numbers taken out. */
export type Saying = { readonly words: string; readonly form: string };

export type CountedMail = AutomaticMail & { readonly at: Instant };

/** Why a mail is not sent; what is told of it stands in `brakeWords`. */
export type Brake = keyof typeof brakeWords;

export const brakeWords = {
  'said-before': 'the same mail was confirmed within the last week',
  'not-confirmed': 'its confirmation was held back, and who gets none is told nothing else by a machine',
  'address-cap': 'this address got as many automatic mails as one address may get',
  'request-cap': 'about this request as many automatic mails went out as may',
  'unproved-cap': 'as many automatic mails went to unproved senders as may',
  'overall-cap': 'as many automatic mails went out as may',
} as const;

export const Brakes = Object.keys(brakeWords) as readonly Brake[];

/** Not all of it is a cap's doing: some goes to a customer who was never told that we have it, or repeats what was said. */
export const BrakesOf = {
  capped: ['address-cap', 'request-cap', 'unproved-cap', 'overall-cap'],
  unconfirmed: ['not-confirmed'],
  repeated: ['said-before'],
} as const satisfies Readonly<Record<string, readonly Brake[]>>;

export type HeldBack = Readonly<Record<keyof typeof BrakesOf, number>>;

/** How many were held back, each kind by its reason. */
export const heldBackWords = ({ capped, unconfirmed, repeated }: HeldBack): readonly string[] => [
  ...(capped === 0 ? [] : [`${capped} held back by the caps`]),
  ...(unconfirmed === 0 ? [] : [`${unconfirmed} not sent because their customer never got a confirmation`]),
  ...(repeated === 0 ? [] : [`${repeated} not sent because the same was confirmed within a week before`]),
];

/**
 * RFC 3834 section 2: no second response of the same kind to the same sender within several days, seven being its
 * example. The same kind is here the same words: whoever writes about another leak deserves another confirmation.
 */
export const SAID_SPAN = 7 * DAY;
const SAID_MAX = 1;
/** Robots count, and tell the time: what differs in its numbers alone may be three flats, and not thirty. */
const SAID_IN_FORM_MAX = 3;

type Count = Rate;

/** What went out before a mail, by what it shares with it. */
export type Tally = {
  readonly address: Count;
  readonly request: Count;
  readonly unproved: Count;
  readonly overall: Count;
  readonly sameWords: number;
  readonly sameForm: number;
  /** The confirmation of the request was held back. */
  readonly unconfirmed: boolean;
};

/** Why each may not go out now, or null; each that may counts for those after it. */
export function brakesOn(
  mails: readonly { readonly mail: AutomaticMail; readonly before: Tally; readonly caps: Caps }[],
  now: Instant,
): ReadonlyMap<NoticeId, Brake | null> {
  const sent: CountedMail[] = [];
  return new Map(
    mails.map(({ mail, before, caps }) => {
      const brake = brakeOf(sum(before, tallyOf(mail, sent, now)), mail, caps);
      if (brake === null) sent.push({ ...mail, at: now });
      return [mail.id, brake];
    }),
  );
}

function brakeOf(tally: Tally, { proved, tellsMore }: AutomaticMail, caps: Caps): Brake | null {
  if (tellsMore && tally.unconfirmed) return 'not-confirmed';
  if (tally.sameWords >= SAID_MAX || tally.sameForm >= SAID_IN_FORM_MAX) return 'said-before';
  if (isFull(tally.address, caps.address)) return 'address-cap';
  if (isFull(tally.request, caps.request)) return 'request-cap';
  if (!proved && isFull(tally.unproved, caps.unproved)) return 'unproved-cap';
  return isFull(tally.overall, caps.overall) ? 'overall-cap' : null;
}

const isFull = (count: Count, rate: Rate): boolean => count.hour >= rate.hour || count.day >= rate.day;

/** Counts what went out by `now` in the spans that end there; a mail tried again does not stand in its own way. */
export function tallyOf(mail: AutomaticMail, sent: readonly CountedMail[], now: Instant): Tally {
  const others = sent.filter(({ id }) => id !== mail.id);
  const count = (shares: (other: CountedMail) => boolean): Count => {
    const found = others.filter(shares);
    return { hour: since(found, now - HOUR).length, day: since(found, now - DAY).length };
  };
  const toSame = since(others, now - SAID_SPAN).filter(({ recipient }) => recipient === mail.recipient);
  const said = (part: keyof Saying): number =>
    mail.answers === null
      ? 0
      : toSame.filter(({ answers }) => answers !== null && answers[part] === mail.answers?.[part]).length;
  return {
    address: count(({ recipient }) => recipient === mail.recipient),
    request: count(({ conversationId }) => isSet(conversationId) && conversationId === mail.conversationId),
    unproved: count(({ proved }) => !proved),
    overall: count(() => true),
    sameWords: said('words'),
    sameForm: said('form'),
    unconfirmed: false,
  };
}

const isSet = (id: ConversationId | null): boolean => id !== null;
const since = (mails: readonly CountedMail[], from: Instant) => mails.filter(({ at }) => at > from);

function sum(a: Tally, b: Tally): Tally {
  const both = (part: 'address' | 'request' | 'unproved' | 'overall'): Count => ({
    hour: a[part].hour + b[part].hour,
    day: a[part].day + b[part].day,
  });
  return {
    address: both('address'),
    request: both('request'),
    unproved: both('unproved'),
    overall: both('overall'),
    sameWords: a.sameWords + b.sameWords,
    sameForm: a.sameForm + b.sameForm,
    unconfirmed: a.unconfirmed || b.unconfirmed,
  };
}

/** Whether nobody wrote it: it goes to somebody outside, and no member's words are its reason. */
export const isAutomatic = ({ recipient, body }: Pick<NoticeDraft, 'recipient' | 'body'>): boolean =>
  recipient.type !== 'member' && body.kind !== 'customer-reply' && body.kind !== 'outside-help';

/**
 * One name for all spellings of a mailbox, so that nobody gets more for having many: without case and plus tag, and
 * for Gmail, as its own help says, without dots and under one domain.
 */
export function mailboxOf(address: string): string {
  const local = asciiLower(address.slice(0, Math.max(address.lastIndexOf('@'), 0)));
  const domain = domainOf(address);
  const plus = local.indexOf('+');
  const base = plus > 0 ? local.slice(0, plus) : local;
  const isGmail = domain === 'gmail.com' || domain === 'googlemail.com';
  return isGmail ? `${base.replaceAll('.', '')}@gmail.com` : `${base}@${domain}`;
}
