/** What was learned from the team's decisions, and what it gets right on those it had not seen. Counts; nobody's words. */
import type { LearningStanding } from '../../../../app/ports/learning.ts';
import type { ModelRow } from '../../../../app/ports/models.ts';
import { percent } from '../../../../domain/learning/report-words.ts';
import type { Graded, TrainingReport } from '../../../../domain/learning/training.ts';
import { type Html, html } from '../../html.ts';
import type { Page } from './frame.ts';
import type { Look } from './look.ts';
import { counted, dotted, empty, figure, NOTHING, tag } from './parts.ts';
import { ago, clockTime, untilThen } from './times.ts';

export type Learned = {
  /** The newest first. */
  readonly versions: readonly ModelRow[];
  readonly standing: LearningStanding | null;
  readonly examples: { readonly decided: number; readonly archive: number };
};

const VERSIONS_MAX = 12;

export function classifierPage(look: Look, { versions, standing, examples }: Learned): Page {
  const inUse = versions.find(({ active }) => active);
  const body = html`<h1>Classifier</h1>
<p class="lede">${counted(examples.decided, 'decision')} of the team and ${counted(examples.archive, 'mail')} of archives are what can be learned from.</p>
${standing === null ? NOTHING : html`${lowered(look, standing)}<p class="soft">${state(look, standing)}</p>`}
${
  inUse === undefined
    ? empty(
        look.policy.learning.mode === 'off' ? 'Nothing is learned here.' : 'Nothing was learned yet.',
        'Until then rules decide, and the front desk where none does.',
      )
    : report(look, inUse)
}
${versions.length === 0 ? NOTHING : history(look, versions.slice(0, VERSIONS_MAX))}`;
  return { title: 'Classifier', path: '/classifier', body };
}

function lowered(look: Look, standing: LearningStanding): Html {
  if (standing.lowered === null) return NOTHING;
  const { since, categories, counts } = standing.lowered;
  const what =
    categories === null
      ? 'It chooses nobody'
      : `It chooses nobody for ${categories.map((id) => look.policy.categories.get(id)?.name ?? id).join(', ')}`;
  return html`<p class="answer warn">${what} since ${clockTime(look, since)}: ${counts.wrong} of ${counts.right + counts.wrong} of its choices were wrong.</p>`;
}

const state = (look: Look, { running, trainAt, finishedAt }: LearningStanding): Html =>
  dotted([
    finishedAt === null ? 'It has not learned yet' : html`It last learned ${ago(look, finishedAt)}`,
    running ? 'it is learning now' : html`the next time is ${untilThen(look, trainAt)}`,
  ]);

function report(look: Look, { version, report: made }: ModelRow): Html {
  const { comparison, answered, wrong, neverSure, wrongAtMost, examples } = made;
  return html`<dl class="tiles"><div><dt>version in use</dt><dd>${version}<span class="small">${counted(examples, 'example')}</span></dd></div>
<div><dt>it will choose by itself for</dt><dd>${neverSure === null ? percent(answered) : 'nothing'}<span class="small">by its own estimate</span></dd></div>
<div><dt>of these wrong</dt><dd>${neverSure === null ? percent(wrong) : '–'}<span class="small">${percent(wrongAtMost)} is allowed</span></dd></div>
<div><dt>decisions that it had not seen</dt><dd>${figure(comparison.heldBack)}<span class="small">by these it is judged</span></dd></div></dl>
${comparison.heldBack === 0 ? NOTHING : html`<figure class="panel"><figcaption>On decisions that it had not seen</figcaption>${gradesBar(comparison.now)}</figure>`}
${byCategory(look, made)}`;
}

const GRADES: readonly { readonly of: keyof Graded; readonly words: string; readonly kind: string }[] = [
  { of: 'chosenRight', words: 'chosen rightly', kind: 'p9' },
  { of: 'guessedRight', words: 'left to a person, first guess right', kind: 'p0' },
  { of: 'guessedWrong', words: 'left to a person, first guess wrong', kind: 'p1' },
  { of: 'chosenWrong', words: 'chosen wrongly', kind: 'p6' },
];

function gradesBar(graded: Graded): Html {
  const sum = Math.max(
    1,
    GRADES.reduce((all, { of }) => all + graded[of], 0),
  );
  let x = 0;
  const parts = GRADES.map(({ of, kind, words }) => {
    const width = (graded[of] / sum) * 1_000;
    const part = html`<rect class="${kind}" x="${x.toFixed(1)}" width="${width.toFixed(1)}" height="10"><title>${words}: ${graded[of]}</title></rect>`;
    x += width;
    return part;
  });
  return html`<svg class="ledger" viewBox="0 0 1000 10" preserveAspectRatio="none" role="img" aria-label="${GRADES.map(({ of, words }) => `${words}: ${graded[of]}`).join(', ')}">${parts}</svg>
<ul class="legend">${GRADES.map(({ of, kind, words }) => html`<li class="who ${kind}"><span class="mark" aria-hidden="true">${figure(graded[of])}</span><span>${words}</span></li>`)}</ul>`;
}

function byCategory(look: Look, { perCategory, comparison }: TrainingReport): Html {
  if (perCategory.length === 0) return NOTHING;
  const judged = new Map(comparison.categories.map((one) => [one.category, one]));
  return html`<h2 id="by-category">By category</h2><div class="sheet"><table class="table folds" aria-labelledby="by-category"><thead><tr><th scope="col">Category</th><th scope="col" class="figure">Examples</th><th scope="col" class="figure">Belonged there</th><th scope="col" class="figure">Guessed to be there</th><th scope="col" class="figure">Of these rightly</th></tr></thead><tbody>${perCategory.map(
    ({ category, examples }) => {
      const { belonged = 0, guessed = 0, right = 0 } = judged.get(category) ?? {};
      return html`<tr><td>${look.policy.categories.get(category)?.name ?? category}</td><td class="figure" data-of="examples">${figure(examples)}</td><td class="figure" data-of="belonged there">${figure(belonged)}</td><td class="figure" data-of="guessed to be there">${figure(guessed)}</td><td class="figure" data-of="of these rightly">${figure(right)}</td></tr>`;
    },
  )}</tbody></table></div>`;
}

const history = (look: Look, versions: readonly ModelRow[]): Html =>
  html`<h2 id="versions">Versions</h2><div class="sheet"><table class="table folds" aria-labelledby="versions"><thead><tr><th scope="col">Version</th><th scope="col">Made</th><th scope="col" class="figure">Examples</th><th scope="col" class="figure">Sure of</th><th scope="col"><span class="unseen">State</span></th></tr></thead><tbody>${versions.map(
    ({ version, madeAt, active, report: made }) =>
      html`<tr><td>${version}</td><td data-of="made">${clockTime(look, madeAt)}</td><td class="figure" data-of="examples">${figure(made.examples)}</td><td class="figure" data-of="sure of">${made.neverSure === null ? percent(made.answered) : 'nothing'}</td><td>${active ? tag('in use', 'good') : NOTHING}</td></tr>`,
  )}</tbody></table></div>`;
