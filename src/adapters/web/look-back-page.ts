/**
 * The look back as one page that needs nothing but itself: no script, nothing from elsewhere, every word of a mail
 * escaped, and a policy in its head that forbids what an escape might miss. For paper, phones and desks.
 */
import { createHash } from 'node:crypto';
import type { MemberId } from '../../domain/ids.ts';
import { DAY, type Duration, type Instant, toIso } from '../../domain/instant.ts';
import {
  type InboxLookBack,
  type LookBack,
  type LookedAt,
  peopleIn,
} from '../../domain/look-back/look-back.ts';
import {
  amount,
  figuresOf,
  hit,
  NoRuleWhy,
  people,
  requestsInWords,
  stillWaiting,
  timesInWords,
} from '../../domain/look-back/words.ts';
import type { Address } from '../../domain/message.ts';
import { lateness } from '../../domain/notices/durations.ts';
import { type Html, html } from './html.ts';
import { LOOK_BACK_STYLE } from './look-back-style.ts';

export type LookBackPage = {
  readonly past: LookBack;
  /** `last 30 days`. */
  readonly span: string;
  readonly nameOf: (member: MemberId) => string;
  /** Who of ours wrote a mail. */
  readonly authorOf: (author: Address | undefined) => string;
  /** What has to be known with it, a sentence each. */
  readonly remarks: readonly string[];
};

