/** Mail of ours that did not arrive, was held back, or waits for another try: to whom, about what, and why. */
import { noticeWords } from '../../../../app/board-words.ts';
import type { OutboxCounts, OutboxLine, OutboxPart } from '../../../../app/ports/outbox-list.ts';
import { fateWords } from '../../../../domain/sending-words.ts';
import { type Html, html } from '../../html.ts';
import type { Page } from './frame.ts';
import { type Look, nameOf } from './look.ts';
import { empty, figure, NOTHING } from './parts.ts';
import { ago, clockTime, untilThen } from './times.ts';

export const OUTBOX_MAX = 50;

export type OutboxShown = {
  readonly counts: OutboxCounts;
  readonly lines: Readonly<Record<OutboxPart, readonly OutboxLine[]>>;
};

const PARTS: readonly {
  readonly part: OutboxPart;
  readonly heading: string;
  readonly about: string;
}[] = [
  { part: 'failed', heading: 'Given up', about: 'No mail server took them, and no further try is made.' },
  { part: 'returned', heading: 'Came back', about: 'A mail server took them, and then they came back.' },
  {
    part: 'capped',
    heading: 'Held back',
    about: 'Automatic mails beyond what the caps allow: nobody got them.',
  },
  {
    part: 'unconfirmed',
    heading: 'Not sent: no confirmation before',
    about: 'A customer who never got a confirmation is told nothing else by a machine.',
  },
  {
    part: 'repeated',
    heading: 'Not sent: said already',
    about: 'The same mail was confirmed within a week before.',
  },
  { part: 'pending', heading: 'On their way', about: 'They go out, or are tried again, by themselves.' },
];

export function outboxPage(look: Look, { counts, lines }: OutboxShown): Page {
  const bad = counts.failed + counts.returned;
  const isQuiet = PARTS.every(({ part }) => lines[part].length === 0);
  const body = html`<h1>Not delivered</h1>
<p class="lede">${bad === 0 ? 'Every mail that Baton sent was taken.' : `${figure(bad)} ${bad === 1 ? 'mail' : 'mails'} did not arrive.`} ${figure(counts.pending)} on ${counts.pending === 1 ? 'its' : 'their'} way${counts.retrying === 0 ? '' : `, ${figure(counts.retrying)} tried in vain so far`}.</p>
${isQuiet ? empty('Nothing to look at.', 'A mail that cannot be delivered stands here, with what the other side said.') : NOTHING}
${PARTS.filter(({ part }) => lines[part].length > 0).map(
  ({ part, heading, about }) =>
    html`<section aria-labelledby="${part}"><h2 id="${part}">${heading}</h2><p class="soft small">${about}${lines[part].length === OUTBOX_MAX && part !== 'pending' ? ` The latest ${OUTBOX_MAX} are shown.` : ''}</p>${table(look, part, lines[part])}</section>`,
)}`;
  return { title: 'Not delivered', path: '/outbox', body };
}

const table = (look: Look, part: OutboxPart, lines: readonly OutboxLine[]): Html =>
  html`<div class="sheet"><table class="table folds" aria-labelledby="${part}"><thead><tr><th scope="col">To</th><th scope="col">What</th><th scope="col">Request</th><th scope="col">Why</th><th scope="col">When</th></tr></thead><tbody>${lines.map((line) => row(look, line))}</tbody></table></div>`;

const row = (look: Look, line: OutboxLine): Html =>
  html`<tr><td>${line.member === null ? line.recipient || html`<span class="gone">not known, or erased</span>` : nameOf(look, line.member)}</td><td>${noticeWords(line.kind)}</td><td>${line.conversationId === null ? html`<span class="soft">none</span>` : html`<a href="/requests/${line.conversationId}">#${line.conversationId}</a>`}</td><td>${whyWords(line)}</td><td>${when(look, line)}</td></tr>`;

function when(look: Look, { endedAt, nextTryAt, createdAt }: OutboxLine): Html {
  if (endedAt !== null) return clockTime(look, endedAt);
  if (nextTryAt !== null) return html`tried ${untilThen(look, nextTryAt)}`;
  return html`written ${ago(look, createdAt)}`;
}

function whyWords(line: OutboxLine): string {
  const words = fateWords(line) ?? 'waits for its turn';
  return line.tries > 1 ? `${words} (tried ${line.tries} times)` : words;
}
