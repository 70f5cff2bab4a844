/**
 * A document as HTML for phones and desktops, light and dark: inline styles for programs that drop style sheets,
 * one small style sheet for those that know dark mode. Nothing is remote, nothing can be clicked but an address of
 * ours in a bundle, and every text is escaped, so a customer's markup and addresses stay letters.
 *
 * No letter is smaller than 16 pixels where the screen is narrow, all text has a contrast of at least 4.5 to 1 (WCAG
 * 2.2, 1.4.3; a test computes it), and the mail's subject is its title, as the HTML standard has it for mails (4.2.2).
 */
import { type Bar, type Block, type Doc, type Row, type Span, tied } from './doc.ts';
import { BAR } from './text.ts';
import { tie } from './words.ts';

const FONT = "-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";
/** `mark`: what a reader may answer, which a thumb looks for. */
export const Light = {
  page: '#ffffff',
  ink: '#1c1e21',
  muted: '#5f6368',
  box: '#f3f5f7',
  edge: '#8aa4bf',
  mark: '#dfe9f5',
  markInk: '#12345a',
  bar: '#5b7fa6',
  late: '#c2410c',
  line: '#d9dee3',
};
export const Dark: typeof Light = {
  page: '#16181b',
  ink: '#e8eaed',
  muted: '#a5abb3',
  box: '#23272c',
  edge: '#5f7a96',
  mark: '#2b3d52',
  markInk: '#dcebff',
  bar: '#7f9fc0',
  late: '#fb8b4b',
  line: '#3a4047',
};

const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/;

const Style = [
  `:root{color-scheme:light dark;supported-color-schemes:light dark}`,
  // Where there is room, what is said beside may be small.
  `@media (min-width:600px){.muted{font-size:14px!important}}`,
  `@media (prefers-color-scheme:dark){`,
  `body,.page{background:${Dark.page}!important;color:${Dark.ink}!important}`,
  `.muted{color:${Dark.muted}!important}`,
  `.quote,.callout{background:${Dark.box}!important;color:${Dark.ink}!important}`,
  `.callout{border-color:${Dark.edge}!important}`,
  `.bar{color:${Dark.edge}!important}`,
  `.answer{background:${Dark.mark}!important;color:${Dark.markInk}!important}`,
  `.to{color:${Dark.markInk}!important}`,
  `.full{background:${Dark.bar}!important}`,
  `.late{background:${Dark.late}!important}`,
  `.rest{background:${Dark.box}!important}`,
  `.line{border-color:${Dark.line}!important}`,
  `}`,
].join('');

/** Languages that run from right to left. */
const RIGHT_TO_LEFT_TAG = /^(?:ar|ckb|dv|fa|he|ps|sd|ug|ur|yi)\b/i;

/** `language` is the tag for the lang attribute. */
export function renderHtml(doc: Doc, language = 'en'): string {
  return [
    `<!doctype html><html lang="${escapeHtml(language)}"${RIGHT_TO_LEFT_TAG.test(language) ? ' dir="rtl"' : ''}><head><meta charset="utf-8">`,
    '<meta name="viewport" content="width=device-width,initial-scale=1">',
    '<meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark">',
    `<style>${Style}</style></head>`,
    `<body style="margin:0;padding:0;background:${Light.page};color:${Light.ink}">`,
    `<div class="page" style="max-width:620px;padding:16px;background:${Light.page};color:${Light.ink};`,
    `font:16px/1.5 ${FONT};overflow-wrap:anywhere">\n`,
    ...doc.map(
      (block, at) => `${at === 0 && block.kind === 'paragraph' ? opening(block) : blockHtml(block)}\n`,
    ),
    '</div></body></html>\n',
  ].join('');
}

/** What the mail asks or tells, which is all that a reader in a hurry reads. */
const opening = ({ spans }: Block & { kind: 'paragraph' }): string =>
  `<p style="margin:0 0 16px;font-size:18px">${inline(spans)}</p>`;

