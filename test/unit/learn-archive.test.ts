/** What `baton learn` makes of an invented archive: Maildir, mbox files with labels, folders, labelled texts. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { labelsOf } from '../../src/adapters/mime/mail-labels.ts';
import { parseInProcess } from '../../src/adapters/mime/parse-mail.ts';
import { keepExamples } from '../../src/app/bring-archive.ts';
import { foresee } from '../../src/app/judge-examples.ts';
import { droppedAsJson, droppedInWords } from '../../src/cli/drop-words.ts';
import { lessonAsJson, lessonInWords } from '../../src/cli/learn-words.ts';
import { readArchive } from '../../src/cli/read-archive.ts';
import type { MailRead } from '../../src/cli/read-mails.ts';
import { safeLine } from '../../src/cli/safe-text.ts';
import { partsOf } from '../../src/domain/learning/cross-validation.ts';
import { contentOfText } from '../../src/domain/learning/example.ts';
import { harvest } from '../../src/domain/learning/from-archive.ts';
import { meaningOf, placeNames } from '../../src/domain/learning/places.ts';
import type { Category } from '../../src/domain/policy.ts';
import { placeReader, placesMeant } from '../../src/runtime/archive-places.ts';
import { readMailFiles } from '../../src/runtime/mail-files.ts';
import { testPolicy } from '../support/policy.ts';

const category = (id: string, name: string, phrases: readonly string[] = []): Category => ({
  ...{ id, name, phrases, description: '', inboxes: ['maintenance'], priority: 'normal' },
  assign: { type: 'member', member: 'priya' },
});

const policy = testPolicy({
  categories: [
    category('repair', 'Repairs', ['the heating is cold']),
    category('lease', 'Verträge & Schlüssel'),
    category('parking', 'Parking'),
  ],
  learning: { examplesPerSender: 3 },
  rules: [
    {
      id: 'form',
      inboxes: [],
      when: { from: ['form@web.example'] },
      category: 'x',
      priority: 'normal',
      assign: null,
      customer: 'reply-to',
    },
  ],
});

const root = mkdtempSync(join(tmpdir(), 'baton-learn-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

let minute = 0;
/** Every mail has words of its own, unless a test says otherwise. */
function mail(
  from: string,
  subject: string,
  more: { readonly top?: string; readonly header?: string; readonly body?: string } = {},
) {
  minute += 1;
  const date = new Date(Date.UTC(2025, 0, 1, 8, minute)).toUTCString().replace('GMT', '+0000');
  return `${more.top ?? ''}From: ${from}\nTo: maintenance@elm.example\nSubject: ${subject}\nDate: ${date}\nMessage-ID: <${minute}@x.example>\n${more.header ?? ''}\n${more.body ?? `Words of number ${minute}.`}\n`;
}

function put(name: string, content: string): string {
  const path = join(root, name);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, content);
  return path;
}

const mbox = (...mails: readonly string[]): string =>
  mails.map((one) => `From x@y Fri Nov 20 10:00:00 2025\n${one}\n`).join('');

/** Children that parse would cost more than all that is read here. */
async function* inThisProcess(paths: readonly string[]): AsyncGenerator<MailRead> {
  for await (const found of readMailFiles(paths)) {
    if ('error' in found) yield { ...found, header: null };
    else yield { file: found.file, mail: await parseInProcess(found.raw) };
  }
}

async function learnFrom(paths: readonly string[], said: ReadonlyMap<string, string | null> = new Map()) {
  const names = placeNames(policy.categories, said);
  const read = await readArchive(paths, policy, names, inThisProcess);
  const { kept, examples, leftOut, unknownPlaces } = harvest(read.mails, read.texts, policy);
  const lesson = {
    ...{ kept, examples, leftOut, unknownPlaces, foreseen: null, idle: [] },
    ...{ read: read.mails.length + read.texts.length, unreadable: read.unreadable },
  };
  return { ...read, lesson };
}

