/** One request: who answers for it, since when and why; what waits; what can be done; what was written; all that happened. */

import { happenings, type Names, whoAnswers } from '../../../../app/board-words.ts';
import type { BoardRequest } from '../../../../app/ports/board.ts';
import { unreachedSince } from '../../../../domain/conversation/state.ts';
import { attentionOf } from '../../../../domain/digest/attention.ts';
import type { Instant } from '../../../../domain/instant.ts';
import { mentionsIn } from '../../../../domain/reason.ts';
import { type Html, html } from '../../html.ts';
import type { Page } from './frame.ts';
import { ledgerBar } from './ledger-bar.ts';
import { customerWord, inboxName, type Look, nameOf } from './look.ts';
import { mailsOf, type RequestMails } from './mails.ts';
import { dotted, linkedPerson, NOTHING, nobody, tag } from './parts.ts';
import { ago, clockTime } from './times.ts';
import { isBad, troubleWords } from './trouble-words.ts';
import { verbForms } from './verbs.ts';
import { waitsNext } from './waits.ts';

export function requestPage(look: Look, request: BoardRequest, mails: RequestMails): Page {
  const { id, state } = request;
  const subject = subjectOf(request);
  const body = html`<p class="small"><a href="/">All requests</a></p>
<h1>${subject}</h1><p class="lede">${about(look, request, Math.min(state.openedAt, ...mails.in.map(({ at }) => at)))}</p>
<div class="story"><div class="holding">${whoHasIt(look, request)}</div>
<aside aria-label="What can be done">${verbForms(look, request)}${waitsNext(look, state)}${whyThere(look, request)}</aside>
<div class="told">${mailsOf(look, request, mails)}${timeline(look, request, mails)}</div></div>`;
  return { title: `#${id} ${subject}`, path: `/requests/${id}`, body, about: id };
}

const GONE = { erased: '(erased)', forgotten: '(no longer kept)' } as const;

const subjectOf = ({ subject, gone }: BoardRequest): string =>
  gone !== null ? GONE[gone] : subject || '(no subject)';

/** `came`: before its opening, where a look back found it. */
function about(look: Look, request: BoardRequest, came: Instant): Html {
  const { id, customer, inboxId, state, gone } = request;
  const { category = null, priority = 'normal' } = state.classified ?? {};
  const whom =
    gone !== null
      ? GONE[gone]
      : customer.name === ''
        ? customer.address
        : html`${customer.name} <span class="small">${customer.address}</span>`;
  return html`${priority === 'urgent' ? html`${tag('urgent', 'bad')} ` : NOTHING}${dotted([
    `#${id}`,
    whom,
    category === null ? '' : (look.policy.categories.get(category)?.name ?? category),
    look.policy.inboxes.size > 1 ? inboxName(look, inboxId) : '',
    html`came ${ago(look, came)}`,
  ])}`;
}

function whoHasIt(look: Look, request: BoardRequest): Html {
  const { who, since, why } = whoAnswers(request, namesOf(look));
  return html`<section class="panel" aria-labelledby="who"><h2 id="who">${who === null ? 'It is done' : 'Who answers for it'}</h2>
<p class="holds">${who === null ? nobody('Nobody needs to') : linkedPerson(look, who)}</p>
<p class="soft">since ${clockTime(look, since)}: ${why}</p>
${troubles(look, request)}${ledgerBar(look, request.ledger)}</section>`;
}

const namesOf =
  (look: Look): Names =>
  (id) =>
    nameOf(look, id);

function troubles(look: Look, { state }: BoardRequest): Html {
  const customer = customerWord(look, state.inboxId);
  const all = attentionOf(state);
  const closed =
    unreachedSince(state) === null
      ? NOTHING
      : html`<p class="answer bad">Mail to this address comes back: nothing goes there until somebody says so.</p>`;
  return html`${all.map((trouble) => html`<p class="answer ${isBad(trouble, look.now) ? 'bad' : 'warn'}">${troubleWords(trouble, look.now, customer)}.</p>`)}${closed}`;
}

/** Words of a mail that spoke for a guess are the writer's own: as text, and few. */
function whyThere(look: Look, { state, because }: BoardRequest): Html {
  const { classified } = state;
  if (classified === null) return NOTHING;
  const { reason, previousOwner, proposal } = classified;
  const sentence = mentionsIn(reason.sentence, (id) => id === previousOwner)
    .map((part) => ('member' in part ? nameOf(look, part.member) : part.text))
    .join('');
  const words =
    because.length === 0
      ? NOTHING
      : html`<p class="small">What spoke for it: ${because.map((word) => html`${tag(word)} `)}</p>`;
  const guesses = proposal?.guesses ?? [];
  return html`<section class="panel"><h2>Why it went there</h2><p>${sentence}</p>${words}${
    guesses.length === 0
      ? NOTHING
      : html`<dl class="facts">${guesses.map(({ category, probability }) => html`<dt>${look.policy.categories.get(category)?.name ?? category}</dt><dd>${Math.round(probability * 100)} %</dd>`)}</dl>`
  }</section>`;
}

/** More than anybody reads; what came first and what came last is told. */
const STEPS_MAX = 300;

function timeline(look: Look, request: BoardRequest, mails: RequestMails): Html {
  const steps = happenings(request, namesOf(look), 0, mails.in);
  const shown = steps.slice(-STEPS_MAX);
  const cut =
    steps.length > shown.length
      ? html`<p class="soft small">The ${steps.length - shown.length} steps before are not shown.</p>`
      : NOTHING;
  return html`<section aria-labelledby="steps"><h2 id="steps">What happened</h2>${cut}<ol class="timeline">${shown.map(
    ({ at, text }) => html`<li>${clockTime(look, at)}<span>${text}</span></li>`,
  )}</ol></section>`;
}
