/**
 * The text that a mail system writes for people, read for what RFC 3464 would have told in fields: sendmail, qmail,
 * Exim, Exchange and many others wrote reports before there was a standard, or still write no other.
 *
 * It is not one grammar per system. What they share is read: a notice, behind it the returned mail; in the notice
 * lines that begin with an address, or a line that names one as a recipient; and next to it what the other side
 * said. At most TEXT_MAX characters and LINES_MAX lines are looked at, each a few times.
 */
import { statusIn } from '../../../domain/delivery-failure.ts';
import { parseAddressList } from '../address-list.ts';
import { type ReturnedMail, readReturnedText } from './returned-mail.ts';
import { RECIPIENTS_MAX, type Told } from './status-fields.ts';

const TEXT_MAX = 64 * 1024;
const LINES_MAX = 2_000;
const LINE_MAX = 1_000;
const DIAGNOSTIC_MAX = 1_500;

export type Notice = {
  /** What stands above the returned mail. */
  readonly text: string;
  readonly told: readonly Told[];
  /** What was told about that address, in whatever case it is written. */
  readonly about: (address: string) => Told | undefined;
  readonly returned: ReturnedMail;
};

/** `ourselves`: whom the report was sent to, which is the sender of the returned mail and not its recipient. */
export function readNotice(text: string, ourselves: readonly string[]): Notice {
  const lines = text
    .slice(0, TEXT_MAX)
    .split('\n', LINES_MAX)
    .map((line) => line.slice(0, LINE_MAX));
  const end = returnedFrom(lines);
  const notice = lines.slice(0, end);
  const told = readRecipients(notice, new Set(ourselves.map((address) => address.toLowerCase())));
  const byAddress = new Map(told.map((one) => [one.address.toLowerCase(), one]));
  return {
    text: notice.join('\n'),
    told,
    about: (address) => byAddress.get(address.toLowerCase()),
    returned: readReturnedText(lines.slice(end).join('\n')),
  };
}

