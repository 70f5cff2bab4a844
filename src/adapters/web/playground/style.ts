/** The looks of the playground: three panes side by side, one at a time on a phone, in the colours of the board. */
import { createHash } from 'node:crypto';
import { BOARD_STYLE } from '../board/style.ts';

const PANES = `
.playground { height: 100vh; height: 100dvh; display: flex; flex-direction: column; overflow: hidden; }
.panes { flex: 1; min-height: 0; display: grid; grid-template-columns: 18.5rem minmax(0, 1.12fr) minmax(0, 1fr); }
.pane { min-width: 0; min-height: 0; display: flex; flex-direction: column; overflow-y: auto; border-left: 1px solid var(--line); max-width: none; margin: 0; padding: 0; }
.pane:first-child { border-left: 0; }
.playground .bar { display: flex; align-items: center; gap: .6rem; min-height: 3.1rem; padding: .3rem 1.1rem; border-bottom: 1px solid var(--line); background: var(--card); }
.bar h2 { margin: 0; font-size: .95rem; white-space: nowrap; }
.bar form { display: flex; align-items: center; gap: .45rem; min-width: 0; flex: 1; }
.bar label { margin: 0; white-space: nowrap; }
.bar select { min-height: 2rem; padding: .15rem .5rem; font-size: .9rem; min-width: 0; border-color: var(--line); }
#next { display: none; }
.bar button { white-space: nowrap; min-height: 2rem; padding: .1rem .5rem; font-size: .9rem; }
.board-pane { overflow: hidden; } .board-pane iframe { flex: 1; width: 100%; border: 0; background: var(--paper); }
.tabs { display: none; }

.guide-pane { background: var(--card); padding: 1rem 1.15rem 2rem; gap: 1.35rem; }
.guide-pane .brand { margin: 0; padding: 0; line-height: 1.3; } .guide-pane > p { margin: 0; } .guide-pane .about { font-size: .875rem; color: var(--soft); margin-top: .15rem; }
#rail { display: grid; gap: 1.6rem; align-content: start; }
#rail h2 { margin: 0 0 .5rem; font-size: .95rem; }
.clock .day { color: var(--soft); font-size: .9rem; margin: 0; }
.clock .time { font-size: 2.9rem; line-height: 1.05; font-weight: 620; letter-spacing: -.03em; margin: 0 0 .7rem; }
.skips { display: flex; flex-wrap: wrap; align-items: center; gap: .4rem; font-size: .9rem; color: var(--soft); }
.skips button { min-height: 2.1rem; padding: .2rem .7rem; font-size: .9rem; border-color: var(--line); background: var(--paper); }
.skips button:disabled { opacity: .5; cursor: default; }
.skips button.primary { background: var(--accent); border-color: var(--accent); }
.guide ol { display: grid; gap: .35rem; }
.guide li { display: grid; grid-template-columns: 1.6rem minmax(0, 1fr); gap: .7rem; padding: .55rem .6rem; margin: 0 -.6rem; border-radius: 10px; }
.guide li p { display: none; margin: .15rem 0 0; font-size: .875rem; line-height: 1.45; color: var(--soft); }
.guide li strong { font-weight: 550; }
.guide .is-next { background: var(--accent-soft); } .guide .is-next p { display: block; } .guide .is-next strong { font-weight: 650; }
.guide .is-done strong, .guide .is-later strong { color: var(--soft); } .guide .is-done a, .guide .is-later a { color: inherit; text-decoration: none; }
.tick { display: grid; place-items: center; width: 1.6rem; height: 1.6rem; border-radius: 50%; border: 1.5px solid var(--nobody); font-size: .8rem; font-weight: 650; color: var(--soft); }
.is-next .tick { border-color: var(--accent); color: var(--accent); } .is-done .tick { background: var(--accent); border-color: var(--accent); color: var(--on-accent); }
.guide > p { font-size: .9rem; color: var(--soft); }
.deed ol { display: grid; gap: .6rem; margin-top: .7rem; }
.deed li { font-size: .9rem; line-height: 1.4; } .deed time { display: block; color: var(--soft); font-size: .8rem; }
.deed a { color: var(--ink); font-weight: 550; text-decoration: none; display: block; } .deed a:hover { text-decoration: underline; } .deed p { margin: 0; }
`;

