/**
 * What standard output is: how wide, and whether it shows colour. Where nobody looks (a pipe, a file) lines are as long as
 * they are and have no colour; NO_COLOR (no-color.org) and --no-color take it away at a terminal too.
 */
import { Option } from 'commander';

export type Terminal = {
  /** How many columns a line may have; null: it goes where width means nothing. */
  readonly columns: number | null;
  readonly paint: Paint;
};

/** How some words stand out. What they say, they say without it as well. */
export type Paint = {
  readonly strong: Style;
  readonly soft: Style;
  readonly good: Style;
  readonly bad: Style;
  readonly warning: Style;
};
export type Style = (text: string) => string;

/** Narrower than that, no table can be read: lines are broken by the terminal instead. */
const COLUMNS_MIN = 60;

export const colourOption = (): Option => new Option('--no-color', 'without colour, as with NO_COLOR set');

export function terminalOf(
  { color = true }: { readonly color?: boolean },
  stream: { readonly isTTY?: boolean; readonly columns?: number } = process.stdout,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Terminal {
  const isTerminal = stream.isTTY === true;
  const refused = (environment.NO_COLOR ?? '') !== '' || environment.TERM === 'dumb';
  return {
    columns: isTerminal && stream.columns !== undefined ? Math.max(COLUMNS_MIN, stream.columns) : null,
    paint: isTerminal && color && !refused ? COLOURED : PLAIN,
  };
}

/** Select graphic rendition of ECMA-48; `off` ends what `on` begins and nothing else. */
const sgr =
  (on: number, off: number): Style =>
  (text) =>
    text === '' ? text : `\u001b[${on}m${text}\u001b[${off}m`;
const as: Style = (text) => text;

export const PLAIN: Paint = { strong: as, soft: as, good: as, bad: as, warning: as };
export const COLOURED: Paint = {
  strong: sgr(1, 22),
  soft: sgr(2, 22),
  good: sgr(32, 39),
  bad: sgr(31, 39),
  warning: sgr(33, 39),
};
