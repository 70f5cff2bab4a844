/**
 * What became of which recipient, and of which mail of ours: from delivery status fields (RFC 3464) where there are
 * some, otherwise from the notice that a mail system writes for people. Only a mail whose headers show that a mail
 * system wrote it is read (domain/mail-system.ts); a person's mail never is, even when it holds a whole report.
 */
import { Buffer } from 'node:buffer';
import {
  type FailureReason,
  failureReason,
  isPermanent,
  type SharedEvidence,
  sharedEvidence,
  statusIn,
} from '../../domain/delivery-failure.ts';
import { isReturnedPart, type MailSystemMarks, mailSystem } from '../../domain/mail-system.ts';
import type { Address, DeliveryReport } from '../../domain/message.ts';
import { normaliseMessageId } from '../../domain/message-id.ts';
import { parseAddressList } from './address-list.ts';
import { readAmazonNotice } from './bounces/amazon-notice.ts';
import { type Notice, type Outcome, outcomeOf, readNotice } from './bounces/notice-text.ts';
import { messageIdIn, type ReturnedMail, readReturnedHeader } from './bounces/returned-mail.ts';
import { RECIPIENTS_MAX, readStatusFields, type StatusFields, type Told } from './bounces/status-fields.ts';
import { cleanText, withoutControls } from './clean-text.ts';
import { readHeaderBlock } from './header-fields.ts';
import type { PartFile } from './mime-parts.ts';

const DIAGNOSTIC_MAX = 300;
const RAW_MAX = 128 * 1024;

/** What the report is read from. */
export type ReportedMail = Omit<MailSystemMarks, 'partTypes'> & {
  readonly to: readonly Address[];
  readonly inReplyTo: readonly string[];
  readonly text: string;
  /** The whole mail. */
  readonly raw: Uint8Array;
};

type Recipient = DeliveryReport['recipients'][number];

/** The report that a mail carries, or null when it is none. */
export function readDeliveryReport(mail: ReportedMail, files: readonly PartFile[]): DeliveryReport | null {
  const system = mailSystem({ ...mail, partTypes: files.map((file) => file.contentType) });
  if (system === 'no') return null;
  if (mail.headers.some((header) => header.name === 'x-amz-sns-message-id')) {
    const amazon = readAmazonNotice(mail.text);
    if (amazon === null || amazon.told.length === 0) return null;
    return report(
      amazon.told.map((one) => judge(one, sharedEvidence('', true), 'failed')),
      amazon.originalMessageId,
    );
  }
  let read = readReport(mail, mail.text, files);
  if (read.told.length === 0) read = readReport(mail, rawText(mail.raw), files);
  const { told, notice } = read;
  // Exchange answers the mail that it returns, even when it leaves the mail itself out.
  const originalMessageId =
    read.originalMessageId ?? messageIdIn(rawText(mail.raw)) ?? mail.inReplyTo[0] ?? null;
  const shared = sharedEvidence(`${reasonInSubject(mail.subject)} ${notice.text}`, told.length === 1);
  const outcome = outcomeOf(mail.subject, notice.text);
  const recipients = told.map((one) => judge(one, shared, outcome));
  const bornOut = recipients.some((one) => one.status !== '' || (one.reason ?? 'unknown') !== 'unknown');
  if (system === 'likely' && !bornOut) return null;
  return recipients.length === 0 && originalMessageId === null ? null : report(recipients, originalMessageId);
}

type Read = {
  readonly told: readonly Told[];
  readonly notice: Notice;
  readonly originalMessageId: string | null;
};

function readReport(mail: ReportedMail, text: string, files: readonly PartFile[]): Read {
  const fields = statusFields(text, files);
  const notice = readNotice(
    text,
    mail.to.map(({ address }) => address),
  );
  const returned = returnedMail(files, notice);
  return {
    told: allTold(mail, fields, notice, returned),
    notice,
    originalMessageId: returned.messageId ?? fields.originalMessageId ?? messageIdIn(text),
  };
}

const report = (recipients: readonly Recipient[], originalMessageId: string | null): DeliveryReport => ({
  recipients: recipients.slice(0, RECIPIENTS_MAX),
  originalMessageId: originalMessageId === null ? null : normaliseMessageId(originalMessageId),
});

/** The body as it came: of a report whose parts no parser can tell apart, such as one with a damaged boundary. */
function rawText(raw: Uint8Array): string {
  const bytes = Buffer.from(raw.buffer, raw.byteOffset, Math.min(raw.byteLength, RAW_MAX));
  const body = bytes.subarray(readHeaderBlock(bytes).bodyStart);
  return cleanText(body.toString('utf8')).replace(/\r\n?/g, '\n');
}

