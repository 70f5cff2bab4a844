import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Verb, Verbs } from '../../src/domain/command/command.ts';
import type { CommandResult } from '../../src/domain/notices/notice.ts';
import { renderNotice } from '../../src/domain/notices/render.ts';
import { doneOf, RefusalCodes, receiptOf, refusedOf } from '../../src/domain/notices/samples/receipts.ts';
import { Calm, historyOf, NOW, type ViewOptions, viewOf } from '../../src/domain/notices/samples/request.ts';
import { messageToldOf } from '../../src/domain/notices/told-of.ts';
import type { NoticeView } from '../../src/domain/notices/view.ts';
import { verbatimLines } from '../../src/domain/notices/words.ts';
import { everyView, sample, viewNamed } from '../support/notice-samples.ts';

const shown = (view: NoticeView): string => renderNotice(view).text.replaceAll('\u00a0', ' ');
const receipt = (results: readonly CommandResult[], options: ViewOptions = {}, changes = {}): string =>
  shown(viewOf(receiptOf(results, changes), { how: 'owned', ...options }));
const everyText = (name: string): string => shown(viewNamed(name));

const meaning = (suggestion: Verb): CommandResult => ({
  ok: false,
  verb: null,
  rejection: { code: 'not-understood', suggestion },
});

/** The lines behind the bars after this lead. */
function quoted(text: string, lead: string): string {
  const lines = text.slice(text.indexOf(lead) + lead.length + 1).split('\n');
  const end = lines.findIndex((line) => !line.startsWith('│'));
  return lines
    .slice(0, end)
    .map((line) => line.slice(2))
    .join('\n');
}

describe('the copy of what went to the customer', () => {
  it('is what went out, signature and blank lines and indents included', () => {
    const reply = 'Hello Maria,\n\n\n  - plumber:  Thursday\n\taccept\n\nBring the "key".';
    const spoken = { ...Calm, reply };
    const out = renderNotice(sample('customer-reply', spoken)).text;
    for (const verb of ['reply', 'send', 'release'] as const) {
      const copy = quoted(receipt([doneOf(verb, { text: 'reply' })], { spoken }), 'This is all of it:');
      expect(copy, verb).toBe(out.trimEnd().replaceAll('\t', '    '));
    }
  });

  it('is lost no letter of any text', () => {
    const letters = fc
      .array(fc.constantFrom(...'ab \n-.…éß漢'), { maxLength: 60 })
      .map((all) => all.join(''));
    fc.assert(
      fc.property(letters, (text) => {
        const lines = verbatimLines(text).join('\n').replaceAll('\u00a0', ' ');
        expect(lines).toBe(text.replace(/[ ]+$/gm, '').replace(/\n+$/, ''));
      }),
    );
  });

  it('names the files of the mail that it came in', () => {
    const message = viewOf(receiptOf([])).request?.messages[0] ?? null;
    expect(receipt([doneOf('reply')], { change: { message } })).toContain('\nFiles: 2 photos.\n');
  });

  it('is signed by who wrote it, not by who let it go out', () => {
    const texts = new Map([['proposal', { author: 'sam', body: 'Thursday.' }]]);
    const text = receipt([doneOf('release')], { change: { texts } });
    expect(text).toContain('The answer of Sam goes out to Maria Lopez now.');
    expect(quoted(text, 'This is all of it:')).toBe('Thursday.\n\nSam\nElm Property Management');
  });

  it('says who gets a copy of it', () => {
    expect(receipt([doneOf('reply')], { how: 'waiting' })).toContain('with a copy to Joe Plumber');
  });

  it('is taken from the mail in which the words were written', () => {
    const events = historyOf(Calm, 'waiting');
    const { body } = sample('held').notice;
    expect(messageToldOf(body, events)).toBe(4);
    expect(messageToldOf(receiptOf([doneOf('accept')]), events)).toBeNull();
  });
});

