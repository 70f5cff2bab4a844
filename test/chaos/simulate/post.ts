/**
 * Mail as data: what people write is kept beside the bytes under which it is known, and what Baton sends is what it gave
 * the composer. Reading and writing real mail is tried elsewhere, and would take most of the time.
 */
import type { MailComposer, MailToCompose } from '../../../src/app/ports/mail-composer.ts';
import type { MailParser } from '../../../src/app/ports/mail-parser.ts';
import type { Instant } from '../../../src/domain/instant.ts';
import type { Attachment, DeliveryReport, Mail } from '../../../src/domain/message.ts';
import { addressOf } from '../../support/letters.ts';

export type Letter = {
  readonly from: string;
  readonly to: readonly string[];
  readonly cc?: readonly string[];
  readonly subject: string;
  readonly text: string;
  readonly quoted?: string;
  readonly messageId?: string;
  /** Message-IDs of what it answers, the latest last. */
  readonly answers?: readonly string[];
  readonly headers?: readonly (readonly [string, string])[];
  readonly returnPath?: string | null;
  readonly deliveredTo?: readonly string[];
  readonly report?: DeliveryReport;
  readonly attachments?: readonly Attachment[];
  readonly warnings?: readonly string[];
  /** Nothing can read it; `header`: but its header can be. */
  readonly poison?: 'whole' | 'body';
  /** Written by somebody in another's name, or with a key that is not theirs: nothing may be decided by it. */
  readonly forged?: boolean;
  /** Its sender is proved, where an inbox demands that. */
  readonly proved?: boolean;
};

/** By another way, which leaves its marks in the header; or as a list passes a mail on, with words below it. */
export const Ways = ['another-way', 'list'] as const;
export type Way = (typeof Ways)[number];

export type Written = { readonly raw: Uint8Array; readonly messageId: string; readonly letter: Letter };

export type Sent = Pick<MailToCompose, 'subject' | 'messageId' | 'text'> & {
  readonly to: string;
  readonly replyTo: string | null;
};

export type Post = {
  write(letter: Letter, at: Instant): Written;
  /** The same mail once more, with other bytes under its own Message-ID. */
  again(raw: Uint8Array, way: Way): Uint8Array;
  letterOf(raw: Uint8Array): Letter;
  readonly parser: MailParser;
  readonly composer: MailComposer;
};

const RECEIVED =
  'from mail.example ([203.0.113.9]) by mx.elm.example with ESMTPS; Tue, 3 Mar 2026 08:41:00 +0000';
const PROVED = 'mx.elm.example; dmarc=pass header.from=';

export function postOf(): Post {
  const known = new Map<string, { readonly letter: Letter; readonly mail: Mail }>();
  let composed = 0;
  const find = (raw: Uint8Array) => {
    const found = known.get(Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength).toString('latin1'));
    if (found === undefined) throw new Error('bug: nobody wrote this mail');
    return found;
  };
  const unreadable = { ok: false, code: 'parser-failed', why: 'nothing can read it' } as const;
  return {
    write(letter, at) {
      const name = `letter-${known.size + 1}`;
      const mail = mailOf(letter, name, at);
      known.set(name, { letter, mail });
      return { raw: Buffer.from(name, 'latin1'), messageId: mail.messageId ?? '', letter };
    },
    again(raw, way) {
      const name = `letter-${known.size + 1}`;
      const { letter, mail } = find(raw);
      known.set(name, { letter, mail: way === 'list' ? passedOn(mail, name) : mail });
      return Buffer.from(name, 'latin1');
    },
    letterOf: (raw) => find(raw).letter,
    parser: {
      parse: async (raws) =>
        raws.map((raw) => {
          // Of a mail that its server does not give there is nothing to read.
          if (raw.byteLength === 0) return { ...unreadable, header: null };
          const { letter, mail } = find(raw);
          if (letter.poison === undefined) return { ok: true, mail };
          return { ...unreadable, header: letter.poison === 'body' ? withoutText(mail) : null };
        }),
      extractReply: async (jobs) =>
        jobs.map(({ raw }) => {
          const { letter, mail } = find(raw);
          return letter.poison === undefined ? { ok: true, reply: mail.reply } : unreadable;
        }),
      readFiles: async () => ({ ok: true, files: [], left: [] }),
      close: async () => {},
    },
    composer: {
      // As a real composer draws a boundary: making a mail twice makes two mails.
      async compose(mail) {
        composed += 1;
        const { to, replyTo, subject, messageId, text } = mail;
        const sent: Sent = { to: to.address, replyTo: replyTo?.address ?? null, subject, messageId, text };
        return Buffer.from(JSON.stringify({ boundary: composed, ...sent }));
      },
    },
  };
}

export const sentIn = (raw: Uint8Array): Sent => JSON.parse(Buffer.from(raw).toString()) as Sent;

const withoutText = (mail: Mail): Mail => ({
  ...mail,
  text: '',
  reply: { text: '', quoted: '', signature: '' },
});

const FOOTER = '_______________\nStaff mailing list';

const passedOn = (mail: Mail, name: string): Mail => ({
  ...mail,
  text: `${mail.text}\n\n${FOOTER}`,
  reply: { ...mail.reply, signature: FOOTER },
  bodyHash: `${mail.bodyHash} passed on as ${name}`,
});

function mailOf(letter: Letter, name: string, date: Instant): Mail {
  const { from, to, cc = [], subject, text, quoted = '', answers = [], headers = [] } = letter;
  const sender = addressOf(from);
  const people = (addresses: readonly string[]) => addresses.map((address) => ({ name: '', address }));
  const proof =
    letter.proved === false ? [] : [[AUTHENTICATION, `${PROVED}${sender.split('@')[1] ?? ''}`] as const];
  return {
    messageId: letter.messageId ?? `${name}@${sender.split('@')[1] ?? 'nowhere.example'}`,
    date,
    from: people([sender]),
    sender: [],
    to: people(to),
    cc: people(cc),
    replyTo: [],
    deliveredTo: letter.deliveredTo ?? [],
    returnPath: letter.returnPath === undefined ? sender : letter.returnPath,
    subject,
    inReplyTo: answers.slice(-1),
    references: answers,
    headers: [...proof, ['received', RECEIVED] as const, ['from', `<${sender}>`] as const, ...headers].map(
      ([header, value]) => ({ name: header, value }),
    ),
    text: quoted === '' ? text : `${text}\n\n${quoted}`,
    reply: { text, quoted, signature: '' },
    forwarded: null,
    attachments: letter.attachments ?? [],
    report: letter.report ?? null,
    // No two are the same, unless one is written again under its own id.
    bodyHash: letter.messageId === undefined ? name : `${letter.messageId} ${text}`,
    warnings: letter.warnings ?? [],
  };
}

const AUTHENTICATION = 'authentication-results';
