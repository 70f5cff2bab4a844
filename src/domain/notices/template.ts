/**
 * Templates: how an operator words a kind of mail, as plain text without any logic.
 *
 * Paragraphs are separated by blank lines, and a line is a line. `{{name}}` stands for a piece of the mail (a whole
 * passage, alone on its line) or for a value within a sentence. `## ` begins a heading, `- ` an item of a list,
 * `**…**` is bold, and an answer in straight quotation marks, such as "accept", is shown as one. What stands between
 * `<!--` and `-->` is for the operator alone. `Subject:` and `Language:` may stand in front of everything.
 *
 * Reading never fails: what is wrong is told with its line. Linear in the length of the text, which is bounded.
 */
import type { NoticeKind } from './notice.ts';
import { mayOpenCommand, oneLine } from './words.ts';

export type Templates = ReadonlyMap<NoticeKind, Template>;

export type Template = {
  /** In place of a fixed subject of ours; null: ours. */
  readonly subject: string | null;
  /** For the lang attribute, such as `de` or `pt-BR`. */
  readonly language: string;
  readonly blocks: readonly TemplateBlock[];
};

export type TemplateBlock = {
  readonly kind: 'paragraph' | 'heading' | 'list';
  readonly lines: readonly TemplateLine[];
};

export type TemplateLine = { readonly line: number; readonly parts: readonly Part[] };

export type Part =
  | { readonly kind: 'own' | 'strong' | 'command'; readonly text: string }
  | { readonly kind: 'piece'; readonly name: string; readonly bold: boolean; readonly column: number };

export type TemplateFault = {
  readonly line: number;
  readonly column: number;
  readonly what:
    | 'too-long'
    | 'empty'
    | 'open-braces'
    | 'open-bold'
    | 'open-comment'
    | 'language'
    | 'head'
    | 'subject-empty';
};

/** Characters. A longer mail is not read by anybody. */
export const TEMPLATE_MAX = 20_000;

/** Everything that is not laid out by the operator. */
export const REST = 'rest';

const PIECE = /\{\{\s*([A-Za-z][A-Za-z-]{0,40})\s*\}\}/g;
const LANGUAGE = /^[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8}){0,3}$/;
/** What Subject and Language are called elsewhere: sent as they stand, they would begin the mail. */
const FOREIGN_HEAD = /^(?:Betreff|Sprache|Asunto|Idioma|Objet|Sujet|Langue|Assunto|Lang|Title):/i;
const COMMAND_MAX = 40;

/** Whatever the text, there is a template; what could not be meant so is a fault with its place. */
export function parseTemplate(text: string): {
  readonly template: Template;
  readonly faults: readonly TemplateFault[];
} {
  const faults: TemplateFault[] = [];
  if (text.length > TEMPLATE_MAX) faults.push({ line: 1, column: 1, what: 'too-long' });
  const { lines, openAt } = withoutComments(text.slice(0, TEMPLATE_MAX).split(/\r\n|\r|\n/));
  if (openAt !== null) faults.push({ line: openAt, column: 1, what: 'open-comment' });
  const heads = headsOf(lines, faults);
  const blocks: TemplateBlock[] = [];
  let open: { kind: TemplateBlock['kind']; lines: TemplateLine[] } | null = null;
  for (const [index, raw] of lines.entries()) {
    const clean = index < heads.count || raw === null ? '' : oneLine(raw, TEMPLATE_MAX);
    // A comment between two lines of a paragraph does not part them.
    if (clean === '' && raw === null) continue;
    const { kind, skip } = kindOf(clean);
    if (clean === '' || open === null || open.kind !== kind || kind === 'heading') open = null;
    if (clean === '') continue;
    const line = index + 1;
    const indent = (raw ?? '').length - (raw ?? '').trimStart().length;
    const parts = partsOf(clean.slice(skip), line, indent + skip, faults);
    if (open === null) {
      open = { kind, lines: [] };
      blocks.push(open);
    }
    open.lines.push({ line, parts });
  }
  if (blocks.length === 0 && faults.length === 0) faults.push({ line: 1, column: 1, what: 'empty' });
  return { template: { subject: heads.subject, language: heads.language, blocks }, faults };
}

