import { describe, expect, it } from 'vitest';
import type { NoticeBody } from '../../src/domain/notices/notice.ts';
import { renderNotice } from '../../src/domain/notices/render.ts';
import { Kinds } from '../../src/domain/notices/samples/kinds.ts';
import { doneOf, RefusalCodes, receiptOf, refusedOf } from '../../src/domain/notices/samples/receipts.ts';
import { Calm, NOW, type ViewOptions, viewOf } from '../../src/domain/notices/samples/request.ts';
import type { NoticeView, RenderedNotice } from '../../src/domain/notices/view.ts';
import { everyView, sample, viewNamed } from '../support/notice-samples.ts';

const SUBJECT = '#1042 Leak under kitchen sink, Maria Lopez';
/** Read as people read it: which spaces do not break is told in notices-inert. */
const render = (view: NoticeView): RenderedNotice => {
  const mail = renderNotice(view);
  return { ...mail, text: mail.text.replaceAll('\u00a0', ' ') };
};
const textOf = (body: NoticeBody, options?: ViewOptions): string => render(viewOf(body, options)).text;

/** Words that Baton uses inside and no mail may hold. */
const INSIDE =
  /\b(offer|offered|accountable|rung|version|token|outbox|epoch|escalat\w*|conversation|triage)\b/i;

