/** Attacks on the door of the board: with links, cookies, forms and time. */
import { beforeEach, describe, expect, test } from 'vitest';
import { DAY, HOUR, MINUTE } from '../../src/domain/instant.ts';
import { LINKS_PER_HOUR, SESSION_IDLE } from '../../src/domain/sign-in.ts';
import { LOCAL } from '../support/board.ts';
import { type BoardWorld, groundOf, openBoard } from '../support/board-world.ts';
import { testPolicy } from '../support/policy.ts';
import { waitUntil } from '../support/wait-until.ts';
import { openWorld, type World } from '../support/world.ts';

let world: World;
let board: BoardWorld;
beforeEach(async () => {
  world = await openWorld();
  board = await openBoard(groundOf(world));
});

const PRIYA = 'priya@elm.example';
const linksMailed = async () => (await world.sent()).filter(({ kind }) => kind === 'sign-in');

describe('a member signs in', () => {
  test('by the link in the mail, opened and confirmed in the browser that asked for it', async () => {
    const browser = board.browser();
    await browser.ask('PRIYA@elm.example', '/requests/7');
    const link = await board.link();
    const [mail] = await linksMailed();
    expect(mail?.outgoing.envelopeTo).toBe(PRIYA);
    expect(mail?.mail.text).toContain(`from the address ${browser.address}`);
    const page = await browser.get(link);
    expect(page.body).toContain('<h1>Sign in as Priya');
    expect(await browser.look()).toBeNull();
    await browser.get(link);
    const answer = await browser.post(link);
    expect([answer.statusCode, answer.headers.location]).toEqual([303, '/requests/7']);
    expect(await browser.look()).toBe('priya');
    expect(world.errors).toEqual([]);
  });

  test('with any address of theirs, and the link goes to the first', async () => {
    await board.browser().ask('p@home.example');
    await board.link();
    expect((await linksMailed())[0]?.outgoing.envelopeTo).toBe(PRIYA);
  });

  test('and no secret of it lies in the database: neither what the link says nor what the browsers hold', async () => {
    const browser = await board.signIn('priya');
    const link = await board.link();
    const secrets = [
      link.slice('/sign-in/'.length),
      ...Object.values(browser.cookies).flatMap((one) => one.split('.')),
    ];
    const rows = JSON.stringify([
      world.store.signIns(),
      world.store.orders(),
      world.store.outbox().map(({ notice }) => notice),
    ]);
    for (const secret of secrets) expect(rows).not.toContain(secret);
  });
});

describe('whoever asks learns nothing', () => {
  test('the answer is the same whether a teammate has the address, nobody has it, or it is none', async () => {
    const answers = [];
    for (const address of [
      PRIYA,
      'nobody@elm.example',
      'no address',
      '',
      `${'a'.repeat(300)}@elm.example`,
      'a@b\r\nBcc: c@d',
    ]) {
      const { statusCode, headers, body } = await board.browser().ask(address);
      answers.push(JSON.stringify([statusCode, headers.location, body, Object.keys(headers).sort()]));
    }
    expect(new Set(answers).size).toBe(1);
    await board.door.settled();
    await world.settle();
    expect(await linksMailed()).toHaveLength(1);
  });

  test('the answer waits for nothing that is looked up, so that its time tells nothing', async () => {
    let release = (): void => {};
    const asked: string[] = [];
    const slow = await openBoard(groundOf(world), LOCAL, {
      ask: ({ address }) => {
        asked.push(address);
        return new Promise<void>((resolve) => {
          release = resolve;
        });
      },
    });
    expect((await slow.browser().ask(PRIYA)).statusCode).toBe(303);
    await waitUntil('the link is asked for', () => asked.length > 0);
    release();
    await slow.door.settled();
    expect(asked).toEqual([PRIYA]);
  });

  test('members who have left are mailed nothing', async () => {
    const members = new Map([...testPolicy().members].filter(([id]) => id !== 'sam'));
    await world.configure({ ...testPolicy(), members, teams: new Map() });
    await board.browser().ask('sam@elm.example');
    await board.door.settled();
    await world.settle();
    expect(await linksMailed()).toHaveLength(0);
  });
});

