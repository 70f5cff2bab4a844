/**
 * Whether what people decided bears out what a model was sure of. Where too many of its choices were wrong it makes them
 * no longer, and the front desk is shown its guesses instead. It makes them again with a model that kept within the
 * allowance on decisions that no training has seen, or when a person says so: that nobody objects any more to choices
 * which are no longer made proves nothing.
 */
import type { ConversationEvent } from '../conversation/events.ts';
import type { CategoryId } from '../ids.ts';
import { DAY, type Duration, type Instant } from '../instant.ts';
import type { Policy } from '../policy.ts';
import { chanceOfSoMany } from './binomial.ts';
import { outcomeOf } from './decided.ts';

/** How far back is looked: long enough to count, short enough to be about now. */
export const DRIFT_SPAN: Duration = 28 * DAY;

/** Fewer decide nothing, however they went: a customer with one odd matter writes three mails. */
const DRIFT_FEWEST = 8;

/**
 * So improbable must it be that a model within its allowance had so many wrong. Looked at every day over the same four
 * weeks, one in a hundred is a false alarm in a few years; what it costs then is a look of the front desk.
 */
const DOUBT = 0.01;

/** What a model was sure of, and what became of it. */
export type SureChoice = { readonly category: CategoryId; readonly right: boolean };

export type Counts = { readonly right: number; readonly wrong: number };

export type Drift = {
  readonly all: Counts;
  /** The most wrong first. */
  readonly categories: readonly ({ readonly category: CategoryId } & Counts)[];
};

export type Lowered = {
  readonly since: Instant;
  /** null: none of its choices is made any more; else those of these categories are not. */
  readonly categories: readonly CategoryId[] | null;
  /** Of the choices that no longer are made. */
  readonly counts: Counts;
};

/** null: nothing was proposed, it was not sure, or nobody has decided yet. */
export function choiceOf(events: readonly ConversationEvent[], policy: Policy): SureChoice | null {
  const classified = events.find((event) => event.type === 'classified');
  const proposal = classified?.proposal;
  const category = proposal?.guesses[0]?.category;
  if (proposal === undefined || category === undefined || !proposal.sure) return null;
  const outcome = outcomeOf(events, policy);
  switch (outcome.type) {
    case 'decided':
      return { category, right: outcome.category === category };
    case 'denied':
      return { category, right: false };
    case 'undecided':
      return null;
    default:
      return outcome satisfies never;
  }
}

export function driftOf(choices: readonly SureChoice[]): Drift {
  const categories = [...Map.groupBy(choices, ({ category }) => category)]
    .map(([category, ofOne]) => ({ category, ...countsOf(ofOne) }))
    .sort((a, b) => b.wrong - a.wrong || (a.category < b.category ? -1 : 1));
  return { all: countsOf(choices), categories };
}

function countsOf(choices: readonly SureChoice[]): Counts {
  const right = choices.filter((choice) => choice.right).length;
  return { right, wrong: choices.length - right };
}

/** Whether so many were wrong that it cannot well be chance. */
export const isBelow = ({ right, wrong }: Counts, wrongAtMost: number): boolean =>
  right + wrong >= DRIFT_FEWEST && chanceOfSoMany(wrong, right + wrong, wrongAtMost) < DOUBT;

/** Whether enough were looked at, and no more than allowed were wrong. */
export const isWithin = ({ right, wrong }: Counts, wrongAtMost: number): boolean =>
  right + wrong >= DRIFT_FEWEST && wrong <= wrongAtMost * (right + wrong);

/** Of a category that is gone there is nothing to choose, and nothing to tell. */
export function withoutGone(lowered: Lowered | null, { categories: known }: Policy): Lowered | null {
  const before = lowered?.categories ?? null;
  if (lowered === null || before === null) return lowered;
  return withCategories(
    lowered,
    before,
    before.filter((id) => known.has(id)),
  );
}

/** What is no longer chosen from now on; what was not before stays so. */
export function lower(
  before: Lowered | null,
  drift: Drift,
  wrongAtMost: number,
  now: Instant,
): Lowered | null {
  if (before?.categories === null) return before;
  const known = before?.categories ?? [];
  // What is chosen no more says nothing of what still is.
  const chosen = drift.categories.filter(({ category }) => !known.includes(category));
  const all = together(chosen);
  if (isBelow(all, wrongAtMost)) return { since: now, categories: null, counts: all };
  const more = chosen.filter((one) => isBelow(one, wrongAtMost));
  if (more.length === 0) return before;
  const counts = together(before === null ? more : [before.counts, ...more]);
  return { since: now, categories: [...known, ...more.map(({ category }) => category)].sort(), counts };
}

const together = (all: readonly Counts[]): Counts => ({
  right: all.reduce((sum, { right }) => sum + right, 0),
  wrong: all.reduce((sum, { wrong }) => sum + wrong, 0),
});

/** What is still not chosen with a new model that did so on decisions which no training had seen since then. */
export function raise(before: Lowered, heldBack: Drift, wrongAtMost: number): Lowered | null {
  if (before.categories === null) return isWithin(heldBack.all, wrongAtMost) ? null : before;
  const left = before.categories.filter((id) => {
    const counts = heldBack.categories.find(({ category }) => category === id);
    return counts === undefined || !isWithin(counts, wrongAtMost);
  });
  return withCategories(before, before.categories, left);
}

/** The same value where nothing has changed, which says so. */
function withCategories(
  lowered: Lowered,
  before: readonly CategoryId[],
  left: readonly CategoryId[],
): Lowered | null {
  if (left.length === before.length) return lowered;
  return left.length === 0 ? null : { ...lowered, categories: left };
}

/** Whether a choice of this category is made. */
export const isLowered = (lowered: Lowered | null, category: CategoryId): boolean =>
  lowered !== null && (lowered.categories === null || lowered.categories.includes(category));
