/** Bars in groups, with how far the runs lay apart; lying bars where the words below them would not fit. */
import { colorOf, type Drawing, FAINT, INK, legendAt, line, MUTED, PANEL, px, text } from './page.ts';
import { byTens, inFigures, type Scale, straight } from './scale.ts';

export type Bar = {
  readonly label: string;
  readonly series: string;
  readonly value: number;
  readonly least?: number;
  readonly most?: number;
};
export type BarPanel = {
  readonly title: string;
  readonly unit: string;
  readonly bars: readonly Bar[];
  readonly isLog?: boolean;
  /** Drawn across at this value. */
  readonly line?: number;
};

const TOP = 62;
const FOOT = 40;
const LEFT = 64;
const RIGHT = 16;
/** Of a letter; longer labels than fit under their group stand at the left of lying bars. */
const LETTER = 6.4;
const LABEL_MAX = 250;
const FREE_SHARE = 0.3;
const BAR_MAX = 56;

export function barPanel({ title, unit, bars: given, isLog = false, line: across }: BarPanel): Drawing {
  const bars = given.filter(({ value }) => Number.isFinite(value));
  const labels = [...new Set(bars.map(({ label }) => label))];
  const series = [...new Set(bars.map((bar) => bar.series))];
  const values = bars.flatMap(({ value, most = value }) => [value, most]);
  const most = Math.max(across ?? 0, ...values);
  const least = Math.min(...values.filter((value) => value > 0), most);
  const scaleTo = (from: number, to: number) =>
    isLog && most > 0 ? byTens(least, most, from, to) : straight(most, from, to);
  const widest = Math.max(0, ...labels.map((label) => label.length)) * LETTER;
  const isLying = widest > (PANEL.width - LEFT - RIGHT) / Math.max(1, labels.length);
  const legend =
    series.length < 2
      ? ''
      : legendAt(
          0,
          38,
          series.map((name, at) => ({ name, color: colorOf(at) })),
        );
  const frame = { labels, series, bars, unit, widest: Math.min(LABEL_MAX, widest), across };
  return [
    text(0, 16, title, { size: 15, bold: true }),
    legend,
    isLying ? lying(frame, scaleTo) : standing(frame, scaleTo),
  ].join('\n');
}

type Frame = {
  readonly labels: readonly string[];
  readonly series: readonly string[];
  readonly bars: readonly Bar[];
  readonly unit: string;
  readonly widest: number;
  readonly across: number | undefined;
};
type ScaleTo = (from: number, to: number) => Scale;

function standing({ labels, series, bars, unit, across }: Frame, scaleTo: ScaleTo): string {
  const foot = PANEL.height - FOOT;
  const scale = scaleTo(foot, TOP);
  const group = (PANEL.width - LEFT - RIGHT) / labels.length;
  const thick = Math.min(BAR_MAX, (group * (1 - FREE_SHARE)) / series.length);
  const grid = scale.marks.map((mark) =>
    [
      line(LEFT, scale.at(mark), PANEL.width - RIGHT, scale.at(mark), FAINT),
      text(LEFT - 8, scale.at(mark) + 4, inFigures(mark), { anchor: 'end', size: 11, color: MUTED }),
    ].join(''),
  );
  const drawn = bars.map((bar) => {
    const at = series.indexOf(bar.series);
    const middle = LEFT + group * (labels.indexOf(bar.label) + 0.5);
    const x = middle + (at - series.length / 2) * thick;
    const top = scale.at(bar.value);
    const rect = `<rect x="${px(x + 1)}" y="${px(top)}" width="${px(thick - 2)}" height="${px(Math.max(0, foot - top))}" fill="${colorOf(at)}"/>`;
    const centre = x + thick / 2;
    const [low, high] = [scale.at(bar.least ?? bar.value), scale.at(bar.most ?? bar.value)];
    const whisker = low === high ? '' : line(centre, low, centre, high, INK, 1.5);
    return (
      rect +
      whisker +
      text(centre, Math.min(top, high) - 5, inFigures(bar.value), { anchor: 'middle', size: 11 })
    );
  });
  const names = labels.map((label, at) =>
    text(LEFT + group * (at + 0.5), foot + 18, label, { anchor: 'middle' }),
  );
  const crossing =
    across === undefined
      ? ''
      : line(LEFT, scale.at(across), PANEL.width - RIGHT, scale.at(across), INK, 1.5, '5 4');
  const axis = text(14, (TOP + foot) / 2, unit, { anchor: 'middle', size: 11, color: MUTED, turn: -90 });
  return [...grid, ...drawn, ...names, line(LEFT, foot, PANEL.width - RIGHT, foot, INK), crossing, axis].join(
    '\n',
  );
}

function lying({ labels, series, bars, unit, widest, across }: Frame, scaleTo: ScaleTo): string {
  const foot = PANEL.height - FOOT;
  const begin = widest + 12;
  // Room for the value behind the longest bar.
  const scale = scaleTo(begin, PANEL.width - 48);
  const top = series.length < 2 ? TOP - 28 : TOP - 10;
  const group = (foot - top) / labels.length;
  // A label has a bar of each series or only of its own.
  const seriesOf = (label: string) =>
    series.filter((name) => bars.some((bar) => bar.label === label && bar.series === name));
  const grid = scale.marks.map((mark) =>
    [
      line(scale.at(mark), top, scale.at(mark), foot, FAINT),
      text(scale.at(mark), foot + 16, inFigures(mark), { anchor: 'middle', size: 11, color: MUTED }),
    ].join(''),
  );
  const drawn = bars.map((bar) => {
    const own = seriesOf(bar.label);
    const thick = Math.min(22, (group * (1 - FREE_SHARE)) / own.length);
    const middle = top + group * (labels.indexOf(bar.label) + 0.5);
    const y = middle + (own.indexOf(bar.series) - own.length / 2) * thick;
    const end = Math.max(begin, scale.at(bar.value));
    const size = Math.min(11, Math.max(8, thick));
    return `<rect x="${px(begin)}" y="${px(y + 0.5)}" width="${px(end - begin)}" height="${px(Math.max(1, thick - 1))}" fill="${colorOf(series.indexOf(bar.series))}"/>${text(end + 4, y + thick / 2 + size / 3, inFigures(bar.value), { size })}`;
  });
  const names = labels.map((label, at) =>
    text(begin - 8, top + group * (at + 0.5) + 4, label, { anchor: 'end', size: 11 }),
  );
  const crossing =
    across === undefined ? '' : line(scale.at(across), top, scale.at(across), foot, INK, 1.5, '5 4');
  const axis = text((begin + PANEL.width) / 2, PANEL.height - 6, unit, {
    anchor: 'middle',
    size: 11,
    color: MUTED,
  });
  return [...grid, ...drawn, ...names, line(begin, top, begin, foot, INK), crossing, axis].join('\n');
}
