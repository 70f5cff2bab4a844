/** What every kind of notice needs to say: who reads it, what people are called, when things are, what was written. */

import { sameAddress } from '../address.ts';
import type { Helper } from '../conversation/events.ts';
import type { ContactId, InboxId, MemberId, MessageId, TextId } from '../ids.ts';
import type { Instant } from '../instant.ts';
import type { Address } from '../message.ts';
import { memberByAddress, resolveName } from '../roster.ts';
import { baseSubject } from '../subject.ts';
import { timeZoneAt } from '../work-pattern.ts';
import { command, own, type Span, say, words } from './doc.ts';
import type { Recipient } from './notice.ts';
import { timeWords } from './times.ts';
import type { MessageView, NoticeView, RequestView } from './view.ts';
import { mayOpenCommand, NAME_MAX, oneLine } from './words.ts';

export type Scene = {
  readonly view: NoticeView;
  /** Who reads it; null: the customer. */
  readonly reader: MemberId | null;
  /** False when words of customers and members are left out because a line of them would act when quoted. */
  readonly withWords: boolean;
  /** It stands in a mail with others, where a word alone would not say which of them it answers. */
  readonly bundled?: true;
};

export function sceneOf(view: NoticeView, withWords: boolean): Scene {
  const { recipient } = view.notice;
  return { view, reader: recipient.type === 'member' ? recipient.member : null, withWords };
}

/** The request that the notice is about; a notice of this kind always has one. */
export function requestOf(scene: Scene): RequestView {
  const { request, notice } = scene.view;
  if (request === null) throw new Error(`a notice of kind ${notice.body.kind} is about a request`);
  return request;
}

export const at = (scene: Scene, instant: Instant): Span =>
  own(timeWords(instant, scene.view.now, zoneAt(scene, instant)));

/** A reader who moves means times after that by their clock there, as their own words in a command do. */
function zoneAt({ view, reader }: Scene, instant: Instant): string {
  const schedule = reader === null ? undefined : view.policy.members.get(reader)?.schedule;
  return schedule?.changes === undefined ? view.timeZone : timeZoneAt(schedule, instant);
}

export const isReader = (scene: Scene, id: MemberId | null): boolean => id !== null && id === scene.reader;

/** Whether its reader is the one who is asked to take the request now. */
export const isAsked = ({ view, reader }: Scene): boolean =>
  reader !== null && view.request?.state.offer?.to === reader;

/** A member's name as the roster has it; somebody unknown by their id. */
export function nameOf(scene: Scene, id: MemberId): Span {
  const name = scene.view.policy.members.get(id)?.name ?? id;
  return words(oneLine(name, NAME_MAX) === '' ? id : name, NAME_MAX);
}

/** "Priya", or "you" for the reader. */
export const nameOrYou = (scene: Scene, id: MemberId): Span =>
  isReader(scene, id) ? own('you') : nameOf(scene, id);

/** `"handoff to Sam"`. */
const handoffTo = (scene: Scene, id: MemberId): Span => command(`handoff to ${shortName(scene, id)}`);

/** `"Sam"`: in answer to a mail that lists names, a name alone asks that person to take it; an address does not. */
export function bareName(scene: Scene, id: MemberId): Span {
  const name = shortName(scene, id);
  return mayOpenCommand(name) || name.includes('@') ? handoffTo(scene, id) : command(name);
}

/** The shortest name that means this member and nobody else. */
export function shortName(scene: Scene, id: MemberId): string {
  const { policy } = scene.view;
  const member = policy.members.get(id);
  const name = oneLine(member?.name ?? id, NAME_MAX);
  // Two may share a name, and nobody but the configuration knows an id; an address is one person's.
  const spellings = [name.split(' ')[0] ?? name, name, ...(member?.addresses.slice(0, 1) ?? []), id];
  const found = spellings.find((spelling) => {
    const meant = resolveName(policy, spelling);
    return meant.type === 'one' && meant.member.id === id;
  });
  return (found ?? id).replaceAll('"', '');
}

/** The customer's name, else the address. */
export function customerOf(scene: Scene): Span {
  const { request } = scene.view;
  if (request === null || !scene.withWords) return words(`the ${scene.view.inbox.customerWord}`, NAME_MAX);
  return words(customerText(request.customer), NAME_MAX);
}

