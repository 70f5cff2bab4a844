/**
 * How far the erasure of a person goes, judged row by row. Pure, so that one test can hold it to every case:
 *
 * - Their own requests lose everything: mails, notes, answers, names, subjects, and our mails about them.
 * - A mail that they wrote goes whole, wherever it is; so does one about no request that was written to them.
 * - In anything else that names them (they were in copy, a teammate quoted them) the address is taken out of the words
 *   and the raw bytes go, since those cannot be changed: the other customer's request stays answerable.
 * - In requests that theirs have touched (merged, split, where they helped or wrote in) our mails go, which can be long
 *   quotes of theirs, and what teammates quoted in their answers to them.
 */
import type { ConversationId, MemberId } from './ids.ts';
import type { Content } from './learning/example.ts';
import { type Needles, needle, rawSpeaksOf, speaksOf, withoutMentions } from './mentions.ts';
import type { Address, Mail } from './message.ts';

export type Erased = {
  /** In lower case, in every spelling of their domain. */
  readonly addresses: readonly string[];
  /** How others write them: the addresses, and those with the at sign replaced, as in return paths of lists. */
  readonly needles: Needles;
  /** What else our own mails and teammates call them and their requests by. */
  readonly names: Needles;
  readonly own: ReadonlySet<ConversationId>;
  readonly touched: ReadonlySet<ConversationId>;
};

type JudgedMail = Omit<Mail, 'headers'>;

export type JudgedMessage = {
  readonly conversationId: ConversationId | null;
  readonly member: MemberId | null;
  readonly mail: JudgedMail | null;
  readonly raw: Uint8Array | null;
};

export type MessageVerdict =
  | { readonly type: 'keep' }
  | { readonly type: 'erase' }
  | { readonly type: 'redact'; readonly mail: JudgedMail | null };

export const spellingsOf = (addresses: readonly string[]): Needles => [
  ...new Set(addresses.flatMap((address) => [needle(address), needle(address.replace(/@(?=[^@]*$)/, '='))])),
];

/** Too short and it is a word like any other: "Leak", or a first name that others have too. */
const SUBJECT_MIN = 8;

/** A name counts when it has two words. */
export function namesOf(names: readonly string[], subjects: readonly string[]): Needles {
  const known = [
    ...names.map(needle).filter((name) => name.includes(' ')),
    ...subjects.map(needle).filter((subject) => subject.length >= SUBJECT_MIN),
  ];
  return [...new Set(known)];
}

export function isFrom(mail: JudgedMail, { addresses }: Pick<Erased, 'addresses'>): boolean {
  return isAmong([...mail.from, ...mail.sender, ...mail.replyTo], addresses);
}

const isAmong = (listed: readonly Address[], addresses: readonly string[]): boolean =>
  listed.some(({ address }) => addresses.includes(address.toLowerCase()));

export function judgeMessage(message: JudgedMessage, erased: Erased): MessageVerdict {
  const { conversationId, mail, member, raw } = message;
  if (conversationId !== null && erased.own.has(conversationId)) return { type: 'erase' };
  if (
    mail !== null &&
    (isFrom(mail, erased) || (conversationId === null && isAmong(mail.to, erased.addresses)))
  ) {
    return { type: 'erase' };
  }
  const needles = member === null ? erased.needles : [...erased.needles, ...erased.names];
  const quotes = member !== null && conversationId !== null && erased.touched.has(conversationId);
  const told = mail === null ? null : withoutMentions(quotes ? withoutQuotes(mail) : mail, needles);
  const isChanged = JSON.stringify(told) !== JSON.stringify(mail);
  const hasBytes = raw !== null && (quotes || rawSpeaksOf(raw, needles));
  if (!isChanged && !hasBytes) return { type: 'keep' };
  return { type: 'redact', mail: told };
}

/** What a teammate wrote anew, without what they quoted. */
const withoutQuotes = (mail: JudgedMail): JudgedMail => ({
  ...mail,
  text: mail.reply.text,
  reply: { ...mail.reply, quoted: '' },
});

export function judgeNotice(
  notice: {
    readonly about: readonly ConversationId[];
    readonly recipient: string;
    readonly raw: Uint8Array;
  },
  { addresses, needles, names, own, touched }: Erased,
): 'keep' | 'erase' {
  const { about, recipient, raw } = notice;
  const isNear = about.some((id) => own.has(id) || touched.has(id));
  const isTheirs = addresses.includes(recipient.toLowerCase());
  // A mail of ours that lists requests has the number of each beside what it says of it.
  const numbers = [...own].map((id) => `#${id}`);
  return isNear || isTheirs || rawSpeaksOf(raw, [...needles, ...names, ...numbers]) ? 'erase' : 'keep';
}

/** An example from an archive goes whole: others say the same, and half an example teaches half a truth. */
export function judgeExample(
  { sender, content }: { readonly sender: string; readonly content: Content },
  { addresses, needles, names }: Erased,
): 'keep' | 'erase' {
  const text = [content.subject, content.body, ...content.files].join('\n');
  // Also as a part of a longer one: whatever looks for what is left does not tell these apart.
  const isIn = addresses.some((address) => text.toLowerCase().includes(address));
  const isTheirs = addresses.includes(sender.toLowerCase());
  return isTheirs || isIn || speaksOf(text, [...needles, ...names]) ? 'erase' : 'keep';
}

/** null: it says nothing of them. */
export function judgeText(body: string, { needles, names }: Erased): string | null {
  const all = [...needles, ...names];
  return speaksOf(body, all) ? withoutMentions(body, all) : null;
}
