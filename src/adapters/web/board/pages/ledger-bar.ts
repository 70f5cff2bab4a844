/** Who answered for a request at each moment since it came, as a bar, and the same in words. */
import type { LedgerRow } from '../../../../app/ports/board.ts';
import { type Html, html } from '../../html.ts';
import { colourOf, type Look, nameOf } from './look.ts';
import { person } from './parts.ts';
import { clockTime } from './times.ts';

/** A request that changed hands more often is told by its latest; the bar shows all. */
const LEGEND_MAX = 12;
const ROWS_MAX = 500;

export function ledgerBar(look: Look, ledger: readonly LedgerRow[]): Html {
  const rows = ledger.slice(-ROWS_MAX);
  const from = rows[0]?.from ?? look.now;
  const length = Math.max(1, look.now - from);
  const place = (at: number): number => Math.min(1_000, ((at - from) / length) * 1_000);
  const parts = rows.map(({ from: begins, until, member }) => {
    const x = place(begins);
    // Whoever had it for a moment is seen as well.
    const width = Math.max(3, place(until ?? look.now) - x);
    const who = member === null ? 'rest' : `p${colourOf(look, member)}`;
    return html`<rect class="${who}" x="${x.toFixed(1)}" y="0" width="${width.toFixed(1)}" height="10"><title>${wordsOf(look, member)}</title></rect><line x1="${x.toFixed(1)}" x2="${x.toFixed(1)}" y1="0" y2="10"/>`;
  });
  return html`<svg class="ledger" viewBox="0 0 1000 10" preserveAspectRatio="none" role="img" aria-label="Who answered for it: ${spoken(look, rows)}">${parts}</svg>
<ol class="legend">${rows
    .slice(-LEGEND_MAX)
    .map(
      ({ from: begins, until, member }) =>
        html`<li>${member === null ? html`<span class="who nobody"><span class="mark" aria-hidden="true">–</span><span>done</span></span>` : person(look, member)} <span class="soft small">${clockTime(look, begins)} to ${until === null ? 'now' : clockTime(look, until)}</span></li>`,
    )}</ol>`;
}

const wordsOf = (look: Look, member: LedgerRow['member']): string =>
  member === null ? 'done' : nameOf(look, member);

const spoken = (look: Look, rows: readonly LedgerRow[]): string =>
  rows
    .slice(-LEGEND_MAX)
    .map(({ member }) => wordsOf(look, member))
    .join(', then ');
