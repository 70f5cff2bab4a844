/** Whether every clock was set to the right time, and fired once, then, and not before. */
import { ClockNames } from '../../../../src/domain/conversation/running-clocks.ts';
import { type Duration, type Instant, toIso } from '../../../../src/domain/instant.ts';
import type { ConversationRecord } from '../record.ts';
import { readBook } from './book.ts';
import type { Fault, FaultCode } from './fault.ts';
import { type Known, STEP_MAX } from './known.ts';
import type { Setting } from './page.ts';
import { type ClockRule, ClockRules } from './rules.ts';

export type JudgedClocks = { readonly settings: readonly Setting[]; readonly faults: readonly Fault[] };

export function judgeClocks(known: Known, conversations: readonly ConversationRecord[]): JudgedClocks {
  const without = ClockNames.filter((name) => !Object.hasOwn(ClockRules, name));
  if (without.length > 0) throw new Error(`the judge knows no rule for these clocks: ${without.join(', ')}`);
  const settings: Setting[] = [];
  const faults: Fault[] = [];
  for (const conversation of conversations) {
    const book = readBook(conversation);
    settings.push(...book.settings);
    faults.push(...book.faults, ...book.settings.flatMap((setting) => judgeOne(known, setting)));
    faults.push(...asTold(conversation, book.settings));
  }
  return { settings, faults };
}

function judgeOne(known: Known, setting: Setting): Fault[] {
  const { due, ended } = setting;
  const faults: Fault[] = [];
  const fault = (what: FaultCode, detail: string): void => {
    const where = `request ${setting.request}, ${setting.clock} set by event ${setting.seq}`;
    faults.push({ what, where, detail: `${detail}; due ${toIso(due)}` });
  };
  const knownAt = Math.min(setting.setAt, setting.from ?? setting.setAt);
  const rightly = expectedFor(known, setting, knownAt);
  const isRight = (instants: readonly Instant[]): boolean =>
    instants.some((at) => Math.abs(at - due) <= STEP_MAX);
  // What was told of an absence within the same instant may have been read a moment later.
  if (
    rightly.length > 0 &&
    !isRight(rightly) &&
    !isRight(expectedFor(known, setting, knownAt - 2 * STEP_MAX))
  )
    fault('wrong-due', `should be ${toIso(rightly[0] ?? 0)}, set ${toIso(setting.setAt)}`);
  const tick = known.tickFor(Math.max(due, setting.setAt));
  if (ended === null) {
    if (tick < known.plan.end) fault('missed', 'never fired');
    return faults;
  }
  if (ended.how === 'fired' && ended.at < due) fault('early', `fired ${toIso(ended.at)}`);
  if (ended.at > tick + STEP_MAX)
    fault(ended.how === 'fired' ? 'late' : 'missed', `${ended.how} ${toIso(ended.at)}`);
  return faults;
}

/**
 * The instants to which its rules may set it, counted from each instant that its step may have taken for now; none: a
 * person said when.
 */
function expectedFor(known: Known, setting: Setting, at: Instant): Instant[] {
  const { about, setAt, from } = setting;
  const rules = setting.rules ?? [ClockRules[setting.clock]];
  const begun = from ?? setAt;
  const froms = [begun, begun - 1, Math.floor(begun / STEP_MAX) * STEP_MAX];
  return froms.flatMap((begin) =>
    rules.flatMap((rule) =>
      rule.setBy === 'member'
        ? []
        : rule.spans(about).map((span) => endOf(known, setting, at, rule, begin, span)),
    ),
  );
}

/** As far as Baton can tell at `at`. */
function endOf(
  known: Known,
  { clock, request, person, inbox, about }: Setting,
  at: Instant,
  { hours, onWall }: ClockRule & { readonly setBy: 'rule' },
  from: Instant,
  span: Duration,
): Instant {
  if (onWall && about.priority === 'urgent') return from + span;
  if (hours === 'of-inbox') return known.inHoursOfInbox(inbox, from, span);
  if (person === null) throw new Error(`${clock} of request ${request} waits for nobody`);
  return known.inHoursOf(person, at, from, span);
}

/** What Baton says is running must be what the events have set. */
function asTold({ id, running }: ConversationRecord, settings: readonly Setting[]): Fault[] {
  const open = settings.filter(({ ended }) => ended === null);
  const isWarned = !open.some(({ clock }) => clock === 'answer-warning');
  const ours = open
    // The time of an answer counts once the warning of it is over.
    .filter(({ clock }) => clock !== 'answer' || isWarned)
    .map(({ clock, due }) => `${clock} ${toIso(due)}`)
    .sort();
  const theirs = running.map(({ clock, at }) => `${clock} ${toIso(at)}`).sort();
  if (ours.join() === theirs.join()) return [];
  const detail = `Baton says [${theirs.join(', ')}], its events say [${ours.join(', ')}]`;
  return [{ what: 'not-as-told', where: `request ${id}`, detail }];
}
