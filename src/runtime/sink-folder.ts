/**
 * Reads the mails that a test server stored in a folder, one file each. Postfix' smtp-sink notes the envelope as
 * X-Rcpt-Args in front of the mail; other sinks leave it to Delivered-To, or to nothing but the header.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../app/failures.ts';
import type { SinkMail } from '../app/verify-sink.ts';

/** Fields that a sink puts in front of what it was sent, and which differ from copy to copy. */
const SINK_FIELDS =
  /^(?:x-(?:client|mail|rcpt|helo|client-addr|client-proto)-?(?:args)?|received|delivered-to|return-path):/i;

export function readSink(folder: string): SinkMail[] {
  return filesBelow(folder).flatMap((file) => {
    const text = readFileSync(file, 'latin1');
    return isCutOff(text) ? [] : [sinkMail(file, text)];
  });
}

/** smtp-sink writes while it receives and ends a whole mail with an empty line; what lacks it was never taken. */
const isCutOff = (text: string): boolean =>
  /^X-Mail-Args:/im.test(cut(text).sinkPart) && !text.endsWith('\n\n');

/** Exported for sinks that keep their mail in memory. */
export function sinkMail(file: string, text: string): SinkMail {
  const { sinkPart, mail } = cut(text.replaceAll('\r\n', '\n'));
  const header = mail.slice(0, mail.indexOf('\n\n')).replace(/\n[ \t]+/g, ' ');
  const field = (name: string, within: string) =>
    [...within.matchAll(new RegExp(`^${name}:[ \\t]*(.*)$`, 'gim'))].map((match) => match[1] ?? '');
  const envelope = [...field('X-Rcpt-Args', sinkPart), ...field('Delivered-To', sinkPart)];
  const recipients = envelope.length > 0 ? envelope : field('To', header);
  return {
    file,
    messageId: field('Message-ID', header)[0]?.replace(/^<|>$/g, '').trim() ?? null,
    recipients: recipients.flatMap(addressesIn),
    autoSubmitted: field('Auto-Submitted', header).length > 0,
    hash: createHash('sha256').update(mail.trimEnd()).digest('hex'),
  };
}

function cut(text: string): { sinkPart: string; mail: string } {
  const lines = text.split('\n');
  let first = 0;
  while (
    first < lines.length &&
    (SINK_FIELDS.test(lines[first] ?? '') || (first > 0 && /^[ \t]/.test(lines[first] ?? '')))
  ) {
    first += 1;
  }
  return { sinkPart: lines.slice(0, first).join('\n'), mail: lines.slice(first).join('\n') };
}

/** Our own notices have plain recipients; whatever else looks like an address is taken too, and then reported. */
const addressesIn = (value: string): string[] =>
  (value.match(/[^\s<>,"]+@[^\s<>,"]+/g) ?? []).map((address) => address.toLowerCase());

function filesBelow(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .sort();
  } catch (error) {
    const message = `The folder ${folder} cannot be read (${String(error)}). Give the folder where the sink stores its mails.`;
    throw new Failure('permanent', 'no-sink-folder', message, { cause: error });
  }
}
