/** A document as plain text. Lines are not wrapped: the mail adapter and the reader's program do that. */
import { type Block, type Doc, type Span, tied } from './doc.ts';
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

const quotedLine = (line: string): string => (line === '' ? BAR.trimEnd() : `${BAR}${tie(line)}`);

const plain = (spans: readonly Span[]): string =>
  tied(spans)
    .map(({ text, mail }) => (mail === undefined ? text : `${text}: ${mail.address}`))
    .join('');
