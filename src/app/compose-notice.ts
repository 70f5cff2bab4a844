/** Turns a claimed notice into a mail: gathers what it may show, renders it, and addresses it. */
import { withAbsences } from '../domain/absences.ts';
import { domainOf, parseStrictAddress, sameAddress, withTag } from '../domain/address.ts';
import { isAutomatic } from '../domain/brakes.ts';
import { unreachedSince } from '../domain/conversation/state.ts';
import type { ConversationId, MessageId } from '../domain/ids.ts';
import type { Instant } from '../domain/instant.ts';
import type { Address } from '../domain/message.ts';
import type { NoticeBody, StoredNotice } from '../domain/notices/notice.ts';
import { renderNotice } from '../domain/notices/render.ts';
import { messageToldOf } from '../domain/notices/told-of.ts';
import type { MessageView, NoticeView, PlaceView } from '../domain/notices/view.ts';
import type { Inbox, Policy } from '../domain/policy.ts';
import { noticeKey, replyToken } from '../domain/reply-token.ts';
import { zoneOf } from '../domain/roster.ts';
import { signInToken } from '../domain/sign-in.ts';
import { localDate } from '../domain/standing-mails.ts';
import { countedOf } from './automatic-mail.ts';
import type { Deps } from './deps.ts';
import { linesOf } from './digest-lines.ts';
import { wasNeverAsked } from './never-asked.ts';
import { rightsOf } from './new-notice.ts';
import { passedFiles } from './passed-files.ts';
import type { MailToCompose, OutgoingAttachment } from './ports/mail-composer.ts';
import type { AttemptStart, ClaimedNotice } from './ports/outbox.ts';
import type { StoredRequest } from './ports/store.ts';

type ComposeDeps = Pick<Deps, 'store' | 'parser' | 'policy' | 'secret' | 'clock' | 'render'>;

/** A mail, and the one address that it is handed to: who is in copy gets a copy of their own. */
export type ComposedNotice = MailToCompose & Pick<AttemptStart, 'recipient' | 'counted'>;

/** The mail, or a code for why it will not be sent any more. */
export async function composeNotice(
  deps: ComposeDeps,
  claim: ClaimedNotice,
): Promise<ComposedNotice | { drop: string }> {
  const { notice } = claim;
  const policy = await policyFor(deps, notice);
  const current = await lookUp(deps, notice, policy);
  if ('drop' in current) return current;
  const { inbox, request, to } = current;
  const now = deps.clock.now();
  const view = await viewOf(deps, notice, current, policy, now);
  const bundled = await bundledIn(deps, notice, now);
  if (bundled?.length === 0) return { drop: 'overtaken' };
  return {
    ...(deps.render ?? renderNotice)(bundled === null ? view : { ...view, bundled }),
    ...addressing(deps.secret, notice, inbox, request),
    from: { name: senderName(notice.body, policy, inbox), address: inbox.address },
    recipient: to.address,
    counted: countedOf(deps, notice, to.address, request),
    ...shownRecipients(notice, request, to),
    messageId: `${claim.key}@${domainOf(inbox.address)}`,
    date: now,
    headers: headersOf(notice),
    attachments: bundled === null ? await filesOf(deps, notice, request) : await filesIn(deps, bundled),
  };
}

/** All that a mail shows, for a page that says the same; null when it would not be mailed any more. */
export async function viewOfMail(deps: ComposeDeps, notice: StoredNotice): Promise<NoticeView | null> {
  const policy = await policyFor(deps, notice);
  const current = await lookUp(deps, notice, policy);
  return 'drop' in current ? null : viewOf(deps, notice, current, policy, deps.clock.now());
}

async function viewOf(
  deps: Pick<ComposeDeps, 'store' | 'secret'>,
  notice: StoredNotice,
  { inbox, request }: Current,
  policy: Policy,
  now: Instant,
): Promise<NoticeView> {
  const told = messageToldOf(notice.body, request?.events ?? []);
  const requests = await requestsOf(deps, notice);
  return {
    notice,
    policy,
    inbox,
    now,
    timeZone: timeZoneOf(notice, policy, inbox, now),
    request,
    ...(requests !== null && { requests }),
    message: told === null ? null : await deps.store.readMessage(told),
    place: notice.body.kind === 'parked' ? await deps.store.readPlace(notice.body.messageId) : null,
    ...(notice.body.kind === 'sign-in' && { signIn: await signInOf(deps, notice.body) }),
    ...(notice.body.kind === 'look-back' && { lookedBack: await waitingIn(deps, notice.body) }),
    ...(notice.body.kind === 'digest' && { lines: await linesOf(deps, notice, notice.body, policy) }),
    texts: await textsOf(deps, notice, [
      ...(request === null ? [] : [request]),
      ...(requests?.values() ?? []),
    ]),
    ...(await deskOf(deps, notice)),
  };
}

