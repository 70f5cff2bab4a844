/** The looks of a report about a classifier: those of every page in a file, with plots, bars and a table that folds on a phone. */
import { STYLE } from './style.ts';

export const CLASSIFIER_STYLE = `${STYLE}
.findings{list-style:disc;padding-left:1.2rem;margin:1.25rem 0}.findings li{margin:.3rem 0}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(9rem,1fr));gap:.75rem;margin:1.25rem 0}
.tiles>div{background:var(--card);border:1px solid var(--line);border-radius:12px;padding:.7rem .9rem;display:flex;flex-direction:column}
dt{color:var(--soft);font-size:.875rem}dd{margin:0;font-size:1.6rem;font-weight:650;line-height:1.3;font-variant-numeric:tabular-nums}
dd .small{display:block;font-weight:400}
.plots{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,21rem),1fr));gap:1rem;margin:1.5rem 0}
figure{margin:0;background:var(--card);border:1px solid var(--line);border-radius:12px;padding:.9rem}
figcaption{font-weight:650;margin-bottom:.5rem}
.plot{display:block;width:100%;height:auto}
.plot text{fill:var(--soft);font-size:11px;font-variant-numeric:tabular-nums}
.middle{text-anchor:middle}.end{text-anchor:end}
.grid{stroke:var(--line)}.allowed{stroke:var(--c1);stroke-dasharray:5 4;stroke-width:1.5}.ideal{stroke:var(--soft);stroke-dasharray:3 4}
.curve{stroke:var(--accent)}
polyline.curve{fill:none;stroke-width:2.25;stroke-linejoin:round}.thin{stroke-width:1.25!important}
.dot{fill:var(--accent)}.ring{fill:var(--card);stroke:var(--accent);stroke-width:3}
.table{background:var(--card);border:1px solid var(--line);border-radius:12px;overflow:hidden;margin:.75rem 0}
.table .line{display:grid;grid-template-columns:minmax(8rem,1.4fr) 4rem minmax(7rem,1fr) minmax(7rem,1fr) 5rem 4rem;gap:.25rem 1rem;align-items:center;padding:.45rem 1rem}
.table .line+.line{border-top:1px solid var(--line)}
.head{color:var(--soft);font-size:.875rem}.name{overflow-wrap:anywhere}
.figure{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
.table .bar{display:flex;align-items:center;gap:.6rem;height:auto;margin:0;border-radius:0}
.table .bar svg{flex:1;height:.5rem;border-radius:4px;min-width:2rem}.table .bar .figure{width:3.6rem;flex:none}
.track{fill:var(--none)}.c0{fill:var(--c0)}.c1{fill:var(--c2)}
.heat{border:1px solid var(--line);border-radius:12px;overflow:hidden;background:var(--card);margin:.75rem 0}
.heat>li+li{border-top:1px solid var(--line)}
.confusion{position:relative;display:flex;flex-wrap:wrap;gap:0 1rem;justify-content:space-between;align-items:baseline;padding:.5rem 1rem}
.heatbar{position:absolute;inset:0;width:100%;height:100%;pointer-events:none}.heatbar rect{fill:var(--c3)}
.pair,.confusion>.figure{position:relative;min-width:0;overflow-wrap:anywhere}
.heat details{border:0;border-radius:0;margin:0}.heat details ul{padding:.4rem 1rem .7rem 1.6rem}.heat details li{margin:.25rem 0;overflow-wrap:anywhere}
.heat summary.confusion::before{content:"▸";position:relative;color:var(--soft);margin-right:-.6rem}.heat details[open] summary.confusion::before{content:"▾"}
.heat summary{list-style:none}.heat summary::-webkit-details-marker{display:none}.heat .pair{flex:1 1 12rem}
@media(max-width:44rem){.table .head{display:none}
.table .line{grid-template-columns:minmax(0,1fr) minmax(6.5rem,auto);padding:.6rem .9rem}
.name{font-weight:600}.table .bar{grid-column:1/-1}
.table [data-of]::before{content:attr(data-of);color:var(--soft);font-size:.875rem;width:3.5rem;flex:none;text-align:left;margin-right:.5rem}
.table .figure[data-of]{text-align:left}.table .name+.figure[data-of]{text-align:right}
.table .bar .figure{text-align:right}}
@media print{main{max-width:none}.heat details{break-inside:avoid}}
`;
