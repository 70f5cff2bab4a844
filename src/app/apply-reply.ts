/**
 * Carries out what a member wrote in answer to a mail of ours, and always says what came of it.
 *
 * The member was recognised by the classifier (token or answered notice, and the one From address). What is no
 * command is kept as a note; nothing reaches a customer unless it was addressed to them.
 */
import type { Command } from '../domain/command/command.ts';
import { parseCommands } from '../domain/command/parse.ts';
import {
  type CommandContext,
  decideCommand,
  keepWords,
  type MemberCommand,
} from '../domain/conversation/commands.ts';
import type { Decision } from '../domain/conversation/decide.ts';
import type { ConversationEvent } from '../domain/conversation/events.ts';
import type { Conversation } from '../domain/conversation/state.ts';
import type { Disposition } from '../domain/disposition.ts';
import type { MessageId, TextId } from '../domain/ids.ts';
import { HOUR, type Instant } from '../domain/instant.ts';
import type { CommandResult, NoticeDraft } from '../domain/notices/notice.ts';
import type { Policy } from '../domain/policy.ts';
import type { Rejection } from '../domain/rejections.ts';
import { resolveName } from '../domain/roster.ts';
import type { Deps } from './deps.ts';
import { noticesOf } from './new-notice.ts';
import { oneByOne } from './one-by-one.ts';
import { parkMessage } from './park-message.ts';
import type { MessageChange, NewText, PendingReply, StoredReply, Transaction } from './ports/store.ts';

export type ReplyDeps = Pick<Deps, 'store' | 'queue' | 'policy' | 'secret' | 'newTextId' | 'limits' | 'log'>;

export async function applyReplies(deps: ReplyDeps, ids: readonly MessageId[]): Promise<void> {
  const pending = await deps.store.beginReplies(ids);
  await oneByOne(pending, async (reply) => {
    const notices = await deps.store.transact([], (tx) => applyReply(deps, tx, reply));
    await deps.queue.ring('deliver', notices);
  });
}

async function applyReply(deps: ReplyDeps, tx: Transaction, pending: PendingReply): Promise<number[]> {
  const { id } = pending;
  const open = await tx.lockMessages([id], 'replying');
  if (!open.has(id)) return [];
  if (pending.tries > deps.limits.triesMax) {
    const why = `a teammate wrote it, and carrying it out failed ${deps.limits.triesMax} times`;
    return parkMessage(deps, tx, pending, { code: 'not-carried-out', why, reading: null });
  }
  const reply = await tx.readReply(id);
  const before = (await tx.lockConversations([reply.conversationId])).get(reply.conversationId);
  if (before === undefined) throw new Error(`message ${id} answers a conversation that does not exist`);
  if (reply.messageIdHash !== null && (await tx.hasActed(reply.messageIdHash))) {
    const reason = { code: 'acted-before', sentence: 'a mail with this Message-ID was carried out before' };
    await tx.write({ messages: [{ id, stage: 'settled', disposition: 'duplicate', reason }] });
    return [];
  }
  const now = await tx.now();
  const work = new ReplyWork(deps, reply, before, now);
  work.carryOutAll();
  const receipts = (await mayReceive(tx, work, reply, now)) ? [work.receipt()] : [];
  const written = await tx.write({
    conversations: work.events.length === 0 ? [] : [{ before, after: work.state, events: work.events }],
    messages: [work.settlement(receipts.length > 0)],
    texts: work.texts,
    notices: noticesOf(deps, [...work.notices, ...receipts], now),
  });
  return written.notices;
}

const RECEIPTS_PER_HOUR_MAX = 10;

/**
 * A command always gets its receipt. What was not understood may come from a robot that answers every receipt, and
 * no mark of which gave it away: after ten in an hour its words are only kept.
 */
