/** The mailbox of one person as a plain mail program shows it: whom to be, what came, a mail, an answer, a new mail. */
import { timeWords } from '../../../domain/notices/times.ts';
import { type Html, html } from '../html.ts';
import type { Person, Playground, PostedMail } from './context.ts';

/** Who is who, and whose mailbox it is. */
export function people(playground: Playground, current: Person): Html {
  const all = playground.people();
  const group = (title: string, members: readonly Person[]) =>
    html`<div role="group" aria-label="${title}"><span class="soft small">${title}</span><ul>${members.map(
      (one) => chip(one, one.id === current.id),
    )}</ul></div>`;
  return html`<nav class="people" aria-label="Whose mail">${group(
    'Tenants',
    all.filter(({ member }) => member === null),
  )}${group(
    'Teammates',
    all.filter(({ member }) => member !== null),
  )}</nav>`;
}

function chip({ id, name, about, unread }: Person, isCurrent: boolean): Html {
  const [first = name] = name.split(' ');
  const count =
    unread === 0 ? html`` : html` <span class="unread">${unread}<span class="unseen"> unread</span></span>`;
  return html`<li><a href="/playground/${id}" title="${name}, ${about}"${
    isCurrent ? html` aria-current="page"` : html``
  }>${first}${count}</a></li>`;
}

export function mailbox(playground: Playground, person: Person): Html {
  const mails = playground.mailsOf(person.id);
  const rows = mails.map((mail) => row(playground, person, mail));
  return html`${heading(person, true)}
${
  rows.length === 0
    ? html`<p class="empty"><strong>No mail yet</strong>${person.name} has received nothing so far.</p>`
    : html`<ul class="letters">${rows}</ul>`
}`;
}

function heading(person: Person, mayWrite: boolean): Html {
  const write = mayWrite
    ? html`<a class="button${person.member === null ? ' primary' : ''}" href="/playground/${person.id}/write">Write a mail</a>`
    : html``;
  return html`<header class="owner"><div><h1>${person.name}</h1><p class="soft small">${person.about} · ${person.address}</p></div>${write}</header>`;
}

function row({ now, timeZone }: Playground, { id }: Person, mail: PostedMail): Html {
  const isOut = mail.direction === 'out';
  const who = isOut
    ? `To ${mail.to.name || mail.to.address.replace(/\+[^@]*/, '')}`
    : mail.from.name || mail.from.address;
  const state = mail.isRead ? '' : ' is-unread';
  return html`<li class="letter${isOut ? ' is-sent' : ''}${state}"><a href="/playground/${id}/mails/${mail.id}"><span class="from">${
    mail.isRead ? html`` : html`<span class="unseen">Unread: </span>`
  }${who}</span><time>${timeWords(mail.at, now(), timeZone)}</time>
<span class="subject">${mail.subject || '(no subject)'}</span><span class="snippet">${snippet(mail.text)}</span></a></li>`;
}

const SNIPPET_MAX = 160;

const snippet = (text: string): string =>
  [
    ...text
      .slice(0, 4 * SNIPPET_MAX)
      .replace(/\s+/g, ' ')
      .trim(),
  ]
    .slice(0, SNIPPET_MAX)
    .join('');

export type Reading = {
  readonly mail: PostedMail;
  readonly hasHtml: boolean;
  /** What is filled in below it. */
  readonly draft: string;
};

export function reading(playground: Playground, person: Person, { mail, hasHtml, draft }: Reading): Html {
  const { now, timeZone } = playground;
  const path = `/playground/${person.id}/mails/${mail.id}`;
  const other = mail.direction === 'in' ? mail.from : mail.to;
  const text = html`<pre class="words">${mail.text}</pre>`;
  const shown = hasHtml
    ? html`<iframe class="shown" title="The mail, as a mail program shows it" src="${path}/shown" sandbox="allow-same-origin" data-fits></iframe>
<details><summary>As plain text</summary>${text}</details>`
    : text;
  return html`<p class="back"><a href="/playground/${person.id}">← ${person.name}’s mail</a></p>
<article class="mail"><header><h1>${mail.subject || '(no subject)'}</h1>
<p class="soft small">${mail.direction === 'in' ? 'From' : 'To'} <strong>${other.name || other.address}</strong>${
    other.name === '' ? html`` : html` &lt;${other.address}&gt;`
  } · <time>${timeWords(mail.at, now(), timeZone)}</time></p></header>
${shown}</article>
${mail.direction === 'in' ? answerForm(playground, person, mail, draft) : html``}`;
}

function answerForm({ csrf }: Playground, person: Person, mail: PostedMail, draft: string): Html {
  const path = `/playground/${person.id}/mails/${mail.id}`;
  const proposals = mail.answers.map(
    (words, index) =>
      html`<li><a class="button" href="${path}?answer=${index}#answer" data-fills="${words}">${oneLine(words)}</a></li>`,
  );
  return html`<form class="write" method="post" action="/playground/${person.id}/mails" id="answer">
<input type="hidden" name="csrf" value="${csrf}"><input type="hidden" name="answers" value="${mail.id}">
<label for="text">Answer as ${person.name}</label>
${proposals.length === 0 ? html`` : html`<ul class="proposals" aria-label="Fill in">${proposals}</ul>`}
<textarea id="text" name="text" rows="4" required maxlength="20000">${draft}</textarea>
<p class="foot"><button class="primary">Send</button><span class="soft small">The mail above is quoted below your words, as mail programs do.</span></p></form>`;
}

const oneLine = (words: string): string => {
  const [first = ''] = words.split('\n');
  return first === words ? first : `${first} …`;
};

export type Draft = { readonly to: string; readonly subject: string; readonly text: string };

export function writing(playground: Playground, person: Person, draft: Draft): Html {
  const { csrf, inboxes, examples } = playground;
  const samples = person.member === null ? examples : [];
  return html`<p class="back"><a href="/playground/${person.id}">← ${person.name}’s mail</a></p>
<form class="write" method="post" action="/playground/${person.id}/mails"><h1>A new mail from ${person.name}</h1>
<input type="hidden" name="csrf" value="${csrf}">
${
  samples.length === 0
    ? html``
    : html`<p class="soft small">For example:</p><ul class="proposals">${samples.map(
        ({ id, name }) =>
          html`<li><a class="button" href="/playground/${person.id}/write?example=${id}">${name}</a></li>`,
      )}</ul>`
}
<label for="to">To</label><select id="to" name="to">${inboxes.map(
    ({ address }) => html`<option${address === draft.to ? html` selected` : html``}>${address}</option>`,
  )}</select>
<label for="subject">Subject</label><input id="subject" name="subject" maxlength="300" value="${draft.subject}" autocomplete="off">
<label for="text">What ${person.name} writes</label><textarea id="text" name="text" rows="9" required maxlength="20000">
${draft.text}</textarea>
<p class="foot"><button class="primary">Send</button></p></form>`;
}
