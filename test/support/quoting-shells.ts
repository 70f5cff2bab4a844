/**
 * Answers as mail programs would send them: a given text above or below a given notice, quoted the way of that
 * program and language, as plain text or HTML, in raw bytes. Composed from knowledge of those programs.
 */
import { Buffer } from 'node:buffer';

export type Quoted = { readonly subject: string; readonly text: string; readonly html: string | null };

export type Shell = {
  readonly program: string;
  readonly language: Language;
  readonly format: 'plain' | 'html';
  readonly place: 'above' | 'below';
  /** The raw mail that answers the notice with these words. */
  readonly mail: (written: string, notice: Quoted) => Uint8Array;
};

export const Languages = ['en', 'de', 'fr', 'es', 'it', 'pt', 'nl'] as const;
export type Language = (typeof Languages)[number];

const FROM = {
  name: 'Elm Property Management',
  address: 'maintenance+k3j5h2g7f4d6s8a9q2w4e6r8t@elm.example',
};
const TO = { name: 'Sam Member', address: 'sam@members.example' };

// --- words of the programs --------------------------------------------------------------------------------------

type Words = {
  readonly gmail: string;
  readonly apple: string;
  readonly thunderbird: string;
  readonly mutt: string;
  readonly yahoo: string;
  /** From, sent, to, subject, with the colon as that language sets it. */
  readonly labels: readonly [string, string, string, string];
  readonly sent: string;
  readonly samsungDate: string;
  readonly original: string;
  readonly outlookPhone: string;
  readonly iPhone: string;
  readonly galaxy: string;
};