describe('an answer that waits', () => {
  it('is said to be NOT SENT first, with why and how to send it', () => {
    for (const why of ['newer-message', 'answered-meanwhile', 'not-owner']) {
      const text = everyText(`receipt reply-held-${why}`);
      expect(text, why).toMatch(/^NOT SENT/);
      expect(text, why).toContain(
        why === 'not-owner' ? 'This waits:\n│ A plumber' : 'This waits:\n│ I am on my way',
      );
    }
    expect(everyText('receipt reply-held-newer-message')).toContain('answer "release"');
    expect(everyText('receipt reply-held-newer-message')).toContain(Calm.second);
  });

  it('of whoever does not own it is the decision of the owner, whose mail says how', () => {
    expect(everyText('receipt reply-held-not-owner')).not.toContain('"release"');
    const told = shown(sample('held'));
    expect(told).toContain('The request is yours, so it was not sent.');
    expect(told).toContain('answer "release"');
  });

  it('is no question any more when it was seen to', () => {
    const { body } = sample('held').notice;
    expect(shown(viewOf(body, { how: 'owned' }))).not.toContain('"release"');
  });
});

describe('words that were no command', () => {
  it('can be sent with one word by whoever has the request', () => {
    const text = receipt([refusedOf('not-understood', null)], {}, { kept: 'note' });
    expect(text).toMatch(/^NOT SENT to Maria Lopez\. .* To send it, answer "send"\./);
  });

  it('behind a command have to be written again, since some of them were meant for something else', () => {
    const text = receipt([doneOf('accept')], {}, { kept: 'note' });
    expect(text).toContain('To send it, answer "reply:" and the text.');
    expect(text).not.toContain('"send"');
  });

  it('with a likely command name it, and nothing has changed', () => {
    const text = receipt([meaning('done')], {}, { kept: 'note' });
    expect(text).toContain('Nothing has changed. For "done", answer that word.');
  });

  it('are no reason to suggest a yes to whoever is not asked for one', () => {
    for (const after of [null, receiptOf([]).after]) {
      expect(receipt([meaning('accept')], {}, { after })).not.toContain('For "');
    }
  });

  it('of whoever is asked begin with how to take it, and one or two are nothing to send', () => {
    const asked = (text: string): string => {
      const texts = new Map([['note', { author: 'priya', body: text }]]);
      return receipt([meaning('decline')], { how: 'asked', change: { texts } }, { kept: 'note' });
    };
    expect(asked('Sure thing')).toMatch(
      /^Nothing has changed\. To take it, answer "accept"; to say no, "decline" \(by 10:40\)\.\n/,
    );
    expect(asked('Sure thing')).toContain('NOT SENT');
    expect(asked('Sure thing')).not.toContain('"send"');
    expect(asked('The plumber comes at 3')).toContain('"send"');
  });
});

