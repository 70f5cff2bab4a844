/** The looks of what pages are put together from: people, lists of requests, panels, bars, timelines, mails, plots. */
export const PARTS_STYLE = `
.who { display: inline-flex; align-items: center; gap: .45rem; min-width: 0; font-weight: 550; color: inherit; }
a.who { text-decoration: none; } a.who:hover { text-decoration: underline; }
.mark {
  flex: none; display: inline-grid; place-items: center; width: 2.4em; height: 2.4em; border-radius: 50%;
  background: var(--person); color: var(--on-person); font-size: .66em; font-weight: 650; line-height: 1; overflow: hidden; white-space: nowrap;
}
.who.big { font-size: 1.35rem; font-weight: 650; letter-spacing: -.01em; gap: .6rem; }
.who.nobody .mark { background: transparent; color: var(--soft); box-shadow: inset 0 0 0 1.5px var(--nobody); }

.tag { display: inline-block; padding: .05rem .5rem; border-radius: 99px; font-size: .8125rem; line-height: 1.5; background: var(--raised); color: var(--soft); white-space: nowrap; }
.tag.warn { background: var(--warn-soft); color: var(--warn); } .tag.bad { background: var(--bad-soft); color: var(--bad); }
.tag.good { background: var(--good-soft); color: var(--good); }

.panel { background: var(--card); border: 1px solid var(--line); border-radius: var(--radius); padding: 1rem 1.15rem; box-shadow: var(--shadow); }
.panel.folded { padding: 0; margin-top: .75rem; } .panel.folded > ol, .panel.folded > .words { padding: .25rem 1.1rem 1rem; margin: 0; }
.panel + .panel { margin-top: 1rem; }
.panel > h2:first-child { margin-top: 0; }
.empty { background: var(--card); border: 1px dashed var(--line); border-radius: var(--radius); padding: 1.6rem 1.25rem; color: var(--soft); }
.empty strong { color: var(--ink); font-weight: 600; display: block; }

.requests { background: var(--card); border: 1px solid var(--line); border-radius: var(--radius); box-shadow: var(--shadow); overflow: clip; }
.request { position: relative; display: grid; grid-template-columns: minmax(0, 1fr) minmax(9rem, 12rem) 5.5rem; gap: .1rem 1.25rem; align-items: center; padding: .7rem 1.1rem; }
.request + .request { border-top: 1px solid var(--line); }
.request:hover { background: var(--raised); }
.request h3 { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 2; overflow: hidden; }
.request h3 a { color: inherit; text-decoration: none; }
.request h3 a::after { content: ""; position: absolute; inset: 0; }
.request h3 a:focus-visible { outline: none; }
.request:focus-within { outline: 3px solid var(--accent); outline-offset: -3px; border-radius: var(--radius); }
.request .about { grid-column: 1; display: flex; flex-wrap: wrap; align-items: baseline; gap: .15rem .6rem; color: var(--soft); font-size: .875rem; }
.request .holder { grid-column: 2; grid-row: 1 / span 2; font-size: .94rem; min-width: 0; }
.request .holder .small { display: block; color: var(--soft); padding-left: 1.97rem; }
.request p { margin: 0; }
.request .age { grid-column: 3; grid-row: 1 / span 2; text-align: right; color: var(--soft); font-size: .875rem; }
.request .trouble { grid-column: 1; color: var(--warn); font-size: .9rem; font-weight: 550; }
.request.is-bad .trouble { color: var(--bad); }
.request .trouble::before { content: ""; position: absolute; left: 0; top: 0; bottom: 0; width: 3px; background: currentcolor; }
@media (max-width: 40rem) {
  .mail > header { grid-template-columns: minmax(0, 1fr) auto; } .mail > header > span { grid-row: 2; grid-column: 1 / -1; }
  .request { grid-template-columns: minmax(0, 1fr) auto; padding: .7rem .9rem; }
  .request h3, .request .about, .request .trouble { grid-column: 1 / -1; }
  .request .holder { grid-column: 1; grid-row: auto; margin-top: .2rem; } .request .age { grid-column: 2; grid-row: auto; align-self: center; }
}

.counts { display: grid; gap: .55rem; }
.counts li { display: grid; grid-template-columns: minmax(0, 1fr) auto; align-items: center; gap: .2rem .75rem; }
.counts b { font-weight: 650; } .counts .figures { grid-column: 1 / -1; font-size: .8125rem; color: var(--soft); line-height: 1.3; }
.counts svg { grid-column: 1 / -1; width: 100%; height: .35rem; border-radius: 3px; }
.counts rect { fill: var(--person); } .counts rect.rest { fill: var(--raised); }

.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(9rem, 1fr)); gap: .75rem; margin: 1.25rem 0; }
.tiles > div { background: var(--card); border: 1px solid var(--line); border-radius: var(--radius); padding: .75rem 1rem; box-shadow: var(--shadow); display: flex; flex-direction: column-reverse; justify-content: flex-end; }
.tiles dt { color: var(--soft); font-size: .875rem; } .tiles dd { font-size: 1.7rem; font-weight: 650; line-height: 1.2; letter-spacing: -.015em; }
.tiles dd .small { display: block; font-weight: 400; letter-spacing: 0; color: var(--soft); line-height: 1.4; }

.story { display: grid; grid-template-columns: minmax(0, 1fr) minmax(17rem, 22rem); grid-template-areas: "holding side" "told side"; grid-template-rows: auto 1fr; gap: 1rem 2rem; align-items: start; margin-top: 1.25rem; }
.story > .holding { grid-area: holding; min-width: 0; } .story > aside { grid-area: side; min-width: 0; } .story > .told { grid-area: told; min-width: 0; }
@media (max-width: 60rem) { .story { grid-template-columns: minmax(0, 1fr); grid-template-areas: "holding" "side" "told"; } }
.holds .who { font-size: 1.5rem; font-weight: 650; letter-spacing: -.015em; gap: .6rem; } 
.ledger { width: 100%; height: 1.1rem; border-radius: 5px; margin: .9rem 0 .6rem; }
.ledger rect { fill: var(--person); } .ledger rect.rest { fill: var(--nobody); } .ledger line { stroke: var(--card); stroke-width: 2; vector-effect: non-scaling-stroke; }
.legend { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 15rem), 1fr)); gap: .25rem 1.25rem; font-size: .9rem; }
.legend .soft { font-weight: 400; }

.facts { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: .3rem 1rem; font-size: .94rem; }
.facts dt { color: var(--soft); } .waits li { padding: .4rem 0; } .waits li + li { border-top: 1px solid var(--line); }
.timeline { position: relative; }
.timeline li { display: grid; grid-template-columns: 5.6rem minmax(0, 1fr); gap: 0 .75rem; padding: .22rem 0; }
.timeline time { color: var(--soft); font-size: .875rem; padding-top: .1rem; white-space: normal; }
@media (max-width: 40rem) { .timeline li { grid-template-columns: 4.3rem minmax(0, 1fr); } }

.mail { background: var(--card); border: 1px solid var(--line); border-radius: var(--radius); margin: .75rem 0; box-shadow: var(--shadow); overflow: clip; }
.mail > header { display: grid; grid-template-columns: auto minmax(0, 1fr) auto; gap: .1rem .75rem; align-items: baseline; padding: .7rem 1.1rem 0; }
.mail > header time { margin-left: auto; color: var(--soft); font-size: .875rem; }
.mail.out { background: transparent; box-shadow: none; }
.words { white-space: pre-wrap; overflow-wrap: anywhere; max-width: 72ch; padding: .55rem 1.1rem .9rem; margin: 0; font: inherit; unicode-bidi: plaintext; }
.mail details { border-top: 1px solid var(--line); } .mail details .words { color: var(--soft); font-size: .94rem; }
summary { cursor: pointer; padding: .5rem 1.1rem; color: var(--soft); font-size: .9rem; border-radius: 6px; }
summary:hover { color: var(--ink); }
.files { display: flex; flex-wrap: wrap; gap: .4rem; padding: 0 1.1rem .9rem; }
.files > a { display: inline-flex; gap: .4rem; padding: .25rem .7rem; border: 1px solid var(--line); border-radius: 8px; font-size: .875rem; text-decoration: none; background: var(--raised); }
.gone { color: var(--soft); font-style: italic; }

.table { width: 100%; border-collapse: collapse; background: var(--card); font-size: .94rem; }
.sheet { border: 1px solid var(--line); border-radius: var(--radius); overflow-x: auto; box-shadow: var(--shadow); }
.table th { text-align: left; font-weight: 550; color: var(--soft); font-size: .875rem; white-space: nowrap; }
.table th, .table td { padding: .55rem 1rem; vertical-align: top; } .table tbody tr { border-top: 1px solid var(--line); }
.table .figure { text-align: right; white-space: nowrap; }
@media (max-width: 40rem) {
  .table.folds thead { position: absolute; clip-path: inset(50%); width: 1px; height: 1px; overflow: hidden; }
  .table.folds, .table.folds tbody, .table.folds tr, .table.folds td { display: block; }
  .table.folds tr { padding: .6rem 1rem; } .table.folds td { padding: .1rem 0; text-align: left; }
  .table.folds td[data-of]::before { content: attr(data-of) " "; color: var(--soft); font-size: .875rem; }
}

.plots { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 24rem), 1fr)); gap: 1rem; margin: 1.25rem 0; }
.plot { width: 100%; height: auto; } .plot text { fill: var(--soft); font-size: 11px; } .plot .middle { text-anchor: middle; } .plot .end { text-anchor: end; }
.plot .grid { stroke: var(--line); } .plot .one { fill: var(--accent); stroke: none; } .plot .other { fill: var(--p1); stroke: none; }
.plot .curve { fill: none; stroke: var(--accent); stroke-width: 2.25; stroke-linejoin: round; } .plot .curve.other { stroke: var(--p1); fill: none; }
.plot .dot { fill: var(--accent); } .plot .dot.other { fill: var(--p1); }
figure.panel { margin: 0; } figure.panel + figure.panel { margin-top: 0; } figcaption { font-weight: 600; margin-bottom: .6rem; }
.key { display: flex; flex-wrap: wrap; gap: .1rem 1.1rem; font-size: .875rem; color: var(--soft); }
.key span::before { content: ""; display: inline-block; width: .7em; height: .7em; border-radius: 2px; margin-right: .4em; background: var(--accent); } .key .other::before { background: var(--p1); }
`;
