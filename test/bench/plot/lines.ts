/** Lines over one another, from nought, so that what is flat looks flat. */
import { colorOf, type Drawing, FAINT, INK, legendAt, line, MUTED, PANEL, px, text } from './page.ts';
import { inFigures, straight } from './scale.ts';

export type LinePanel = {
  readonly title: string;
  readonly xUnit: string;
  readonly yUnit: string;
  readonly lines: readonly {
    readonly series: string;
    readonly points: readonly { x: number; y: number }[];
  }[];
};

const TOP = 62;
const FOOT = 46;
const LEFT = 64;
const RIGHT = 24;

export function linePanel({ title, xUnit, yUnit, lines }: LinePanel): Drawing {
  const points = lines.flatMap((one) => one.points);
  const foot = PANEL.height - FOOT;
  const right = PANEL.width - RIGHT;
  const xs = straight(Math.max(0, ...points.map(({ x }) => x)), LEFT, right);
  const ys = straight(Math.max(0, ...points.map(({ y }) => y)), foot, TOP);
  const grid = ys.marks.map((mark) =>
    [
      line(LEFT, ys.at(mark), right, ys.at(mark), FAINT),
      text(LEFT - 8, ys.at(mark) + 4, inFigures(mark), { anchor: 'end', size: 11, color: MUTED }),
    ].join(''),
  );
  const marks = xs.marks.map((mark) =>
    text(xs.at(mark), foot + 16, inFigures(mark), { anchor: 'middle', size: 11, color: MUTED }),
  );
  const drawn = lines.map(({ points: own }, at) => {
    const places = own.map(({ x, y }) => `${px(xs.at(x))},${px(ys.at(y))}`).join(' ');
    return `<polyline points="${places}" fill="none" stroke="${colorOf(at)}" stroke-width="1.8" stroke-linejoin="round"/>`;
  });
  return [
    text(0, 16, title, { size: 15, bold: true }),
    legendAt(
      0,
      38,
      lines.map(({ series }, at) => ({ name: series, color: colorOf(at) })),
    ),
    ...grid,
    ...marks,
    ...drawn,
    line(LEFT, foot, right, foot, INK),
    text(14, (TOP + foot) / 2, yUnit, { anchor: 'middle', size: 11, color: MUTED, turn: -90 }),
    text((LEFT + right) / 2, PANEL.height - 8, xUnit, { anchor: 'middle', size: 11, color: MUTED }),
  ].join('\n');
}
