/**
 * A mail of the past as the look back keeps it: what ties it to others, who wrote it to whom, whether it asks anything,
 * and what the rules make of it. Its body is let go of, so that a mailbox of any size fits into memory.
 */
import { asciiLower, parseStrictAddress } from '../address.ts';
import type { ArchivedMail } from '../archive-threads.ts';
import { type Classification, classify } from '../classify.ts';
import type { InboxId } from '../ids.ts';
import type { Instant } from '../instant.ts';
import type { Address, Mail } from '../message.ts';
import type { Policy } from '../policy.ts';
import { screen } from '../screening.ts';
import { isOnlyThanks } from '../thanks.ts';
import { contentHash } from '../threading.ts';
import { canonicalSubject } from '../topic.ts';
import { inboxAddressed, type Ours } from './ours.ts';

export type PastMail = ArchivedMail & {
  /** The same for the same mail, in whichever folders copies of it lie. */
  readonly identity: string;
  /** Where it was found, as whoever reads it calls that place: of several copies the first in order. */
  readonly place: string;
  /** Found among what was sent. */
  readonly inSent: boolean;
  /** The inbox in whose mailbox it was found; null: an archive, which does not say. */
  readonly foundIn: InboxId | null;
  readonly replyTo: readonly Address[];
  readonly deliveredTo: readonly string[];
  /** Whether a person wrote it, or a form that a rule names; a machine's mail neither asks nor answers. */
  readonly person: boolean;
  /** Who is answered: its sender, or whom a form names. */
  readonly customer: Address | null;
  /** Plainly only thanks: it asks nothing. */
  readonly onlyThanks: boolean;
  /** What the rules of its inbox make of it; null: there are no rules, or it is not addressed to an inbox. */
  readonly ruled: Ruled | null;
};

export type Ruled = Pick<Classification, 'category' | 'priority' | 'ruleId' | 'assign' | 'reason'>;

export type Found = {
  readonly place: string;
  readonly inSent: boolean;
  readonly inbox: InboxId | null;
  /** By the clock of its server; null: nobody noted it. */
  readonly receivedAt: Instant | null;
};

/** `policy` null: there is no configuration, and so neither rules nor members. */
export function pastMail(mail: Mail, found: Found, ours: Ours, policy: Policy | null): PastMail {
  const { messageId, inReplyTo, references, subject, from, to, cc, bodyHash, reply } = mail;
  const { kind } = screen(mail, { addresses: ours.inboxes.map(({ address }) => address) });
  const inbox = inboxAddressed(ours, mail, found.inbox);
  const ruled = policy === null || inbox === null ? null : classify(policy.rules, inbox, mail);
  const form = ruled?.customerInReplyTo === true ? (mail.replyTo[0] ?? null) : null;
  const isForm = form !== null && parseStrictAddress(form.address) !== null;
  return {
    ...{ messageId, inReplyTo, references, subject, from, to, cc, bodyHash },
    date: writtenAt(mail, found),
    quotes: reply.quoted.trim() !== '',
    identity: identityOf(mail),
    place: found.place,
    inSent: found.inSent,
    foundIn: found.inbox,
    replyTo: mail.replyTo,
    deliveredTo: mail.deliveredTo,
    person: kind === 'person' || (isForm && kind === 'notification'),
    customer: isForm ? form : (from[0] ?? null),
    onlyThanks: isOnlyThanks(
      reply.text,
      mail.attachments.some(({ inline }) => !inline),
    ),
    ruled: ruled === null ? null : ruledOf(ruled),
  };
}

const ruledOf = ({ category, priority, ruleId, assign, reason }: Classification): Ruled => ({
  category,
  priority,
  ruleId,
  assign,
  reason,
});

/** Nobody writes a mail after it was received: a clock that is ahead must not have a customer wait from tomorrow on. */
function writtenAt({ date }: Mail, { receivedAt }: Found): Instant | null {
  if (date === null || receivedAt === null) return date ?? receivedAt;
  return Math.min(date, receivedAt);
}

/** A server may note its way in each copy, and a list adds its footer: the id and the author tell. */
function identityOf(mail: Mail): string {
  const from = mail.from.map(({ address }) => asciiLower(address));
  return mail.messageId === null
    ? contentHash(mail)
    : JSON.stringify([mail.messageId, from, canonicalSubject(mail.subject)]);
}

/** Every mail once, in one order whatever the order in which they were found: by time, those without any last. */
export function eachOnce(mails: readonly PastMail[]): readonly PastMail[] {
  const same = Map.groupBy(mails, ({ identity }) => identity);
  return [...same.values()].map(together).sort(byTime);
}

function together(copies: readonly PastMail[]): PastMail {
  const [first, ...more] = copies.toSorted((a, b) => compare(a.place, b.place) || compareDates(a, b));
  if (first === undefined) throw new Error('bug: a group has a member');
  if (more.length === 0) return first;
  const all = [first, ...more];
  return {
    ...first,
    inSent: all.some(({ inSent }) => inSent),
    foundIn: all.find(({ foundIn }) => foundIn !== null)?.foundIn ?? null,
    deliveredTo: [...new Set(all.flatMap(({ deliveredTo }) => deliveredTo))],
    ruled: all.find(({ ruled }) => ruled !== null)?.ruled ?? null,
    // Moved between folders, a mail may be noted as received then.
    date: all.reduce<Instant | null>((least, { date }) => earlier(least, date), null),
  };
}

const earlier = (a: Instant | null, b: Instant | null): Instant | null =>
  a === null || b === null ? (a ?? b) : Math.min(a, b);

const compareDates = (a: PastMail, b: PastMail): number =>
  (a.date ?? Number.MAX_SAFE_INTEGER) - (b.date ?? Number.MAX_SAFE_INTEGER);

const byTime = (a: PastMail, b: PastMail): number => compareDates(a, b) || compare(a.identity, b.identity);

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
