/**
 * Carries out what a member wrote in answer to a mail of ours, and always says what came of it.
 *
 * The member was recognised by the classifier (token or answered notice, and the one From address). What is no
 * command is kept as a note; nothing reaches a customer unless it was addressed to them.
 */
import type { Command } from '../../domain/command/command.ts';
import { parseCommands } from '../../domain/command/parse.ts';
import type { MessageId } from '../../domain/ids.ts';
import { HOUR } from '../../domain/instant.ts';
import type { ReplyText } from '../../domain/message.ts';
import { currentPolicy } from '../current-policy.ts';
import { oneByOne } from '../one-by-one.ts';
import { parkMessage } from '../park-message.ts';
import type { Bell } from '../ports/queue.ts';
import type { PendingReply, StoredReply, Transaction } from '../ports/store.ts';
import { carryOutOnBelonging, isAboutBelonging } from './belonging-commands.ts';
import { answerHelp } from './help-answer.ts';
import { carryOutOnParked, isAboutParked } from './parked-commands.ts';
import { type ReplyDeps, ReplyWork } from './reply-work.ts';
import { carryOutOnRequest, isAboutRequest } from './request-commands.ts';
import { takeDown } from './taken-down.ts';

export async function applyReplies(deps: ReplyDeps, ids: readonly MessageId[]): Promise<void> {
  const pending = await deps.store.beginReplies(ids);
  await oneByOne(pending, async (reply) => {
    const bells = await deps.store.transact([], (tx) => applyReply(deps, tx, reply));
    for (const [bell, rung] of Object.entries(bells) as [Bell, readonly number[]][]) {
      if (rung.length > 0) await deps.queue.ring(bell, rung);
    }
  });
}

/** Who has to be rung for what was committed. */
type Bells = Readonly<Partial<Record<Bell, readonly number[]>>>;

async function applyReply(deps: ReplyDeps, tx: Transaction, pending: PendingReply): Promise<Bells> {
  const { id } = pending;
  const open = await tx.lockMessages([id], 'replying');
  if (!open.has(id)) return {};
  if (pending.tries > deps.limits.triesMax) {
    const why = `a teammate wrote it, and carrying it out failed ${deps.limits.triesMax} times`;
    return { deliver: await parkMessage(deps, tx, pending, { code: 'not-carried-out', why, reading: null }) };
  }
  const reply = await tx.readReply(id);
  if (reply.messageIdHash !== null && (await tx.hasActed(reply.messageIdHash))) {
    const reason = { code: 'acted-before', sentence: 'a mail with this Message-ID was carried out before' };
    await tx.write({ messages: [{ id, stage: 'settled', disposition: 'duplicate', reason }] });
    return {};
  }
  const work = await begin(deps, tx, reply, reply.mail.reply);
  await carryOutAll(work);
  const written = await tx.write(work.change(await mayReceive(tx, work)));
  return {
    deliver: written.notices,
    route: work.others.flatMap(({ before, after }) => (before === null ? [after.id] : [])),
    classify: work.moves.flatMap(({ id: moved, to }) => (to.stage === 'stored' ? [moved] : [])),
  };
}

async function begin(
  deps: ReplyDeps,
  tx: Transaction,
  reply: StoredReply,
  words: ReplyText,
): Promise<ReplyWork> {
  const { id, conversationId } = reply;
  const before =
    conversationId === null ? null : (await tx.lockConversations([conversationId])).get(conversationId);
  if (before === undefined) throw new Error(`message ${id} answers a conversation that does not exist`);
  const policy = await currentPolicy(deps, tx);
  const customer = conversationId === null ? null : await tx.findCustomer(conversationId);
  const contacts = conversationId === null ? new Map() : await tx.findContacts(conversationId);
  return new ReplyWork({ deps, tx, reply, words, before, policy, customer, contacts, now: await tx.now() });
}

const RECEIPTS_PER_HOUR_MAX = 10;

/**
 * A command always gets its receipt. What was not understood may come from a robot that answers every receipt, and
 * no mark of which gave it away: after ten in an hour its words are only kept.
 */
async function mayReceive(tx: Transaction, work: ReplyWork): Promise<boolean> {
  if (work.understood) return true;
  const { reply, now } = work.given;
  const sent = await tx.countReceipts(reply.conversationId, reply.member, now - HOUR);
  return sent < RECEIPTS_PER_HOUR_MAX;
}

async function carryOutAll(work: ReplyWork): Promise<void> {
  const { reply, words, now } = work.given;
  if (reply.token.purpose === 'parked') work.parked = reply.token.subject;
  if (reply.token.expiresAt <= now) {
    work.refuse(null, { code: 'expired' });
    work.keepQuietly(words.text);
    return;
  }
  if (reply.token.purpose === 'help') return answerHelp(work);
  const { commands, rest, firstLineUnderstood, suggestion } = parseCommands(words.text);
  if (!firstLineUnderstood) {
    const isEmpty = words.text.trim() === '';
    work.refuse(null, isEmpty ? { code: 'no-text' } : { code: 'not-understood', suggestion });
    work.keepQuietly(words.text);
    return;
  }
  for (const command of commands) await carryOut(work, command);
  work.keep(rest);
}

async function carryOut(work: ReplyWork, command: Command): Promise<void> {
  if (command.verb === 'new') return takeDown(work, command.text);
  if (work.parked !== null && isAboutParked(command)) return carryOutOnParked(work, work.parked, command);
  if (work.state !== null && isAboutBelonging(work, command)) return carryOutOnBelonging(work, command);
  if (work.state !== null && isAboutRequest(command)) return carryOutOnRequest(work, command);
  switch (command.verb) {
    case 'help':
    case 'status':
      work.results.push({ ok: true, verb: command.verb, to: null, acceptBy: null, text: null });
      return;
    default:
      work.refuse(command.verb, { code: 'not-here' });
  }
}
