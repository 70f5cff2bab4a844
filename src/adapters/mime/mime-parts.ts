/**
 * The decoded parts of a mail in the order and nesting of the mail: the shape in which every parser of the ladder
 * hands them over, with transfer encodings undone and nothing else. Charsets, the choice of the text and all that
 * says who wrote a mail are our own code, the same on every rung.
 */
import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import type { ReadLimits } from './read-limits.ts';

export type PartFile = {
  readonly filename: string | null;
  readonly contentType: string;
  readonly contentId: string | null;
  /** Inside of multipart/related. */
  readonly related: boolean;
  /** Decoded bytes; only their beginning is kept, as much as its type can be asked for. */
  readonly size: number;
  readonly head: Buffer;
  /** SHA-256 in hex; of text the same whatever its line ends. */
  readonly digest: string;
  /** All decoded bytes, when they were asked for and fit; null otherwise. */
  readonly content: Buffer | null;
};

export type Part = PartFile & {
  readonly charset: string | null;
  /** RFC 3676: soft line ends are joined, with DelSp=yes without the space before them. */
  readonly flowed: 'no' | 'yes' | 'delsp';
  readonly disposition: string | null;
  readonly children: readonly Part[];
};

export type MimeParts = {
  readonly tree: Part | null;
  /** What made the parser stop before the end, or null. */
  readonly error: string | null;
};

/** What a parser reads of a part beside its bytes. */
export type PartHead = Pick<
  Part,
  'filename' | 'contentType' | 'contentId' | 'charset' | 'flowed' | 'disposition'
>;

/** Enough for delivery reports and the headers of returned mails. */
const HEAD_BYTES_MAX = 256 * 1024;
/** Enough for the text of an attached mail that was passed on. */
const MESSAGE_BYTES_MAX = 1024 * 1024;

/** How many bytes of a part are kept for reading in it. */
function keptBytes({ contentType, filename }: PartHead, limits: ReadLimits): number {
  if (isCalendar(contentType, filename)) return limits.calendarBytesMax + 1;
  if (isContainer(contentType, filename)) return limits.containerBytesMax + 1;
  if (contentType === 'text/html') return limits.htmlBytesMax + 1;
  // No charset takes more than four bytes for a character.
  if (/^(text\/|text$|multipart\/)/.test(contentType)) return limits.textCharactersMax * 4 + 1;
  return contentType === 'message/rfc822' ? MESSAGE_BYTES_MAX : HEAD_BYTES_MAX;
}

export const isCalendar = (contentType: string, filename: string | null): boolean =>
  contentType === 'text/calendar' ||
  contentType === 'application/ics' ||
  (/^(application\/octet-stream|text\/plain)$/.test(contentType) && /\.ics$/i.test(filename ?? ''));

export const isTnef = (contentType: string, filename: string | null): boolean =>
  /^application\/(vnd\.)?ms-tnef$/.test(contentType) ||
  (contentType === 'application/octet-stream' && /^winmail\.dat$/i.test(filename ?? ''));

export const isSmime = (contentType: string, filename: string | null): boolean =>
  /^application\/(x-)?pkcs7-mime$/.test(contentType) ||
  (contentType === 'application/octet-stream' && /\.p7m$/i.test(filename ?? ''));

const isContainer = (contentType: string, filename: string | null): boolean =>
  isTnef(contentType, filename) || isSmime(contentType, filename);

/** Bytes that may still be kept whole, of all parts together. */
export type Budget = { bytesLeft: number };