describe('an archive', () => {
  test('teaches what customers wrote to begin a request, and tells of each other mail why it does not', async () => {
    const opener = mail('ann@a.example', 'Leak');
    const openerId = minute;
    put('mails/Repairs/1.eml', opener);
    put('mails/Repairs/copy.eml', opener);
    put(
      'mails/Repairs/2.eml',
      mail('ann@a.example', 'Re: Leak', { header: `In-Reply-To: <${openerId}@x.example>\n` }),
    );
    put('mails/Repairs/3.eml', mail('maintenance@elm.example', 'Our answer'));
    put('mails/Repairs/4.eml', mail('p@home.example', 'From Priya at home'));
    put(
      'mails/Repairs/5.eml',
      mail('news@shop.example', 'Offers', { header: 'List-Id: <news.shop.example>\n' }),
    );
    put('mails/Repairs/6.eml', mail('bob@b.example', '...', { body: '?' }));
    put(
      'mails/Repairs/7.eml',
      mail('bob@b.example', 'Old thing', { body: 'It drips.\n\n-- \nBob\nBob & Sons' }),
    );
    for (let at = 0; at < 5; at += 1)
      put(`mails/Repairs/many${at}.eml`, mail('max@m.example', `Number ${at}`));
    put('mails/repiar/8.eml', mail('cleo@c.example', 'Mistyped folder'));
    put('mails/INBOX/9.eml', mail('dan@d.example', 'Unsorted'));
    put('mails/vertraege schluessel/2024/10.eml', mail('eve@e.example', 'Keys'));
    const same = { body: 'The very same words.' };
    put('mails/Repairs/11.eml', mail('fay@f.example', 'Twice', same));
    put('mails/Parking/11.eml', mail('fay@f.example', 'Twice', same));

    const { lesson } = await learnFrom([join(root, 'mails')], new Map([['vertraege schluessel', 'lease']]));
    expect(lesson.examples.map(({ category: of, sender, place }) => [of, sender, place]).sort()).toEqual([
      ['lease', 'eve@e.example', 'mails/vertraege schluessel/2024'],
      ['repair', 'ann@a.example', 'mails/Repairs'],
      ['repair', 'bob@b.example', 'mails/Repairs'],
      ['repair', 'max@m.example', 'mails/Repairs'],
      ['repair', 'max@m.example', 'mails/Repairs'],
      ['repair', 'max@m.example', 'mails/Repairs'],
    ]);
    expect(Object.fromEntries(lesson.leftOut)).toEqual({
      'goes-on': 1,
      ours: 1,
      member: 1,
      automatic: 1,
      'nothing-written': 1,
      duplicate: 1,
      'sender-cap': 2,
      'several-categories': 2,
      'no-category': 2,
    });
    // Of one sender the latest count; what is over the cap is kept, since another choice may be made later.
    expect(
      lesson.examples.filter(({ sender }) => sender.startsWith('max')).map(({ content }) => content.subject),
    ).toEqual(['Number 2', 'Number 3', 'Number 4']);
    expect(lesson.kept).toHaveLength(8);
    const bob = lesson.examples.find(({ sender }) => sender.startsWith('bob'));
    expect(bob?.content.body.trim()).toBe('It drips.');
    const words = lessonInWords({ lesson, policy, paths: ['mails'], kept: null, report: null });
    expect(words).toContain('mails/repiar: 1. Did you mean "repair"?\n');
    expect(words).toContain('mails/INBOX: 1.\n');
    expect(words.trimEnd().endsWith('Nothing was kept.')).toBe(true);
  });

  test('may be a Maildir, mbox files, labels of Gmail and labelled texts at once', async () => {
    put('box/.Customers.Vertr&AOQ-ge &- Schl&APw-ssel/cur/1:2,S', mail('gus@g.example', 'Second key'));
    put('box/.Customers.Vertr&AOQ-ge &- Schl&APw-ssel/new/.keep', '');
    put('box/cur/2:2,', mail('hal@h.example', 'In the inbox itself'));
    put('box/new/.keep', '');
    put(
      'All mail.mbox',
      mbox(
        mail('ida@i.example', 'One', { top: 'X-Gmail-Labels: Inbox,"Old, done",Customers/Repairs\n' }),
        mail('jim@j.example', 'Two', {
          top: 'X-Gmail-Labels: =?UTF-8?Q?Inbox,Vertr=C3=A4ge_&_Schl=C3=BCssel?=\n',
        }),
        mail('kim@k.example', 'Three', { top: 'X-Gmail-Labels: Repairs,Parking\n' }),
        mail('lea@l.example', 'Four', { top: 'X-Gmail-Labels: Spam\n' }),
      ),
    );
    const texts = put(
      'texts.jsonl',
      '{"text":"the lift is stuck","label":"repair"}\n{"text":"my car","label":"Parking"}\nno json\n{"text":"hello","label":null}\n{"text":"?","label":"strange"}\n',
    );
    const { lesson } = await learnFrom(
      [join(root, 'box'), join(root, 'All mail.mbox'), texts, join(root, 'gone.eml')],
      new Map([['Spam', null]]),
    );
    expect(lesson.examples.map(({ category: of, sender, place }) => [of, sender, place])).toEqual([
      ['lease', 'gus@g.example', 'box/Customers/Verträge & Schlüssel'],
      ['repair', 'ida@i.example', 'Customers/Repairs'],
      ['lease', 'jim@j.example', 'Verträge & Schlüssel'],
      [null, 'lea@l.example', 'Spam'],
      ['repair', '', 'repair'],
      ['parking', '', 'Parking'],
      [null, '', 'none'],
    ]);
    expect(Object.fromEntries(lesson.leftOut)).toEqual({ 'no-category': 2, 'several-categories': 1 });
    expect([...lesson.unknownPlaces]).toEqual([
      ['box', 1],
      ['strange', 1],
    ]);
    expect(lesson.unreadable).toEqual([
      { file: join(root, 'gone.eml'), error: 'there is no such file' },
      { file: `${texts}, line 3`, error: 'it is no JSON' },
    ]);
  });

  test('teaches what people wrote into a form that a rule names, as theirs, and no other machine’s mail', async () => {
    const header = 'Auto-Submitted: auto-generated\nReply-To: mia@m.example\n';
    put('forms/Repairs/1.eml', mail('form@web.example', 'Contact form', { header }));
    put('forms/Repairs/2.eml', mail('alarm@lift.example', 'Lift 3', { header }));
    const { lesson } = await learnFrom([join(root, 'forms')]);
    expect(lesson.examples.map(({ sender }) => sender)).toEqual(['mia@m.example']);
    expect(Object.fromEntries(lesson.leftOut)).toEqual({ automatic: 1 });
  });
});

