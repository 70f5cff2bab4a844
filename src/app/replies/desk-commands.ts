/**
 * Commands about a member rather than a request: who is away and until when, and what is on their desk. They count in
 * answer to any mail of ours. Whoever goes away keeps what is theirs; what they are asked to take moves to others
 * (release-absent-members.ts), and whoever is to stand in is asked first.
 */
import { comeBack, goAway, type ToldAbsence } from '../../domain/absences.ts';
import type { Command } from '../../domain/command/command.ts';
import { WHEN_DAYS_MAX, type When } from '../../domain/command/when.ts';
import type { MemberId } from '../../domain/ids.ts';
import { DAY, type Instant } from '../../domain/instant.ts';
import type { Member } from '../../domain/policy.ts';
import type { Rejection } from '../../domain/rejections.ts';
import { isManagerAnywhere, resolveName } from '../../domain/roster.ts';
import { absenceAt } from '../../domain/working-time.ts';
import { absenceTold, coverAsked, type Occasion } from '../absence-notices.ts';
import type { ReplyWork } from './reply-work.ts';
import { instantOf, notOne } from './request-commands.ts';

export type DeskCommand = Command & { readonly verb: 'away' | 'back' | 'mine' | 'status' | 'help' };

const DeskVerbs: Readonly<Record<DeskCommand['verb'], true>> = {
  away: true,
  back: true,
  mine: true,
  status: true,
  help: true,
};

export const isAboutDesk = (command: Command): command is DeskCommand =>
  Object.hasOwn(DeskVerbs, command.verb);

export async function carryOutAtDesk(work: ReplyWork, command: DeskCommand): Promise<void> {
  switch (command.verb) {
    case 'away':
      return away(work, command);
    case 'back':
      return back(work, command.who);
    case 'status':
      // Of no request in particular: what the writer has.
      return work.succeed(work.state === null ? 'mine' : 'status');
    case 'mine':
    case 'help':
      return work.succeed(command.verb);
    default:
      return command satisfies never;
  }
}

async function away(work: ReplyWork, command: Command & { readonly verb: 'away' }): Promise<void> {
  const { reply, tx, now } = work.given;
  const member = whose(work, command.who);
  if ('code' in member) return work.refuse('away', member);
  const span = spanOf(work, command, member);
  if ('code' in span) return work.refuse('away', span);
  const { from, until } = span;
  const cover = command.cover === null ? null : coverOf(work, command.cover, member.id, from ?? now);
  const named = typeof cover === 'string' ? cover : null;
  const known = await toldOf(work, member.id);
  const going = { member: member.id, from, until, cover: named, by: reply.member };
  const gone = goAway(known, going, now, await tx.reserveAbsence());
  if (gone === null) work.refuse('away', { code: 'already-away', until });
  else {
    const { absence, ended, was, ask } = gone;
    for (const one of [...ended, absence]) work.absences.set(one.id, one);
    work.succeed('away', {
      to: member.id,
      at: until,
      ...(absence.from > now && { from: absence.from }),
      ...(was !== null && { was: was.until }),
      ...(was !== null && was.from > now && { wasFrom: was.from }),
      // Who has agreed already, the policy says.
      ...(absence.cover?.answer === 'asked' && { cover: absence.cover.member }),
    });
    if (ask !== null) work.notices.push(coverAsked(occasionOf(work), ask, absence));
    tellAbsent(work, absence);
  }
  // They are away all the same; only nobody new was asked to stand in.
  if (cover !== null && typeof cover !== 'string') work.refuse('away', cover);
}

