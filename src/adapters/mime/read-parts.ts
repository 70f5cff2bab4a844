/**
 * The parts of a mail by the parser of a rung of the ladder. mailparser reads nearly all mail; what it fails on or
 * does not get done with is read by postal-mime; and of what neither reads the header is read.
 *
 * What neither calls an error is mended here: a container whose parts cannot be found is searched for the boundary
 * that it forgot to name, and shown as the text that it is when there is none.
 */
import { Buffer } from 'node:buffer';
import { readWithMailparser } from './mailparser-parts.ts';
import { type Budget, type MimeParts, partOf } from './mime-parts.ts';
import { readWithPostalMime } from './postal-parts.ts';
import type { ReadLimits } from './read-limits.ts';

/** The rungs in the order in which they are tried. */
export type Rung = 'first' | 'second' | 'header';

/** `bytes` have lines that end in LF and begin with the header, or with an empty line when there is none. */
export async function readParts(
  bytes: Buffer,
  bodyStart: number,
  { rung, limits, budget }: { readonly rung: Rung; readonly limits: ReadLimits; readonly budget: Budget },
  warnings: string[],
): Promise<MimeParts> {
  if (rung === 'header') return { tree: null, error: null };
  const read = rung === 'first' ? readWithMailparser : readWithPostalMime;
  const parts = await read(bytes, limits, budget);
  const body = bytes.subarray(bodyStart);
  if (!isHollow(parts) || isBlank(body)) return parts;
  const boundary = guessBoundary(body);
  const mended = boundary === null ? null : await read(withBoundary(boundary, body), limits, budget);
  if (mended !== null && !isHollow(mended)) {
    warnings.push('boundary-guessed: the mail does not say how its parts are divided');
    return mended;
  }
  warnings.push('no-parts: the mail says that it has parts and has none, its body is shown as it is');
  const head = {
    filename: null,
    contentType: 'text/plain',
    contentId: null,
    charset: null,
    flowed: 'no',
    disposition: null,
  } as const;
  return { tree: partOf(head, Buffer.from(body), limits, budget), error: parts.error };
}

const isHollow = ({ tree }: MimeParts): boolean =>
  tree?.contentType.startsWith('multipart/') === true && tree.children.length === 0;

const isBlank = (bytes: Buffer): boolean => bytes.toString('latin1', 0, 64 * 1024).trim() === '';

/** A line that begins with two dashes, and a field of a part's header or an empty line below it. */
const guessBoundary = (body: Buffer): string | null =>
  /(?:^|\n)--(\S[^\r\n]{0,69}?)[ \t]*\r?\n(?=content-[a-z-]{1,40}:|\r?\n)/i.exec(
    body.toString('latin1', 0, 256 * 1024),
  )?.[1] ?? null;

/** Some programs put white space behind a boundary (RFC 2046 section 5.1.1 allows it), which mailparser does not know. */
function withBoundary(boundary: string, body: Buffer): Buffer {
  const delimiter = `\n--${boundary}`;
  const lines = `\n${body.toString('latin1')}`
    .split(delimiter)
    .map((piece) => piece.replace(/^(--)?[ \t]+(?=\r?\n)/, '$1'));
  const head = `Content-Type: multipart/mixed; boundary="${boundary.replace(/["\\]/g, '\\$&')}"\r\n\r\n`;
  return Buffer.from(head + lines.join(delimiter).slice(1), 'latin1');
}