/** The mails of those who wait, by which they are called. */
async function waitingIn(
  { store }: Pick<ComposeDeps, 'store'>,
  { waiting }: StoredNotice['body'] & { readonly kind: 'look-back' },
): Promise<NonNullable<NoticeView['lookedBack']>> {
  const found = new Map<MessageId, MessageView>();
  for (const { messageId } of waiting) {
    const message = await store.readMessage(messageId);
    if (message !== null) found.set(messageId, message);
  }
  return found;
}

/** What a bundle still has to tell, each as if it went out by itself; null for every other kind. */
async function bundledIn(
  deps: ComposeDeps,
  { body }: StoredNotice,
  now: Instant,
): Promise<NonNullable<NoticeView['bundled']> | null> {
  if (body.kind !== 'bundle') return null;
  const parts: { view: NoticeView; answerTo: string }[] = [];
  for (const notice of await deps.store.readNotices(body.notices)) {
    const policy = await policyFor(deps, notice);
    const current = await lookUp(deps, notice, policy);
    const rights = rightsOf(notice);
    if ('drop' in current || rights === null) continue;
    const answerTo = withTag(current.inbox.address, replyToken(deps.secret, rights));
    parts.push({ view: await viewOf(deps, notice, current, policy, now), answerTo });
  }
  return parts;
}

/** What a member wrote goes out in their name, from the inbox's address. */
function senderName(body: NoticeBody, policy: Policy, inbox: Inbox): string {
  if (body.kind !== 'customer-reply' && body.kind !== 'outside-help' && body.kind !== 'welcome')
    return inbox.name;
  const member = policy.members.get(body.by)?.name;
  return member === undefined ? inbox.name : `${member}, ${inbox.name}`;
}

/** Customers see who else reads along; whoever is in copy sees whose mail it is. */
function shownRecipients(
  { body, recipient }: StoredNotice,
  request: StoredRequest | null,
  to: Address,
): { readonly to: Address; readonly cc: readonly Address[] } {
  const isAlone = recipient.type === 'member' || AloneKinds.has(body.kind) || request === null;
  if (isAlone) return { to, cc: [] };
  const copied = request.state.copied.flatMap((id) => request.contacts.get(id) ?? []);
  const isUsable = ({ address }: Address): boolean => parseStrictAddress(address) !== null;
  const shown = isUsable(request.customer) ? request.customer : to;
  return { to: shown, cc: copied.filter((one) => isUsable(one) && !sameAddress(one.address, shown.address)) };
}

/** What nobody reads along: the confirmation of a customer's own mail, and what a helper outside is asked. */
const AloneKinds: ReadonlySet<NoticeBody['kind']> = new Set([
  'acknowledgement',
  'outside-help',
  'outside-reminder',
]);

/** The bytes of a notice that was tried before, or why it is not tried again, however often that failed. */
export async function sentAgain(
  deps: Pick<ComposeDeps, 'store' | 'policy' | 'secret' | 'clock'>,
  notice: StoredNotice,
  mail: { readonly recipient: string; readonly raw: Uint8Array },
): Promise<Pick<AttemptStart, 'recipient' | 'raw' | 'counted'> | { drop: string }> {
  const current = await lookUp(deps, notice, deps.policy());
  if ('drop' in current) return current;
  return { ...mail, counted: countedOf(deps, notice, mail.recipient, current.request) };
}

/** With who is away by now, where a mail tells whom to ask. */
async function policyFor({ policy, store }: ComposeDeps, { body }: StoredNotice): Promise<Policy> {
  const tells =
    body.kind === 'last-asked' ||
    body.kind === 'cover-answered' ||
    (body.kind === 'receipt' && body.results.some(({ verb }) => verb === 'away'));
  return tells ? withAbsences(policy(), await store.toldAbsences()) : policy();
}

/** What came of orders about several requests is told of each, and what nobody was told. */
async function requestsOf(
  { store }: Pick<ComposeDeps, 'store'>,
  { body }: StoredNotice,
): Promise<ReadonlyMap<ConversationId, StoredRequest> | null> {
  const told = body.kind === 'receipt' ? body.requests : body.kind === 'shadow' ? body.items : undefined;
  if (told === undefined) return null;
  const found: [ConversationId, StoredRequest][] = [];
  for (const { conversationId: id } of told) found.push([id, await store.readRequest(id)]);
  return new Map(found);
}

