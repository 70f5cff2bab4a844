/**
 * A report about a classifier as one page that needs nothing but itself: no script, nothing from elsewhere, every word of
 * a mail escaped, and a policy in its head that forbids what an escape might miss. For paper, phones and desks.
 */
import { createHash } from 'node:crypto';
import type { CategoryFigures, ClassifierReport, Confusion } from '../../domain/learning/report.ts';
import {
  amount,
  type CategoryNames,
  counted,
  findings,
  namedOrNone,
  percent,
  shareWords,
} from '../../domain/learning/report-words.ts';
import { fraction, type Share } from '../../domain/learning/share.ts';
import { calibrationPlot, coveragePlot } from './classifier-plots.ts';
import { CLASSIFIER_STYLE } from './classifier-style.ts';
import { type Html, html } from './html.ts';

export type ClassifierPage = {
  readonly title: string;
  /** What was judged and by which mails, a sentence each. */
  readonly about: readonly string[];
  readonly report: ClassifierReport;
  readonly names: CategoryNames;
  /** Which share of its own choices may be wrong; null where nobody has said. */
  readonly wrongAtMost: number | null;
};

export function classifierPage(page: ClassifierPage): string {
  const style: Html = { html: `<style>${CLASSIFIER_STYLE}</style>` };
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${POLICY}"><meta name="referrer" content="no-referrer">
<title>${page.title}</title>${style}</head>
<body><main>${bodyOf(page)}</main></body></html>
`.html;
}

const POLICY = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(CLASSIFIER_STYLE).digest('base64')}'; base-uri 'none'; form-action 'none'`;

function bodyOf({ title, about, report, names, wrongAtMost }: ClassifierPage): Html {
  return html`<h1>${title}</h1>
<p class="soft">${about.join(' ')}</p>
${tiles(report)}
<ul class="findings">${findings(report, wrongAtMost).map((text) => html`<li>${text}</li>`)}</ul>
<div class="plots">
${figure('For how many it could choose, and how many rightly', coveragePlot(report, wrongAtMost), 'From the left: only the surest mails, more and more of them, all. The ring is where it stands, the broken line what is demanded.')}
${figure('Whether its certainty means what it says', calibrationPlot(report.calibration), 'On the line, of the mails that it calls 80 % certain 80 % are right. Below it, it is too sure of itself. Larger dots are more mails.')}
</div>
${categories(report, names)}
${confusions(report, names)}`;
}

const figure = (caption: string, plot: Html, note: string): Html =>
  html`<figure><figcaption>${caption}</figcaption>${plot}<p class="soft small">${note}</p></figure>`;

// ── At a glance ──

function tiles({ operating, accuracy, inScope }: ClassifierReport): Html {
  const { sure, wrong, outOfScopeLeft } = operating;
  if (inScope.of === 0) return html``;
  return html`<dl class="tiles">${tile('chosen by itself', sure)}${tile('of these wrong', wrong)}
${tile('first guess right', accuracy)}${outOfScopeLeft.of === 0 ? html`` : tile('unknown ones noticed', outOfScopeLeft)}</dl>`;
}

const tile = (label: string, share: Share): Html =>
  html`<div><dt>${label}</dt><dd>${shareWords(share)}<span class="soft small">${amount(share.count)} of ${amount(share.of)}</span></dd></div>`;

// ── By category ──

function categories({ categories: all }: ClassifierReport, names: CategoryNames): Html {
  if (all.length === 0) return html``;
  return html`<h2>By category, the worst first</h2>
<p class="soft small">Found: of the mails that belong there, those guessed right. Right: of the mails guessed to belong there, those that do. Both by its first guess, sure or not. Sure: for how many it would choose this by itself, and how many of these wrongly.</p>
<div class="table" role="table" aria-label="Figures by category">
<div class="line head" role="row"><span role="columnheader">Category</span><span role="columnheader" class="figure">mails</span>
<span role="columnheader">found</span><span role="columnheader">right</span><span role="columnheader" class="figure">sure</span><span role="columnheader" class="figure">wrong</span></div>
${all.map((figures) => categoryLine(figures, names))}</div>`;
}

function categoryLine(figures: CategoryFigures, names: CategoryNames): Html {
  const { category, precision, recall, sure, wrong } = figures;
  return html`<div class="line" role="row"><span role="rowheader" class="name">${names(category)}</span>
<span role="cell" class="figure" data-of="mails">${amount(recall.of)}</span>${bar(recall, 'found', 'c0')}${bar(precision, 'right', 'c1')}
<span role="cell" class="figure" data-of="sure">${amount(sure)}</span><span role="cell" class="figure" data-of="wrong">${amount(wrong)}</span></div>`;
}

/** Widths are attributes of SVG: the page's policy allows no inline styles. */
function bar(share: Share, label: string, colour: string): Html {
  const width = ((fraction(share) ?? 0) * 100).toFixed(1);
  return html`<span role="cell" class="bar" data-of="${label}"><svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true"><rect class="track" width="100" height="8"/><rect class="${colour}" width="${width}" height="8"/></svg><span class="figure" title="${amount(share.count)} of ${amount(share.of)}">${shareWords(share)}</span></span>`;
}

// ── What is taken for what ──

function confusions({ confusions: all }: ClassifierReport, names: CategoryNames): Html {
  if (all.length === 0) return html``;
  const most = Math.max(...all.map(({ count }) => count));
  return html`<h2>What is taken for what</h2>
<p class="soft small">The most frequent first; open one to see the mails of which it was surest.</p>
<ol class="heat">${all.map((confusion) => confusionItem(confusion, most, names))}</ol>`;
}

function confusionItem(confusion: Confusion, most: number, names: CategoryNames): Html {
  const { truth, guess, count, sure, examples } = confusion;
  const what = html`<svg class="heatbar" viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true"><rect width="${((count / most) * 100).toFixed(1)}" height="1" fill-opacity="${(0.12 + 0.25 * (count / most)).toFixed(2)}"/></svg>
<span class="pair"><b>${namedOrNone(truth, names)}</b> <span class="soft">taken for</span> <b>${namedOrNone(guess, names)}</b></span>
<span class="figure">${counted(count, 'mail')}${sure === 0 ? '' : `, ${amount(sure)} sure`}</span>`;
  if (examples.length === 0) return html`<li><div class="confusion">${what}</div></li>`;
  return html`<li><details><summary class="confusion">${what}</summary><ul>${examples.map(
    ({ text, confidence, sure: isSure }) =>
      html`<li><q>${text}</q> <span class="soft small">${percent(confidence)} certain${isSure ? ', sure' : ''}</span></li>`,
  )}</ul></details></li>`;
}