const Named: Readonly<Record<Language, Words>> = {
  en: {
    gmail: 'On Fri, Nov 20, 2026 at 10:00 AM NAME <ADDRESS> wrote:',
    apple: 'On 20 Nov 2026, at 10:00, NAME <ADDRESS> wrote:',
    thunderbird: 'On 20/11/2026 10:00, NAME wrote:',
    mutt: 'On Fri, Nov 20, 2026 at 10:00:00AM +0100, NAME wrote:',
    yahoo: 'On Friday, November 20, 2026 at 10:00:00 AM GMT+1, NAME <ADDRESS> wrote:',
    labels: ['From:', 'Sent:', 'To:', 'Subject:'],
    sent: 'Friday, November 20, 2026 10:00 AM',
    samsungDate: 'Date:',
    original: 'Original message',
    outlookPhone: 'Get Outlook for iOS',
    iPhone: 'Sent from my iPhone',
    galaxy: 'Sent from my Galaxy',
  },
  de: {
    gmail: 'Am Fr., 20. Nov. 2026 um 10:00 Uhr schrieb NAME <ADDRESS>:',
    apple: 'Am 20.11.2026 um 10:00 schrieb NAME <ADDRESS>:',
    thunderbird: 'Am 20.11.26 um 10:00 schrieb NAME:',
    mutt: 'Am 20.11.2026 um 10:00 Uhr +0100 schrieb NAME:',
    yahoo: 'Am Freitag, 20. November 2026 um 10:00:00 MEZ hat NAME <ADDRESS> Folgendes geschrieben:',
    labels: ['Von:', 'Gesendet:', 'An:', 'Betreff:'],
    sent: 'Freitag, 20. November 2026 10:00',
    samsungDate: 'Datum:',
    original: 'Ursprüngliche Nachricht',
    outlookPhone: 'Holen Sie sich Outlook für iOS',
    iPhone: 'Von meinem iPhone gesendet',
    galaxy: 'Von meinem Galaxy gesendet',
  },
  fr: {
    gmail: 'Le ven. 20 nov. 2026 à 10:00, NAME <ADDRESS> a écrit :',
    apple: 'Le 20 nov. 2026 à 10:00, NAME <ADDRESS> a écrit :',
    thunderbird: 'Le 20/11/2026 à 10:00, NAME a écrit :',
    mutt: 'Le vendredi 20 novembre 2026 à 10:00, NAME a écrit :',
    yahoo: 'Le vendredi 20 novembre 2026 à 10:00:00 UTC+1, NAME <ADDRESS> a écrit :',
    labels: ['De :', 'Envoyé :', 'À :', 'Objet :'],
    sent: 'vendredi 20 novembre 2026 10:00',
    samsungDate: 'Date :',
    original: 'Message d’origine',
    outlookPhone: 'Obtenez Outlook pour iOS',
    iPhone: 'Envoyé de mon iPhone',
    galaxy: 'Envoyé depuis mon appareil Galaxy',
  },
  es: {
    gmail: 'El vie, 20 nov 2026 a las 10:00, NAME (<ADDRESS>) escribió:',
    apple: 'El 20 nov 2026, a las 10:00, NAME <ADDRESS> escribió:',
    thunderbird: 'El 20/11/26 a las 10:00, NAME escribió:',
    mutt: 'El vie, 20 nov 2026 a las 10:00, NAME escribió:',
    yahoo: 'En viernes, 20 de noviembre de 2026, 10:00:00 CET, NAME <ADDRESS> escribió:',
    labels: ['De:', 'Enviado el:', 'Para:', 'Asunto:'],
    sent: 'viernes, 20 de noviembre de 2026 10:00',
    samsungDate: 'Fecha:',
    original: 'Mensaje original',
    outlookPhone: 'Obtener Outlook para iOS',
    iPhone: 'Enviado desde mi iPhone',
    galaxy: 'Enviado desde mi Galaxy',
  },
  it: {
    gmail: 'Il giorno ven 20 nov 2026 alle ore 10:00 NAME <ADDRESS> ha scritto:',
    apple: 'Il giorno 20 nov 2026, alle ore 10:00, NAME <ADDRESS> ha scritto:',
    thunderbird: 'Il 20/11/2026 10:00, NAME ha scritto:',
    mutt: 'Il ven 20 nov 2026 alle 10:00, NAME ha scritto:',
    yahoo: 'Il venerdì 20 novembre 2026 alle ore 10:00:00 CET, NAME <ADDRESS> ha scritto:',
    labels: ['Da:', 'Inviato:', 'A:', 'Oggetto:'],
    sent: 'venerdì 20 novembre 2026 10:00',
    samsungDate: 'Data:',
    original: 'Messaggio originale',
    outlookPhone: 'Ottieni Outlook per iOS',
    iPhone: 'Inviato da iPhone',
    galaxy: 'Inviato dal mio Galaxy',
  },
  pt: {
    gmail: 'Em sex., 20 de nov. de 2026 às 10:00, NAME <ADDRESS> escreveu:',
    apple: 'No dia 20/11/2026, às 10:00, NAME <ADDRESS> escreveu:',
    thunderbird: 'Em 20/11/2026 10:00, NAME escreveu:',
    mutt: 'Em 20/11/2026 às 10:00, NAME escreveu:',
    yahoo: 'Em sexta-feira, 20 de novembro de 2026 às 10:00:00 BRT, NAME <ADDRESS> escreveu:',
    labels: ['De:', 'Enviada em:', 'Para:', 'Assunto:'],
    sent: 'sexta-feira, 20 de novembro de 2026 10:00',
    samsungDate: 'Data:',
    original: 'Mensagem original',
    outlookPhone: 'Obter o Outlook para iOS',
    iPhone: 'Enviado do meu iPhone',
    galaxy: 'Enviado do meu Galaxy',
  },
  nl: {
    gmail: 'Op vr 20 nov 2026 om 10:00 schreef NAME <ADDRESS>:',
    apple: 'Op 20 nov. 2026 om 10:00 heeft NAME <ADDRESS> het volgende geschreven:',
    thunderbird: 'Op 20-11-2026 om 10:00 schreef NAME:',
    mutt: 'Op vr 20 nov 2026 om 10:00 schreef NAME:',
    yahoo: 'Op vrijdag 20 november 2026 om 10:00:00 CET schreef NAME <ADDRESS>:',
    labels: ['Van:', 'Verzonden:', 'Aan:', 'Onderwerp:'],
    sent: 'vrijdag 20 november 2026 10:00',
    samsungDate: 'Datum:',
    original: 'Oorspronkelijk bericht',
    outlookPhone: 'Outlook voor iOS downloaden',
    iPhone: 'Verstuurd vanaf mijn iPhone',
    galaxy: 'Verstuurd vanaf mijn Galaxy',
  },
};

