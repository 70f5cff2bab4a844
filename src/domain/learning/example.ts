/** What is learned from: mails as the classifier sees them, each with the category it belonged to. */
import { domainOf } from '../address.ts';
import type { CategoryId } from '../ids.ts';
import type { Mail } from '../message.ts';

/** What a mail tells about its category: words of its sender alone, never a signature or what is quoted. */
export type Content = {
  readonly subject: string;
  readonly body: string;
  /** Of the sender's address, in lower case; '' when there is none. */
  readonly senderDomain: string;
  /** Names and content types of the files that came along, without pictures of a signature. */
  readonly files: readonly string[];
};

export type Example = {
  readonly content: Content;
  /** null: it belonged to none of them. */
  readonly category: CategoryId | null;
};

export function contentOf(mail: Omit<Mail, 'headers'>): Content {
  const written = `${mail.reply.text}\n${mail.forwarded?.text ?? ''}`;
  return {
    subject: mail.subject,
    body: written.trim() === '' ? mail.text : written,
    senderDomain: domainOf(mail.from[0]?.address ?? ''),
    files: mail.attachments
      .filter(({ inline }) => !inline)
      .map(({ filename, contentType }) => `${filename ?? ''} ${contentType}`.trim()),
  };
}

/**
 * Of a mail that a member passed on, the part that its customer wrote. What the member wrote above it would tell the
 * category ("for billing, please"), and no customer writes that.
 */
export function contentOfPassedOn(mail: Mail): Content {
  const { forwarded } = mail;
  if (forwarded === null) return contentOf(mail);
  const { subject, text, from } = forwarded;
  return {
    ...contentOf(mail),
    subject: subject.trim() === '' ? mail.subject : subject,
    body: text,
    senderDomain: domainOf(from?.address ?? ''),
  };
}

/** A text without a mail around it, as examples in the configuration and data sets are. */
export const contentOfText = (text: string): Content => ({
  subject: '',
  body: text,
  senderDomain: '',
  files: [],
});
