/**
 * What is wrong with a configuration, said so that the person who wrote the file can put it right: where it stands,
 * what is wrong, and what would be right. A problem never holds the value of a secret.
 */

export type Problem = {
  /** The path of the configuration file as it was given. */
  readonly file: string;
  /** Counted from 1; 0 when the problem is with the file as a whole. */
  readonly line: number;
  readonly column: number;
  /** Such as `members.priya.backup` or `rules[2].when`; empty at the top of the file. */
  readonly path: string;
  /** What is wrong, without a full stop. */
  readonly message: string;
  /** What would be right, one or more whole sentences. */
  readonly remedy: string;
};

/** Where a value stands: keys, and list positions counted from 0. */
export type Path = readonly (string | number)[];

/** A problem before its line is known. */
export type Finding = { readonly path: Path; readonly message: string; readonly remedy: string };

/** `['rules', 2, 'when']` as `rules[2].when`. */
export const pathText = (path: Path): string =>
  path.reduce<string>(
    (text, part) => (typeof part === 'number' ? `${text}[${part}]` : text === '' ? part : `${text}.${part}`),
    '',
  );

/** One line per problem, file by file, each in its order: `baton.yaml:12:5 members.priya.backup: what is wrong. What would be right.` */
export function formatProblems(problems: readonly Problem[]): string {
  const files = [...new Set(problems.map(({ file }) => file))];
  const inOrder = files.flatMap((file) => problems.filter((problem) => problem.file === file).sort(byPlace));
  return inOrder.map(formatProblem).join('\n');
}

function formatProblem({ file, line, column, path, message, remedy }: Problem): string {
  const place = line > 0 ? `${file}:${line}:${column}` : file;
  return `${place}${path === '' ? '' : ` ${path}`}: ${message}. ${remedy}`;
}

export const byPlace = (a: Problem, b: Problem): number => a.line - b.line || a.column - b.column;

/** `Did you mean "leah"? ` when one of the known names is near enough to be meant, otherwise nothing. */
export function didYouMean(typed: string, known: Iterable<string>): string {
  const near = nearest(typed, known);
  return near === null ? '' : `Did you mean "${near}"? `;
}

/** The known name with the fewest typing slips, if they are few for its length; the first of several equals. */
export function nearest(
  typed: string,
  known: Iterable<string>,
  slipsMax = typed.length < 4 ? 1 : typed.length < 8 ? 2 : 3,
): string | null {
  if (typed.length > 100) return null;
  let best: string | null = null;
  let fewest = slipsMax + 1;
  for (const name of known) {
    const slips = name.length > 100 ? fewest : distance(typed.toLowerCase(), name.toLowerCase());
    if (slips < fewest) {
      best = name;
      fewest = slips;
    }
  }
  return best;
}

/** Insertions, deletions, replacements and swaps of neighbours (optimal string alignment). */
function distance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const same = a[row - 1] === b[column - 1];
      let cost = Math.min(
        (last[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (last[column - 1] ?? 0) + (same ? 0 : 1),
      );
      if (row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]) {
        cost = Math.min(cost, (beforeLast[column - 2] ?? 0) + 1);
      }
      current.push(cost);
    }
    beforeLast = last;
    last = current;
  }
  return last[b.length] ?? 0;
}

/** `a, b and c`; long lists are cut with the number of what is left out. */
export function list(names: readonly string[], max = 12): string {
  if (names.length > max) return `${names.slice(0, max).join(', ')} and ${names.length - max} more`;
  if (names.length < 2) return names.join('');
  return `${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''}`;
}
