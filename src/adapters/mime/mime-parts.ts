/**
 * The decoded parts of a mail, by mailparser: texts in the order and nesting of the mail, and every other part as
 * an attachment with its bytes. Nested mails (message/rfc822) stay attachments. The only file that knows mailparser.
 */
import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { type AttachmentStream, MailParser, type MessageText } from 'mailparser';

export type TextNode = {
  readonly contentType: string;
  /** Decoded, line ends as LF; null for anything that is no text shown in the mail. */
  readonly text: string | null;
  readonly children: readonly TextNode[];
};

export type PartFile = {
  readonly filename: string | null;
  readonly contentType: string;
  readonly contentId: string | null;
  /** Inside of multipart/related. */
  readonly related: boolean;
  /** Decoded bytes; only their beginning is kept, up to HEAD_BYTES_MAX. */
  readonly size: number;
  readonly head: Buffer;
  /** SHA-256 in hex; of text the same whatever its line ends. */
  readonly digest: string;
  /** All decoded bytes, when they were asked for and fit; null otherwise. */
  readonly content: Buffer | null;
};

/** Enough for delivery reports and the headers of returned mails. */
const HEAD_BYTES_MAX = 256 * 1024;
/** mailparser copies what it is given several times over, so it gets the mail in pieces. */
const PIECE_BYTES = 64 * 1024;

export type MimeParts = {
  readonly tree: TextNode | null;
  readonly files: readonly PartFile[];
  /** What made the parser stop before the end, or null. */
  readonly error: string | null;
};

/** mailparser's own tree; internal to 3.9.31, so the contract tests hold it down. */
type ParserNode = {
  contentType?: string | false;
  textContent?: string;
  isAttachment?: boolean;
  children?: ParserNode[];
};

/**
 * Of the files as many are kept whole as fit into `keep.bytesMax` together.
 *
 * Never rejects: an error (too many parts, a header that is too long) leaves what was read until then.
 */
export function readMimeParts(raw: Buffer, keep = { bytesMax: 0 }): Promise<MimeParts> {
  const parser = new MailParser({
    skipHtmlToText: true,
    skipImageLinks: true,
    skipTextToHtml: true,
    skipTextLinks: true,
    keepDeliveryStatus: true,
    ...{ ignoreEmbedded: true },
  });
  const files: PartFile[] = [];
  let bytesLeft = keep.bytesMax;
  return new Promise((resolve) => {
    const finish = (error: string | null) => {
      const { tree } = parser as unknown as { tree: ParserNode | false };
      resolve({ tree: tree === false ? null : textTree(tree), files, error });
    };
    parser.on('error', (error: Error) => finish(error.message.slice(0, 200)));
    parser.on('end', () => finish(null));
    parser.on('data', (data: AttachmentStream | MessageText) => {
      if (data.type !== 'attachment') return;
      const digest = partDigest(data.contentType);
      const whole = wholePart(bytesLeft);
      const stream = data.content as unknown as NodeJS.ReadableStream;
      stream.on('data', (chunk: Buffer) => {
        digest.add(chunk);
        whole.add(chunk);
      });
      stream.on('error', (error: Error) => finish(error.message.slice(0, 200)));
      stream.on('end', () => {
        const content = keep.bytesMax > 0 ? whole.finish() : null;
        bytesLeft -= content?.length ?? 0;
        files.push({
          filename: data.filename ?? null,
          contentType: data.contentType,
          contentId: data.cid ?? null,
          related: data.related === true,
          ...digest.finish(),
          content,
        });
        data.release();
      });
    });
    Readable.from(pieces(raw), { objectMode: false, highWaterMark: PIECE_BYTES }).pipe(parser);
  });
}

function* pieces(raw: Buffer): Generator<Buffer> {
  for (let at = 0; at < raw.length; at += PIECE_BYTES) yield raw.subarray(at, at + PIECE_BYTES);
}

/** Counts, hashes and keeps the beginning of a part without holding all of it. */
function partDigest(contentType: string) {
  const isText = /^(text|message)\//i.test(contentType);
  const hash = createHash('sha256');
  const kept: Buffer[] = [];
  let size = 0;
  let keptBytes = 0;
  // Servers add and drop line ends at the end of a part: they count once something follows.
  let lineFeeds = 0;
  const add = (chunk: Buffer) => {
    size += chunk.length;
    if (keptBytes < HEAD_BYTES_MAX) {
      kept.push(Buffer.from(chunk.subarray(0, HEAD_BYTES_MAX - keptBytes)));
      keptBytes += kept.at(-1)?.length ?? 0;
    }
    if (!isText) {
      hash.update(chunk);
      return;
    }
    const lines = chunk.includes(0x0d) ? chunk.filter((byte) => byte !== 0x0d) : chunk;
    let end = lines.length;
    while (end > 0 && lines[end - 1] === 0x0a) end -= 1;
    if (end > 0) {
      hash.update('\n'.repeat(lineFeeds)).update(lines.subarray(0, end));
      lineFeeds = 0;
    }
    lineFeeds += lines.length - end;
  };
  return { add, finish: () => ({ size, head: Buffer.concat(kept), digest: hash.digest('hex') }) };
}

/** The bytes of a part, or null once they are more than `bytesMax`. */
function wholePart(bytesMax: number) {
  let kept: Buffer[] | null = [];
  let size = 0;
  const add = (chunk: Buffer) => {
    size += chunk.length;
    if (size > bytesMax) kept = null;
    else kept?.push(Buffer.from(chunk));
  };
  return { add, finish: () => (kept === null ? null : Buffer.concat(kept)) };
}

/** A copy of mailparser's tree with what we need; built with a list of work instead of recursion. */
function textTree(root: ParserNode): TextNode {
  type Building = { contentType: string; text: string | null; children: Building[] };
  const convert = (node: ParserNode): Building => ({
    contentType: (node.contentType || 'text/plain').toLowerCase(),
    text: node.isAttachment === true ? null : (node.textContent ?? null),
    children: [],
  });
  const top = convert(root);
  const work: [ParserNode, Building][] = [[root, top]];
  for (let next = work.pop(); next !== undefined; next = work.pop()) {
    const [node, built] = next;
    for (const child of node.children ?? []) {
      const copy = convert(child);
      built.children.push(copy);
      work.push([child, copy]);
    }
  }
  return top;
}