test('the configuration alone says how many examples there are, and that nothing is sure yet', () => {
  const nothing = { kept: [], examples: [], leftOut: new Map(), unknownPlaces: new Map(), unreadable: [] };
  const lesson = { ...nothing, read: 0, idle: [], foreseen: foresee([], policy, () => {}) };
  const told = { lesson, policy, paths: [], kept: null, report: null };
  const words = lessonInWords(told);
  expect(words).toMatch(/^category +examples +in the configuration\n(.*\n){2}Repairs +0 +2\n/);
  expect(words).toContain('it is sure of nothing: the front desk is asked');
  expect(lessonAsJson(told)).toMatchObject({
    categories: [{ category: 'repair', examples: 0, configured: 2 }, {}, {}],
  });
});

test('what would come of an archive is judged by mails that were held back', () => {
  const examples = Array.from({ length: 60 }, (_, at) => ({
    content: {
      subject: '',
      body: at % 2 === 0 ? `the tap drips ${at}` : `my car stands there ${at}`,
      senderDomain: '',
      files: [],
    },
    category: at % 2 === 0 ? 'repair' : 'parking',
    ...{ place: 'x', sender: `${at}@x.example`, writtenAt: null },
  }));
  const steps: string[] = [];
  const report = foresee(examples, policy, (done, of) => void steps.push(`${done}/${of}`))?.report;
  expect(report?.inScope).toEqual({ count: 60, of: 60 });
  expect(report?.accuracy.count).toBe(60);
  expect(steps.at(-1)).toBe('5/5');
});

