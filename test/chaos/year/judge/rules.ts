/**
 * What each clock is set to: one rule for every clock that Baton has. A clock without a rule does not compile, and one
 * that came by another way fails at the start.
 */
import type { ClockName } from '../../../../src/domain/conversation/running-clocks.ts';
import { type Duration, HOUR } from '../../../../src/domain/instant.ts';
import type { Wait } from '../../../../src/domain/ladder.ts';
import type { Priority } from '../../../../src/domain/policy.ts';
import { CLOCKS } from '../configure.ts';

export type ClockRule =
  /** A member said when. */
  | { readonly setBy: 'member' }
  /** So much working time of whoever it waits for, or of the inbox. */
  | {
      readonly setBy: 'rule';
      readonly hours: 'of-person' | 'of-inbox';
      /** Which spans it may have been set to; more than one where a ladder decides. */
      readonly spans: (about: About) => readonly Duration[];
      /** Urgent ones run on wall time. */
      readonly onWall: boolean;
    };

/** What a span hangs on. */
export type About = {
  readonly priority: Priority;
  readonly category: string | null;
  /** How long whoever is asked is waited for by the ladder that was chosen; null: as the clocks say. */
  readonly waits: readonly (Wait | null)[];
};

const ofPerson = (spans: (about: About) => readonly Duration[], onWall: boolean): ClockRule => ({
  ...{ setBy: 'rule', hours: 'of-person', spans, onWall },
});

const ofInbox = (span: (priority: Priority) => Duration): ClockRule => ({
  ...{ setBy: 'rule', hours: 'of-inbox', spans: ({ priority }) => [span(priority)], onWall: true },
});

/** By category, how long each rung of what is owned waits; the usual one has what the clocks say. */
const OwnedSpans: Readonly<Record<string, readonly Duration[]>> = { contract: [5 * HOUR, 7 * HOUR] };
const FirstSpans: Readonly<Record<string, Duration>> = { contract: 12 * HOUR };

const spansOf = (
  waits: About['waits'],
  usual: Duration,
  part: (spans: Duration[]) => Duration[],
): Duration[] =>
  waits.flatMap((wait) => {
    const spans = [...(wait?.reminders ?? []), wait?.last ?? null].map((span) => span ?? usual);
    return part(spans);
  });

const sum = (spans: readonly Duration[]): Duration => spans.reduce((all, span) => all + span, 0);

const ownedSpans = ({ category }: About): readonly Duration[] => OwnedSpans[category ?? ''] ?? [];

export const ClockRules: Readonly<Record<ClockName, ClockRule>> = {
  accept: ofPerson(
    ({ priority, waits }) => spansOf(waits, CLOCKS.accept[priority], (all) => [sum(all)]),
    true,
  ),
  handoff: ofPerson((about) => [CLOCKS.handoff[about.priority], ...ownedSpans(about)], true),
  // Each reminder comes after its own span and all before it.
  'ask-again': ofPerson(
    ({ priority, waits }) =>
      spansOf(waits, CLOCKS.accept[priority], (all) =>
        all.slice(0, -1).map((_, at) => sum(all.slice(0, at + 1))),
      ),
    true,
  ),
  'last-person': ofPerson(() => [CLOCKS.lastPersonReminder], false),
  progress: ofPerson(
    ({ priority, category }) => [FirstSpans[category ?? ''] ?? CLOCKS.progress[priority]],
    true,
  ),
  'answer-warning': ofInbox((priority) => CLOCKS.answer[priority] - CLOCKS.answerWarning[priority]),
  answer: ofInbox((priority) => CLOCKS.answer[priority]),
  snooze: { setBy: 'member' },
  due: { setBy: 'member' },
  help: ofPerson(() => [CLOCKS.help], false),
};

/** How long an owner who heard of their silence is waited for once more. */
export const OnceMore = ofPerson(
  (about) => [CLOCKS.progress[about.priority], CLOCKS.handoff[about.priority], ...ownedSpans(about)],
  true,
);
