/** What members order on the board: as by mail, told in the same receipt, and nothing that is not theirs. */
import { beforeEach, describe, expect, test } from 'vitest';
import { dispositionOf, safeName } from '../../src/adapters/web/board/files.ts';
import { HOUR, MINUTE } from '../../src/domain/instant.ts';
import { type BoardWorld, type Browser, groundOf, openBoard } from '../support/board-world.ts';
import { writeLetter } from '../support/letters.ts';
import { testPolicy } from '../support/policy.ts';
import { brokenPromises } from '../support/promises.ts';
import { openWorld, type World } from '../support/world.ts';

const POLICY = testPolicy({
  rules: [],
  categories: [
    {
      id: 'leaks',
      name: 'Leaks',
      inboxes: ['maintenance'],
      description: '',
      phrases: [],
      assign: { type: 'team', team: 'maintenance' },
      priority: 'normal',
    },
  ],
});

let world: World;
let board: BoardWorld;
beforeEach(async () => {
  world = await openWorld({ policy: POLICY });
  board = await openBoard(groundOf(world));
});

let letters = 0;
async function customerWrites(text = 'Water drips from the ceiling.', change: object = {}): Promise<number> {
  letters += 1;
  const raw = writeLetter({
    from: `Maria Lopez <maria${letters}@tenant.example>`,
    to: ['maintenance@elm.example'],
    subject: `Leak ${letters}`,
    text,
    date: world.clock.now(),
    messageId: `letter-${letters}@tenant.example`,
    ...change,
  });
  world.deliver('maintenance', raw);
  await world.settle();
  return world.store.conversations().at(-1)?.id ?? 0;
}

let forms = 0;
const newForm = () => `form-of-the-test-${++forms}`;

/** What the page had shown, as its hidden fields say. */
function shownOf(id: number) {
  const { lastCustomerMessage, lastAnswer } = world.store.conversation(id);
  return { shown: String(lastCustomerMessage), answered: String(lastAnswer?.seq ?? 0), form: newForm() };
}

async function order(browser: Browser, id: number, verb: string, fields: Record<string, string> = {}) {
  const answer = await browser.post(`/requests/${id}/orders`, { ...shownOf(id), verb, ...fields });
  await world.settle();
  return answer;
}

type Told = { carriedOut: boolean | null; paragraphs: string[] };
const told = async (browser: Browser, page: string): Promise<Told> => (await browser.get(page)).json();

async function receiptsTo(address: string): Promise<string[]> {
  const sent = await world.sent();
  return sent.flatMap(({ kind, outgoing, mail }) =>
    kind === 'receipt' && outgoing.envelopeTo === address ? [mail.text] : [],
  );
}