describe('a link', () => {
  test('that is passed on, or caught on its way, opens nothing in another browser and is not used up', async () => {
    const browser = board.browser();
    await browser.ask(PRIYA);
    const link = await board.link();
    const other = board.browser();
    await other.get('/sign-in');
    for (const answer of [await other.get(link), await other.post(link), await board.browser().get(link)]) {
      expect(answer.statusCode).toBe(404);
      expect(answer.body).not.toContain('Priya');
    }
    expect(await other.look()).toBeNull();
    expect((await browser.open(link)).statusCode).toBe(303);
  });

  test('is not used by what opens links of mails by itself, in any way that it asks', async () => {
    const browser = board.browser();
    await browser.ask(PRIYA);
    const link = await board.link();
    for (const headers of [{}, { purpose: 'prefetch', 'sec-purpose': 'prefetch' }, { cookie: '' }]) {
      await browser.get(link, headers);
      await board.app.inject({ method: 'HEAD', url: link, headers });
      await board.app.inject({ method: 'OPTIONS', url: link, headers });
    }
    expect(await browser.look()).toBeNull();
    expect((await browser.open(link)).statusCode).toBe(303);
  });

  test('works once, also when its button is pressed twice at the same time', async () => {
    const browser = board.browser();
    await browser.ask(PRIYA);
    const link = await board.link();
    await browser.get(link);
    const answers = await Promise.all([browser.post(link), browser.post(link), browser.post(link)]);
    expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([303, 404, 404]);
    expect(await browser.look()).toBe('priya');
    const later = board.browser();
    later.cookies = { ...browser.cookies };
    expect((await later.open(link)).statusCode).toBe(404);
  });

  test('works no longer than a quarter of an hour, and its mail is not sent after that', async () => {
    const browser = board.browser();
    await browser.ask(PRIYA);
    const link = await board.link();
    await world.advance(15 * MINUTE);
    expect((await browser.open(link)).statusCode).toBe(404);
    await browser.ask(PRIYA);
    await board.door.settled();
    world.clock.set(world.clock.now() + HOUR);
    await world.settle();
    expect(await linksMailed()).toHaveLength(1);
  });

  test('cannot be guessed: what is no link, and what only looks like one, open the same nothing', async () => {
    const browser = board.browser();
    await browser.ask(PRIYA);
    await board.link();
    const bodies = new Set<string>();
    for (const token of ['x', 'a'.repeat(43), '%00', '..%2f..%2f', 'a'.repeat(150), "'%20OR%201=1"]) {
      const { statusCode, body } = await browser.get(`/sign-in/${token}`);
      expect(statusCode, token).toBe(404);
      bodies.add(body);
    }
    expect(bodies.size).toBe(1);
  });

  test('of another member does not open in the browser of whoever asked for their own', async () => {
    const [mine, theirs] = [board.browser(), board.browser()];
    await mine.ask('sam@elm.example');
    await board.link();
    await theirs.ask(PRIYA);
    const link = await board.link();
    expect((await mine.open(link)).statusCode).toBe(404);
    expect(await mine.look()).toBeNull();
  });
});

