/**
 * Recognises the lines that mail clients put above what they quote or forward: attribution lines, header blocks,
 * separators. Words of many languages as data; an attribution also needs evidence (a date, a time, an address),
 * because its shape alone is what people write, too ("On Monday he wrote:").
 */

export type Marker = {
  readonly type: 'attribution' | 'separator' | 'headers';
  /** The first line after the marker. */
  readonly end: number;
};

/** Attributions are wrapped over at most this many lines. */
const WRAP_MAX = 4;
const ATTRIBUTION_MAX = 400;
const SEPARATOR_MAX = 120;
/** A header block may have this many lines, wrapped lists of recipients included. */
const BLOCK_LINES_MAX = 14;

const SAID =
  /(?:^|[\s>,)])(wrote|writes|schrieb|schreibt|geschrieben|a écrit|écrit|escribió|escribio|ha scritto|scrisse|schreef|escreveu|skrev|napisał|napisał\(a\)|napsal|napsal\(a\)|napísal|kirjoitti|пишет|написал|написала|написал\(а\)|писал|пише|написав|írta|a scris|yazdı|şunu yazdı|ha escrit|va escriure|pisze|đã viết|작성|έγραψε|כתב|写道|寫道|のメール)(?=[\s:：<]|$)/iu;
const BEGINS =
  /^(on|am|le|el|il|op|den|em|na|no|dnia|w dniu|dne|em|vào|pe|la data|o dia|tarihinde|på|kl|at|il giorno|fri|mon|tue|wed|thu|sat|sun|\d)(?=[\s.,\d])/iu;
const DATE =
  /\b(\d{1,2}[:.h]\d{2}|\d{1,4}[./-]\d{1,2}[./-]\d{1,4}|(?:19|20)\d{2}|\d{1,2}[-. ]{1,2}\p{L}{3,10}|\p{L}{3,10}[. ]{1,2}\d{1,2})\b/u;
const ADDRESS = /[^\s<>@"]{1,64}@[^\s<>@"]{1,190}/u;

/** The marker that begins at line `i`, or null. `lines` hold no more than 1,000 characters each. */
export function markerAt(lines: readonly string[], i: number): Marker | null {
  const line = (lines[i] ?? '').trim();
  if (line === '') return null;
  return separatorAt(lines, i) ?? headersAt(lines, i) ?? attributionAt(lines, i);
}

function attributionAt(lines: readonly string[], start: number): Marker | null {
  let joined = '';
  for (let n = 0; n < WRAP_MAX; n += 1) {
    const line = (lines[start + n] ?? '').trim();
    if (line === '' || line.startsWith('>')) return null;
    joined = n === 0 ? line : `${joined} ${line}`;
    if (joined.length > ATTRIBUTION_MAX) return null;
    if (n > 0 && !mayGoOn((lines[start] ?? '').trim())) return null;
    const quoteFollows = followedByQuote(lines, start + n + 1);
    if (isAttribution(joined, quoteFollows)) {
      // The latest beginning counts, so that "On it." above the line is not taken for a part of it.
      for (let later = start + n; later > start; later -= 1) {
        const shorter = lines.slice(later, start + n + 1).map((one) => one.trim());
        if (BEGINS.test(shorter[0] ?? '') && isAttribution(shorter.join(' '), quoteFollows)) return null;
      }
      return { type: 'attribution', end: start + n + 1 };
    }
  }
  return null;
}

/** A first line of a wrapped attribution carries a part of the date or of the address already. */
const mayGoOn = (line: string): boolean => /[\d<@]/.test(line) && (BEGINS.test(line) || /[<@]/.test(line));

function isAttribution(written: string, quoteFollows: boolean): boolean {
  if (written.length > ATTRIBUTION_MAX) return false;
  // Zoho and Android: "---- On Wed, 24 Feb 2021 14:02:50 +0530 john@example.com wrote ----"
  const dashed = /^-{3,60} ?([^-].*[^- ]) ?-{3,60}$/.exec(written)?.[1];
  const text = dashed === undefined ? written : `${dashed}:`;
  const ends = /[:：]\s*$/.test(text);
  const said = SAID.exec(text);
  if (said === null) {
    // Gmail in some languages, Thunderbird templates: "2014-10-17 11:28 GMT+03:00 Name <address>:"
    return ends && /^\d{1,4}[-./]\d{1,2}[-./]\d{1,4}\b/.test(text) && ADDRESS.test(text);
  }
  const atEnd = text.length - (said.index + said[0].length) <= 2;
  if (!ends && !(atEnd && ADDRESS.test(text))) return false;
  if (quoteFollows && (atEnd || BEGINS.test(text))) return true;
  if (BEGINS.test(text)) return DATE.test(text) || ADDRESS.test(text);
  const bracketed = /<[^\s<>@]{1,64}@[^\s<>]{1,190}>/.test(text);
  return bracketed && (atEnd || DATE.test(text));
}

function followedByQuote(lines: readonly string[], from: number): boolean {
  for (let i = from; i < lines.length && i < from + 3; i += 1) {
    const line = lines[i] ?? '';
    if (line.trim() !== '') return /^\s{0,3}>/.test(line);
  }
  return false;
}

