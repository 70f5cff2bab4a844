/**
 * HTML made readable as text, whatever the HTML: ordinary mail goes through html-to-text; what is nested too
 * deep or too long for it (a quarter of a second and more for 3,000 nested <div>, minutes for megabytes) through a
 * stripper that takes linear time and never recurses.
 *
 * What the mark-up says of quotes is kept in the text, where the reply text looks for it: <blockquote> and what
 * programs use in its place come out with `> ` in front, and the head that Outlook sets above what it quotes, without
 * any mark on what follows, has a bar above it, as in Outlook's own plain text.
 */
import { compile, type DomNode, type FormatCallback, type HtmlToTextOptions } from 'html-to-text';

const LIBRARY_LENGTH_MAX = 1024 * 1024;
const LIBRARY_DEPTH_MAX = 200;
/** Mail of a megabyte has some 20,000 tags; the library takes over a second for 80,000. */
const LIBRARY_TAGS_MAX = 40_000;
/** More than this is not looked at; the text is capped at 1 MB anyway. */
const STRIPPER_LENGTH_MAX = 16 * 1024 * 1024;

/** Nor is more than this written, white space and entities counted: it would fill memory to be cut off. */
const STRIPPED_LENGTH_MAX = 2 * 1024 * 1024;

const BAR = '_'.repeat(32);

/** The attribution line is quoted like what stands below it; the line above a forwarded mail is not. */
const attribution: FormatCallback = (elem, walk, builder, options) => {
  const format = firstText(elem).startsWith('-') ? 'block' : 'blockquote';
  builder.options.formatters?.[format]?.(elem, walk, builder, options);
};

const outlookHead: FormatCallback = (elem, walk, builder, options) => {
  if (BEGINS_WITH_LABEL.test(firstText(elem))) {
    builder.openBlock({ leadingLineBreaks: 2 });
    builder.addLiteral(BAR);
    builder.closeBlock({ trailingLineBreaks: 1 });
  }
  builder.options.formatters?.block?.(elem, walk, builder, options);
};

/** <div><br></div> is how editors write an empty line: one, not two. */
const line: FormatCallback = (elem, walk, builder, options) => {
  const [only, ...more] = (elem.children ?? []).filter(
    ({ type, data }) => type !== 'text' || data?.trim() !== '',
  );
  if (only?.name !== 'br' || more.length > 0) {
    builder.options.formatters?.block?.(elem, walk, builder, options);
    return;
  }
  builder.openBlock({ leadingLineBreaks: 1 });
  builder.addLiteral('\u00a0');
  builder.closeBlock({ trailingLineBreaks: 1 });
};

/** The library runs cells together unless a table is named as one of data. */
const cell: FormatCallback = (elem, walk, builder) => {
  walk(elem.children ?? [], builder);
  builder.addInline(' ');
};

/**
 * A link is its words, with the address behind them when that tells more: a form to fill in must not be lost with the
 * HTML. What only counts clicks is left out, and so are our own buttons (`mailto:` with an answer ready).
 */
const link: FormatCallback = (elem, walk, builder) => {
  walk(elem.children ?? [], builder);
  const address = tellingAddress(String(elem.attribs?.href ?? ''), wordsIn(elem));
  if (address !== null) builder.addInline(` <${address}>`);
};

const LINK_MAX = 160;
/** Of links and newsletters: which campaign, which click. */
const TRACKING =
  /^(utm_|mc_|mkt_|_hs|pk_|ga_|hsa_|trk|vero_|oly_)|^(fbclid|gclid|msclkid|dclid|yclid|igshid|mkt_tok|elqtrack|cmpid)/i;

