/**
 * Recognises a mail that somebody passed on, by the marker that Gmail, Outlook, Apple Mail and Thunderbird put
 * above it: who wrote it first, under which subject, what they wrote, and what the forwarder wrote above.
 */
import type { Address, Forwarded } from './message.ts';
import { labelOf, separatorWords } from './quote-markers.ts';
import { REPLY_INPUT_MAX } from './reply-text.ts';

const FORWARD_WORDS =
  /forwarded|weitergeleitet|transféré|réexpédié|reenviado|inoltrato|encaminhada|doorgestuurd|пересыл/;
const HEADER_LINES_MAX = 20;

/** Null when the text holds no forwarded mail. `text` is a decoded body; linear time. */
export function findForwarded(text: string): Forwarded | null {
  const lines = text.slice(0, REPLY_INPUT_MAX).split(/\r\n|\n|\r/);
  for (let i = 0; i < lines.length; i += 1) {
    const line = unquoted(lines[i] ?? '');
    const words = separatorWords(line.trim());
    if (words === null || !FORWARD_WORDS.test(words)) continue;
    const quoted = /^\s{0,3}>/.test(lines[i] ?? '');
    // "> Begin forwarded message:" below a text is Apple Mail's forward; deeper inside of a reply it is history.
    const forwarded = readBlock(lines.slice(i + 1).map((one) => (quoted ? unquoted(one) : one)));
    if (forwarded !== null) return { ...forwarded, above: lines.slice(0, i).join('\n').trim() };
  }
  return null;
}

const unquoted = (line: string): string => line.replace(/^\s{0,3}> ?/, '');

function readBlock(lines: readonly string[]): Omit<Forwarded, 'above'> | null {
  let from: Address | null = null;
  let subject = '';
  let seen = 0;
  let i = 0;
  // Apple Mail quotes only the forwarded part.
  const quotedBelow = /^\s{0,3}>/.test(lines.find((line) => line.trim() !== '') ?? '');
  const plain = quotedBelow ? lines.map(unquoted) : lines;
  for (; i < plain.length && i < HEADER_LINES_MAX; i += 1) {
    const line = (plain[i] ?? '').slice(0, 1_000);
    if (line.trim() === '') {
      if (seen > 0) break;
      continue;
    }
    const label = labelOf(line);
    if (label === null) {
      if (seen === 0) return null;
      continue;
    }
    seen += 1;
    if (label.kind === 'from' && from === null) from = toAddress(label.value);
    if (label.kind === 'subject' && subject === '') subject = label.value;
  }
  if (seen < 2) return null;
  return { from, subject, text: plain.slice(i).join('\n').trim() };
}

/** "Maria Lopez <maria@x>", "Maria Lopez [mailto:maria@x]" or a bare address. */
function toAddress(value: string): Address | null {
  const found = /[^\s<>()[\]"',;:*]{1,64}@[^\s<>()[\]"',;:*]{1,190}/.exec(value);
  if (found === null) return null;
  const name = value
    .slice(0, found.index)
    .replace(/(mailto:|[<[("'*\s])+$/g, '')
    .replace(/^["'*\s]+/, '')
    .trim();
  return { name, address: found[0] };
}
