/** Calm tables for people at a terminal. */

/** Words to the left, figures to the right. */
export function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string[] {
  const lines = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...lines.map((line) => String(line[column]).length)));
  return lines.map((line, index) =>
    line
      .map((cell, column) => {
        const width = widths[column] ?? 0;
        const isFigure = typeof (index === 0 ? rows[0]?.[column] : cell) === 'number' || cell === '?';
        return isFigure ? String(cell).padStart(width) : String(cell).padEnd(width);
      })
      .join('  ')
      .trimEnd(),
  );
}
