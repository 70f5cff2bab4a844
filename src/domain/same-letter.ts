/**
 * Whether two mails under one Message-ID are one letter that came by two ways: a list puts a footer below and a tag
 * into the subject, so that their bytes differ. Whoever only knows an id must not have another mail dropped by it, so
 * the later one counts as the same only when the earlier one holds all that it says.
 */
import type { Mail } from './message.ts';
import { canonicalSubject } from './topic.ts';

type Letter = Pick<Mail, 'messageId' | 'date' | 'subject' | 'text' | 'attachments'>;

/** Both are of one writer; that is for the caller to know. */
export function isSameLetter(earlier: Letter, later: Letter): boolean {
  if (later.messageId === null || later.messageId !== earlier.messageId) return false;
  if (later.date === null || later.date !== earlier.date) return false;
  if (canonicalSubject(later.subject) !== canonicalSubject(earlier.subject)) return false;
  const known = new Set(earlier.attachments.map(fileOf));
  if (!later.attachments.every((file) => known.has(fileOf(file)))) return false;
  const [first, second] = [foldedText(earlier.text), foldedText(later.text)];
  return first === second || first === foldedText(withoutFooter(later.text)) || isFooterOf(first, second);
}

const fileOf = ({ filename, size }: Mail['attachments'][number]): string => `${size} ${filename ?? ''}`;

const foldedText = (text: string): string => text.replace(/\s+/g, ' ').trim();

/** The earlier one is the later one with something below it. */
const isFooterOf = (first: string, second: string): boolean =>
  second !== '' && first.startsWith(`${second} `);

/** Longer ones say something. */
const FOOTER_LINES_MAX = 12;
const FOOTER_LENGTH_MAX = 1_200;
const RULE = /^\s*(?:[_=*-]{5,}|--\s?)\s*$/;

/** Without what a list writes below: a rule, and a few lines with an address of the list or a page of it. */
function withoutFooter(text: string): string {
  const lines = text.trimEnd().split('\n');
  const from = Math.max(0, lines.length - FOOTER_LINES_MAX);
  for (let at = from; at < lines.length; at += 1) {
    if (!RULE.test(lines[at] ?? '')) continue;
    const below = lines.slice(at + 1).join('\n');
    if (below.length <= FOOTER_LENGTH_MAX && /https?:\/\/|\S@\S/.test(below))
      return lines.slice(0, at).join('\n');
  }
  return text;
}
