import { describe, expect, it } from 'vitest';
import { fromIso } from '../../src/domain/instant.ts';
import type { NoticeBody } from '../../src/domain/notices/notice.ts';
import { renderNotice } from '../../src/domain/notices/render.ts';
import { ACCEPT_BY, Calm, NOW, type ViewOptions, viewOf } from '../../src/domain/notices/samples/request.ts';
import type { NoticeView } from '../../src/domain/notices/view.ts';
import { sample } from '../support/notice-samples.ts';

const wholeOf = (view: NoticeView): string => {
  const { subject, text, html } = renderNotice(view);
  return `${subject}\n${text}\n${html ?? ''}`.replaceAll('\u00a0', ' ');
};
const mail = (body: NoticeBody, options?: ViewOptions): string => wholeOf(viewOf(body, options));
const DAY = 86_400_000_000;

describe('mails to a helper outside', () => {
  it('hold what was written to them and who wrote it, and nothing of the request', () => {
    for (const kind of ['outside-help', 'outside-reminder'] as const) {
      const whole = wholeOf(sample(kind));
      expect(whole, kind).toContain(Calm.question);
      expect(whole, kind).toContain('Priya');
      expect(whole, kind).not.toMatch(/1042|maria|lopez|leak|sink|customer|tenant|request|help"/i);
    }
  });

  it('are one thread under a subject that says only who asks', () => {
    const subject = 'A question from Priya, Elm Property Management';
    expect(renderNotice(sample('outside-help')).subject).toBe(subject);
    expect(renderNotice(sample('outside-reminder')).subject).toBe(subject);
  });

  it('bring the words as they were written, which are never read for commands when they come back', () => {
    const question = 'Hello Joe,\n\n  accept\n\n- Thursday?';
    expect(renderNotice(sample('outside-help', { ...Calm, question })).text).toBe(
      `${question}\n\nPriya\nElm Property Management\n\nJust answer this mail.\n`,
    );
  });

  it('remind without the words when those were erased', () => {
    const body = sample('outside-reminder').notice.body;
    expect(mail(body, { to: 'joe', how: 'owned', change: { texts: new Map() } })).toContain(
      'Priya asked you something and has no answer yet.',
    );
  });
});

describe('what a customer is told', () => {
  const acknowledged = (answerBy: number | null): string =>
    mail({ kind: 'acknowledgement', answerBy }, { to: 'customer' });

  it('is the time that is promised, by the clock of the inbox', () => {
    expect(acknowledged(ACCEPT_BY)).toContain('A person will answer it by 10:40 today.');
    expect(acknowledged(fromIso('2026-03-04T08:30:00Z'))).toContain('A person will answer it by Wed 9:30.');
    expect(acknowledged(null)).toContain('Somebody will answer you as soon as they can.');
  });

  it('is no time that is over when the mail goes out', () => {
    expect(acknowledged(NOW - 1)).toContain('Somebody will answer you as soon as they can.');
    expect(mail({ kind: 'delay', answerBy: NOW }, { to: 'customer', how: 'owned' })).toContain(
      'A person will answer.',
    );
  });

  it('repeats none of their words: anybody can write in their name', () => {
    const forged = { ...Calm, subject: 'CHEAP PILLS', customerName: 'Click here', first: 'pills.example' };
    for (const kind of ['owner-named', 'delay', 'finished'] as const) {
      expect(wholeOf(sample(kind, forged)), kind).not.toMatch(/pills|click|maria/i);
    }
  });

  it('names the next person in place of the one before', () => {
    const before = sample('owner-named');
    const named = { type: 'owner-named', owner: 'sam', conversationId: 1042, seq: 2, at: NOW } as const;
    const request = before.request === null ? null : { ...before.request, events: [named] };
    expect(wholeOf({ ...before, request })).toContain(
      'Priya has your request now, in place of Sam, and will answer you.',
    );
  });

  it('calls it this request to whoever is in copy', () => {
    const whole = mail({ kind: 'owner-named', owner: 'priya' }, { to: 'joe', how: 'owned' });
    expect(whole).toContain('Priya has this request now and will answer it.');
  });
});

describe('somebody outside who writes', () => {
  function wrote(copied: readonly string[], known: boolean): string {
    const view = sample('customer-wrote');
    const { request } = view;
    if (request === null) throw new Error('no request');
    const from = { name: 'Joe Plumber', address: 'joe@plumbco.example' };
    const messages = request.messages.map((message) =>
      message.id === 2 ? { ...message, from, stranger: true } : message,
    );
    const contacts = known ? request.contacts : new Map();
    return wholeOf({
      ...view,
      request: { ...request, messages, contacts, state: { ...request.state, copied } },
    });
  }

  it('is called part of it when they help or are in copy, and can be put in copy when they are not', () => {
    expect(wrote(['joe'], true)).toContain('Joe Plumber wrote, who is in copy.');
    expect(wrote([], true)).toContain('Joe Plumber wrote, who was asked for help before.');
    for (const whole of [wrote(['joe'], true), wrote([], true)])
      expect(whole).not.toContain('not part of this');
    expect(wrote([], false)).toContain('who was not part of this so far');
    expect(wrote([], false)).toContain('answer "add" and their address');
  });
});

describe('a colleague who is asked for help', () => {
  it('is named no command, since all that they answer is the answer', () => {
    const { text } = renderNotice(sample('help-asked'));
    expect(text).not.toMatch(/"[a-z]/);
    expect(text.replaceAll('\u00a0', ' ')).toContain('The request stays with Priya.');
  });

  it('has what they need: the question and the latest mails', () => {
    const whole = wholeOf(sample('help-asked'));
    expect(whole).toContain(`│ ${Calm.question}`);
    expect(whole).toContain(Calm.second);
  });

  it('answers to whoever asked, with the files by name, and the customer has not seen it', () => {
    const whole = wholeOf(sample('help-answered'));
    expect(whole).toContain('Maria Lopez has not seen it. To write to Maria Lopez: "reply:" and your text.');
    expect(whole).toContain('Files: quote.pdf.');
  });
});

describe('who stands in', () => {
  it('is asked in one sentence until when, and told that nothing is theirs by it', () => {
    const absence = { absence: 1, member: 'priya', from: NOW + DAY, until: NOW + 3 * DAY } as const;
    expect(mail({ kind: 'cover-asked', ...absence }, { to: 'sam' })).toMatch(
      /Priya will be away from Wed 9:52 until Fri 9:52 and named you\. Reply "accept" \(or "yes"\) or "decline"\./,
    );
  });
});