describe('forms of the door', () => {
  test('that come from another site, from nowhere, or without their word do nothing', async () => {
    const browser = board.browser();
    await browser.get('/sign-in');
    const attempts = [
      [{ address: PRIYA, csrf: '' }, {}],
      [{ address: PRIYA, csrf: 'a'.repeat(43) }, {}],
      [{ address: PRIYA }, { origin: 'https://evil.example' }],
      [{ address: PRIYA }, { origin: 'null' }],
      [{ address: PRIYA }, { 'sec-fetch-site': 'cross-site' }],
      [{ address: PRIYA }, { 'sec-fetch-site': 'same-site' }],
    ] as const;
    for (const [fields, headers] of attempts)
      expect((await browser.post('/sign-in', { ...fields }, { ...headers })).statusCode).toBe(403);
    const noCookie = board.browser();
    noCookie.csrf = browser.csrf;
    expect((await noCookie.post('/sign-in', { address: PRIYA })).statusCode).toBe(403);
    await browser.ask(PRIYA);
    const link = await board.link();
    await browser.get(link);
    expect((await browser.post(link, { csrf: 'a'.repeat(43) })).statusCode).toBe(403);
    expect((await browser.post(link, {}, { origin: 'https://evil.example' })).statusCode).toBe(403);
    expect(await linksMailed()).toHaveLength(1);
    expect((await browser.open(link)).statusCode).toBe(303);
  });

  test('lead nowhere but to the board, whatever is asked of them', async () => {
    for (const next of [
      'https://evil.example/',
      '//evil.example',
      '/\\evil.example',
      'javascript:alert(1)',
      '/a\r\nSet-Cookie: x=y',
    ]) {
      const browser = board.browser();
      await browser.ask(PRIYA, next);
      const link = await board.link();
      await browser.get(link);
      expect((await browser.post(link)).headers.location, next).toBe('/');
      await world.advance(HOUR);
    }
  });
});

describe('how often', () => {
  test('nobody is flooded with links: per visitor, per member, and a visitor cannot lock a member out elsewhere', async () => {
    const attacker = board.browser();
    for (let n = 0; n < 8; n += 1) await attacker.ask(PRIYA);
    await board.door.settled();
    await world.settle();
    expect(await linksMailed()).toHaveLength(LINKS_PER_HOUR.here);
    const priya = board.browser();
    expect(await (await board.signIn('priya', priya)).look()).toBe('priya');
    for (let n = 0; n < 12; n += 1) await board.browser().ask(PRIYA);
    await board.door.settled();
    await world.settle();
    expect(await linksMailed()).toHaveLength(LINKS_PER_HOUR.ofMember);
    await world.advance(HOUR);
    await board.browser().ask(PRIYA);
    await board.door.settled();
    await world.settle();
    expect(await linksMailed()).toHaveLength(LINKS_PER_HOUR.ofMember + 1);
  });

  test('a visitor who asks again and again, or tries links, is told to wait', async () => {
    const browser = board.browser();
    await browser.get('/sign-in');
    const asked = [];
    for (let n = 0; n < 12; n += 1)
      asked.push((await browser.post('/sign-in', { address: `a${n}@elm.example` })).statusCode);
    expect(asked.filter((status) => status === 429)).toHaveLength(2);
    const tried = [];
    for (let n = 0; n < 45; n += 1)
      tried.push((await browser.get(`/sign-in/${String(n).padStart(43, 'a')}`)).statusCode);
    expect(tried.filter((status) => status === 429)).toHaveLength(5);
  });
});

