/**
 * What a request turned out to be about, read off what people did with it. Pure, from events alone, so that it can be
 * told anew at any time; what nobody decided is told as such and never guessed.
 *
 * - A choice that somebody made in a word (`categorised`) wins over whatever else was done.
 * - Who accepts confirms what the request was taken for, if they are asked for that category, or for the rule that chose.
 * - Who was handed it by a colleague, or takes it, and is asked for just one category that whoever had it is not asked
 *   for, corrects it. Where that would be several, nothing is known, except that the first was wrong.
 * - A decline that names what it is instead corrects it, once somebody has taken the request.
 * - What is handed on after the customer had an answer is a next step of the work, and corrects nothing: the repair is
 *   done, billing writes the invoice, and the mail was about a repair.
 * - What nothing spoke for, and somebody who is asked for no category kept and finished, is of none of them. Without such
 *   mails nobody knows how those look that belong nowhere; and where somebody only helped out, it makes a model less
 *   sure, which costs a minute.
 * - Nothing is known of spam, and of what became a part of another request: who marks spam says that it is unwanted, not
 *   that its words fit nothing. Phishing is written in the words of what it imitates, and learned as "none of them" it
 *   would teach that an invoice is none.
 */
import type { Classified, ConversationEvent } from '../conversation/events.ts';
import type { CategoryId, ConversationId, InboxId, MemberId, MessageId } from '../ids.ts';
import type { Instant } from '../instant.ts';
import type { Assign, Policy } from '../policy.ts';
import { categoryAsked } from './authority.ts';
import { categoriesOf } from './categories.ts';
import type { SenderKnown } from './learnable.ts';

export type Outcome =
  | {
      readonly type: 'decided';
      /** null: none of them. */
      readonly category: CategoryId | null;
      readonly why: DecidedWhy;
      readonly at: Instant;
    }
  /** What it was taken for is not what it was, and nobody said what it was. */
  | { readonly type: 'denied'; readonly at: Instant }
  | { readonly type: 'undecided' };

/**
 * `chosen`: in a word; `accepted`: as it was taken for; `handed-over`, `taken`: by whoever has it now; `declined-for`;
 * `kept`: by somebody who is asked for none.
 */
export type DecidedWhy = 'chosen' | 'accepted' | 'handed-over' | 'taken' | 'declined-for' | 'kept';

export type DecidedExample = {
  readonly conversationId: ConversationId;
  readonly messageId: MessageId;
  readonly category: CategoryId | null;
  readonly why: DecidedWhy;
  readonly decidedAt: Instant;
  readonly senderKnown: SenderKnown;
};

type Claim = Exclude<Outcome, { type: 'undecided' }>;

type Story = {
  readonly inboxId: InboxId;
  /** The categories of its inbox. */
  readonly known: ReadonlySet<CategoryId>;
  /** What it is taken for at the moment. */
  readonly said: CategoryId | null;
  readonly ruleId: string | null;
  /** Asked since they had the last request of the same customer, which says nothing of this one. */
  readonly previousOwner: MemberId | null;
  readonly owner: MemberId | null;
  /** The open question: to whom, and which member asked it. */
  readonly asked: { readonly to: MemberId; readonly by: MemberId | null } | null;
  /** Whether its owner has answered the customer. */
  readonly answered: boolean;
  readonly taken: boolean;
  readonly claim: Claim | null;
  readonly voided: boolean;
};

const Beginning: Story = {
  inboxId: '',
  known: new Set(),
  said: null,
  ruleId: null,
  previousOwner: null,
  owner: null,
  asked: null,
  answered: false,
  taken: false,
  claim: null,
  voided: false,
};

/** What its categories and rules mean is read from the policy as it is now. */
export function outcomeOf(events: readonly ConversationEvent[], policy: Policy): Outcome {
  const { claim, taken, voided } = events.reduce((story, event) => told(story, event, policy), Beginning);
  if (voided || claim === null) return { type: 'undecided' };
  const isChosen = claim.type === 'decided' && claim.why === 'chosen';
  return isChosen || taken ? claim : { type: 'undecided' };
}