describe('an order on the board', () => {
  test('is carried out in the name of whoever is signed in, and told on the next page and by mail', async () => {
    const id = await customerWrites();
    const leah = await board.signIn('leah');
    const answer = await order(leah, id, 'accept');
    expect([answer.statusCode, answer.headers.location]).toEqual([303, `/requests/${id}`]);
    expect(world.store.conversation(id).owner).toBe('leah');
    const page = await told(leah, `/requests/${id}`);
    expect(page.carriedOut).toBe(true);
    const [receipt = ''] = await receiptsTo('leah@elm.example');
    for (const paragraph of page.paragraphs) expect(receipt).toContain(paragraph);
    expect(page.paragraphs.join(' ')).toContain('yours');
    expect(await told(leah, `/requests/${id}`)).toEqual({ carriedOut: null, paragraphs: [] });
    expect(await brokenPromises(world)).toEqual([]);
  });

  test('can be any verb of the grammar, and each leaves the state that the same mail would', async () => {
    const id = await customerWrites();
    const leah = await board.signIn('leah');
    const priya = await board.signIn('priya');
    const steps: readonly [Browser, string, Record<string, string>, string][] = [
      [leah, 'handoff', { to: 'priya', note: 'You know the house' }, 'offered'],
      [priya, 'accept', {}, 'accepted'],
      [priya, 'note', { text: 'The plumber comes' }, 'noted'],
      [priya, 'reply', { text: 'We are on our way.' }, 'replied'],
      [priya, 'help-from', { to: 'sam', text: 'Do you have the key?' }, 'help-asked'],
      [priya, 'ask', { address: 'plumber@pipes.example', text: 'When can you come?' }, 'help-asked'],
      [priya, 'add', { address: 'owner@house.example' }, 'copied'],
      [priya, 'snooze', { when: 'tomorrow 9:00', note: 'waits for a part' }, 'snoozed'],
      [priya, 'due', { when: '2026-03-06T12:00' }, 'due-set'],
      [priya, 'category', { category: 'leaks' }, 'categorised'],
      [priya, 'done', { note: 'repaired' }, 'done'],
      [priya, 'reopen', {}, 'reopened'],
      [priya, 'spam', {}, 'done'],
    ];
    for (const [browser, verb, fields, event] of steps) {
      await world.advance(MINUTE);
      const before = world.store.conversation(id).version;
      expect((await order(browser, id, verb, fields)).statusCode, verb).toBe(303);
      const since = world.store.events(id).filter(({ seq }) => seq > before);
      expect(
        since.map(({ type }) => type),
        verb,
      ).toContain(event);
      expect((await told(browser, `/requests/${id}`)).carriedOut, verb).toBe(true);
    }
    const toCustomer = (await world.sent()).filter(({ kind }) => kind === 'customer-reply');
    expect(toCustomer.map(({ mail }) => mail.text)).toEqual([expect.stringContaining('We are on our way.')]);
    expect(await brokenPromises(world)).toEqual([]);
  });

  test('joins and parts requests, names their customer, and says which category a no means', async () => {
    const [first, second, third] = [await customerWrites(), await customerWrites(), await customerWrites()];
    const leah = await board.signIn('leah');
    await order(leah, first, 'accept');
    await order(leah, second, 'merge', { into: `#${first}` });
    expect(world.store.conversation(second).phase).toBe('done');
    await order(leah, first, 'for', { address: 'ben@tenant.example' });
    expect(world.store.events(first).map(({ type }) => type)).toContain('customer-changed');
    await order(leah, third, 'decline', { category: 'leaks', note: 'It is a pipe' });
    expect(world.store.conversation(third).classified?.category).toBe('leaks');
    expect(world.store.events(third).map(({ type }) => type)).toEqual(
      expect.arrayContaining(['noted', 'declined']),
    );
    expect(await brokenPromises(world)).toEqual([]);
  });

  test('is refused where the same mail would be, and says so: whose it is, and what was kept', async () => {
    const id = await customerWrites();
    const leah = await board.signIn('leah');
    await order(leah, id, 'accept');
    const priya = await board.signIn('dana');
    await order(priya, id, 'due', { when: 'Friday' });
    const page = await told(priya, `/requests/${id}`);
    expect(page.paragraphs.join(' ')).toContain('Leah');
    expect(world.store.events(id).filter((event) => event.type === 'due-set' && event.by !== 'dana')).toEqual(
      [],
    );
    await order(leah, id, 'handoff', { to: 'omar the unknown', note: 'kept words' });
    const refused = await told(leah, `/requests/${id}`);
    expect(refused.carriedOut).toBe(false);
    expect(refused.paragraphs.join(' ')).toContain('kept words');
    expect(await brokenPromises(world)).toEqual([]);
  });

  test('is held back when the customer wrote after the page was made, as with a mail', async () => {
    const id = await customerWrites();
    const leah = await board.signIn('leah');
    await order(leah, id, 'accept');
    const before = shownOf(id);
    world.deliver(
      'maintenance',
      writeLetter({
        from: `maria${letters}@tenant.example`,
        to: ['maintenance@elm.example'],
        subject: `Re: Leak ${letters}`,
        text: 'It is worse now.',
        date: world.clock.now(),
        messageId: 'later@tenant.example',
        answers: { messageId: `letter-${letters}@tenant.example`, references: [] },
      }),
    );
    await world.settle();
    await order(leah, id, 'reply', { ...before, text: 'All is well then.' });
    expect(world.store.events(id).map(({ type }) => type)).toContain('held');
    await order(leah, id, 'done', { ...before, form: newForm() });
    expect(world.store.conversation(id).phase).toBe('owned');
    expect((await told(leah, `/requests/${id}`)).carriedOut).toBe(false);
  });

  test('acts once, however often its form is sent, at once or later', async () => {
    const id = await customerWrites();
    const leah = await board.signIn('leah');
    await order(leah, id, 'accept');
    const fields = { ...shownOf(id), verb: 'reply', text: 'We are on our way.' };
    const answers = await Promise.all([1, 2, 3].map(() => leah.post(`/requests/${id}/orders`, fields)));
    await world.settle();
    answers.push(await leah.post(`/requests/${id}/orders`, fields));
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([303, 303, 303, 303]);
    expect(world.store.events(id).filter(({ type }) => type === 'replied')).toHaveLength(1);
  });

  test('that cannot be understood does nothing, mails nobody, and says what is missing', async () => {
    const id = await customerWrites();
    const leah = await board.signIn('leah');
    await order(leah, id, 'accept');
    const [version, mails] = [world.store.conversation(id).version, (await world.sent()).length];
    const wrong: readonly [string, Record<string, string>][] = [
      ['snooze', { when: 'soon' }],
      ['snooze', { when: 'Friday or Monday' }],
      ['reply', { text: ' \n ' }],
      ['handoff', { to: '' }],
      ['merge', { into: '1042; DROP TABLE' }],
      ['ask', { address: '', text: 'x' }],
      ['new', { text: 'x' }],
      ['away', { until: 'Friday' }],
      ['dismiss', {}],
      ['__proto__', {}],
      ['accept', { form: 'short' }],
    ];
    for (const [verb, fields] of wrong)
      expect((await order(leah, id, verb, fields)).statusCode, verb).toBe(422);
    expect(world.store.conversation(id).version).toBe(version);
    expect(await world.sent()).toHaveLength(mails);
  });

  test('tells of absences: ones own, and for managers anybody', async () => {
    const priya = await board.signIn('priya');
    await priya.post('/people/orders', { verb: 'away', until: 'Friday', cover: 'luis', form: newForm() });
    await world.settle();
    expect(world.store.absences().map(({ member, by }) => [member, by])).toEqual([['priya', 'priya']]);
    expect((await told(priya, '/people')).carriedOut).toBe(true);
    await priya.post('/people/orders', { verb: 'away', who: 'sam', until: 'Friday', form: newForm() });
    expect((await told(priya, '/people')).carriedOut).toBe(false);
    const dana = await board.signIn('dana');
    await dana.post('/people/orders', { verb: 'away', who: 'sam', until: 'Friday', form: newForm() });
    await dana.post('/people/orders', { verb: 'back', who: 'priya', form: newForm() });
    await world.settle();
    expect(world.store.absences().map(({ member, endedAt }) => [member, endedAt !== null])).toEqual([
      ['priya', true],
      ['sam', false],
    ]);
    expect(await brokenPromises(world)).toEqual([]);
  });

  test('decides about a mail that could not be read, for those who may', async () => {
    world.deliver('maintenance', new Uint8Array(2 * 1024 * 1024).fill(97));
    await world.settle();
    const parked = world.store.parked()[0];
    const message = world.store.messages().find(({ disposition }) => disposition === 'parked')?.id ?? 0;
    expect(parked).toBeDefined();
    const sam = await board.signIn('sam');
    const fields = () => ({ verb: 'request', form: newForm() });
    expect((await sam.post(`/parked/${message}/orders`, fields())).statusCode).toBe(404);
    expect((await sam.post('/parked/999/orders', fields())).statusCode).toBe(404);
    const leah = await board.signIn('leah');
    expect((await leah.post(`/parked/${message}/orders`, fields())).statusCode).toBe(303);
    await world.settle();
    expect(world.store.parkedEvents(message).at(-1)).toMatchObject({
      type: 'decided',
      where: 'on-the-board',
    });
    expect((await told(leah, `/parked/${message}`)).carriedOut).toBe(true);
    expect(world.store.conversations()).toHaveLength(1);
    expect(await brokenPromises(world)).toEqual([]);
  });
});