/** Words that were kept of an answer about no request are none of a request's. */
async function textsOf(
  { store }: Pick<ComposeDeps, 'store'>,
  { body }: StoredNotice,
  requests: readonly StoredRequest[],
): Promise<NoticeView['texts']> {
  const known = new Map(requests.flatMap(({ texts }) => [...texts]));
  if (body.kind !== 'receipt' || body.kept === null || known.has(body.kept)) return known;
  const kept = await store.readText(body.kept);
  return kept === null ? known : new Map([...known, [body.kept, kept]]);
}

/** The desk that a receipt of `mine` and the morning list show. */
async function deskOf(
  { store }: Pick<ComposeDeps, 'store'>,
  { body, recipient }: StoredNotice,
): Promise<Pick<NoticeView, 'mine' | 'mineParked'>> {
  const shows =
    body.kind === 'morning-list' ||
    (body.kind === 'receipt' && body.results.some(({ ok, verb }) => ok && verb === 'mine'));
  if (!shows || recipient.type !== 'member') return { mine: null };
  const mine = await store.readDesk(recipient.member);
  const places: PlaceView[] = [];
  for (const id of (await store.parkedOf([recipient.member])).slice(0, PARKED_MAX)) {
    const place = await store.readPlace(id);
    if (place !== null) places.push(place);
  }
  return { mine, mineParked: places };
}

const PARKED_MAX = 20;

type Current = { readonly inbox: Inbox; readonly request: StoredRequest | null; readonly to: Address };

async function lookUp(
  deps: Pick<ComposeDeps, 'store' | 'secret' | 'clock'>,
  notice: StoredNotice,
  policy: Policy,
): Promise<Current | { drop: string }> {
  const inbox = policy.inboxes.get(notice.inboxId);
  if (inbox === undefined) return { drop: 'inbox-removed' };
  const { conversationId: id } = notice;
  const request = id === null ? null : await deps.store.readRequest(id);
  const to = recipientOf(notice, policy, request);
  if (to === null) return { drop: 'member-left' };
  if (isOvertaken(notice, request) || isOutOfDate(notice, policy, deps.clock.now()))
    return { drop: 'overtaken' };
  if (await wasNeverAsked(deps, notice, request)) return { drop: 'overtaken' };
  return { inbox, request, to };
}

function recipientOf(
  { recipient, body }: StoredNotice,
  policy: Policy,
  request: StoredRequest | null,
): Address | null {
  if (recipient.type === 'contact') return request?.contacts.get(recipient.contact) ?? null;
  if (recipient.type === 'customer') {
    const customer = request?.customer ?? null;
    // Their name is what somebody wrote, like their subject: see notices/customer.ts.
    const isUnproved = body.kind === 'acknowledgement' && request?.state.acknowledge !== 'echo';
    return customer !== null && isUnproved ? { name: '', address: customer.address } : customer;
  }
  const member = policy.members.get(recipient.member);
  const address = member?.addresses[0];
  return member?.active && address !== undefined ? { name: member.name, address } : null;
}

/** The files of the mails that it passes on; who takes something over, or helps with it, gets all of the request's. */
async function filesOf(
  deps: Pick<ComposeDeps, 'store' | 'parser'>,
  { body }: StoredNotice,
  request: StoredRequest | null,
): Promise<readonly OutgoingAttachment[]> {
  switch (body.kind) {
    case 'customer-reply':
    case 'outside-help':
    case 'help-answered':
    case 'customer-wrote': {
      const message = body.messageId === null ? null : await deps.store.readMessage(body.messageId);
      const isForOutside = body.kind === 'customer-reply' || body.kind === 'outside-help';
      return message === null ? [] : passedFiles(deps, [message], isForOutside ? 'outside' : 'team');
    }
    case 'handoff':
    case 'help-asked':
      return passedFiles(deps, request?.messages ?? [], 'team');
    default:
      return [];
  }
}

/** The files of all that customers wrote, as many as one mail should carry; nothing else that is bundled has any. */
function filesIn(
  deps: Pick<ComposeDeps, 'store' | 'parser'>,
  bundled: NonNullable<NoticeView['bundled']>,
): Promise<readonly OutgoingAttachment[]> {
  const told = bundled.flatMap(({ view: { notice, request } }) => {
    const { body } = notice;
    if (body.kind !== 'customer-wrote') return [];
    return request?.messages.filter(({ id }) => id === body.messageId) ?? [];
  });
  return passedFiles(deps, told, 'team');
}

