/**
 * The mails of a request as text: what was newly written, then, folded, what was repeated of earlier ones. Nothing of a
 * mail is ever markup here; files are links that make a browser save them.
 */
import { noticeWords, oneLine, whyHeldBack } from '../../../../app/board-words.ts';
import { claimedWriter, whyNot } from '../../../../app/doubted-words.ts';
import type { BoardRequest, Gone, MailHeldBack, MailIn, MailOut } from '../../../../app/ports/board.ts';
import type { ConversationEvent } from '../../../../domain/conversation/events.ts';
import type { Instant } from '../../../../domain/instant.ts';
import { sizeWords } from '../../../../domain/notices/parked.ts';
import { type Html, html } from '../../html.ts';
import { type Look, nameOf } from './look.ts';
import { dotted, NOTHING, person } from './parts.ts';
import { clockTime } from './times.ts';

export type RequestMails = {
  /** The latest, oldest first. */
  readonly in: readonly MailIn[];
  readonly out: readonly Omit<MailOut, 'raw'>[];
  readonly heldBack: readonly MailHeldBack[];
};

/** So many of each are shown; the timeline tells of all. */
export const MAILS_MAX = 60;

/** A mail of megabytes is read in a mail program. */
const WORDS_MAX = 20_000;

export function mailsOf(look: Look, request: BoardRequest, mails: RequestMails): Html {
  const shown = [
    ...mails.in.filter(isStory).map((mail) => ({ at: mail.at, html: mailIn(look, request, mail) })),
    ...request.events.flatMap((event) => ourWords(look, request, event)),
  ].sort((a, b) => a.at - b.at);
  const cut =
    mails.in.length < MAILS_MAX ? NOTHING : html`<p class="soft small">Earlier mails are in the mailbox.</p>`;
  return html`<section aria-labelledby="mails"><h2 id="mails">What was written</h2>${cut}${shown.slice(-2 * MAILS_MAX).map((one) => one.html)}</section>
${besides(look, mails)}`;
}

function mailIn(look: Look, request: BoardRequest, mail: MailIn): Html {
  const { at, from, member, text, quoted, files, gone } = mail;
  const why = whyNot(mail.reason.code);
  const who =
    why !== null
      ? html`<span class="strong">${claimedWriter(from)}</span>`
      : member === null
        ? html`<span class="strong">${from.name || from.address || 'unknown sender'}</span>`
        : person(look, member);
  const details =
    why === null
      ? dotted([from.name !== '' && member === null ? from.address : '', aboutMail(mail)])
      : `${why}, so it had no effect`;
  return html`<article class="mail" id="mail-${mail.id}"><header><h3>${who}</h3><span class="soft small">${details}</span>${clockTime(look, at)}</header>
${wordsOf(text, gone)}
${
  files.length === 0
    ? NOTHING
    : html`<p class="files">${files.map(
        ({ at: place, name, size }) =>
          html`<a href="/requests/${request.id}/files/${mail.id}/${place}" download>${name} <span class="soft">${sizeWords(size)}</span></a>`,
      )}</p>`
}${
  quoted === ''
    ? NOTHING
    : html`<details data-key="quoted-${mail.id}"><summary>The rest of this mail</summary>${wordsOf(quoted, null)}</details>`
}</article>`;
}

/** What members order, and what machines report, is told by what came of it. */
const isStory = ({ disposition, member }: MailIn): boolean =>
  disposition === 'request' ||
  (disposition === 'follow-up' && member === null) ||
  disposition === 'teammate-reply';

/** Of a plain customer's mail there is nothing more to say. */
const aboutMail = ({ disposition, member, reason }: MailIn): string =>
  disposition === 'request' || disposition === 'follow-up' || member !== null
    ? ''
    : reason.sentence.replace(/\.$/, '');

function wordsOf(text: string, gone: Gone | null): Html {
  if (gone !== null) return html`<p class="words gone">${GONE[gone]}</p>`;
  if (text.trim() === '') return html`<p class="words gone">Nothing was written in it.</p>`;
  const cut = text.length > WORDS_MAX;
  return html`<div class="words" dir="auto">${withoutGaps(text.slice(0, WORDS_MAX))}</div>${cut ? html`<p class="words gone">It goes on; the rest is in the mailbox.</p>` : NOTHING}`;
}

/** Mails made of HTML come with gaps of many lines. */
const withoutGaps = (text: string): string =>
  text
    .trim()
    .split('\n')
    .filter((line, index, all) => line.trim() !== '' || all[index - 1]?.trim() !== '')
    .join('\n');

const GONE: Readonly<Record<Gone, string>> = {
  erased: 'These words were erased, because their person asked for it.',
  forgotten: 'These words are no longer kept: their time was over.',
};

/** What teammates wrote to the customer, and notes: their words, under their name. */
function ourWords(
  look: Look,
  { texts }: BoardRequest,
  event: ConversationEvent,
): { readonly at: Instant; readonly html: Html }[] {
  if (event.type !== 'replied' && event.type !== 'noted' && event.type !== 'held') return [];
  const id = event.type === 'noted' ? event.note : event.text;
  const what = { replied: 'answered', noted: 'left a note', held: 'wrote an answer that waits' }[event.type];
  const text = texts.get(id);
  return [
    {
      at: event.at,
      html: html`<article class="mail out" id="event-${event.seq}"><header><h3>${person(look, event.by)}</h3><span class="soft small">${what}</span>${clockTime(look, event.at)}</header>${wordsOf(text?.body ?? '', text === undefined ? 'erased' : null)}</article>`,
    },
  ];
}

/** Everything that went to and fro besides: one line each. */
function besides(look: Look, { in: came, out, heldBack }: RequestMails): Html {
  const all = [
    ...came
      .filter((mail) => !isStory(mail))
      .map(({ at, member, from, reason, text, gone }) => ({
        at,
        words: html`${member !== null ? nameOf(look, member) : whyNot(reason.code) === null ? from.name || from.address : claimedWriter(from)}: <span class="soft">${gone === null ? oneLine(text) : GONE[gone]}</span>`,
      })),
    ...out.map(({ at, kind, member, recipient }) => ({
      at,
      words: html`“${noticeWords(kind)}” to ${(member === null ? recipient : nameOf(look, member)) || 'an erased address'}`,
    })),
    ...heldBack.map(({ at, kind, recipient, brake }) => ({
      at,
      words: html`“${noticeWords(kind)}” to ${recipient || 'an erased address'} <span class="soft">${whyHeldBack(brake)}</span>`,
    })),
  ].sort((a, b) => a.at - b.at);
  if (all.length === 0) return NOTHING;
  return html`<details class="panel folded" data-key="besides"><summary>All other mails about it: ${all.length}</summary><ol class="timeline">${all
    .slice(-2 * MAILS_MAX)
    .map(({ at, words }) => html`<li>${clockTime(look, at)}<span>${words}</span></li>`)}</ol></details>`;
}