function statusFields(text: string, files: readonly PartFile[]): StatusFields {
  const parts = files.filter((file) => /^message\/(global-)?delivery-status$/.test(file.contentType));
  const read = parts.map((part) => readStatusFields(part.head));
  if (parts.length === 0) {
    // Taken apart by a gateway, or by a mailing list: the fields stand in the text.
    const inline = /^(reporting-mta|final-recipient):/im.exec(text.slice(0, 64 * 1024));
    if (inline !== null) read.push(readStatusFields(Buffer.from(text.slice(inline.index, 64 * 1024))));
  }
  return {
    told: read.flatMap(({ told }) => told),
    nameless: read.find((one) => one.nameless !== null)?.nameless ?? null,
    originalMessageId: read.find((one) => one.originalMessageId !== null)?.originalMessageId ?? null,
  };
}

/** From the returned mail or its header as a part, else from behind the notice in the text. */
function returnedMail(files: readonly PartFile[], notice: Notice): ReturnedMail {
  for (const file of files) {
    if (!isReturnedPart(file.contentType) || file.contentType.endsWith('delivery-status')) continue;
    const returned = readReturnedHeader(file.head);
    if (returned.messageId !== null || returned.to.length > 0) return returned;
  }
  return notice.returned;
}

/** The fields before the text, a header before the text, and last whom the returned mail was for. */
function allTold(
  mail: ReportedMail,
  fields: StatusFields,
  notice: Notice,
  returned: ReturnedMail,
): readonly Told[] {
  if (fields.told.length > 0)
    return fields.told.map((one) => withNotice(one, notice, fields.told.length === 1));
  const failed = mail.headers
    .filter((header) => header.name === 'x-failed-recipients')
    .flatMap((header) => parseAddressList(header.value).map(({ address }) => address))
    .filter((address) => address !== '');
  const addresses =
    failed.length > 0
      ? failed
      : notice.told.length > 0
        ? notice.told.map(({ address }) => address)
        : returned.to;
  const known = [...new Set(addresses)];
  return known.map((address) => {
    // A forwarded address may stand in the header, and where it was forwarded to in the notice.
    const alone = known.length === 1 && notice.told.length === 1 ? notice.told[0] : undefined;
    const told = notice.about(address) ?? alone;
    const { status, action, diagnostic } = { ...Untold, ...told };
    const field = known.length === 1 ? fields.nameless : null;
    return {
      address,
      status: status || field?.status || (known.length === 1 ? statusIn(notice.text) : ''),
      action: action || (field?.action ?? ''),
      diagnostic: diagnostic || (field?.diagnostic ?? ''),
    };
  });
}

const Untold = { status: '', action: '', diagnostic: '' };

/** Fields that say no more than "failed" or "given up" get the words and the code that the notice has. */
function withNotice(one: Told, notice: Notice, alone: boolean): Told {
  const same = notice.about(one.address);
  const own = /\.0\.0$/.test(one.status) && one.diagnostic.includes(one.status);
  const generic = one.status === '' || (!own && /^[45]\.(0\.0|4\.7)$/.test(one.status));
  const better = generic ? same?.status || (alone ? statusIn(notice.text) : '') : '';
  const status = better.charAt(0) === one.status.charAt(0) || one.status === '' ? better : '';
  return { ...one, status: status || one.status, diagnostic: one.diagnostic || (same?.diagnostic ?? '') };
}

/** Sendmail tells the reason in the subject: `Returned mail: User unknown`. */
const reasonInSubject = (subject: string): string => /^returned mail:(.{0,100})/i.exec(subject)?.[1] ?? '';

function judge(one: Told, shared: SharedEvidence, outcome: Outcome): Recipient {
  const action = one.action || (one.status.startsWith('2') ? 'delivered' : outcome);
  const isProblem = action === 'failed' || action === 'delayed';
  const reason: FailureReason | null = isProblem ? failureReason(one, shared) : null;
  return {
    address: one.address,
    status: one.status,
    action,
    permanent: action === 'failed' && reason !== null && isPermanent(reason),
    reason,
    diagnostic: withoutControls(one.diagnostic.replace(/\s+/g, ' '))
      .trim()
      .slice(0, DIAGNOSTIC_MAX)
      .toWellFormed(),
  };
}
