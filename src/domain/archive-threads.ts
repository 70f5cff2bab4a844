/**
 * Which mails of an archive belong together, for `baton thread` and the look back. It has neither our keys nor our
 * database, so ids and the guards of threading.ts decide, and subjects only among exactly the same people.
 *
 * Which mails are together does not depend on the order in which they are read: each tie hangs on two mails alone, or
 * on all of a group sorted by what is in them. Answers may come before what they answer, middles may be missing, ids
 * may point in circles. Time grows as the number of ids does; no tie is looked for between pairs of all mails.
 */
import { asciiLower } from './address.ts';
import { DAY, type Instant } from './instant.ts';
import type { Mail } from './message.ts';
import { isAnswerSubject } from './subject.ts';
import { linksOf, type ThreadEvidence } from './threading.ts';
import { canonicalSubject, isOtherTopic } from './topic.ts';

export type ArchivedMail = Pick<
  Mail,
  'messageId' | 'inReplyTo' | 'references' | 'subject' | 'date' | 'from' | 'to' | 'cc' | 'bodyHash'
> & {
  /** Whether anything of an earlier mail is quoted in it. */
  readonly quotes: boolean;
};

export type ArchivedThread = {
  /** Counts from 1 in the order in which conversations begin. */
  readonly conversation: number;
  /** What ties it to an earlier or a later mail of its own accord; null: others answer it, or nobody does. */
  readonly evidence: ThreadEvidence | null;
};

/** Exchange and some web mailers leave References out; an answer that comes later than this says what it answers. */
const SUBJECT_WINDOW = 30 * DAY;
/** As long as a finished request is opened again by an answer, unless the configuration says otherwise. */
const LONG_AGO = 30 * DAY;

export function threadArchive(mails: readonly ArchivedMail[]): ArchivedThread[] {
  const groups = openGroups(mails.length);
  const subjects = mails.map(({ subject }) => canonicalSubject(subject));
  const archive = { mails, subjects, known: knownIds(mails, subjects, groups) };
  const evidence = tieByIds(archive, groups);
  tieBySubject(archive, evidence, groups);
  const numbers = new Map<number, number>();
  return mails.map((_, at) => {
    const root = groups.rootOf(at);
    const conversation = numbers.get(root) ?? numbers.size + 1;
    numbers.set(root, conversation);
    return { conversation, evidence: evidence[at] ?? null };
  });
}

/** Mails are named by their place in it. */
type Archive = {
  readonly mails: readonly ArchivedMail[];
  /** Canonical ones. */
  readonly subjects: readonly string[];
  /** By id the mail that is meant by it. */
  readonly known: ReadonlyMap<string, Meant>;
};

// ── Ids ──

/** Of several mails under one id an answer means the one with its own subject, else the first. */
type Meant = { first: number; readonly bySubject: Map<string, number> };

/**
 * A list and its author send one mail twice under one id, with a footer or a tag in the subject: that is one. Under
 * the same id may also come what somebody else wrote, by mistake or to have the other dropped: that stays apart.
 */
function knownIds(
  mails: readonly ArchivedMail[],
  subjects: readonly string[],
  groups: Groups,
): ReadonlyMap<string, Meant> {
  const known = new Map<string, Meant>();
  const twins = new Map<string, number>();
  const earlier = (a: number, b: number | undefined) => (b === undefined || byDate(mails, a, b) < 0 ? a : b);
  mails.forEach(({ messageId, from, date, bodyHash }, at) => {
    if (messageId === null) return;
    const subject = subjects[at] ?? '';
    // A list that writes itself into From leaves the date as it was.
    for (const sign of [from.map(({ address }) => asciiLower(address)), date ?? 'never', bodyHash]) {
      const same = JSON.stringify([messageId, subject, sign]);
      groups.join(twins.get(same) ?? at, at);
      twins.set(same, at);
    }
    const meant = known.get(messageId) ?? { first: at, bySubject: new Map() };
    known.set(messageId, meant);
    meant.first = earlier(at, meant.first);
    meant.bySubject.set(subject, earlier(at, meant.bySubject.get(subject)));
  });
  return known;
}

