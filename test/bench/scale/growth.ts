/** The same questions at several sizes, side by side: what each costs, and how it grows while everything grows tenfold. */
import { type Cell, table } from '../../../src/cli/table.ts';
import type { Figure } from './measure.ts';

export type Size = {
  /** So many open requests. */
  readonly conversations: number;
  readonly figures: readonly Figure[];
  readonly tables: readonly { readonly name: string; readonly rows: number; readonly mb: number }[];
};

/** A goal is one for its size: what a board must show at a hundred thousand need not be as fast at a million. */
export const isMissed = ({ goal, medianMs }: Figure, conversations: number): boolean =>
  goal !== null && conversations <= goal.upTo && medianMs > goal.ms;

export const isMet = (sizes: readonly Size[]): boolean =>
  sizes.every(({ conversations, figures }) => !figures.some((figure) => isMissed(figure, conversations)));

export function growthOf(sizes: readonly Size[]): string[] {
  const head = [
    'What',
    ...sizes.flatMap(({ conversations }) => [
      `ms at ${conversations.toLocaleString('en')}`,
      'p99',
      'CPU ms',
      'rows',
      'pages',
    ]),
    ...(sizes.length > 1 ? ['Time grows', 'Pages grow'] : []),
    'Goal',
  ];
  const names = new Set(sizes.flatMap(({ figures }) => figures.map(({ what }) => what)));
  const rows = [...names].map((what): Cell[] => {
    const found = sizes.map(({ figures }) => figures.find((figure) => figure.what === what));
    const cells = found.flatMap((figure): Cell[] =>
      figure === undefined
        ? ['', '', '', '', '']
        : [figure.medianMs, figure.p99Ms, figure.cpuMs ?? '', figure.rows, figure.pages],
    );
    const growth =
      sizes.length > 1
        ? [stepsOf(found.map((one) => one?.medianMs)), stepsOf(found.map((one) => one?.pages))]
        : [];
    return [what, ...cells, ...growth, goalText(sizes, found)];
  });
  return table(head, rows);
}

/** From each size to the next: `×1.1 ×9.7`. */
const stepsOf = (values: readonly (number | undefined)[]): string =>
  values
    .slice(1)
    .map((value, at) => {
      const before = values[at];
      return value === undefined || before === undefined || before === 0
        ? '–'
        : `×${(value / before).toFixed(1)}`;
    })
    .join(' ');

function goalText(sizes: readonly Size[], found: readonly (Figure | undefined)[]): string {
  const goal = found.find((figure) => figure !== undefined)?.goal ?? null;
  if (goal === null) return '';
  const missed = sizes.some(({ conversations }, at) => {
    const figure = found[at];
    return figure !== undefined && isMissed(figure, conversations);
  });
  const upTo = goal.upTo < Number.MAX_SAFE_INTEGER ? ` at ${goal.upTo.toLocaleString('en')}` : '';
  return `${goal.ms} ms${upTo}${missed ? ' MISSED' : ''}`;
}