function blockHtml(block: Block): string {
  switch (block.kind) {
    case 'paragraph':
      return `<p style="margin:0 0 16px">${inline(block.spans)}</p>`;
    case 'heading':
      return `<h2 style="margin:24px 0 8px;font-size:16px;font-weight:600">${inline(block.spans)}</h2>`;
    case 'callout':
      return (
        `<p class="callout" style="margin:0 0 16px;padding:10px 12px;background:${Light.box};` +
        `border-left:4px solid ${Light.edge};color:${Light.ink}">${inline(block.spans)}</p>`
      );
    case 'muted':
      return aside('0 0 16px', block.spans);
    case 'list': {
      const items = block.items.map((item) => `<li style="margin:0 0 4px">${inline(item)}</li>`);
      return `<ul style="margin:0 0 16px;padding:0 0 0 20px">${items.join('')}</ul>`;
    }
    case 'bars':
      return block.style === 'cards' ? block.bars.map(cardHtml).join('') : rowsHtml(block.bars);
    case 'table':
      return tableHtml(block.rows);
    case 'quote':
      return quoteHtml(block);
    default:
      return block satisfies never;
  }
}

function quoteHtml(block: Block & { kind: 'quote' }): string {
  const lines = block.lines.map((line) => {
    if (line === '') return '<div style="height:10px"></div>';
    const bar = `<span class="bar" style="color:${Light.edge}">${BAR}</span>`;
    return `<div dir="auto" style="padding-left:14px;text-indent:-14px">${bar}${escapeHtml(tie(line))}</div>`;
  });
  return [
    block.lead === null ? '' : aside('0 0 4px', block.lead),
    `<blockquote class="quote" style="margin:0 0 16px;padding:10px 12px;background:${Light.box};`,
    `border-radius:8px;color:${Light.ink}">${lines.join('')}`,
    block.tail === null ? '' : aside('6px 0 0', block.tail),
    '</blockquote>',
  ].join('');
}

/** Sentences, with the bar between what is wrong and what can be answered. */
function cardHtml(bar: Bar): string {
  const { label, figure, below } = bar;
  return [
    `<div style="margin:0 0 18px"><p style="margin:0"><b>${inline(label)}</b> ${inline(figure)}</p>`,
    `<div style="margin:6px 0 6px">${barHtml(bar)}</div>`,
    ...below.map((spans) => `<p style="margin:0">${inline(spans)}</p>`),
    '</div>',
  ].join('');
}

/** Names and numbers in columns: two cells of text, which a screen reader reads as one line, and the bar between. */
function rowsHtml(all: readonly Bar[]): string {
  const rows = all.map(
    (bar) =>
      `<tr><td style="padding:3px 12px 3px 0;vertical-align:middle;overflow-wrap:normal">${inline(bar.label)}</td>` +
      `<td width="38%" style="width:38%;padding:3px 12px 3px 0;vertical-align:middle"><div>${barHtml(bar)}</div></td>` +
      `<td style="padding:3px 0;vertical-align:middle;overflow-wrap:normal">${inline(bar.figure)}</td></tr>`,
  );
  return `<table ${LAYOUT} width="100%" style="width:100%;margin:0 0 16px;border-collapse:collapse;font:16px/1.4 ${FONT}">${rows.join('')}</table>`;
}

/** What a row is about stands above its figures, and what each figure is above it: beside them a phone has no room. */
function tableHtml(rows: readonly Row[]): string {
  const line = `class="line" style="border-top:1px solid ${Light.line};padding:8px 0 2px"`;
  return rows
    .map(({ label, note, cells }) => {
      const width = Math.floor(100 / Math.max(1, cells.length));
      const style = `width="${width}%" style="width:${width}%;vertical-align:top;overflow-wrap:normal;padding:0 8px 8px 0"`;
      const figures = cells.map(
        (cell) =>
          `<td ${style}>${beside(cell.head)}<br>${inline(cell.figure)}${cell.note === null ? '' : `<br>${beside(cell.note)}`}</td>`,
      );
      return (
        `<table ${LAYOUT} width="100%" style="width:100%;border-collapse:collapse;font:16px/1.4 ${FONT}">` +
        `<tr><td colspan="${cells.length}" ${line}><b>${inline(label)}</b>${note === null ? '' : ` ${beside(note)}`}</td></tr>` +
        `<tr>${figures.join('')}</tr></table>`
      );
    })
    .join('');
}

