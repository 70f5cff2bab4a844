/**
 * One answer of a member being carried out: collects, line by line, what will be committed as one value. What each
 * verb means stands beside this file; whatever it decides, it decides here, so that the receipt tells of all of it.
 */
import type { ToldAbsence } from '../../domain/absences.ts';
import { sameAddress } from '../../domain/address.ts';
import type { Verb } from '../../domain/command/command.ts';
import {
  type CommandContext,
  decideCommand,
  keepWords,
  type MemberCommand,
  wordsOf,
} from '../../domain/conversation/commands.ts';
import { decide, type Happening } from '../../domain/conversation/decide.ts';
import type { ConversationEvent } from '../../domain/conversation/events.ts';
import type { Conversation } from '../../domain/conversation/state.ts';
import type { Decision } from '../../domain/conversation/step.ts';
import type { Disposition } from '../../domain/disposition.ts';
import type {
  AbsenceId,
  CategoryId,
  ContactId,
  ConversationId,
  MessageId,
  TextId,
} from '../../domain/ids.ts';
import type { Instant } from '../../domain/instant.ts';
import type { Address, ReplyText } from '../../domain/message.ts';
import type { Listed } from '../../domain/notices/listed.ts';
import {
  aboutRequest,
  type CommandResult,
  type NoticeDraft,
  type RequestReceipt,
} from '../../domain/notices/notice.ts';
import type { Parked } from '../../domain/parked/parked.ts';
import type { ParkedDecision } from '../../domain/parked/step.ts';
import type { Member, Policy } from '../../domain/policy.ts';
import type { Rejection } from '../../domain/rejections.ts';
import type { Deps } from '../deps.ts';
import { noticesOf } from '../new-notice.ts';
import type { MessageMove } from '../ports/moves.ts';
import type { ParkedChange } from '../ports/parked.ts';
import type {
  Change,
  ConversationChange,
  MessageChange,
  NewContact,
  NewText,
  StoredMail,
  StoredReply,
  Transaction,
} from '../ports/store.ts';
import { outsiderTyped } from './outsider-typed.ts';

export type ReplyDeps = Pick<
  Deps,
  'store' | 'queue' | 'parser' | 'policy' | 'model' | 'secret' | 'newTextId' | 'limits' | 'log'
>;

/** What a member ordered: in answer to a mail of ours, or on the board. */
export type Ordered = Pick<StoredReply, 'inboxId' | 'conversationId' | 'member' | 'token'> & {
  /** The mail that they wrote; null: they wrote none, and ordered it on the board. */
  readonly id: MessageId | null;
  readonly mail: StoredMail | null;
  /** By which all that follows of it is known, such as `message:7`. */
  readonly key: string;
};

/** What was known when the work began. */
export type Given = {
  readonly deps: ReplyDeps;
  readonly tx: Transaction;
  readonly reply: Ordered;
  /** What its author newly wrote. */
  readonly words: ReplyText;
  /** The request that it answers; null: none. */
  readonly before: Conversation | null;
  /** With who is away by now. */
  readonly policy: Policy;
  readonly customer: Address | null;
  readonly contacts: ReadonlyMap<ContactId, Address>;
  /** Whether it answers a mail that listed names to choose from. */
  readonly listedNames: boolean;
  /** Whether it answers the welcome mail. */
  readonly isWelcomed: boolean;
  /** The categories that it listed to choose from. */
  readonly listedCategories: readonly CategoryId[];
  /** The requests that the answered mail listed, by number; null: it was about one, or about none. */
  readonly listing: ReadonlyMap<ConversationId, Listed> | null;
  /** Those of them that are named, locked, as they were when the work began. */
  readonly states: ReadonlyMap<ConversationId, Conversation>;
  readonly now: Instant;
};

type Done = Omit<CommandResult & { readonly ok: true }, 'ok' | 'verb'>;

/** Whoever outside takes part in a request; more is a mailing list. */
const CONTACTS_MAX = 20;

export class ReplyWork {
  readonly given: Given;
  /** The request as it is after what was carried out so far. */
  state: Conversation | null;
  readonly results: CommandResult[] = [];
  readonly notices: NoticeDraft[] = [];
  /** Told absences that began, changed or ended. */
  readonly absences = new Map<AbsenceId, ToldAbsence>();
  /** The work on each of several requests that were named by number, in the order in which they were. */
  readonly named = new Map<ConversationId, ReplyWork>();
  /** The requests that its receipt lists, so that its answer may name them. */
  listed: readonly Listed[] = [];
  /** Requests beside the one that was answered, as they were changed. */
  readonly others: ConversationChange[] = [];
  /** Settled messages that are something else from now on. */
  readonly moves: MessageMove[] = [];
  /** Whose the request turned out to be. */
  customer: Address | null = null;
  /** The request that its receipt is about, when that is another than the one that was answered. */
  about: Conversation | null = null;
  /** The mail that could not be read, when it is about one. */
  parked: MessageId | null = null;
  /** What was done about it. */
  #onParked: ParkedChange | null = null;
  readonly #events: ConversationEvent[] = [];
  readonly #texts: NewText[] = [];
  readonly #contacts: NewContact[] = [];
  #kept: TextId | null = null;
  /** What becomes of the mail itself, where that is not what its receipt tells. */
  settledAs: Pick<MessageChange, 'conversationId'> & { disposition?: Disposition } = {};

