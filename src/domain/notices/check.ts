/**
 * The renderer's own check: whatever a mail program does to a mail of ours when its reader answers (leave the
 * quoted text unmarked, take marks off, rewrap it), no line of it may be a command.
 */
import assert from 'node:assert/strict';

/** Whether a reply that begins with this line would make Baton act. */
export type IsCommand = (text: string) => boolean;

const NARROWEST = 30;
const WIDEST = 100;

/** False only when no line whose first word this is would make Baton act. */
export type MayBegin = (word: string) => boolean;

/** What tells a command: the exact answer, and a cheaper one that spares most lines the exact question. */
export type CommandTest = { readonly isCommand: IsCommand; readonly mayBegin: MayBegin };

/** The first line of `text` or of `html` that would act, in any of the shapes above; null when there is none. */
export function findCommand(
  text: string,
  html: string | null,
  { isCommand, mayBegin }: CommandTest,
): string | null {
  const seen = new Set<string>();
  const sources = new Set<string>();
  for (const body of html === null ? [text] : [text, htmlAsText(html)]) {
    for (const shape of [body, unquoted(body)]) {
      for (const line of linesAtEveryWidth(shape, sources, mayBegin)) {
        if (seen.has(line)) continue;
        seen.add(line);
        if (isCommand(line)) return line;
      }
    }
  }
  return null;
}

/** Throws (a bug of the renderer) when any line would act. */
export function assertInert(text: string, html: string | null, test: CommandTest): void {
  const found = findCommand(text, html, test);
  assert.equal(found, null, 'a mail of ours holds a line that would act as a command when it is quoted');
}

/** What a program without HTML shows. Linear, and only good for HTML that we made ourselves. */
export function htmlAsText(html: string): string {
  const body = html.slice(html.indexOf('<body'));
  return body
    .replace(/\n/g, '')
    .replace(/<(?:\/p|\/div|\/li|\/ul|\/blockquote|blockquote)[^<>]*>/g, '\n')
    .replace(/<li[^<>]*>/g, ' * ')
    .replace(/<[^<>]*>/g, '')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&#39;/g, "'")
    .replace(/&amp;/g, '&');
}

const unquoted = (text: string): string => text.replace(/^(?:> ?)+/gm, '');

/** Each line as it is and wrapped by itself, and each paragraph refilled, at every width; what is in `done` is passed over. */
function* linesAtEveryWidth(text: string, done: Set<string>, mayBegin: MayBegin): Generator<string> {
  const lines = text.split('\n');
  const refilled = text.split(/\n[ \t]*\n/).map((part) => part.replaceAll('\n', ' '));
  for (const source of [...lines, ...refilled]) {
    if (done.has(source)) continue;
    done.add(source);
    const tokens = source.split(/[ \t]+/).filter((token) => token !== '');
    const starts = tokens.map((_, at) => mayStart(tokens, at, mayBegin));
    // Nearly all words of a mail begin no command, so that nearly all lines need not even be made.
    if (!starts.includes(true)) continue;
    if (starts[0]) yield source;
    for (let width = NARROWEST; width <= WIDEST; width += 1) {
      yield* wrapped(tokens, starts, width);
      if (source.length <= width) break;
    }
  }
}

/** Tokens without a letter or digit may be marks that a command's reader passes over: there the next one counts too. */
function mayStart(tokens: readonly string[], from: number, mayBegin: MayBegin): boolean {
  for (let at = from; at < tokens.length; at += 1) {
    const token = tokens[at] ?? '';
    if (mayBegin(token)) return true;
    if (/[\p{L}\p{N}]/u.test(token)) return false;
  }
  return false;
}

/** Greedy, at spaces only: a no-break space holds, and no program splits a word. Lines that cannot act are left out. */
function* wrapped(tokens: readonly string[], starts: readonly boolean[], width: number): Generator<string> {
  let from = 0;
  let length = 0;
  for (let at = 0; at <= tokens.length; at += 1) {
    const size = tokens[at]?.length ?? 0;
    if (at > from && (at === tokens.length || length + 1 + size > width)) {
      if (starts[from]) yield tokens.slice(from, at).join(' ');
      from = at;
      length = size;
    } else {
      length += at === from ? size : 1 + size;
    }
  }
}
