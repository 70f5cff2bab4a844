/**
 * Carries out what a member wrote in answer to a mail of ours, and always says what came of it.
 *
 * The member was recognised by the classifier (token or answered notice, and the one From address). What is no
 * command is kept as a note; nothing reaches a customer unless it was addressed to them.
 */
import { type ParsedCommands, type ParseOptions, parseCommands } from '../../domain/command/parse.ts';
import type { InboxId, MessageId } from '../../domain/ids.ts';
import { categoryOfTeam, categoryTyped } from '../../domain/learning/categories.ts';
import type { ReplyText } from '../../domain/message.ts';
import type { Listed } from '../../domain/notices/listed.ts';
import type { Policy } from '../../domain/policy.ts';
import type { Rejection } from '../../domain/rejections.ts';
import { keyOfMessageId } from '../../domain/reply-token.ts';
import { resolveName } from '../../domain/roster.ts';
import { currentPolicy } from '../current-policy.ts';
import { listedOnDesk } from '../morning-list.ts';
import { oneByOne } from '../one-by-one.ts';
import { parkMessage } from '../park-message.ts';
import type { Bell } from '../ports/queue.ts';
import type { PendingReply, StoredReply, Transaction } from '../ports/store.ts';
import { carryOut, isHeldBack } from './carry-out-command.ts';
import { answerHelp } from './help-answer.ts';
import { carryOutOnNamed, findListing, namedIn, stillListed } from './listed-requests.ts';
import { mayReceive } from './may-receive.ts';
import { type ReplyDeps, ReplyWork } from './reply-work.ts';

export async function applyReplies(deps: ReplyDeps, ids: readonly MessageId[]): Promise<void> {
  const pending = await deps.store.beginReplies(ids);
  await oneByOne(pending, async (reply) => {
    // What failed too often is not tried again, its reading included.
    const words = reply.tries > deps.limits.triesMax ? null : await newlyWritten(deps, reply);
    const bells = await deps.store.transact([], (tx) => applyReply(deps, tx, reply, words));
    for (const [bell, rung] of Object.entries(bells) as [Bell, readonly number[]][]) {
      if (rung.length > 0) await deps.queue.ring(bell, rung);
    }
  });
}

/** How many mails of ours an answer may quote: a thread shows the latest. */
const SENT_MAX = 30;

/**
 * What its author wrote, with all that we had sent them taken out. Outside of locks, since it reads mails; null when
 * they cannot be read now, and then the words count that were found when it came in.
 */
async function newlyWritten(
  { store, parser, log }: ReplyDeps,
  { id, member, conversationId }: PendingReply,
): Promise<ReplyText | null> {
  const raw = await store.readRaw(id);
  if (raw === null) return null;
  const sent = await store.readSent(member, conversationId, SENT_MAX);
  const [read] = await parser.extractReply([{ raw, sent }]);
  if (read?.ok) return read.reply;
  log.warn({ step: 'reply', message: id, code: read?.code }, 'the words of an answer could not be read anew');
  return null;
}

/** Who has to be rung for what was committed. */
type Bells = Readonly<Partial<Record<Bell, readonly number[]>>>;

async function applyReply(
  deps: ReplyDeps,
  tx: Transaction,
  pending: PendingReply,
  words: ReplyText | null,
): Promise<Bells> {
  const { id } = pending;
  const open = await tx.lockMessages([id], 'replying');
  if (!open.has(id)) return {};
  if (pending.tries > deps.limits.triesMax) {
    const why = `a teammate wrote it, and carrying it out failed ${deps.limits.triesMax} times`;
    const author = pending.member;
    return {
      deliver: await parkMessage(deps, tx, pending, { code: 'not-carried-out', why, reading: null, author }),
    };
  }
  const reply = await tx.readReply(id);
  if (reply.messageIdHash !== null && (await tx.hasActed(reply.messageIdHash))) {
    const reason = { code: 'acted-before', sentence: 'a mail with this Message-ID was carried out before' };
    await tx.write({ messages: [{ id, stage: 'settled', disposition: 'duplicate', reason }] });
    return {};
  }
  const work = await begin(deps, tx, reply, words ?? reply.mail.reply);
  await carryOutAll(work);
  work.listed = await listedAfter(work);
  const written = await tx.write(work.change(await mayReceive(tx, work)));
  return {
    deliver: written.notices,
    route: work.parts.flatMap(({ others }) =>
      others.flatMap(({ before, after }) => (before === null ? [after.id] : [])),
    ),
    classify: work.parts.flatMap(({ moves }) =>
      moves.flatMap(({ id: moved, to }) => (to.stage === 'stored' ? [moved] : [])),
    ),
  };
}

async function begin(
  deps: ReplyDeps,
  tx: Transaction,
  reply: StoredReply,
  words: ReplyText,
): Promise<ReplyWork> {
  const listing = await findListing(deps.secret, tx, reply);
  // A mail that listed several requests is about none of them, wherever it was written.
  const conversationId = listing === null ? reply.conversationId : null;
  // What a no names is looked at later: here only the numbers count.
  const { commands } = parseCommands(words.text, { spellings: deps.policy().spellings, instead: () => true });
  const named = conversationId === null ? namedIn(commands, listing) : [conversationId];
  const states = await tx.lockConversations(named);
  const before = conversationId === null ? null : states.get(conversationId);
  if (before === undefined) throw new Error(`message ${reply.id} answers a conversation that does not exist`);
  const policy = await currentPolicy(deps, tx);
  const customer = conversationId === null ? null : await tx.findCustomer(conversationId);
  const contacts = conversationId === null ? new Map() : await tx.findContacts(conversationId);
  const choices = await choicesIn(tx, reply);
  const now = await tx.now();
  return new ReplyWork({
    ...{ deps, tx, words, before, policy, customer, contacts, ...choices, listing, states, now },
    reply: { ...reply, conversationId, key: `message:${reply.id}` },
  });
}

