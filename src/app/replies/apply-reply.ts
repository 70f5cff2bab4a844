/**
 * Carries out what a member wrote in answer to a mail of ours, and always says what came of it.
 *
 * The member was recognised by the classifier (token or answered notice, and the one From address). What is no
 * command is kept as a note; nothing reaches a customer unless it was addressed to them.
 */
import type { Rate } from '../../domain/brakes.ts';
import type { Command } from '../../domain/command/command.ts';
import { type ParsedCommands, type ParseOptions, parseCommands } from '../../domain/command/parse.ts';
import type { InboxId, MessageId } from '../../domain/ids.ts';
import { DAY, HOUR, type Instant } from '../../domain/instant.ts';
import { categoryOfTeam, categoryTyped } from '../../domain/learning/categories.ts';
import type { ReplyText } from '../../domain/message.ts';
import type { Listed } from '../../domain/notices/listed.ts';
import type { Policy } from '../../domain/policy.ts';
import type { Rejection } from '../../domain/rejections.ts';
import { keyOfMessageId } from '../../domain/reply-token.ts';
import { resolveName } from '../../domain/roster.ts';
import { isOnlyThanks } from '../../domain/thanks.ts';
import { currentPolicy } from '../current-policy.ts';
import { listedOnDesk } from '../morning-list.ts';
import { oneByOne } from '../one-by-one.ts';
import { parkMessage } from '../park-message.ts';
import type { Bell } from '../ports/queue.ts';
import type { PendingReply, StoredReply, Transaction } from '../ports/store.ts';
import { carryOutOnBelonging, isAboutBelonging } from './belonging-commands.ts';
import { carryOutOnCategory, isAboutCategory } from './category-commands.ts';
import { answersCover, carryOutCoverAnswer } from './cover-answer.ts';
import { carryOutAtDesk, isAboutDesk } from './desk-commands.ts';
import { answerHelp } from './help-answer.ts';
import { askForNumber, carryOutOnNamed, findListing, namedIn, stillListed } from './listed-requests.ts';
import { carryOutOnParked, isAboutParked } from './parked-commands.ts';
import { type ReplyDeps, ReplyWork } from './reply-work.ts';
import { carryOutOnRequest, isAboutRequest } from './request-commands.ts';
import { takeOver } from './take-over.ts';
import { takeDown } from './taken-down.ts';

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
    reply: { ...reply, conversationId },
  });
}

/** What the mail of ours that it answers listed to choose from. */
async function choicesIn(
  tx: Transaction,
  { mail, member }: StoredReply,
): Promise<Pick<ReplyWork['given'], 'listedNames' | 'listedCategories'>> {
  const keys = mail.inReplyTo.map(keyOfMessageId).filter((key) => key !== null);
  const bodies = (await tx.findNotices(keys)).flatMap(({ notice: { recipient, body } }) =>
    recipient.type === 'member' && recipient.member === member ? [body] : [],
  );
  const refused = bodies.flatMap((body) =>
    body.kind === 'receipt' ? body.results.flatMap((result) => (result.ok ? [] : [result.rejection])) : [],
  );
  const guessed = bodies.flatMap((body) => (body.kind === 'offer' ? (body.choices ?? []) : []));
  return {
    listedNames: bodies.some(({ kind }) => kind === 'last-asked') || refused.some(listsNames),
    listedCategories: [
      ...guessed.map(({ category }) => category),
      ...refused.flatMap((rejection) => (rejection.code === 'unknown-category' ? rejection.known : [])),
    ],
  };
}

const listsNames = ({ code }: Rejection): boolean => code === 'unknown-name' || code === 'several-names';

/** For commands about one request, or about none, to one member: more than a person who clears a desk ever needs. */
const RECEIPTS_MAX: Rate = { hour: 60, day: 200 };
/** The same for what was no command. */
const NOT_UNDERSTOOD_MAX: Rate = { hour: 10, day: 30 };

/**
 * A command gets its receipt. But a robot behind a member's address may answer every receipt, no mark of which gives
 * it away, and some begin with "yes": beyond these its words are only kept, and so is mere thanks.
 */
async function mayReceive(tx: Transaction, work: ReplyWork): Promise<boolean> {
  if (!work.understood && isCourtesy(work)) return false;
  const { hour, day } = work.understood ? RECEIPTS_MAX : NOT_UNDERSTOOD_MAX;
  const { reply, now } = work.given;
  const sentSince = (since: Instant) => tx.countNotices('receipt', reply.member, since, reply.conversationId);
  return (await sentSince(now - HOUR)) < hour && (await sentSince(now - DAY)) < day;
}

/** "Thanks" of whoever is asked nothing wants no answer; of whoever is asked, it may have meant yes. */
function isCourtesy({ given: { reply, words, before } }: ReplyWork): boolean {
  const isAsked = before?.offer?.to === reply.member || reply.token.purpose === 'cover';
  return !isAsked && isOnlyThanks(words.text, reply.mail.attachments.length > 0);
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
  const parsed = parseCommands(words.text, readingOf(work));
  if (parsed.firstLineUnderstood) return carryOutEach(work, parsed);
  const isEmpty = words.text.trim() === '';
  const { suggestion } = parsed;
  work.refuse(null, isEmpty ? { code: 'no-text' } : { code: 'not-understood', suggestion });
  work.keepQuietly(words.text);
}

async function carryOutEach(work: ReplyWork, { commands, rest }: ParsedCommands): Promise<void> {
  for (const order of commands) {
    if (order.about === undefined) await carryOut(work, order);
    else await carryOutOnNamed(work, order, commands);
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

async function carryOut(work: ReplyWork, command: Command): Promise<void> {
  if (command.verb === 'take-over') return takeOver(work);
  if (command.verb === 'new') return takeDown(work, command.text);
  if (isAboutDesk(command)) return carryOutAtDesk(work, command);
  if (work.given.listing !== null) return askForNumber(work, work.given.listing, command);
  if (answersCover(work, command)) return carryOutCoverAnswer(work, command);
  if (work.parked !== null && isAboutParked(command)) return carryOutOnParked(work, work.parked, command);
  if (work.state !== null && isAboutBelonging(work, command)) return carryOutOnBelonging(work, command);
  if (work.state !== null && isAboutCategory(work, command)) return carryOutOnCategory(work, command);
  if (work.state !== null && isAboutRequest(command)) return carryOutOnRequest(work, command);
  work.refuse(command.verb, { code: 'not-here' });
}
