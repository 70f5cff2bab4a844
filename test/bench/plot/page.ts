/** Panels side by side on a white page, with one look: nothing here knows what is measured. */

/** What one panel holds, drawn from its own upper left corner, `PANEL` wide and high. */
export type Drawing = string;

export const PANEL = { width: 560, height: 340 };
const COLUMNS = 2;
const GAP = 28;
const HEAD = 76;

/** Told apart by those who see few colours (Okabe and Ito), and dark enough for white. */
export const COLORS = [
  '#0072b2',
  '#d55e00',
  '#009e73',
  '#cc79a7',
  '#8a6d00',
  '#4477aa',
  '#882255',
  '#555555',
];
export const INK = '#1f2933';
export const FAINT = '#e4e7eb';
export const MUTED = '#52606d';

export const colorOf = (at: number): string => COLORS[at % COLORS.length] ?? INK;

/** To a tenth of a point: no eye sees more, and the file stays small. */
export const px = (value: number): string => String(Math.round(value * 10) / 10);

export const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

export type TextLook = {
  readonly anchor?: 'start' | 'middle' | 'end';
  readonly size?: number;
  readonly color?: string;
  readonly bold?: boolean;
  /** Turned so many degrees about its own place. */
  readonly turn?: number;
};

export function text(x: number, y: number, words: string, look: TextLook = {}): string {
  const { anchor = 'start', size = 12, color = INK, bold = false, turn } = look;
  const turned = turn === undefined ? '' : ` transform="rotate(${turn} ${px(x)} ${px(y)})"`;
  const weight = bold ? ' font-weight="600"' : '';
  return `<text x="${px(x)}" y="${px(y)}" font-size="${size}" fill="${color}" text-anchor="${anchor}"${weight}${turned}>${escaped(words)}</text>`;
}

export const line = (
  x1: number,
  y1: number,
  x2: number,
  y2: number,
  color: string,
  width = 1,
  dash = '',
): string =>
  `<line x1="${px(x1)}" y1="${px(y1)}" x2="${px(x2)}" y2="${px(y2)}" stroke="${color}" stroke-width="${width}"${dash === '' ? '' : ` stroke-dasharray="${dash}"`}/>`;

export function page(title: string, about: string, panels: readonly Drawing[]): string {
  const columns = Math.min(COLUMNS, Math.max(1, panels.length));
  const rows = Math.ceil(panels.length / columns);
  const width = columns * (PANEL.width + GAP) + GAP;
  const height = HEAD + rows * (PANEL.height + GAP);
  const placed = panels.map((panel, at) => {
    const x = GAP + (at % columns) * (PANEL.width + GAP);
    const y = HEAD + Math.floor(at / columns) * (PANEL.height + GAP);
    return `<g transform="translate(${x} ${y})">\n${panel}\n</g>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="system-ui, 'DejaVu Sans', sans-serif">
<rect width="${width}" height="${height}" fill="#ffffff"/>
${text(GAP, 36, title, { size: 20, bold: true })}
${text(GAP, 58, about, { color: MUTED })}
${placed.join('\n')}
</svg>
`;
}

export type Legend = readonly { readonly name: string; readonly color: string }[];

/** One line under the title, from the left. */
export function legendAt(x: number, y: number, entries: Legend): string {
  let left = x;
  return entries
    .map(({ name, color }) => {
      const at = left;
      // Roughly what letters of this size take; a legend need not be exact to stay readable.
      left += 26 + name.length * 6.2;
      return `<rect x="${px(at)}" y="${px(y - 9)}" width="10" height="10" rx="2" fill="${color}"/>${text(at + 15, y, name, { size: 11, color: MUTED })}`;
    })
    .join('');
}
