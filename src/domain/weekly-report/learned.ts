/** What was learned, in a week: how often it chose who is asked, and what people then decided. */
import type { ConversationEvent } from '../conversation/events.ts';
import type { Instant } from '../instant.ts';
import { MODEL } from '../learning/authority.ts';
import { choiceOf, type Lowered } from '../learning/drift.ts';
import type { Policy } from '../policy.ts';

export type LearnedFacts = {
  /** Everything that happened to each request of the week of which a model was sure. */
  readonly requests: readonly (readonly ConversationEvent[])[];
  readonly lowered: Lowered | null;
  readonly failedAt: Instant | null;
};

export type LearnedWeek = {
  /** `suggest`: it was sure of them and chose nobody, as the configuration says. */
  readonly mode: 'assign' | 'suggest';
  readonly sure: number;
  readonly right: number;
  readonly wrong: number;
  /** Which choices it no longer makes because too many were wrong. */
  readonly lowered: Lowered | null;
  /** When it last was to learn anew and could not; null: it could. */
  readonly failedAt: Instant | null;
};

/** null: there is nothing to say of it. */
export function learnedWeek(facts: LearnedFacts, policy: Policy): LearnedWeek | null {
  const { requests, lowered, failedAt } = facts;
  const { mode } = policy.learning;
  if (mode === 'off' || policy.categories.size === 0) return null;
  const looked = requests.filter((events) => mode === 'suggest' || hasChosen(events));
  if (looked.length === 0 && lowered === null && failedAt === null) return null;
  const choices = looked.flatMap((events) => choiceOf(events, policy) ?? []);
  const right = choices.filter((choice) => choice.right).length;
  return { mode, sure: looked.length, right, wrong: choices.length - right, lowered, failedAt };
}

/** Of some mails it may be as sure as it likes: a rule decides, or the sender may be somebody else. */
const hasChosen = (events: readonly ConversationEvent[]): boolean =>
  events.some((event) => event.type === 'classified' && event.reason.code === MODEL);
