/** Small drawings in SVG: columns and lines over weeks. Each has its figures in words, for whoever does not see it. */
import { DAY, type Duration, HOUR, MINUTE } from '../../../../domain/instant.ts';
import { type Html, html } from '../../html.ts';
import { figure, NOTHING } from './parts.ts';

const WIDTH = 480;
const HEIGHT = 200;
const LEFT = 44;
const BOTTOM = 26;
const TOP = 14;

const middleOf = (index: number, count: number): number =>
  LEFT + ((index + 0.5) * (WIDTH - LEFT)) / Math.max(1, count);

const heightOf = (value: number, most: number): number => (value / most) * (HEIGHT - BOTTOM - TOP);

/** Of each name one column, or two beside each other. */
export function columnsPlot(
  names: readonly string[],
  values: readonly (readonly number[])[],
  words: string,
): Html {
  const most = roundUp(Math.max(1, ...values.flat()));
  const width = Math.min(34, (WIDTH - LEFT) / Math.max(1, names.length) / 3);
  const columns = values.flatMap((pair, index) =>
    pair.map((value, at) => {
      const x = middleOf(index, names.length) - (pair.length * width) / 2 + at * width;
      const tall = heightOf(value, most);
      return html`<rect class="${at === 0 ? 'one' : 'other'}" x="${(x + 1).toFixed(1)}" y="${(HEIGHT - BOTTOM - tall).toFixed(1)}" width="${(width - 2).toFixed(1)}" height="${tall.toFixed(1)}" rx="2"><title>${figure(value)}</title></rect>`;
    }),
  );
  return plot(words, html`${grid(most, figure)}${columns}${labels(names)}`);
}

/** One or two lines of lengths of time; where nothing is known there is a gap. */
export function linesPlot(
  names: readonly string[],
  lines: readonly (readonly (Duration | null)[])[],
  words: string,
): Html {
  const longest = Math.max(MINUTE, ...lines.flat().map((value) => value ?? 0));
  const unit = longest > 2 * DAY ? DAY : longest > 2 * HOUR ? HOUR : MINUTE;
  const most = roundUp(longest / unit) * unit;
  const name = unit === DAY ? 'd' : unit === HOUR ? 'h' : 'min';
  const drawn = lines.map((line, at) => {
    const points = line.flatMap((value, index) =>
      value === null
        ? []
        : [{ x: middleOf(index, names.length), y: HEIGHT - BOTTOM - heightOf(value, most) }],
    );
    const kind = at === 0 ? '' : ' other';
    return html`<polyline class="curve${kind}" points="${points.map(({ x, y }) => `${x.toFixed(1)},${y.toFixed(1)}`).join(' ')}"/>${points.map(
      ({ x, y }) => html`<circle class="dot${kind}" cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="3.5"/>`,
    )}`;
  });
  return plot(
    words,
    html`${grid(most, (value) => `${Math.round((value / unit) * 10) / 10} ${name}`)}${drawn}${labels(names)}`,
  );
}

const plot = (words: string, inside: Html): Html =>
  html`<svg class="plot" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${words}">${inside}</svg>`;

const grid = (most: number, told: (value: number) => string): Html =>
  html`${[0, 0.5, 1].map((share) => {
    const y = (HEIGHT - BOTTOM - heightOf(share * most, most)).toFixed(1);
    return html`<line class="grid" x1="${LEFT}" x2="${WIDTH}" y1="${y}" y2="${y}"/>${share === 0 ? NOTHING : html`<text class="end" x="${LEFT - 6}" y="${y}" dy="4">${told(share * most)}</text>`}`;
  })}`;

const labels = (names: readonly string[]): Html =>
  html`${names.map((name, index) => html`<text class="middle" x="${middleOf(index, names.length).toFixed(1)}" y="${HEIGHT - 8}">${name}</text>`)}`;

/** 1, 2, 4, 6 or 10 with noughts, so that half of it is a plain number too. */
function roundUp(value: number): number {
  const ten = 10 ** Math.floor(Math.log10(Math.max(value, 1)));
  return ([1, 2, 4, 6, 10].find((step) => step * ten >= value) ?? 10) * ten;
}
