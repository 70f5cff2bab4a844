/** The looks of what is filled in and pressed: fields, buttons, the verbs of a request, filters, pages, answers. */
export const FORM_STYLE = `
input, select, textarea, button { font: inherit; color: inherit; }
input:not([type=checkbox], [type=radio], [type=hidden]), select, textarea {
  background: var(--card); border: 1px solid var(--soft); border-radius: 8px; padding: .5rem .75rem; max-width: 100%; min-height: 2.5rem;
}
textarea { width: 100%; min-height: 6.5rem; resize: vertical; display: block; }
label { display: block; font-size: .875rem; color: var(--soft); margin: .55rem 0 .2rem; }
.button, button {
  display: inline-flex; align-items: center; justify-content: center; gap: .5rem; min-height: 2.5rem; padding: .45rem 1.05rem; border-radius: 8px;
  border: 1px solid var(--soft); background: var(--card); color: var(--ink); font-weight: 550; cursor: pointer; text-decoration: none;
}
.button:hover, button:hover { background: var(--raised); }
button.primary, .button.primary { background: var(--accent); border-color: var(--accent); color: var(--on-accent); }
button.primary:hover, .button.primary:hover { background: color-mix(in srgb, var(--accent) 88%, var(--ink)); }
button.quiet { border-color: transparent; background: none; color: var(--accent); padding-inline: .6rem; }
button.quiet:hover { background: var(--raised); }

.verbs { display: grid; gap: .5rem; }
.verbs .first { display: flex; flex-wrap: wrap; gap: .5rem; }
.verbs details { border: 1px solid var(--line); border-radius: 10px; background: var(--card); }
.verbs summary { color: var(--ink); font-weight: 550; font-size: .94rem; padding: .55rem .9rem; }
.verbs .more { border: 0; } .verbs .more > summary { color: var(--soft); font-weight: 500; padding-inline: .25rem; } .verbs .more > div { display: grid; gap: .5rem; }
.verbs details[open] { border-color: var(--soft); }
.verbs details form { padding: 0 .9rem .9rem; }
.verbs details form p { margin: .1rem 0 .35rem; font-size: .875rem; color: var(--soft); }
.verbs details button { margin-top: .7rem; }
.verbs input:not([type=hidden]), .verbs select { width: 100%; }

.narrow-verbs { max-width: 34rem; margin-top: 2.25rem; }
.filters { display: flex; flex-wrap: wrap; align-items: end; gap: .5rem .75rem; margin: 1.1rem 0; }
.filters label { margin-top: 0; }
.pager { display: flex; justify-content: space-between; gap: 1rem; margin: 1rem 0; }
.answer { border-radius: var(--radius); padding: .8rem 1.1rem; margin: 0 0 1.1rem; background: var(--good-soft); color: var(--good); }
.answer.warn { background: var(--warn-soft); color: var(--warn); } .answer.bad { background: var(--bad-soft); color: var(--bad); }
p.answer, .answer p { max-width: none; } .panel p.answer { margin: .6rem 0; padding: .55rem .9rem; }
.narrow { max-width: 30rem; margin: 6vh auto 0; }
@media (max-width: 40rem) { .verbs .first button { flex: 1 1 8rem; } .filters > div { flex: 1 1 8rem; } .filters select { width: 100%; } }
`;
