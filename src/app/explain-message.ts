/**
 * What would happen to a mail, and why: the mail is read, judged, carried out and routed by the functions that do so in
 * earnest, in a transaction that writes nothing. Each of them gives its reason, and the trace is these reasons in order.
 */
import type { Classified } from '../domain/conversation/events.ts';
import type { Conversation, Offer } from '../domain/conversation/state.ts';
import type { Disposition } from '../domain/disposition.ts';
import type { ConversationId, InboxId, MemberId, MessageId } from '../domain/ids.ts';
import type { Instant } from '../domain/instant.ts';
import { CHOICE_MIN, CHOSEN, MODEL, percent } from '../domain/learning/authority.ts';
import type { Proposal } from '../domain/learning/proposal.ts';
import type { Follows } from '../domain/matter.ts';
import type { Mail } from '../domain/message.ts';
import type { Policy } from '../domain/policy.ts';
import { mention, type Reason } from '../domain/reason.ts';
import { finalManagerAt } from '../domain/roster.ts';
import type { ScreeningKind } from '../domain/screening.ts';
import type { SenderAuthentication } from '../domain/sender-authentication/authentication.ts';
import { EvidenceWords } from '../domain/threading.ts';
import { isWorkingAt } from '../domain/working-time.ts';
import { carryOut } from './carry-out.ts';
import { currentPolicy } from './current-policy.ts';
import { type DryRun, dryRun, type Known, WOULD_BE } from './dry-run.ts';
import { ladderSteps } from './explain-ladder.ts';
import type { EarlierCopy } from './ports/store.ts';
import { readMail } from './reading.ts';
import { allCandidates, routeOne } from './route-conversation.ts';
import { type Judged, judgeMessage, type SettleDeps } from './settle-message.ts';

export type Explanation = {
  readonly kind: ScreeningKind;
  /** `reply`: the reply worker would read it for commands. */
  readonly disposition: Disposition | 'reply';
  /** The request that it would go into; null: none, or a new one. */
  readonly conversation: ConversationId | null;
  readonly follows: Follows | null;
  readonly category: string | null;
  /** How sure it is of the category, from 0 to 1; 1: a rule, or a member, says so. null: nobody does. */
  readonly confidence: number | null;
  readonly rule: string | null;
  readonly accountable: MemberId | null;
  readonly offerTo: MemberId | null;
  readonly chain: readonly MemberId[];
  readonly acceptBy: Instant | null;
  readonly trace: readonly TraceStep[];
};

export type ExplainStep =
  | 'inbox'
  | 'screening'
  | 'sender'
  | 'thread'
  | 'verdict'
  | 'rule'
  | 'model'
  | 'previous-owner'
  | 'load'
  | 'route'
  | 'offer'
  | 'ladder'
  | 'confirmation'
  | 'database';

/** Members stand in the text as `@id`. */
export type TraceStep = {
  readonly step: ExplainStep;
  readonly code: string;
  readonly text: string;
};

export type Question = { readonly mail: Mail; readonly inboxId: InboxId; readonly at: Instant };

export async function explainMessage(
  deps: SettleDeps,
  known: Known,
  { mail, inboxId, at }: Question,
): Promise<Explanation> {
  const read = readMail(mail, deps.policy(), inboxId);
  // Asking DNS would tell of today and not of the day on which the mail came.
  const reading = read.question === null ? read : { ...read, authentication: Believed };
  const message = { ...UNSTORED, inboxId, storedAt: at };
  const here = await known.findEarlierCopy(reading.stored.contentHash, message.id);
  const run = dryRun(here === null ? known : without(known, here.id), at);
  const judged = await judgeMessage(deps, run.tx, message, reading);
  await carryOut({ deps, tx: run.tx, message, ...judged, ring: () => {} });
  const written = run.changes.flatMap(({ conversations = [] }) => conversations).at(-1);
  const after = written?.after ?? null;
  const policy = await currentPolicy(deps, run.tx);
  const { state: routed, steps } = await routedFrom(deps, policy, run, after, at);
  const { verdict, findings } = judged;
  const [settled] = run.changes.flatMap(({ messages = [] }) => messages);
  const offer = routed?.offer ?? null;
  const classified = routed?.classified ?? findings.target?.classified ?? null;
  return {
    kind: reading.screening.kind,
    disposition: settled?.disposition ?? 'reply',
    conversation: settled?.conversationId === WOULD_BE ? null : (settled?.conversationId ?? null),
    follows: verdict.type === 'request' ? verdict.follows : null,
    category: classified?.category ?? null,
    confidence: confidenceIn(classified),
    rule: classified?.ruleId ?? null,
    accountable: routed?.accountable ?? null,
    offerTo: offer?.to ?? null,
    chain: routed?.chain ?? [],
    acceptBy: offer?.acceptBy ?? null,
    trace: [
      ...hereSteps(here),
      ...readingSteps(judged, after?.id === WOULD_BE ? after.inboxId : inboxId, read.question !== null),
      ...ruleSteps(routed),
      ...learnedSteps(policy, routed, written?.words?.because ?? []),
      ...steps,
      ...askingSteps(policy, routed, at),
    ],
  };
}

