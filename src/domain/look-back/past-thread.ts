/**
 * What became of one conversation of the past: whether its customer had an answer, since when they wait for one, and
 * whether two of us answered the same mail.
 *
 * - An answer is a mail of ours to somebody who had asked: what goes to a colleague or to a plumber is none.
 * - Whoever we brought in ourselves asks nothing by writing back.
 * - Plain thanks wait for nothing; everything else that a customer writes last waits for an answer.
 * - What we began ourselves is no request. Where only the end of a conversation is there, its customer counts from the
 *   first mail that is.
 */
import { asciiLower, splitPlus } from '../address.ts';
import { NOBODY } from '../customer.ts';
import type { InboxId } from '../ids.ts';
import type { Instant } from '../instant.ts';
import type { Address } from '../message.ts';
import { isAnswerSubject } from '../subject.ts';
import { authorOf, inboxAddressed, type Ours } from './ours.ts';
import type { PastMail } from './past-mail.ts';

/** A mail of which it is known when it was written. */
export type DatedMail = PastMail & { readonly date: Instant };

export type PastRequest = {
  /** null: written to none of the inboxes. */
  readonly inbox: InboxId | null;
  /** The customer's first mail that is there. */
  readonly opener: DatedMail;
  readonly customer: Address;
  /** It began before the first mail that is there, so nobody can say how long its first answer took. */
  readonly beganBefore: boolean;
  readonly status: 'answered' | 'waiting' | 'needs-none';
  /** When the first answer came; null: none did. */
  readonly answeredAt: Instant | null;
  /** The customer's mails since the last answer that ask something; the first says since when they wait. */
  readonly open: readonly DatedMail[];
  readonly twice: readonly AnsweredTwice[];
};

/** Two people of ours answered one mail of a customer, each without the other. */
export type AnsweredTwice = {
  readonly asked: DatedMail;
  readonly answers: readonly [first: DatedMail, second: DatedMail];
};

/** `mails` are those of one conversation in order of time. null: it is no request. */
export function pastRequest(mails: readonly DatedMail[], ours: Ours): PastRequest | null {
  const so = nothingRead(ours);
  for (const mail of mails) {
    // What machines say, an out-of-office of ours among it, neither asks nor answers.
    if (!mail.person) continue;
    const author = authorOf(ours, mail.from, mail.inSent);
    if (author === null) hear(so, mail);
    else if (so.opener !== null) write(so, mail, author);
    else if (answersSomething(mail)) goesOn(so, mail);
    else return null;
  }
  return so.opener === null ? null : requestOf(so, so.opener);
}

/** What was read so far. */
type SoFar = {
  readonly ours: Ours;
  /** Addresses of those who asked, and of whom they named. */
  readonly customers: Set<string>;
  /** Addresses that stood in a mail of ours first. */
  readonly broughtIn: Set<string>;
  opener: DatedMail | null;
  beganBefore: boolean;
  asked: boolean;
  answeredAt: Instant | null;
  open: DatedMail[];
  /** The customer's latest mail, and what of us has answered it. */
  turn: { readonly asked: DatedMail; readonly answers: DatedMail[]; told: boolean } | null;
  readonly twice: AnsweredTwice[];
};

const nothingRead = (ours: Ours): SoFar => ({
  ours,
  customers: new Set(),
  broughtIn: new Set(),
  opener: null,
  beganBefore: false,
  asked: false,
  answeredAt: null,
  open: [],
  turn: null,
  twice: [],
});

function hear(so: SoFar, mail: DatedMail): void {
  const from = key(mail.from[0]?.address ?? '');
  if (so.broughtIn.has(from) && !so.customers.has(from)) return;
  const named = [...(mail.customer === null ? [] : [mail.customer]), ...mail.from, ...mail.replyTo];
  for (const address of outsiders(so.ours, [...named, ...mail.to, ...mail.cc])) {
    if (!so.broughtIn.has(address)) so.customers.add(address);
  }
  so.opener ??= mail;
  so.turn = { asked: mail, answers: [], told: false };
  if (mail.onlyThanks) return;
  so.asked = true;
  so.open.push(mail);
}

/** What it answers is not there: whoever it goes to had asked. */
function goesOn(so: SoFar, mail: DatedMail): void {
  so.beganBefore = true;
  for (const address of outsiders(so.ours, [...mail.to, ...mail.cc])) so.customers.add(address);
}

function write(so: SoFar, mail: DatedMail, author: string): void {
  const recipients = outsiders(so.ours, [...mail.to, ...mail.cc]);
  if (recipients.some((address) => so.customers.has(address))) answer(so, mail, author);
  for (const address of recipients) if (!so.customers.has(address)) so.broughtIn.add(address);
}

function answer(so: SoFar, mail: DatedMail, author: string): void {
  if (so.asked) so.answeredAt ??= mail.date;
  so.open = [];
  const { turn, ours } = so;
  if (turn === null) return;
  const other = turn.answers.find(({ from, inSent }) => authorOf(ours, from, inSent) !== author);
  if (other !== undefined && !turn.told) {
    so.twice.push({ asked: turn.asked, answers: [other, mail] });
    turn.told = true;
  }
  turn.answers.push(mail);
}

function requestOf(so: SoFar, opener: DatedMail): PastRequest {
  const { ours, beganBefore, answeredAt, open, twice } = so;
  return {
    inbox: inboxAddressed(ours, opener, opener.foundIn),
    opener,
    customer: opener.customer ?? NOBODY,
    beganBefore: beganBefore || answersSomething(opener),
    status: statusOf(so),
    answeredAt,
    open,
    twice,
  };
}

function statusOf({ open, answeredAt, beganBefore }: SoFar): PastRequest['status'] {
  if (open.length > 0) return 'waiting';
  return answeredAt !== null || beganBefore ? 'answered' : 'needs-none';
}

const outsiders = (ours: Ours, people: readonly Address[]): string[] =>
  people
    .map(({ address }) => key(address))
    .filter((address) => address !== '' && ours.writerAt(address) === null);

/** Without a tag: programs write from the bare address. */
const key = (address: string): string => asciiLower(splitPlus(address).base);

const answersSomething = ({ inReplyTo, references, subject }: PastMail): boolean =>
  inReplyTo.length > 0 || references.length > 0 || isAnswerSubject(subject);