function told(story: Story, event: ConversationEvent, policy: Policy): Story {
  switch (event.type) {
    case 'arrived': {
      const { inboxId } = event;
      return { ...story, inboxId, known: new Set(categoriesOf(policy, inboxId).map(({ id }) => id)) };
    }
    case 'classified': {
      const { ruleId, previousOwner = null } = event;
      return { ...story, said: takenFor(story, event, policy), ruleId, previousOwner };
    }
    case 'categorised':
      return categorised(story, event.category, event.at);
    case 'offered':
      return { ...story, asked: { to: event.to, by: event.by } };
    case 'declined':
      return declined({ ...story, asked: null }, event.category ?? null, event.at);
    case 'lapsed':
    case 'withdrawn':
    case 'unreachable':
      return { ...story, asked: null };
    case 'accepted':
      return accepted(story, event, policy);
    case 'accountability-moved':
      return { ...story, owner: null };
    case 'replied':
    case 'answered-directly':
      return story.owner === null ? story : { ...story, answered: true };
    case 'done':
      return event.as === 'finished' ? finished(story, event.at, policy) : { ...story, voided: true };
    case 'reopened':
      return { ...story, owner: event.owner, voided: false };
    default:
      return story;
  }
}

/** What is asked for, or else its rule's word where that is one of the categories. */
const takenFor = (story: Story, classified: Classified, policy: Policy): CategoryId | null =>
  categoryAsked(policy, story.inboxId, classified)?.id ?? knownOrNull(story, classified.category);

const knownOrNull = ({ known }: Story, category: string | null): CategoryId | null =>
  category !== null && known.has(category) ? category : null;

const isChosen = ({ claim }: Story): boolean => claim?.type === 'decided' && claim.why === 'chosen';

function categorised(story: Story, category: CategoryId | null, at: Instant): Story {
  // A category that is no longer configured cannot be learned.
  if (category !== null && !story.known.has(category)) return { ...story, said: null, claim: null };
  return { ...story, said: category, claim: { type: 'decided', category, why: 'chosen', at } };
}

function declined(story: Story, named: CategoryId | null, at: Instant): Story {
  const category = knownOrNull(story, named);
  // What is owned is what its owner says: whoever is offered it as a next step of the work sees that step alone.
  if (story.owner !== null || category === null || category === story.said || isChosen(story)) return story;
  return { ...story, said: category, claim: { type: 'decided', category, why: 'declined-for', at } };
}

function accepted(story: Story, { by, at }: ConversationEvent & { type: 'accepted' }, policy: Policy): Story {
  const { owner, asked, said, ruleId } = story;
  const next: Story = { ...story, owner: by, asked: null, taken: true };
  if (isChosen(story) || (owner !== null && story.answered)) return next;
  if (by === story.previousOwner) return next;
  if (said !== null && (isAskedFor(policy, said, by) || isOfRule(policy, ruleId, by))) {
    const { claim } = story;
    const isCorrected = claim?.type === 'decided' && claim.category === said;
    return { ...next, claim: isCorrected ? claim : { type: 'decided', category: said, why: 'accepted', at } };
  }
  const isAsked = asked?.to === by;
  // Asked by a clock, or for want of others: that they said yes tells nothing of what it is.
  if (isAsked && asked.by === null) return next;
  const before = owner ?? asked?.by ?? null;
  const meant = [...story.known].filter(
    (id) => isAskedFor(policy, id, by) && (before === null || !isAskedFor(policy, id, before)),
  );
  const [category] = meant;
  if (category !== undefined && meant.length === 1) {
    return {
      ...next,
      said: category,
      claim: { type: 'decided', category, why: isAsked ? 'handed-over' : 'taken', at },
    };
  }
  // Whoever takes it unasked may only help out.
  if (!isAsked) return next;
  return { ...next, claim: said === null ? null : { type: 'denied', at } };
}

function finished(story: Story, at: Instant, policy: Policy): Story {
  const { claim, said, owner, previousOwner, ruleId, known } = story;
  const isOthers = policy.rules.some(({ id, assign }) => id === ruleId && assign !== null);
  const isKept =
    claim === null &&
    said === null &&
    owner !== null &&
    owner !== previousOwner &&
    !isOthers &&
    known.size > 0;
  if (!isKept || [...known].some((id) => isAskedFor(policy, id, owner))) return { ...story, asked: null };
  return { ...story, asked: null, claim: { type: 'decided', category: null, why: 'kept', at } };
}

const isAskedFor = (policy: Policy, category: CategoryId, member: MemberId): boolean =>
  isOneOf(policy, policy.categories.get(category)?.assign ?? null, member);

const isOfRule = (policy: Policy, ruleId: string | null, member: MemberId): boolean =>
  isOneOf(policy, policy.rules.find(({ id }) => id === ruleId)?.assign ?? null, member);

function isOneOf({ teams }: Policy, assign: Assign | null, member: MemberId): boolean {
  if (assign === null) return false;
  if (assign.type === 'member') return assign.member === member;
  return teams.get(assign.team)?.members.includes(member) ?? false;
}