const UNSTORED = {
  id: 0,
  role: 'inbox',
  size: 0,
  history: false,
  whole: true,
  notGiven: null,
  tries: 1,
  raw: new Uint8Array(),
} as const;

const Believed: SenderAuthentication = {
  result: 'pass',
  by: 'own-check',
  why: {
    code: 'believed',
    sentence: 'its sender is taken at their word: only a mail that has just come can be checked',
  },
};

/** Of a mail that is here already, whoever asks wants to know why it is where it is, not that it came. */
const without = (known: Known, id: MessageId): Known => ({
  ...known,
  findEarlierCopy: async () => null,
  findThreads: async (inboxId, keys) =>
    (await known.findThreads(inboxId, keys)).filter(({ messageId }) => messageId !== id),
});

const isToRoute = ({ phase, routed }: Conversation): boolean => phase === 'arrived' && !routed;

type Routed = { readonly state: Conversation | null; readonly steps: readonly TraceStep[] };

async function routedFrom(
  deps: SettleDeps,
  policy: Policy,
  { tx }: DryRun,
  before: Conversation | null,
  now: Instant,
): Promise<Routed> {
  if (before === null || !isToRoute(before)) return { state: before, steps: [] };
  const load = await tx.load(allCandidates(policy, [before]));
  // The router looks at it after it was stored; an event of the same instant would be none.
  const { after, events } = routeOne(
    deps,
    policy,
    before,
    load,
    Math.max(now, before.lastEventAt + 1),
  ).change;
  const open = [...load].map(([id, { open: count }]) => `${mention(id)} has ${count} open`).join(', ');
  const reason = events.find((event) => event.type === 'routed')?.reason;
  return {
    state: after,
    steps: [
      ...(open === '' ? [] : [{ step: 'load', code: 'open-requests', text: open } as const]),
      ...(reason === undefined ? [] : [{ step: 'route', code: reason.code, text: reason.sentence } as const]),
    ],
  };
}

// ── The trace ──

function hereSteps(here: EarlierCopy | null): TraceStep[] {
  if (here === null) return [];
  const where = here.conversationId === null ? '' : `, in #${here.conversationId}`;
  const text = `this mail is here already, as message ${here.id}${where}: what follows is said as if it came now`;
  return [{ step: 'database', code: 'is-here', text }];
}

function readingSteps(
  { reading, findings, verdict }: Judged,
  inboxId: InboxId,
  believed: boolean,
): TraceStep[] {
  const { screening, authentication, member } = reading;
  const { thread, relates, target } = findings;
  const step = (name: TraceStep['step'], { code, sentence }: Reason): TraceStep => ({
    step: name,
    code,
    text: sentence,
  });
  const thing = thread === null ? null : `#${thread.conversationId}`;
  const goesOn =
    target !== null && target.id !== thread?.conversationId ? `, which goes on in #${target.id}` : '';
  return [
    { step: 'inbox', code: inboxId, text: `it is for the inbox "${inboxId}"` },
    { step: 'screening', code: screening.code, text: screening.why },
    ...(believed || member !== null ? [step('sender', authentication.why)] : []),
    thread === null || thing === null
      ? { step: 'thread', code: relates?.why ?? 'none', text: 'it belongs to no request that is here' }
      : {
          step: 'thread',
          code: thread.evidence,
          text: `it belongs to ${thing}: ${EvidenceWords[thread.evidence]}${goesOn}`,
        },
    // A plain new request is one for no other reason than what it was screened as.
    ...(verdict.reason.code === screening.code ? [] : [step('verdict', verdict.reason)]),
  ];
}

