/** The pages of the board. Everything in them that anybody wrote is escaped; there is no script. */
import { happenings, type Names, noticeWords, setAside, whoAnswers } from '../../app/board-words.ts';
import type { BoardRequest, MailIn } from '../../app/ports/board.ts';
import { unreachedSince } from '../../domain/conversation/state.ts';
import type { MemberId } from '../../domain/ids.ts';
import type { Instant } from '../../domain/instant.ts';
import { type Html, html } from './html.ts';
import { COLOURS, STYLE } from './style.ts';

export type PageSetting = {
  readonly title: string;
  readonly names: Names;
  readonly now: Instant;
  readonly time: (at: Instant) => string;
  /** Everybody, always in the same order: by it they get their colours. */
  readonly members: readonly MemberId[];
};

/** A mail as it is read, in or out. */
export type ShownMail = {
  readonly at: Instant;
  readonly direction: 'in' | 'out';
  readonly person: string;
  readonly about: string;
  readonly text: string;
};

const REFRESH_S = 10;

export function page(title: string, body: Html, refreshes: boolean): string {
  const refresh = refreshes ? html`<meta http-equiv="refresh" content="${REFRESH_S}">` : html``;
  const style: Html = { html: `<style>${STYLE}</style>` };
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
${refresh}<title>${title}</title>${style}</head>
<body><main>${body}</main></body></html>`.html;
}

export function overview(
  setting: PageSetting,
  requests: readonly BoardRequest[],
  mails: readonly MailIn[],
): string {
  const open = requests.filter(({ state }) => state.phase !== 'done');
  const done = requests.filter(({ state }) => state.phase === 'done');
  const aside = mails.flatMap((mail) => {
    const why = setAside(mail);
    return why === null ? [] : [{ mail, ...why }];
  });
  const body = html`<h1>${setting.title}</h1>
<p class="soft">${setting.time(setting.now)} · ${open.length} open, each with one person who answers for it · ${done.length} done</p>
${section(setting, 'Open', open)}${section(setting, 'Done', done)}
<h2>Set aside</h2>
<ul class="cards small">${aside.map(
    ({ mail, what, why }) => html`<li class="plain"><div class="row"><span>${mail.subject || '(no subject)'}
<span class="soft">· ${mail.from.name || mail.from.address || 'unknown sender'}</span></span><span class="who">${what}</span></div>
<p class="soft">${why}</p></li>`,
  )}</ul>`;
  return page(setting.title, body, true);
}

function section(setting: PageSetting, title: string, requests: readonly BoardRequest[]): Html {
  if (requests.length === 0) return html``;
  const cards = requests.toReversed().map((request) => card(setting, request));
  return html`<h2>${title}</h2><ul class="cards">${cards}</ul>`;
}

function card(setting: PageSetting, request: BoardRequest): Html {
  const { names, time } = setting;
  const { who, since, why } = whoAnswers(request, names);
  return html`<li><a href="/requests/${request.id}"><div class="row"><span>${request.subject || '(no subject)'}
<span class="soft">· ${request.customer.name || request.customer.address}</span></span>
${person(setting, who)}</div>
<p class="soft small">#${request.id} · since ${time(since)} · ${why}</p>
${bar(setting, request, 'bar')}</a></li>`;
}

const person = (setting: PageSetting, who: MemberId | null): Html =>
  who === null
    ? html`<span class="who">done</span>`
    : html`<span class="who m${colourOf(setting, who)}">${setting.names(who)}</span>`;

export function requestPage(
  setting: PageSetting,
  request: BoardRequest,
  mails: readonly ShownMail[],
): string {
  const { names, time } = setting;
  const { who, since, why } = whoAnswers(request, names);
  const title = request.subject || '(no subject)';
  const body = html`<nav><a href="/">← All requests</a></nav>
<h1>${title}</h1>
<p class="soft">#${request.id} · ${request.customer.name} ${request.customer.address}${
    unreachedSince(request.state) === null ? '' : ' · mail to this address comes back'
  }</p>
<h2>Who answers for it</h2>
<p>${person(setting, who)} <span class="soft">since ${time(since)}: ${why}</span></p>
${bar(setting, request, 'bar tall')}
<p class="legend small">${request.ledger.map(
    ({ from, until, member }) =>
      html`<span>${person(setting, member)} <span class="soft">${time(from)}–${until === null ? 'now' : time(until)}</span></span>`,
  )}</p>
<h2>What happened</h2>
<ol class="steps">${happenings(request, names).map(
    ({ at, text }) => html`<li><time>${time(at)}</time><span>${text}</span></li>`,
  )}</ol>
<p class="soft small">Why it went there: ${request.state.classified?.reason.sentence ?? ''}</p>
<h2>The mails</h2>
${mails.map((mail) => mailBlock(setting, mail))}`;
  return page(`#${request.id} ${title}`, body, false);
}

const mailBlock = ({ time }: PageSetting, { at, direction, person: who, about, text }: ShownMail): Html =>
  html`<details><summary><span class="soft">${time(at)}</span> ${direction === 'in' ? `${who} writes` : `to ${who}`}
<span class="soft">${about}</span></summary><pre>${text}</pre></details>`;

export const aboutNotice = (kind: string): string => `· ${noticeWords(kind)}`;

/** Widths in thousandths; SVG attributes, since the page's policy allows no inline styles. */
function bar(setting: PageSetting, { ledger }: BoardRequest, className: string): Html {
  const { now, names } = setting;
  const from = ledger[0]?.from ?? now;
  const length = Math.max(1, now - from);
  const parts = ledger.map(({ from: begins, until, member }) => {
    const x = ((begins - from) / length) * 1_000;
    const width = (((until ?? now) - begins) / length) * 1_000;
    const fill = member === null ? 'fx' : `f${colourOf(setting, member)}`;
    return html`<rect class="${fill}" x="${x.toFixed(1)}" y="0" width="${Math.max(0, width).toFixed(1)}" height="10"><title>${
      member === null ? 'done' : names(member)
    }</title></rect>`;
  });
  return html`<svg class="${className}" viewBox="0 0 1000 10" preserveAspectRatio="none" role="img" aria-label="who answered for it over time">${parts}</svg>`;
}

const colourOf = ({ members }: PageSetting, member: MemberId): number =>
  Math.max(0, members.indexOf(member)) % COLOURS;