describe('a place', () => {
  const names = placeNames(
    policy.categories,
    new Map<string, string | null>([
      ['Old/Heating', 'repair'],
      ['Heating', 'parking'],
      ['Trash', null],
    ]),
  );
  test.each([
    [
      'the name of a category, with case, accents and signs forgiven',
      [['a', 'vertrage & SCHLUSSEL']],
      'lease',
    ],
    ['its id', [['repair']], 'repair'],
    ['the folder around one that means nothing', [['Repairs', '2024', 'old']], 'repair'],
    ['the innermost of several', [['Repairs', 'Parking']], 'parking'],
    ['what was said of the longest path', [['x', 'old', 'heating']], 'repair'],
    ['what was said of a folder alone', [['new', 'Heating']], 'parking'],
    ['none of them, if that was said', [['Trash']], null],
    ['one thing, if two labels agree', [['Repairs'], ['repair'], ['Inbox']], 'repair'],
  ])('means %s', (_, places, expected) => {
    expect(meaningOf(places, names)).toMatchObject({ type: 'one', category: expected });
  });

  test('means nothing where nothing has its name, and several things where labels do', () => {
    expect(meaningOf([['repair-ideas'], ['Inbox']], names)).toEqual({ type: 'nothing' });
    expect(meaningOf([['Repairs'], ['Parking']], names)).toEqual({ type: 'several' });
    expect(meaningOf([['Repairs'], ['Trash']], names)).toEqual({ type: 'several' });
  });

  test.each([
    ['/a/archive/Repairs/1.eml', 'archive/Repairs'],
    ['/a/archive/Repairs/cur/1:2,S', 'archive/Repairs'],
    ['/a/archive/.A.B/new/1', 'archive/A/B'],
    ['/a/archive/Local.sbd/Repairs', 'archive/Local/Repairs'],
    ['/a/archive/Repairs.mbox', 'archive/Repairs'],
    ['/a/archive/Repairs.mbox/mbox', 'archive/Repairs'],
    ['/a/archive/Repairs.mbox.gz', 'archive/Repairs'],
    ['/a/archive/Repairs/17', 'archive/Repairs'],
    ['/a/archive/Repairs/17.txt', 'archive/Repairs'],
    ['/a/archive/&AMQ-nderung/1.eml', 'archive/Änderung'],
    ['/a/archive/Tom &- Co/1.eml', 'archive/Tom & Co'],
    ['/a/b/Leases.mbox', 'Leases'],
  ])('is read off %s as %s', (file, expected) => {
    expect(placeReader(['/a/archive', '/a/b/Leases.mbox'])(file).join('/')).toBe(expected);
  });

  test('has the name that a person gave it, however an IMAP server wrote that down', () => {
    /** RFC 3501 section 5.1.3, written down by the letter. */
    const written = (name: string) =>
      name.replace(/&|[^ -~]+/g, (part) => {
        if (part === '&') return '&-';
        const code = Buffer.from(part, 'utf16le').swap16().toString('base64');
        return `&${code.replaceAll('/', ',').replace(/=+$/, '')}-`;
      });
    const name = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 40 })
      .filter((text) => /^[^./\0][^./\0]*$/.test(text));
    fc.assert(
      fc.property(name, (text) => {
        expect(placeReader(['/a'])(`/a/${written(text)}/1.eml`)).toEqual(['a', text]);
      }),
      { numRuns: 300 },
    );
  });

  test('is read off the labels that Takeout writes above a mail, and off none that came with it', () => {
    const thread = { name: 'x-gm-thrid', value: '1' };
    const received = { name: 'received', value: 'from a by b' };
    const labels = { name: 'x-gmail-labels', value: 'Inbox,"Old, done",Customers/Repairs,"' };
    const expected = [['Inbox'], ['Old, done'], ['Customers', 'Repairs']];
    expect(labelsOf({ headers: [thread, labels, received] })).toEqual(expected);
    expect(labelsOf({ headers: [labels] })).toEqual(expected);
    expect(labelsOf({ headers: [received, labels] })).toEqual([]);
    expect(labelsOf({ headers: [thread, received, labels] })).toEqual([]);
  });
});

test('all mails of one sender are held back together, and each part has its share of each category', () => {
  const examples = Array.from({ length: 300 }, (_, at) => ({
    category: ['a', 'b', null][at % 3] ?? null,
    sender: at % 10 === 0 ? '' : `${Math.floor(at / 9)}@x.example`,
  }));
  const parts = partsOf(examples, 5, 1);
  const bySender = Map.groupBy(examples.keys(), (at) => examples[at]?.sender ?? '');
  for (const [sender, members] of bySender)
    if (sender !== '') expect(new Set(members.map((at) => parts[at])).size).toBe(1);
  const sizes = [0, 1, 2, 3, 4].map((part) => parts.filter((one) => one === part).length);
  expect(Math.min(...sizes)).toBeGreaterThanOrEqual(50);
  expect(partsOf(examples, 5, 1)).toEqual(parts);
});

test('what an archive teaches is kept in portions, and learned from at once', async () => {
  const done: string[] = [];
  const learning = {
    addArchive: async ({ length }: { readonly length: number }) => {
      done.push(`keep ${length}`);
      return length - 1;
    },
    askForTraining: async () => void done.push('train'),
  };
  const example = { content: contentOfText('x'), category: null, place: '', sender: '', writtenAt: null };
  const kept = Array.from({ length: 1_200 }, () => example);
  expect(await keepExamples(learning, kept, (count) => void done.push(`${count}`))).toBe(1_197);
  expect(done).toEqual(['keep 500', '500', 'keep 500', '1000', 'keep 200', '1200', 'train']);
  expect(await keepExamples(learning, [], () => {})).toBe(0);
  expect(done).toHaveLength(7);
});

