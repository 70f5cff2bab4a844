/**
 * Who is who and who is in charge: lookups over the policy. Names that a person typed are matched exactly (case,
 * accents and spacing forgiven) or not at all; a likely spelling is only ever offered as a question back.
 */
import { Temporal } from 'temporal-polyfill';
import { sameAddress } from './address.ts';
import type { InboxId, MemberId } from './ids.ts';
import { DAY, type Instant, toMs } from './instant.ts';
import type { Inbox, Member, PlainTime, Policy, Triage } from './policy.ts';
import { timeZoneAt } from './work-pattern.ts';
import { isAbsentAt } from './working-time.ts';

/** Longer input is no name. */
const TYPED_MAX = 100;
/** How many spellings a question back lists. */
const CLOSEST_MAX = 3;

export type Resolved =
  | { readonly type: 'one'; readonly member: Member }
  /** Nobody in the team now, but somebody who has left. */
  | { readonly type: 'inactive'; readonly member: Member }
  | { readonly type: 'several'; readonly members: readonly Member[] }
  /** `closest` is for the question back only, never to act on; active members, most alike first, may be empty. */
  | { readonly type: 'none'; readonly closest: readonly Member[] };

/** The member with this address among all of theirs. Those who have left only count when asked for. */
export function memberByAddress(
  policy: Policy,
  address: string,
  options: { readonly includeInactive: boolean } = { includeInactive: false },
): Member | null {
  let left: Member | null = null;
  for (const member of policy.members.values()) {
    if (!member.addresses.some((own) => sameAddress(own, address))) continue;
    if (member.active) return member;
    left ??= member;
  }
  return options.includeInactive ? left : null;
}

/**
 * Finds whom a colleague means by an id, a full, first or last name, an alias or an address. An alias or address
 * settles it, since somebody configured it for just that; the rest are equal, so that two called Sam are a question
 * even when one of them has the id `sam`. People who have left only count when nobody else is meant.
 */
export function resolveName(policy: Policy, typed: string): Resolved {
  const wanted = fold(typed.length > TYPED_MAX ? '' : bare(typed));
  const all = [...policy.members.values()];
  const active = all.filter((member) => member.active);
  if (wanted !== '') {
    for (const spellings of [settled, spoken]) {
      const meant = active.filter((member) => spellings(member).has(wanted));
      const [first, ...others] = meant;
      if (first !== undefined) {
        return others.length === 0 ? { type: 'one', member: first } : { type: 'several', members: meant };
      }
    }
    const left = all.find((member) => settled(member).has(wanted) || spoken(member).has(wanted));
    if (left !== undefined) return { type: 'inactive', member: left };
  }
  return { type: 'none', closest: closest(active, wanted) };
}

/** In the team and not away; says nothing about working hours. */
export const isAvailable = (member: Member, at: Instant): boolean =>
  member.active && !isAbsentAt(member.schedule, at);

/** The zone in which a member tells time at that instant; null: nobody of that id is known. */
export function zoneOf(policy: Policy, id: MemberId, at: Instant): string | null {
  const member = policy.members.get(id);
  return member === undefined ? null : timeZoneAt(member.schedule, at);
}

/** Whether they are in the team, and not away. */
export const isHere = (policy: Policy, id: MemberId, at: Instant): boolean => {
  const member = policy.members.get(id);
  return member !== undefined && isAvailable(member, at);
};

/** Who answers at that instant for what nobody owns yet: here and well or not, somebody always does. */
export function triageLeadAt(policy: Policy, inboxId: InboxId, at: Instant): MemberId {
  const inbox = inboxOf(policy, inboxId);
  return onDutyAt(inbox.triage, inbox.timeZone, at);
}

/** Who is called at that instant for what is urgent, here or not; null: the inbox has nobody on call. */
export function onCallAt(policy: Policy, inboxId: InboxId, at: Instant): MemberId | null {
  const { onCall, timeZone } = inboxOf(policy, inboxId);
  return onCall === null ? null : onDutyAt(onCall, timeZone, at);
}

function onDutyAt(rota: Triage, timeZone: string, at: Instant): MemberId {
  if (rota.type === 'member') return rota.member;
  const { members, firstMonday, handover } = rota;
  const today = localDay(timeZone, at);
  const isBeforeHandover = handover !== undefined && localTime(timeZone, at) < handover;
  const week = Math.floor((today - (isBeforeHandover ? 1 : 0) - dayOf(firstMonday)) / 7);
  const member = members[((week % members.length) + members.length) % members.length];
  if (member === undefined) throw new RangeError('a weekly rota needs members');
  return member;
}

/**
 * The final manager. While they are away, the first who is here: their cover for the inbox, whoever stands in for them,
 * another manager. When nobody is, the final manager all the same. `except` wrote the request and does not decide on it,
 * as long as another can.
 */
export function finalManagerAt(
  policy: Policy,
  inboxId: InboxId,
  at: Instant,
  except: MemberId | null = null,
): MemberId {
  const { finalManager, finalManagerCover, managers } = inboxOf(policy, inboxId);
  const people = [finalManager, finalManagerCover, ...standInsFor(policy, finalManager, at), ...managers];
  const here = people.filter((id) => id !== null && isHere(policy, id, at));
  return here.find((id) => id !== except) ?? here[0] ?? finalManager;
}

/**
 * Who is asked in the place of a member, nearest first: whoever agreed to cover the absence that they are in, then their
 * backup. Those who are away as well are left out, and whoever stands in for them comes in their place.
 */
