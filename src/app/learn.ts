/**
 * Learns anew from everything that was decided: gathers what it turned out to be, looks whether the model in use was
 * borne out, has a new one made, and puts it in its place where it does no worse.
 *
 * A model is made from all examples each time, which takes seconds to minutes: so what was erased is gone from the next
 * one, and nothing depends on the order in which mails came. After an erasure that happens at once, every version from
 * before goes, and the new one is used however it compares.
 */
import { createHash } from 'node:crypto';
import type { CategoryId } from '../domain/ids.ts';
import { DAY, HOUR } from '../domain/instant.ts';
import { boundsOf, type Choosable, chooseExamples } from '../domain/learning/choose-examples.ts';
import { configuredExamples } from '../domain/learning/configured-examples.ts';
import { type DecidedExample, outcomeOf } from '../domain/learning/decided.ts';
import {
  choiceOf,
  DRIFT_SPAN,
  driftOf,
  type Lowered,
  lower,
  raise,
  withoutGone,
} from '../domain/learning/drift.ts';
import type { Example } from '../domain/learning/example.ts';
import type { Learned } from '../domain/learning/learn.ts';
import { senderKnown } from '../domain/learning/learnable.ts';
import {
  choicesSince,
  type HeldBack,
  isHeldBack,
  mayBeUsed,
  type TrainingReport,
} from '../domain/learning/training.ts';
import type { Policy } from '../domain/policy.ts';
import type { Deps } from './deps.ts';
import { Failure } from './failures.ts';
import type { LearnableRequest, Learning, Turn } from './ports/learning.ts';
import type { Models } from './ports/models.ts';
import type { Trainer, TrainingProgress } from './ports/trainer.ts';

export type LearnDeps = Pick<Deps, 'policy' | 'log'> & {
  readonly learning: Learning;
  readonly models: Models;
  readonly trainer: Trainer;
};

export type LearnAsked = {
  /** Whether a person asks, whatever the time. */
  readonly now: boolean;
  readonly seed: number;
  readonly told: (progress: TrainingProgress) => void;
  readonly signal: AbortSignal;
};

export type LearnOutcome =
  /** `off`: nothing is to be learned; `not-now`: it is not time, or somebody else is at it. */
  | { readonly type: 'off' | 'not-now' | 'too-few' | 'erased-meanwhile' }
  | {
      readonly type: 'learned';
      readonly version: number;
      readonly used: boolean;
      readonly why: string;
      readonly report: TrainingReport;
    };

export const DEFAULT_SEED = 1;

/** Longer than any training may take. */
const LEASE = HOUR;
const AGAIN_IN = DAY;
const AFTER_FAILURE_IN = 6 * HOUR;
/** What was written within that span may have been committed after the last look. */
const OVERLAP = HOUR;

export async function learnAnew(deps: LearnDeps, asked: LearnAsked): Promise<LearnOutcome> {
  const policy = deps.policy();
  const { learning } = deps;
  const isOff = policy.learning.mode === 'off' || policy.categories.size === 0;
  // Words that were erased go from what was learned before, also where nothing is learned any more.
  if (isOff && ((await learning.standing())?.erasedAt ?? null) === null) return { type: 'off' };
  const turn = await learning.begin({ lease: LEASE, learnFor: hashOf(policy), now: asked.now });
  if (turn === null) return { type: isOff ? 'off' : 'not-now' };
  try {
    const outcome = isOff ? await onlyDrop(deps, turn) : await gatherAndMake(deps, asked, turn, policy);
    const code = outcome.type === 'learned' ? outcome.why : outcome.type;
    await learning.end(turn, { outcome: code, nextIn: AGAIN_IN, gatheredUntil: isOff ? null : turn.begunAt });
    return outcome;
  } catch (error) {
    await giveUp(deps, turn, error);
    throw error;
  }
}

async function onlyDrop({ models }: LearnDeps, turn: Turn): Promise<LearnOutcome> {
  await models.dropFrom(turn);
  return { type: 'off' };
}

async function gatherAndMake(deps: LearnDeps, asked: LearnAsked, turn: Turn, policy: Policy) {
  const lowered = await gather(deps, { turn, policy, signal: asked.signal });
  return makeModel(deps, asked, { turn, policy, lowered });
}

/**
 * Who stops to be started anew has failed at nothing. After a failure no model stays that erased words may be in: until
 * one can be made without them, the front desk decides.
 */
async function giveUp({ learning, models }: LearnDeps, turn: Turn, error: unknown): Promise<void> {
  if (error instanceof Failure && error.code === 'training-stopped')
    return learning.end(turn, { outcome: 'stopped', nextIn: 0, gatheredUntil: null });
  if (turn.erasedAt !== null) await models.dropFrom(turn);
  await learning.end(turn, { outcome: 'failed', nextIn: AFTER_FAILURE_IN, gatheredUntil: null });
}

/** Other categories, other words for them or another allowance are something else to learn. */
function hashOf(policy: Policy): string {
  const said = configuredExamples(policy)
    .map(({ category, content }) => JSON.stringify([category, content.body]))
    .sort();
  return createHash('sha256')
    .update(JSON.stringify([said, policy.learning.wrongAtMost]))
    .digest('hex');
}

// ── What was decided, and whether it bears out what was said ──