  constructor(given: Given) {
    this.given = given;
    this.state = given.before;
  }

  // ── Deciding ──

  /** Carries one command out on the request that was answered, and keeps words that could not go where they should. */
  command(command: MemberCommand): CommandResult {
    const { result } = this.#decide(command);
    this.results.push(result);
    const text = wordsOf(command);
    if (!result.ok && text !== null) this.#note(text);
    return result;
  }

  /** What was decided elsewhere about the request that was answered, or why nothing was. */
  take(verb: Verb, decided: Decision | Rejection, more: Partial<Done> = {}): void {
    if ('code' in decided) return this.refuse(verb, decided);
    this.#adopt(decided);
    this.succeed(verb, more);
  }

  succeed(verb: Verb, more: Partial<Done> = {}): void {
    this.results.push({ ok: true, verb, to: null, acceptBy: null, text: null, ...more });
  }

  happen(happening: Happening): void {
    this.#adopt(decide(this.#request(), happening, this.given.now, this.given.policy));
  }

  /** Something about the mail that could not be read. */
  happenToParked({ before, after, events, notices }: ParkedDecision): void {
    const so = this.#onParked;
    this.#onParked =
      so === null ? { before, after, events } : { ...so, after, events: [...so.events, ...events] };
    this.notices.push(...notices);
  }

  /** The mail that could not be read as it is after what was carried out so far. */
  get parkedSoFar(): Parked | null {
    return this.#onParked?.after ?? null;
  }

  refuse(verb: Verb | null, rejection: Rejection): void {
    this.results.push({ ok: false, verb, rejection });
  }

  /** Words that belong to something refused are kept as a note. */
  keep(words: string | null): void {
    const text = this.text(words);
    if (text !== null) this.#note(text);
  }

  /** Words of which nobody said what they are for: kept, and their author may have them sent. */
  keepQuietly(words: string): void {
    const text = this.text(words);
    if (text === null) return;
    this.#kept ??= text;
    if (this.state !== null) this.#adopt(keepWords(this.state, text, this.context()));
  }

  context(): CommandContext {
    const { reply, now, policy } = this.given;
    const { member, token, id } = reply;
    return { by: member, messageId: id, shown: token.shown, answered: token.answered, now, policy };
  }

  #decide(command: MemberCommand) {
    const decision = decideCommand(this.#request(), command, this.context());
    this.#adopt(decision);
    return decision;
  }

