/**
 * The looks of the board: calm, light and dark, for phones, desks and paper. One file, which browsers keep for ever under
 * a name that changes with it. Text has at least 4.5 to 1 of contrast in both schemes, and nothing is told by colour alone.
 */
import { createHash } from 'node:crypto';
import { FORM_STYLE } from './style-forms.ts';
import { PARTS_STYLE } from './style-parts.ts';

/** How many people have a colour of their own; of more, some share one, and their names tell them apart. */
export const PERSON_COLOURS = 12;

const LIGHT = [
  '#1f776b',
  '#8a5a0c',
  '#3a649f',
  '#9c4360',
  '#5a681e',
  '#6d4fa3',
  '#a0472a',
  '#1d6a88',
  '#86407f',
  '#3a7040',
  '#56657a',
  '#7a5a44',
];
const DARK = [
  '#5cbfae',
  '#d9a650',
  '#8fb1e3',
  '#e495ad',
  '#aebd62',
  '#b9a0ea',
  '#e89a78',
  '#6fbcd8',
  '#d691ce',
  '#86c38b',
  '#a9b8cc',
  '#cdaa90',
];

const people = (colours: readonly string[]): string =>
  colours.map((colour, index) => `--p${index}: ${colour};`).join(' ');

const PEOPLE = LIGHT.map((_, index) => `.p${index} { --person: var(--p${index}); }`).join('\n');

const BASE = `
:root {
  color-scheme: light dark;
  --paper: #faf9f6; --card: #ffffff; --raised: #f3f1ec; --ink: #20252a; --soft: #5d656e; --line: #e4e0d8;
  --accent: #0b6556; --on-accent: #ffffff; --accent-soft: #e6f1ee;
  --warn: #8c4a08; --warn-soft: #fbf0e0; --bad: #a3271f; --bad-soft: #fcebe9; --good: #256b35; --good-soft: #e8f3ea;
  --person: #6b7280; --on-person: #ffffff; --nobody: #d8d3c9; --shadow: 0 1px 2px rgb(40 35 25 / 6%);
  ${people(LIGHT)}
  --radius: 12px; --text: ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", sans-serif;
  --fixed: ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #14171a; --card: #1c2024; --raised: #252a2f; --ink: #e9e7e3; --soft: #a3abb4; --line: #30363c;
    --accent: #6fd0bc; --on-accent: #0d1f1b; --accent-soft: #1b302c;
    --warn: #f0b56b; --warn-soft: #332716; --bad: #f39a92; --bad-soft: #3a1f1d; --good: #8fd09b; --good-soft: #1c3021;
    --person: #a3abb4; --on-person: #14181b; --nobody: #3a4047; --shadow: none;
    ${people(DARK)}
  }
}
${PEOPLE}
*, *::before, *::after { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; scroll-padding-top: 1rem; }
body {
  margin: 0; background: var(--paper); color: var(--ink); font: 1rem/1.55 var(--text);
  font-variant-numeric: tabular-nums; text-rendering: optimizeLegibility; overflow-wrap: anywhere;
}
h1 { font-size: 1.65rem; line-height: 1.2; font-weight: 650; letter-spacing: -.015em; margin: 0; text-wrap: balance; }
h2 { font-size: 1.05rem; line-height: 1.3; font-weight: 650; margin: 2.25rem 0 .65rem; }
h3 { font-size: 1rem; line-height: 1.35; font-weight: 600; margin: 0; }
p { margin: .35rem 0; max-width: 68ch; }
ul, ol, dl, dd, figure { margin: 0; padding: 0; }
ul, ol { list-style: none; }
a { color: var(--accent); text-decoration-thickness: from-font; text-underline-offset: .18em; }
a:hover { text-decoration-thickness: 2px; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: 4px; }
main:focus { outline: none; }
svg { display: block; }
time { white-space: nowrap; }
.soft { color: var(--soft); }
.small { font-size: .875rem; }
.strong { font-weight: 600; }
.lede { color: var(--soft); font-size: 1.05rem; margin-top: .4rem; max-width: none; }
.came { max-width: 76rem; margin: 0 auto; padding: 1.25rem 1.25rem 0; } .came .answer { margin: 0; } .came + main { padding-top: 1.25rem; }
.unseen { position: absolute; width: 1px; height: 1px; margin: -1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.skip { position: absolute; left: .75rem; top: -5rem; z-index: 9; background: var(--card); padding: .6rem 1rem; border-radius: 8px; }
.skip:focus { top: .75rem; }

.top { border-bottom: 1px solid var(--line); background: var(--card); }
.top > div { max-width: 76rem; margin: 0 auto; padding: .55rem 1.25rem; display: flex; align-items: center; gap: .25rem 1rem; }
.brand { font-weight: 680; letter-spacing: -.01em; color: var(--ink); text-decoration: none; padding: .35rem 0; }
.top nav { display: flex; flex-wrap: wrap; gap: 0 .15rem; flex: 1 1 auto; min-width: 0; }
.top nav a { color: var(--soft); text-decoration: none; padding: .4rem .55rem; border-radius: 8px; font-size: .9rem; white-space: nowrap; }
.top nav a:hover { background: var(--raised); color: var(--ink); }
.top nav a[aria-current] { color: var(--ink); font-weight: 600; background: var(--raised); }
.top .find input { width: 10.5rem; padding: .35rem .75rem; min-height: 2.2rem; }
.top .me { display: flex; align-items: center; gap: .1rem; font-size: .9rem; } .top .me a .mark { font-size: .75em; } .top .me button { min-height: 2.2rem; font-size: .9rem; font-weight: 500; white-space: nowrap; }
main { display: block; max-width: 76rem; margin: 0 auto; padding: 1.75rem 1.25rem 4rem; }
.two { display: grid; grid-template-columns: minmax(0, 1fr) minmax(16rem, 21rem); gap: 2rem 2.5rem; align-items: start; }
.two > * { min-width: 0; }
.foot { max-width: 76rem; margin: 0 auto; padding: 0 1.25rem 2rem; color: var(--soft); font-size: .875rem; }
@media (max-width: 60rem) { .two { grid-template-columns: minmax(0, 1fr); } .top > div { flex-wrap: wrap; } .top nav { order: 3; flex-basis: 100%; margin-left: -.55rem; } .top .find { margin-left: auto; } }
@media (max-width: 40rem) {
  .top > div { padding: .5rem .9rem; }
  .top nav { overflow-x: auto; flex-wrap: nowrap; }
  .brand { flex: 1 1 60%; } .top .find { order: 2; flex: 1 1 100%; } .top .find input { width: 100%; }
  main { padding: 1.25rem .9rem 3rem; }
  h1 { font-size: 1.4rem; }
}
@media (prefers-reduced-motion: no-preference) {
  a, button, summary, .request { transition: background-color .12s ease, border-color .12s ease; }
}
@media print {
  .top, .skip, .verbs, .filters, .pager, .foot { display: none !important; }
  :root { --paper: #fff; --card: #fff; --raised: #fff; --shadow: none; }
  body { font-size: 10.5pt; } main { max-width: none; padding: 0; }
  .two { display: block; } details > *:not(summary) { display: block; } .panel, .request, .mail { break-inside: avoid; }
}
`;

export const BOARD_STYLE = `${BASE}${PARTS_STYLE}${FORM_STYLE}`;

/** Stands in the address of the file: whoever has it never asks again, and a new one is another file. */
export const STYLE_PATH = `/board-${createHash('sha256').update(BOARD_STYLE).digest('base64url').slice(0, 12)}.css`;
