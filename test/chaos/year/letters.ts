/** Mails as they come in, already read: this simulation is about clocks, and reading raw mails is tried elsewhere. */
import type { MailParser } from '../../../src/app/ports/mail-parser.ts';
import type { Instant } from '../../../src/domain/instant.ts';
import type { Mail } from '../../../src/domain/message.ts';

export type Letter = {
  readonly from: string;
  readonly to: readonly string[];
  readonly cc?: readonly string[];
  readonly subject: string;
  readonly text: string;
  /** Message-ID of the mail that it answers. */
  readonly answers?: string | null;
  /** A machine wrote it: an out-of-office. */
  readonly automatic?: boolean;
  /** Nothing can read it. */
  readonly broken?: boolean;
};

export type Letters = {
  /** The bytes under which the mail is known. */
  write(letter: Letter, at: Instant): { readonly raw: Uint8Array; readonly messageId: string };
  readonly parser: MailParser;
};

export function letters(): Letters {
  const mails = new Map<string, Mail | null>();
  let count = 0;
  const read = (raw: Uint8Array): Mail | null => {
    const mail = mails.get(Buffer.from(raw).toString());
    if (mail === undefined) throw new Error('bug: nobody wrote this mail');
    return mail;
  };
  const unreadable = { ok: false, code: 'parser-failed', why: 'nothing can read it' } as const;
  return {
    write(letter, at) {
      count += 1;
      const messageId = `letter-${count}@${letter.from.slice(letter.from.indexOf('@') + 1)}`;
      mails.set(messageId, letter.broken === true ? null : mailOf(letter, messageId, at));
      return { raw: Buffer.from(messageId), messageId };
    },
    parser: {
      parse: async (raws) =>
        raws.map((raw) => {
          const mail = read(raw);
          return mail === null ? { ...unreadable, header: null } : { ok: true, mail };
        }),
      extractReply: async (jobs) =>
        jobs.map(({ raw }) => {
          const mail = read(raw);
          return mail === null ? unreadable : { ok: true, reply: mail.reply };
        }),
      readFiles: async () => ({ ok: true, files: [], left: [] }),
      close: async () => {},
    },
  };
}

function mailOf(letter: Letter, messageId: string, date: Instant): Mail {
  const { from, to, cc = [], subject, text, answers = null, automatic = false } = letter;
  const people = (addresses: readonly string[]) => addresses.map((address) => ({ name: '', address }));
  const earlier = answers === null ? [] : [answers];
  return {
    messageId,
    date,
    from: people([from]),
    sender: [],
    to: people(to),
    cc: people(cc),
    replyTo: [],
    deliveredTo: [],
    returnPath: automatic ? '' : from,
    subject,
    inReplyTo: earlier,
    references: earlier,
    headers: [
      { name: 'from', value: `<${from}>` },
      ...(automatic ? [{ name: 'auto-submitted', value: 'auto-replied' }] : []),
    ],
    text,
    reply: { text, quoted: '', signature: '' },
    forwarded: null,
    attachments: [],
    report: null,
    // No two are the same.
    bodyHash: messageId,
    warnings: [],
  };
}