describe('what is not theirs', () => {
  /** Of the inbox billing, in which Sam has no part. */
  async function foreignRequest(): Promise<number> {
    world.deliver(
      'billing',
      writeLetter({
        from: 'ben@tenant.example',
        to: ['billing@elm.example'],
        subject: 'My invoice',
        text: 'See the file.',
        date: world.clock.now(),
        messageId: 'invoice@tenant.example',
        attachments: ['invoice.pdf'],
      }),
    );
    await world.settle();
    const id = world.store.conversations().at(-1)?.id ?? 0;
    const dana = await board.signIn('dana');
    await order(dana, id, 'take');
    return id;
  }

  test('is answered exactly as what is not there: orders and files alike', async () => {
    const id = await foreignRequest();
    const message = world.store.messages().at(-1)?.id ?? 0;
    const sam = await board.signIn('sam');
    const version = world.store.conversation(id).version;
    const there = await sam.post(`/requests/${id}/orders`, { ...shownOf(id), verb: 'take' });
    const nowhere = await sam.post('/requests/4711/orders', { ...shownOf(id), verb: 'take' });
    expect([there.statusCode, there.body]).toEqual([404, nowhere.body]);
    for (const url of [
      `/requests/${id}/files/${message}/0`,
      '/requests/4711/files/1/0',
      `/requests/${id}/files/999/0`,
    ])
      expect([(await sam.get(url)).statusCode, (await sam.get(url)).body]).toEqual([404, nowhere.body]);
    expect(world.store.conversation(id).version).toBe(version);
    expect(world.store.orders().filter(({ member }) => member === 'sam')).toEqual([]);
  });

  test('becomes theirs to see when they are asked to help, and so do its files', async () => {
    const id = await foreignRequest();
    const message =
      world.store
        .messages()
        .findLast(({ conversationId, disposition }) => conversationId === id && disposition === 'request')
        ?.id ?? 0;
    const dana = await board.signIn('dana');
    await order(dana, id, 'help-from', { to: 'sam', text: 'Is that yours?' });
    const sam = await board.signIn('sam');
    expect((await order(sam, id, 'note', { text: 'No' })).statusCode).toBe(303);
    const file = await sam.get(`/requests/${id}/files/${message}/0`);
    expect(file.statusCode).toBe(200);
    expect(file.body).toBe('what is in invoice.pdf');
    expect(file.headers).toMatchObject({
      'content-type': 'application/octet-stream',
      'content-disposition': `attachment; filename="invoice.pdf"; filename*=UTF-8''invoice.pdf`,
      'content-security-policy': "default-src 'none'; sandbox",
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
    });
    expect((await sam.get(`/requests/${id}/files/${message}/1`)).statusCode).toBe(404);
    expect((await sam.get(`/requests/${id}/files/${message}/-1`)).statusCode).toBe(404);
  });

  test('files are read only through the request that they came in', async () => {
    const foreign = await foreignRequest();
    const message =
      world.store
        .messages()
        .findLast(
          ({ conversationId, disposition }) => conversationId === foreign && disposition === 'request',
        )?.id ?? 0;
    const own = await customerWrites();
    const sam = await board.signIn('sam');
    await order(await board.signIn('leah'), own, 'handoff', { to: 'sam' });
    expect((await sam.get(`/requests/${own}/files/${message}/0`)).statusCode).toBe(404);
  });

  test('a form without its word, with that of another member, from another site or as a GET does nothing', async () => {
    const id = await customerWrites();
    const leah = await board.signIn('leah');
    const dana = await board.signIn('dana');
    const url = `/requests/${id}/orders`;
    const fields = () => ({ ...shownOf(id), verb: 'take' });
    const refused = [
      await leah.post(url, { ...fields(), csrf: '' }),
      await leah.post(url, { ...fields(), csrf: dana.csrf }),
      await leah.post(url, fields(), { origin: 'https://evil.example' }),
      await leah.post(url, fields(), { origin: 'http://localhost.evil.example:3000' }),
      await leah.post(url, fields(), { 'sec-fetch-site': 'cross-site' }),
      await leah.post('/people/orders', { verb: 'away', until: 'Friday', form: newForm(), csrf: dana.csrf }),
      await leah.post('/sign-out', { csrf: dana.csrf }),
    ];
    expect(refused.map(({ statusCode }) => statusCode)).toEqual(refused.map(() => 403));
    expect((await leah.get(`${url}?verb=take&csrf=${leah.csrf}`)).statusCode).toBe(404);
    const json = await leah.post(url, {}, { 'content-type': 'application/json' });
    expect(json.statusCode).toBe(400);
    expect((await board.browser().post(url, fields())).headers.location).toBe('/sign-in');
    expect(world.store.conversation(id).owner).toBeNull();
    expect(world.store.absences()).toEqual([]);
    expect(await leah.look()).toBe('leah');
  });

  test('a member who has left orders nothing with a session of before', async () => {
    const id = await customerWrites();
    const sam = await board.signIn('sam');
    await order(await board.signIn('leah'), id, 'handoff', { to: 'sam' });
    const members = new Map([...POLICY.members].filter(([one]) => one !== 'sam'));
    await world.configure({ ...POLICY, members, teams: new Map() });
    expect((await order(sam, id, 'accept')).headers.location).toBe('/sign-in');
    expect(world.store.orders().filter(({ member }) => member === 'sam')).toEqual([]);
    await world.advance(HOUR);
  });
});

