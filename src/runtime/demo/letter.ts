/** Writes a mail as people's mail apps do: RFC 5322 bytes from a few words. For the demo, whose world is made of them. */
import { type Instant, toDate } from '../../domain/instant.ts';

export type Letter = {
  /** `Maria Lopez <maria@mail.example>`. */
  readonly from: string;
  readonly to: string;
  readonly cc?: string;
  readonly subject: string;
  readonly text?: string;
  readonly html?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly files?: readonly LetterFile[];
  /** The mail that it answers. */
  readonly answers?: { readonly messageId: string | null; readonly references: readonly string[] };
  /** The left half of its Message-ID. */
  readonly key: string;
};

export type LetterFile = { readonly name: string; readonly type: string; readonly bytes: Uint8Array };

type Part = { readonly type: string; readonly fields: readonly string[]; readonly body: string };

export function letterBytes(letter: Letter, at: Instant): Uint8Array {
  const { messageId = null, references = [] } = letter.answers ?? {};
  const thread = [...references, ...(messageId === null ? [] : [messageId])].map((id) => `<${id}>`);
  const body = bodyOf(letter);
  const fields = [
    `Date: ${toDate(at).toUTCString().replace('GMT', '+0000')}`,
    `From: ${addressField(letter.from)}`,
    `To: ${addressField(letter.to)}`,
    ...(letter.cc === undefined ? [] : [`Cc: ${addressField(letter.cc)}`]),
    `Subject: ${encoded(letter.subject)}`,
    `Message-ID: <${letter.key}@${addressOf(letter.from).split('@')[1] ?? 'mail.example'}>`,
    ...(messageId === null ? [] : [`In-Reply-To: <${messageId}>`, `References: ${thread.join('\r\n ')}`]),
    ...Object.entries(letter.headers ?? {}).map(([name, value]) => `${name}: ${value}`),
    'MIME-Version: 1.0',
  ];
  return Buffer.from(`${fields.join('\r\n')}\r\n${rendered(body)}`);
}

/** `maria@mail.example` of `Maria Lopez <maria@mail.example>`. */
export const addressOf = (person: string): string => /<([^<>]*)>$/.exec(person)?.[1] ?? person;

function bodyOf({ text, html, files = [], key }: Letter): Part {
  const bodies = [
    ...(text === undefined ? [] : [textPart('text/plain', text)]),
    ...(html === undefined ? [] : [textPart('text/html', html)]),
  ];
  const body = together('multipart/alternative', `alt-${key}`, bodies);
  return together('multipart/mixed', `mixed-${key}`, [body, ...files.map(filePart)]);
}

function textPart(type: string, text: string): Part {
  const lines = text.replaceAll('\n', '\r\n');
  const isPlain = /^[\x09\x0d\x0a\x20-\x7e]*$/.test(lines);
  return {
    type: `${type}; charset=utf-8`,
    fields: [`Content-Transfer-Encoding: ${isPlain ? '7bit' : 'base64'}`],
    body: isPlain ? `${lines}\r\n` : base64Lines(Buffer.from(lines)),
  };
}

const filePart = ({ name, type, bytes }: LetterFile): Part => ({
  type: `${type}; name="${name}"`,
  fields: ['Content-Transfer-Encoding: base64', `Content-Disposition: attachment; filename="${name}"`],
  body: base64Lines(bytes),
});

/** Parts of one multipart, or the only part itself. */
export function together(type: string, boundary: string, parts: readonly Part[]): Part {
  const [first, ...others] = parts;
  if (first !== undefined && others.length === 0) return first;
  const body = parts.map((part) => `--${boundary}\r\n${rendered(part)}`).join('\r\n');
  return { type: `${type}; boundary="${boundary}"`, fields: [], body: `${body}\r\n--${boundary}--\r\n` };
}

export const rendered = ({ type, fields, body }: Part): string =>
  [`Content-Type: ${type}`, ...fields, '', body].join('\r\n');

const base64Lines = (bytes: Uint8Array): string =>
  `${(
    Buffer.from(bytes)
      .toString('base64')
      .match(/.{1,76}/g) ?? []
  ).join('\r\n')}\r\n`;

/** RFC 2047 where ASCII does not do. */
const encoded = (text: string): string =>
  /^[\x20-\x7e]*$/.test(text) ? text : `=?UTF-8?B?${Buffer.from(text).toString('base64')}?=`;

const addressField = (people: string): string =>
  people
    .split(', ')
    .map((person) => {
      const [, name, address] = /^(.*) <([^<>]*)>$/.exec(person) ?? [];
      return name === undefined ? person : `${encoded(name)} <${address}>`;
    })
    .join(', ');
