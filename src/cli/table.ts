/**
 * Calm tables for people at a terminal: words to the left, figures to the right, and no line longer than the terminal is
 * wide. Where there is too little room, columns that can give way do, the least important first.
 */
import type { Style } from './terminal.ts';
import { brokenTo, cutTo, widthOf } from './text-width.ts';

export type Cell = string | number | { readonly text: string | number; readonly style: Style };

export type Column = {
  readonly head: string;
  /** How it gives way: by an ellipsis, or by going on below. Absent: it does not. */
  readonly gives?: 'ellipsis' | 'wrap';
  /** The greater, the sooner it gives way. */
  readonly unimportance?: number;
};

const GAP = '  ';
/** Less of a column says nothing. */
const WIDTH_MIN = 8;

/** As wide as it comes. */
export const table = (head: readonly string[], rows: readonly (readonly Cell[])[]): string[] =>
  fittedTable(
    head.map((one) => ({ head: one })),
    rows,
    null,
  );

export function fittedTable(
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
  width: number | null,
  headStyle: Style = (text) => text,
): string[] {
  const head = columns.map(({ head }): Cell => head);
  const widths = widthsOf(columns, [head, ...rows], width);
  const isFigure = columns.map((_, column) => isFigureIn(rows[0]?.[column]));
  const lines = (row: readonly Cell[], style: Style | null): string[] => {
    const cells = columns.map((column, at) => {
      const text = textOf(row[at]);
      const room = widths[at] ?? 0;
      return column.gives === 'wrap' ? brokenTo(text, room) : [cutTo(text, room)];
    });
    const height = Math.max(...cells.map(({ length }) => length));
    return Array.from({ length: height }, (_, index) =>
      cells
        .map((texts, at) => {
          const text = texts[index] ?? '';
          const toTheRight = style === null ? isFigureIn(row[at]) : isFigure[at] === true;
          return padded(text, widths[at] ?? 0, toTheRight, style ?? styleOf(row[at]));
        })
        .join(GAP)
        .trimEnd(),
    );
  };
  return [...lines(head, headStyle), ...rows.flatMap((row) => lines(row, null))];
}

/** What is too much is taken from the columns that give way, one after the other, down to what still says something. */
function widthsOf(
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
  width: number | null,
): number[] {
  const widths = columns.map((_, column) => Math.max(...rows.map((row) => widthOf(textOf(row[column])))));
  if (width === null) return widths;
  let over = widths.reduce((sum, one) => sum + one, 0) + GAP.length * (columns.length - 1) - width;
  const giving = columns
    .map((column, at) => ({ ...column, at }))
    .filter(({ gives }) => gives !== undefined)
    .sort((a, b) => (b.unimportance ?? 0) - (a.unimportance ?? 0));
  for (const { at, head } of giving) {
    if (over <= 0) break;
    const now = widths[at] ?? 0;
    const less = Math.min(over, Math.max(0, now - Math.max(WIDTH_MIN, widthOf(head))));
    widths[at] = now - less;
    over -= less;
  }
  return widths;
}

const isFigureIn = (cell: Cell | undefined): boolean => typeof contentOf(cell) === 'number' || cell === '?';

const contentOf = (cell: Cell | undefined): string | number =>
  typeof cell === 'object' ? cell.text : (cell ?? '');

const textOf = (cell: Cell | undefined): string => String(contentOf(cell));

const styleOf = (cell: Cell | undefined): Style => (typeof cell === 'object' ? cell.style : (text) => text);

function padded(text: string, width: number, toTheRight: boolean, style: Style): string {
  const room = ' '.repeat(Math.max(0, width - widthOf(text)));
  return toTheRight ? room + style(text) : style(text) + room;
}
