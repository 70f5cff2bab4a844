/** The drawings of a report about a classifier, as SVG in the page: sized for a phone, sharp on a desk, with words to each. */
import type { Calibration } from '../../domain/learning/calibration-bins.ts';
import type { ClassifierReport } from '../../domain/learning/report.ts';
import { percent, shareWords } from '../../domain/learning/report-words.ts';
import { fraction } from '../../domain/learning/share.ts';
import { type Html, html } from './html.ts';

const WIDTH = 360;
const HEIGHT = 250;
/** Room for the words of the axes. */
const LEFT = 44;
const RIGHT = 12;
const TOP = 10;
const BOTTOM = 40;

type Scale = (value: number) => string;

const across: Scale = (value) => (LEFT + value * (WIDTH - LEFT - RIGHT)).toFixed(1);

/** From `least` at the bottom to 1 at the top. */
const upFrom =
  (least: number): Scale =>
  (value) =>
    (TOP + ((1 - Math.max(least, value)) / (1 - least)) * (HEIGHT - TOP - BOTTOM)).toFixed(1);

/** Precision against the share it chooses for, with the operating point and what was allowed. */
export function coveragePlot(report: ClassifierReport, wrongAtMost: number | null): Html {
  const { coverage, operating } = report;
  const precision = coverage.map((point) => point.precision);
  const here = { share: fraction(operating.sure), precision: right(report) };
  const lowest = Math.min(...precision, here.precision ?? 1, 1 - (wrongAtMost ?? 0));
  // In steps of tenths, and never so near that a curve of small differences looks like a fall.
  const least = Math.min(0.8, Math.max(0, Math.floor(lowest * 10) / 10));
  const up = upFrom(least);
  const line = coverage.map((point) => `${across(point.share)},${up(point.precision)}`).join(' ');
  const allowed =
    wrongAtMost === null
      ? html``
      : html`<line class="allowed" x1="${across(0)}" x2="${across(1)}" y1="${up(1 - wrongAtMost)}" y2="${up(1 - wrongAtMost)}"><title>${percent(1 - wrongAtMost)} right is demanded</title></line>`;
  const ring =
    here.share === null || here.precision === null
      ? html``
      : html`<circle class="ring" cx="${across(here.share)}" cy="${up(here.precision)}" r="6"><title>It chooses for ${percent(here.share)}, ${percent(here.precision)} of these rightly.</title></circle>`;
  return plot(
    `It chooses for ${shareWords(operating.sure)} by itself, ${percent(here.precision)} of these rightly.`,
    html`${axes(least, 'share of the mails that it chooses for', 'right')}${allowed}<polyline class="curve" points="${line}"/>${ring}`,
  );
}

const right = ({ operating: { wrong } }: ClassifierReport): number | null => {
  const share = fraction(wrong);
  return share === null ? null : 1 - share;
};

/** Which share was right against how certain it was called. */
export function calibrationPlot({ bins, error }: Calibration): Html {
  const up = upFrom(0);
  const most = Math.max(1, ...bins.map(({ mails }) => mails));
  const line = bins.map((bin) => `${across(bin.confidence)},${up(bin.right)}`).join(' ');
  return plot(
    error === null
      ? 'There are no mails.'
      : `On average certainty and truth are ${(error * 100).toFixed(1)} points apart.`,
    html`${axes(0, 'how certain it says it is', 'right')}<line class="ideal" x1="${across(0)}" y1="${up(0)}" x2="${across(1)}" y2="${up(1)}"/>
<polyline class="curve thin" points="${line}"/>${bins.map(
      (bin) =>
        html`<circle class="dot" cx="${across(bin.confidence)}" cy="${up(bin.right)}" r="${(2.5 + 6 * Math.sqrt(bin.mails / most)).toFixed(1)}"><title>${bin.mails} mails called ${percent(bin.confidence)} certain: ${percent(bin.right)} right</title></circle>`,
    )}`,
  );
}

const plot = (words: string, inside: Html): Html =>
  html`<svg class="plot" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${words}">${inside}</svg>`;

/** Grid, figures and what they count; hundredths upwards from `least`. */
function axes(least: number, below: string, beside: string): Html {
  const up = upFrom(least);
  const step = 1 - least > 0.5 ? 0.25 : 1 - least > 0.25 ? 0.1 : 0.05;
  const steps = Math.round((1 - least) / step);
  const rows = Array.from({ length: steps + 1 }, (_, at) => 1 - at * step).map(
    (value) =>
      html`<line class="grid" x1="${across(0)}" x2="${across(1)}" y1="${up(value)}" y2="${up(value)}"/><text class="end" x="${LEFT - 6}" y="${up(value)}" dy="4">${Math.round(value * 100)}</text>`,
  );
  const columns = [0, 0.25, 0.5, 0.75, 1].map(
    (value) =>
      html`<text class="middle" x="${across(value)}" y="${HEIGHT - BOTTOM + 16}">${Math.round(value * 100)}</text>`,
  );
  return html`${rows}${columns}<text class="middle axis" x="${across(0.5)}" y="${HEIGHT - 6}">${below}, %</text>
<text class="middle axis" transform="translate(11 ${((HEIGHT - BOTTOM + TOP) / 2).toFixed(0)}) rotate(-90)">${beside}, %</text>`;
}