// --- how they put them together ---------------------------------------------------------------------------------

const attributionOf = (words: string): string =>
  words.replace('NAME', FROM.name).replace('ADDRESS', FROM.address);
const escaped = (text: string): string =>
  text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
const linesOf = (text: string): string[] => text.trimEnd().split('\n');
const marked = (text: string, mark = '> '): string =>
  linesOf(text)
    .map((line) => (line === '' ? mark.trimEnd() : `${mark}${line}`))
    .join('\n');

/** Wrapped at word ends, as programs do before they send. */
export function wrapped(text: string, columns: number): string {
  const out: string[] = [];
  for (const line of linesOf(text)) {
    let rest = '';
    for (const word of line.split(' ')) {
      if (rest !== '' && rest.length + 1 + word.length > columns) {
        out.push(rest);
        rest = word;
      } else rest = rest === '' ? word : `${rest} ${word}`;
    }
    out.push(rest);
  }
  return out.join('\n');
}

/** What stands between the body tags: programs take no more than that into their own mail. */
function inner({ text, html }: Quoted): string {
  if (html === null)
    return linesOf(text)
      .map((line) => `<div>${escaped(line) || '<br>'}</div>`)
      .join('');
  return /<body[^>]*>([\s\S]*)<\/body>/.exec(html)?.[1] ?? html;
}

const divs = (text: string): string =>
  linesOf(text)
    .map((line) => `<div>${escaped(line) || '<br>'}</div>`)
    .join('');
const paragraphs = (text: string): string =>
  linesOf(text)
    .map((line) => `<p class=MsoNormal>${escaped(line) || '&nbsp;'}<o:p></o:p></p>`)
    .join('');

type Body = (written: string, notice: Quoted, words: Words) => string;
type Program = {
  readonly plain?: Body;
  readonly html?: Body;
  readonly plainBelow?: Body;
  readonly htmlBelow?: Body;
};

const outlookHead = ({ labels: [from, sent, to, subject], sent: date }: Words, notice: Quoted): string[] => [
  `${from} ${FROM.name} <${FROM.address}>`,
  `${sent} ${date}`,
  `${to} ${TO.name} <${TO.address}>`,
  `${subject} ${notice.subject}`,
];

const boldHead = (words: Words, notice: Quoted): string =>
  outlookHead(words, notice)
    .map((line) => line.replace(/^([^:]*:)(.*)$/, (_, label, rest) => `<b>${label}</b>${escaped(rest)}<br>`))
    .join('');

