/**
 * The renderer's own check: whatever a mail program does to a mail of ours when its reader answers (leave the
 * quoted text unmarked, take marks off, rewrap it), no line of it may be a command.
 */
import assert from 'node:assert/strict';
import { behindReference, isBetweenReferences } from '../command/references.ts';

/** Whether a reply that begins with this line would make Baton act. */
export type IsCommand = (text: string) => boolean;

const NARROWEST = 30;
const WIDEST = 100;

/** False only when no line that begins with these two words, or with the first alone, would make Baton act. */
export type MayBegin = (word: string, next: string | undefined) => boolean;

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
    const bare = unquoted(body);
    for (const shape of bare === body ? [body] : [body, bare]) {
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
    .replace(/<(?:\/p|\/h2|br|\/div|\/li|\/ul|\/blockquote|blockquote)[^<>]*>/g, '\n')
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
  for (const [at, source] of [...lines, ...refilled].entries()) {
    const isLine = at < lines.length;
    // What was only refilled before has yet to be looked at as it is.
    const name = isLine ? source : `\n${source}`;
    if (done.has(source) || done.has(name)) continue;
    done.add(name);
    const tokens = source.split(/[ \t]+/).filter((token) => token !== '');
    const starts = tokens.map((_, at) => mayStart(tokens, at, mayBegin));
    // Nearly all words of a mail begin no command, so that nearly all lines need not even be made.
    if (!starts.includes(true)) continue;
    if (starts[0] && isLine) yield source;
    yield* wrapped(tokens, starts, source.length);
  }
}

/**
 * Tokens without a letter or digit may be marks that a command's reader passes over, and the number of a request may
 * stand in front of a command: there the next one counts too.
 */
function mayStart(tokens: readonly string[], from: number, mayBegin: MayBegin): boolean {
  let numbered = false;
  for (let at = from; at < tokens.length; at += 1) {
    const token = tokens[at] ?? '';
    const next = tokens[at + 1];
    if (mayBegin(token, next)) return true;
    if (!/[\p{L}\p{N}]/u.test(token) || (numbered && isBetweenReferences(token))) continue;
    const behind = behindReference(token);
    if (behind === null) return false;
    if (behind !== '') return mayBegin(behind, next);
    numbered = true;
  }
  return false;
}

/**
 * At every width, greedy, at spaces only: a no-break space holds, and no program splits a word. Lines that cannot act
 * are left out.
 */
function* wrapped(
  tokens: readonly string[],
  starts: readonly boolean[],
  sourceLength: number,
): Generator<string> {
  const joined = `${tokens.join(' ')} `;
  const { offsets, tokenBefore } = positionsOf(tokens, joined.length);
  for (let width = NARROWEST; width <= WIDEST; width += 1) {
    for (let from = 0; from < tokens.length; ) {
      const start = offsets[from] ?? 0;
      // A line ends where the next token would end beyond the width, and holds one token at least.
      const to = Math.max(from + 1, tokenBefore[Math.min(start + width + 1, joined.length)] ?? 0);
      if (starts[from]) yield joined.slice(start, (offsets[to] ?? 0) - 1);
      from = to;
    }
    if (sourceLength <= width) break;
  }
}

/** Where each token begins, the end counting as one more; and for each position the last of them up to there. */
function positionsOf(tokens: readonly string[], length: number) {
  const offsets = new Int32Array(tokens.length + 1);
  const tokenBefore = new Int32Array(length + 1);
  let at = 0;
  for (const [index, { length: size }] of tokens.entries()) {
    offsets[index] = at;
    tokenBefore.fill(index, at, at + size + 1);
    at += size + 1;
  }
  offsets[tokens.length] = at;
  tokenBefore[length] = tokens.length;
  return { offsets, tokenBefore };
}