function tellingAddress(href: string, words: string): string | null {
  const mailto = /^mailto:([^?&\s<>]{3,100})$/i.exec(href.trim())?.[1];
  if (mailto !== undefined) return words.includes(mailto) || words === '' ? null : mailto;
  if (words === '' || !/^https?:\/\/\S+$/i.test(href.trim())) return null;
  let url: URL;
  try {
    url = new URL(href.trim());
  } catch {
    return null;
  }
  const counting = [...url.searchParams.keys()].filter((name) => TRACKING.test(name));
  for (const name of counting) url.searchParams.delete(name);
  const plain = counting.length === 0 ? href.trim() : url.href;
  const bare = (text: string) =>
    text
      .toLowerCase()
      .replace(/^https?:\/\/(www\.)?/, '')
      .replace(/\/$/, '');
  return plain.length > LINK_MAX || bare(words) === bare(plain) || bare(words) === bare(href) ? null : plain;
}

/** The words inside of an element, so far as they are few. */
function wordsIn(elem: DomNode): string {
  const words: string[] = [];
  const work: DomNode[] = [elem];
  for (let n = 0; n < FIRST_TEXT_NODES_MAX * 2; n += 1) {
    const node = work.pop();
    if (node === undefined) break;
    if (node.type === 'text') words.push(node.data ?? '');
    work.push(...(node.children ?? []).slice(0, FIRST_TEXT_NODES_MAX).reverse());
  }
  return words.join('').replace(/\s+/g, ' ').trim();
}

/** "From:", "Von:", "Envoyé :": Outlook's templates draw lines above other things, too. */
const BEGINS_WITH_LABEL = /^\p{L}[\p{L} ]{0,30}[:：]/u;
const FIRST_TEXT_NODES_MAX = 20;

/** The first words inside of an element, so far as they are near. */
function firstText(elem: DomNode): string {
  const work: DomNode[] = [elem];
  for (let n = 0; n < FIRST_TEXT_NODES_MAX; n += 1) {
    const node = work.pop();
    if (node === undefined) break;
    if (node.type === 'text' && node.data !== undefined && node.data.trim() !== '')
      return node.data.trim().slice(0, 100);
    work.push(...(node.children ?? []).slice(0, FIRST_TEXT_NODES_MAX).reverse());
  }
  return '';
}

const OPTIONS: HtmlToTextOptions = {
  formatters: { attribution, cell, line, link, outlookHead },
  wordwrap: false,
  limits: { maxInputLength: LIBRARY_LENGTH_MAX, maxDepth: LIBRARY_DEPTH_MAX + 50, maxChildNodes: 100_000 },
  selectors: [
    { selector: 'a', format: 'link' },
    { selector: 'img', format: 'skip' },
    { selector: 'title', format: 'skip' },
    // Words that a person does not see must not act: a hidden "accept" is not an answer.
    { selector: '[hidden]', format: 'skip' },
    { selector: 'tr', format: 'block', options: { leadingLineBreaks: 1, trailingLineBreaks: 1 } },
    { selector: 'td', format: 'cell' },
    { selector: 'th', format: 'cell' },
    { selector: 'div', format: 'line' },
    // Outlook's paragraphs have no space between them.
    { selector: 'p.MsoNormal', format: 'line', options: { leadingLineBreaks: 1, trailingLineBreaks: 1 } },
    // Gmail and Thunderbird.
    { selector: 'div.gmail_attr', format: 'attribution' },
    { selector: 'div.moz-cite-prefix', format: 'attribution' },
    // Yahoo quotes in a <div>.
    { selector: 'div.yahoo_quoted', format: 'blockquote' },
    // Outlook on the web and on phones; on the desktop; Outlook 2003 and before.
    { selector: '#divRplyFwdMsg', format: 'outlookHead' },
    { selector: 'div[style*="border-top:solid"]', format: 'outlookHead' },
    { selector: 'div[style*="border-top: solid"]', format: 'outlookHead' },
    { selector: 'div.OutlookMessageHeader', format: 'outlookHead' },
    { selector: '#mail-editor-reference-message-container', format: 'outlookHead' },
    { selector: 'h1', options: { uppercase: false } },
    { selector: 'h2', options: { uppercase: false } },
    { selector: 'h3', options: { uppercase: false } },
    { selector: 'table', options: { uppercaseHeaderCells: false } },
  ],
};

