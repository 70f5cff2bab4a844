/**
 * The renderer's own check: whatever a mail program does to a mail of ours when its reader answers (leave the
 * quoted text unmarked, take marks off, rewrap it), no line of it may be a command.
 */
import assert from 'node:assert/strict';

/** Whether a reply that begins with this line would make Baton act. */
export type IsCommand = (text: string) => boolean;

const NARROWEST = 30;
const WIDEST = 100;

/** The first line of `text` or of `html` that would act, in any of the shapes above; null when there is none. */
export function findCommand(text: string, html: string | null, isCommand: IsCommand): string | null {
  const seen = new Set<string>();
  for (const body of html === null ? [text] : [text, htmlAsText(html)]) {
    for (const shape of [body, unquoted(body)]) {
      for (const line of linesAtEveryWidth(shape)) {
        if (seen.has(line)) continue;
        seen.add(line);
        if (isCommand(line)) return line;
      }
    }
  }
  return null;
}

/** Throws (a bug of the renderer) when any line would act. */
export function assertInert(text: string, html: string | null, isCommand: IsCommand): void {
  const found = findCommand(text, html, isCommand);
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

/** Each line wrapped by itself, and each paragraph refilled, at every width. */
function* linesAtEveryWidth(text: string): Generator<string> {
  const lines = text.split('\n');
  yield* lines;
  const refilled = text.split(/\n[ \t]*\n/).map((part) => part.replaceAll('\n', ' '));
  for (const source of new Set([...lines, ...refilled])) {
    const tokens = source.split(/[ \t]+/).filter((token) => token !== '');
    for (let width = NARROWEST; width <= WIDEST; width += 1) {
      yield* wrapped(tokens, width);
      if (source.length <= width) break;
    }
  }
}

/** Greedy, at spaces only: a no-break space holds, and no program splits a word. */
function* wrapped(tokens: readonly string[], width: number): Generator<string> {
  let line = '';
  for (const token of tokens) {
    if (line !== '' && line.length + 1 + token.length > width) {
      yield line;
      line = token;
    } else {
      line = line === '' ? token : `${line} ${token}`;
    }
  }
  if (line !== '') yield line;
}