/** Takes the bytes of one part as they come: counts and hashes all, and keeps as many as are needed. */
export function partCollector(head: PartHead, limits: ReadLimits, given: Budget) {
  const { contentType } = head;
  const keptMax = keptBytes(head, limits);
  // What may be opened is kept for that, and kept whole only once it stays closed.
  const budget = isContainer(contentType, head.filename) ? { bytesLeft: 0 } : given;
  const hash = lineHash(/^(text|message)\//.test(contentType));
  const kept: Buffer[] = [];
  let whole: Buffer[] | null = budget.bytesLeft > 0 ? [] : null;
  let size = 0;
  const add = (chunk: Buffer) => {
    hash.add(chunk);
    if (size < keptMax) kept.push(Buffer.from(chunk.subarray(0, keptMax - size)));
    size += chunk.length;
    if (size > budget.bytesLeft) whole = null;
    else whole?.push(Buffer.from(chunk));
  };
  const finish = () => {
    const content = whole === null ? null : Buffer.concat(whole);
    budget.bytesLeft -= content?.length ?? 0;
    return { size, head: Buffer.concat(kept), digest: hash.finish(), content };
  };
  return { add, finish };
}

/** SHA-256 in hex; of lines the same whatever their ends, and without empty ones at the end: servers add and drop them. */
function lineHash(isText: boolean) {
  const hash = createHash('sha256');
  let lineFeeds = 0;
  const add = (chunk: Buffer) => {
    if (!isText) {
      hash.update(chunk);
      return;
    }
    const lines = withoutCarriageReturns(chunk);
    let end = lines.length;
    while (end > 0 && lines[end - 1] === 0x0a) end -= 1;
    if (end > 0) {
      hash.update('\n'.repeat(lineFeeds)).update(lines.subarray(0, end));
      lineFeeds = 0;
    }
    lineFeeds += lines.length - end;
  };
  return { add, finish: () => hash.digest('hex') };
}

/** A plain loop: a large mail has nothing dearer than this. */
function withoutCarriageReturns(chunk: Buffer): Buffer {
  if (!chunk.includes(0x0d)) return chunk;
  const lines = Buffer.allocUnsafe(chunk.length);
  let length = 0;
  for (let i = 0; i < chunk.length; i += 1) {
    const byte = chunk[i] as number;
    if (byte === 0x0d) continue;
    lines[length] = byte;
    length += 1;
  }
  return lines.subarray(0, length);
}

/** One part out of bytes that are at hand, such as a file out of another. */
export function partOf(head: PartHead, bytes: Buffer, limits: ReadLimits, budget: Budget): Part {
  const collector = partCollector(head, limits, budget);
  collector.add(bytes);
  return { ...head, related: false, ...collector.finish(), children: [] };
}

/** The parts in order, containers before what they hold; with a list of work, for they may be nested deep. */
export function* everyPart(tree: Part | null): Generator<Part> {
  const work = tree === null ? [] : [tree];
  for (let part = work.pop(); part !== undefined; part = work.pop()) {
    yield part;
    for (let i = part.children.length - 1; i >= 0; i -= 1) work.push(part.children[i] as Part);
  }
}

/**
 * Builds the tree from a parser's own, without what is beyond the limits. `read` gives a part's head and bytes;
 * `childrenOf` its children.
 */
export function buildTree<Node>(
  root: Node,
  limits: ReadLimits,
  childrenOf: (node: Node) => readonly Node[],
  read: (node: Node) => Omit<Part, 'children' | 'related'>,
): { readonly tree: Part; readonly cut: string | null } {
  type Building = Omit<Part, 'children'> & { children: Building[] };
  const convert = (node: Node, related: boolean): Building => ({ ...read(node), related, children: [] });
  const top = convert(root, false);
  const work: [Node, Building, number][] = [[root, top, 1]];
  let parts = 1;
  let cut: string | null = null;
  for (let next = work.shift(); next !== undefined; next = work.shift()) {
    const [node, built, depth] = next;
    const children = childrenOf(node);
    if (children.length > 0 && depth >= limits.nestingMax) {
      cut = `parts are nested more than ${limits.nestingMax} deep`;
      continue;
    }
    const below: [Node, Building, number][] = [];
    for (const child of children) {
      parts += 1;
      if (parts > limits.partsMax) {
        cut = `it has more than ${limits.partsMax} parts`;
        break;
      }
      const copy = convert(child, built.related || built.contentType === 'multipart/related');
      built.children.push(copy);
      below.push([child, copy, depth + 1]);
    }
    // In the order of the mail, so that what is beyond the limit is the end of it.
    work.unshift(...below);
  }
  return { tree: top, cut };
}
