/** Several mails in one, for a member to whom they came too fast: each as it would have been, with its own address. */
import {
  answerTo,
  type Block,
  type Doc,
  heading,
  needed,
  own,
  paragraph,
  type Span,
  say,
  strong,
} from './doc.ts';
import { counted } from './parts.ts';

export type Part = {
  readonly subject: string;
  readonly doc: Doc;
  /** The address that answers this one. */
  readonly answerTo: string;
};

export const bundleSubject = (count: number): string => `${count} mails in one`;

export function bundle(parts: readonly Part[]): Doc {
  return [
    paragraph(
      strong(`${counted(parts.length, 'mail')} in one.`),
      say`So much came for you in the last hour that these stand together. To answer one of them, write to the address below it; an answer to this mail itself belongs to none of them.`,
    ),
    ...parts
      .flatMap(({ subject, doc, answerTo: address }) => [
        heading([own(subject)]),
        ...doc.map(withoutNames),
        paragraph([answerTo('Answer this one', { address, subject: `Re: ${subject}` })]),
      ])
      .map((block) => needed('mails', block)),
  ];
}

/** A wording of one's own places all mails at once: a question apart from its address would be answered to another. */
function withoutNames(block: Block): Block {
  const bare = (spans: readonly Span[]): readonly Span[] =>
    spans.map(({ kind, text, mail }) => ({ kind, text, ...(mail && { mail }) }));
  switch (block.kind) {
    case 'list':
      return { kind: 'list', items: block.items.map(bare) };
    case 'bars':
      return {
        kind: 'bars',
        style: block.style,
        bars: block.bars.map(({ label, figure, below, ...bar }) => ({
          ...bar,
          label: bare(label),
          figure: bare(figure),
          below: below.map(bare),
        })),
      };
    case 'quote':
      return {
        kind: 'quote',
        lead: block.lead && bare(block.lead),
        lines: block.lines,
        tail: block.tail && bare(block.tail),
      };
    default:
      return { kind: block.kind, spans: bare(block.spans) };
  }
}