/** Lines by which systems announce the returned mail. "The original message was received at" is no such line. */
const RETURNED_MARK =
  /^[\s>*#=_-]{0,80}((this|below|following|included|attached) is (a copy|the header)|below this line|(the )?(unsent|returned|original|bounced|undelivered) (message|mail|e-mail|nachricht)( (headers?|text|follows|content|body))*( (follows|is following|below))?\s*[:.*#=_-]*$|(a )?copy of (the|your) (original )?(message|mail)|message (headers?|text|body)( and .{0,20})? follows?|the header of the original|original message headers?|mail header follows|-{3,} ?(message|header)|ursprüngliche nachricht|message d'origine|mensaje original|mensagem original|messaggio originale|oorspronkelijk bericht)/i;
const RETURNED_FIELD =
  /^[\s>]{0,20}(received|return-path|dkim-signature|domainkey-signature|x-received|arc-seal|x-originating-ip|x-google-smtp-source):/i;
const HEADER_FIELD = /^[\s>]{0,20}(message-id|mime-version|from|to|subject|date|content-type):\s?\S/i;

/** The line on which the returned mail begins, or the number of lines. */
function returnedFrom(lines: readonly string[]): number {
  let said = false;
  for (const [i, line] of lines.entries()) {
    if (said && (RETURNED_MARK.test(line) || RETURNED_FIELD.test(line))) return i;
    // A notice may tell Message-ID, From and Subject of the mail; MIME-Version only the mail itself has.
    if (said && /^[\s>]{0,20}mime-version:/i.test(line)) {
      let start = i;
      while (start > 0 && HEADER_FIELD.test(lines[start - 1] ?? '')) start -= 1;
      return start;
    }
    if (line.trim() !== '') said = true;
  }
  return lines.length;
}

type Found = {
  readonly line: number;
  readonly address: string;
  readonly rest: string;
  /** In a transcript the reason stands above. */
  readonly above?: boolean;
};

function readRecipients(lines: readonly string[], ourselves: ReadonlySet<string>): Told[] {
  const foreign = ({ address }: Found) => !ourselves.has(address.toLowerCase());
  let entries = lines.flatMap((_, i) => entryOn(lines, i));
  // Sendmail before version 8 has a transcript and no list: `550 <a@b>... User unknown`.
  if (entries.length === 0) entries = lines.flatMap((line, i) => answerOn(line, i));
  const named = () => lines.flatMap((_, i) => namedOn(lines, i));
  let found = entries.filter(foreign);
  if (found.length === 0) found = named().filter(foreign);
  // Mail to oneself comes back as well.
  if (found.length === 0) found = entries.length > 0 ? entries : named();
  const first = new Map<string, Found>();
  for (const one of found) {
    const key = one.address.toLowerCase();
    if (!first.has(key) && first.size < RECIPIENTS_MAX) first.set(key, one);
  }
  return told([...first.values()], lines);
}

const LIST_SIGNS = /^[\s>*•・·○●■◆|"'<([{#-]+|^\[?status: error, address: */i;

/** `<a@b>: text`, `  a@b`, `* a@b [text]`, `>>> a@b <a@b>`: the address is the first that stands on the line. */
function entryOn(lines: readonly string[], i: number): Found[] {
  const line = lines[i] ?? '';
  if (!line.includes('@')) return [];
  const start = line
    .replace(LIST_SIGNS, '')
    .replace(/^(recipient |failed )?(address|recipient|to)\s*[:=]\s*</i, '');
  const bare = start.replace(LIST_SIGNS, '');
  const token = /^[^\s<>()[\]{},;:"]{1,320}/.exec(bare)?.[0] ?? '';
  const address = toAddress(token);
  if (address === '') return [];
  const rest = bare.slice(token.length).replace(/^[\s>"')\]}.,:;]+/, '');
  // "Please contact\n<postmaster@x> if …"
  if (/\b(contact|assistance|write to|e-?mail to|mail to)\s*$/i.test((lines[i - 1] ?? '').trimEnd()))
    return [];
  return [{ line: i, address, rest }];
}

function answerOn(line: string, i: number): Found[] {
  const answer = /^[45]\d\d (?:\d\.\d\.\d )?<([^<>\s]{3,320})>\.\.\.(.*)$/.exec(line);
  const address = toAddress(answer?.[1] ?? '');
  return address === '' ? [] : [{ line: i, address, rest: answer?.[2] ?? '', above: true }];
}

const NAMES_RECIPIENT =
  /recipient|deliver|rcpt|user|mailbox|account|failed|failure|rejected|address|reach|unknown|was not sent|couldn.t be|empfänger|zustell|adresse|destinat|remis|distribu|entreg|buzón|correo|consegn|recapit|bezorg|ontvanger|odbiorc|dostarcz|получател|доставлен|адрес|宛先|送信|配信|アドレス|收件|送达|地址|投递|郵件|받는|수신|배달|전송/i;
const NAMES_OTHER =
  /\bfrom\b|sender|contact|reply[- ]to|assistance|\bhello\b|\bdear\b|\bhi\b|\bcc:|support@|abuse@|postmaster@|absender|expéditeur|remitente|mittente|questions/i;

/** `could not be delivered to: <a@b>`, `Unknown user: a@b`, `RCPT TO: a@b`. */
function namedOn(lines: readonly string[], i: number): Found[] {
  const line = lines[i] ?? '';
  if (!line.includes('@')) return [];
  const near = [lines[i - 2], lines[i - 1], line].join(' ');
  if (!NAMES_RECIPIENT.test(near) || NAMES_OTHER.test(line)) return [];
  const found: Found[] = [];
  for (const token of line.split(/[\s<>()[\]{},;:"「」『』（）]+/)) {
    const address = toAddress(token.replace(/^(rfc822;|mailto:)/i, '').replace(/[.'!?]+$/, ''));
    if (address !== '') found.push({ line: i, address, rest: line });
  }
  return found;
}

/** Han, kana and hangul with their punctuation touch an address without a space between. */
const EASTERN = '[\\u3000-\\u9fff\\uac00-\\ud7af\\uff00-\\uffef]';
const UP_TO_EASTERN = new RegExp(`^.*${EASTERN}`);
const FROM_EASTERN = new RegExp(`${EASTERN}.*$`);

function toAddress(token: string): string {
  if (token.length > 400 || token.includes('//')) return '';
  const at = token.lastIndexOf('@');
  const local = token.slice(0, Math.max(at, 0)).replace(UP_TO_EASTERN, '').replace(/^['`]/, '');
  const domain = token
    .slice(at + 1)
    .replace(FROM_EASTERN, '')
    .replace(/[.'`!?]+$/, '');
  const isDomain = /^[\p{L}\p{N}][\p{L}\p{N}.-]{0,253}$|^\[[\d.]{7,15}\]$/u.test(domain);
  if (at < 1 || local === '' || local.length > 64 || local.includes('@') || !isDomain) return '';
  return parseAddressList(`<${local}@${domain}>`)[0]?.address ?? '';
}

/** Each with what follows it up to the next, and with what is said about its address elsewhere. */
function told(found: readonly Found[], lines: readonly string[]): Told[] {
  const addresses = found.map(({ address }) => address.toLowerCase());
  const mentioned = lines.map((line) => {
    const lower = line.includes('@') ? line.toLowerCase() : '';
    return lower === '' ? [] : addresses.filter((address) => lower.includes(address));
  });
  const starts = new Set(found.map(({ line }) => line));
  return found.map(({ line, address, rest, above }, at) => {
    if (above) {
      const from = (found[at - 1]?.line ?? -1) + 1;
      const text = [...lines.slice(Math.max(from, line - 10), line), rest].join(' ');
      return toTold(address, text);
    }
    const said = [rest];
    let length = rest.length;
    for (let i = line + 1; i < lines.length && !starts.has(i) && length < DIAGNOSTIC_MAX; i += 1) {
      const text = (lines[i] ?? '').trim();
      const about = mentioned[i] ?? [];
      if (found.length > 1 && TRANSCRIPT.test(text)) break;
      if (about.length > 0 && !about.includes(address.toLowerCase())) continue;
      said.push(text);
      length += text.length;
    }
    lines.forEach((text, i) => {
      if (length >= DIAGNOSTIC_MAX || i <= line || !(mentioned[i] ?? []).includes(address.toLowerCase()))
        return;
      if (!/\b[45]\d\d\b/.test(text) || said.includes(text.trim())) return;
      said.push(text.trim());
      length += text.length;
    });
    return toTold(address, said.join(' '));
  });
}

function toTold(address: string, said: string): Told {
  const diagnostic = said.replace(/\s+/g, ' ').trim().slice(0, DIAGNOSTIC_MAX);
  return { address, status: statusIn(diagnostic), action: '', diagnostic };
}

const TRANSCRIPT = /^-{2,}\s*transcript/i;

const DELAY =
  /\bdelay(ed)?\b|will (be retried|continue|keep trying|retry)|still being retried|not yet been delivered|warning message only|warning only|do not need to resend|delivery attempts will continue|could not send (message|mail) for past|verzöger|erneut versucht|retard[ée]|nouvelle tentative|reintent|retrasad|atrasad|nova tentativa|ritard|vertraag|opóźni|задерж|遅延|遅れ|再送を|再送し|延迟|延遲|지연/i;
const GIVEN_UP =
  /giv(en|ing) up|gave up|failed permanently|permanent (fatal )?(error|failure)|is a permanent|was aborted|no further (delivery )?attempts|has failed|could not be delivered after|returned to sender/i;

export type Outcome = 'failed' | 'delayed' | 'delivered';

/** What became of the mail, by subject and notice, where no field says it. */
export function outcomeOf(subject: string, notice: string): Outcome {
  const head = subject.slice(0, 300);
  if (SUCCESS.test(head)) return 'delivered';
  const said = DELAY.test(head) ? head : notice.slice(0, 4_000);
  return DELAY.test(said) && !GIVEN_UP.test(said) ? 'delayed' : 'failed';
}

const SUCCESS =
  /^(delivered|relayed|expanded|zugestellt|übermittelt|distribué|entregado|entregue):|\(success\)|^success|successful(ly)? (mail )?deliver|delivery receipt|return receipt/i;
