/**
 * The second rung: the parts of a mail by postal-mime, for what mailparser fails on. The only file that knows it.
 *
 * Its tree alone is wanted. Its own assembling of the text is left out (10 s for 4 MB of format=flowed in 4.0.0),
 * and so is what it thinks of the sender.
 */
import { Buffer } from 'node:buffer';
import PostalMime from 'postal-mime';
import { decodeHeaderText } from './clean-text.ts';
import { type Budget, buildTree, type MimeParts, type PartHead, partCollector } from './mime-parts.ts';
import type { ReadLimits } from './read-limits.ts';

type Structured = { readonly value: string; readonly params: Readonly<Record<string, string>> };

/** postal-mime's own tree; internal to 4.0.0, so the contract tests hold it down. */
type PostalNode = {
  readonly contentType: { readonly parsed: Structured };
  readonly contentDisposition: { readonly parsed: Structured };
  readonly contentTransferEncoding: { readonly encoding: string };
  readonly contentId?: string;
  readonly parentNode?: PostalNode;
  readonly content: ArrayBuffer | null;
  readonly childNodes: readonly PostalNode[];
};

/** Never rejects: an error leaves what was read until then. */
export async function readWithPostalMime(
  raw: Buffer,
  limits: ReadLimits,
  budget: Budget,
): Promise<MimeParts> {
  const parser = new PostalMime({
    maxNestingDepth: limits.nestingMax,
    maxHeadersSize: limits.headerBytesMax,
    forceRfc822Attachments: true,
  });
  Object.assign(parser, { collectNode: async () => {}, renderTextContent: () => {} });
  let error: string | null = null;
  try {
    await parser.parse(raw);
  } catch (failure) {
    error = (failure instanceof Error ? failure.message : String(failure)).slice(0, 200);
  }
  const { root } = parser as unknown as { root: PostalNode };
  const { tree, cut } = buildTree(
    root,
    limits,
    (node) => node.childNodes,
    (node) => {
      const head = headOf(node);
      const collector = partCollector(head, limits, budget);
      collector.add(contentOf(node));
      return { ...head, ...collector.finish() };
    },
  );
  return { tree, error: error ?? cut };
}

/** The line end in front of a boundary is the boundary's (RFC 2046 section 5.1.1); postal-mime leaves it to the part. */
function contentOf({ content, parentNode, contentTransferEncoding }: PostalNode): Buffer {
  const bytes = Buffer.from(content ?? new ArrayBuffer(0));
  const isBounded = parentNode !== undefined && !/base64/i.test(contentTransferEncoding.encoding);
  return isBounded && bytes.at(-1) === 0x0a ? bytes.subarray(0, -1) : bytes;
}

function headOf(node: PostalNode): PartHead {
  const { value, params } = node.contentType.parsed;
  const { value: disposition, params: more } = node.contentDisposition.parsed;
  const flowed = params.format?.toLowerCase().trim() === 'flowed';
  return {
    filename: decodeHeaderText(more.filename || params.name || '') || null,
    contentType: value.toLowerCase() || 'text/plain',
    contentId: node.contentId?.trim().replace(/^<|>$/g, '').trim() || null,
    charset: params.charset || null,
    flowed: flowed ? (params.delsp?.toLowerCase().trim() === 'yes' ? 'delsp' : 'yes') : 'no',
    disposition: disposition.toLowerCase() || null,
  };
}
