/**
 * Whose request a mail is. Mostly its sender's; but a group that feeds an inbox writes its own address into From, a web
 * form writes for whoever filled it in, and members pass on what somebody sent to them.
 *
 * Nobody becomes a member by what is found here, since all of it is what the mail says of itself: a customer is
 * somebody we answer, never somebody we obey.
 */
import { parseStrictAddress, sameAddress, splitPlus } from './address.ts';
import type { ContactId } from './ids.ts';
import { type Address, headerValues, type Mail } from './message.ts';
import type { Policy } from './policy.ts';
import { memberByAddress } from './roster.ts';
import { fromOwnList } from './screening-marks.ts';

/** `group`: named by a group of ours that put itself into From. `form`: named by a web form, which a rule says it is. */
export type Customer = { readonly address: Address; readonly known: 'sender' | 'group' | 'form' };

/** What stands where nobody is named: a request without anybody to answer. */
export const NOBODY: Address = { name: '', address: '' };

/**
 * Who wrote the mail: its sender, or whom a group that feeds one of our inboxes names in its place. Google Groups and
 * Mailman put the group into From when the domain of the author forbids to send in its name (RFC 7489 section 6.3,
 * p=reject), and name the author in X-Original-From, X-Original-Sender or Reply-To.
 */
export function writerOf(mail: Mail, sender: Address | null, policy: Policy): Address | null {
  if (sender === null || !isInbox(policy, sender.address)) return sender;
  const own = [...policy.inboxes.values()].map(({ address }) => address);
  return (fromOwnList(mail, { addresses: own }) ? originalAuthor(mail, sender, policy) : null) ?? sender;
}

function originalAuthor(mail: Mail, { name }: Address, policy: Policy): Address | null {
  const [replyTo, ...more] = mail.replyTo;
  const named = [
    ...headerValues(mail, 'x-original-from'),
    ...headerValues(mail, 'x-original-sender'),
    // With several the group sends answers to itself as well, or to others: then it names nobody.
    ...(replyTo === undefined || more.length > 0 ? [] : [replyTo.address]),
  ];
  for (const value of named) {
    const address = parseStrictAddress(bareAddress(value));
    if (address !== null && !isInbox(policy, address)) return { name: nameBeforeVia(name), address };
  }
  return null;
}

/** `Maria Lopez <maria@example.com>` and `maria@example.com` alike; anything else is no address and stays none. */
function bareAddress(value: string): string {
  const text = value.trim();
  const open = text.lastIndexOf('<');
  return open >= 0 && text.endsWith('>') ? text.slice(open + 1, -1) : text;
}

/** "'Maria Lopez' via Support", as groups write it in every language that was seen. */
function nameBeforeVia(name: string): string {
  const at = name.lastIndexOf(' via ');
  return at < 0
    ? ''
    : name
        .slice(0, at)
        .replace(/^['"]+/, '')
        .replace(/['"]+$/, '')
        .trim();
}

/** Who is answered. `inReplyTo`: a rule says that such mail comes from a form which names its customer in Reply-To. */
export function customerOf(mail: Mail, sender: Address | null, inReplyTo: boolean, policy: Policy): Customer {
  const writer = writerOf(mail, sender, policy);
  const form = inReplyTo ? onlyOutsider(mail.replyTo, policy) : null;
  if (form !== null) return { address: form, known: 'form' };
  // Of several senders the first is shown; nobody of them is written to by a machine.
  if (writer === null) return { address: mail.from[0] ?? NOBODY, known: 'sender' };
  return { address: writer, known: writer === sender ? 'sender' : 'group' };
}

/** The one address there, when it can be mailed and is no inbox of ours. */
function onlyOutsider([first, ...more]: readonly Address[], policy: Policy): Address | null {
  if (first === undefined || more.length > 0) return null;
  const address = parseStrictAddress(first.address);
  return address === null || isInbox(policy, address) ? null : { name: first.name, address };
}

/**
 * Who wrote first what a member passed on, or for whom a member's program says it writes (Reply-To); null when the
 * mail names nobody but us, or nobody who can be mailed. A guess until the member confirms it.
 */
export function originalSenderOf(
  { forwarded, replyTo }: Pick<Mail, 'forwarded' | 'replyTo'>,
  policy: Policy,
): Address | null {
  const candidates = [forwarded === null || forwarded.from === null ? [] : [forwarded.from], replyTo];
  for (const named of candidates) {
    const outsider = onlyOutsider(named, policy);
    if (outsider !== null && memberByAddress(policy, outsider.address) === null) return outsider;
  }
  return null;
}

/** People whom a mail was also sent to: who answers for the request may put them in copy, and nobody else does. */
export function copiedPeople(
  { copied }: { readonly copied: readonly Address[] },
  request: { readonly customer: Address; readonly contacts: ReadonlyMap<ContactId, Address> },
  policy: Policy,
): Address[] {
  const known = [request.customer, ...request.contacts.values()];
  return copied.filter(
    ({ address }) =>
      parseStrictAddress(address) !== null &&
      !isInbox(policy, address) &&
      memberByAddress(policy, address, { includeInactive: true }) === null &&
      !known.some((one) => sameAddress(one.address, address)),
  );
}

/** The addresses of people outside that stand in a text, each once. */
export function outsidersIn(text: string, policy: Policy): string[] {
  const typed = text.split(/[\s,;:<>()[\]"]+/).map((word) => parseStrictAddress(word.replace(/[.!?]+$/, '')));
  const outside = (address: string): boolean =>
    !isInbox(policy, address) && memberByAddress(policy, address, { includeInactive: true }) === null;
  return [...new Set(typed.filter((address) => address !== null))].filter(outside);
}

/** Ours, with or without a tag. */
export const isInbox = (policy: Policy, address: string): boolean =>
  [...policy.inboxes.values()].some(
    (inbox) => sameAddress(inbox.address, address) || sameAddress(inbox.address, splitPlus(address).base),
  );