const Programs: Readonly<Record<string, Program>> = {
  Gmail: {
    plain: (written, { text }, { gmail }) =>
      `${wrapped(written, 72)}\n\n${wrapped(attributionOf(gmail), 78)}\n\n${marked(wrapped(text, 76))}\n`,
    html: (written, notice, { gmail }) =>
      `<div dir="ltr">${divs(written)}</div><br><div class="gmail_quote gmail_quote_container"><div dir="ltr" class="gmail_attr">${escaped(attributionOf(gmail))}<br></div><blockquote class="gmail_quote" style="margin:0px 0px 0px 0.8ex;border-left:1px solid rgb(204,204,204);padding-left:1ex">${inner(notice)}</blockquote></div>\n`,
    plainBelow: (written, { text }, { gmail }) =>
      `${wrapped(attributionOf(gmail), 78)}\n\n${marked(wrapped(text, 76))}\n\n${wrapped(written, 72)}\n`,
    htmlBelow: (written, notice, { gmail }) =>
      `<div dir="ltr"><div class="gmail_quote"><div dir="ltr" class="gmail_attr">${escaped(attributionOf(gmail))}<br></div><blockquote class="gmail_quote">${inner(notice)}</blockquote></div>${divs(written)}</div>\n`,
  },
  'Outlook on the desktop': {
    plain: (written, notice, words) =>
      `${written}\n\n${outlookHead(words, notice).join('\n')}\n\n${notice.text}\n`,
    html: (written, notice, words) =>
      `<html><head><style>p.MsoNormal{margin:0cm}</style></head><body lang=EN-GB><div class=WordSection1>${paragraphs(written)}<p class=MsoNormal><o:p>&nbsp;</o:p></p><div><div style='border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm'><p class=MsoNormal>${boldHead(words, notice)}<o:p></o:p></p></div></div><p class=MsoNormal><o:p>&nbsp;</o:p></p>${inner(notice)}</div></body></html>`,
  },
  'Outlook on the web': {
    plain: (written, notice, words) =>
      `${written}\n________________________________\n${outlookHead(words, notice).join('\n')}\n\n${notice.text}\n`,
    html: (written, notice, words) =>
      `<html><head></head><body><div class="elementToProof" style="font-family:Aptos">${divs(written)}</div><div id="appendonsend"></div><hr style="display:inline-block;width:98%" tabindex="-1"><div id="divRplyFwdMsg" dir="ltr"><font face="Calibri, sans-serif" style="font-size:11pt" color="#000000">${boldHead(words, notice)}</font><div>&nbsp;</div></div>${inner(notice)}</body></html>`,
  },
  'Outlook on a phone': {
    plain: (written, notice, words) =>
      `${written}\n\n${words.outlookPhone}<https://aka.ms/o0ukef>\n________________________________\n${outlookHead(words, notice).join('\n')}\n\n${notice.text}\n`,
    html: (written, notice, words) =>
      `<html><body><div dir="ltr">${divs(written)}</div><div id="ms-outlook-mobile-body-separator-line" dir="ltr"><br></div><div id="ms-outlook-mobile-signature" dir="ltr"><a href="https://aka.ms/o0ukef">${escaped(words.outlookPhone)}</a></div><div id="mail-editor-reference-message-container" class="ms-outlook-mobile-reference-message skipProofing"><hr style="display:inline-block;width:98%"><div id="divRplyFwdMsg" dir="ltr"><font face="Calibri">${boldHead(words, notice)}</font></div>${inner(notice)}</div></body></html>`,
  },
  'Apple Mail': {
    plain: (written, { text }, { apple }) =>
      `${written}\n\n${marked(`${attributionOf(apple)}\n\n${text}`)}\n`,
    html: (written, notice, { apple }) =>
      `<html><body style="overflow-wrap: break-word;">${divs(written)}<div><br><blockquote type="cite"><div>${escaped(attributionOf(apple))}</div><br class="Apple-interchange-newline"><div>${inner(notice)}</div></blockquote></div><br></body></html>`,
    plainBelow: (written, { text }, { apple }) =>
      `${marked(`${attributionOf(apple)}\n\n${text}`)}\n\n${written}\n`,
  },
  'Mail on an iPhone': {
    plain: (written, { text }, { apple, iPhone }) =>
      `${written}\n\n${iPhone}\n\n${marked(`${attributionOf(apple)}\n\n${text}`)}\n`,
    html: (written, notice, { apple, iPhone }) =>
      `<html><body dir="auto">${divs(written)}<br id="lineBreakAtBeginningOfSignature"><div dir="ltr">${escaped(iPhone)}</div><div dir="ltr"><br><blockquote type="cite">${escaped(attributionOf(apple))}<br><br></blockquote></div><blockquote type="cite"><div dir="ltr">${inner(notice)}</div></blockquote></body></html>`,
  },
  Thunderbird: {
    plain: (written, { text }, { thunderbird }) =>
      `${wrapped(written, 72)}\n\n${attributionOf(thunderbird)}\n${marked(wrapped(text, 70))}\n\n-- \n${TO.name}\n`,
    html: (written, notice, { thunderbird }) =>
      `<html><body>${divs(written)}<div class="moz-cite-prefix">${escaped(attributionOf(thunderbird))}<br></div><blockquote type="cite" cite="mid:1@elm.example">${inner(notice)}</blockquote><p><br></p></body></html>`,
    plainBelow: (written, { text }, { thunderbird }) =>
      `${attributionOf(thunderbird)}\n${marked(wrapped(text, 70))}\n\n${wrapped(written, 72)}\n\n-- \n${TO.name}\n`,
    htmlBelow: (written, notice, { thunderbird }) =>
      `<html><body><div class="moz-cite-prefix">${escaped(attributionOf(thunderbird))}<br></div><blockquote type="cite" cite="mid:1@elm.example">${inner(notice)}</blockquote>${divs(written)}</body></html>`,
  },
  mutt: {
    plain: (written, { text }, { mutt }) =>
      `${written}\n\n${attributionOf(mutt)}\n${marked(text)}\n\n-- \n${TO.name}\n`,
    plainBelow: (written, { text }, { mutt }) => `${attributionOf(mutt)}\n${marked(text)}\n\n${written}\n`,
  },
  'Samsung Mail': {
    plain: (written, notice, words) =>
      `${written}\n\n\n${words.galaxy}\n\n\n-------- ${words.original} --------\n${samsungHead(words, notice).join('\n')}\n\n${notice.text}\n`,
    html: (written, notice, words) =>
      `<html><head></head><body dir="auto">${divs(written)}<div dir="auto"><br></div><div id="composer_signature" dir="auto"><div style="font-size:12px;color:#575757" dir="auto">${escaped(words.galaxy)}</div></div><div dir="auto"><br></div><div><br></div><div align="left" dir="auto" style="font-size:100%;color:#000000"><div>-------- ${escaped(words.original)} --------</div>${samsungHead(
        words,
        notice,
      )
        .map((line) => `<div>${escaped(line)} </div>`)
        .join('')}<div><br></div></div>${inner(notice)}</body></html>`,
  },
  Yahoo: {
    plain: (written, { text }, { yahoo }) =>
      `${written}\n\n${' '.repeat(4)}${attributionOf(yahoo)}  \n \n ${linesOf(text).join('\n ')}\n  `,
    html: (written, notice, { yahoo }) =>
      `<html><head></head><body><div class="ydp1234yahoo-style-wrap" style="font-family:Helvetica"><div dir="ltr" data-setdir="false">${divs(written)}</div><div><br></div></div><div id="ydp5678yahoo_quoted_1" class="ydp5678yahoo_quoted yahoo_quoted"><div style="font-family:Helvetica"><div>${escaped(attributionOf(yahoo))}</div><div><br></div><div><br></div><div>${inner(notice)}</div></div></div></body></html>`,
  },
};

