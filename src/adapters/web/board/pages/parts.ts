/** What pages are put together from. */
import type { MemberId } from '../../../../domain/ids.ts';
import { type Html, html } from '../../html.ts';
import { colourOf, initialsOf, type Look, nameOf } from './look.ts';

export const NOTHING: Html = html``;

/** A person: a mark in their colour with their initials, and the name, so that nobody is told by a colour alone. */
export const person = (look: Look, id: MemberId, more = ''): Html =>
  html`<span class="who p${colourOf(look, id)}${more}">${mark(look, id)}<span>${nameOf(look, id)}</span></span>`;

export const linkedPerson = (look: Look, id: MemberId): Html =>
  html`<a class="who p${colourOf(look, id)}" href="/people/${encodeURIComponent(id)}">${mark(look, id)}<span>${nameOf(look, id)}</span></a>`;

export const mark = (look: Look, id: MemberId): Html =>
  html`<span class="mark" aria-hidden="true">${initialsOf(nameOf(look, id))}</span>`;

export const nobody = (words: string): Html =>
  html`<span class="who nobody"><span class="mark" aria-hidden="true">–</span><span>${words}</span></span>`;

export const tag = (words: string, kind: '' | 'warn' | 'bad' | 'good' = ''): Html =>
  html`<span class="tag ${kind}">${words}</span>`;

export const empty = (what: string, more: string | Html): Html =>
  html`<div class="empty"><strong>${what}</strong> ${more}</div>`;

/** Parts with a dot between them; what is empty is left out. */
export function dotted(parts: readonly (Html | string)[]): Html {
  const there = parts.filter((part) => (typeof part === 'string' ? part : part.html) !== '');
  return html`${there.map((part, index) => html`${index === 0 ? '' : ' · '}${part}`)}`;
}

export const counted = (count: number, one: string, many = `${one}s`): string =>
  `${figure(count)} ${count === 1 ? one : many}`;

const figures = new Intl.NumberFormat('en-GB');
/** `12,345`. */
export const figure = (count: number): string => figures.format(count);

/** A bar of a list, as a share of the longest. Widths are attributes of SVG: the page's policy allows no inline style. */
export const shareBar = (value: number, most: number, colour = ''): Html =>
  html`<svg class="${colour}" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true"><rect class="rest" width="100" height="4"/><rect width="${((value / Math.max(1, most)) * 100).toFixed(1)}" height="4"/></svg>`;

/** Where the next screen begins, with everything that was asked for. */
export function nextPage(path: string, asked: Readonly<Record<string, string>>, next: string | null): Html {
  if (next === null) return NOTHING;
  return html`<nav class="pager" aria-label="More"><a class="button" rel="next" href="${address(path, { ...asked, after: next })}">Show more</a></nav>`;
}

/** What is empty is left out. */
export function address(path: string, asked: Readonly<Record<string, string>>): string {
  const query = new URLSearchParams(Object.entries(asked).filter(([, value]) => value !== ''));
  return query.size === 0 ? path : `${path}?${query}`;
}

export type Option = { readonly value: string; readonly label: string };

export const choice = (name: string, label: string, options: readonly Option[], chosen: string): Html =>
  html`<div><label for="f-${name}">${label}</label><select id="f-${name}" name="${name}">${options.map(
    ({ value, label: words }) =>
      value === chosen
        ? html`<option value="${value}" selected>${words}</option>`
        : html`<option value="${value}">${words}</option>`,
  )}</select></div>`;
