/** What Baton could know at an instant, and when it could act: from the plan and from what members told. */
import type { MemberId } from '../../../../src/domain/ids.ts';
import type { Duration, Instant } from '../../../../src/domain/instant.ts';
import { OPENING } from '../configure.ts';
import { TICK } from '../office.ts';
import { hoursAt, isDown, isInTeam, type Person, type YearPlan } from '../plan.ts';
import type { ToldRecord, YearRecord } from '../record.ts';
import type { Oracle, Span } from '../wall-clock.ts';

export type Known = {
  readonly plan: YearPlan;
  person(id: MemberId): Person;
  /** In the team, and not away as far as Baton knows. */
  isHere(id: MemberId, at: Instant): boolean;
  awayOf(id: MemberId, at: Instant): readonly Span[];
  /** Every span in which they are away, with the instant at which Baton learns of it and for how long that holds. */
  absencesOf(id: MemberId): readonly KnownAbsence[];
  /** The tick at which what is due then must be seen to. */
  tickFor(due: Instant): Instant;
  /** When so much of a member's working time has passed since `from`, as far as Baton can tell at `at`. */
  inHoursOf(id: MemberId, at: Instant, from: Instant, amount: Duration): Instant;
  inHoursOfInbox(inbox: string, from: Instant, amount: Duration): Instant;
};

export type KnownAbsence = Span & { readonly since: Instant; readonly replacedAt: Instant | null };

/** Events of one step are a microsecond apart, and none has so many. */
export const STEP_MAX: Duration = 1_000;

export function knowing(plan: YearPlan, { told }: Pick<YearRecord, 'told'>, oracle: Oracle): Known {
  const people = new Map(plan.people.map((person) => [person.id, person]));
  const toldBy = Map.groupBy(told, ({ member }) => member);
  const absences = new Map<MemberId, readonly KnownAbsence[]>();

  function person(id: MemberId): Person {
    const found = people.get(id);
    if (found === undefined) throw new Error(`nobody in the plan is called ${id}`);
    return found;
  }

  function absencesOf(id: MemberId): readonly KnownAbsence[] {
    const made = absences.get(id) ?? allAbsences(person(id), toldBy.get(id) ?? []);
    absences.set(id, made);
    return made;
  }

  const awayOf = (id: MemberId, at: Instant): Span[] =>
    absencesOf(id).filter(({ since, replacedAt }) => since <= at && (replacedAt === null || at < replacedAt));

  return {
    plan,
    person,
    awayOf,
    absencesOf,
    tickFor: (due) => tickAfterDue(plan, due),
    isHere: (id, at) =>
      isInTeam(person(id), at) &&
      // What was told within the same instant may have been read a moment later.
      ![awayOf(id, at), awayOf(id, at - 2 * STEP_MAX)].every((away) =>
        away.some((span) => isWithin(span, at)),
      ),
    inHoursOf(id, at, from, amount) {
      // Whoever has left works no more, and what waits for them goes on all the same.
      if (!isInTeam(person(id), at)) return from + amount;
      return oracle.after(hoursAt(person(id), at), awayOf(id, at), from, amount);
    },
    inHoursOfInbox(inbox, from, amount) {
      const hours = OPENING[inbox as keyof typeof OPENING];
      if (hours === undefined) throw new Error(`no inbox is called ${inbox}`);
      return oracle.after(hours, [], from, amount);
    },
  };
}

/** The first tick at or after this while the clock of Baton runs. */
export function tickAfterDue(plan: YearPlan, due: Instant): Instant {
  const tick = Math.ceil(due / TICK) * TICK;
  const outage = isDown(plan, tick, ['all', 'clock']);
  return outage === null ? tick : tickAfterDue(plan, outage.until);
}

const isWithin = ({ from, until }: Span, at: Instant): boolean => from <= at && at < until;

function allAbsences({ away }: Person, told: readonly ToldRecord[]): KnownAbsence[] {
  return [
    ...away
      .filter(({ how }) => how === 'configured')
      .map(({ from, until }) => ({ from, until, since: 0, replacedAt: null })),
    ...told.map(({ from, until, since, replacedAt }) => ({ from, until, since, replacedAt })),
  ];
}
