/**
 * Orders with the numbers of requests in front of them (`1042 done`), in answer to a mail that listed these requests.
 *
 * A number gives no right: it counts for what the answered mail had listed for this member, and there it means as much
 * as an answer to a mail about that one request. What each request's lines come to is collected as such an answer would
 * be (reply-work.ts), and all of it is committed together.
 */
import type { Command, Order, Verb } from '../../domain/command/command.ts';
import type { Conversation } from '../../domain/conversation/state.ts';
import type { ConversationId, InboxId } from '../../domain/ids.ts';
import { type Listed, listed, listedIn } from '../../domain/notices/listed.ts';
import { filesThatGo } from '../../domain/passed-files.ts';
import type { Policy } from '../../domain/policy.ts';
import { noticeKey } from '../../domain/reply-token.ts';
import type { StoredReply, Transaction } from '../ports/store.ts';
import { carryOutOnBelonging, isAboutBelonging } from './belonging-commands.ts';
import { carryOutOnCategory, isAboutCategory } from './category-commands.ts';
import { ReplyWork } from './reply-work.ts';
import { carryOutOnRequest, isAboutRequest } from './request-commands.ts';

/** The requests that the answered mail listed, by their numbers; null: it was about one, or about none. */
export type Listing = ReadonlyMap<ConversationId, Listed>;

export async function findListing(
  secret: string,
  tx: Pick<Transaction, 'findNotices'>,
  { token, member }: Pick<StoredReply, 'token' | 'member'>,
): Promise<Listing | null> {
  if (token.purpose !== 'list' || token.list === undefined) return null;
  const [found] = await tx.findNotices([noticeKey(secret, token.list)]);
  const isTheirs = found?.notice.recipient.type === 'member' && found.notice.recipient.member === member;
  const list = isTheirs ? (listedIn(found.notice.body) ?? []) : [];
  return new Map(list.map((one) => [one.conversationId, one]));
}

/** Those of the numbers in front of orders that may be acted on: all of them are locked at once, in order. */
export const namedIn = (orders: readonly Order[], listing: Listing | null): readonly ConversationId[] =>
  listing === null
    ? []
    : [...new Set(orders.flatMap(({ about }) => about ?? []))].filter((id) => listing.has(id));

/** What is meant for one request, one text or one address at a time. */
const ForOneEach: ReadonlySet<Verb> = new Set<Verb>([
  ...(['reply', 'send', 'release', 'ask', 'add', 'for', 'split', 'merge'] as const),
]);

/** Verbs whose words go out with the files of the mail they came in. */
const SendsFiles: ReadonlySet<Verb> = new Set<Verb>(['reply', 'ask']);

export async function carryOutOnNamed(work: ReplyWork, order: Order, all: readonly Order[]): Promise<void> {
  const { about = [], ...command } = order;
  if (about.length > 1 && ForOneEach.has(command.verb)) {
    work.refuse(command.verb, { code: 'one-request-each' });
    return work.keep(textOf(command));
  }
  for (const id of about) await carryOutOn(work, id, command, all);
}

async function carryOutOn(
  work: ReplyWork,
  id: ConversationId,
  command: Command,
  all: readonly Order[],
): Promise<void> {
  const { listing, before } = work.given;
  // In answer to a mail about this very request the number says nothing new.
  const own = listing === null && before?.id === id ? work : null;
  const target = own ?? (await workOn(work, id));
  if (target === null) {
    work.refuse(command.verb, { code: 'not-listed', reference: id });
    return work.keep(textOf(command));
  }
  const { inboxId } = target.given.reply;
  if (!isProvedFor(work.given.policy, work.given.reply.inboxId, inboxId)) {
    target.refuse(command.verb, { code: 'other-inbox', inbox: inboxId });
    // Nor do the words of whoever it is get into the request.
    return work.keep(textOf(command));
  }
  if (SendsFiles.has(command.verb) && hasFilesForSeveral(work, all)) {
    target.refuse(command.verb, { code: 'which-files' });
    return target.keep(textOf(command));
  }
  if (command.verb === 'merge' && isNamedElsewhere(command.into, all))
    return target.refuse('merge', { code: 'merge-apart', reference: command.into });
  if (command.verb === 'status') target.succeed('status');
  else if (isAboutBelonging(target, command)) await carryOutOnBelonging(target, command);
  else if (isAboutCategory(target, command)) await carryOutOnCategory(target, command);
  else if (isAboutRequest(command)) carryOutOnRequest(target, command);
  else target.refuse(command.verb, { code: 'not-here' });
}

/** The work on one of the listed requests, as if a mail about it had been answered; null: it was not listed. */
async function workOn(work: ReplyWork, id: ConversationId): Promise<ReplyWork | null> {
  const known = work.named.get(id);
  if (known !== undefined) return known;
  const { listing, states, tx, reply } = work.given;
  const shownOf = listing?.get(id);
  const before = states.get(id);
  if (shownOf === undefined || before === undefined) return null;
  const { shown, answered, epoch } = shownOf;
  const token = {
    ...reply.token,
    purpose: 'request',
    conversationId: id,
    subject: null,
    shown,
    answered,
    epoch,
  } as const;
  const made = new ReplyWork({
    ...work.given,
    reply: { ...reply, conversationId: id, inboxId: before.inboxId, token },
    before,
    listing: null,
    listedNames: false,
    isWelcomed: false,
    listedCategories: [],
    customer: await tx.findCustomer(id),
    contacts: await tx.findContacts(id),
  });
  work.named.set(id, made);
  return made;
}

/** Both ends of a merge change, so nothing else of the same answer may be about the one that it goes on in. */
function isNamedElsewhere(into: ConversationId, all: readonly Order[]): boolean {
  const named = all.flatMap((order) => [
    ...(order.about ?? []),
    ...(order.verb === 'merge' ? [order.into] : []),
  ]);
  return named.filter((id) => id === into).length > 1;
}

/** Whether what proved the writer to the inbox that the answer came to proves them to the other as well. */
function isProvedFor(policy: Policy, came: InboxId, about: InboxId): boolean {
  if (came === about) return true;
  const [here, there] = [came, about].map((id) => policy.inboxes.get(id)?.authentication);
  return there !== undefined && JSON.stringify(here) === JSON.stringify(there);
}

function hasFilesForSeveral({ given: { reply } }: ReplyWork, all: readonly Order[]): boolean {
  if (filesThatGo(reply.mail?.attachments ?? [], 'outside').go.length === 0) return false;
  const receivers = all.filter(({ verb }) => SendsFiles.has(verb)).flatMap(({ about }) => about ?? []);
  return new Set(receivers).size > 1;
}

/** The words that were typed with it: kept when it is refused. */
function textOf(command: Command): string | null {
  if ('text' in command) return command.text;
  if ('note' in command) return command.note;
  if ('what' in command) return command.what;
  if ('reason' in command) return command.reason;
  return 'outcome' in command ? command.outcome : null;
}

/** Which of several is meant, nobody can tell. */
export function askForNumber(work: ReplyWork, listing: Listing, command: Command): void {
  work.refuse(command.verb, { code: 'number-first', listed: [...listing.keys()] });
  work.keep(textOf(command));
}

/** Requests that were named are listed as they are now, the others as the answered mail had shown them. */
export function stillListed(listing: Listing, states: readonly Conversation[]): readonly Listed[] {
  const all = new Map(listing);
  for (const state of states) all.set(state.id, listed(state));
  return [...all.values()];
}
