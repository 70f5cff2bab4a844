/** Several mails in one, for a member to whom they came too fast: each as it would have been, with its own address. */
import type { ConversationId } from '../ids.ts';
import {
  answerTo,
  type Block,
  command,
  type Doc,
  heading,
  needed,
  paragraph,
  type Span,
  say,
  strong,
  words,
} from './doc.ts';
import type { NoticeBody } from './notice.ts';
import { counted } from './parts.ts';

const HEADING_MAX = 120;

export type Part = {
  readonly subject: string;
  readonly doc: Doc;
  /** The address that answers this one. */
  readonly answerTo: string;
  readonly kind: NoticeBody['kind'];
  /** Of what an answer to the whole may name by its number; null: it may not. */
  readonly request: ConversationId | null;
};

type Gist = {
  /** One and several of them. */
  readonly said: readonly [one: string, several: string];
  /** What its reader may answer. */
  readonly answer: string;
};

/** What those are about that come most often. */
const Gists: { readonly [kind in NoticeBody['kind']]?: Gist } = {
  offer: { said: ['request to take', 'requests to take'], answer: 'accept' },
  handoff: { said: ['request to take over', 'requests to take over'], answer: 'accept' },
  'last-asked': {
    said: ['request that nobody has taken', 'requests that nobody has taken'],
    answer: 'accept',
  },
  'moved-up': { said: ['request that nobody took', 'requests that nobody took'], answer: 'take' },
  'answer-due': { said: ['answer due', 'answers due'], answer: 'done' },
  'no-progress': { said: ['request without news', 'requests without news'], answer: 'done' },
  'customer-wrote': { said: ['follow-up', 'follow-ups'], answer: 'done' },
  'due-reached': { said: ['date that has come', 'dates that have come'], answer: 'done' },
  'snooze-ended': { said: ['request to look at again', 'requests to look at again'], answer: 'done' },
  parked: { said: ['mail that could not be read', 'mails that could not be read'], answer: 'dismiss' },
};

/** What needs no name of its own is counted last; empty when that is all. */
function gistOf(parts: readonly Part[]): readonly string[] {
  const byKind = [...Map.groupBy(parts, ({ kind }) => kind)].flatMap(([kind, { length }]) => {
    const [one, several] = Gists[kind]?.said ?? [];
    return one === undefined ? [] : [{ length, said: `${length} ${length === 1 ? one : several}` }];
  });
  const left = byKind.reduce((rest, { length }) => rest - length, parts.length);
  const said = byKind.map((one) => one.said);
  return said.length === 0 || left === 0 ? said : [...said, `${left} more`];
}

/** `3 requests to take, in one mail`, or `4 mails in one: 3 requests to take, 1 answer due`. */
export function bundleSubject(parts: readonly Part[]): string {
  const [first, ...others] = gistOf(parts);
  if (first === undefined) return `${counted(parts.length, 'mail')} in one`;
  return others.length === 0
    ? `${first}, in one mail`
    : `${parts.length} mails in one: ${[first, ...others].join(', ')}`;
}

export function bundle(parts: readonly Part[]): Doc {
  const example = parts.find(({ request }) => request !== null);
  const order =
    example === undefined ? null : `${example.request} ${Gists[example.kind]?.answer ?? 'status'}`;
  return [
    paragraph(
      strong(`${bundleSubject(parts)}.`),
      say`They came close together. To answer one of them, write to the address below it${order === null ? null : say`, or answer this mail with its number in front, such as ${command(order)}`}.`,
    ),
    ...parts
      .flatMap(({ subject, doc, answerTo: address }) => [
        // Behind its number a topic may be an answer, and must not be read as one.
        heading([words(subject, HEADING_MAX)]),
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
    case 'table': {
      const noted = <T extends { readonly note: readonly Span[] | null }>(of: T): T => ({
        ...of,
        note: of.note && bare(of.note),
      });
      const rows = block.rows.map((row) => ({
        ...noted(row),
        label: bare(row.label),
        cells: row.cells.map((cell) => ({
          ...noted(cell),
          head: bare(cell.head),
          figure: bare(cell.figure),
        })),
      }));
      return { kind: 'table', rows };
    }
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
