/**
 * The fields of a delivery status (RFC 3464 section 2): one block about the mail, then one per recipient. They
 * come as a part of their own, or in the midst of a text where a gateway took the report apart.
 */
import { Buffer } from 'node:buffer';
import { statusIn } from '../../../domain/delivery-failure.ts';
import { parseAddressList } from '../address-list.ts';
import { readHeaderBlock } from '../header-fields.ts';

export const RECIPIENTS_MAX = 1_000;
const BLOCKS_MAX = 3_000;
const DIAGNOSTIC_MAX = 2_000;

/** What was told about one recipient, before it is judged. */
export type Told = {
  readonly address: string;
  readonly status: string;
  /** An Action of RFC 3464, or ''. */
  readonly action: string;
  readonly diagnostic: string;
};

export type StatusFields = {
  readonly told: readonly Told[];
  /** Of a recipient that is no mail address, such as a program on the other side. */
  readonly nameless: Told | null;
  /** X-Original-Message-ID (Gmail), without which Google's reports of a lost header name no mail. */
  readonly originalMessageId: string | null;
};

export function readStatusFields(bytes: Buffer): StatusFields {
  // The same said twice counts once.
  const told = new Map<string, Told>();
  let nameless: Told | null = null;
  let originalMessageId: string | null = null;
  let fields = new Map<string, string>();
  const finish = () => {
    const one = toTold(fields);
    if (one !== null && one.address === '') nameless ??= one;
    else if (one !== null && told.size < RECIPIENTS_MAX) told.set(JSON.stringify(one), one);
    fields = new Map();
  };
  // Blocks first, each byte looked at once: garbage between the fields must not be scanned again and again.
  for (const text of bytes.toString('latin1').split(/\n(?:[ \t\r]*\n)+/, BLOCKS_MAX)) {
    const block = readHeaderBlock(Buffer.from(text.trimStart(), 'latin1'));
    for (const { name, value } of block.fields) {
      if (name === 'x-original-message-id' || name === 'original-message-id') originalMessageId ??= value;
      // Some reports forget the blank line between two recipients.
      if (name === 'final-recipient' && fields.has(name)) finish();
      if (!fields.has(name)) fields.set(name, value);
    }
    // Others put one between the fields of a recipient.
    if (!(fields.has('final-recipient') || fields.has('original-recipient')) || fields.has('action'))
      finish();
  }
  finish();
  return { told: [...told.values()], nameless, originalMessageId };
}

const ACTIONS: Readonly<Record<string, string>> = {
  failed: 'failed',
  failure: 'failed',
  undeliverable: 'failed',
  expired: 'failed',
  error: 'failed',
  delayed: 'delayed',
  deferred: 'delayed',
  delivered: 'delivered',
  // Postfix, asked to verify an address (sendmail -bv).
  deliverable: 'delivered',
  relayed: 'relayed',
  expanded: 'expanded',
};

function toTold(fields: ReadonlyMap<string, string>): Told | null {
  // The original recipient is the address that we wrote to; the final one may be where it was forwarded.
  const address =
    typed(fields.get('original-recipient')) ||
    typed(fields.get('final-recipient')) ||
    typed(fields.get('x-actual-recipient'));
  if (address === '' && !fields.has('action')) return null;
  const action = /^[a-z]+/.exec((fields.get('action') ?? '').trim().toLowerCase())?.[0] ?? '';
  // Exchange and others break the code off their own text: `Diagnostic-Code: smtp;550 5.1.1 …`.
  const diagnostic = (fields.get('diagnostic-code') ?? '').slice(0, DIAGNOSTIC_MAX);
  return {
    address,
    action: ACTIONS[action] ?? '',
    status: toldStatus(fields.get('status') ?? '', diagnostic),
    diagnostic: withoutType(diagnostic),
  };
}

/**
 * The code that the other side gave, which stands in the diagnostic, before the Status field: many systems write
 * `5.1.1` there for every 550, or `4.4.7` for all that was given up in the end.
 */
function toldStatus(field: string, diagnostic: string): string {
  const status = /\b[245]\.\d{1,3}\.\d{1,3}\b/.exec(field.slice(0, 200))?.[0] ?? '';
  return statusIn(diagnostic) || status;
}

const withoutType = (diagnostic: string): string =>
  diagnostic.replace(/^\s*[A-Za-z0-9-]{1,40}\s*;/, '').trim();

/** `rfc822; user@example.org` without its type and brackets. */
function typed(value: string | undefined): string {
  if (value === undefined) return '';
  const semicolon = value.indexOf(';');
  const text = value.slice(semicolon + 1).trim();
  return text.includes('@') ? (parseAddressList(text)[0]?.address ?? '') : '';
}