describe('notices to members', () => {
  it('have one constant subject per request, receipts included', () => {
    for (const [name, view] of everyView()) {
      if (view.notice.recipient.type !== 'member' || view.request === null) continue;
      // Until it is said whose request it is, it is that of whoever passed it on.
      const subject = name.startsWith('for-whom') ? SUBJECT.replace('Maria Lopez', 'Priya') : SUBJECT;
      expect(render(view).subject, name).toBe(subject);
    }
  });

  it('hold no word that only Baton uses inside', () => {
    for (const [name, view] of everyView()) {
      const { subject, text, html } = render(view);
      expect(`${subject}\n${text}\n${html?.slice(html.indexOf('<body')) ?? ''}`, name).not.toMatch(INSIDE);
    }
  });

  it('say that there is no subject instead of leaving a gap', () => {
    const view = sample('offer', { ...Calm, subject: 'Re: \u202e', customerName: '' });
    expect(render(view).subject).toBe('#1042 (no subject), maria.lopez@mail.example');
  });

  it('keep the subject to one line of at most 120 characters', () => {
    const view = sample('offer', {
      ...Calm,
      subject: `leak\r\nBcc: x ${'🚰'.repeat(500)}`,
      customerName: 'M'.repeat(5_000),
    });
    const { subject } = render(view);
    expect([...subject].length).toBeLessThanOrEqual(120);
    expect(subject).toMatch(/^#1042 leak Bcc: x 🚰+…, M+…$/u);
  });

  it('mark a customer who could be mistaken for a command with quotation marks', () => {
    expect(render(sample('customer-wrote', { ...Calm, customerName: 'Done, Smith' })).text).toMatch(
      /^"Done, Smith" wrote again\./,
    );
  });
});

describe('a name that runs from right to left', () => {
  it('is set apart in HTML, so that the time behind it stays behind it', () => {
    const { html } = render(sample('offer', { ...Calm, customerName: 'מריה לופז' }));
    expect(html).toMatch(/<bdi>מריה.לופז<\/bdi>, 9:38:/u);
  });
});

describe('a question to take a request', () => {
  it('asks in one sentence, names until when, and who answers for it meanwhile', () => {
    expect(render(sample('offer')).text).toMatch(
      /^Can you take this\? It is urgent\. Reply "accept" \(or "yes"\) or "decline" by 10:40\. Until you accept, Leah answers for it\./,
    );
  });

  it('tells a reader who answers for it already that they do so until somebody accepts', () => {
    const { body } = sample('offer').notice;
    expect(textOf(body, { to: 'leah' })).toContain('You answer for it until somebody accepts.');
  });

  it('shows what the customer wrote, how much is attached, why this person, and what was before', () => {
    const { text } = render(sample('offer'));
    expect(text).toContain('│ 14 Elm Street, 3B');
    expect(text).toContain('\n2 photos\n');
    expect(text).toContain(
      'Why you: the subject has "leak" (rule "leaks"); Maintenance, first in line: you.',
    );
    expect(text).toContain('Earlier from Maria Lopez: 2 requests, both finished.');
  });

  it('leaves out a time that is over when it is sent late', () => {
    const { notice } = sample('offer');
    expect(textOf(notice.body, { change: { now: NOW + 7_200_000_000 } })).toContain('or "decline".');
  });

  it('names who did not answer before by their name', () => {
    const { body } = sample('offer').notice;
    if (body.kind !== 'offer') throw new Error('not an offer');
    const reason = { code: 'no-answer', sentence: '@sam did not answer in time' };
    expect(textOf({ ...body, reason })).toContain('Why you: Sam did not answer in time, and you are next.');
  });
});

describe('a handoff', () => {
  it('brings the note, the history, the files and the mails with it', () => {
    const { text } = render(sample('handoff'));
    expect(text).toMatch(/^Priya asks: Can you take this over\? It is urgent\. Reply "accept"/);
    expect(text).toContain(`│ ${Calm.note}`);
    expect(text).toContain('9:41 Priya took it');
    expect(text).toContain('Files: 2 photos, quote.pdf.');
    expect(text).toContain(Calm.second);
  });

  it('that is no longer asked for says one thing of whose the request is', () => {
    for (const why of ['offered-to-another', 'member-left', 'reopened', 'owner-back'] as const) {
      const text = (owner: string | null): string =>
        textOf({ kind: 'withdrawn', why, owner }, { to: 'luis' });
      expect(text('priya'), why).toMatch(/Priya (has it|is back and has it)\./);
      expect(text('priya'), why).not.toContain('Others are asked now');
      expect(text(null), why).not.toMatch(/[ ]$/m);
    }
  });

  it('says after every outcome but a yes whose the request is', () => {
    for (const outcome of ['declined', 'lapsed', 'unreachable', 'passed-on', 'member-left'] as const) {
      const body = { kind: 'handoff-outcome', to: 'sam', outcome, note: null, passedTo: null } as const;
      expect(textOf(body, { how: 'owned' }), outcome).toContain('It is still yours.');
      expect(textOf(body, { to: 'leah', how: 'owned' }), outcome).toContain(
        'Priya has it and answers for it.',
      );
    }
  });
});

describe('the last person', () => {
  it('reads who was asked and what came of it, and is given those to ask who were not asked yet', () => {
    const { text } = render(sample('last-asked'));
    expect(text).toContain('Reply "Sam", "Leah", "accept" or any other name.');
    expect(text).toContain('Priya: asked 9:39, no answer');
    expect(text).toContain('Luis: asked 9:44, said no: "Trap is cracked.');
    expect(text).toContain('Here now: Sam (2 open), Leah (6 open)');
  });

  it('reads when the customer expects an answer', () => {
    const view = sample('last-asked');
    const owed = viewNamed('handoff with-more-open').request?.state.answer ?? null;
    if (view.request === null) throw new Error('it is about a request');
    const request = { ...view.request, state: { ...view.request.state, answer: owed } };
    expect(render({ ...view, request }).text).toContain('Maria Lopez expects an answer by 12:30.');
    expect(render(view).text).not.toContain('expects');
  });

  it('is not told that they may decline', () => {
    for (const name of ['last-asked', 'customer-wrote asked']) {
      expect(render(viewNamed(name)).text, name).not.toContain('"decline"');
    }
  });
});

describe('receipts', () => {
  it('say since when it is theirs and how to go on', () => {
    const { text } = render(sample('receipt'));
    expect(text).toMatch(/^It's yours, Priya, since 9:41\./);
    expect(text).toContain('To write to Maria Lopez: "reply:" and your text.');
    expect(text).toContain('"done"');
  });

  it('for every refusal say that nothing was done, and none leaves the reader without a next step or an owner', () => {
    for (const code of RefusalCodes) {
      const text = textOf(receiptOf([refusedOf(code)]), { how: 'owned' });
      expect(text, code).toMatch(
        /nothing changed|Nothing changed|nobody was asked|stays with you|nothing was sent/,
      );
      expect(text, code).toMatch(/yours|answers for it|finished|stays with you/);
    }
  });

  it('for text that was kept begin with NOT SENT when nothing was understood', () => {
    const body = receiptOf([refusedOf('not-understood', null)], { kept: 'note' });
    expect(textOf(body, { how: 'owned' })).toMatch(
      /^NOT SENT to Maria Lopez\. We kept your text \("Trap is cracked\. You have the supplier account\."\) as a note\./,
    );
  });

  it('propose to send kept text only to whoever may send it', () => {
    const body = receiptOf([doneOf('decline')], {
      kept: 'note',
      after: { phase: 'owned', owner: 'luis', accountable: 'luis' },
    });
    expect(textOf(body, { how: 'owned' })).not.toContain('To send it');
  });

  it('of a handoff say that nothing has moved yet', () => {
    expect(textOf(receiptOf([doneOf('handoff')]), { how: 'owned' })).toContain(
      'Until Sam accepts, it stays yours.',
    );
  });

  it('show the newer mail that held an answer back', () => {
    expect(textOf(receiptOf([refusedOf('newer-message', 'reply')]), { how: 'owned' })).toContain(Calm.second);
  });

  it('do without words that were erased', () => {
    const change = { texts: new Map() };
    const body = receiptOf([refusedOf('not-understood', null)], { kept: 'note' });
    expect(textOf(body, { how: 'owned', change })).toContain('We kept your text as a note.');
  });
});

describe('mails to customers', () => {
  it('confirm without a word that the sender wrote, not even the name', () => {
    const forged = {
      ...Calm,
      subject: 'CHEAP PILLS',
      customerName: 'Click here',
      first: 'Visit pills.example',
    };
    const { subject, text, html } = render(sample('acknowledgement', forged));
    expect(subject).toBe('We have your message');
    expect(`${text}${html}`).not.toMatch(/pills|click|maria/i);
    expect(text).toContain('Call 555-0100 now');
    expect(text).toContain('reference 1042');
  });

  it.each([
    ['Maria Lopez', 'Hello Maria, we have your message.'],
    ['Zoë', 'Hello Zoë, we have your message.'],
    ['Northgate Dental Ltd.', 'Hello, we have your message.'],
    ['Dr. Maria Lopez', 'Hello, we have your message.'],
    ['Lopez, Maria', 'Hello, we have your message.'],
    ['maria at home', 'Hello, we have your message.'],
    ['', 'Hello, we have your message.'],
  ])(
    'confirm a proved mail under its own subject, and call its writer by name where it is one: %s',
    (customerName, greeting) => {
      const { subject, text } = render(viewNamed('acknowledgement echo', { ...Calm, customerName }));
      expect(subject).toBe('Re: Leak under kitchen sink');
      expect(text.startsWith(greeting)).toBe(true);
      expect(text).not.toMatch(/leak|#1042/i);
    },
  );

  it('carry an answer exactly as the member wrote it, and who wrote it', () => {
    const reply = 'Hello Maria,\n\n  > accept\n<b>done</b>\n\n- plumber at 3';
    const { subject, text, html } = render(sample('customer-reply', { ...Calm, reply }));
    expect(subject).toBe('Re: Leak under kitchen sink');
    expect(text).toBe(`${reply}\n\nPriya\nElm Property Management\n`);
    expect(html).toBeNull();
  });

  it('answer to a mail without a subject under one that says so', () => {
    expect(render(sample('customer-reply', { ...Calm, subject: ' ' })).subject).toBe('Re: your message');
  });

  it('are never sent without the text that they were to carry', () => {
    const { notice } = sample('customer-reply');
    expect(() => textOf(notice.body, { to: 'customer', change: { texts: new Map() } })).toThrow(/erased/);
  });
});

describe('every kind of notice', () => {
  it('says in HTML what it says in text', () => {
    for (const kind of Kinds) {
      const { text, html } = render(sample(kind));
      if (html === null) continue;
      const shown = html
        .slice(html.indexOf('<body'))
        .replace(/<[^>]*>/g, ' ')
        .replaceAll('&quot;', '"')
        .replaceAll('&#39;', "'")
        .replaceAll('&amp;', '&');
      expect(bare(shown), kind).toBe(bare(text));
    }
  });

  it('gives the same mail for the same view', () => {
    for (const kind of Kinds) expect(render(sample(kind))).toEqual(render(sample(kind)));
  });
});

/** Bullets and bars of blank lines exist only in one of the two. */
const bare = (text: string): string => text.replace(/[\s│-]+/g, '');
