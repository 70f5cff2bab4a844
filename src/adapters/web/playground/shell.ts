/**
 * The frame of the playground: what to do and what happened, the real board, and somebody's mailbox side by side; tabs
 * where there is no room. It works without JavaScript; with it, parts are read anew as things happen.
 */
import { type Html, html } from '../html.ts';
import type { Person, Playground } from './context.ts';
import { nextStep } from './guide.ts';
import { rail } from './rail.ts';
import { SCRIPT_PATH } from './script.ts';
import { STYLE_PATH } from './style.ts';
import { people } from './webmail.ts';

export type ShellPage = {
  readonly title: string;
  readonly person: Person;
  readonly body: Html;
  /** Which tab is in front where only one has room. */
  readonly tab: 'guide' | 'mail';
  /** Changes of what happened are shown in it too; a page with a form waits for its visitor. */
  readonly isLive: boolean;
};

const TABS = [
  { id: 'guide', name: 'Guide' },
  { id: 'board', name: 'Board' },
  { id: 'mail', name: 'Mail' },
] as const;

export function shell(playground: Playground, { title, person, body, tab, isLive }: ShellPage): string {
  const tabs = TABS.map(
    ({ id }) =>
      html`<input class="unseen" type="radio" name="tab" id="tab-${id}"${id === tab ? html` checked` : html``}>`,
  );
  const labels = TABS.map(({ id, name }) => html`<label for="tab-${id}">${name}</label>`);
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · Playground</title>
<link rel="stylesheet" href="${STYLE_PATH}"><script defer src="${SCRIPT_PATH}"></script></head>
<body class="playground">${tabs}<div class="tabs">${labels}</div>
<div class="panes"><aside class="pane guide-pane" aria-label="Guide"><div><p class="brand">${playground.title}</p><p class="about">A made-up company with real mail: everything runs on this machine, and nothing leaves it.</p></div>
<div id="rail" data-live>${rail(playground)}</div></aside>
<section class="pane board-pane" aria-label="Board">${boardBar(playground)}<iframe name="board" src="${boardPath(playground)}" title="The board"></iframe></section>
<main class="pane mail-pane"><div class="bar"><h2>Their mail</h2><span class="soft small">as in any mail program</span></div>
<p id="next" data-live>${nextStep(playground)}</p>
<div id="people" data-live>${people(playground, person)}</div>
<div id="letters" tabindex="-1"${isLive ? html` data-live` : html``}>${body}</div></main></div></body></html>
`.html;
}

/** Whoever has just written a mail looks for the request that it became, or moved. */
function boardPath({ latest }: Playground): string {
  const deed = latest();
  const about = deed?.happened.find(({ request }) => request !== null)?.request ?? null;
  return deed === null || deed.overTime || about === null ? '/' : `/requests/${about}`;
}

function boardBar(playground: Playground): Html {
  const members = playground.people().filter(({ member }) => member !== null);
  const viewer = playground.looksAs();
  return html`<div class="bar"><h2>The board</h2><form method="post" action="/playground/look-as" data-looks><input type="hidden" name="csrf" value="${playground.csrf}">
<label for="member">seen by</label><select id="member" name="member">${members.map(
    ({ member, name, about }) =>
      html`<option value="${member ?? ''}"${member === viewer ? html` selected` : html``}>${name} (${about})</option>`,
  )}</select><button class="quiet">Look</button></form></div>`;
}
