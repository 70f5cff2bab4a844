/** Whether nobody was asked who is away while another was left, and somebody in the team answered at every instant. */
import type { ConversationEvent } from '../../../../src/domain/conversation/events.ts';
import type { MemberId } from '../../../../src/domain/ids.ts';
import { type Instant, toIso } from '../../../../src/domain/instant.ts';
import { FINAL } from '../configure.ts';
import type { ConversationRecord } from '../record.ts';
import type { Fault } from './fault.ts';
import { type Known, STEP_MAX } from './known.ts';

type Asked = { readonly to: MemberId; readonly from: ConversationEvent; readonly isLast: boolean };

/** Each question to somebody, from the event that put it to the one that ended it. */
export function judgeQuestions(known: Known, { id, events }: ConversationRecord): Fault[] {
  const faults: Fault[] = [];
  let chain: readonly MemberId[] = [];
  let open: Asked | null = null;
  const asked = new Set<MemberId>();
  const end = (at: Instant): void => {
    if (open !== null) faults.push(...stayedWithAbsent(known, id, open, at));
    open = null;
  };
  for (const event of events) {
    if (event.type === 'routed') chain = event.chain;
    if (event.type === 'reopened') asked.clear();
    if (event.type === 'offered') {
      // What somebody owns climbs a ladder of its own, at whose end are the same.
      const others = event.kind === 'handoff' ? [] : chain.filter((one) => !asked.has(one));
      const left = [...others, ...FINAL].filter((one) => one !== event.to);
      if (!known.isHere(event.to, event.at) && left.some((one) => known.isHere(one, event.at)))
        faults.push(onAbsent(known, id, event, event.to));
      asked.add(event.to);
      open = { to: event.to, from: event, isLast: event.acceptBy === null };
    }
    if (event.type === 'help-asked' && event.of.type === 'member' && !known.isHere(event.of.member, event.at))
      faults.push(onAbsent(known, id, event, event.of.member));
    if (Ends.has(event.type)) end(event.at);
  }
  end(known.plan.end);
  return faults;
}

const Ends = new Set<ConversationEvent['type']>([
  ...(['accepted', 'declined', 'lapsed', 'withdrawn', 'unreachable', 'done'] as const),
]);

const onAbsent = (known: Known, id: number, { seq, type, at }: ConversationEvent, to: MemberId): Fault => ({
  what: 'rung-on-absent',
  where: `request ${id}, event ${seq}`,
  detail: `${type} to ${to} at ${toIso(at)}, away ${known
    .awayOf(to, at)
    .map(({ from, until }) => `${toIso(from)} to ${toIso(until)}`)
    .join(', ')}`,
});

/** Whoever goes away is asked no longer from the next tick on, unless nobody else is left who could decide. */
function stayedWithAbsent(known: Known, id: number, { to, from, isLast }: Asked, until: Instant): Fault[] {
  for (const absence of known.absencesOf(to)) {
    const learnt = Math.max(from.at, absence.from, absence.since);
    const over = Math.min(until, absence.until, absence.replacedAt ?? until);
    if (learnt >= over) continue;
    const tick = known.tickFor(learnt);
    // Of the last who are asked somebody else has to be here.
    const mayMove = !isLast || FINAL.some((one) => one !== to && known.isHere(one, tick));
    const stayed = over > tick + STEP_MAX;
    if (stayed && mayMove) {
      const detail = `asked ${to} at ${toIso(from.at)}, who is away from ${toIso(learnt)}; it stayed until ${toIso(until)}`;
      return [{ what: 'left-with-absent', where: `request ${id}, event ${from.seq}`, detail }];
    }
  }
  return [];
}

/** The ledger tiles all time from the first mail on, says what the events say, and names nobody who has left. */
export function judgeLedger(known: Known, { id, storedAt, events, ledger }: ConversationRecord): Fault[] {
  const faults: Fault[] = [];
  const fault = (detail: string): void =>
    void faults.push({ what: 'unaccountable', where: `request ${id}`, detail });
  if (ledger[0]?.fromAt !== storedAt)
    fault(`its ledger does not begin at ${toIso(storedAt)}, when its mail came`);
  for (const [index, row] of ledger.entries()) {
    const next = ledger[index + 1];
    if (next === undefined ? row.untilAt !== null : row.untilAt !== next.fromAt)
      fault(`its ledger has a gap or an overlap after ${toIso(row.fromAt)}`);
    if (row.untilAt !== null && row.untilAt <= row.fromAt)
      fault(`a row of its ledger lasts no time: ${toIso(row.fromAt)}`);
    faults.push(...leftTheTeam(known, id, row, row.untilAt ?? known.plan.end));
  }
  const said = whoAnswers(events);
  for (const [at, member] of said) {
    const row = ledger.find(({ fromAt, untilAt }) => fromAt <= at && (untilAt === null || at < untilAt));
    if (row === undefined || row.member !== member)
      fault(`at ${toIso(at)} its events name ${member}, its ledger ${row?.member ?? 'no row'}`);
  }
  return faults;
}

function leftTheTeam(
  known: Known,
  id: number,
  { member, fromAt }: ConversationRecord['ledger'][number],
  until: Instant,
): Fault[] {
  if (member === null) return [];
  const { leavesAt, joinsAt } = known.person(member);
  const where = `request ${id}`;
  const isBefore = fromAt < joinsAt;
  const isAfter = leavesAt !== null && until > known.tickFor(leavesAt) + STEP_MAX;
  if (!isBefore && !isAfter) return [];
  const detail = `${member} answers for it from ${toIso(fromAt)} to ${toIso(until)} and is not in the team all the time`;
  return [{ what: 'unaccountable', where, detail }];
}

/** Who answers from each instant on, as the events say; null: it is done. */
function whoAnswers(events: readonly ConversationEvent[]): [Instant, MemberId | null][] {
  const said: [Instant, MemberId | null][] = [];
  for (const event of events) {
    if (event.type === 'arrived' || event.type === 'reopened') said.push([event.at, event.accountable]);
    if (event.type === 'accepted') said.push([event.at, event.by]);
    if (event.type === 'accountability-moved') said.push([event.at, event.to]);
    if (event.type === 'done') said.push([event.at, null]);
  }
  return said;
}
