/** Commits what a verdict on a message means: its disposition, and what it changes in a conversation. */
import { decideCommand } from '../domain/conversation/commands.ts';
import { decide, type Happening } from '../domain/conversation/decide.ts';
import type { Conversation } from '../domain/conversation/state.ts';
import type { Decision } from '../domain/conversation/step.ts';
import type { Disposition } from '../domain/disposition.ts';
import type { ContactId, ConversationId, MessageId } from '../domain/ids.ts';
import { failureIn } from '../domain/lost-mail.ts';
import type { NoticeDraft, StoredNotice } from '../domain/notices/notice.ts';
import { doubtOf } from '../domain/sender-authentication/authentication.ts';
import { isOnlyThanks } from '../domain/thanks.ts';
import type { Verdict } from '../domain/verdict.ts';
import { afterLoss } from './after-loss.ts';
import { type Case, type Extra, settled } from './case.ts';
import { currentPolicy } from './current-policy.ts';
import { noticesOf } from './new-notice.ts';
import { notCountedNotice } from './not-counted.ts';
import { openRequest } from './open-request.ts';
import type { ConversationChange, NewText } from './ports/store.ts';
import { addressedInboxes, type Reading } from './reading.ts';
import { helpOf, memberUnreached, notTold, returnsOf } from './returned-mail.ts';

export async function carryOut(item: Case): Promise<void> {
  const { verdict } = item;
  switch (verdict.type) {
    case 'own':
    case 'history':
    case 'bulk':
      return settle(item, verdict.type);
    case 'duplicate':
      return settleCopy(item, verdict.copyOf);
    case 'request':
      return openRequest(item, verdict.follows);
    case 'follow-up': {
      const { text } = item.reading.mail.reply;
      const onlyThanks = isOnlyThanks(text, item.reading.mail.attachments.length > 0);
      const { id: messageId, inboxId } = item.message;
      const inboxes = onlyThanks ? [] : addressedInboxes(item.reading.mail, item.deps.policy(), inboxId);
      return change(item, 'follow-up', { type: 'customer-wrote', messageId, onlyThanks, inboxes });
    }
    case 'stranger':
      return change(item, 'follow-up', { type: 'attached', messageId: item.message.id, as: 'stranger' });
    case 'not-counted':
      return keepWithoutEffect(item, verdict);
    case 'answered-directly': {
      if (item.findings.target === null) return settle(item, 'teammate-reply', { member: verdict.member });
      const happening = {
        type: 'answered-directly',
        messageId: item.message.id,
        by: verdict.member,
      } as const;
      return change(item, 'teammate-reply', happening, { member: verdict.member });
    }
    case 'member-note':
      return keepNote(item, verdict.member);
    case 'reply':
      return leaveToReplyWorker(item, verdict);
    case 'help-answer':
      return passHelpOn(item, verdict.contact);
    case 'machine':
      return machine(item, verdict.disposition, verdict.lost);
    default:
      return verdict satisfies never;
  }
}

/** Looks like a member's word and is none: shown to who answers for it, and told to the member in whose name it came. */
async function keepWithoutEffect(item: Case, verdict: Verdict & { type: 'not-counted' }): Promise<void> {
  const { deps, tx, message, findings, ring } = item;
  const { member, why } = verdict;
  const policy = await currentPolicy(deps, tx);
  const now = await tx.now();
  const told = async (about: Conversation | null): Promise<NoticeDraft[]> => {
    const notice = await notCountedNotice(
      tx,
      policy,
      message.inboxId,
      about,
      member,
      { messageId: message.id, why },
      now,
    );
    return notice === null ? [] : [notice];
  };
  const before = findings.target;
  if (before === null) {
    const written = await tx.write({
      messages: [settled(item, 'command-refused', {})],
      notices: noticesOf(deps, await told(null), now),
    });
    ring('deliver', written.notices);
    return;
  }
  const happening = {
    type: 'attached',
    messageId: message.id,
    as: 'stranger',
    toldOtherwise: member,
  } as const;
  const decision = decide(before, happening, now, policy);
  const notices = [...decision.notices, ...(await told(decision.state))];
  await commit(item, 'follow-up', before, { ...decision, notices }, {}, []);
}

