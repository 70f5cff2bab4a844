/**
 * The first rung: the parts of a mail by mailparser. The only file that knows it.
 *
 * It is asked for nothing but splitting and transfer encodings: it is told that no type is text, so that every part
 * comes as bytes, and neither its HTML reading (quadratic in 3.9.31) nor its charsets nor its view of the header are
 * in the way.
 */
import { Buffer } from 'node:buffer';
import { Readable } from 'node:stream';
import { type AttachmentStream, MailParser, type MessageText } from 'mailparser';
import { type Budget, buildTree, type MimeParts, type PartHead, partCollector } from './mime-parts.ts';
import { quotedPrintableDecoder } from './quoted-printable.ts';
import type { ReadLimits } from './read-limits.ts';

/** mailparser copies what it is given several times over, so it gets the mail in pieces. */
const PIECE_BYTES = 64 * 1024;
/** It takes parts apart well ahead of telling of them, and tells of none once it has met its limit. */
const AHEAD = 4;

/** mailparser's own tree; internal to 3.9.31, so the contract tests hold it down. */
type ParserNode = {
  /** What the header of the part says. */
  readonly node: {
    readonly contentType: string | false;
    readonly charset: string | false;
    readonly disposition: string | false;
    readonly filename: string | false;
    readonly flowed: boolean;
    readonly delSp: boolean;
    readonly multipart: string | false;
  };
  /** The same object as the one in the attachment of this part. */
  readonly headers: ReadonlyMap<string, unknown>;
  readonly children?: readonly ParserNode[];
};

/** The node of the splitter below: what it gives is what the part is decoded with. */
type SplitNode = { readonly encoding: string | false; getDecoder: () => unknown };

type Collected = { readonly detected: string; readonly finish: ReturnType<typeof partCollector>['finish'] };

/**
 * Never rejects: an error (too many parts, a header that is too long) leaves what was read until then. Whole files
 * are kept as far as `budget` reaches.
 */
export function readWithMailparser(raw: Buffer, limits: ReadLimits, budget: Budget): Promise<MimeParts> {
  const parser = new MailParser({
    skipHtmlToText: true,
    skipImageLinks: true,
    skipTextToHtml: true,
    skipTextLinks: true,
    ...{ ignoreEmbedded: true, maxHeadSize: limits.headerBytesMax, maxChildNodes: limits.partsMax * AHEAD },
  });
  const { createNode } = parser as unknown as { createNode: (node: SplitNode) => unknown };
  Object.assign(parser, {
    textTypes: [],
    processHeaders: contentId,
    createNode: (node: SplitNode) => {
      if (node.encoding === 'quoted-printable') node.getDecoder = quotedPrintableDecoder;
      return createNode.call(parser, node);
    },
  });
  const collected = new Map<unknown, Collected>();
  return new Promise((resolve) => {
    const finish = (error: string | null) => {
      const { tree } = parser as unknown as { tree: ParserNode | false };
      resolve(tree === false ? { tree: null, error } : build(tree, collected, limits, error));
    };
    parser.on('error', (error: Error) => finish(error.message.slice(0, 200)));
    parser.on('end', () => finish(null));
    parser.on('data', (data: AttachmentStream | MessageText) => {
      if (data.type !== 'attachment') return;
      const { add, finish: whole } = partCollector(headOfFile(data), limits, budget);
      let done: ReturnType<typeof whole> | null = null;
      const once = () => {
        done ??= whole();
        return done;
      };
      collected.set(data.headers, { detected: data.contentType, finish: once });
      const stream = data.content as unknown as NodeJS.ReadableStream;
      stream.on('data', add);
      stream.on('error', (error: Error) => finish(error.message.slice(0, 200)));
      stream.on('end', () => {
        once();
        data.release();
      });
    });
    Readable.from(pieces(raw), { objectMode: false, highWaterMark: PIECE_BYTES }).pipe(parser);
  });
}

/** Of the fields of a part we ask for this one; mailparser would decode and take apart all of them. */
function contentId(lines: readonly { readonly key: string; readonly line: string }[]): Map<string, unknown> {
  const line = lines.find(({ key }) => key === 'content-id')?.line ?? '';
  const id = line.slice(line.indexOf(':') + 1).trim();
  // It throws at one that is there and empty, where nobody can catch it.
  return new Map(id === '' ? [] : [['content-id', id]]);
}

/** As much as the collector asks for. */
const headOfFile = (data: AttachmentStream): PartHead => ({
  filename: data.filename ?? null,
  contentType: (data.contentType || 'text/plain').toLowerCase(),
  contentId: null,
  charset: null,
  flowed: 'no',
  disposition: null,
});

function build(
  root: ParserNode,
  collected: ReadonlyMap<unknown, Collected>,
  limits: ReadLimits,
  error: string | null,
): MimeParts {
  const { tree, cut } = buildTree(
    root,
    limits,
    (node) => node.children ?? [],
    (node) => {
      const body = collected.get(node.headers);
      const bytes = body?.finish() ?? { size: 0, head: Buffer.alloc(0), digest: '', content: null };
      return { ...headOf(node, body?.detected), ...bytes };
    },
  );
  return { tree, error: error ?? cut };
}

function headOf({ node, headers }: ParserNode, detected: string | undefined): PartHead {
  const { charset, disposition, filename, flowed, delSp } = node;
  const id = headers.get('content-id');
  return {
    filename: filename || null,
    contentType: (detected || node.contentType || 'text/plain').toLowerCase(),
    contentId: typeof id === 'string' ? id.trim().replace(/^<|>$/g, '').trim() : null,
    charset: charset || null,
    flowed: flowed ? (delSp ? 'delsp' : 'yes') : 'no',
    disposition: disposition || null,
  };
}

function* pieces(raw: Buffer): Generator<Buffer> {
  for (let at = 0; at < raw.length; at += PIECE_BYTES) yield raw.subarray(at, at + PIECE_BYTES);
}
