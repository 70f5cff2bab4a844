/** A stored mail as mails of ours show it: what was newly written, by whom, and to whom else it went. */
import type { ConversationEvent } from '../conversation/events.ts';
import type { Disposition } from '../disposition.ts';
import type { MemberId, MessageId, TextId } from '../ids.ts';
import type { Instant } from '../instant.ts';
import type { Address, Mail } from '../message.ts';
import type { MessageView, TextView } from './view.ts';

export type ShownMessage = {
  readonly id: MessageId;
  readonly storedAt: Instant;
  readonly disposition: Disposition | null;
  /** The member whose mail it is; null for everybody else's. */
  readonly member: MemberId | null;
  readonly mail: Omit<Mail, 'headers'>;
  /** Whether only its words are still kept, and the files are gone with its bytes. */
  readonly bare?: boolean;
};

const COPIED_MAX = 50;

/** What a member passed on is shown as what was passed on. */
export function messageView(message: ShownMessage, strangers: ReadonlySet<MessageId>): MessageView {
  const { id, storedAt, mail, member } = message;
  const bare = message.bare ?? false;
  const base = {
    id,
    storedAt,
    attachments: bare ? [] : mail.attachments,
    stranger: strangers.has(id),
    copied: [...mail.to, ...mail.cc].slice(0, COPIED_MAX),
  };
  const passed = passedOn(message);
  if (passed !== null && passed.from !== null && member !== null) {
    const { from, subject, above } = passed;
    const text = bare ? withFilesGone(passed.text, mail) : passed.text;
    return { ...base, from, subject, text, forwardedFrom: from, passedOn: { by: member, above } };
  }
  const from = mail.from[0] ?? { name: '', address: '' };
  // A mail of which nothing counts as newly written (an answer below the quote) is shown whole.
  const words = mail.reply.text === '' ? mail.text : mail.reply.text;
  const text = bare ? withFilesGone(words, mail) : words;
  return { ...base, from, subject: mail.subject, text, forwardedFrom: null, passedOn: null };
}

/** Files that nobody can be sent are told of as what they are. */
function withFilesGone(text: string, { attachments }: Pick<Mail, 'attachments'>): string {
  const files = attachments.filter(({ inline }) => !inline).length;
  if (files === 0) return text;
  return `${text}\n\n[${files === 1 ? 'a file that came with this is' : `${files} files that came with this are`} no longer kept]`;
}

const passedOn = ({ disposition, member, mail }: ShownMessage): Mail['forwarded'] =>
  disposition === 'request' && member !== null ? mail.forwarded : null;

/** Those whom nobody knew before they wrote. */
export const strangersIn = (events: readonly ConversationEvent[]): ReadonlySet<MessageId> =>
  new Set(
    events.flatMap((event) =>
      event.type === 'attached' && event.as === 'stranger' ? [event.messageId] : [],
    ),
  );

/** The requests that became a part of this one. */
export const absorbedIn = (events: readonly ConversationEvent[]): number[] =>
  events.flatMap((event) => (event.type === 'absorbed' ? [event.from] : []));

/**
 * The Message-IDs by which a customer's program knows the thread. That of a mail which a member passed on says nothing
 * to it, and is nobody's business outside; nor is that of a stranger, who may be a member under another address.
 */
export function threadOf(
  messages: readonly ShownMessage[],
  customer: Address,
  strangers: ReadonlySet<MessageId>,
): string[] {
  return messages
    .filter(({ id, member, disposition, mail }) => {
      if (strangers.has(id)) return false;
      const isOurs = disposition === 'request' && member !== null;
      return !isOurs || mail.from[0]?.address === customer.address;
    })
    .flatMap(({ mail }) => mail.messageId ?? []);
}

/** A request that a member took down has no mail of its customer's: its words stand in the mail's place. */
export function withWordsTakenDown(
  messages: readonly MessageView[],
  events: readonly ConversationEvent[],
  texts: ReadonlyMap<TextId, TextView>,
  { subject, customer }: { readonly subject: string; readonly customer: Address },
): readonly MessageView[] {
  const [first] = events;
  const words = first?.type === 'arrived' && first.text !== null ? texts.get(first.text) : undefined;
  if (first?.type !== 'arrived' || words === undefined) return messages;
  const taken: MessageView = {
    id: first.messageId,
    storedAt: first.at,
    from: customer,
    subject,
    text: words.body,
    attachments: [],
    stranger: false,
    copied: [],
    forwardedFrom: null,
    passedOn: { by: words.author, above: '' },
  };
  return [taken, ...messages];
}