describe('a session', () => {
  test('is a new one at each sign-in: what somebody planted, or had before, opens nothing', async () => {
    const browser = await board.signIn('priya');
    const first = { ...browser.cookies };
    await world.advance(MINUTE);
    await browser.post('/sign-out');
    browser.cookies = { ...first };
    await browser.get('/sign-in');
    await browser.ask(PRIYA);
    await browser.open(await board.link());
    expect(browser.cookies['baton-session']).not.toBe(first['baton-session']);
    const thief = board.browser();
    thief.cookies = first;
    expect(await thief.look()).toBeNull();
    expect(await browser.look()).toBe('priya');
  });

  test('of before ends where somebody signs in anew in the same browser', async () => {
    const browser = board.browser();
    await browser.ask(PRIYA);
    const first = await board.link();
    await browser.ask('sam@elm.example');
    const second = await board.link();
    const asking = { ...browser.cookies };
    await browser.open(first);
    const before = { ...browser.cookies };
    browser.cookies = { ...browser.cookies, ...asking };
    await browser.open(second);
    expect(await browser.look()).toBe('sam');
    const thief = board.browser();
    thief.cookies = before;
    expect(await thief.look()).toBeNull();
  });

  test('is not made by hand: a changed, cut, swapped or unsigned cookie is none', async () => {
    const browser = await board.signIn('priya');
    const whole = browser.cookies['baton-session'] ?? '';
    const [value = '', mark = ''] = whole.split('.');
    const asking =
      (await (async () => {
        const other = board.browser();
        await other.get('/sign-in');
        return other.cookies['baton-asking'];
      })()) ?? '';
    const forged = [
      value,
      `${value}.`,
      `${value}.${mark.slice(1)}`,
      `${'a'.repeat(43)}.${mark}`,
      `${whole}x`,
      asking,
      '',
      'null',
      '[]',
      `${value}.${mark.toUpperCase()}x`,
    ];
    for (const cookie of forged) {
      const thief = board.browser();
      thief.cookies = { 'baton-session': cookie };
      expect(await thief.look(), cookie).toBeNull();
    }
  });

  test('ends when it is not used for twelve hours, and after a week in any case', async () => {
    const browser = await board.signIn('priya');
    await world.advance(SESSION_IDLE - MINUTE);
    expect(await browser.look()).toBe('priya');
    await world.advance(SESSION_IDLE + MINUTE);
    expect(await browser.look()).toBeNull();
    const other = await board.signIn('priya');
    for (let hours = 0; hours < 7 * 24 - 6; hours += 6) {
      world.clock.set(world.clock.now() + 6 * HOUR);
      expect(await other.look()).toBe('priya');
    }
    world.clock.set(world.clock.now() + 6 * HOUR + MINUTE);
    expect(await other.look()).toBeNull();
    expect(7 * DAY).toBe(7 * 24 * HOUR);
  });

  test('ends at once when its member leaves the team, and stays ended when they come back', async () => {
    const browser = await board.signIn('sam');
    const without = new Map([...testPolicy().members].filter(([id]) => id !== 'sam'));
    await world.configure({ ...testPolicy(), members: without, teams: new Map() });
    expect((await browser.get('/')).headers.location).toBe('/sign-in');
    expect(
      (await browser.post('/people/orders', { verb: 'back', form: 'f'.repeat(20) })).headers.location,
    ).toBe('/sign-in');
    await world.configure(testPolicy());
    expect(await browser.look()).toBeNull();
  });

  test('ends here, or everywhere and with every link that is on its way, when its member signs out', async () => {
    const [one, two] = [await board.signIn('priya'), await board.signIn('priya')];
    await one.post('/sign-out');
    expect(await one.look()).toBeNull();
    expect(await two.look()).toBe('priya');
    const waiting = board.browser();
    await waiting.ask(PRIYA);
    const link = await board.link();
    await two.look();
    await two.post('/sign-out', { everywhere: 'yes' });
    expect(await two.look()).toBeNull();
    expect((await waiting.open(link)).statusCode).toBe(404);
  });

  test('lies in a cookie that scripts cannot read, other sites cannot send with forms and, with TLS, no neighbour can set', async () => {
    const place = { ...LOCAL, url: 'https://baton.elm.example' };
    const secure = await openBoard(groundOf(world), place);
    const browser = secure.browser();
    await browser.get('/sign-in');
    await browser.post('/sign-in', { address: PRIYA });
    const link = await secure.link();
    await browser.get(link);
    const answer = await browser.post(link);
    const raw = [answer.headers['set-cookie']].flat().find((one) => one?.startsWith('__Host-baton-session='));
    expect(raw).toMatch(/; Max-Age=604800; Path=\/; HttpOnly; Secure; SameSite=Lax$/);
    await secure.app.close();
  });
});