async function gather(
  { learning, log }: LearnDeps,
  { turn, policy, signal }: { readonly turn: Turn; readonly policy: Policy; readonly signal: AbortSignal },
): Promise<Lowered | null> {
  const { gatheredUntil, begunAt, judgedFrom, lowered } = turn;
  const since = gatheredUntil === null ? null : Math.min(gatheredUntil - OVERLAP, begunAt - DRIFT_SPAN);
  const from = Math.max(begunAt - DRIFT_SPAN, judgedFrom ?? Number.NEGATIVE_INFINITY);
  const choices = [];
  for await (const portion of learning.requestsSince(since)) {
    // The first time these are all requests that there ever were, and whoever stops does not wait for that.
    if (signal.aborted) throw new Failure('temporary', 'training-stopped', 'The training was stopped.');
    await learning.noteDecided(
      portion.map(({ id }) => id),
      portion.flatMap((request) => exampleOf(request, policy) ?? []),
    );
    for (const { events } of portion) {
      const classified = events.find(({ type }) => type === 'classified');
      if (classified === undefined || classified.at < from) continue;
      const choice = choiceOf(events, policy);
      if (choice !== null) choices.push(choice);
    }
  }
  const before = withoutGone(lowered, policy);
  const next = lower(before, driftOf(choices), policy.learning.wrongAtMost, begunAt);
  if (next !== lowered) await learning.setLowered(turn, next, 'kept');
  if (next !== before)
    log.warn({ step: 'learn', lowered: next }, 'too many of its choices were wrong: they are made no more');
  return next;
}

export function exampleOf({ id, events, kind }: LearnableRequest, policy: Policy): DecidedExample | null {
  const [arrival] = events;
  const known = senderKnown(events, kind, policy);
  const outcome = outcomeOf(events, policy);
  if (arrival?.type !== 'arrived' || known === null || outcome.type !== 'decided') return null;
  const { category, why, at } = outcome;
  const { messageId } = arrival;
  return { conversationId: id, messageId, category, why, decidedAt: at, senderKnown: known };
}

// ── A new model ──

type Occasion = { readonly turn: Turn; readonly policy: Policy; readonly lowered: Lowered | null };

/** More than these would not fit into the memory of one training; the latest are learned from. */
const EXAMPLES_MAX = 200_000;
const CHARACTERS_MAX = 300_000_000;
const HELD_BACK_MAX = 2_000;

async function makeModel(deps: LearnDeps, asked: LearnAsked, occasion: Occasion): Promise<LearnOutcome> {
  const { learning, models, trainer } = deps;
  const { turn, policy, lowered } = occasion;
  const chosen = chooseExamples(await learning.choosable(EXAMPLES_MAX), boundsOf(policy));
  const { examples, heldBack } = parted(chosen, turn);
  const configured = configuredExamples(policy);
  const categories = new Set([...examples, ...configured].map(({ category }) => category));
  categories.delete(null);
  if (categories.size < 2) {
    if (turn.erasedAt !== null) await models.dropFrom(turn);
    return { type: 'too-few' };
  }
  const active = turn.erasedAt === null ? await models.inUse() : null;
  const { wrongAtMost } = policy.learning;
  const learned = await trainer.train({
    examples: withWords(learning, examples, configured),
    heldBack: withWords(learning, heldBack, []),
    present: active === null ? null : await models.bytesOf(active.version),
    seed: asked.seed,
    wrongAtMost,
    told: asked.told,
    signal: asked.signal,
  });
  const verdict = mayBeUsed(learned.comparison, { wrongAtMost, mustReplace: turn.erasedAt !== null });
  const report = reportOf(learned, examples, configured.length);
  const version = await models.publish(turn, { seed: asked.seed, bytes: learned.bytes, ...verdict, report });
  if (version === null) return { type: 'erased-meanwhile' };
  if (verdict.use && lowered !== null) await raiseWith(deps, { ...occasion, lowered }, learned, version);
  return { type: 'learned', version, used: verdict.use, why: verdict.why, report };
}

function parted(chosen: readonly Choosable[], { begunAt }: Turn) {
  const examples: Choosable[] = [];
  const heldBack: Choosable[] = [];
  for (const one of chosen) (isHeldBack(one, begunAt) ? heldBack : examples).push(one);
  return { examples, heldBack: heldBack.slice(0, HELD_BACK_MAX) };
}

async function* withWords(
  learning: Learning,
  chosen: readonly Choosable[],
  others: readonly Example[],
): AsyncGenerator<readonly (Example & HeldBack)[]> {
  if (others.length > 0) yield others.map((one) => ({ ...one, decidedAt: 0 }));
  const known = new Map<number, { category: CategoryId | null; decidedAt: number }>(
    chosen.map((one) => [one.id, one]),
  );
  let characters = 0;
  for await (const portion of learning.contents(chosen.map(({ id }) => id))) {
    characters += portion.reduce((sum, { content }) => sum + content.body.length, 0);
    if (characters > CHARACTERS_MAX) return;
    yield portion.flatMap(({ id, content }) => {
      const one = known.get(id);
      return one === undefined ? [] : [{ content, category: one.category, decidedAt: one.decidedAt }];
    });
  }
}

async function raiseWith(
  { learning, log }: LearnDeps,
  { turn, policy, lowered }: Occasion & { readonly lowered: Lowered },
  { choices }: Learned,
  version: number,
): Promise<void> {
  const since = lowered.since - DRIFT_SPAN;
  const next = raise(lowered, choicesSince(choices, since), policy.learning.wrongAtMost);
  if (next === lowered) return;
  await learning.setLowered(turn, next, 'anew');
  log.info(
    { step: 'learn', version, lowered: next },
    'the new model kept within the allowance: it chooses again',
  );
}

function reportOf(
  { about, comparison }: Learned,
  chosen: readonly Choosable[],
  configuration: number,
): TrainingReport {
  const archive = chosen.filter(({ known }) => known === 'archive').length;
  return {
    examples: about.examples,
    sources: { decided: chosen.length - archive, archive, configuration },
    perCategory: about.perCategory,
    none: about.outOfScope,
    wrongAtMost: about.wrongAtMost,
    answered: about.answered,
    wrong: about.wrong,
    neverSure: about.neverSure,
    comparison,
  };
}
