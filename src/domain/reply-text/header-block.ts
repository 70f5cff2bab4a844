/**
 * A block of header lines as Outlook and others print them above what they quote or forward: read into its fields,
 * whatever the language, the order, the emphasis (`*From:* …`) or the wrapping.
 */
import type { Address } from '../message.ts';
import { LABELS, type LabelKind } from './quote-words.ts';
import { ADDRESS, hasAddress, hasDate, hasTime, pattern } from './written-evidence.ts';

export type Label = { readonly kind: LabelKind | 'unknown'; readonly value: string };

export type HeaderBlock = {
  readonly fields: readonly Label[];
  /** The first line after the block. */
  readonly end: number;
};

/** A block may have this many lines, wrapped lists of recipients included. */
const BLOCK_LINES_MAX = 20;
const WRAPPED_LINES_MAX = 4;
const LABEL_MAX = 30;
const ONCE: ReadonlySet<Label['kind']> = new Set(['from', 'date', 'to', 'subject']);

const LABEL_OF: ReadonlyMap<string, LabelKind> = new Map(
  (Object.keys(LABELS) as LabelKind[]).flatMap((kind) => LABELS[kind].map((word) => [word, kind] as const)),
);

/** The header label that begins a line (`From: …`, `*Von:* …`, `Objet : …`) and what stands behind it, or null. */
export function labelOf(line: string): Label | null {
  const split = splitLabel(line);
  const kind = split === null ? undefined : LABEL_OF.get(split.word);
  return split === null || kind === undefined ? null : { kind, value: split.value };
}

function splitLabel(line: string): { readonly word: string; readonly value: string } | null {
  const plain = line.trimStart().replace(/^[*_|]{1,3}\s?/, '');
  const colon = plain.slice(0, LABEL_MAX).search(/[:：]/);
  if (colon < 1) return null;
  const word = plain
    .slice(0, colon)
    .replace(/[*_\s]+$/, '')
    .replace(/\s+/g, ' ')
    .toLowerCase();
  const value = plain
    .slice(colon + 1)
    .replace(/^[*_\s]{1,12}/, '')
    .trim();
  return { word, value };
}

/** A line of a block in a language that nobody listed. */
function anyLabelOf(line: string): Label | null {
  const known = labelOf(line);
  if (known !== null) return known;
  const split = splitLabel(line);
  return split !== null && split.value !== '' && /^\p{L}[\p{L}\p{M} .'()-]*$/u.test(split.word)
    ? { kind: 'unknown', value: split.value }
    : null;
}

/**
 * The block that begins at line `start`, or null. It needs three kinds of fields and an address, a subject or a full
 * date among them: "From: Paris, To: London, Date: 3 May" is what a traveller writes.
 */
export function headerBlockAt(
  lines: readonly string[],
  start: number,
  options: { readonly anyLabel?: boolean } = {},
): HeaderBlock | null {
  const read = options.anyLabel ? anyLabelOf : labelOf;
  if (read((lines[start] ?? '').trim()) === null) return null;
  const block = readFields(lines, start, read);
  return (options.anyLabel ? isLikelyBlock(block.fields) : isBlock(block.fields)) ? block : null;
}

/** Reads label after label from line `start` on; what is wrapped belongs to the label before. */
export function readFields(
  lines: readonly string[],
  start: number,
  read: (line: string) => Label | null = labelOf,
): HeaderBlock {
  const fields: { kind: Label['kind']; value: string }[] = [];
  let end = start;
  let blank = 0;
  for (let j = start; j < lines.length && j < start + BLOCK_LINES_MAX; j += 1) {
    const written = lines[j] ?? '';
    const line = written.trim();
    if (line.startsWith('>')) break;
    const label = read(line);
    const last = fields.at(-1);
    if (label !== null) {
      // A second "From:" begins another block.
      if (ONCE.has(label.kind) && fields.some(({ kind }) => kind === label.kind)) break;
      fields.push({ ...label });
      end = j + 1;
      blank = 0;
    } else if (line === '') {
      blank += 1;
      // HTML made text may set each header line as a paragraph of its own.
      if (blank > 1) break;
    } else if (last === undefined || blank > 0 || j - end >= WRAPPED_LINES_MAX) break;
    else if (last.value === '') {
      // A cell of a table: the label on one line, its value on the next.
      last.value = line;
      end = j + 1;
    } else if (goesOn(last, written, line)) {
      last.value = `${last.value} ${line}`;
      end = j + 1;
    } else if (!labelSoon(lines, j, read)) break;
  }
  return { fields, end };
}

/** Lists of recipients are wrapped, and subjects folded with white space in front. */
const goesOn = ({ kind, value }: Label, written: string, line: string): boolean =>
  kind === 'to' || kind === 'cc' || kind === 'from'
    ? /[,;<]$/.test(value) || hasAddress(line) || line.startsWith('<')
    : kind === 'subject' && /^\s/.test(written) && value.length > 40;

/** True when the line is a wrapped rest, because the next one begins with a label again. */
const labelSoon = (lines: readonly string[], j: number, read: (line: string) => Label | null): boolean =>
  read((lines[j + 1] ?? '').trim()) !== null;

function isBlock(fields: readonly Label[]): boolean {
  const kinds = new Set(fields.map(({ kind }) => kind));
  const addressed = fields.some(({ kind, value }) => (kind === 'from' || kind === 'to') && hasAddress(value));
  const dates = fields.filter(({ kind }) => kind === 'date').map(({ value }) => value);
  const dated = dates.some((value) => hasDate(value));
  if (!kinds.has('from') && !kinds.has('date')) return false;
  if (kinds.size === 2) return dated && addressed;
  if (kinds.size < 3) return false;
  return kinds.has('subject') || addressed || dates.some((value) => hasDate(value) && hasTime(value));
}

function isLikelyBlock(fields: readonly Label[]): boolean {
  const addressed = fields.some(({ value }) => hasAddress(value));
  return fields.length >= 3 && addressed && fields.some(({ value }) => hasDate(value) || hasTime(value));
}

/** "Maria Lopez <maria@x>", "Maria Lopez [mailto:maria@x]", "maria@x (Maria Lopez)" or a bare address. */
export function addressIn(value: string): Address | null {
  const found = ADDRESS.exec(value);
  if (found === null) return null;
  const before = value
    .slice(0, found.index)
    .replace(/(?:mailto:|[<[("'*\s])+$/g, '')
    .replace(/^[«„“”"'*\s]+|[»”“"'*\s]+$/g, '')
    .trim();
  const behind = /^[>\s]*\(([^()]{1,100})\)/.exec(value.slice(found.index + found[0].length))?.[1];
  return { name: before || (behind?.trim() ?? ''), address: found[0].replace(/[.*]+$/, '') };
}

const CAPITALISED = [...LABEL_OF.keys()].map((word) => word.charAt(0).toUpperCase() + word.slice(1));
const RUN_ON = new RegExp(`(?:${pattern([...CAPITALISED, 'CC', 'DW'])})\\s?[:：]\\s?`, 'gu');

/** Fields that a program ran into one line: "From: Maria <maria@x>To: sam@ySent: MondaySubject: Leak" (Yahoo). */
export function runOnFields(line: string): readonly Label[] {
  const found = [...line.slice(0, 2_000).matchAll(RUN_ON)];
  return found.map((match, i) => ({
    kind: LABEL_OF.get(match[0].replace(/\s?[:：]\s?$/, '').toLowerCase()) ?? 'unknown',
    value: line.slice(match.index + match[0].length, found[i + 1]?.index ?? line.length).trim(),
  }));
}