describe('receipts for everything that can be said', () => {
  it('never show a word of the code', () => {
    for (const verb of Verbs)
      expect(receipt([doneOf(verb)]), verb).not.toMatch(/help-from|take-over|undefined|null/);
  });

  it('of a refusal hold something to answer or somebody who has it', () => {
    for (const code of RefusalCodes) {
      expect(receipt([refusedOf(code)]), code).toMatch(/"[a-z]|yours|answers for it/);
    }
  });

  it('of a name that two share list what means only one of them', () => {
    const view = viewOf(receiptOf([refusedOf('several-names', 'handoff')]), { how: 'owned' });
    const sam = view.policy.members.get('sam');
    const dana = view.policy.members.get('dana');
    if (sam === undefined || dana === undefined) throw new Error('no such members');
    const members = new Map([...view.policy.members, ['dana', { ...dana, name: 'Sam Okafor' }]]);
    expect(shown({ ...view, policy: { ...view.policy, members } })).toContain(
      `Answer "handoff to ${sam.addresses[0]}" or "Sam Okafor".`,
    );
  });

  it('of a handoff to somebody who is away say who is asked instead', () => {
    expect(everyText('receipt handoff-to-a-cover')).toMatch(
      /^Luis is away, and Sam stands in\. We asked Sam to take it/,
    );
  });

  it('of a question outside show all that its reader gets, and when they are reminded', () => {
    const text = receipt([doneOf('ask')]);
    expect(text).toContain('they see nothing else');
    expect(text).toContain('we remind them (10:40)');
  });

  it('of a suggestion name the words that are understood, not what the code calls them', () => {
    // A bare "mine" would accept.
    expect(receipt([meaning('mine')])).toContain('For "my requests", answer those words.');
  });

  it('of one desk list each request in one line with what comes first', () => {
    const view = viewOf(receiptOf([doneOf('mine')]), { how: 'waiting' });
    expect(shown(view)).toContain(
      '- #1042 Leak under kitchen sink, Maria Lopez: an answer waits for your word, open since 9:38\n',
    );
  });

  it('of a desk cannot be turned into a command by a subject', () => {
    const view = viewOf(receiptOf([doneOf('mine')]), { spoken: { ...Calm, subject: 'done' } });
    expect(shown(view)).toContain('#1042 "done", Maria Lopez');
  });

  it('of how it stands tell whose it is, since when, and what it waits for', () => {
    const text = receipt([doneOf('status')], { how: 'waiting' });
    expect(text).toMatch(/^It is yours, since 9:41\./);
    expect(text).toContain('Maria Lopez should have an answer by 12:30');
    expect(text).toContain('you asked Joe Plumber for help, 9:47');
  });

  it('about no request speak of none', () => {
    for (const [name, view] of everyView()) {
      const { body } = view.notice;
      if (body.kind !== 'receipt' || body.after !== null || body.parked !== undefined) continue;
      if (name.startsWith('receipt mine') || body.requests !== undefined) continue;
      expect(shown(view), name).not.toMatch(/1042|Maria/);
    }
  });

  it('tell managers alone what only managers can say', () => {
    expect(receipt([doneOf('help')], { to: 'dana' })).toContain('"new: TEXT"');
    expect(receipt([doneOf('help')])).not.toContain('"new: TEXT"');
  });
});

describe('a handoff with all that belongs to it', () => {
  const view = viewOf(sample('handoff').notice.body, { to: 'sam', how: 'waiting' });
  const text = shown(view);

  it('tells in order who asks, what was promised, when it is due, what is open, what happened, and the mails', () => {
    const order = [
      'Can you take this over?',
      'Priya wrote:',
      'Promised to Maria Lopez',
      'an answer by 12:30',
      'Priya wrote 9:43:',
      'to be finished by 17:00',
      'Open with others',
      'Priya asked Joe Plumber for help',
      'in copy of what Maria Lopez is sent: Joe Plumber',
      'What happened so far',
      'Files:',
      'The mails',
      Calm.second,
    ].map((part) => text.indexOf(part));
    expect(order).not.toContain(-1);
    expect(order).toEqual([...order].sort((a, b) => a - b));
  });

  it('shows what the customer was answered between what they wrote', () => {
    const mails = text.slice(text.indexOf('The mails'));
    expect(mails).toMatch(/Maria Lopez, 9:38:.*Priya to Maria Lopez, 9:43:.*Maria Lopez, 9:46:/s);
  });

  it('says no words of others a second time in the history', () => {
    const history = text.slice(text.indexOf('What happened so far'), text.indexOf('The mails'));
    expect(history).toContain('Priya asked Joe Plumber for help\n');
    expect(history).toContain('Sam wrote an answer, which was not sent\n');
  });

  it('says of a promised time that is over that it is', () => {
    expect(shown({ ...view, now: NOW + 86_400_000_000 })).toContain('which is over');
  });
});

/** Those whose yes is the answer that they ask for, and those to which nobody says yes. */
const Questions = [
  'Can you take this?',
  'Can you take this over?',
  'Can you stand in?',
  'Is it yours now?',
  'Is it their request?',
  'Is it yours?',
  'Whose request is this?',
  "Someone else's?",
  "Somebody else's?",
  'Not yours?',
  'You cannot help?',
  'Another day?',
];

describe('the questions of our mails to members', () => {
  it('are none to which a yes would take a request by mistake', () => {
    const asked = [...everyView()].flatMap(([name, view]) =>
      view.notice.recipient.type === 'member' && view.notice.body.kind !== 'outside-reminder'
        ? questionsIn(shown(view)).map((question) => `${question} (${name})`)
        : [],
    );
    expect(asked.filter((one) => !Questions.some((question) => one.startsWith(`${question} (`)))).toEqual([]);
  });
});

/** Of ours: what others wrote stands behind bars or in quotation marks. */
const questionsIn = (text: string): readonly string[] =>
  text
    .replace(/^│.*$/gm, '')
    .replace(/"[^"]*"/g, '')
    .split(/(?<=[.?!:])\s+|\n/)
    .filter((sentence) => sentence.endsWith('?'));