test('with --dry-run nothing is stored, and no database and no password are needed', () => {
  const folder = join(root, 'dry');
  mkdirSync(folder);
  const server = `{ host: imap.elm.example, user: office, password: "\${NOT_SET_HERE}" }`;
  writeFileSync(
    join(folder, 'baton.yaml'),
    `secret: "\${NOT_SET_HERE_EITHER}"
defaults: { timeZone: Europe/Berlin }
inboxes:
  office: { address: office@elm.example, name: Elm, imap: ${server}, smtp: ${server}, triageLead: leah, finalManager: leah }
members:
  leah: { name: Leah, addresses: [leah@elm.example] }
categories:
  repair: { assign: leah }
  lease: { assign: leah }
`,
  );
  writeFileSync(
    join(folder, 'a.jsonl'),
    '{"text":"it drips","label":"Repair"}\n{"text":"a key","label":"Lease"}\n',
  );
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(import.meta.dirname, '../../src/cli/main.ts'), 'learn', 'a.jsonl', '--dry-run', '--json'],
    { cwd: folder, encoding: 'utf8' },
  );
  expect([status, stderr]).toEqual([0, '']);
  expect(JSON.parse(stdout)).toMatchObject({ read: 2, examples: 2, leftOut: {}, report: null, kept: null });
  expect(readdirSync(folder).sort()).toEqual(['a.jsonl', 'baton.yaml']);
});

test('what is taken away is counted, and it is told when too little is left to learn anew', () => {
  const words = droppedInWords({ type: 'dropped', count: 1_200, learned: { type: 'too-few' } });
  expect(words).toBe(
    'Taken away: 1,200 examples. Too little is left to learn from; the model that was made with them stays.\n',
  );
  expect(droppedAsJson({ type: 'dropped', count: 3, learned: { type: 'not-now' } })).toEqual({
    dropped: 3,
    outcome: 'not-now',
  });
});

describe('a place to take away', () => {
  const kept = ['archive/Bills', 'archive/Bills/2024', 'archive/Repairs', 'old/Repairs', 'Töpfe', 'a//b', ''];

  test.each([
    ['archive/Bills', 'archive/Bills'],
    ['archive/Bills/', 'archive/Bills'],
    ['./archive/Bills', 'archive/Bills'],
    ['/tmp/x/archive/Bills', 'archive/Bills'],
    ['Bills', 'archive/Bills'],
    ['2024', 'archive/Bills/2024'],
    ['/mail/.archive.Bills', 'archive/Bills'],
    ['Takeout/archive/Bills.mbox.gz', 'archive/Bills'],
    ['To\u0308pfe', 'Töpfe'],
    ['a//b', 'a//b'],
  ])('that is called %s is %s', (typed, place) => {
    expect(placesMeant(typed, kept)).toEqual([place]);
  });

  test.each(['ills', 'bills', 'archive', 'archive/Invoices', 'other/Bills', '/', '.'])(
    'that is called %s is none of those that were kept',
    (typed) => {
      expect(placesMeant(typed, kept)).toEqual([]);
    },
  );

  test('of which several end alike is none before somebody says which', () => {
    expect(placesMeant('Repairs', kept)).toEqual(['archive/Repairs', 'old/Repairs']);
    expect(placesMeant('old/Repairs/', [...kept, 'Repairs'])).toEqual(['old/Repairs']);
    expect(placesMeant('/tmp/old/Repairs', [...kept, 'Repairs'])).toEqual(['old/Repairs', 'Repairs']);
  });

  test('that is not known is answered with those that are, and what each brought', () => {
    const places = [
      { place: 'archive/Bills', examples: 1_200 },
      { place: 'old/\u001b[2JRepairs', examples: 7 },
    ];
    expect(droppedInWords({ type: 'nothing', places: [] })).toBe('No archive brought anything.\n');
    expect(droppedInWords({ type: 'nothing', places })).toBe(
      `No archive brought anything from there. There is:\n  1,200  archive/Bills\n      7  ${safeLine('old/\u001b[2JRepairs')}\n`,
    );
    expect(droppedInWords({ type: 'several', places })).toContain('several places end like this');
    expect(droppedAsJson({ type: 'several', places })).toEqual({ dropped: 0, why: 'several', places });
  });

  test('is not everything because its name was forgotten: what would go is told', () => {
    const places = Array.from({ length: 40 }, (_, index) => ({ place: `archive/${index}`, examples: 5 }));
    const words = droppedInWords({ type: 'unconfirmed', places });
    expect(words).toMatch(
      /^All that archives brought would be taken away, 200 examples:\n {2}5 {2}archive\/0\n/,
    );
    expect(words).toContain('and 10 other places\nNothing was taken away: say --yes');
  });
});
