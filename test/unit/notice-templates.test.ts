/** Mails in an operator's words: what a template says, what it may not, and what stays safe whatever it says. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findCommand } from '../../src/domain/notices/check.ts';
import {
  checkTemplate,
  hasWording,
  startingTemplate,
  vocabularyOf,
} from '../../src/domain/notices/check-template.ts';
import type { NoticeKind } from '../../src/domain/notices/notice.ts';
import { Commands, renderNotice } from '../../src/domain/notices/render.ts';
import { findSample, Kinds, samplesOf, viewOfSample } from '../../src/domain/notices/samples/kinds.ts';
import { Calm, NOW, type Spoken } from '../../src/domain/notices/samples/request.ts';
import { parseTemplate, TEMPLATE_MAX, type Template } from '../../src/domain/notices/template.ts';
import type { NoticeView, RenderedNotice } from '../../src/domain/notices/view.ts';

const examples = fileURLToPath(new URL('../../config/notices/', import.meta.url));

function templateOf(text: string): Template {
  const { template, faults } = parseTemplate(text);
  expect(faults).toEqual([]);
  return template;
}

function viewWith(
  kind: NoticeKind,
  template: Template,
  changes: { change?: Partial<NoticeView>; spoken?: Spoken } = {},
) {
  const sample = findSample(kind, null);
  if (sample === null) throw new Error(`no sample of ${kind}`);
  const view = viewOfSample(sample, changes);
  return { ...view, inbox: { ...view.inbox, templates: new Map([[kind, template]]) } };
}

function mailWith(...given: Parameters<typeof viewWith>): RenderedNotice {
  const mail = renderNotice(viewWith(...given));
  return { ...mail, text: mail.text.replaceAll('\u00a0', ' ') };
}

const faultsOf = (kind: NoticeKind, text: string) => checkTemplate(kind, templateOf(text));

describe('a template', () => {
  it('is paragraphs, lines, headings, lists, bold words, passages and values', () => {
    const template = templateOf(
      '## News\n\nHello **{{reader}}**,\nsecond line\n\n- one\n- **two**\n\n{{question}}\n\nYours, {{inbox}}\n',
    );
    const { text, html } = mailWith('offer', template);
    expect(text).toMatch(
      /^News\n\nHello Priya,\nsecond line\n\n- one\n- two\n\nCan you take this\? .*\n\nYours, Elm Property Management\n$/,
    );
    expect(html).toMatch(/<h2 [^>]*>News<\/h2>/);
    expect(html).toMatch(/<p [^>]*>Hello <b>Priya<\/b>,<br>second line<\/p>/);
    expect(html).toMatch(/<li [^>]*><b>two<\/b><\/li>/);
  });

  it('shows an answer in quotation marks as the mails of this program do', () => {
    const template = templateOf('{{question}}\n\nOr answer "accept".');
    const { html } = mailWith('offer', template);
    expect(html).toMatch(/Or answer <b class="answer"[^>]*>&quot;accept&quot;<\/b>\./);
  });

  it('keeps what stands in a comment for the operator, also within a paragraph', () => {
    const template = templateOf(
      '<!-- for us\nonly -->\nHello\n<!-- and this -->\nthere <!-- too -->\n\n{{rest}}',
    );
    expect(mailWith('noted', template).text).toMatch(/^Hello\nthere\n\nSam left a note/);
  });

  it('names the language of the mail, and the subject of an acknowledgement', () => {
    const template = templateOf('Language: de\nSubject: Ihre Nachricht ist da\n\nGuten Tag!');
    const { subject, text, html } = mailWith('acknowledgement', template);
    expect({ subject, text }).toEqual({ subject: 'Ihre Nachricht ist da', text: 'Guten Tag!\n' });
    expect(html).toContain('<html lang="de">');
  });

  it('keeps the subject of a mail to a customer who is proved to have written', () => {
    const template = templateOf('Language: de\nSubject: Ihre Nachricht ist da\n\nGuten Tag {{customer}}!');
    const proved = findSample('acknowledgement', 'echo');
    if (proved === null) throw new Error('no such sample');
    const view = viewOfSample(proved);
    const worded = { ...view, inbox: { ...view.inbox, templates: new Map([[proved.body.kind, template]]) } };
    const { subject, text } = renderNotice(worded);
    expect(subject).toBe('Re: Leak under kitchen sink');
    expect(text.replaceAll('\u00a0', ' ')).toBe('Guten Tag Maria!\n');
    // Anybody can write in the name of somebody else: without the proof, the line falls away and the mail with it.
    expect(mailWith('acknowledgement', template).text).toMatch(/^Thank you for writing\./);
  });

  it('never tells somebody outside who is asked for help that there is a request', () => {
    const { values } = vocabularyOf('outside-reminder');
    expect([...values].sort()).toEqual(['by', 'inbox']);
  });

  it('runs from right to left in the languages that do', () => {
    const { html } = mailWith('noted', templateOf('Language: he\n\nשלום\n\n{{rest}}'));
    expect(html).toContain('<html lang="he" dir="rtl">');
  });

  it('has nothing in front of it after a blank line', () => {
    const template = templateOf('<!-- for us -->\n\nLanguage: es\n\nSubject: to be said\n\n{{rest}}');
    expect(template).toMatchObject({ language: 'es', subject: null });
    expect(mailWith('noted', template).text).toMatch(/^Subject: to be said\n\nSam/);
  });

  it('leaves out a line whose value the mail does not have, and a paragraph of such lines', () => {
    const template = templateOf(
      'Hello.\nCall: {{emergency}}\n\n{{owner}} writes to you.\n\n{{confirmation}}',
    );
    const view = viewWith('acknowledgement', template);
    const quiet = { ...view, inbox: { ...view.inbox, emergencyLine: null } };
    expect(renderNotice(quiet).text).toMatch(/^Hello\.\n\nThank/);
  });

  it('places with {{rest}} what it does not place by name, and says nothing twice', () => {
    const { text } = mailWith(
      'offer',
      templateOf(
        'Answer "accept" or "decline" by {{deadline}}, {{reader}}.\n{{answerable}} has it till then.\n\n{{rest}}',
      ),
    );
    expect(text).toMatch(
      /^Answer "accept" or "decline" by 10:40, Priya\.\nLeah has it till then\.\n\nMaria Lopez, 9:38:/,
    );
    expect(text).not.toContain('Can you take this?');
    expect(text).toContain('Why you: ');
  });

  it('gives way to the words of this program when a mail cannot be said with it', () => {
    const text = 'Hi {{reader}}!\n\nAnswer "accept" or "decline" by {{deadline}}. {{answerable}} has it.';
    const template = templateOf(text);
    expect(faultsOf('offer', text)).toEqual([]);
    expect(mailWith('offer', template).text).toMatch(/^Hi Priya!/);
    const late = mailWith('offer', template, { change: { now: NOW + 7_200_000_000 } });
    expect(late.text).toMatch(/^Can you take this\?/);
  });

  it('gives way to the words of this program when a line of it would act in one mail', () => {
    const view = viewWith('noted', templateOf('Fatto\n\n{{rest}}'));
    const italian = { isCommand: (line: string) => line === 'Fatto', mayBegin: () => true };
    expect(renderNotice(view).text).toMatch(/^Fatto/);
    expect(renderNotice(view, italian).text).toMatch(/^Sam\sleft/);
  });

  it('is read in time that grows with its length alone, and never fails', () => {
    for (const text of ['{{', '**', '<!--', '"', '{{a', '- ', '<!-- -->', '\n', '{{a}}**"'].map((part) =>
      part.repeat(200_000),
    )) {
      const begun = performance.now();
      const { template, faults } = parseTemplate(text);
      checkTemplate('offer', template);
      expect(faults.some(({ what }) => what === 'too-long')).toBe(text.length > TEMPLATE_MAX);
      expect(performance.now() - begun).toBeLessThan(1_000);
    }
  });
});

describe('a template is refused', () => {
  it.each([
    ['when it speaks of what no such mail has', 'Hello {{costumer}}.\n\n{{rest}}', 'unknown', 1, 7],
    ['when a whole passage stands in a sentence', '{{rest}}\n\nSo: {{question}}', 'within', 3, 5],
    ['when a line would act', '{{rest}}\n\nDone', 'acts', 3, 1],
    ['when a line would act once its value is filled in', '{{rest}}\n\n{{emergency}} done', 'acts', 3, 1],
    ['when it gives a subject where the request has one', 'Subject: x\n\n{{rest}}', 'subject', 1, 1],
  ] as const)('%s', (_, text, what, line, column) => {
    expect(faultsOf('offer', text)).toMatchObject([{ what, line, column }]);
  });

  it('when a question lacks an answer, its deadline, or who answers for it, and is told which', () => {
    expect(faultsOf('offer', 'Hi {{reader}}, answer "yes" or "handoff to".')).toMatchObject([
      {
        what: 'lacks',
        lacking: { passage: 'question', answers: ['decline'], values: ['deadline', 'answerable'] },
      },
    ]);
    expect(faultsOf('offer', 'Hi')).toMatchObject([
      { what: 'lacks', lacking: { answers: ['accept', 'decline'] } },
    ]);
  });

  it('not when its answers are those of another language', () => {
    const german = 'Antworten Sie „ja“ oder "ablehnen" bis {{deadline}}. Bis dahin: {{answerable}}.';
    expect(faultsOf('offer', german)).toMatchObject([{ lacking: { answers: ['accept'], values: [] } }]);
    expect(faultsOf('offer', german.replace('„ja“', '"annehmen"'))).toEqual([]);
  });

  it('when it leaves out what became of a command, or what any mail to a member is about', () => {
    for (const kind of Kinds.filter(hasWording)) {
      const isForMembers = samplesOf(kind).samples.every(({ to }) => to !== 'customer' && to !== 'joe');
      expect(faultsOf(kind, 'Nice day.').length > 0, kind).toBe(isForMembers);
    }
  });
});

describe('every kind of mail', () => {
  it('can be worded from the beginning that the preview gives, which says what the mail says anyway', () => {
    for (const kind of Kinds.filter(hasWording)) {
      const template = templateOf(startingTemplate(kind));
      expect(checkTemplate(kind, template), kind).toEqual([]);
      for (const sample of samplesOf(kind).samples) {
        const plain = viewOfSample(sample);
        const worded = { ...plain, inbox: { ...plain.inbox, templates: new Map([[kind, template]]) } };
        const lines = renderNotice(worded).text.split('\n');
        const lost = renderNotice(plain)
          .text.split('\n')
          .filter((line) => !lines.includes(line));
        expect(lost, `${kind} ${sample.variant}`).toEqual([]);
      }
    }
  });

  it('has an example in config that can be used', () => {
    const kinds = readdirSync(examples).filter((name) => name !== 'README.md');
    expect(kinds.length).toBeGreaterThan(1);
    for (const name of kinds) {
      const kind = Kinds.find((known) => `${known}.md` === name);
      if (kind === undefined) throw new Error(`${name} words no kind of mail`);
      expect(faultsOf(kind, readFileSync(`${examples}${name}`, 'utf8')), name).toEqual([]);
    }
  });
});

describe('whatever a template says', () => {
  const piece = (kind: NoticeKind) => {
    const { passages, values } = vocabularyOf(kind);
    return fc.constantFrom(
      ...values.map((name) => `{{${name}}}`),
      ...passages.map((name) => `\n\n{{${name}}}\n\n`),
    );
  };
  const word = fc.constantFrom(
    ...[
      'done',
      'accept',
      '"accept"',
      '"decline"',
      'take',
      'handoff to Sam',
      'reply',
      'reply:',
      'hello',
      'please',
    ],
    ...[
      '\n',
      '\n\n',
      '- ',
      '## ',
      '**',
      ', ',
      ': ',
      '> ',
      '│ ',
      'Thank you',
      '<b>',
      '&lt;',
      '\u202e',
      '\u00a0',
      '1042',
    ],
  );
  // A receipt has so many shapes, each of which its wording is tried on, that few wordings are enough.
  const kinds = fc.oneof(
    {
      weight: 19,
      arbitrary: fc.constantFrom<NoticeKind>('acknowledgement', 'offer', 'handoff', 'last-asked', 'noted'),
    },
    { weight: 1, arbitrary: fc.constant<NoticeKind>('receipt') },
  );
  const given = kinds.chain((kind) =>
    fc.record({
      kind: fc.constant(kind),
      text: fc
        .array(fc.oneof(word, piece(kind)), { maxLength: 20 })
        .map((parts) => `${parts.join(' ')}\n\n{{rest}}`),
    }),
  );
  const said = fc
    .array(fc.constantFrom('done', 'accept', 'yes', ',', 'Maria', '\n', 'handoff to', 'Sam', '> ', ':'), {
      maxLength: 6,
    })
    .map((parts) => parts.join(' '));

  it('no mail acts, and none is lost', () => {
    let worded = 0;
    fc.assert(
      fc.property(given, said, said, ({ kind, text }, customerName, subject) => {
        const { template, faults } = parseTemplate(text);
        if (faults.length > 0 || checkTemplate(kind, template).length > 0) return;
        worded += 1;
        const spoken = { ...Calm, customerName, subject };
        const mail = renderNotice(viewWith(kind, template, { spoken }));
        expect(mail.html).not.toMatch(/\u202e/);
        expect(mail.text.trim()).not.toBe('');
        expect(findCommand(mail.text, mail.html, Commands)).toBeNull();
      }),
      { numRuns: 200 },
    );
    expect(worded).toBeGreaterThan(25);
  });
});