function byDate(mails: readonly ArchivedMail[], a: number, b: number): number {
  const [one, other] = [mails[a], mails[b]];
  const [dateA, dateB] = [one?.date ?? Number.MAX_SAFE_INTEGER, other?.date ?? Number.MAX_SAFE_INTEGER];
  return dateA - dateB || compare(one?.bodyHash ?? '', other?.bodyHash ?? '');
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** The mail that the one at this place means by an id; null: it is not here. */
function meantBy({ known, subjects }: Archive, at: number, id: string): number | null {
  const meant = known.get(id);
  return meant === undefined ? null : (meant.bySubject.get(subjects[at] ?? '') ?? meant.first);
}

/** For each mail the strongest evidence by which it is tied to one that is here, or to another that misses the same. */
function tieByIds(archive: Archive, groups: Groups): (ThreadEvidence | null)[] {
  const { mails } = archive;
  const evidence: (ThreadEvidence | null)[] = mails.map(() => null);
  const missing = new Map<string, number>();
  // "In-Reply-To: Message from <maria@example.com>" names a person, and all who answer them are no conversation.
  const addresses = new Set(mails.flatMap((mail) => peopleOf(mail)));
  const anew = mails.map((mail, at) => beginsAnew(archive, mail, at));
  mails.forEach((mail, at) => {
    if (anew[at]) return;
    for (const { id, evidence: kind } of linksOf(mail)) {
      const place = meantBy(archive, at, id);
      if (place !== null) {
        groups.join(at, place);
        evidence[at] ??= kind;
        // What stands before the beginning of something new is what it left behind.
        if (anew[place]) break;
      } else if (!addresses.has(asciiLower(id))) {
        const other = missing.get(id);
        missing.set(id, other ?? at);
        if (other === undefined) continue;
        groups.join(at, other);
        evidence[at] ??= 'same-ancestor';
        evidence[other] ??= 'same-ancestor';
      }
    }
  });
  return evidence;
}

/** Somebody looked up an old mail for its address: nothing of its subject is left, nothing is quoted, and it is long ago. */
function beginsAnew(archive: Archive, mail: ArchivedMail, at: number): boolean {
  if (mail.quotes || mail.date === null) return false;
  const nearest = linksOf(mail).find(({ id }) => archive.known.has(id));
  const place = nearest === undefined ? null : meantBy(archive, at, nearest.id);
  const answered = place === null ? undefined : archive.mails[place];
  if (answered === undefined || answered.date === null) return false;
  return mail.date - answered.date > LONG_AGO && isOtherTopic(mail.subject, answered.subject);
}

// ── Subjects ──

/**
 * An answer whose program names nothing that it answers goes with the mail before it under the same subject, among
 * exactly the same people: so two who write to one address under one subject never meet.
 */
function tieBySubject(
  { mails, subjects }: Archive,
  evidence: (ThreadEvidence | null)[],
  groups: Groups,
): void {
  const among = Map.groupBy(mails.keys(), (at) => peopleAndSubject(mails[at], subjects[at] ?? ''));
  for (const [key, places] of among) {
    if (key === null || places.length < 2) continue;
    const inOrder = places.toSorted((a, b) => byDate(mails, a, b));
    inOrder.forEach((at, index) => {
      const before = inOrder[index - 1];
      const mail = mails[at];
      if (
        before === undefined ||
        mail === undefined ||
        evidence[at] !== null ||
        !isAnswerSubject(mail.subject)
      )
        return;
      if (!isSoonAfter(mail.date, mails[before]?.date ?? null)) return;
      groups.join(at, before);
      evidence[at] = 'subject';
    });
  }
}

/** null: nothing can be said by it. */
function peopleAndSubject(mail: ArchivedMail | undefined, subject: string): string | null {
  if (mail === undefined || mail.from.length !== 1 || mail.date === null) return null;
  const people = new Set(peopleOf(mail));
  return subject === '' || people.size < 2 ? null : JSON.stringify([subject, [...people].sort()]);
}

const peopleOf = ({ from, to, cc }: ArchivedMail): string[] =>
  [...from, ...to, ...cc].map(({ address }) => asciiLower(address));

const isSoonAfter = (date: Instant | null, before: Instant | null): boolean =>
  date !== null && before !== null && date - before <= SUBJECT_WINDOW;

// ── Groups ──

/** Which places belong together, with paths halved on the way so that any order of joins stays near linear. */
type Groups = { join(a: number, b: number): void; rootOf(place: number): number };

function openGroups(count: number): Groups {
  const parents = Array.from({ length: count }, (_, at) => at);
  const rootOf = (place: number): number => {
    let at = place;
    for (let up = parents[at] ?? at; up !== at; up = parents[at] ?? at) {
      const above = parents[up] ?? up;
      parents[at] = above;
      at = above;
    }
    return at;
  };
  return {
    rootOf,
    join(a, b) {
      const [one, other] = [rootOf(a), rootOf(b)];
      // The smaller place leads, whoever asked.
      parents[Math.max(one, other)] = Math.min(one, other);
    },
  };
}
