/**
 * RFC 3464 delivery reports: what became of which recipient, and of which mail of ours. Of the dialects only
 * X-Failed-Recipients (Exim, Google) is read here.
 */
import type { Buffer } from 'node:buffer';
import type { DeliveryReport, Header } from '../../domain/message.ts';
import { normaliseMessageId } from '../../domain/message-id.ts';
import { parseAddressList } from './address-list.ts';
import { readHeaderBlock } from './header-fields.ts';
import type { PartFile } from './mime-parts.ts';

const RECIPIENTS_MAX = 1_000;

type Recipient = DeliveryReport['recipients'][number];

/** The report that a mail carries, or null when it is none. */
export function readDeliveryReport(
  headers: readonly Header[],
  files: readonly PartFile[],
): DeliveryReport | null {
  const statuses = files.filter((file) => /^message\/(global-)?delivery-status$/.test(file.contentType));
  const recipients = statuses.flatMap((status) => readStatus(status.head));
  if (statuses.length === 0) {
    for (const header of headers) {
      if (header.name !== 'x-failed-recipients') continue;
      for (const { address } of parseAddressList(header.value)) {
        if (address !== '') recipients.push({ address, status: '', action: 'failed', permanent: true });
      }
    }
  }
  if (recipients.length === 0) return null;
  return { recipients: recipients.slice(0, RECIPIENTS_MAX), originalMessageId: returnedMessageId(files) };
}

function readStatus(bytes: Buffer): Recipient[] {
  const recipients: Recipient[] = [];
  let fields = new Map<string, string>();
  const finish = () => {
    const recipient = toRecipient(fields);
    if (recipient !== null && recipients.length < RECIPIENTS_MAX) recipients.push(recipient);
    fields = new Map();
  };
  let rest = bytes;
  // One block of fields per recipient, the first about the mail (section 2.1); each round takes bytes off.
  while (rest.length > 0) {
    const block = readHeaderBlock(rest);
    for (const { name, value } of block.fields) {
      // Some reports forget the blank line between two recipients.
      if (name === 'final-recipient' && fields.has(name)) finish();
      if (!fields.has(name)) fields.set(name, value);
    }
    finish();
    const lineEnd = rest.indexOf(0x0a);
    rest = rest.subarray(block.bodyStart > 0 ? block.bodyStart : lineEnd === -1 ? rest.length : lineEnd + 1);
  }
  return recipients;
}

function toRecipient(fields: ReadonlyMap<string, string>): Recipient | null {
  // The original recipient is the address that we wrote to; the final one may be where it was forwarded.
  const address = typed(fields.get('original-recipient')) || typed(fields.get('final-recipient'));
  if (address === '') return null;
  const action = /^[a-z]+/.exec((fields.get('action') ?? '').trim().toLowerCase())?.[0] ?? '';
  const status = /\b[245]\.\d{1,3}\.\d{1,3}\b/.exec(fields.get('status') ?? '')?.[0] ?? '';
  const diagnosed = /\b[245]\d\d\b/.exec((fields.get('diagnostic-code') ?? '').slice(0, 1_000))?.[0] ?? '';
  return {
    address,
    status,
    action: ['failed', 'delayed', 'delivered', 'relayed', 'expanded'].includes(action) ? action : '',
    permanent: (action === 'failed' || action === '') && (status || diagnosed).startsWith('5'),
  };
}

/** `rfc822; user@example.org` without its type and brackets. */
function typed(value: string | undefined): string {
  if (value === undefined) return '';
  const semicolon = value.indexOf(';');
  const text = value.slice(semicolon + 1).trim();
  return text.includes('@') ? (parseAddressList(text)[0]?.address ?? '') : '';
}

/** From the returned mail (message/rfc822) or its headers (text/rfc822-headers). */
function returnedMessageId(files: readonly PartFile[]): string | null {
  for (const file of files) {
    if (
      !/^(message\/(rfc822|global|partial)|(text|message)\/(rfc822|global)-headers)$/.test(file.contentType)
    )
      continue;
    const { fields } = readHeaderBlock(file.head);
    const id = fields.find((field) => field.name === 'message-id');
    if (id !== undefined) return normaliseMessageId(id.value);
  }
  return null;
}
