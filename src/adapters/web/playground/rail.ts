/** Beside the board and the mails: what time it is, what to try, and what came of what was done last. */
import { toDate } from '../../../domain/instant.ts';
import { timeWords } from '../../../domain/notices/times.ts';
import { type Html, html } from '../html.ts';
import type { Deed, Happened, Playground, Skip } from './context.ts';
import { guide } from './guide.ts';

export function rail(playground: Playground): Html {
  return html`${clock(playground)}${guide(playground)}${latest(playground)}`;
}

const BUTTONS: readonly { readonly skip: Skip; readonly words: string }[] = [
  { skip: 'hour', words: '1 hour' },
  { skip: 'four-hours', words: '4 hours' },
  { skip: 'tomorrow', words: 'to tomorrow, 9:00' },
];

function clock(playground: Playground): Html {
  const { timeZone, now, csrf, latest: deed } = playground;
  const isRunning = deed()?.isRunning === true;
  const at = toDate(now());
  const day = new Intl.DateTimeFormat('en-GB', { timeZone, weekday: 'long', day: 'numeric', month: 'long' });
  const time = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    hour: 'numeric',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  const wanted = playground.progress();
  const next = wanted.wrote && wanted.answered ? (wanted.skipped ? 'tomorrow' : 'four-hours') : null;
  return html`<section class="clock" aria-label="The time here"><p class="day">${day.format(at)}</p>
<p class="time"><time datetime="${at.toISOString()}">${time.format(at).replace(/^0/, '')}</time></p>
<form method="post" action="/playground/time"><input type="hidden" name="csrf" value="${csrf}">
<p class="unseen">Let time go by:</p><div class="skips"><span aria-hidden="true">Skip</span>${BUTTONS.map(
    ({ skip, words }) =>
      html`<button name="skip" value="${skip}"${skip === next ? html` class="primary"` : html``}${
        isRunning ? html` disabled` : html``
      }>${words}</button>`,
  )}</div></form></section>`;
}

function latest({ latest: deedOf, now, timeZone }: Playground): Html {
  const deed = deedOf();
  if (deed === null) return html``;
  const lines = deed.happened.toReversed().map((one) => line(one, (at) => timeWords(at, now(), timeZone)));
  const none = deed.isRunning ? 'Watching what follows…' : 'Nothing has followed from it yet.';
  return html`<section class="deed" aria-live="polite"><h2>${deed.what}</h2>
<p class="soft small">${sum(deed)}</p>
${lines.length === 0 ? html`<p class="soft small">${none}</p>` : html`<ol>${lines}</ol>`}</section>`;
}

function sum({ overTime, happened, isRunning }: Deed): string {
  if (isRunning) return overTime ? 'Time goes by. Each thing happens at its time:' : 'What follows:';
  const count = happened.length === 1 ? '1 thing' : `${happened.length} things`;
  return overTime ? `${count} happened meanwhile, the latest first:` : 'What has happened since:';
}

function line({ at, text, request }: Happened, words: (at: number) => string): Html {
  const [subject = '', ...rest] = request === null ? ['', text] : text.split(': ');
  const said = rest.join(': ');
  const link =
    request === null
      ? html``
      : html`<a href="/requests/${request}" target="board"><span class="soft">#${request}</span> ${subject}</a> `;
  return html`<li><time>${words(at)}</time><div>${link}${said}</div></li>`;
}
