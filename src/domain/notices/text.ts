/** A document as plain text. Lines are not wrapped: the mail adapter and the reader's program do that. */
import { type Bar, type Block, type Doc, type Span, tied } from './doc.ts';
import { tie } from './words.ts';

/** Stands before every line of somebody else's words. Unlike `> ` it survives a program that takes quote marks off. */
export const BAR = '│\u00a0';
const BULLET = '-\u00a0';

export const renderText = (doc: Doc): string => `${doc.map(blockText).join('\n\n')}\n`;

function blockText(block: Block): string {
  switch (block.kind) {
    case 'paragraph':
    case 'heading':
    case 'callout':
    case 'muted':
      return plain(block.spans);
    case 'list':
      return block.items.map((item) => `${BULLET}${plain(item)}`).join('\n');
    case 'bars':
      return block.style === 'cards' ? block.bars.map(cardText).join('\n') : columns(block.bars);
    case 'quote': {
      const lines = block.lines.map(quotedLine);
      if (block.lead !== null) lines.unshift(plain(block.lead));
      if (block.tail !== null) lines.push(plain(block.tail));
      return lines.join('\n');
    }
    default:
      return block satisfies never;
  }
}

/** One item of a list: what its bar shows is said in its figure. */
const cardText = ({ label, figure, below }: Bar): string =>
  `${BULLET}${[label, figure, ...below].map((spans) => plain(spans)).join(' ')}`;

/** Names to the left, numbers below each other where letters are of one width. */
function columns(all: readonly Bar[]): string {
  const labels = all.map(({ label }) => plain(label));
  const width = Math.min(COLUMN_MAX, Math.max(...labels.map(({ length }) => length)));
  return all
    .map(({ figure }, at) => `${BULLET}${(labels[at] ?? '').padEnd(width)}  ${plain(figure)}`)
    .join('\n');
}

const COLUMN_MAX = 24;

const quotedLine = (line: string): string => (line === '' ? BAR.trimEnd() : `${BAR}${tie(line)}`);

const plain = (spans: readonly Span[]): string =>
  tied(spans)
    .map(({ text, mail }) => (mail === undefined ? text : `${text}: ${mail.address}`))
    .join('');