const MAIL = `
.people { padding: .55rem 1.1rem .6rem; border-bottom: 1px solid var(--line); background: var(--card); display: grid; grid-template-columns: minmax(0, 1fr); gap: .25rem; }
.people [role=group] { display: flex; align-items: baseline; gap: .6rem; } .people [role=group] > span { flex: none; width: 5.2rem; }
.people ul { position: relative; display: flex; flex-wrap: wrap; gap: .1rem .15rem; min-width: 0; }
.people a { display: inline-flex; white-space: nowrap; align-items: center; gap: .4rem; padding: .2rem .6rem; border-radius: 99px; text-decoration: none; color: var(--ink); font-size: .92rem; }
.people a:hover { background: var(--raised); }
.people a[aria-current] { background: var(--accent); color: var(--on-accent); font-weight: 600; }
.unread { display: inline-grid; place-items: center; min-width: 1.25rem; height: 1.25rem; padding: 0 .3rem; border-radius: 99px; background: var(--accent); color: var(--on-accent); font-size: .75rem; font-weight: 650; }
.people a[aria-current] .unread { background: var(--on-accent); color: var(--accent); }
#letters { padding: 1.1rem 1.1rem 3rem; } #letters:focus { outline: none; }
.owner { display: flex; align-items: center; justify-content: space-between; gap: 1rem; margin-bottom: .9rem; } .owner p { margin: .1rem 0 0; }
#letters h1 { font-size: 1.3rem; } .owner .button { flex: none; }
.letters { background: var(--card); border: 1px solid var(--line); border-radius: var(--radius); overflow: clip; box-shadow: var(--shadow); }
.letter + .letter { border-top: 1px solid var(--line); }
.letter a { display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: 0 1rem; padding: .65rem 1rem; color: var(--ink); text-decoration: none; }
.letter a:hover { background: var(--raised); } .letter a:focus-visible { outline-offset: -3px; }
.letter time { color: var(--soft); font-size: .85rem; } .letter .from { font-size: .92rem; color: var(--soft); }
.letter .from, .letter .subject, .letter .snippet { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.letter .subject, .letter .snippet { grid-column: 1 / -1; } .letter .snippet { color: var(--soft); font-size: .9rem; }
.is-unread a { box-shadow: inset 3px 0 var(--accent); } .is-unread .from, .is-unread .subject { font-weight: 650; color: var(--ink); }
.is-sent a { background: var(--raised); }
.back { margin: 0 0 .7rem; font-size: .92rem; } .back a { text-decoration: none; }
#letters .mail { margin: 0 0 1rem; } #letters .mail > header { display: block; padding: .9rem 1.1rem .8rem; border-bottom: 1px solid var(--line); } #letters .mail > header time { margin: 0; }
#letters .mail h1 { font-size: 1.15rem; } .mail header p { margin: .2rem 0 0; }
.shown { display: block; width: 100%; height: 26rem; border: 0; background: var(--card); }
.write { display: block; } .write select, .write input { width: 100%; } .write label { font-weight: 550; color: var(--ink); }
.proposals { display: flex; flex-wrap: wrap; gap: .35rem; margin: .35rem 0 .55rem; }
.proposals .button { min-height: 2rem; padding: .1rem .75rem; font-size: .9rem; border-radius: 99px; border-color: var(--line); font-weight: 500; }
.write .foot { display: flex; flex-wrap: wrap; align-items: center; gap: .5rem 1rem; margin: .75rem 0 0; padding: 0; max-width: none; }
`;

const NARROW = `
@media (max-width: 75rem) { .panes { grid-template-columns: 15.5rem minmax(0, 1fr) minmax(0, 1fr); } .guide-pane { padding-inline: .9rem; } }
@media (max-width: 60rem) {
  .tabs { display: flex; flex: none; border-bottom: 1px solid var(--line); background: var(--card); }
  .tabs label { flex: 1; margin: 0; padding: .75rem .5rem; text-align: center; font-size: .95rem; color: var(--soft); cursor: pointer; border-bottom: 3px solid transparent; }
  .panes { grid-template-columns: minmax(0, 1fr); } .pane { display: none; border-left: 0; }
  #tab-guide:checked ~ .panes .guide-pane, #tab-board:checked ~ .panes .board-pane, #tab-mail:checked ~ .panes .mail-pane { display: flex; }
  #tab-guide:checked ~ .tabs [for=tab-guide], #tab-board:checked ~ .tabs [for=tab-board], #tab-mail:checked ~ .tabs [for=tab-mail] { color: var(--ink); font-weight: 600; border-color: var(--accent); }
  #tab-guide:focus-visible ~ .tabs [for=tab-guide], #tab-board:focus-visible ~ .tabs [for=tab-board], #tab-mail:focus-visible ~ .tabs [for=tab-mail] { outline: 3px solid var(--accent); outline-offset: -3px; }
  .mail-pane > .bar, .board-pane .bar h2 { display: none; } .people ul { flex-wrap: nowrap; overflow-x: auto; scrollbar-width: none; } .people li { flex: none; }
  #next { display: block; margin: 0; padding: .5rem .9rem; max-width: none; background: var(--accent-soft); font-size: .92rem; } #next:empty { display: none; } #next label { display: inline; font: inherit; color: var(--accent); text-decoration: underline; cursor: pointer; } #letters { padding: .9rem .9rem 3rem; } .people { padding-inline: .9rem; }
}
@media (min-width: 60.01rem) { .playground > input[type=radio] { display: none; } }
`;

export const PLAYGROUND_STYLE = `${BOARD_STYLE}${PANES}${MAIL}${NARROW}`;

export const STYLE_PATH = `/playground/${createHash('sha256').update(PLAYGROUND_STYLE).digest('base64url').slice(0, 12)}.css`;