export type HtmlText = { readonly text: string; readonly warning: string | null };

/** Made once: the library builds a tree of these selectors, which costs more than reading a mail with it. */
const toText = compile(OPTIONS);

/** Never throws; a warning tells when the simple way had to do. */
export function textFromHtml(html: string): HtmlText {
  const reason =
    html.length > LIBRARY_LENGTH_MAX
      ? 'very long'
      : depthOf(html) > LIBRARY_DEPTH_MAX
        ? 'nested very deep'
        : tagsIn(html) > LIBRARY_TAGS_MAX
          ? 'made of very many tags'
          : null;
  if (reason === null) {
    try {
      return { text: tidy(toText(markHidden(html))), warning: null };
    } catch {
      return {
        text: stripHtml(html),
        warning: 'html-simple: the HTML could not be read, its tags were cut out',
      };
    }
  }
  return { text: stripHtml(html), warning: `html-simple: the HTML is ${reason}, its tags were cut out` };
}

/** What newsletters put in front of their text to fill the preview of a mailbox. */
const FILLING = /\u034f|[\u00ad\u180e\u200b\u2060-\u2064\ufeff]/g;

const tidy = (text: string): string => text.replace(FILLING, '').replace(/^[ \u00a0\u2007]+$/gm, '');

/** `display:none` and its like, in whatever case and spacing. Not font-size:0, which layouts set around what is shown. */
const HIDES =
  /display\s*:\s*none|visibility\s*:\s*hidden|max-height\s*:\s*0(?![\d.]*[1-9])|opacity\s*:\s*0(?![\d.]*[1-9])/i;

/** Elements that a style of their own hides get the attribute that says so. */
const markHidden = (html: string): string =>
  html.replace(/\sstyle\s*=\s*(?:"([^"]*)"|'([^']*)')/gi, (whole, double?: string, single?: string) =>
    HIDES.test(double ?? single ?? '') ? ` hidden${whole}` : whole,
  );

/** Elements that never hold others. */
const VOID = new Set('area base br col embed hr img input link meta source track wbr'.split(' '));
/** What an element's start ends when it stands directly above on the stack, as HTML parsers do. */
const CLOSES: Readonly<Record<string, readonly string[]>> = {
  p: ['p'],
  li: ['li'],
  dt: ['dt', 'dd'],
  dd: ['dt', 'dd'],
  td: ['td', 'th'],
  th: ['td', 'th'],
  tr: ['td', 'th', 'tr'],
  tbody: ['td', 'th', 'tr', 'tbody', 'thead'],
  option: ['option'],
  div: ['p'],
  table: ['p'],
  ul: ['p'],
  ol: ['p'],
  blockquote: ['p'],
};
/** How far up an end tag looks for its start. */
const LOOK_BACK = 20;

/** How deep elements are nested, in one pass; counting ends one above LIBRARY_DEPTH_MAX. */
function depthOf(html: string): number {
  const stack: string[] = [];
  for (let at = html.indexOf('<'); at !== -1; at = html.indexOf('<', at + 1)) {
    if (html.charCodeAt(at + 1) === 0x2f) {
      const open = stack.lastIndexOf(tagName(html, at + 2));
      if (open !== -1 && stack.length - open <= LOOK_BACK) stack.length = open;
      continue;
    }
    const name = tagName(html, at + 1);
    if (name === '' || VOID.has(name)) continue;
    const closes = CLOSES[name];
    while (closes?.includes(stack.at(-1) ?? '')) stack.pop();
    stack.push(name);
    if (stack.length > LIBRARY_DEPTH_MAX) break;
  }
  return stack.length;
}

function tagsIn(html: string): number {
  let count = 0;
  for (let at = html.indexOf('<'); at !== -1; at = html.indexOf('<', at + 1)) count += 1;
  return count;
}

