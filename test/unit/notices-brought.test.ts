import { describe, expect, it } from 'vitest';
import type { NoticeBody } from '../../src/domain/notices/notice.ts';
import { renderNotice } from '../../src/domain/notices/render.ts';
import { doneOf, receiptOf, refusedOf } from '../../src/domain/notices/samples/receipts.ts';
import { Calm, requestFor, type ViewOptions, viewOf } from '../../src/domain/notices/samples/request.ts';
import type { MessageView, NoticeView } from '../../src/domain/notices/view.ts';
import { everyView, sample, viewNamed } from '../support/notice-samples.ts';

const shown = (view: NoticeView): string => renderNotice(view).text.replaceAll('\u00a0', ' ');
const textOf = (name: string): string => shown(viewNamed(name));

describe('those whom a customer wrote to as well', () => {
  const Wrote: NoticeBody = { kind: 'customer-wrote', messageId: 2, reopened: false };
  const wroteTo = (copied: MessageView['copied'], options: ViewOptions = {}, more = {}): string => {
    const request = requestFor(Calm, 'owned');
    const messages = request.messages.map((message) => ({ ...message, copied, ...more }));
    return shown(viewOf(Wrote, { how: 'owned', change: { request: { ...request, messages } }, ...options }));
  };
  const us = { name: '', address: 'maintenance+tag@elm.example' };
  const carla = { name: 'Carla Ruiz', address: 'carla@other.example' };

  it('are named in one line with how to put them in copy, to whoever has it or is asked', () => {
    expect(wroteTo([us, carla])).toContain(
      '\nMaria Lopez also wrote to Carla Ruiz (carla@other.example). To put them in copy of what goes out, answer "add" and the address.\n',
    );
    for (const name of ['offer of-several', 'handoff of-a-mail-passed-on']) {
      expect(textOf(name), name).toContain('and 1 more. To put one of them in copy once it is yours, answer');
    }
    expect(textOf('receipt accept-of-several')).toContain('also wrote to Carla Ruiz');
  });

  it('are named once, and neither is anybody who is known here already', () => {
    const known = [
      { name: 'Priya', address: 'priya@elm.example' },
      { name: 'Maria', address: 'Maria.Lopez@mail.example' },
      { name: 'Joe', address: 'joe@plumbco.example' },
      { name: 'nobody', address: 'undisclosed-recipients' },
    ];
    expect(wroteTo([us, ...known])).not.toContain('also wrote');
    const text = wroteTo([us, carla, ...known, { name: 'C.', address: 'CARLA@other.example' }]);
    expect(text).toContain('also wrote to Carla Ruiz (carla@other.example). To');
  });

  it('are not named when the address through which the mail came may be one of them', () => {
    expect(wroteTo([{ name: '', address: 'info@group.example' }, carla])).not.toContain('also wrote');
  });

  it('are not those whom a member passed the mail on to', () => {
    expect(wroteTo([us, carla], {}, { passedOn: { by: 'luis', above: '' } })).not.toContain('also wrote');
  });

  it('are named in no mail that goes outside', () => {
    for (const [name, { notice }] of everyView()) {
      if (notice.recipient.type === 'member') continue;
      const to = notice.recipient.type === 'customer' ? 'customer' : 'joe';
      const view = viewOf(notice.body, { to, how: 'owned', alsoTo: true, brought: 'passed-on' });
      expect(shown(view), name).not.toMatch(/Carla|passed on/);
    }
  });
});

describe('a mail that a member passed on', () => {
  it('is shown below what the member wrote above it, with whose words are whose', () => {
    const text = textOf('offer passed-on');
    expect(text).toContain(`Luis passed on the mail below and wrote:\n│ ${Calm.note}\n`);
    expect(text).toContain('\nMaria Lopez (passed on by Luis), 9:38:\n│ Hello,');
    expect(textOf('handoff of-a-mail-passed-on')).toContain('Luis passed on the mail below and wrote:');
  });

  it('is told from what a member took down on the phone', () => {
    const text = textOf('offer taken-down');
    expect(text).toContain('\nMaria Lopez (taken down by Luis), 9:38:');
    expect(text).not.toContain('passed on');
  });

  it('is said to its own reader as passed on by them', () => {
    const view = viewOf(sample('offer').notice.body, { to: 'luis', brought: 'passed-on' });
    expect(shown(view)).toContain('You passed on the mail below and wrote:');
    expect(shown(view)).toContain('(passed on by you)');
  });
});

describe('receipts about a mail that could not be read', () => {
  const about = (view: NoticeView): boolean =>
    view.notice.body.kind === 'receipt' && view.notice.body.parked !== undefined;
  const all = [...everyView()].filter(([, view]) => about(view));

  it('name it, and stand in one thread with the mail that told of it', () => {
    expect(all.length).toBeGreaterThan(10);
    for (const [name, view] of all) {
      if (view.message === null) continue;
      expect(renderNotice(view).subject, name).toBe(renderNotice(sample('parked')).subject);
      expect(shown(view), name).toMatch(/mail "Re: Leak under kitchen sink" from Maria Lopez/);
    }
  });

  it('say after a refusal what can be answered about it, and nothing that is for requests', () => {
    for (const [name, view] of all) {
      const { body } = view.notice;
      if (body.kind !== 'receipt' || body.results.every((result) => result.ok)) continue;
      if (name.includes('no-longer-parked')) continue;
      for (const verb of ['request', 'retry', 'dismiss', 'handoff to'])
        expect(shown(view), name).toContain(`- "${verb}"`);
      expect(shown(view), name).not.toMatch(/"reply|"done"|about this request/);
    }
  });

  it('offer nothing more about one that was seen to', () => {
    expect(textOf('receipt no-longer-parked-about-a-mail')).toMatch(
      /^Leah has decided about the mail "Re: Leak under kitchen sink" from Maria Lopez already: it needs nothing\./,
    );
    for (const name of ['no-longer-parked', 'dismiss', 'retry', 'handoff'])
      expect(textOf(`receipt ${name}-about-a-mail`), name).not.toContain('"dismiss"');
  });

  it('do without the words of one that was erased', () => {
    expect(textOf('receipt dismiss-of-an-erased-mail')).toMatch(/^The mail is put aside\./);
  });

  it('of one that became a request name it as well as its number', () => {
    expect(textOf('receipt request')).toMatch(
      /^The mail "Re: Leak under kitchen sink" from Maria Lopez is a request now, #1017,/,
    );
  });
});

describe('a refusal because another request is finished', () => {
  it('names that one, how to go on there, and whose this one still is', () => {
    const text = textOf('receipt merge-with-a-finished-one');
    expect(text).toMatch(
      /^#1017 is finished already, so nothing changed here\..*"reopen" to a mail about #1017/,
    );
    expect(text).toContain('It is still yours.');
    const own = shown(viewOf(receiptOf([refusedOf('finished'), doneOf('status')]), { how: 'done' }));
    expect(own).toMatch(/^This is finished already/);
  });
});