const beside = (spans: readonly Span[]): string =>
  `<span class="muted" style="color:${Light.muted}">${inline(spans, false)}</span>`;

/** Tells nothing to whoever has a table read aloud, and no border to whoever sees it (WCAG 2.2, technique F49). */
const LAYOUT = 'role="presentation" cellpadding="0" cellspacing="0" border="0"';

/**
 * Cells with a color and a width are what every mail program draws, Outlook's Word among them; none is drawn for what is
 * nothing, and what is little stays to be seen. Decoration alone: the figure beside it says the same.
 */
function barHtml({ share, marked }: Bar): string {
  const late = percent(marked);
  const full = Math.max(percent(share) - late, 0);
  const cells = [
    cellHtml('late', Light.late, late),
    cellHtml('full', Light.bar, full),
    cellHtml('rest', Light.box, 100 - late - full),
  ];
  return `<table ${LAYOUT} width="100%" aria-hidden="true" style="width:100%;border-collapse:collapse"><tr>${cells.join('')}</tr></table>`;
}

const cellHtml = (name: string, color: string, width: number): string =>
  width <= 0
    ? ''
    : `<td class="${name}" width="${width}%" bgcolor="${color}" style="width:${width}%;height:8px;line-height:8px;` +
      `mso-line-height-rule:exactly;background:${color}">\u00a0</td>`;

const percent = (share: number): number =>
  share <= 0 ? 0 : Math.min(100, Math.max(LEAST, Math.round(share * 100)));

/** What is there is seen. */
const LEAST = 3;

/** What is said beside: an answer in it is not what a thumb looks for. */
const aside = (margin: string, spans: readonly Span[]): string =>
  `<p class="muted" style="margin:${margin};color:${Light.muted}">${inline(spans, false)}</p>`;

const inline = (spans: readonly Span[], marked = true): string =>
  tied(spans)
    .map((span) => spanHtml(span, marked))
    .join('');

function spanHtml(span: Span, marked: boolean): string {
  const html = plainSpanHtml(span, marked);
  return span.bold ? `<b>${html}</b>` : html;
}

function plainSpanHtml({ kind, text, mail }: Span, marked: boolean): string {
  const safe = escapeHtml(text);
  switch (kind) {
    case 'own':
      return safe;
    case 'words': {
      // A telephone number that breaks at its hyphen is hard to dial.
      const whole = safe.replace(/\d[\d-]{3,20}\d/g, '<span style="white-space:nowrap">$&</span>');
      // A name that runs to the left must not take the colon and number behind it along.
      return RIGHT_TO_LEFT.test(text) ? `<bdi>${whole}</bdi>` : whole;
    }
    case 'strong':
      return `<b>${safe}</b>`;
    case 'command':
      if (!marked) return `<b>${safe}</b>`;
      return (
        `<b class="answer" style="padding:1px 5px;border-radius:5px;background:${Light.mark};` +
        `color:${Light.markInk}">${safe}</b>`
      );
    case 'break':
      return '<br>';
    case 'link':
      return `<a class="to" style="color:${Light.markInk}" href="${safe}">${safe}</a>`;
    case 'answer-to':
      return mail === undefined ? safe : `${safe}: ${mailLink(mail)}`;
    default:
      return kind satisfies never;
  }
}

/** RFC 6068 section 2: begins a mail to one of our own addresses. */
function mailLink({ address, subject }: NonNullable<Span['mail']>): string {
  const href = `mailto:${encodeURIComponent(address).replace('%40', '@')}?subject=${encodeURIComponent(subject)}`;
  return `<a class="to" style="color:${Light.markInk}" href="${escapeHtml(href)}">${escapeHtml(address)}</a>`;
}

const Escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (c) => Escapes[c] ?? '');
