/** The looks of the look back: those of every page in a file, with one sentence that is larger than all others. */
import { STYLE } from './style.ts';

export const LOOK_BACK_STYLE = `${STYLE}
.inbox+.inbox{margin-top:4rem;border-top:1px solid var(--line);padding-top:2.5rem}
.span{color:var(--soft);font-size:.95rem;overflow-wrap:anywhere}
h1.hit,h2.hit{font-size:clamp(1.75rem,1.1rem + 3vw,2.75rem);line-height:1.12;letter-spacing:-.025em;font-weight:700;margin:.35rem 0 .75rem;text-wrap:balance}
.hit em{font-style:normal;color:var(--alarm)}.fine em{color:var(--accent)}
:root{--alarm:#a33a2a}@media(prefers-color-scheme:dark){:root{--alarm:#ef8f7d}}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(8.5rem,1fr));gap:.75rem;margin:1.5rem 0 0}
.tiles>div{background:var(--card);border:1px solid var(--line);border-radius:12px;padding:.75rem .95rem;display:flex;flex-direction:column-reverse;justify-content:flex-end}
dt{color:var(--soft);font-size:.875rem;line-height:1.35}dd{margin:0;font-size:1.6rem;font-weight:650;line-height:1.25;font-variant-numeric:tabular-nums;letter-spacing:-.01em}
h3{font-size:1.05rem;margin:2.5rem 0 .25rem;font-weight:650}
h3+p{margin:0 0 .75rem}
.list{border:1px solid var(--line);border-radius:12px;background:var(--card);overflow:hidden;margin-top:.6rem}
.list>li{padding:.7rem 1rem}.list>li+li{border-top:1px solid var(--line)}
.name{font-weight:600;overflow-wrap:anywhere}.topic{color:var(--soft);overflow-wrap:anywhere}
.long{font-variant-numeric:tabular-nums;white-space:nowrap;font-weight:600}.old .long{color:var(--alarm)}
.wait{display:block;width:100%;height:.3rem;margin-top:.5rem;border-radius:2px}
.track{fill:var(--none)}.part{fill:var(--c0)}.old .part{fill:var(--alarm)}
.owners>li{display:grid;grid-template-columns:minmax(6rem,11rem) 1fr 3.5rem;gap:.9rem;align-items:center}
.owners svg{width:100%;height:.6rem;border-radius:3px}.owners .figure{text-align:right;font-variant-numeric:tabular-nums;font-weight:600}
table{width:100%;border-collapse:collapse;background:var(--card);border:1px solid var(--line);border-radius:12px;border-spacing:0;overflow:hidden;margin-top:.6rem;border-style:hidden;box-shadow:0 0 0 1px var(--line)}
th,td{text-align:left;padding:.6rem 1rem;font-weight:400;vertical-align:baseline}thead th{color:var(--soft);font-size:.875rem}
tbody tr{border-top:1px solid var(--line)}td{font-variant-numeric:tabular-nums;font-weight:600}
.more{color:var(--soft);font-size:.9rem;margin-top:.5rem}
footer{margin-top:3rem;color:var(--soft);font-size:.9rem}footer p{margin:.4rem 0;overflow-wrap:anywhere}
@media(max-width:34rem){.owners>li{grid-template-columns:minmax(0,1fr) 3rem}.owners svg{grid-row:2;grid-column:1/-1}th,td{padding:.55rem .7rem}.tiles{grid-template-columns:1fr 1fr}.tiles>div:last-child:nth-child(odd){grid-column:1/-1}}
@media print{main{max-width:none}.list>li{break-inside:avoid}}
`;