async function back(work: ReplyWork, who: string | null): Promise<void> {
  const { now } = work.given;
  const member = whose(work, who);
  if ('code' in member) return work.refuse('back', member);
  const { ended, coming } = comeBack(await toldOf(work, member.id), now);
  const configured = configuredAbsence(work, member.id);
  const [next] = coming;
  const last = ended.at(-1);
  if (last === undefined) {
    const until = configured?.until;
    return work.refuse('back', until === undefined ? { code: 'not-away' } : { code: 'away-by-plan', until });
  }
  for (const one of ended) work.absences.set(one.id, one);
  work.succeed('back', {
    to: member.id,
    was: last.until,
    ...(last.from > now && { wasFrom: last.from }),
    ...(next !== undefined && { coming: { from: next.from, until: next.until } }),
    // What the configuration says stays: no mail changes it.
    ...(configured !== null && { at: configured.until }),
  });
  tellAbsent(work, last);
}

type Span = { readonly from: Instant | null; readonly until: Instant };

/** A beginning that is over already means now: "away from today until Friday". */
function spanOf(
  work: ReplyWork,
  { from: begins, until: ends, through }: Command & { readonly verb: 'away' },
  member: Member,
): Span | Rejection {
  const { now } = work.given;
  const edge = through === true ? 'end' : 'start';
  if (begins === undefined) {
    const until = instantOf(now, ends, member, edge);
    return typeof until === 'number' ? { from: null, until } : until;
  }
  const begin = instantOf(now, begins, member, 'start');
  if (typeof begin !== 'number' && begin.code !== 'time-past') return begin;
  const from = typeof begin === 'number' ? begin : null;
  // "Monday to Wednesday" is the Wednesday behind that Monday, and "tomorrow" is the day after today.
  const until = instantOf(countsFromBeginning(ends) ? (from ?? now) : now, ends, member, edge);
  if (typeof until !== 'number') return until.code === 'time-past' ? { code: 'ends-before' } : until;
  if (until <= (from ?? now)) return { code: 'ends-before' };
  return until > now + WHEN_DAYS_MAX * DAY ? { code: 'time-too-far' } : { from, until };
}

const countsFromBeginning = (when: When): boolean =>
  when.type === 'date' &&
  ((when.day.type === 'weekday' && !when.day.next) ||
    (when.day.type === 'calendar' && when.day.year === null));

/** Who is meant: the writer, or for managers anybody. */
function whose(work: ReplyWork, name: string | null): Member | Rejection {
  const { policy } = work.given;
  const writer = work.writer();
  if (name === null) return writer;
  const found = resolveName(policy, name);
  if (found.type === 'one' && found.member.id === writer.id) return writer;
  if (!isManagerAnywhere(policy, writer.id)) return { code: 'managers-only' };
  return found.type === 'one' ? found.member : notOne(found);
}

function coverOf(work: ReplyWork, name: string, absent: MemberId, from: Instant): MemberId | Rejection {
  const { policy } = work.given;
  const found = resolveName(policy, name);
  if (found.type !== 'one') return notOne(found);
  const { id, schedule } = found.member;
  if (id === absent) return { code: 'handoff-to-self' };
  const absence = absenceAt(schedule, from);
  return absence === null ? id : { code: 'cover-is-away', member: id, until: absence.until };
}

/** The member's told absences that are not over, with what earlier lines of the same mail made of them. */
async function toldOf(work: ReplyWork, member: MemberId): Promise<ToldAbsence[]> {
  const stored = await work.given.tx.lockAbsences();
  const all = new Map([...stored.map((one) => [one.id, one] as const), ...work.absences]);
  return [...all.values()].filter((one) => one.member === member && one.endedAt === null);
}

/** The absence that somebody wrote into the configuration, if it is one of now. */
function configuredAbsence(work: ReplyWork, member: MemberId) {
  const { deps, now } = work.given;
  const configured = deps.policy().members.get(member);
  return configured === undefined ? null : absenceAt(configured.schedule, now);
}

function tellAbsent(work: ReplyWork, absence: ToldAbsence): void {
  const { member: by } = work.given.reply;
  if (absence.member !== by) work.notices.push(absenceTold(occasionOf(work), by, absence));
}

const occasionOf = ({ given: { reply } }: ReplyWork): Occasion => ({
  inboxId: reply.inboxId,
  key: reply.key,
});