async function mayReceive(
  tx: Transaction,
  work: ReplyWork,
  reply: StoredReply,
  now: Instant,
): Promise<boolean> {
  if (work.understood) return true;
  const sent = await tx.countReceipts(reply.conversationId, reply.member, now - HOUR);
  return sent < RECEIPTS_PER_HOUR_MAX;
}

/** One reply being carried out: collects, line by line, what will be committed as one value. */
class ReplyWork {
  readonly #deps: ReplyDeps;
  readonly #reply: StoredReply;
  readonly #policy: Policy;
  readonly #now: Instant;
  readonly #results: CommandResult[] = [];
  #kept: TextId | null = null;
  state: Conversation;
  readonly events: ConversationEvent[] = [];
  readonly notices: NoticeDraft[] = [];
  readonly texts: NewText[] = [];

  constructor(deps: ReplyDeps, reply: StoredReply, before: Conversation, now: Instant) {
    this.#deps = deps;
    this.#reply = reply;
    this.#policy = deps.policy();
    this.#now = now;
    this.state = before;
  }

  carryOutAll(): void {
    const { text } = this.#reply.mail.reply;
    if (this.#reply.token.expiresAt <= this.#now) {
      this.#refuse(null, { code: 'expired' });
      this.#keepQuietly(text);
      return;
    }
    const { commands, rest, firstLineUnderstood, suggestion } = parseCommands(text, {
      spellings: this.#policy.spellings,
    });
    if (!firstLineUnderstood) {
      this.#refuse(null, text.trim() === '' ? { code: 'no-text' } : { code: 'not-understood', suggestion });
      this.#keepQuietly(text);
      return;
    }
    if (!commands.every(isBuilt)) {
      this.#refuse(null, { code: 'not-understood', suggestion: null });
      this.#keepQuietly(text);
      return;
    }
    for (const command of commands) this.#carryOut(command);
    this.#keep(rest);
  }