function samsungHead({ labels: [from, , to, subject], samsungDate }: Words, notice: Quoted): string[] {
  return [
    `${from} ${FROM.name} <${FROM.address}>`,
    `${samsungDate} 20/11/2026 10:00 (GMT+01:00)`,
    `${to} ${TO.name} <${TO.address}>`,
    `${subject} ${notice.subject}`,
  ];
}

function rawMail(body: string, type: 'plain' | 'html', subject: string): Uint8Array {
  const encoded = Buffer.from(body.replace(/\n/g, '\r\n')).toString('base64');
  return Buffer.from(
    [
      `From: ${TO.name} <${TO.address}>`,
      `To: ${FROM.name} <${FROM.address}>`,
      `Subject: =?utf-8?B?${Buffer.from(`Re: ${subject}`).toString('base64')}?=`,
      'Message-ID: <answer@members.example>',
      'Date: Fri, 20 Nov 2026 10:30:00 +0100',
      'MIME-Version: 1.0',
      `Content-Type: text/${type}; charset=utf-8`,
      'Content-Transfer-Encoding: base64',
      '',
      encoded.replace(/(.{76})/g, '$1\r\n'),
      '',
    ].join('\r\n'),
  );
}

const Kinds = [
  ['plain', 'plain', 'above'],
  ['html', 'html', 'above'],
  ['plainBelow', 'plain', 'below'],
  ['htmlBelow', 'html', 'below'],
] as const;

/** Every program in every language, above and, where people do so, below the quote. */
export const Shells: readonly Shell[] = Object.entries(Programs).flatMap(([program, bodies]) =>
  Languages.flatMap((language) =>
    Kinds.flatMap(([key, format, place]) => {
      const body = bodies[key];
      if (body === undefined) return [];
      const mail: Shell['mail'] = (written, notice) =>
        rawMail(body(written, notice, Named[language]), format, notice.subject);
      return [{ program, language, format, place, mail }];
    }),
  ),
);
