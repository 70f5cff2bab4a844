/** The looks of the board, light and dark, for phones and desks. */

export const STYLE = `
:root{color-scheme:light dark;--paper:#fbfaf8;--card:#fff;--ink:#22262b;--soft:#6b7280;--line:#e6e3de;--accent:#0f6b5c;
--c0:#2f7f73;--c1:#b7791f;--c2:#4a6fa5;--c3:#a2536a;--c4:#6f7d3a;--c5:#7a5ea8;--none:#e6e3de}
@media(prefers-color-scheme:dark){:root{--paper:#15181b;--card:#1d2125;--ink:#e8e6e3;--soft:#9aa2ab;--line:#2e343a;
--accent:#5cc2ae;--c0:#4fa394;--c1:#d19a45;--c2:#7495c9;--c3:#c57c92;--c4:#98a85a;--c5:#a189cc;--none:#2e343a}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",sans-serif}
main{max-width:60rem;margin:0 auto;padding:2rem 1.25rem 3rem}
h1{font-size:1.5rem;line-height:1.25;margin:0;font-weight:650;letter-spacing:-.01em;overflow-wrap:anywhere}
h2{font-size:1rem;margin:2.25rem 0 .5rem;font-weight:650}
p{margin:.25rem 0}.soft{color:var(--soft)}a{color:inherit}
nav{margin-bottom:1rem}nav a{color:var(--accent);text-decoration:none}
ul,ol{list-style:none;margin:0;padding:0}
.cards{border:1px solid var(--line);border-radius:12px;background:var(--card);overflow:hidden}
.cards>li+li{border-top:1px solid var(--line)}
.cards a{display:block;padding:.8rem 1rem;text-decoration:none}
.cards a:hover,.cards a:focus-visible{background:color-mix(in srgb,var(--accent) 7%,transparent)}
.cards .plain{padding:.6rem 1rem}
.row{display:flex;gap:.25rem 1rem;align-items:baseline;justify-content:space-between}
.row>:first-child{min-width:0;overflow-wrap:anywhere}
.who{font-weight:600;white-space:nowrap}.who::before{content:"";display:inline-block;width:.6em;height:.6em;border-radius:50%;margin-right:.45em;background:var(--none)}
.m0::before{background:var(--c0)}.m1::before{background:var(--c1)}.m2::before{background:var(--c2)}.m3::before{background:var(--c3)}.m4::before{background:var(--c4)}.m5::before{background:var(--c5)}
.small{font-size:.875rem}
.bar{display:block;width:100%;height:.5rem;border-radius:4px;margin-top:.55rem;overflow:hidden}
.tall{height:1rem;margin:.75rem 0 .5rem}
.f0{fill:var(--c0)}.f1{fill:var(--c1)}.f2{fill:var(--c2)}.f3{fill:var(--c3)}.f4{fill:var(--c4)}.f5{fill:var(--c5)}.fx{fill:var(--none)}
.legend{display:flex;flex-wrap:wrap;gap:.25rem 1.25rem}
.steps li{display:flex;gap:1rem;padding:.15rem 0}.steps time{flex:none;width:3rem;color:var(--soft);font-variant-numeric:tabular-nums}
.steps span{min-width:0;overflow-wrap:anywhere}
details{border:1px solid var(--line);border-radius:12px;background:var(--card);margin:.5rem 0}
summary{padding:.7rem 1rem;cursor:pointer;overflow-wrap:anywhere}
details[open] summary{border-bottom:1px solid var(--line)}
pre{margin:0;padding:1rem;white-space:pre-wrap;overflow-wrap:anywhere;font:.875rem/1.55 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
@media(max-width:34rem){main{padding:1.25rem .9rem 2.5rem}.row{flex-wrap:wrap}}
`;
