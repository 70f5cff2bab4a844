/** Whether mail flows: each inbox, what came in and went out by the hour, and what is in the way. */
import type { InboxFlow } from '../../../../app/ports/mail-flow.ts';
import type { OpenOutage } from '../../../../app/ports/outages.ts';
import { alarmWhat } from '../../../../domain/alarm-words.ts';
import { MINUTE } from '../../../../domain/instant.ts';
import { lateness } from '../../../../domain/notices/durations.ts';
import { timeWords } from '../../../../domain/notices/times.ts';
import { reasonWithCode } from '../../../../domain/trouble-codes.ts';
import { type Html, html } from '../../html.ts';
import type { Page } from './frame.ts';
import { inboxName, type Look } from './look.ts';
import { counted, empty, NOTHING, tag } from './parts.ts';
import { ago } from './times.ts';

export function flowPage(look: Look, flows: readonly InboxFlow[], outages: readonly OpenOutage[]): Page {
  const known = flows.filter(({ inboxId }) => look.policy.inboxes.has(inboxId));
  const flowing = outages.length === 0 && known.every(({ connected }) => connected);
  const body = html`<h1>Mail</h1>
<p class="lede">${known.length === 0 ? 'No inbox has been watched yet.' : flowing ? 'Mail comes in and goes out.' : 'Something is in the way of mail.'}</p>
${outages.map((outage) => html`<p class="answer bad">${outageWords(look, outage)}, for ${lateness(look.now - outage.since)}.${outage.code === null ? '' : ` What is known: ${reasonWithCode(outage.code)}.`}</p>`)}
${known.length === 0 ? empty('Nothing is watched.', 'When a worker looks at a mailbox for the first time, it stands here.') : html`<div class="plots">${known.map((flow) => inbox(look, flow))}</div>`}`;
  return { title: 'Mail', path: '/flow', body };
}

function outageWords(look: Look, { kind, inboxId }: OpenOutage): string {
  const words = alarmWhat(kind, inboxName(look, inboxId));
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function inbox(look: Look, flow: InboxFlow): Html {
  const { inboxId, connected, polledAt, lastMailAt, lastSentAt, lag, hours } = flow;
  const [came, went] = [sumOf(hours, 'in'), sumOf(hours, 'out')];
  return html`<figure class="panel"><figcaption>${inboxName(look, inboxId)} ${connected ? tag('connected', 'good') : tag('not connected', 'bad')}</figcaption>
<dl class="facts"><dt>Asked</dt><dd>${polledAt === null ? 'never' : ago(look, polledAt)}</dd><dt>Last mail in</dt><dd>${lastMailAt === null ? 'none within a day' : ago(look, lastMailAt)}</dd><dt>Last mail out</dt><dd>${lastSentAt === null ? 'none within a day' : ago(look, lastSentAt)}</dd>${
    lag < MINUTE ? NOTHING : html`<dt>Waits</dt><dd>${tag(`for ${lateness(lag)}`, 'warn')}</dd>`
  }</dl>
${hourBars(look, hours, `In the last day ${counted(came, 'mail')} came in and ${went} went out.`)}
<p class="key"><span>came in: ${came}</span><span class="other">went out: ${went}</span></p></figure>`;
}

const sumOf = (hours: InboxFlow['hours'], of: 'in' | 'out'): number =>
  hours.reduce((sum, hour) => sum + hour[of], 0);

const WIDTH = 480;
const HEIGHT = 130;
const BOTTOM = 20;

function hourBars(look: Look, hours: InboxFlow['hours'], words: string): Html {
  const most = Math.max(1, ...hours.flatMap((hour) => [hour.in, hour.out]));
  const step = WIDTH / Math.max(1, hours.length);
  const tall = (value: number): string => ((value / most) * (HEIGHT - BOTTOM - 12)).toFixed(1);
  const top = (value: number): string => (HEIGHT - BOTTOM - Number(tall(value))).toFixed(1);
  const bar = (kind: string, x: number, value: number): Html =>
    value === 0
      ? NOTHING
      : html`<rect class="${kind}" x="${x.toFixed(1)}" y="${top(value)}" width="${(step * 0.36).toFixed(1)}" height="${tall(value)}" rx="1.5"/>`;
  const bars = hours.map(({ from, in: came, out }, index) => {
    const x = index * step + step * 0.1;
    const clock = timeWords(from, look.now, look.viewer.timeZone);
    const label =
      index % 6 === 0 ? html`<text x="${x.toFixed(1)}" y="${HEIGHT - 5}">${clock}</text>` : NOTHING;
    return html`<g><title>${clock}: ${came} in, ${out} out</title>${bar('one', x, came)}${bar('other', x + step * 0.42, out)}</g>${label}`;
  });
  return html`<svg class="plot" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${words}"><line class="grid" x1="0" x2="${WIDTH}" y1="${HEIGHT - BOTTOM}" y2="${HEIGHT - BOTTOM}"/><text class="end" x="${WIDTH}" y="10">at most ${most} an hour</text>${bars}</svg>`;
}
