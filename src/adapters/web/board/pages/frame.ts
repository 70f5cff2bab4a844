/**
 * The frame of every page: what it is called, the way to the others, and where live news go. Everything works without
 * JavaScript; with it, `main` is read anew when something has changed.
 */
import type { ToldAnswer } from '../../../../app/told-on-board.ts';
import { type Html, html } from '../../html.ts';
import { SCRIPT_PATH } from '../live/script.ts';
import { STYLE_PATH } from '../style.ts';
import { colourOf, isManager, type Look } from './look.ts';
import { mark, NOTHING } from './parts.ts';

export type Page = {
  readonly title: string;
  /** Where it stands; the way there is marked. */
  readonly path: string;
  readonly body: Html;
  /** The request that it tells of, so that only its news are worth a reading; absent: any may be. */
  readonly about?: number;
  /** What was looked for, to stand in the field again. */
  readonly words?: string;
};

const PLACES = [
  { path: '/', name: 'Now', managers: false },
  { path: '/people', name: 'People', managers: false },
  { path: '/parked', name: 'Not readable', managers: true },
  { path: '/outbox', name: 'Not delivered', managers: true },
  { path: '/flow', name: 'Mail', managers: true },
  { path: '/weeks', name: 'Weeks', managers: true },
  { path: '/classifier', name: 'Classifier', managers: true },
] as const;

/** What is told here changes by other things than requests: it is read again each minute. */
const SLOW: readonly string[] = ['/parked', '/outbox', '/flow', '/weeks', '/classifier'];

/** `told`: what came of the order that the page follows; it stays while `main` is read anew. */
export function frame(
  look: Look,
  { title, path, body, about, words = '' }: Page,
  told: ToldAnswer | null = null,
): string {
  const { viewer } = look;
  const places = PLACES.filter(({ managers }) => !managers || isManager(look));
  return document(
    `${title} · ${look.title}`,
    html`<a class="skip" href="#main">Skip to the content</a>
<header class="top"><div><a class="brand" href="/">${look.title}</a>
<nav aria-label="Pages">${places.map(
      (place) =>
        html`<a href="${place.path}"${isWithin(path, place.path) ? html` aria-current="page"` : NOTHING}>${place.name}</a>`,
    )}</nav>
<form class="find" role="search" action="/search" method="get"><label class="unseen" for="find">Search requests</label><input id="find" type="search" name="q" value="${words}" placeholder="Search" maxlength="200" autocomplete="off"></form>
<div class="me"><a class="who p${colourOf(look, viewer.member)}" href="/people/${encodeURIComponent(viewer.member)}" title="${viewer.name}">${mark(look, viewer.member)}<span class="unseen">${viewer.name}</span></a><form method="post" action="/sign-out"><input type="hidden" name="csrf" value="${viewer.csrf}"><button class="quiet">Sign out</button></form></div></div></header>
${answerTo(told)}<main id="main" tabindex="-1" data-live="${about ?? (SLOW.includes(path) ? 'slow' : 'any')}">${body}</main>`,
  );
}

function answerTo(told: ToldAnswer | null): Html {
  if (told === null || told.paragraphs.length === 0) return NOTHING;
  return html`<section class="came" aria-label="What came of it"><div class="answer${told.carriedOut ? '' : ' warn'}" role="status">${told.paragraphs.map((text) => html`<p>${text}</p>`)}</div></section>`;
}

const isWithin = (path: string, place: string): boolean =>
  place === '/' ? path === '/' : path === place || path.startsWith(`${place}/`);

export function document(title: string, body: Html): string {
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex"><title>${title}</title><link rel="stylesheet" href="${STYLE_PATH}"><script defer src="${SCRIPT_PATH}"></script></head>
<body>${body}</body></html>
`.html;
}