/** Null where a line was only comment. */
function withoutComments(lines: readonly string[]): {
  readonly lines: readonly (string | null)[];
  readonly openAt: number | null;
} {
  let openAt: number | null = null;
  const kept = lines.map((line, index) => {
    let said = '';
    let at = 0;
    let commented = openAt !== null;
    while (at < line.length) {
      const mark = openAt === null ? '<!--' : '-->';
      const found = line.indexOf(mark, at);
      if (openAt === null) said += line.slice(at, found < 0 ? line.length : found);
      if (found < 0) break;
      commented = true;
      openAt = openAt === null ? index + 1 : null;
      at = found + mark.length;
    }
    return commented && said.trim() === '' ? null : said;
  });
  return { lines: kept, openAt };
}

/** `Subject:` and `Language:`, as in a mail before its text. */
function headsOf(lines: readonly (string | null)[], faults: TemplateFault[]) {
  let subject: string | null = null;
  let language = 'en';
  let count = 0;
  let hasHead = false;
  let isOver = false;
  for (const line of lines) {
    const [, name, value = ''] = /^(Subject|Language):[ \t]*(.*)$/i.exec(line ?? '') ?? [];
    const isBlank = line === null || line.trim() === '';
    if (FOREIGN_HEAD.test(line ?? '') && !isOver) faults.push({ line: count + 1, column: 1, what: 'head' });
    if (name === undefined ? !isBlank : isOver) break;
    count += 1;
    // After the lines in front, a blank one begins the mail.
    isOver = line !== null && isBlank && hasHead;
    if (name === undefined) continue;
    hasHead = true;
    const clean = oneLine(value, 120);
    if (name.toLowerCase() === 'language') {
      if (LANGUAGE.test(clean)) language = clean;
      else faults.push({ line: count, column: 1, what: 'language' });
    } else if (clean === '' || clean.includes('{{'))
      faults.push({ line: count, column: 1, what: 'subject-empty' });
    else subject = clean;
  }
  return { subject, language, count };
}

function kindOf(line: string): { readonly kind: TemplateBlock['kind']; readonly skip: number } {
  const heading = /^#{1,6} /.exec(line);
  if (heading !== null) return { kind: 'heading', skip: heading[0].length };
  return /^[-*] /.test(line) ? { kind: 'list', skip: 2 } : { kind: 'paragraph', skip: 0 };
}

/** `**` turns bold on and off. `offset`: characters of the line before `text`. */
function partsOf(text: string, line: number, offset: number, faults: TemplateFault[]): readonly Part[] {
  const stretches = text.split('**');
  if (stretches.length % 2 === 0) {
    faults.push({ line, column: offset + text.lastIndexOf('**') + 1, what: 'open-bold' });
  }
  let at = offset;
  return stretches.flatMap((stretch, index) => {
    const parts = stretchParts(stretch, index % 2 === 1, { line, column: at + 1 }, faults);
    at += stretch.length + 2;
    return parts;
  });
}

type Place = { readonly line: number; readonly column: number };

function stretchParts(text: string, bold: boolean, place: Place, faults: TemplateFault[]): readonly Part[] {
  const { line, column } = place;
  const parts: Part[] = [];
  let at = 0;
  const sayUntil = (end: number): void => {
    const said = text.slice(at, end);
    for (const { index } of said.matchAll(/\{\{[^{}]*\}{0,2}|\}\}/g)) {
      faults.push({ line, column: column + at + index, what: 'open-braces' });
    }
    parts.push(...ownParts(said, bold));
  };
  for (const found of text.matchAll(PIECE)) {
    sayUntil(found.index);
    parts.push({ kind: 'piece', name: found[1] ?? '', bold, column: column + found.index });
    at = found.index + found[0].length;
  }
  sayUntil(text.length);
  return parts;
}

const ownParts = (text: string, bold: boolean): readonly Part[] =>
  text
    .split(/("[^"]+")/)
    .filter((part) => part !== '')
    .map((part) => {
      const inner = part.slice(1, -1);
      const isAnswer = part.startsWith('"') && inner.length <= COMMAND_MAX && mayOpenCommand(inner);
      if (isAnswer) return { kind: 'command', text: inner };
      return { kind: bold ? 'strong' : 'own', text: part };
    });