export function standInsFor(policy: Policy, id: MemberId, at: Instant): MemberId[] {
  const found: MemberId[] = [];
  const seen = new Set([id]);
  const look = (of: MemberId): void => {
    const member = policy.members.get(of);
    for (const next of member === undefined ? [] : [...coversAt(member, at), member.backup]) {
      if (next === null || seen.has(next)) continue;
      seen.add(next);
      if (isHere(policy, next, at)) found.push(next);
      else look(next);
    }
  };
  look(id);
  return found;
}

const coversAt = ({ schedule }: Member, at: Instant): MemberId[] =>
  schedule.absences.flatMap(({ from, until, cover }) =>
    from <= at && at < until && cover !== undefined && cover !== null ? [cover] : [],
  );

/** Whether the member may decide anything in this inbox: a manager, the final manager, or the cover. */
export function isManagerOf(policy: Policy, memberId: MemberId, inboxId: InboxId): boolean {
  const inbox = inboxOf(policy, inboxId);
  if (policy.members.get(memberId)?.active !== true) return false;
  return [...inbox.managers, inbox.finalManager, inbox.finalManagerCover].includes(memberId);
}

/** Whether the member decides in any inbox. */
export const isManagerAnywhere = (policy: Policy, memberId: MemberId): boolean =>
  [...policy.inboxes.keys()].some((id) => isManagerOf(policy, memberId, id));

function inboxOf(policy: Policy, inboxId: InboxId): Inbox {
  const inbox = policy.inboxes.get(inboxId);
  if (inbox === undefined) throw new RangeError(`no inbox ${inboxId} in the policy`);
  return inbox;
}

/** Days since 1970-01-01 of the calendar date in that zone. */
export const localDay = (timeZone: string, at: Instant): number =>
  dayOf(
    Temporal.Instant.fromEpochMilliseconds(toMs(at)).toZonedDateTimeISO(timeZone).toPlainDate().toString(),
  );

/** The time of day there, `08:30`. */
const localTime = (timeZone: string, at: Instant): PlainTime =>
  Temporal.Instant.fromEpochMilliseconds(toMs(at))
    .toZonedDateTimeISO(timeZone)
    .toPlainTime()
    .toString({ smallestUnit: 'minute' });

const dayOf = (date: string): number => Math.round(Date.parse(`${date}T00:00:00Z`) / toMs(DAY));

/** `"Priya Raman" <priya@elm.example>.` as people paste it: an address in angle brackets counts alone. */
function bare(typed: string): string {
  const address = /<([^<>\s]{1,254}@[^<>\s]{1,254})>/.exec(typed)?.[1];
  return (address ?? typed)
    .replace(UNSEEN, '')
    .replace(/^[\s"'“”„‘’«»(@]{1,20}/u, '')
    .replace(/[\s"'“”„‘’«».,;:!?)]{1,20}$/u, '');
}

/**
 * Format characters, which copied text brings along and nobody sees. Letters of another script stay what they are:
 * a Cyrillic `а` never finds Sam.
 */
const UNSEEN = /\p{Cf}|\u034f|[\ufe00-\ufe0f]/gu;

/** Letters that Unicode does not take apart into a base and a mark. */
const LETTERS: Readonly<Record<string, string>> = {
  ß: 'ss',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  æ: 'ae',
  œ: 'oe',
  ı: 'i',
};

export const fold = (name: string): string =>
  name
    .toLowerCase()
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .replace(/[ßøłđæœı]/g, (letter) => LETTERS[letter] ?? letter)
    .replace(/\s+/gu, ' ')
    .trim();

/** Müller types himself Mueller where the keyboard has no ü. */
const UMLAUTS: Readonly<Record<string, string>> = { ä: 'ae', ö: 'oe', ü: 'ue' };
const spellOut = (name: string): string =>
  name
    .toLowerCase()
    .normalize('NFC')
    .replace(/[äöü]/g, (letter) => UMLAUTS[letter] ?? letter);

const settled = (member: Member): Set<string> => new Set([...member.addresses, ...member.aliases].map(fold));

function spoken(member: Member): Set<string> {
  const names = [member.name, spellOut(member.name)].map(fold);
  // Behind the first name comes "van der Berg" as well as "Berg".
  const parts = names.flatMap((name) => [
    name.split(' ')[0] ?? name,
    name.slice(name.indexOf(' ') + 1),
    name.slice(name.lastIndexOf(' ') + 1),
  ]);
  return new Set([fold(member.id), ...names, ...parts]);
}

function closest(active: readonly Member[], wanted: string): Member[] {
  if (wanted === '') return [];
  return active
    .map((member) => ({
      member,
      distance: Math.min(...[...spoken(member)].map((name) => unlike(name, wanted))),
    }))
    .filter(({ distance }) => distance <= Math.max(1, Math.floor(wanted.length / 3)))
    .sort((a, b) => a.distance - b.distance)
    .slice(0, CLOSEST_MAX)
    .map(({ member }) => member);
}

/** Half a step for the beginning of a name, otherwise the least number of letters to change (Levenshtein). */
function unlike(name: string, wanted: string): number {
  if (name.startsWith(wanted)) return 0.5;
  if (Math.abs(name.length - wanted.length) > TYPED_MAX / 3) return Number.POSITIVE_INFINITY;
  let row = Array.from({ length: wanted.length + 1 }, (_, index) => index);
  for (const [at, letter] of [...name].entries()) {
    const next = [at + 1];
    for (let j = 1; j <= wanted.length; j += 1) {
      const change = (row[j - 1] ?? 0) + (letter === wanted[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[wanted.length] ?? 0;
}
