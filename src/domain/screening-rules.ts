/**
 * The rules of screening, in the order in which they are tried:
 * our own, what standards mark as a report (RFC 3464, 8098, 5965), bounces that follow no standard, automatic
 * answers, bulk, notifications. Each row names its source.
 */
import { FailureReasons } from './delivery-failure.ts';
import { isBouncySubject, isNoReply, mailSystem, reportType } from './mail-system.ts';
import { headerValues, type Mail } from './message.ts';
import type { ScreeningKind } from './screening.ts';
import {
  answersAutomatically,
  autoReplyHeader,
  autoSubmitted,
  fromOwnList,
  hasPart,
  isAnswer,
  isComplaint,
  isOwn,
  isReadReceipt,
  isSystem,
  machineHeader,
  marksOf,
  type OwnAddresses,
  precedence,
  word,
} from './screening-marks.ts';

export type Rule = {
  readonly kind: Exclude<ScreeningKind, 'person'>;
  readonly code: string;
  readonly source: string;
  /** A sentence that says why the rule holds, or null. */
  readonly test: (mail: Mail, own: OwnAddresses) => string | null;
};

export const rules: readonly Rule[] = [
  {
    kind: 'own',
    code: 'own-notice',
    source: 'RFC 3834 section 2: never answer oneself. A keyed Message-ID is checked besides this',
    test: (mail, own) =>
      headerValues(mail, 'x-baton-notice').length > 0 && mail.from.some((one) => isOwn(one.address, own))
        ? 'It is a notice of our own that came back.'
        : null,
  },
  {
    kind: 'bounce',
    code: 'dsn-failed',
    source: 'RFC 3464 section 2.3.3: Action failed',
    test: (mail) => {
      const failed = mail.report?.recipients.find((one) => one.action === 'failed');
      if (failed === undefined) return null;
      const reason = failed.reason === null || failed.reason === 'unknown' ? null : failed.reason;
      return `It is a delivery report: the mail could not be delivered${reason === null ? '' : ` (${FailureReasons[reason].says})`}.`;
    },
  },
  {
    kind: 'delivery-status',
    code: 'dsn-other',
    source: 'RFC 3464 section 2.3.3: Action delayed, delivered, relayed, expanded',
    test: (mail) =>
      mail.report?.recipients.some((one) => one.action !== '')
        ? `It is a delivery report: ${word(mail.report.recipients[0]?.action ?? '')}, not failed.`
        : null,
  },
  {
    kind: 'receipt',
    code: 'mdn',
    source: 'RFC 8098 section 3: multipart/report; report-type=disposition-notification',
    test: (mail) =>
      reportType(mail) === 'disposition-notification' || hasPart(mail, 'message/disposition-notification')
        ? 'It is a receipt: a mail was displayed or deleted.'
        : null,
  },
  {
    kind: 'feedback',
    code: 'arf',
    source: 'RFC 5965 section 2: multipart/report; report-type=feedback-report',
    test: (mail) =>
      reportType(mail) === 'feedback-report' || hasPart(mail, 'message/feedback-report')
        ? 'It is a feedback report: somebody marked a mail as unwanted.'
        : null,
  },
  {
    kind: 'bounce',
    code: 'dsn-unreadable',
    source: 'RFC 6522: a report of delivery, or of no named type, whose machine-readable part cannot be read',
    test: (mail) =>
      ['delivery-status', ''].includes(reportType(mail) ?? 'none')
        ? 'It calls itself a delivery report, though its details cannot be read.'
        : null,
  },
  {
    kind: 'bounce',
    code: 'failed-recipients',
    source: 'Exim, Google: X-Failed-Recipients (field-notes 3.2)',
    test: (mail) =>
      headerValues(mail, 'x-failed-recipients').some((value) => value.includes('@'))
        ? 'It lists recipients that a mail could not be delivered to (X-Failed-Recipients).'
        : null,
  },
  {
    kind: 'feedback',
    code: 'complaint',
    source: 'Outlook.com JMRP, AOL, Amazon SNS, iCloud: reports of unwanted mail that follow no standard',
    test: (mail) =>
      isComplaint(mail) ? 'A mail provider reports that somebody does not want such mail.' : null,
  },
  {
    kind: 'delivery-status',
    code: 'daemon-delay',
    source: 'Sendmail, Exim and others before RFC 3464: warnings that delivery takes longer',
    test: (mail) =>
      isSystem(mail) && /^(warning\b|.{0,40}\b(delayed|delay)\b)/i.test(mail.subject.slice(0, 100))
        ? 'A mail system warns that a delivery takes longer.'
        : null,
  },
  {
    kind: 'delivery-status',
    code: 'daemon-success',
    source: 'Exchange, sendmail and others: a delivery that was asked to be confirmed',
    test: (mail) =>
      isSystem(mail) &&
      /^(delivered|relayed|expanded):|\(success\)|^success|return receipt/i.test(mail.subject.slice(0, 100))
        ? 'A mail system confirms a delivery.'
        : null,
  },
  {
    kind: 'receipt',
    code: 'receipt-subject',
    source: 'Outlook, Exchange: read receipts without a report part, from a null envelope sender',
    test: (mail) => (isReadReceipt(mail) ? 'It is a receipt: a mail was displayed or deleted.' : null),
  },
  {
    kind: 'bounce',
    code: 'bounce-subject',
    source: 'osTicket and others: a null envelope sender and the subject of a delivery failure',
    test: (mail) =>
      mail.returnPath === '' && isBouncySubject(mail.subject)
        ? 'It has no envelope sender and the subject of a delivery failure.'
        : null,
  },
  {
    kind: 'bounce',
    code: 'list-refusal',
    source: 'fml: a mailing list that refuses a mail, by its own header and subject',
    test: (mail) =>
      mailSystem(marksOf(mail)) === 'certain' && headerValues(mail, 'x-mlserver').length > 0
        ? 'A mailing list did not accept a mail.'
        : null,
  },
  {
    kind: 'bounce',
    code: 'daemon',
    source: 'RFC 5321 section 4.5.5 with field-notes 3.2: a mail system that reports, in whatever words',
    test: (mail) =>
      isSystem(mail) && !answersAutomatically(mail)
        ? 'It comes from a mail system (mailer-daemon, postmaster) that could not deliver.'
        : null,
  },
  {
    kind: 'auto-reply',
    code: 'auto-replied',
    source:
      'RFC 3834 section 5: Auto-Submitted: auto-replied; parameters and comments allowed, "no" means no',
    test: (mail) =>
      autoSubmitted(mail).includes('auto-replied')
        ? 'It says that it is an automatic answer (Auto-Submitted: auto-replied).'
        : null,
  },
  {
    kind: 'auto-reply',
    code: 'auto-generated-answer',
    source: 'RFC 3834 section 5: auto-generated, and it answers a mail',
    test: (mail) => {
      const value = autoSubmitted(mail)[0];
      return value !== undefined && isAnswer(mail)
        ? `It was sent automatically (Auto-Submitted: ${word(value)}) and answers a mail.`
        : null;
    },
  },
  {
    kind: 'auto-reply',
    code: 'auto-reply-header',
    source: 'Gmail, cPanel, osTicket, Exim, iCloud: X-Autoreply, X-Autorespond and kin (field-notes 3.1)',
    test: (mail) => {
      const header = autoReplyHeader(mail);
      return header === null ? null : `It says that it is an automatic answer (${header}).`;
    },
  },
  {
    kind: 'auto-reply',
    code: 'precedence-auto-reply',
    source: 'osTicket, FreeScout: Precedence: auto_reply',
    test: (mail) =>
      precedence(mail).some((value) => /^auto[_-]?repl/.test(value))
        ? 'It says that it is an automatic answer (Precedence: auto_reply).'
        : null,
  },
  {
    kind: 'auto-reply',
    code: 'inbox-rule',
    source: 'Zammad: Exchange out-of-office has both X-MS-Exchange-Inbox-Rules-Loop and suppression of all',
    test: (mail) =>
      headerValues(mail, 'x-ms-exchange-inbox-rules-loop').length > 0 &&
      headerValues(mail, 'x-auto-response-suppress').some((value) => /\ball\b/i.test(value))
        ? 'A rule in an Exchange mailbox sent it.'
        : null,
  },
  {
    kind: 'auto-reply',
    code: 'delivered-to-autoresponder',
    source: 'FreeScout: Delivered-To: autoresponder',
    test: (mail) =>
      headerValues(mail, 'delivered-to').some((value) => /^<?autoresponder\b/i.test(value.trim()))
        ? 'It went through an autoresponder (Delivered-To: autoresponder).'
        : null,
  },
  {
    kind: 'auto-reply',
    code: 'null-sender-answer',
    source: 'RFC 5321 section 4.5.5, RFC 3834 section 3.3: automatic answers have a null envelope sender',
    test: (mail) =>
      mail.returnPath === '' && isAnswer(mail)
        ? 'It answers a mail and has no envelope sender, as automatic answers have none.'
        : null,
  },
  {
    kind: 'bulk',
    code: 'precedence',
    source: 'De facto since Sendmail: Precedence bulk, list, junk; not that of a group that feeds our inbox',
    test: (mail, own) => {
      const value = precedence(mail).find((one) => ['bulk', 'list', 'junk'].includes(one));
      return value !== undefined && !fromOwnList(mail, own) && autoSubmitted(mail).length === 0
        ? `It is sent to many (Precedence: ${word(value)}).`
        : null;
    },
  },
  {
    kind: 'bulk',
    code: 'list-header',
    source: 'RFC 2369, RFC 2919: List-*; not those of a group that feeds our inbox',
    test: (mail, own) => {
      const header = mail.headers.find(
        (one) => (one.name.startsWith('list-') || one.name === 'mailing-list') && one.value.trim() !== '',
      );
      return header !== undefined && !fromOwnList(mail, own) && autoSubmitted(mail).length === 0
        ? `It came through a mailing list or a newsletter (${header.name}).`
        : null;
    },
  },
  {
    kind: 'notification',
    code: 'auto-generated',
    source: 'RFC 3834 section 5: auto-generated (or RFC 5436 auto-notified) that answers nothing',
    test: (mail) => {
      const value = autoSubmitted(mail)[0];
      return value === undefined ? null : `A machine sent it (Auto-Submitted: ${word(value)}).`;
    },
  },
  {
    kind: 'notification',
    code: 'other-report',
    source: 'RFC 6522: multipart/report of another type, such as tlsrpt (RFC 8460)',
    test: (mail) => (reportType(mail) === null ? null : 'It is a report that a machine made.'),
  },
  {
    kind: 'notification',
    code: 'null-sender',
    source: 'RFC 5321 section 4.5.5: a null envelope sender must never be answered',
    test: (mail) =>
      mail.returnPath === '' ? 'It has no envelope sender, as mail of machines has none.' : null,
  },
  {
    kind: 'notification',
    code: 'machine-header',
    source:
      'osTicket, RT, Zammad, cron: X-Amazon-Mail-Relay-Type, X-FC-MachineGenerated, X-Loop; SES Feedback-ID',
    test: (mail) => {
      const header = machineHeader(mail);
      return header === null ? null : `A machine sent it (${header}).`;
    },
  },
  {
    kind: 'notification',
    code: 'no-reply-sender',
    source: 'Zammad and others: noreply@ and kin read no answer (field-notes 3.1)',
    test: (mail) => {
      const robot = [...mail.from, ...mail.sender].find((one) => isNoReply(one.address));
      return robot === undefined ? null : 'Its sender reads no answers (a no-reply address).';
    },
  },
];
