/**
 * Calm tables for people at a terminal: words to the left, figures to the right, and no line longer than the terminal is
 * wide. Where there is too little room, columns that can give way do, the least important first; where that is not
 * enough, those that may be missing are left out.
 */
import type { Style } from './terminal.ts';
import { brokenTo, cutTo, widthOf } from './text-width.ts';

export type Cell = string | number | { readonly text: string | number; readonly style: Style };

export type Column = {
  readonly head: string;
  /** How it gives way: by an ellipsis, or by going on below. Absent: it does not. */
  readonly gives?: 'ellipsis' | 'wrap';
  /** The greater, the sooner it gives way, or is left out. */
  readonly unimportance?: number;
  /** Less of it says nothing. */
  readonly least?: number;
  /** Whether a narrow table may do without it. */
  readonly isOptional?: boolean;
};

const GAP = '  ';
const LEAST = 8;

/** As wide as it comes. */
export const table = (head: readonly string[], rows: readonly (readonly Cell[])[]): string[] =>
  fittedTable(
    head.map((one) => ({ head: one })),
    rows,
    null,
  );

export function fittedTable(
  allColumns: readonly Column[],
  allRows: readonly (readonly Cell[])[],
  width: number | null,
  headStyle: Style = (text) => text,
): string[] {
  const kept = columnsFor(allColumns, allRows, width);
  const columns = kept.flatMap((at) => allColumns[at] ?? []);
  const rows = allRows.map((row) => kept.map((at): Cell => row[at] ?? ''));
  const head = columns.map(({ head }): Cell => head);
  const widths = widthsOf(columns, rows, width);
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

/** Which columns there is room for, by their places. */
function columnsFor(
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
  width: number | null,
): number[] {
  const places = columns.map((_, at) => at);
  if (width === null) return places;
  const leastOf = (at: number): number => {
    const whole = wholeWidth(columns, rows, at);
    return columns[at]?.gives === undefined ? whole : Math.min(whole, leastWidth(columns[at]));
  };
  const optional = places
    .filter((at) => columns[at]?.isOptional === true)
    .sort((a, b) => (columns[b]?.unimportance ?? 0) - (columns[a]?.unimportance ?? 0));
  let kept = places;
  for (const at of optional) {
    if (lineWidth(kept.map(leastOf)) <= width) break;
    kept = kept.filter((one) => one !== at);
  }
  return kept;
}

/** What is too much is taken from the columns that give way, one after the other, down to what still says something. */
function widthsOf(
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
  width: number | null,
): number[] {
  const widths = columns.map((_, at) => wholeWidth(columns, rows, at));
  if (width === null) return widths;
  let over = lineWidth(widths) - width;
  const giving = columns
    .map((column, at) => ({ column, at, unimportance: column.unimportance ?? 0 }))
    .filter(({ column }) => column.gives !== undefined)
    .sort((a, b) => b.unimportance - a.unimportance);
  for (const { at, column } of giving) {
    if (over <= 0) break;
    const now = widths[at] ?? 0;
    const less = Math.min(over, Math.max(0, now - leastWidth(column)));
    widths[at] = now - less;
    over -= less;
  }
  return widths;
}

const wholeWidth = (columns: readonly Column[], rows: readonly (readonly Cell[])[], at: number): number =>
  Math.max(widthOf(columns[at]?.head ?? ''), ...rows.map((row) => widthOf(textOf(row[at]))));

const leastWidth = ({ head, least = LEAST }: Column): number => Math.max(least, widthOf(head));

const lineWidth = (widths: readonly number[]): number =>
  widths.reduce((sum, one) => sum + one, 0) + GAP.length * (widths.length - 1);

const isFigureIn = (cell: Cell | undefined): boolean => typeof contentOf(cell) === 'number' || cell === '?';

const contentOf = (cell: Cell | undefined): string | number =>
  typeof cell === 'object' ? cell.text : (cell ?? '');

const textOf = (cell: Cell | undefined): string => String(contentOf(cell));

const styleOf = (cell: Cell | undefined): Style => (typeof cell === 'object' ? cell.style : (text) => text);

function padded(text: string, width: number, toTheRight: boolean, style: Style): string {
  const room = ' '.repeat(Math.max(0, width - widthOf(text)));
  return toTheRight ? room + style(text) : style(text) + room;
}