const SEPARATORS = new Set(
  [
    'original message',
    'original email',
    'original appointment',
    'reply message',
    'forwarded message',
    'forwarded by',
    'begin forwarded message',
    'ursprüngliche nachricht',
    'urspr. nachricht',
    'originalnachricht',
    'original-nachricht',
    'original-mail',
    'ursprüngliche mail',
    'weitergeleitete nachricht',
    'anfang der weitergeleiteten nachricht',
    'anfang der weitergeleiteten e-mail',
    "message d'origine",
    'message original',
    'message originel',
    "e-mail d'origine",
    'message transféré',
    'message réexpédié',
    'début du message réexpédié',
    'début du message transféré',
    'mensaje original',
    'mensaje reenviado',
    'inicio del mensaje reenviado',
    'messaggio originale',
    'messaggio inoltrato',
    'inizio messaggio inoltrato',
    'oorspronkelijk bericht',
    'doorgestuurd bericht',
    'mensagem original',
    'mensagem encaminhada',
    'ursprungligt meddelande',
    'opprinnelig melding',
    'oprindelig meddelelse',
    'wiadomość oryginalna',
    'исходное сообщение',
    'пересылаемое сообщение',
  ].map((words) => words),
);

/** The words between dashes, lower case: "----- Original Message -----" gives "original message". */
export function separatorWords(line: string): string | null {
  if (line.length > SEPARATOR_MAX) return null;
  let from = 0;
  let to = line.length;
  while (from < to && '-_=*# \t'.includes(line.charAt(from))) from += 1;
  while (to > from && '-_=*#: \t\u00a0'.includes(line.charAt(to - 1))) to -= 1;
  const words = line.slice(from, to).replace(/[’`]/g, "'").replace(/\s+/g, ' ').toLowerCase();
  return SEPARATORS.has(words) ? words : null;
}

function separatorAt(lines: readonly string[], i: number): Marker | null {
  const line = (lines[i] ?? '').trim();
  const words = separatorWords(line);
  // Without its dashes it must be followed by what it announces.
  if (words !== null && (/^[-_=*#]{2}/.test(line) || announces(lines, i + 1))) {
    return { type: 'separator', end: i + 1 };
  }
  if (/^[_-]{10,}$/.test(line)) {
    for (let j = i + 1; j < lines.length && j <= i + 3; j += 1) {
      const headers = headersAt(lines, j);
      if (headers !== null) return { type: 'separator', end: headers.end };
      if ((lines[j] ?? '').trim() !== '') return null;
    }
  }
  return null;
}

function announces(lines: readonly string[], from: number): boolean {
  for (let j = from; j < lines.length && j <= from + 3; j += 1) {
    const line = (lines[j] ?? '').trim();
    if (line !== '') return line.startsWith('>') || labelOf(line) !== null;
  }
  return false;
}

const LABELS: readonly (readonly [string, readonly string[]])[] = [
  [
    'from',
    [
      'from',
      'von',
      'de',
      'da',
      'van',
      'från',
      'fra',
      'od',
      'от',
      'от кого',
      'lähettäjä',
      'expéditeur',
      'remitente',
      '发件人',
      '寄件者',
      '差出人',
    ],
  ],
  [
    'date',
    [
      'sent',
      'date',
      'gesendet',
      'datum',
      'envoyé',
      'enviado',
      'enviado el',
      'fecha',
      'inviato',
      'data',
      'verzonden',
      'skickat',
      'sendt',
      'wysłano',
      'дата',
      'отправлено',
      '发送时间',
      '日期',
      '送信日時',
    ],
  ],
  [
    'to',
    [
      'to',
      'an',
      'à',
      'para',
      'a',
      'aan',
      'till',
      'til',
      'do',
      'komu',
      'кому',
      'pour',
      'vastaanottaja',
      '收件人',
      '宛先',
    ],
  ],
  [
    'subject',
    [
      'subject',
      'betreff',
      'objet',
      'asunto',
      'oggetto',
      'onderwerp',
      'assunto',
      'ämne',
      'emne',
      'temat',
      'předmět',
      'тема',
      'aihe',
      'sujet',
      '主题',
      '主旨',
      '件名',
    ],
  ],
  ['cc', ['cc', 'kopie', 'copie à', 'copia', 'kopia', 'kopi', 'копия', 'bcc', '抄送']],
  ['reply-to', ['reply-to', 'antwort an', 'répondre à', 'responder a']],
];
const LABEL_OF = new Map(LABELS.flatMap(([kind, words]) => words.map((word) => [word, kind] as const)));

/** The kind of a header label that begins a line (`From: …`, `*Von:* …`), and what stands behind it. */
export function labelOf(line: string): { kind: string; value: string } | null {
  const plain = line.trimStart().replace(/^[*_]{1,3}/, '');
  const colon = plain.slice(0, 24).search(/[:：]/);
  if (colon < 1) return null;
  const word = plain
    .slice(0, colon)
    .replace(/[*_\s]+$/, '')
    .toLowerCase();
  const kind = LABEL_OF.get(word);
  if (kind === undefined) return null;
  return {
    kind,
    value: plain
      .slice(colon + 1)
      .replace(/^[*_\s]{1,6}/, '')
      .trim(),
  };
}

/** A block of header lines as Outlook and others print them: a sender or a date first, and two more kinds. */
function headersAt(lines: readonly string[], start: number): Marker | null {
  const first = labelOf(lines[start] ?? '');
  if (first === null || (first.kind !== 'from' && first.kind !== 'date')) return null;
  const kinds = new Set([first.kind]);
  let end = start + 1;
  let blank = 0;
  for (let j = start + 1; j < lines.length && j < start + BLOCK_LINES_MAX; j += 1) {
    const line = (lines[j] ?? '').trim();
    if (line.startsWith('>')) break;
    const label = labelOf(line);
    if (label !== null) {
      kinds.add(label.kind);
      end = j + 1;
      blank = 0;
    } else if (line === '') {
      blank += 1;
      // HTML made text may set each header line as a paragraph of its own.
      if (blank > 1) break;
    } else if (blank > 0 || j - end >= 4) break;
  }
  return kinds.has('from') && kinds.size >= 3 ? { type: 'headers', end } : null;
}
