/** Turns a claimed notice into a mail: gathers what it may show, renders it, and addresses it. */
import { domainOf, withTag } from '../domain/address.ts';
import type { Address } from '../domain/message.ts';
import type { NoticeBody, StoredNotice } from '../domain/notices/notice.ts';
import { renderNotice } from '../domain/notices/render.ts';
import type { MessageView, NoticeView } from '../domain/notices/view.ts';
import type { Inbox, Policy } from '../domain/policy.ts';
import { noticeKey, replyToken } from '../domain/reply-token.ts';
import type { Deps } from './deps.ts';
import { rightsOf } from './new-notice.ts';
import type { MailToCompose } from './ports/mail-composer.ts';
import type { ClaimedNotice, StoredRequest } from './ports/store.ts';

type ComposeDeps = Pick<Deps, 'store' | 'policy' | 'secret' | 'clock'>;

/** The mail, or a code for why it will not be sent any more. */
export async function composeNotice(
  deps: ComposeDeps,
  claim: ClaimedNotice,
): Promise<MailToCompose | { drop: string }> {
  const { notice } = claim;
  const policy = deps.policy();
  const current = await lookUp(deps, notice, policy);
  if ('drop' in current) return current;
  const { inbox, request, to } = current;
  const now = deps.clock.now();
  const rendered = renderNotice({
    notice,
    policy,
    inbox,
    now,
    timeZone: timeZoneOf(notice, policy, inbox),
    request,
    message: await messageToldOf(deps, notice.body),
    texts: request?.texts ?? new Map(),
    mine: await deskOf(deps, notice),
  } satisfies NoticeView);
  return {
    ...rendered,
    ...addressing(deps.secret, notice, inbox, request),
    from: { name: inbox.name, address: inbox.address },
    to,
    messageId: `${claim.key}@${domainOf(inbox.address)}`,
    date: now,
    headers: headersOf(notice.body),
  };
}

/** Why a notice that was tried before is not tried again, however often that failed; null: it is as wanted as ever. */
export async function whyNotAgain(
  deps: Pick<ComposeDeps, 'store' | 'policy'>,
  { notice }: ClaimedNotice,
): Promise<{ drop: string } | null> {
  const current = await lookUp(deps, notice, deps.policy());
  return 'drop' in current ? current : null;
}

/** The desk that a receipt of `mine` shows. */
async function deskOf({ store }: Pick<ComposeDeps, 'store'>, { body, recipient }: StoredNotice) {
  if (body.kind !== 'receipt' || recipient.type !== 'member') return null;
  return body.results.some(({ ok, verb }) => ok && verb === 'mine') ? store.readDesk(recipient.member) : null;
}

/** Beside those of the request: what could not be read, or what was passed on. */
async function messageToldOf(
  { store }: Pick<ComposeDeps, 'store'>,
  body: NoticeBody,
): Promise<MessageView | null> {
  if (body.kind === 'parked' || body.kind === 'for-whom') return store.readMessage(body.messageId);
  const parked = body.kind === 'receipt' ? body.parked : undefined;
  return parked === undefined ? null : store.readMessage(parked);
}

type Current = { readonly inbox: Inbox; readonly request: StoredRequest | null; readonly to: Address };

async function lookUp(
  { store }: Pick<ComposeDeps, 'store'>,
  notice: StoredNotice,
  policy: Policy,
): Promise<Current | { drop: string }> {
  const inbox = policy.inboxes.get(notice.inboxId);
  if (inbox === undefined) return { drop: 'inbox-removed' };
  const request = notice.conversationId === null ? null : await store.readRequest(notice.conversationId);
  const to = recipientOf(notice, policy, request);
  if (to === null) return { drop: 'member-left' };
  if (isOvertaken(notice, request)) return { drop: 'overtaken' };
  return { inbox, request, to };
}

function recipientOf(
  { recipient }: StoredNotice,
  policy: Policy,
  request: StoredRequest | null,
): Address | null {
  if (recipient.type === 'customer') return request?.customer ?? null;
  if (recipient.type === 'contact') return request?.contacts.get(recipient.contact) ?? null;
  const member = policy.members.get(recipient.member);
  const address = member?.addresses[0];
  return member?.active && address !== undefined ? { name: member.name, address } : null;
}

/** A question that is no longer open is not put to anybody, however long the outbox had to wait. */
function isOvertaken({ body, seq, recipient }: StoredNotice, request: StoredRequest | null): boolean {
  // What was meant for somebody is not told to whoever turned out to be the customer since.
  if (recipient.type === 'customer' && seq !== null) return changedHands(request, seq);
  const asks =
    body.kind === 'offer' || body.kind === 'handoff' || (body.kind === 'last-asked' && !body.reminder);
  return asks && request?.state.offer?.seq !== seq;
}

const changedHands = (request: StoredRequest | null, since: number): boolean =>
  request?.events.some((event) => event.type === 'customer-changed' && event.seq > since) ?? false;

/** Members answer to a keyed address, and read one thread a request; customers see their own thread alone. */
function addressing(secret: string, notice: StoredNotice, inbox: Inbox, request: StoredRequest | null) {
  const rights = rightsOf(notice);
  if (rights !== null && notice.recipient.type === 'member') {
    const root = noticeKey(secret, `thread:${notice.conversationId}/${notice.recipient.member}`);
    const rootId = `${root}@${domainOf(inbox.address)}`;
    const address = withTag(inbox.address, replyToken(secret, rights));
    return { replyTo: { name: inbox.name, address }, inReplyTo: rootId, references: [rootId] };
  }
  const references = request?.customerMessageIds ?? [];
  return { replyTo: null, inReplyTo: references.at(-1) ?? null, references };
}

/** RFC 3834 section 5. What an owner writes is a person's mail, and is not marked. */
function headersOf({ kind }: NoticeBody): Record<string, string> {
  if (kind === 'customer-reply') return {};
  // Only a member's out-of-office is wanted: it tells that nobody is there to answer a question.
  const silence: Record<string, string> =
    kind === 'acknowledgement' ? { 'X-Auto-Response-Suppress': 'All' } : {};
  const submitted = kind === 'acknowledgement' ? 'auto-replied' : 'auto-generated';
  return { 'Auto-Submitted': submitted, 'X-Baton-Notice': kind, ...silence };
}

function timeZoneOf({ recipient }: StoredNotice, policy: Policy, inbox: Inbox): string {
  const member = recipient.type === 'member' ? policy.members.get(recipient.member) : undefined;
  return member?.schedule.timeZone ?? inbox.timeZone;
}
