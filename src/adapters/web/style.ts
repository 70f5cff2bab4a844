/** What pages that are written to a file share: colours, light and dark, and type, for phones and desks. */

export const STYLE = `
:root{color-scheme:light dark;--paper:#fbfaf8;--card:#fff;--ink:#22262b;--soft:#6b7280;--line:#e6e3de;--accent:#0f6b5c;
--c0:#2f7f73;--c1:#b7791f;--c2:#4a6fa5;--c3:#a2536a;--none:#e6e3de}
@media(prefers-color-scheme:dark){:root{--paper:#15181b;--card:#1d2125;--ink:#e8e6e3;--soft:#9aa2ab;--line:#2e343a;
--accent:#5cc2ae;--c0:#4fa394;--c1:#d19a45;--c2:#7495c9;--c3:#c57c92;--none:#2e343a}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",sans-serif}
main{max-width:60rem;margin:0 auto;padding:2rem 1.25rem 3rem}
h1{font-size:1.5rem;line-height:1.25;margin:0;font-weight:650;letter-spacing:-.01em;overflow-wrap:anywhere}
h2{font-size:1rem;margin:2.25rem 0 .5rem;font-weight:650}
p{margin:.25rem 0}.soft{color:var(--soft)}a{color:inherit}
ul,ol{list-style:none;margin:0;padding:0}
.row{display:flex;gap:.25rem 1rem;align-items:baseline;justify-content:space-between}
.row>:first-child{min-width:0;overflow-wrap:anywhere}
.small{font-size:.875rem}
.bar{display:block;width:100%;height:.5rem;border-radius:4px;margin-top:.55rem;overflow:hidden}
details{border:1px solid var(--line);border-radius:12px;background:var(--card);margin:.5rem 0}
summary{padding:.7rem 1rem;cursor:pointer;overflow-wrap:anywhere}
details[open] summary{border-bottom:1px solid var(--line)}
@media(max-width:34rem){main{padding:1.25rem .9rem 2.5rem}.row{flex-wrap:wrap}}
`;
