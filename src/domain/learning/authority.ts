/**
 * Who decides what a new request is about, and with it who is asked, where several could. In this order:
 *
 * - a rule that assigns: what a team has written down is no matter of probability;
 * - rules that name different people: nobody is chosen, the front desk decides, and is shown what was learned;
 * - a rule that only names a category of the configuration: who is configured for that is asked;
 * - who had the last request of the same customer, where the configuration puts them before the model;
 * - the model, where it is sure, may choose for such a mail, and the configuration lets it;
 * - who had the last request of the same customer, where the configuration asks them when the model is unsure;
 * - the front desk, which is shown the guesses.
 *
 * Whatever a mail says and a model answers, the outcome is somebody whom the configuration names, now: a category that
 * is gone, or is none of this inbox, decides nothing, and is looked up again when somebody is asked. A model makes a
 * request urgent only where it chooses, and only since a person configured that category as urgent.
 *
 * The reasons hold configured words and figures. The words of a mail that spoke for a guess are its customer's, and
 * stand where an erasure finds them (conversation_words).
 */
import type { Classification } from '../classify.ts';
import type { Classified } from '../conversation/events.ts';
import type { InboxId, MemberId } from '../ids.ts';
import type { Assign, Category, Policy, Priority } from '../policy.ts';
import { mention, type Reason } from '../reason.ts';
import { categoryIn } from './categories.ts';
import type { Guess, Proposal } from './proposal.ts';

export type Evidence = {
  readonly policy: Policy;
  readonly inboxId: InboxId;
  readonly ruled: Pick<Classification, 'category' | 'priority' | 'ruleId' | 'assign' | 'reason'>;
  /** null: no model was asked, or it had nothing to say. */
  readonly proposal: Proposal | null;
  /** Why what was learned may not choose for this mail, in words; null: it may. */
  readonly mayNot: string | null;
  /** Who had the last request of the customer, who is proved to be the same; null: nobody, or it was not asked. */
  readonly previousOwner: MemberId | null;
};

/** What the request is about and who said so; whom to ask follows from it, see `assignOf`. */
export function weigh(evidence: Evidence): Classified {
  const { policy, inboxId, ruled, previousOwner } = evidence;
  const { category, priority, ruleId, assign, reason } = ruled;
  const proposal = knownOf(evidence);
  const byRules = { category, priority, ruleId, reason, ...(proposal !== null && { proposal }) };
  if (assign !== null || reason.code === 'rules-tied') return byRules;
  const configured = categoryIn(policy, inboxId, category);
  if (configured !== null) return { ...byRules, ...ofRule(configured, ruled) };
  const sure = sureOf(evidence, proposal);
  const { previousOwner: when } = policy.learning;
  const isAsked = when === 'before-model' || (when === 'when-unsure' && sure === null);
  if (previousOwner !== null && isAsked && policy.members.get(previousOwner)?.active === true)
    return { ...byRules, previousOwner, reason: ofLastRequest(previousOwner) };
  if (sure !== null) return { ...byRules, ...ofModel(sure, ruled) };
  return proposal === null ? byRules : { ...byRules, reason: unsure(evidence, proposal) };
}

/** What is left of a proposal here: a model that was made before the configuration changed may name what is gone. */
function knownOf({ policy, inboxId, proposal }: Evidence): Proposal | null {
  if (proposal === null || policy.learning.mode === 'off') return null;
  const guesses = guessesIn(policy, inboxId, proposal.guesses);
  const [first] = guesses;
  if (first === undefined) return null;
  return {
    model: proposal.model,
    guesses,
    sure: proposal.sure && first.category === proposal.guesses[0]?.category,
  };
}

/** More say nothing to a person. */
const GUESSES_MAX = 3;
/** They are kept for good, and nobody reads more of them. */
const DIGITS = 10_000;

/** Those that are categories of this inbox now, each once, the most probable first. */
function guessesIn(policy: Policy, inboxId: InboxId, guesses: readonly Guess[]): readonly Guess[] {
  const known = new Map<string, Guess>();
  for (const { category, probability } of guesses) {
    const isOne = probability >= 0 && probability <= 1;
    if (isOne && categoryIn(policy, inboxId, category) !== null && !known.has(category))
      known.set(category, { category, probability: Math.round(probability * DIGITS) / DIGITS });
  }
  return [...known.values()].sort((a, b) => b.probability - a.probability).slice(0, GUESSES_MAX);
}