function tagName(html: string, from: number): string {
  let end = from;
  while (end < html.length && end - from < 12 && /[a-z0-9:]/i.test(html.charAt(end))) end += 1;
  return html.slice(from, end).toLowerCase();
}

const BREAKS = new Set(
  'br p div tr li ul ol table blockquote h1 h2 h3 h4 h5 h6 hr pre section article header footer address'.split(
    ' ',
  ),
);
const UNSEEN = new Set(['style', 'script', 'title', 'template', 'noscript']);
const QUOTE_DEPTH_MAX = 5;

/** Cuts tags out in one pass; lines inside of <blockquote> get `> `. */
export function stripHtml(html: string): string {
  const input = html.slice(0, STRIPPER_LENGTH_MAX);
  const out: string[] = [];
  let quotes = 0;
  let length = 0;
  // A break is written once something follows it, or nested tags alone would fill the text.
  let broken = false;
  const write = (raw: string) => {
    const text = raw.replace(/\s+/g, ' ');
    if (text.trim() === '' && (broken || out.length === 0)) return;
    if (broken) out.push(`\n${'> '.repeat(Math.min(quotes, QUOTE_DEPTH_MAX))}`, text.trimStart());
    else out.push(text);
    length += text.length;
    broken = false;
  };
  let at = 0;
  while (at < input.length && length < STRIPPED_LENGTH_MAX) {
    const open = input.indexOf('<', at);
    if (open === -1) {
      write(input.slice(at));
      break;
    }
    if (open > at) write(input.slice(at, open));
    if (input.startsWith('<!--', open)) {
      const end = input.indexOf('-->', open + 4);
      at = end === -1 ? input.length : end + 3;
      continue;
    }
    const end = input.indexOf('>', open + 1);
    if (end === -1) break;
    const closing = input.charAt(open + 1) === '/';
    const name = tagName(input, open + (closing ? 2 : 1));
    at = end + 1;
    if (name === 'blockquote') quotes = Math.max(0, quotes + (closing ? -1 : 1));
    if (!closing && name === 'div' && isOutlookHead(input.slice(open, Math.min(end, open + 400)))) {
      broken = true;
      write(BAR);
    }
    if (BREAKS.has(name)) broken = true;
    else if (name === 'td' || name === 'th') write(' ');
    else if (UNSEEN.has(name) && !closing) at = skipTo(input, name, at);
  }
  return out
    .join('')
    .replace(/&(#\d{1,7}|#x[0-9a-f]{1,6}|[a-z]{2,8});/gi, entity)
    .replace(/[ \u00a0]+/g, ' ')
    .trim();
}

const isOutlookHead = (tag: string): boolean => /\bid=["']?divRplyFwdMsg|OutlookMessageHeader/.test(tag);

/** Behind the end tag of an element whose content is not shown; without one, behind the rest. */
function skipTo(input: string, name: string, from: number): number {
  let at = from;
  for (;;) {
    at = input.indexOf('</', at);
    if (at === -1) return input.length;
    if (tagName(input, at + 2) === name) return at;
    at += 2;
  }
}

const NAMED: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
  auml: 'ä',
  ouml: 'ö',
  uuml: 'ü',
  szlig: 'ß',
  eacute: 'é',
  egrave: 'è',
  agrave: 'à',
  ccedil: 'ç',
  ntilde: 'ñ',
  euro: '€',
  ndash: '–',
  mdash: '—',
  hellip: '…',
  rsquo: '’',
  lsquo: '‘',
};

function entity(whole: string, body: string): string {
  if (!body.startsWith('#')) return NAMED[body.toLowerCase()] ?? whole;
  const hex = body.charAt(1).toLowerCase() === 'x';
  const code = Number.parseInt(body.slice(hex ? 2 : 1), hex ? 16 : 10);
  return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : '';
}
