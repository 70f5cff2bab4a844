/**
 * What identifies and orders a mail (From, Message-ID, References and so on), read from the raw header lines.
 *
 * Of two From fields one library takes the first and another the last, so no library is asked: both count here, and
 * what is ambiguous is named in a warning.
 */
import type { Address, Header, Mail } from '../../domain/message.ts';
import { MESSAGE_IDS_MAX, normaliseMessageId, parseMessageIds } from '../../domain/message-id.ts';
import { parseAddressList } from './address-list.ts';
import { decodeHeaderText } from './clean-text.ts';
import { HEADER_FIELDS_MAX, HEADER_VALUE_MAX } from './header-fields.ts';
import { parseMailDate } from './mail-date.ts';
import type { ReadLimits } from './read-limits.ts';

const SUBJECT_MAX = 2_000;

export type MailHeader = Omit<
  Mail,
  'headers' | 'text' | 'reply' | 'forwarded' | 'attachments' | 'report' | 'bodyHash' | 'warnings'
>;

/** Who wrote to whom, when, about what: always by our own reading of the header lines, whichever parser reads the parts. */
export function readMailHeader(
  fields: readonly Header[],
  limits: ReadLimits,
  warnings: string[],
): MailHeader {
  const values = (name: string) => fields.filter((field) => field.name === name).map((field) => field.value);
  const single = (name: string): string | null => {
    const all = values(name);
    if (all.length > 1)
      warnings.push(`${name}-many: the mail has ${all.length} ${name} fields, the first counts`);
    return all[0] ?? null;
  };
  const addresses = (name: string): Address[] => {
    const all = values(name).flatMap((value) => parseAddressList(value, limits.addressesMax + 1));
    if (all.length > limits.addressesMax)
      warnings.push(
        `addresses-cut: ${name} has more than ${limits.addressesMax} addresses, the rest was left out`,
      );
    return all.slice(0, limits.addressesMax);
  };
  const from = addresses('from');
  if (values('from').length > 1) warnings.push('from-many: the mail has more than one From field');
  if (from.length === 0) warnings.push('from-none: the mail does not say whom it is from');
  const messageId = single('message-id');
  const date = single('date');
  const readDate = date === null ? null : parseMailDate(date);
  if (date !== null && readDate === null) warnings.push('date-unreadable: the Date field is no date');
  return {
    messageId: messageId === null ? null : normaliseMessageId(messageId),
    date: readDate,
    from,
    sender: addresses('sender'),
    to: addresses('to'),
    cc: addresses('cc'),
    replyTo: addresses('reply-to'),
    deliveredTo: fields
      .filter((field) => ['delivered-to', 'x-original-to', 'envelope-to'].includes(field.name))
      .flatMap((field) => parseAddressList(field.value).map((one) => one.address))
      .slice(0, limits.addressesMax),
    returnPath: readReturnPath(values('return-path')[0]),
    subject: decodeHeaderText((single('subject') ?? '').slice(0, HEADER_VALUE_MAX)).slice(0, SUBJECT_MAX),
    inReplyTo: ids(values('in-reply-to')),
    references: ids(values('references')),
  };
}

const ids = (values: readonly string[]): string[] =>
  [...new Set(values.flatMap(parseMessageIds))].slice(0, MESSAGE_IDS_MAX);

function readReturnPath(value: string | undefined): string | null {
  if (value === undefined) return null;
  if (/^<\s*>/.test(value.trim())) return '';
  const address = parseAddressList(value)[0]?.address ?? '';
  return address === '' ? null : address;
}

/** The header as it is kept: fields and values of a bounded length. */
export function cappedFields(fields: readonly Header[], warnings: string[]): Header[] {
  return fields.slice(0, HEADER_FIELDS_MAX).map(({ name, value }) => {
    if (value.length <= HEADER_VALUE_MAX) return { name, value };
    warnings.push('header-cut: a header is longer than 16 KB and was cut');
    return { name, value: value.slice(0, HEADER_VALUE_MAX) };
  });
}