/** A machine's answer: moves an open question when nobody is there to answer it, and otherwise is only shown. */
async function machine(
  item: Case,
  disposition: 'bounce' | 'auto-reply' | 'report',
  lost: boolean,
): Promise<void> {
  const { target, notice } = item.findings;
  if (target === null) return looseNoticeReturned(item, disposition);
  const answered = lost ? whatWasLost(item, target) : null;
  const messageId = item.message.id;
  if (answered === null) return change(item, disposition, { type: 'attached', messageId, as: disposition });
  const isBounce = disposition === 'bounce';
  await change(item, disposition, {
    type: 'not-reached',
    messageId,
    lost: notice?.body.kind ?? 'offer',
    why: isBounce ? 'bounce' : 'auto-reply',
    failure: isBounce ? failureIn(item.reading.mail.report) : null,
    help: notice === null ? null : helpOf(notice),
    ...answered,
  });
}

/** A machine's word about nothing, or about a notice outside of any conversation, which then has reached nobody. */
async function looseNoticeReturned(
  item: Case,
  disposition: 'bounce' | 'auto-reply' | 'report',
): Promise<void> {
  const { deps, tx, reading, findings, ring } = item;
  const { notice } = findings;
  const isLost = notice !== null && (disposition === 'bounce' || isAwayFrom(notice, disposition, reading));
  const failure = disposition === 'bounce' ? failureIn(reading.mail.report) : null;
  const why = disposition === 'bounce' ? 'bounce' : 'auto-reply';
  const loss = { why, failure, messageId: item.message.id } as const;
  const followed = isLost ? await afterLoss(deps, tx, notice, loss) : null;
  const written = await tx.write({
    messages: [settled(item, disposition, {})],
    returns: returnsOf(item),
    ...followed,
  });
  ring('deliver', written.notices);
}

/**
 * Whoever is out of office cannot stand in for somebody else, and is not there to answer what stands in a bundle; a
 * parked mail that they were told of waits for them.
 */
const isAwayFrom = (
  { body, recipient }: StoredNotice,
  disposition: 'bounce' | 'auto-reply' | 'report',
  { member, authentication }: Reading,
): boolean =>
  doubtOf(authentication) === null &&
  (body.kind === 'cover-asked' || body.kind === 'bundle') &&
  disposition === 'auto-reply' &&
  recipient.type === 'member' &&
  recipient.member === member;

/**
 * The recipient and event of the notice that came back. A bounce proves itself by the notice's key; an automatic
 * answer must also come from the member who was written to, and be proved to, since whoever holds a forwarded mail
 * could send one.
 */
function whatWasLost({ reading, findings, verdict }: Case, target: Conversation) {
  const { notice, token } = findings;
  const isBounce = verdict.type === 'machine' && verdict.disposition === 'bounce';
  const isProved = doubtOf(reading.authentication) === null;
  // A key of this request says nothing of a mail about another.
  if (notice !== null && notice.conversationId !== target.id) return null;
  if (notice !== null && notice.seq !== null) {
    const { recipient } = notice;
    const isTheirs = recipient.type !== 'member' || (recipient.member === reading.member && isProved);
    return isBounce || isTheirs ? { recipient, seq: notice.seq } : null;
  }
  const { member } = reading;
  if (member === null || token?.member !== member || !isProved || target.offer?.to !== member) return null;
  return { recipient: { type: 'member', member } as const, seq: target.offer.seq };
}

/** A member wrote into a request without answering a mail of ours: kept and shown, never parsed as a command. */
async function keepNote(item: Case, member: string): Promise<void> {
  const { deps, tx, message, reading, findings } = item;
  if (findings.target === null) return settle(item, 'teammate-note', { member });
  const text: NewText = {
    id: deps.newTextId(),
    conversationId: findings.target.id,
    messageId: message.id,
    author: member,
    body: reading.mail.reply.text || reading.mail.text,
  };
  const now = await tx.now();
  const context = {
    by: member,
    messageId: message.id,
    shown: null,
    answered: 0,
    now,
    policy: deps.policy(),
  };
  const decision = decideCommand(findings.target, { verb: 'note', text: text.id }, context);
  await commit(item, 'teammate-note', findings.target, decision, { member }, [text]);
}