export const customerText = ({ name, address }: { name: string; address: string }): string =>
  oneLine(name, NAME_MAX) || oneLine(address, NAME_MAX) || 'unknown sender';

/** Somebody outside the team who helps or is in copy: their name, else their address. */
export function contactOf(scene: Scene, id: ContactId): Span {
  const contact = scene.view.request?.contacts.get(id);
  if (contact === undefined || !scene.withWords) return own('somebody outside');
  return words(customerText(contact), NAME_MAX);
}

export const helperOf = (scene: Scene, helper: Helper): Span =>
  helper.type === 'member' ? nameOf(scene, helper.member) : contactOf(scene, helper.contact);

export function recipientOf(scene: Scene, recipient: Recipient): Span {
  if (recipient.type === 'member') return nameOf(scene, recipient.member);
  return recipient.type === 'contact' ? contactOf(scene, recipient.contact) : customerOf(scene);
}

/** What the configuration calls whoever writes: customer, tenant, patient, guest. */
export const customerWord = (scene: Scene): Span => words(scene.view.inbox.customerWord, NAME_MAX);

export const frontDesk = (scene: Scene): Span => words(scene.view.inbox.frontDeskName, NAME_MAX);

export const inboxName = (scene: Scene): Span => words(scene.view.inbox.name, NAME_MAX * 2);

/** Another inbox of ours; one that has left the configuration by its id. */
export const inboxOf = (scene: Scene, id: InboxId): Span =>
  words(scene.view.policy.inboxes.get(id)?.name ?? id, NAME_MAX * 2);

/** What a member wrote; null when there is none, or it was erased. */
export function textOf(scene: Scene, id: TextId | null): string | null {
  const body = id === null ? undefined : scene.view.texts.get(id)?.body;
  return body === undefined || oneLine(body, 1) === '' ? null : body;
}

/** Who wrote a message, as its reader knows them. */
export function writerOf(scene: Scene, message: MessageView): Span {
  const member = memberByAddress(scene.view.policy, message.from.address, { includeInactive: true });
  if (member !== null) return nameOf(scene, member.id);
  if (sameAddress(message.from.address, scene.view.inbox.address)) return inboxName(scene);
  if (!scene.withWords) return message.stranger ? own('somebody else') : customerOf(scene);
  return words(customerText(message.from), NAME_MAX);
}

/** `Maria Lopez (maria@mail.example)`: who is meant beyond doubt, for a reader who is to say yes to it. */
export function nameAndAddress(scene: Scene, person: Address | null, otherwise: string): readonly Span[] {
  if (person === null || !scene.withWords) return [own(otherwise)];
  const address = words(person.address, ADDRESS_MAX);
  return oneLine(person.name, NAME_MAX) === ''
    ? [address]
    : say`${words(person.name, NAME_MAX)} (${address})`;
}

const ADDRESS_MAX = 120;

/** Somebody outside whom a member asked for help or put in copy: no stranger, and not the customer. */
export function knownContact(scene: Scene, { address }: Address): ContactId | null {
  const found = [...requestOf(scene).contacts].find(([, contact]) => sameAddress(contact.address, address));
  return found?.[0] ?? null;
}

/** Neither a stranger's nor ours. */
export function isCustomers(scene: Scene, message: MessageView): boolean {
  const { policy, inbox } = scene.view;
  if (message.stranger || sameAddress(message.from.address, inbox.address)) return false;
  if (knownContact(scene, message.from) !== null) return false;
  // A member who writes in as a customer is the customer here.
  if (sameAddress(message.from.address, requestOf(scene).customer.address)) return true;
  return memberByAddress(policy, message.from.address, { includeInactive: true }) === null;
}

export function messageOf(scene: Scene, id: MessageId): MessageView | null {
  const { request, message } = scene.view;
  return request?.messages.find((one) => one.id === id) ?? (message?.id === id ? message : null);
}

const SUBJECT_MAX = 64;

/** One subject for all mails about one request: mail programs split a thread when it changes. */
export function requestSubject(scene: Scene): string {
  const { state, subject, customer } = requestOf(scene);
  return `#${state.id} ${topicOf(subject)}, ${customerText(customer)}`;
}

export function topicOf(subject: string): string {
  return oneLine(baseSubject(oneLine(subject, 1_000)), SUBJECT_MAX) || '(no subject)';
}
