/** From values to places: straight or by powers of ten, with marks at round values. */

export type Scale = { readonly at: (value: number) => number; readonly marks: readonly number[] };

const MARKS = 5;

/** From 0 to at least `most`. */
export function straight(most: number, from: number, to: number): Scale {
  const step = roundStep((most > 0 ? most : 1) / MARKS);
  const top = Math.ceil((most > 0 ? most : 1) / step - 1e-9) * step;
  const marks = Array.from({ length: Math.round(top / step) + 1 }, (_, at) =>
    Number((at * step).toPrecision(12)),
  );
  return { at: (value) => from + ((to - from) * value) / top, marks };
}

/** From the power of ten below `least` to the one above `most`; what is smaller lies at the foot. */
export function byTens(least: number, most: number, from: number, to: number): Scale {
  const low = Math.floor(Math.log10(least));
  const high = Math.max(low + 1, Math.ceil(Math.log10(most)));
  const place = (value: number) => (Math.log10(Math.max(value, 10 ** low)) - low) / (high - low);
  const marks = Array.from({ length: high - low + 1 }, (_, at) => Number((10 ** (low + at)).toPrecision(12)));
  return { at: (value) => from + (to - from) * place(value), marks };
}

/** 1, 2 or 5 times a power of ten, at least this much. */
function roundStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  const factor = [1, 2, 5, 10].find((one) => one * power >= least * (1 - 1e-9)) ?? 10;
  return factor * power;
}

/** Three figures, and no more noughts than needed: 12500 as 12,500; 0.0512 as 0.051. */
export function inFigures(value: number): string {
  if (!Number.isFinite(value)) return '–';
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString('en-US');
  return String(Number(value.toPrecision(Math.abs(value) >= 10 ? 3 : 2)));
}
