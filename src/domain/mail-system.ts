/**
 * Whether a mail was written by a mail system itself, told by its headers alone: only then may its text be read
 * for what became of a delivery. A person's mail is never one, whatever its subject or body says, and neither is a
 * report that a person forwards.
 */
import type { Address, Header } from './message.ts';

/** What of a mail speaks about its writer. */
export type MailSystemMarks = {
  readonly headers: readonly Header[];
  readonly from: readonly Address[];
  /** '' is the null sender, null no such field. */
  readonly returnPath: string | null;
  readonly subject: string;
  /** Content types of the parts that are no text. */
  readonly partTypes: readonly string[];
};

/** How surely it is a report: `certain` by its headers, `likely` when its text has to bear it out. */
export type MailSystem = 'certain' | 'likely' | 'no';

export function mailSystem(mail: MailSystemMarks): MailSystem {
  const type = reportType(mail);
  const holds = (word: string) => mail.partTypes.some((part) => part.includes(word));
  const isOther = holds('disposition-notification') || holds('feedback-report');
  if (type === 'disposition-notification' || type === 'feedback-report') return 'no';
  if (isOther && !holds('delivery-status')) return 'no';
  if (type === 'delivery-status' || type === '' || (type !== null && holds('delivery-status')))
    return 'certain';
  if (type !== null) return 'no';
  // `From: <>` (McAfee): the null sender, written into the mail.
  if (has(mail, 'from', /^\s*<\s*>\s*$/)) return 'certain';
  if (isDaemon(mail.from) || hasAddress(mail, 'x-failed-recipients')) return 'certain';
  const isNull = mail.returnPath === '' || isDaemonPath(mail.returnPath);
  const bouncy = isBouncySubject(mail.subject);
  const returned = mail.partTypes.some(isReturnedPart);
  if (bouncy && (isNull || isDaemonName(mail.from))) return 'certain';
  if (bouncy && isPostmaster(mail.from) && (returned || mail.returnPath === null)) return 'certain';
  if (has(mail, 'x-mlserver', /\bfml\b/i) && LIST_REFUSAL.test(mail.subject)) return 'certain';
  if (has(mail, 'x-amz-sns-message-id', /./)) return 'likely';
  if (isDaemonPath(mail.returnPath)) return 'likely';
  // An out-of-office has a null sender as well; a parcel service writes "Delivery failed" from no-reply@.
  if (isNull || (bouncy && mail.from.some((one) => isNoReply(one.address))))
    return returned ? 'likely' : 'no';
  return isPostmaster(mail.from) && (bouncy || (returned && !isForwarded(mail.subject))) ? 'likely' : 'no';
}

/**
 * Local parts under which mail systems write. `Mail.Delivery.System@`: WAKWAK of NTT; `post_master@`: Verizon's
 * gateway to text messages. A postmaster may be a person and is asked for more.
 */
const DAEMON =
  /^(mailer[-_.]?daemon([-_.+].*)?|mail[-_.]?daemon|mail[-_.]?delivery([-_.](system|subsystem|service|agent))?|post_master|microsoftexchange[0-9a-f]{32})$/;
const NO_REPLY =
  /^(no[-_.]?reply|do[-_.]?not[-_.]?reply|nicht[-_.]?antworten|ne[-_.]?pas[-_.]?repondre|mailer[-_.]?daemon|daemon|cron|bounces?)([-_.+].*)?$/;
const LIST_REFUSAL = /\bnot member\b|^loop alert\b|^error in \b/i;

