/** The first things to try, which tick themselves off as a visitor does them. */
import { type Html, html } from '../html.ts';
import type { Playground, Progress } from './context.ts';

type Step = {
  readonly what: string;
  readonly why: string;
  /** Where to do it; null: with the buttons of the clock, right below. */
  readonly path: string | null;
  readonly isDone: boolean;
};

export function guide(playground: Playground): Html {
  const steps = stepsOf(playground.progress());
  const next = steps.findIndex(({ isDone }) => !isDone);
  if (next === -1) {
    return html`<section class="guide"><h2>That is all there is to it</h2>
<p>Everything else works the same way: a mail comes in, one person answers for it, a word moves it on. Be anybody, write anything.</p></section>`;
  }
  const items = steps.map((step, index) => {
    const state = step.isDone ? 'is-done' : index === next ? 'is-next' : 'is-later';
    const what =
      step.path === null || index > next ? html`${step.what}` : html`<a href="${step.path}">${step.what}</a>`;
    return html`<li class="${state}"${index === next ? CURRENT : html``}><span class="tick" aria-hidden="true">${
      step.isDone ? '✓' : String(index + 1)
    }</span><div><strong>${what}</strong>${step.isDone ? html`<span class="unseen"> (done)</span>` : html``}<p>${step.why}</p></div></li>`;
  });
  return html`<section class="guide"><h2>Try it</h2><ol>${items}</ol></section>`;
}

/** The next step in one line, for where the guide itself is behind a tab. */
export function nextStep(playground: Playground): Html {
  const step = stepsOf(playground.progress()).find(({ isDone }) => !isDone);
  if (step === undefined) return html``;
  return step.path === null
    ? html`Next: <label for="tab-guide">${step.what}</label>`
    : html`Next: <a href="${step.path}">${step.what}</a>`;
}

const CURRENT = html` aria-current="step"`;

function stepsOf({ wrote, asked, answered, skipped, digest }: Progress): readonly Step[] {
  const first: readonly Step[] = [
    {
      what: 'Write as Maria, a tenant',
      why: 'She gets a confirmation within seconds, and one person is asked to take it.',
      path: '/playground/maria-lopez/write?example=leak',
      isDone: wrote,
    },
    {
      what: asked === null ? 'Answer as whoever is asked' : `Answer as ${asked.name}: “accept”`,
      why: 'One word in reply to the mail, and the request has an owner. There is no tool to learn.',
      path: asked === null ? '/playground/priya' : `/playground/${asked.person}/mails/${asked.mail}`,
      isDone: answered,
    },
    {
      what: 'Skip 4 hours',
      why: 'Whoever does not answer is not waited for. The clock asks the next person, and tells you here.',
      path: null,
      isDone: skipped,
    },
  ];
  if (first.some(({ isDone }) => !isDone)) return first;
  const read: Step = {
    what: digest === null ? 'Skip to tomorrow' : `Read the digest of ${digest.name}`,
    why: 'One mail in the morning tells the manager what is stuck, with whom, and what to answer.',
    path: digest === null ? null : `/playground/${digest.person}/mails/${digest.mail}`,
    isDone: digest?.isRead === true,
  };
  return [...first, read];
}
