/**
 * The mail that a report returns, or its header: as a part of its own (message/rfc822, text/rfc822-headers) or
 * behind the notice in the text. Of it only whom it went to and its Message-ID are read.
 */
import { Buffer } from 'node:buffer';
import { normaliseMessageId } from '../../../domain/message-id.ts';
import { parseAddressList } from '../address-list.ts';
import { readHeaderBlock } from '../header-fields.ts';

export type ReturnedMail = { readonly messageId: string | null; readonly to: readonly string[] };

const TO_MAX = 20;
const TEXT_MAX = 128 * 1024;

export function readReturnedHeader(bytes: Buffer): ReturnedMail {
  // Some systems put a blank line or two in front.
  let start = 0;
  while (start < bytes.length && (bytes[start] === 0x0a || bytes[start] === 0x0d || bytes[start] === 0x20))
    start += 1;
  const { fields } = readHeaderBlock(bytes.subarray(start));
  const value = (name: string) => fields.find((field) => field.name === name)?.value;
  const id = value('message-id') ?? value('original-message-id');
  return {
    messageId: id === undefined ? null : normaliseMessageId(id),
    to: parseAddressList(value('to') ?? '')
      .map(({ address }) => address)
      .filter((address) => address !== '')
      .slice(0, TO_MAX),
  };
}

/** A Message-ID line anywhere in a text, where the returned mail could not be told apart. */
export function messageIdIn(text: string): string | null {
  const value = /^[ \t>]{0,20}message-id:[ \t]*(\S{3,998})/im.exec(text.slice(0, TEXT_MAX))?.[1];
  return value === undefined ? null : normaliseMessageId(value);
}

/** The same out of a text in which the returned mail may be indented or quoted and begin anywhere. */
export function readReturnedText(text: string): ReturnedMail {
  const lines = text.slice(0, 64 * 1024).split('\n');
  const start = lines.findIndex((line) => /^[\s>|]{0,20}[A-Za-z][A-Za-z0-9-]{1,40}:\s*\S/.test(line));
  if (start < 0) return { messageId: null, to: [] };
  const indent = /^[\s>|]*/.exec(lines[start] ?? '')?.[0] ?? '';
  const own = lines
    .slice(start)
    .map((line) => (line.startsWith(indent) ? line.slice(indent.length) : line.trim()));
  return readReturnedHeader(Buffer.from(own.join('\n')));
}