  #adopt({ state, events, notices }: Decision): void {
    this.state = state;
    this.#events.push(...events);
    this.notices.push(...notices);
  }

  /** What has happened to the request since it was read. */
  get events(): readonly ConversationEvent[] {
    return this.#events;
  }

  #request(): Conversation {
    if (this.state === null) throw new Error(`${this.given.reply.key} is about no request`);
    return this.state;
  }

  #note(text: TextId): void {
    this.#kept ??= text;
    if (this.state !== null) this.#decide({ verb: 'note', text });
  }

  // ── Words and people ──

  /** Whoever wrote it. */
  writer(): Member {
    const { policy, reply } = this.given;
    const member = policy.members.get(reply.member);
    if (member === undefined) throw new Error(`member ${reply.member} is not in the policy`);
    return member;
  }

  /** A row for what was written, in the request that was answered unless it belongs to another; null for nothing. */
  text(words: string | null, conversationId = this.given.reply.conversationId): TextId | null {
    if (words === null || words.trim() === '') return null;
    const id = this.given.deps.newTextId();
    const { id: messageId, member } = this.given.reply;
    this.#texts.push({ id, conversationId, messageId, author: member, body: words.trim() });
    return id;
  }

  /** Somebody outside as a row of this request, the known one when they take part already; or why not. */
  contact(typed: string): ContactId | Rejection {
    const { policy, customer, contacts, reply } = this.given;
    const address = outsiderTyped(policy, typed);
    if (typeof address !== 'string') return address;
    if (reply.conversationId === null) return { code: 'bad-address', why: 'unusable' };
    if (customer !== null && sameAddress(customer.address, address))
      return { code: 'bad-address', why: 'customer' };
    const all = [...[...contacts].map(([id, known]) => ({ id, ...known })), ...this.#contacts];
    const known = all.find((one) => sameAddress(one.address, address));
    if (known !== undefined) return known.id;
    if (all.length >= CONTACTS_MAX) return { code: 'too-many-contacts' };
    const id = this.given.deps.newTextId();
    this.#contacts.push({ id, conversationId: reply.conversationId, name: '', address });
    return id;
  }

  // ── The end ──

  /** All that was worked on: this, and each request that was named. */
  get parts(): readonly ReplyWork[] {
    return [this, ...this.named.values()];
  }

  get #allResults(): readonly CommandResult[] {
    return this.parts.flatMap(({ results }) => results);
  }

  /** Whether anything of it was carried out. */
  get carriedOut(): boolean {
    return this.#allResults.some(({ ok }) => ok);
  }

  /** Whether any line of it was a command, carried out or refused. */
  get understood(): boolean {
    return this.#allResults.some((result) => result.ok || result.verb !== null);
  }

  receipt(): NoticeDraft {
    const [only, ...more] = this.named.values();
    // One request alone: as if a mail about it had been answered.
    if (only !== undefined && more.length === 0 && this.results.length === 0 && this.#kept === null)
      return only.receipt();
    const { key, inboxId, member, token } = this.given.reply;
    const { parked, named } = this;
    // A mail that lists several requests is about none of them.
    const state = this.listed.length > 0 ? null : (this.about ?? this.state);
    const about =
      this.listed.length > 0 && this.state !== null ? [this, ...named.values()] : [...named.values()];
    const requests = about.flatMap((work) => work.#ofRequest());
    const isOwn = requests.some(({ conversationId }) => conversationId === this.state?.id);
    return {
      dedupeKey: `${key}/receipt/member:${member}`,
      inboxId,
      ...aboutRequest(state),
      recipient: { type: 'member', member },
      body: {
        kind: 'receipt',
        results: isOwn ? this.results.filter(isOfDesk) : this.results,
        kept: isOwn ? null : this.#kept,
        after: state && { phase: state.phase, owner: state.owner, accountable: state.accountable },
        ...(parked !== null && { parked }),
        ...(token.purpose === 'look-back' && token.subject !== null && { lookBack: token.subject }),
        ...(requests.length > 0 && { requests }),
        ...(this.listed.length > 0 && { listed: this.listed }),
      },
    };
  }

  /** What its receipt says of the one request that this work is about; nothing when nothing was said about it. */
  #ofRequest(): readonly RequestReceipt[] {
    const { state } = this;
    const results = this.results.filter((result) => !isOfDesk(result));
    if (state === null || (results.length === 0 && this.#kept === null)) return [];
    const { id, version, phase, owner, accountable } = state;
    const after = { phase, owner, accountable };
    return [{ conversationId: id, seq: version, results, kept: this.#kept, after }];
  }

  change(withReceipt: boolean): Change {
    const { deps, now } = this.given;
    const { parts } = this;
    // Each by itself: what one request makes needless says nothing of another.
    const drafts = parts.flatMap(({ notices }) => withoutNeedless(notices));
    return {
      conversations: parts.flatMap((part) => part.#conversations()),
      messages: this.#settlement(withReceipt),
      moves: parts.flatMap(({ moves }) => moves),
      parked: this.#onParked === null ? [] : [this.#onParked],
      texts: parts.flatMap((part) => part.#texts),
      contacts: parts.flatMap((part) => part.#contacts),
      absences: [...this.absences.values()],
      notices: noticesOf(deps, withReceipt ? [...drafts, this.receipt()] : drafts, now),
    };
  }

  #conversations(): readonly ConversationChange[] {
    const { state, customer } = this;
    const { before } = this.given;
    if (before === null || state === null || this.#events.length === 0) return this.others;
    const named = customer === null ? {} : { customer };
    return [{ before, after: state, events: this.#events, ...named }, ...this.others];
  }

  /** What becomes of the mail. */
  #settlement(receipted: boolean): readonly MessageChange[] {
    const { id } = this.given.reply;
    if (id === null) return [];
    const { disposition, reason } = this.#outcome();
    const code = receipted ? reason.code : 'no-more-receipts';
    const base = { id, stage: 'settled', disposition, reason: { ...reason, code } } as const;
    return [{ ...base, ...this.settledAs }];
  }

  #outcome(): { disposition: Disposition; reason: { code: string; sentence: string } } {
    const results = this.#allResults;
    const done = results.flatMap((result) => (result.ok ? [result.verb] : []));
    if (done.length > 0)
      return { disposition: 'command', reason: { code: 'carried-out', sentence: done.join(', ') } };
    const [first] = results;
    const code = first === undefined || first.ok ? 'nothing' : first.rejection.code;
    const noted = code === 'not-understood' || code === 'no-text' || code === 'nothing';
    const sentence = noted ? 'no command was found in it; its text was kept' : 'the command was refused';
    return { disposition: noted ? 'teammate-note' : 'command-refused', reason: { code, sentence } };
  }
}

/** About a member's own desk, whatever request they answered. */
const isOfDesk = ({ verb }: CommandResult): boolean => verb !== null && OfDesk.has(verb);

const OfDesk: ReadonlySet<Verb> = new Set<Verb>(['mine', 'away', 'back', 'help', 'new']);

/** An answer says who has it; a mail that says nothing else need not follow it. */
function withoutNeedless(drafts: readonly NoticeDraft[]): readonly NoticeDraft[] {
  const answers = drafts.some(({ body }) => body.kind === 'customer-reply');
  return answers ? drafts.filter(({ body }) => body.kind !== 'owner-named') : drafts;
}
