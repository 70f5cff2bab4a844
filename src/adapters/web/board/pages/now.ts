/** The first page: what is open, who has it, and what is stuck, which comes first. */
import type { RequestCounts, RequestList, RequestQuestion } from '../../../../app/ports/requests.ts';
import type { InboxId, MemberId } from '../../../../domain/ids.ts';
import { type Html, html } from '../../html.ts';
import type { Page } from './frame.ts';
import { colourOf, inboxName, isManager, type Look, nameOf } from './look.ts';
import {
  address,
  choice,
  counted,
  dotted,
  empty,
  figure,
  linkedPerson,
  NOTHING,
  nextPage,
  type Option,
  shareBar,
} from './parts.ts';
import { requestList } from './request-list.ts';

export type NowAsked = {
  readonly show: RequestQuestion['show'];
  readonly inbox: InboxId | '';
  readonly of: MemberId | '';
  readonly after: string;
};

export type NowData = {
  readonly counts: RequestCounts;
  /** What the viewer is asked to take, on the first screen alone. */
  readonly asked: RequestList;
  /** What is stuck, on the first screen alone. */
  readonly stuck: RequestList;
  readonly list: RequestList;
};

export function nowPage(look: Look, asked: NowAsked, data: NowData): Page {
  const { counts, stuck, list } = data;
  const rows = list.requests;
  const title = HEADINGS[asked.show];
  const query = { show: asked.show === 'open' ? '' : asked.show, inbox: asked.inbox, of: asked.of };
  const body = html`<h1>${title}</h1>
<p class="lede">${lede(look, counts)}</p>
<div class="two"><div>${filters(look, asked)}
${section('You are asked to take', 'asked', look, data.asked, NOTHING)}
${section(
  'Stuck',
  'stuck',
  look,
  stuck,
  stuck.next === null
    ? NOTHING
    : html`<p><a href="${address('/', { ...query, show: 'stuck' })}">All that are stuck</a></p>`,
)}
<section aria-labelledby="list"><h2 id="list">${listHeading(asked, stuck, data.asked)}</h2>
${rows.length === 0 ? nothingThere(asked, stuck) : requestList(look, rows)}${nextPage('/', query, list.next)}</section></div>
<aside aria-label="Who has what">${load(look, counts)}${inboxes(look, counts)}</aside></div>`;
  return { title, path: '/', body };
}

const HEADINGS: Readonly<Record<NowAsked['show'], string>> = {
  open: 'Now',
  unowned: 'Nobody has accepted these',
  stuck: 'Stuck',
  done: 'Done',
  all: 'All requests',
};

function lede(look: Look, { open, unowned, stuck }: RequestCounts): string {
  const whose = isManager(look) ? '' : ' of yours and your teams';
  if (open === 0) return `Nothing${whose} is open. Whatever comes in next stands here within seconds.`;
  const each = open === 1 ? 'with one person who answers for it' : 'each with one person who answers for it';
  const is = (count: number): string => (count === 1 ? 'is' : 'are');
  const asked = unowned === 0 ? '' : ` ${figure(unowned)} ${is(unowned)} not accepted yet.`;
  const wrong =
    stuck === 0
      ? ' Nothing is stuck.'
      : ` ${figure(stuck)} ${is(stuck)} stuck, and stand${stuck === 1 ? 's' : ''} first.`;
  return `${counted(open, 'request')}${whose} ${is(open)} open, ${each}.${asked}${wrong}`;
}

const section = (heading: string, id: string, look: Look, list: RequestList, more: Html): Html =>
  list.requests.length === 0
    ? NOTHING
    : html`<section aria-labelledby="${id}"><h2 id="${id}">${heading}</h2>${requestList(look, list.requests)}${more}</section>`;

function listHeading({ show, after }: NowAsked, stuck: RequestList, asked: RequestList): string {
  if (after !== '') return 'Further on';
  if (show === 'done') return 'The latest first';
  if (show === 'stuck') return 'The worst first';
  const isRest = stuck.requests.length + asked.requests.length > 0;
  return isRest ? 'Everything else, longest without news first' : 'Longest without news first';
}