function ruleSteps(state: Conversation | null): TraceStep[] {
  if (state === null || state.classified === null || state.id !== WOULD_BE) return [];
  const { ruleId, reason } = state.classified;
  const byOthers = reason.code === 'previous-owner' || reason.code.startsWith('model');
  const silent = ruleId === null ? 'no rule matches' : `rule "${ruleId}" names nobody`;
  return [{ step: 'rule', code: ruleId ?? 'none', text: byOthers ? silent : reason.sentence }];
}

/** Who says what it is about: a rule, a member, or a model that is not quite sure. */
function confidenceIn(classified: Classified | null): number | null {
  if (classified === null || classified.category === null) return null;
  const { ruleId, reason, proposal } = classified;
  if (ruleId !== null || reason.code === CHOSEN.code) return 1;
  return proposal?.guesses.find(({ category }) => category === classified.category)?.probability ?? null;
}

/** What was learned says also where a rule, or who had the last request, decided. */
function learnedSteps(policy: Policy, state: Conversation | null, because: readonly string[]): TraceStep[] {
  if (state === null || state.id !== WOULD_BE) return [];
  const { reason, proposal, previousOwner } = state.classified ?? { reason: null };
  return [
    ...(proposal === undefined || reason === null ? [] : [modelStep(policy, proposal, reason, because)]),
    ...(previousOwner === undefined
      ? []
      : [
          {
            step: 'previous-owner',
            code: previousOwner,
            text: `${mention(previousOwner)} had the last request of the same customer`,
          } as const,
        ]),
  ];
}

function modelStep(
  { categories }: Policy,
  { model, guesses, sure }: Proposal,
  reason: Reason,
  because: readonly string[],
): TraceStep {
  const named = guesses.map(
    ({ category, probability }) => `${categories.get(category)?.name ?? category} ${percent(probability)}`,
  );
  const chooses = reason.code === MODEL ? ', and chooses' : '';
  const text = `what was learned (version ${model}) is ${sure ? 'sure' : 'not sure'}${chooses}: ${named.join(', ')}${spokenFor(guesses, because)}`;
  return { step: 'model', code: sure ? 'sure' : 'unsure', text };
}

/** What speaks for a guess that nobody would believe only confuses. */
function spokenFor([first]: Proposal['guesses'], because: readonly string[]): string {
  if (first === undefined || first.probability < CHOICE_MIN) return '; it is like nothing that it knows';
  return because.length === 0 ? '' : `; what speaks for it: ${because.map((word) => `"${word}"`).join(', ')}`;
}

function askingSteps(policy: Policy, state: Conversation | null, at: Instant): TraceStep[] {
  if (state === null) return [];
  const { acknowledge, offer } = state;
  const confirmation: TraceStep = { step: 'confirmation', code: acknowledge, text: CONFIRMED[acknowledge] };
  return [
    ...(offer === null ? [] : [offerStep(policy, state, offer, at)]),
    ...ladderSteps(policy, state, at),
    ...(state.id === WOULD_BE ? [confirmation] : []),
  ];
}

const CONFIRMED: Readonly<Record<Conversation['acknowledge'], string>> = {
  echo: 'its sender is sent a confirmation with their own subject and name',
  fixed: 'its sender is sent a confirmation in fixed words',
  none: 'no confirmation is sent',
};

function offerStep(
  policy: Policy,
  { chain, priority, accountable, inboxId, author }: Conversation,
  { to, kind }: Offer,
  at: Instant,
): TraceStep {
  const schedule = policy.members.get(to)?.schedule;
  const atWork = schedule !== undefined && isWorkingAt(schedule, at);
  const hours = atWork ? 'who works just now' : 'who does not work just now';
  const clock = priority === 'urgent' ? 'urgent: the time to answer runs day and night' : hours;
  const others = chain.filter((id) => id !== to).map(mention);
  const last = mention(finalManagerAt(policy, inboxId, at, author));
  const then = [...others, `${last}, who must decide`].join(', then ');
  const meanwhile = accountable === null ? '' : `; ${mention(accountable)} answers for it meanwhile`;
  return { step: 'offer', code: kind, text: `${mention(to)} is asked (${clock}), then ${then}${meanwhile}` };
}