/** What somebody outside answers goes to whoever asked, whichever of their questions it is about. */
async function passHelpOn(item: Case, contact: ContactId): Promise<void> {
  const { message, findings } = item;
  const { target, token, notice } = findings;
  if (target === null) throw new Error(`message ${message.id} answers a question about no request`);
  const asked = notice?.body.kind === 'outside-help' ? notice.body.help : null;
  const theirs = target.helps.filter(({ of }) => of.type === 'contact' && of.contact === contact);
  const help = theirs.find(({ seq }) => seq === (token?.subject ?? asked)) ?? theirs.at(-1);
  // Of a request that became a part of this one: its question ended with it, and the same number is another's here.
  const isHere = (token ?? notice)?.conversationId === target.id;
  const closed = isHere ? (token?.subject ?? asked ?? 0) : 0;
  const by = help?.by ?? target.owner ?? target.accountable;
  if (by === null) throw new Error(`conversation ${target.id} has neither owner nor accountable member`);
  await change(item, 'teammate-note', {
    type: 'help-answered',
    help: help?.seq ?? closed,
    of: { type: 'contact', contact },
    by,
    messageId: message.id,
    text: null,
  });
}

async function leaveToReplyWorker(item: Case, verdict: Verdict & { type: 'reply' }): Promise<void> {
  const { tx, message, reading, ring } = item;
  const { reason, conversationId, member, tokenHash: hash } = verdict;
  await tx.write({
    messages: [
      {
        id: message.id,
        stage: 'replying',
        disposition: null,
        reason,
        conversationId,
        member,
        tokenHash: hash,
        reading: reading.stored,
      },
    ],
  });
  ring('reply', [message.id]);
}

async function settle(item: Case, disposition: Disposition, extra: Extra = {}): Promise<void> {
  await item.tx.write({ messages: [settled(item, disposition, extra)] });
}

/**
 * Another inbox than that of the request got a copy of a customer's mail, and the mail does not say so: whoever has
 * the front desk there is told all the same.
 */
async function settleCopy(item: Case, copyOf: MessageId): Promise<void> {
  const { deps, tx, message, reading, ring } = item;
  const isNews = message.role === 'inbox' && !message.history && reading.screening.kind === 'person';
  const original = isNews ? await tx.lockSettled(copyOf) : null;
  const isCustomers = original?.disposition === 'request' || original?.disposition === 'follow-up';
  const id = isCustomers ? original.conversationId : null;
  const before = id === null ? undefined : (await tx.lockConversations([id])).get(id);
  if (before === undefined) return settle(item, 'duplicate', { copyOf });
  const policy = await currentPolicy(deps, tx);
  const happening = { type: 'also-came', messageId: copyOf, inboxes: [message.inboxId] } as const;
  const { state: after, events, notices } = decide(before, happening, await tx.now(), policy);
  const written = await tx.write({
    conversations: events.length === 0 ? [] : [{ before, after, events }],
    messages: [settled(item, 'duplicate', { copyOf })],
    notices: noticesOf(deps, notices, after.lastEventAt),
  });
  ring('deliver', written.notices);
}

async function change(
  item: Case,
  disposition: Disposition,
  happening: Happening,
  extra: Extra = {},
): Promise<void> {
  const { deps, tx } = item;
  const before = targetOf(item);
  const policy = await currentPolicy(deps, tx);
  const now = await tx.now();
  const decision = decide(before, happening, now, policy);
  const unreached =
    happening.type === 'not-reached'
      ? memberUnreached(policy, before.inboxId, happening.recipient, happening.failure, now)
      : [];
  const notices = [...decision.notices, ...notTold(unreached, decision.notices)];
  await commit(item, disposition, before, { ...decision, notices }, extra, []);
}

function targetOf({ findings, message }: Case): Conversation {
  if (findings.target === null)
    throw new Error(`message ${message.id} changes a conversation that it has none of`);
  return findings.target;
}

async function commit(
  item: Case,
  disposition: Disposition,
  before: Conversation,
  decision: Decision,
  extra: Extra,
  texts: readonly NewText[],
): Promise<void> {
  const { deps, tx, ring } = item;
  const conversationId: ConversationId = before.id;
  const changed: ConversationChange = { before, after: decision.state, events: decision.events };
  const written = await tx.write({
    conversations: [changed],
    messages: [settled(item, disposition, { ...extra, conversationId })],
    notices: noticesOf(deps, decision.notices, decision.state.lastEventAt),
    returns: returnsOf(item),
    texts,
  });
  ring('deliver', written.notices);
  if (decision.state.phase === 'arrived') ring('route', [conversationId]);
}