function nothingThere({ show, inbox, of }: NowAsked, stuck: RequestList): Html {
  if (stuck.requests.length > 0) return empty('That is all.', 'Everything else is done.');
  if (inbox !== '' || of !== '')
    return empty(
      'Nothing here.',
      html`No request fits what was chosen. <a href="/">Show everything that is open</a>`,
    );
  if (show === 'done')
    return empty('Nothing is done yet.', 'What is finished stands here, the latest first.');
  if (show === 'stuck') return empty('Nothing is stuck.', 'Every request goes its way.');
  if (show === 'unowned')
    return empty('Everything is accepted.', 'Each request has somebody who said yes to it.');
  return empty('All done.', 'When a mail comes in, it stands here with the person who answers for it.');
}

function filters(look: Look, { show, inbox, of }: NowAsked): Html {
  const { policy } = look;
  const people = [...policy.members.values()]
    .filter(({ active }) => active)
    .map(({ id, name }): Option => ({ value: id, label: name }))
    .sort((a, b) => a.label.localeCompare(b.label));
  const inboxes = [...policy.inboxes.keys()].map((id): Option => ({ value: id, label: inboxName(look, id) }));
  return html`<form class="filters" method="get" action="/">${choice('show', 'Show', SHOWN, show)}
${inboxes.length < 2 ? NOTHING : choice('inbox', 'Inbox', [{ value: '', label: 'All inboxes' }, ...inboxes], inbox)}
${choice('of', 'Person', [{ value: '', label: 'Everybody' }, ...people], of)}
<button>Show</button></form>`;
}

const SHOWN: readonly (Option & { readonly value: NowAsked['show'] })[] = [
  { value: 'open', label: 'Open' },
  { value: 'stuck', label: 'Stuck' },
  { value: 'unowned', label: 'Not accepted' },
  { value: 'done', label: 'Done' },
  { value: 'all', label: 'Open and done' },
];

/** A team of hundreds is looked through on its own page. */
const PEOPLE_MAX = 15;

function load(look: Look, { byMember }: RequestCounts): Html {
  const busy = byMember
    .filter(({ answersFor, asked }) => answersFor + asked > 0)
    .toSorted(
      (a, b) => b.answersFor - a.answersFor || nameOf(look, a.member).localeCompare(nameOf(look, b.member)),
    );
  if (busy.length === 0) return NOTHING;
  const most = busy[0]?.answersFor ?? 0;
  return html`<section class="panel"><h2>Who has what</h2><ul class="counts">${busy
    .slice(0, PEOPLE_MAX)
    .map(
      ({ member, answersFor, asked, stuck }) =>
        html`<li>${linkedPerson(look, member)}<b>${figure(answersFor)}</b>${shareBar(answersFor, most, `p${colourOf(look, member)}`)}${figures(stuck, asked)}</li>`,
    )}</ul>${busy.length > PEOPLE_MAX ? html`<p class="small"><a href="/people">Everybody</a></p>` : NOTHING}</section>`;
}

function figures(stuck: number, asked: number): Html {
  const words = [
    stuck === 0 ? '' : `${figure(stuck)} stuck`,
    asked === 0 ? '' : `asked to take ${figure(asked)}`,
  ];
  return words.every((one) => one === '') ? NOTHING : html`<span class="figures">${dotted(words)}</span>`;
}

function inboxes(look: Look, { byInbox }: RequestCounts): Html {
  if (byInbox.length < 2) return NOTHING;
  const most = Math.max(...byInbox.map(({ open }) => open));
  return html`<section class="panel"><h2>By inbox</h2><ul class="counts">${byInbox.map(
    ({ inbox, open, stuck }) =>
      html`<li><a href="${address('/', { inbox })}">${inboxName(look, inbox)}</a><b>${figure(open)}</b>${shareBar(open, most)}${figures(stuck, 0)}</li>`,
  )}</ul></section>`;
}