export function lookBackPage(page: LookBackPage): string {
  const style: Html = { html: `<style>${LOOK_BACK_STYLE}</style>` };
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${POLICY}"><meta name="referrer" content="no-referrer">
<title>Look back, ${page.span}</title>${style}</head>
<body><main>${page.past.inboxes.map((inbox, index) => inboxSection(page, inbox, index))}
<footer>${page.remarks.map((remark) => html`<p>${remark}</p>`)}</footer></main></body></html>
`.html;
}

const POLICY = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(LOOK_BACK_STYLE).digest('base64')}'; base-uri 'none'; form-action 'none'`;

const SHOWN_MAX = 100;
/** What is told beside those who wait. */
const BESIDE_MAX = 20;

function inboxSection(page: LookBackPage, inbox: InboxLookBack, index: number): Html {
  return html`<section class="inbox"><p class="span">${inbox.address}, ${page.span}</p>
${headline(inbox, index)}${tiles(inbox)}
${waiting(inbox)}${twice(page, inbox)}${times(inbox)}${owners(page, inbox)}${noRule(inbox)}</section>`;
}

function headline(inbox: InboxLookBack, index: number): Html {
  const words = hit(figuresOf(inbox));
  const text = html`<em>${upper(words)}</em>`;
  const look = inbox.waiting.length > inbox.fresh ? 'hit' : 'hit fine';
  return index === 0 ? html`<h1 class="${look}">${text}</h1>` : html`<h2 class="${look}">${text}</h2>`;
}

const upper = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

function tiles(inbox: InboxLookBack): Html {
  const { requests, overTwoDays, firstAnswer } = inbox;
  if (requests.length === 0) return html``;
  const { half } = firstAnswer.wall;
  const first =
    half === 'not-yet'
      ? tile('have had a first answer', 'fewer than half')
      : tile('until half had a first answer', timesInWords(firstAnswer.wall, 'clock').half);
  return html`<dl class="tiles">${tile('requests', amount(requests.length))}
${tile('wait for an answer', amount(inbox.waiting.length))}${tile('answered twice', amount(inbox.twice.length))}
${tile('waited over two days', amount(overTwoDays))}${half === null ? html`` : first}</dl>`;
}

const tile = (label: string, figure: string): Html => html`<div><dt>${label}</dt><dd>${figure}</dd></div>`;

// ── Who waits ──

/** Longer than this is what a reader should see first. */
const OLD: Duration = 2 * DAY;

function waiting({ waiting: all }: InboxLookBack): Html {
  const longest = Math.max(...all.map(({ waited }) => waited), 1);
  if (all.length === 0) return html``;
  return html`<h3>Still waiting</h3><p class="soft small">${people(peopleIn(all))}, the longest wait first.</p>
<ol class="list">${all.slice(0, SHOWN_MAX).map((one) => waitingItem(one, longest))}</ol>${more(all, SHOWN_MAX)}`;
}

function waitingItem(one: LookedAt, longest: Duration): Html {
  const { waited, since, answeredAt, beganBefore } = one;
  const before = answeredAt !== null || beganBefore ? ' · had an answer before, and wrote again' : '';
  return html`<li class="${waited > OLD ? 'old' : 'new'}"><div class="row"><span class="name">${nameOf(one.customer)}</span><span class="long">${lateness(waited)}</span></div>
<div class="topic">${subjectOf(one)}</div><div class="soft small">since ${since === null ? '' : day(since)}${before}</div>${bar(waited / longest, 'wait')}</li>`;
}

/** Widths are attributes of SVG: the page's policy allows no inline styles. */
const bar = (share: number, look: string): Html =>
  html`<svg class="${look}" viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true"><rect class="track" width="100" height="1"/><rect class="part" width="${(share * 100).toFixed(1)}" height="1"/></svg>`;

// ── Twice, how fast, whose ──

function twice(page: LookBackPage, { twice: all }: InboxLookBack): Html {
  if (all.length === 0) return html``;
  return html`<h3>Answered twice</h3><p class="soft small">Two of you wrote to the same person about the same mail.</p>
<ul class="list">${all.slice(0, BESIDE_MAX).map((one) => twiceItem(page, one))}</ul>${more(all, BESIDE_MAX)}`;
}

function twiceItem({ authorOf }: LookBackPage, one: LookedAt): Html {
  const [found] = one.twice;
  if (found === undefined) return html``;
  const [first, second] = found.answers;
  return html`<li><div class="row"><span class="name">${nameOf(one.customer)}</span><span class="soft small">${day(found.asked.date)}</span></div>
<div class="topic">${subjectOf(one)}</div><div class="small">${authorOf(first.from[0])}, then ${authorOf(second.from[0])} ${lateness(second.date - first.date)} later</div></li>`;
}

function times({ firstAnswer: { wall, working } }: InboxLookBack): Html {
  if (wall.count === 0) return html``;
  const row = (label: string, { half, most }: ReturnType<typeof timesInWords>) =>
    html`<tr><th scope="row">${label}</th><td>${half}</td><td>${most}</td></tr>`;
  const still = stillWaiting(wall.waiting);
  return html`<h3>How long a first answer took</h3><p class="soft small">Of ${requestsInWords(wall.count)}.${still === '' ? '' : ` ${still}.`}</p>
<table><thead><tr><td></td><th scope="col">half of them within</th><th scope="col">nine of ten within</th></tr></thead>
<tbody>${row('by the clock', timesInWords(wall, 'clock'))}${working === null ? html`` : row('in working hours', timesInWords(working, 'work'))}</tbody></table>`;
}

function owners({ nameOf: memberName }: LookBackPage, { owners: all }: InboxLookBack): Html {
  if (all === null || all.length === 0) return html``;
  const most = Math.max(...all.map(({ requests }) => requests));
  return html`<h3>Whose it would have been</h3><p class="soft small">Who would have been asked first, by your rules.</p>
<ul class="list owners">${all.map(
    ({ member, requests }) =>
      html`<li><span class="name">${member === null ? 'nobody' : memberName(member)}</span>${bar(requests / most, 'share')}<span class="figure">${amount(requests)}</span></li>`,
  )}</ul>`;
}

function noRule({ noRule: all, owners: known }: InboxLookBack): Html {
  if (known === null || all.length === 0) return html``;
  const latest = all.toReversed();
  return html`<h3>Fit no rule</h3><p class="soft small">${requestsInWords(all.length)}, for which the front desk would have decided. The latest first.</p>
<ul class="list">${latest
    .slice(0, SHOWN_MAX)
    .map(
      (one) =>
        html`<li><div class="row"><span class="name">${nameOf(one.customer)}</span><span class="soft small">${day(one.opener.date)}</span></div><div class="topic">${subjectOf(one)}</div><div class="soft small">${NoRuleWhy[one.wouldOwn?.why ?? ''] ?? ''}</div></li>`,
    )}</ul>${more(all, BESIDE_MAX)}`;
}

const more = (all: readonly unknown[], max: number): Html =>
  all.length <= max ? html`` : html`<p class="more">And ${amount(all.length - max)} more.</p>`;

const TEXT_MAX = 160;

const nameOf = ({ name, address }: Address): string =>
  (name.trim() || address || 'unknown sender').slice(0, TEXT_MAX);

const subjectOf = ({ opener: { subject } }: LookedAt): string =>
  (subject.trim() || '(no subject)').slice(0, TEXT_MAX);

const day = (at: Instant): string => toIso(at).slice(0, 10);