  #carryOut(typed: BuiltCommand): void {
    if (typed.verb === 'help') {
      this.#results.push({ ok: true, verb: 'help', to: null, acceptBy: null, text: null, filesNotSent: 0 });
      return;
    }
    const command = this.#resolve(typed);
    if (command === null) return;
    const { result } = this.#decide(command);
    const files =
      command.verb === 'reply' ? this.#reply.mail.attachments.filter(({ inline }) => !inline).length : 0;
    this.#results.push(result.ok ? { ...result, filesNotSent: files } : result);
    // Words that did not get where they were meant to go are not lost.
    const text = 'text' in command ? command.text : 'note' in command ? command.note : null;
    if (!result.ok && text !== null) this.#keepText(text);
  }

  /** Turns names into members and words into texts; answers null when that was refused. */
  #resolve(typed: BuiltCommand): MemberCommand | null {
    switch (typed.verb) {
      case 'accept':
      case 'take':
      case 'reopen':
        return { verb: typed.verb };
      case 'help':
        return null;
      case 'decline':
        return { verb: 'decline', note: this.#textOf(typed.reason) };
      case 'done':
        return { verb: 'done', note: this.#textOf(typed.outcome) };
      case 'note':
      case 'reply': {
        const text = this.#textOf(typed.text);
        if (text === null) {
          this.#refuse(typed.verb, { code: 'no-text' });
          return null;
        }
        return { verb: typed.verb, text };
      }
      case 'handoff': {
        const found = resolveName(this.#policy, typed.name);
        if (found.type === 'one')
          return { verb: 'handoff', to: found.member.id, note: this.#textOf(typed.note) };
        this.#refuse('handoff', notOne(found));
        this.#keep(typed.note ?? '');
        return null;
      }
      default:
        return typed satisfies never;
    }
  }

  #decide(command: MemberCommand) {
    const decision = decideCommand(this.state, command, this.#context());
    this.#adopt(decision);
    return decision;
  }

  #context(): CommandContext {
    const { member, token } = this.#reply;
    return { by: member, shown: token.shown, now: this.#now, policy: this.#policy };
  }

  #adopt({ state, events, notices }: Decision): void {
    this.state = state;
    this.events.push(...events);
    this.notices.push(...notices);
  }

  #refuse(verb: Command['verb'] | null, rejection: Rejection): void {
    this.#results.push({ ok: false, verb, rejection });
  }

  #keep(words: string): void {
    const text = this.#textOf(words);
    if (text !== null) this.#keepText(text);
  }

  #keepText(text: TextId): void {
    this.#kept ??= text;
    this.#decide({ verb: 'note', text });
  }

  #keepQuietly(words: string): void {
    const text = this.#textOf(words);
    if (text === null) return;
    this.#kept ??= text;
    this.#adopt(keepWords(this.state, text, this.#context()));
  }

  #textOf(words: string | null): TextId | null {
    if (words === null || words.trim() === '') return null;
    const id = this.#deps.newTextId();
    const { id: messageId, conversationId, member } = this.#reply;
    this.texts.push({ id, conversationId, messageId, author: member, body: words.trim() });
    return id;
  }

  /** Whether any line of it was a command, carried out or refused. */
  get understood(): boolean {
    return this.#results.some((result) => result.ok || result.verb !== null);
  }

  receipt(): NoticeDraft {
    const { id, inboxId, conversationId, member } = this.#reply;
    const { phase, owner, accountable, version, lastCustomerMessage, epoch } = this.state;
    return {
      dedupeKey: `message:${id}/receipt/member:${member}`,
      inboxId,
      conversationId,
      seq: version,
      recipient: { type: 'member', member },
      body: {
        kind: 'receipt',
        results: this.#results,
        kept: this.#kept,
        after: { phase, owner, accountable },
      },
      shown: lastCustomerMessage,
      epoch,
    };
  }

  settlement(receipted: boolean): MessageChange {
    const { disposition, reason } = this.#outcome();
    const code = receipted ? reason.code : 'no-more-receipts';
    return { id: this.#reply.id, stage: 'settled', disposition, reason: { ...reason, code } };
  }

  #outcome(): { disposition: Disposition; reason: { code: string; sentence: string } } {
    const done = this.#results.flatMap((result) => (result.ok ? [result.verb] : []));
    if (done.length > 0)
      return { disposition: 'command', reason: { code: 'carried-out', sentence: done.join(', ') } };
    const [first] = this.#results;
    const code = first === undefined || first.ok ? 'nothing' : first.rejection.code;
    const noted = code === 'not-understood' || code === 'no-text';
    const sentence = noted ? 'no command was found in it; its text was kept' : 'the command was refused';
    return { disposition: noted ? 'teammate-note' : 'command-refused', reason: { code, sentence } };
  }
}

type BuiltVerb = MemberCommand['verb'] | 'help';
type BuiltCommand =
  | Extract<Command, { verb: Exclude<BuiltVerb, 'accept' | 'take' | 'reopen' | 'note' | 'reply' | 'help'> }>
  | { readonly verb: 'accept' | 'take' | 'reopen' | 'help' }
  | { readonly verb: 'note' | 'reply'; readonly text: string };

const Built: ReadonlySet<Command['verb']> = new Set<BuiltVerb>([
  ...(['accept', 'take', 'decline', 'handoff', 'done', 'reopen', 'note', 'reply', 'help'] as const),
]);

/** The other verbs are read already and carried out by nothing yet. */
const isBuilt = (command: Command): command is BuiltCommand => Built.has(command.verb);

function notOne(found: Exclude<ReturnType<typeof resolveName>, { type: 'one' }>): Rejection {
  switch (found.type) {
    case 'none':
      return { code: 'unknown-name', closest: found.closest.map(({ id }) => id) };
    case 'several':
      return { code: 'several-names', members: found.members.map(({ id }) => id) };
    case 'inactive':
      return { code: 'inactive-member', member: found.member.id };
    default:
      return found satisfies never;
  }
}