type Sure = { readonly category: Category; readonly probability: number };

function sureOf({ policy, inboxId, mayNot }: Evidence, proposal: Proposal | null): Sure | null {
  const [first] = proposal?.guesses ?? [];
  if (first === undefined || !proposal?.sure || mayNot !== null || policy.learning.mode !== 'assign')
    return null;
  const category = categoryIn(policy, inboxId, first.category);
  return category && { category, probability: first.probability };
}

const ofRule = ({ name, priority }: Category, ruled: Pick<Classified, 'priority' | 'reason'>) => ({
  priority: higher(ruled.priority, priority),
  reason: { code: OF_RULE, sentence: `${ruled.reason.sentence}, but its category ${name} does` },
});

const ofLastRequest = (owner: MemberId): Reason => ({
  code: 'previous-owner',
  sentence: `${mention(owner)} had the last request of the same customer`,
});

/** A rule's word for the request stands: ladders and reports of the team's go by it. */
const ofModel = ({ category, probability }: Sure, ruled: Pick<Classified, 'priority' | 'category'>) => ({
  category: ruled.category ?? category.id,
  priority: higher(ruled.priority, category.priority),
  reason: { code: MODEL, sentence: `it looks like ${category.name} (${percent(probability)} sure)` },
});

/** A rule that only categorises. */
const OF_RULE = 'category-of-rule';
/** What was learned chose who is asked. */
export const MODEL = 'model';

/** The guesses themselves stand where they can be answered. */
function unsure({ ruled: { ruleId, reason }, mayNot }: Evidence, { sure }: Proposal): Reason {
  const why = sure
    ? (mayNot ?? 'what was learned may only suggest, as the configuration says')
    : 'what was learned is not sure enough';
  return {
    code: sure ? 'model-suggests' : 'model-unsure',
    sentence: ruleId === null ? why : `${reason.sentence}, and ${why}`,
  };
}

/** `87 %`; never all or nothing, which no model knows. */
export const percent = (probability: number): string =>
  `${Math.min(99, Math.max(1, Math.round(probability * 100)))} %`;

const higher = (a: Priority, b: Priority): Priority =>
  a === 'urgent' || b === 'urgent' ? 'urgent' : 'normal';

/** What a member said that it is; see evolve.ts. */
export const CHOSEN: Reason = { code: 'chosen', sentence: 'a teammate said what it is' };

/** Whether it has those asked who are configured for the category. */
export const asksByCategory = ({ code }: Reason): boolean =>
  code === OF_RULE || code === MODEL || code === CHOSEN.code;

/** The category whose people are asked for it, as things stand now; null: none is. */
export function categoryAsked(
  policy: Policy,
  inboxId: InboxId,
  { category, reason, proposal }: Classified,
): Category | null {
  if (!asksByCategory(reason)) return null;
  return categoryIn(
    policy,
    inboxId,
    reason.code === MODEL ? (proposal?.guesses[0]?.category ?? null) : category,
  );
}

/**
 * Whom to ask first, as the configuration says at this moment: it may have changed since the mail was read. Null: the
 * front desk.
 */
export function assignOf(policy: Policy, inboxId: InboxId, classified: Classified | null): Assign | null {
  if (classified === null) return null;
  const { ruleId, previousOwner } = classified;
  const assign = policy.rules.find(({ id }) => id === ruleId)?.assign ?? null;
  if (assign !== null) return assign;
  if (previousOwner !== undefined) return { type: 'member', member: previousOwner };
  return categoryAsked(policy, inboxId, classified)?.assign ?? null;
}

/** What is less probable helps nobody to decide. */
export const CHOICE_MIN = 0.05;

/** What whoever is asked because nobody was found may answer with one word. */
export function choicesOf(policy: Policy, inboxId: InboxId, classified: Classified | null): readonly Guess[] {
  if (classified?.proposal === undefined || assignOf(policy, inboxId, classified) !== null) return [];
  const known = guessesIn(policy, inboxId, classified.proposal.guesses);
  return known.filter(({ probability }) => probability >= CHOICE_MIN);
}
