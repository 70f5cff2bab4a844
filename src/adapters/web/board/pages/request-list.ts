/** A list of requests: what it is about, what is wrong with it, who answers for it, since when. */
import type { RequestLine } from '../../../../app/ports/requests.ts';
import { type Html, html } from '../../html.ts';
import { customerWord, inboxName, type Look, nameOf } from './look.ts';
import { dotted, NOTHING, nobody, person, tag } from './parts.ts';
import { ago, clockTime, forHowLong } from './times.ts';
import { isBad, troubleWords } from './trouble-words.ts';

export const requestList = (look: Look, requests: readonly RequestLine[]): Html =>
  html`<ul class="requests">${requests.map((request) => requestLine(look, request))}</ul>`;

/** In the order that they come in otherwise, which for what somebody is asked is the worst first. */
export const urgentFirst = (requests: readonly RequestLine[]): readonly RequestLine[] =>
  requests.toSorted((a, b) => Number(b.priority === 'urgent') - Number(a.priority === 'urgent'));

function requestLine(look: Look, request: RequestLine): Html {
  const { id, subject, stuck } = request;
  const bad = stuck !== null && isBad(stuck, look.now);
  return html`<li class="request${bad ? ' is-bad' : ''}"><h3><a href="/requests/${id}">${subject || '(no subject)'}</a></h3>
${stuck === null ? NOTHING : html`<p class="trouble">${troubleWords(stuck, look.now, customerWord(look, request.inboxId))}</p>`}
<p class="about">${about(look, request)}</p>${holder(look, request)}
<p class="age">opened ${ago(look, request.openedAt)}</p></li>`;
}

function about(look: Look, { id, customer, inboxId, category, priority }: RequestLine): Html {
  const inboxes = look.policy.inboxes.size > 1 ? inboxName(look, inboxId) : '';
  const kind = category === null ? '' : (look.policy.categories.get(category)?.name ?? category);
  return html`${priority === 'urgent' ? html`${tag('urgent', 'bad')} ` : NOTHING}<span>${dotted([`#${id}`, customer.name || customer.address || 'erased', kind, inboxes])}</span>`;
}

function holder(look: Look, { phase, accountable, since, owner, asked, lastEventAt }: RequestLine): Html {
  if (phase === 'done' || accountable === null)
    return html`<p class="holder">${nobody('done')}<span class="small">${owner === null ? NOTHING : html`${nameOf(look, owner)}, `}${clockTime(look, lastEventAt)}</span></p>`;
  const waits =
    asked === null
      ? html`for ${forHowLong(look, since)}`
      : html`asked: ${asked === look.viewer.member ? 'you' : nameOf(look, asked)}`;
  return html`<p class="holder">${person(look, accountable)}<span class="small">${waits}</span></p>`;
}
