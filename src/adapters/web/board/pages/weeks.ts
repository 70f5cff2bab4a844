/** How long people waited, week by week, as the weekly report counts it: for managers, of their inboxes, never by person. */
import { longWords } from '../../../../domain/notices/durations.ts';
import { weekWords } from '../../../../domain/notices/times.ts';
import { changeOf } from '../../../../domain/weekly-report/change.ts';
import type { Measure, Times } from '../../../../domain/weekly-report/figures.ts';
import type { Percentile } from '../../../../domain/weekly-report/percentile.ts';
import type { Group, WeekFigures, WeeklyReport } from '../../../../domain/weekly-report/report.ts';
import { type Html, html } from '../../html.ts';
import type { Page } from './frame.ts';
import type { Look } from './look.ts';
import { counted, empty, figure, NOTHING } from './parts.ts';
import { columnsPlot, linesPlot } from './plots.ts';

export function weeksPage(look: Look, report: WeeklyReport): Page {
  const { weeks, date, all } = report;
  const names = weeks.map((_, index) => weekWords(date, weeks.length - 1 - index));
  const last = weeks.at(-1);
  const isEmpty = weeks.every(({ requests, finished, open }) => requests + finished + open === 0);
  const body = html`<h1>Weeks</h1>
<p class="lede">The last whole week and the four before it, as in the weekly report. There are no figures of people.</p>
${
  isEmpty || last === undefined
    ? empty('Nothing to count yet.', 'After the first whole week it stands here how long people waited.')
    : html`${tiles(last)}<p>${verdict(all.week.answer, all.before.answer)}</p>
<div class="plots">${came(weeks, names)}${waits('Until an answer', 'answer', weeks, names)}${waits('Until somebody accepted', 'accept', weeks, names)}${open(weeks, names)}</div>
${groups('By team', report.teams, (id) => look.policy.teams.get(id)?.name ?? id)}${groups('By category', report.categories, (id) => look.policy.categories.get(id)?.name ?? id)}`
}`;
  return { title: 'Weeks', path: '/weeks', body };
}

const within = (percentile: Percentile | null): string =>
  percentile === null ? 'too few' : `${percentile.over ? 'more than ' : ''}${longWords(percentile.within)}`;

const tiles = ({ requests, finished, open: left, answer, accept }: WeekFigures): Html =>
  html`<dl class="tiles"><div><dt>came in</dt><dd>${figure(requests)}</dd></div><div><dt>finished</dt><dd>${figure(finished)}</dd></div><div><dt>open at the end</dt><dd>${figure(left)}</dd></div>
<div><dt>half were accepted within</dt><dd>${within(accept.half)}</dd></div><div><dt>half were answered within</dt><dd>${within(answer.half)}<span class="small">nine of ten: ${within(answer.most)}</span></dd></div></dl>`;

function verdict(week: Times, before: Times): string {
  const change = changeOf(week, before);
  switch (change.is) {
    case 'unknown':
      return 'There is too little yet to tell a good week from a bad one.';
    case 'same':
      return 'People waited for an answer about as long as in the weeks before.';
    default: {
      const much = `${change.atLeast ? 'at least ' : ''}${longWords(change.by)}`;
      return `People waited ${much} ${change.is === 'better' ? 'less' : 'longer'} for an answer than in the weeks before.`;
    }
  }
}

function came(weeks: readonly WeekFigures[], names: readonly string[]): Html {
  const words = weeks
    .map(
      ({ requests, finished }, index) =>
        `${names[index]}: ${counted(requests, 'request')} came in, ${finished} finished`,
    )
    .join('; ');
  return html`<figure class="panel"><figcaption>What came in and what was finished</figcaption>${columnsPlot(
    names,
    weeks.map(({ requests, finished }) => [requests, finished]),
    words,
  )}<p class="key"><span>came in</span><span class="other">finished</span></p></figure>`;
}

function open(weeks: readonly WeekFigures[], names: readonly string[]): Html {
  const words = weeks.map((week, index) => `${names[index]}: ${week.open}`).join('; ');
  return html`<figure class="panel"><figcaption>Open at the end of each week</figcaption>${columnsPlot(
    names,
    weeks.map((week) => [week.open]),
    words,
  )}</figure>`;
}

function waits(caption: string, of: Measure, weeks: readonly WeekFigures[], names: readonly string[]): Html {
  const words = weeks
    .map(
      (week, index) =>
        `${names[index]}: half within ${within(week[of].half)}, nine of ten within ${within(week[of].most)}`,
    )
    .join('; ');
  return html`<figure class="panel"><figcaption>${caption}</figcaption>${linesPlot(
    names,
    [weeks.map((week) => week[of].half?.within ?? null), weeks.map((week) => week[of].most?.within ?? null)],
    words,
  )}<p class="key"><span>half of all within</span><span class="other">nine of ten within</span></p></figure>`;
}

function groups<Id extends string>(
  heading: string,
  all: readonly Group<Id>[],
  nameOf: (id: Id) => string,
): Html {
  if (all.length === 0) return NOTHING;
  const id = heading.replaceAll(' ', '-').toLowerCase();
  return html`<h2 id="${id}">${heading}</h2><div class="sheet"><table class="table folds" aria-labelledby="${id}"><thead><tr><th scope="col">Of what</th><th scope="col" class="figure">Requests</th><th scope="col" class="figure">Half accepted within</th><th scope="col" class="figure">Half answered within</th><th scope="col" class="figure">Others had to be asked</th></tr></thead><tbody>${all.map(
    (group) =>
      html`<tr><td>${group.id === null ? html`<span class="soft">none of them</span>` : nameOf(group.id)}</td><td class="figure" data-of="requests">${figure(group.week.requests)}</td><td class="figure" data-of="half accepted within">${within(group.week.accept.half)}</td><td class="figure" data-of="half answered within">${within(group.week.answer.half)}</td><td class="figure" data-of="others had to be asked">${figure(group.escalations.week)}</td></tr>`,
  )}</tbody></table></div>`;
}