/** What the mail of ours that it answers listed to choose from, and whether it was the welcome mail. */
async function choicesIn(
  tx: Transaction,
  { mail, member }: StoredReply,
): Promise<Pick<ReplyWork['given'], 'listedNames' | 'listedCategories' | 'isWelcomed'>> {
  const keys = mail.inReplyTo.map(keyOfMessageId).filter((key) => key !== null);
  const bodies = (await tx.findNotices(keys)).flatMap(({ notice: { recipient, body } }) =>
    recipient.type === 'member' && recipient.member === member ? [body] : [],
  );
  const refused = bodies.flatMap((body) =>
    body.kind === 'receipt' ? body.results.flatMap((result) => (result.ok ? [] : [result.rejection])) : [],
  );
  const guessed = bodies.flatMap((body) => (body.kind === 'offer' ? (body.choices ?? []) : []));
  return {
    isWelcomed: bodies.some(({ kind }) => kind === 'welcome'),
    listedNames: bodies.some(({ kind }) => kind === 'last-asked') || refused.some(listsNames),
    listedCategories: [
      ...guessed.map(({ category }) => category),
      ...refused.flatMap((rejection) => (rejection.code === 'unknown-category' ? rejection.known : [])),
    ],
  };
}

const listsNames = ({ code }: Rejection): boolean => code === 'unknown-name' || code === 'several-names';

async function carryOutAll(work: ReplyWork): Promise<void> {
  const { reply, words, now } = work.given;
  if (reply.token.purpose === 'parked') work.parked = reply.token.subject;
  if (reply.token.expiresAt <= now) {
    work.refuse(null, { code: 'expired' });
    work.keepQuietly(words.text);
    return;
  }
  if (reply.token.purpose === 'help') return answerHelp(work);
  const parsed = parseCommands(words.text, readingOf(work));
  if (parsed.firstLineUnderstood) return carryOutEach(work, parsed);
  const isEmpty = words.text.trim() === '';
  const { suggestion } = parsed;
  const welcomed = work.given.isWelcomed && { welcomed: true as const };
  work.refuse(null, isEmpty ? { code: 'no-text' } : { code: 'not-understood', suggestion, ...welcomed });
  work.keepQuietly(words.text);
}

async function carryOutEach(work: ReplyWork, { commands, rest }: ParsedCommands): Promise<void> {
  for (const order of commands) {
    if (order.about === undefined) await carryOut(work, order);
    else if (!isHeldBack(work, order)) await carryOutOnNamed(work, order, commands);
  }
  // Where one request alone was named, what stands below is about it.
  const [only, ...more] = work.named.values();
  (only !== undefined && more.length === 0 ? only : work).keep(rest);
}

/** What the receipt lists: all that the writer asked to see, or what they answered, as it is by now. */
async function listedAfter({ results, parts, given }: ReplyWork): Promise<readonly Listed[]> {
  const { tx, reply, listing } = given;
  const states = parts.flatMap(({ state }) => state ?? []);
  if (!results.some(({ ok, verb }) => ok && verb === 'mine'))
    return listing === null ? [] : stillListed(listing, states);
  const changed = new Map(states.map((state) => [state.id, state]));
  const desk = (await tx.readDesk(reply.member)).map(({ state }) => changed.get(state.id) ?? state);
  return listedOnDesk(desk, reply.member, given.now);
}

/** What the same words mean in answer to this mail. */
function readingOf({ given }: ReplyWork): ParseOptions {
  const { before, reply, policy, listedNames, listedCategories } = given;
  const { member, token } = reply;
  const wasAsked = before !== null && before.owner !== member && before.asked.includes(member);
  return {
    spellings: policy.spellings,
    // A bare name counts only as the answer to a mail that listed some.
    mayName: (typed) => listedNames && resolveName(policy, typed).type === 'one',
    mayChoose: (typed) => {
      const meant = before === null ? null : categoryTyped(policy, before.inboxId, typed);
      return meant !== null && listedCategories.includes(meant.id);
    },
    instead: (typed) => inboxesOf(given).some((inbox) => isCategory(policy, inbox, typed)),
    offered: wasAsked || token.purpose === 'cover',
    colleague: (typed) => resolveName(policy, typed).type !== 'none',
  };
}

/** Of the requests that it may be about. */
const inboxesOf = ({ before, states }: ReplyWork['given']): readonly InboxId[] =>
  before === null ? [...states.values()].map(({ inboxId }) => inboxId) : [before.inboxId];

const isCategory = (policy: Policy, inboxId: InboxId, typed: string): boolean =>
  categoryTyped(policy, inboxId, typed) !== null || categoryOfTeam(policy, inboxId, typed) !== null;