describe('names of files', () => {
  const NAMES = [
    'plan.pdf',
    'a"; filename="b.html',
    'x\r\nSet-Cookie: a=b\r\n\r\n<script>alert(1)</script>',
    '<img src=x onerror=alert(1)>.png',
    '../../../etc/passwd',
    'C:\\Windows\\system.ini',
    'photo\u202egpj.exe',
    '\u0000',
    '...',
    'con.txt',
    'Grundriß 1. Stock – Küche.pdf',
    `${'a'.repeat(5_000)}.pdf`,
    '\ud800broken.pdf',
    '%22%0d%0a',
    "it's (1)*.txt",
  ];

  test('are one line, one header and one name, whatever a customer calls a file', () => {
    for (const name of NAMES) {
      const header = dispositionOf(name);
      expect(header, name).toMatch(
        /^attachment; filename="[\x20-\x21\x23-\x24\x26-\x5b\x5d-\x7e]{1,130}"; filename\*=UTF-8''[\w!#$&+.^`|~%-]+$/,
      );
      expect(header, name).not.toMatch(/[<>\r\n]/);
      expect(header.length).toBeLessThan(1_800);
      expect(safeName(name), name).not.toMatch(/[/\\:*?"<>|\p{C}]|^\.|^\s*$/u);
    }
    expect(safeName('photo\u202egpj.exe')).toBe('photogpj.exe');
    expect(safeName('Grundriß 1. Stock – Küche.pdf')).toBe('Grundriß 1. Stock – Küche.pdf');
    expect(safeName(`${'a'.repeat(5_000)}.pdf`)).toMatch(/^a{116}\.pdf$|^a{120}$/);
    expect(safeName('con.txt')).toBe('_con.txt');
  });
});
