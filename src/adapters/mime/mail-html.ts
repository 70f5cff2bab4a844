/**
 * The HTML of a mail as a mail program shows it, for whoever may see mails as they look: as it stands in the mail, with
 * everything in it that its author put there. Whoever shows it must let nothing of it act.
 */
import { Buffer } from 'node:buffer';
import { chooseParts } from './choose-parts.ts';
import { readHeaderBlock } from './header-fields.ts';
import { prepareBytes } from './prepare-bytes.ts';
import { DefaultReadLimits } from './read-limits.ts';
import { readParts } from './read-parts.ts';

/** null: it has only text. */
export async function htmlInProcess(raw: Uint8Array): Promise<string | null> {
  const limits = DefaultReadLimits;
  const bytes = prepareBytes(Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength), []);
  const { bodyStart } = readHeaderBlock(bytes, limits.headerBytesMax);
  const reading = { rung: 'first', limits, budget: { bytesLeft: 0 } } as const;
  const { tree } = await readParts(bytes, bodyStart, reading, []);
  return chooseParts(tree, null, limits).renderings.find(({ isHtml }) => isHtml)?.text ?? null;
}