/** A question that is no longer open is not put to anybody, however long the outbox had to wait. */
function isOvertaken({ body, seq, recipient }: StoredNotice, request: StoredRequest | null): boolean {
  // What was meant for somebody is not told to whoever turned out to be the customer since.
  if (recipient.type === 'customer' && seq !== null)
    return changedHands(request, seq) || (body.kind !== 'customer-reply' && comesBack(request));
  const asks = body.kind === 'offer' || body.kind === 'handoff' || body.kind === 'last-asked';
  if (!asks) return false;
  const offer = request?.state.offer ?? null;
  // A reminder tells of a later event than the question.
  if (body.reminder === true) return offer?.to !== (recipient.type === 'member' ? recipient.member : null);
  return offer?.seq !== seq;
}

/** From where it was asked is kept for an hour, by which links are counted, and so in no notice. */
async function signInOf(
  { store, secret }: Pick<ComposeDeps, 'store' | 'secret'>,
  { board, link }: NoticeBody & { readonly kind: 'sign-in' },
): Promise<NonNullable<NoticeView['signIn']>> {
  const from = (await store.readVisitor(link)) ?? 'that is no longer known';
  return { url: `${board}/sign-in/${signInToken(secret, link)}`, from };
}

/** What was so yesterday stands in the digest of today; a link that works no more is sent to nobody. */
function isOutOfDate({ body, recipient }: StoredNotice, policy: Policy, now: Instant): boolean {
  if (body.kind === 'sign-in') return body.expiresAt <= now;
  if (body.kind !== 'digest' || recipient.type !== 'member') return false;
  return localDate(zoneOf(policy, recipient.member, now) ?? 'UTC', now).toString() > body.date;
}

/** Nothing of ours goes by itself to where mail comes back from, also when it was written before that was known. */
const comesBack = (request: StoredRequest | null): boolean =>
  request !== null && unreachedSince(request.state) !== null;

const changedHands = (request: StoredRequest | null, since: number): boolean =>
  request?.events.some((event) => event.type === 'customer-changed' && event.seq > since) ?? false;

/** Members answer to a keyed address, and read one thread a request; customers see their own thread alone. */
function addressing(secret: string, notice: StoredNotice, inbox: Inbox, request: StoredRequest | null) {
  const rights = rightsOf(notice);
  if (rights !== null) {
    const replyTo = { name: inbox.name, address: withTag(inbox.address, replyToken(secret, rights)) };
    // Each day and week is a thread of its own: below yesterday's it would be read as yesterday's.
    if (['digest', 'weekly-report', 'look-back'].includes(notice.body.kind))
      return { replyTo, inReplyTo: null, references: [] };
    const root = noticeKey(secret, `thread:${notice.conversationId}/${readerOf(notice)}`);
    const rootId = `${root}@${domainOf(inbox.address)}`;
    return { replyTo, inReplyTo: rootId, references: [rootId] };
  }
  const references = request?.customerMessageIds ?? [];
  return { replyTo: null, inReplyTo: references.at(-1) ?? null, references };
}

/** Whose thread it is: one a member, and one for each question to somebody outside. */
function readerOf({ recipient, body }: StoredNotice): string {
  if (recipient.type === 'member') return recipient.member;
  return `help:${'help' in body ? body.help : 0}`;
}

/**
 * RFC 3834 section 5. What a member writes is a person's mail, and is not marked. No Precedence: no standard has it,
 * and `bulk` has confirmations sorted out as advertising.
 */
function headersOf(notice: StoredNotice): Record<string, string> {
  const { kind } = notice.body;
  const toMember = notice.recipient.type === 'member';
  if (!toMember && !isAutomatic(notice)) return {};
  // Only a member's out-of-office is wanted: it tells that nobody is there to answer a question.
  const silence: Record<string, string> = toMember ? {} : { 'X-Auto-Response-Suppress': SILENCE };
  const submitted = kind === 'acknowledgement' ? 'auto-replied' : 'auto-generated';
  return { 'Auto-Submitted': submitted, 'X-Baton-Notice': kind, ...silence };
}

/** [MS-OXCMAIL] 2.1.3.2.3. Not `All`, which asks for no delivery failure (NDR) either, and that we want to know of. */
const SILENCE = 'DR, RN, NRN, OOF, AutoReply';

function timeZoneOf({ recipient }: StoredNotice, policy: Policy, inbox: Inbox, now: Instant): string {
  const known = recipient.type === 'member' ? zoneOf(policy, recipient.member, now) : null;
  return known ?? inbox.timeZone;
}