/** How subjects of reports begin, by system and language. Whatever follows is the subject of the mail returned. */
const BOUNCE_SUBJECT = new RegExp(
  `^\\s*(?:\\[[^\\]]{1,40}\\]\\s*)?(${[
    'delivery (status|failure|failed|report|notification|problem|error|delayed)',
    'undeliver',
    'undelivered',
    '(e-?mail|mail|message) (delivery|delivering|system) (failed|failure|system|error|problem|status|report|delayed)',
    'mail (failure|error|could not|was not|not delivered|bounce|delayed|returned)',
    '(returned|rejected|bounced|failed|delayed) (e-?mail|mail|message)',
    'failure[- ](notice|notification|delivery)',
    'failed (delivery|to deliver)',
    '(your )?(message|e-?mail|mail) (could not|couldn\\W?t|cannot|undeliver|delayed|not delivered|was not delivered|returned)',
    'e-?mail (bounce|not delivered)',
    'non[- ]?(delivery|deliverable)',
    'nondeliverable|ndn\\b|ndr\\b|dsn\\b',
    'warning( |:|--|: )(could not|message|mail|e-?mail)',
    'could not (send|deliver)',
    'there was an error sending your mail',
    'unable to deliver',
    'unzustellbar|nicht zustellbar|unzustellbarkeit|zustellung .{0,30}(fehlgeschlagen|verz)|.{0,20}zustellfehler',
    'non[- ]remis|non[- ]distribu|.chec de (la )?(remise|distribution|livraison)|notification d..tat de remise|avis de non',
    'no se puede entregar|no entregado|correo (devuelto|no entregado)|notificaci.n de estado de entrega|entrega fallida|error (de|en la) entrega',
    'n.o (é )?(foi )?(entregue|pode ser entregue)|falha (na|de) entrega|notifica..o de (status|estado) de entrega|mensagem devolvida',
    'impossibile recapitare|mancat[ao] (consegna|recapito)|non recapitabile|notifica di mancat',
    'niet[- ]bezorg|onbestelbaar|kan niet worden bezorgd',
    'niedostarcz|nie mo.na dostarczy|nie dostarczono|zwrot|niepowodzenie dostarcz',
    'olevererbar|g[åi].{1,5}inte att leverera|ska(n|l) ikke leveres|kan ikke leveres|kunne ikke leveres|ikke levert|toimittamaton|nedoru.iteln|k.zbes.thetetlen|teslim edilemedi|iletilemedi',
    'nelivrabil|neisporu|nedoru.ite|ni mogo.e dostaviti|kh.ng th. g.i|недоставимо|неможливо|не вдалося доставити|ανεπίδοτο|δεν ήταν δυνατή|לא ניתן למסירה|تعذر التسليم|ไม่สามารถ',
    '(недоставлен|не доставлен|ваше сообщение не|не уда.тся доставить|сообщение не доставлено)',
    '(メールエラー|配信不能|配信できません|未配信|送信エラー|エラーメール|メール配信エラー|配送エラー)',
    '(无法送达|未送达|邮件退信|退信|系统退信|投递失败|無法傳遞|未傳遞|郵件退回|傳送失敗|无法传递|未传递|来自.{0,40}的退信)',
    '(배달되지|전송 실패|메일 전송|발송 실패|배달 실패|반송|배달할 수 없)',
  ].join('|')})`,
  'iu',
);

const localPart = (address: string): string => (address.toLowerCase().split('@')[0] ?? '').slice(0, 200);

export const isPostmaster = (from: readonly Address[]): boolean =>
  from.some((one) => /^postmaster\b/.test(localPart(one.address)));

/** A mailer-daemon is no person; an empty address with such a name is one as well (DragonFly, local sendmail). */
export const isDaemon = (from: readonly Address[]): boolean =>
  from.some(
    (one) =>
      DAEMON.test(localPart(one.address)) ||
      (!one.address.includes('@') && /mailer-daemon|mail delivery/i.test(`${one.name} ${one.address}`)),
  );

/** Gateways with an address of their own making call themselves at least what they are. */
const isDaemonName = (from: readonly Address[]): boolean =>
  from.some(({ name }) => DAEMON_NAME.test(name.slice(0, 100)));
const DAEMON_NAME =
  /^\W*((internet )?mail(er)?[ -]?(daemon|delivery|delivering|system|administrator)|(mail )?delivery (sub)?system|system administrator|microsoft (outlook|exchange)|postmaster\b)/i;

/** `<MAILER-DAEMON@…>`, and `<#@[]>` of qmail for a bounce that bounced. */
const isDaemonPath = (path: string | null): boolean =>
  path !== null && (/^mailer-daemon\b/i.test(path) || path === '#@[]');

export const isNoReply = (address: string): boolean => NO_REPLY.test(localPart(address));

export const isBouncySubject = (subject: string): boolean => BOUNCE_SUBJECT.test(subject.slice(0, 300));

/** `Fwd: Returned mail …`: a person stands between. */
const isForwarded = (subject: string): boolean => /^\s*(fwd?|wg|tr|rv|enc|i|vs|pd)\s*:/i.test(subject);

/** The returned mail or its header as a part of its own. */
export const isReturnedPart = (contentType: string): boolean =>
  /^(message\/(rfc822|global|partial|delivery-status|global-delivery-status)|(text|message)\/(rfc822|global)-headers)$/.test(
    contentType,
  );

const has = ({ headers }: MailSystemMarks, name: string, value: RegExp): boolean =>
  headers.some((header) => header.name === name && value.test(header.value.slice(0, 1_000)));
const hasAddress = (mail: MailSystemMarks, name: string): boolean => has(mail, name, /@/);

/**
 * The report-type of a multipart/report (RFC 6522 section 3), '' when it names none (older systems), null for any
 * other mail.
 */
export function reportType({ headers }: Pick<MailSystemMarks, 'headers'>): string | null {
  const field = headers.find((header) => header.name === 'content-type');
  const value = (field?.value ?? '').slice(0, 2_000).toLowerCase();
  if (!value.trimStart().startsWith('multipart/report')) return null;
  return /report-type\s*=\s*"?([a-z-]+)/.exec(value)?.[1] ?? '';
}
