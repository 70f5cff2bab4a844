/** Mails that nothing could read: what is known of each, who answers for it, and what may be decided. */
import type { ParkedDetail, ParkedItem } from '../../../../app/ports/parked.ts';
import { sizeWords } from '../../../../domain/notices/parked.ts';
import { parkedEventWords } from '../../../../domain/parked/event-words.ts';
import { isOpen } from '../../../../domain/parked/parked.ts';
import { type Html, html } from '../../html.ts';
import type { Page } from './frame.ts';
import { inboxName, type Look, nameOf } from './look.ts';
import { orderFields } from './order-fields.ts';
import { dotted, empty, figure, linkedPerson, memberField, NOTHING, nobody, person } from './parts.ts';
import { ago, clockTime, untilThen } from './times.ts';

/** More wait only where something is broken as a whole, and then the list is not what helps. */
export const PARKED_MAX = 100;

export function parkedPage(look: Look, items: readonly ParkedItem[]): Page {
  const shown = items.slice(0, PARKED_MAX);
  const body = html`<h1>Not readable</h1>
<p class="lede">Mails that no reader of mails could take apart. Each waits for a person to look at it in the mailbox and to say what it is.</p>
${
  shown.length === 0
    ? empty(
        'Nothing waits.',
        'Every mail could be read. One that cannot be is never thrown away: it stands here.',
      )
    : html`<ul class="requests">${shown.map((item) => parkedLine(look, item))}</ul>`
}
${items.length > shown.length ? html`<p class="soft">And ${figure(items.length - shown.length)} more, of which <code>baton parked</code> tells.</p>` : NOTHING}`;
  return { title: 'Not readable', path: '/parked', body };
}

function parkedLine(look: Look, item: ParkedItem): Html {
  const { state } = item;
  return html`<li class="request"><h3><a href="/parked/${item.id}">${subjectOf(item)}</a></h3><p class="trouble">${sentence(item.why)}</p>
<p class="about">${dotted([writerOf(item), sizeWords(item.size), inboxName(look, item.inboxId)])}</p>
<p class="holder">${isOpen(state) ? person(look, state.accountable) : nobody('decided')}</p><p class="age">${ago(look, state.since)}</p></li>`;
}

export function parkedMailPage(look: Look, item: ParkedDetail, header: string): Page {
  const { state } = item;
  const body = html`<p class="small"><a href="/parked">All that could not be read</a></p><h1>${subjectOf(item)}</h1>
<p class="lede">${dotted([writerOf(item), inboxName(look, item.inboxId), html`came ${ago(look, item.receivedAt)}`])}</p>
<div class="story"><div class="holding"><section class="panel" aria-labelledby="who"><h2 id="who">${isOpen(state) ? 'Who answers for it' : 'It is decided'}</h2>
<p class="holds">${isOpen(state) ? linkedPerson(look, state.accountable) : nobody('Nobody needs to')}</p>
<p class="soft">since ${clockTime(look, state.accountableSince)}${isOpen(state) ? html`; the next step is ${untilThen(look, state.due)}` : NOTHING}</p>
<p class="answer warn">${sentence(item.why)}.${state.times > 1 ? ` It was tried ${state.times} times.` : ''}</p></section></div>
<aside aria-label="What can be done">${isOpen(state) ? decisions(look, item) : NOTHING}
<section class="panel"><h2>Where it lies</h2><dl class="facts"><dt>Folder</dt><dd>${item.folder}</dd><dt>Number there</dt><dd>${item.uid}</dd><dt>Arrived</dt><dd>${clockTime(look, item.receivedAt)}</dd><dt>Size</dt><dd>${sizeWords(item.size)}${item.whole ? '' : ', of which only the header was taken in'}</dd></dl></section></aside>
<div class="told"><section aria-labelledby="steps"><h2 id="steps">What happened</h2><ol class="timeline">${item.events
    .slice(-PARKED_MAX)
    .map(
      (event) =>
        html`<li>${clockTime(look, event.at)}<span>${parkedEventWords(event, (member) => nameOf(look, member))}</span></li>`,
    )}</ol></section>
<details class="panel folded" data-key="header"><summary>Its header, as far as it could be taken in</summary><div class="words">${header.trim() === '' ? 'There is none.' : header}</div></details></div></div>`;
  return { title: subjectOf(item), path: `/parked/${item.id}`, body };
}

const DECISIONS = [
  {
    verb: 'request',
    label: 'It is a request',
    hint: 'It becomes a request, and somebody is asked to take it.',
  },
  { verb: 'dismiss', label: 'It needs nothing', hint: 'Nobody hears of it again.' },
  {
    verb: 'retry',
    label: 'Read it once more',
    hint: 'Useful after Baton was updated, or when the mail server was ill.',
  },
] as const;

const decisions = (look: Look, item: ParkedDetail): Html =>
  html`<section class="panel verbs" aria-labelledby="do"><h2 id="do">What is it?</h2>${DECISIONS.map(
    ({ verb, label, hint }, index) =>
      html`<form method="post" action="/parked/${item.id}/orders">${orderFields(look, verb)}<button class="${index === 0 ? 'primary' : ''}" id="do-${verb}" aria-describedby="hint-${verb}">${label}</button> <span class="small soft" id="hint-${verb}">${hint}</span></form>`,
  )}${passOn(look, item)}</section>`;

const passOn = (look: Look, { id, state }: ParkedDetail): Html =>
  html`<details data-key="handoff"><summary>Have somebody else look</summary><form method="post" action="/parked/${id}/orders">${orderFields(look, 'handoff')}${memberField(
    { id: 'pass-on', name: 'to', label: 'Whom', first: null },
    [...look.policy.members.values()]
      .filter(({ id: member, active }) => active && !state.told.includes(member))
      .map(({ id: member, name }) => ({ value: member, label: name })),
  )}<button class="primary">Have them told</button></form></details>`;

const writerOf = ({ from: [first] }: ParkedItem): string =>
  first === undefined ? 'unknown sender' : first.name || first.address;

const subjectOf = ({ subject }: ParkedItem): string => subject || 'A mail whose subject could not be read';

const sentence = (why: string): string => {
  const bare = why.replace(/\.$/, '');
  return bare.charAt(0).toUpperCase() + bare.slice(1);
};
