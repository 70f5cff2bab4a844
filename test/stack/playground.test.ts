/** The demo's playground as a visitor uses it, without JavaScript and in a browser, over real SMTP and IMAP. */
import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectNoSideways, findings, type Look, launch, visit } from '../support/browser.ts';
import { startPlayground } from '../support/playground.ts';
import { describeOn } from '../support/stack/use-server.ts';

const START_MS = 60_000;
const PLAY_MS = 60_000;

let place: Awaited<ReturnType<typeof startPlayground>>;
beforeAll(async () => {
  place = await startPlayground();
}, START_MS);
afterAll(() => place?.close(), START_MS);

const at = (path: string): URL => new URL(path, place.url);

async function get(path: string): Promise<string> {
  const answer = await fetch(at(path));
  expect(answer.status, path).toBe(200);
  return answer.text();
}

/** As a browser sends a form of that page, and follows where it is sent. */
async function send(page: string, action: string, fields: Readonly<Record<string, string>>): Promise<string> {
  const csrf = /name="csrf" value="([^"]+)"/.exec(await get(page))?.[1] ?? '';
  const answer = await fetch(at(action), {
    method: 'POST',
    body: new URLSearchParams({ csrf, ...fields }),
    headers: { origin: at('/').origin, referer: at(page).href },
  });
  expect(answer.status, action).toBe(200);
  return answer.text();
}

/** The first mail in that mailbox whose row says so. */
async function mailPath(person: string, words: string): Promise<string> {
  const rows = (await get(`/playground/${person}`)).split('<li class="letter').slice(1);
  const row = rows.find((one) => one.includes(words));
  const path = /href="([^"]+)"/.exec(row ?? '')?.[1];
  expect(path, `a mail of ${person} with "${words}"`).toBeDefined();
  return path ?? '';
}

/** What happened since the last thing that was done, as the rail tells it. */
const happened = (page: string): string =>
  (/<section class="deed".*?<\/section>/s.exec(page)?.[0] ?? '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ');

const steps = (page: string): string[] =>
  [...page.matchAll(/<li class="(is-\w+)"/g)].map(([, state = '']) => state);

const write = (subject: string, text: string) =>
  send('/playground/maria-lopez/write', '/playground/maria-lopez/mails', {
    to: 'maintenance@elm.example',
    subject,
    text,
  });

describe('a visitor', () => {
  test(
    'writes as a tenant, answers as whoever is asked, and sees who owns it on the board',
    async () => {
      expect(steps(await get('/playground'))).toEqual(['is-next', 'is-later', 'is-later']);
      const sent = await write('Water through the ceiling', 'It drips on my bed.');
      expect(sent).toMatch(/is-unread.*We have your message/s);
      expect(happened(sent)).toContain('Maria Lopez writes, Leah answers for it');
      expect(happened(sent)).toMatch(/(Priya|Sam) is asked/);
      expect(steps(sent)).toEqual(['is-done', 'is-next', 'is-later']);

      const [, question = '', name = ''] = /<a href="([^"]+)">Answer as (\w+ \w+): “accept”/.exec(sent) ?? [];
      const asked = await get(question);
      expect(asked).toContain('data-fills="accept"');
      expect((await get(`${question}/shown`)).replace(/\s+/g, ' ')).toContain('Can you take this?');
      expect(await get(`${question}?answer=0`)).toMatch(/<textarea[^>]*>accept<\/textarea>/);
      const [, person = '', mail = ''] = /^\/playground\/(\w+)\/mails\/(\d+)$/.exec(question) ?? [];
      const answered = await send(question, `/playground/${person}/mails`, { answers: mail, text: 'accept' });
      expect(answered).toMatch(/is-unread.*It(?:'|&#39;)s yours/s);
      expect(happened(answered)).toContain('says yes and answers for it');
      expect(steps(answered)).toEqual(['is-done', 'is-done', 'is-next']);

      const board = /<iframe name="board" src="(\/requests\/\d+)"/.exec(answered)?.[1] ?? '';
      expect(await get(board)).toContain(name);
      expect(await get('/')).toContain('Water through the ceiling');
    },
    PLAY_MS,
  );

  test(
    'leaves one unanswered and skips four hours: the next person is asked, and the mail is there',
    async () => {
      await write('Bedroom window', 'The window does not close.');
      const skipped = await send('/playground/maria-lopez', '/playground/time', { skip: 'four-hours' });
      const [, silent, next = ''] =
        /Bedroom window no answer from (\w+) → (\w+) is asked/.exec(happened(skipped)) ?? [];
      expect(silent, happened(skipped)).toBeDefined();
      expect(await mailPath(next.toLowerCase(), 'Bedroom window')).toMatch(/^\/playground\//);
      expect(skipped).toContain('Maria Lopez</h1>');
      expect(place.stage.clock.now()).toBeGreaterThan(Date.parse('2026-03-04T13:05:00Z') * 1_000);
    },
    PLAY_MS,
  );

  test(
    'skips to tomorrow: the digest is in the mailbox of the manager, and tells what is stuck',
    async () => {
      const skipped = await send('/playground', '/playground/time', { skip: 'tomorrow' });
      expect(steps(skipped)).toEqual(['is-done', 'is-done', 'is-done', 'is-next']);
      const digest = await mailPath('dana', 'need you');
      expect(skipped).toContain(`<a href="${digest}">Read the digest of Dana Wolfe`);
      const shown = await get(digest);
      expect(shown).toMatch(/data-fills="\d+ \w+/);
      expect(shown).toContain('That is all there is to it');
      expect(await get(`${digest}/shown`)).toContain('Bedroom window');
    },
    PLAY_MS,
  );
});

describe('the playground', () => {
  test('shows a mail where nothing of it can act, and lets nobody else frame it', async () => {
    const mail = await fetch(at(`${await mailPath('maria-lopez', 'We have your message')}/shown`));
    expect(mail.headers.get('content-security-policy')).toBe(
      "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; base-uri 'none'; " +
        "frame-ancestors 'self'; sandbox allow-same-origin",
    );
    const page = await fetch(at('/playground'));
    expect(page.headers.get('content-security-policy')).toMatch(
      /^default-src 'none'; .*frame-ancestors 'none'$/,
    );
    expect(page.headers.get('content-security-policy')).not.toContain('unsafe');
    const board = await fetch(at('/'));
    expect(board.headers.get('content-security-policy')).toContain("frame-ancestors 'self'");
  });

  test('writes what visitors type as letters, never as markup or as a header', async () => {
    const page = await write(
      `<script>x</script>"\r\nBcc: all@elm.example`,
      '<img src=x onerror=y>\r\n.\r\nQUIT',
    );
    expect(page).toContain('&lt;script&gt;x&lt;/script&gt;&quot; Bcc: all@elm.example');
    expect(page).not.toMatch(/<script>|<img/);
    const sent = await get(await mailPath('maria-lopez', 'To maintenance'));
    expect(sent).toContain('&lt;img src=x onerror=y&gt;\n.\nQUIT');
  });

  test('does nothing for a form of another site, without its token, or for a name that points here', async () => {
    const body = 'skip=hour';
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const mine = { ...headers, origin: at('/').origin };
    const { csrf } = place.playground;
    const statuses = [
      await fetch(at('/playground/time'), { method: 'POST', body, headers: mine }),
      await fetch(at('/playground/time'), {
        method: 'POST',
        body: `${body}&csrf=${csrf}`,
        headers: { ...headers, origin: 'https://evil.example' },
      }),
    ].map(({ status }) => status);
    expect(statuses).toEqual([403, 403]);
    expect(await statusUnder('rebound.example')).toBe(421);
  });

  test('answers what is not there, or is somebody else’s, like nothing', async () => {
    const digest = await mailPath('dana', 'need you');
    const number = digest.split('/').at(-1);
    const paths = [
      '/playground/nobody',
      `/playground/maria-lopez/mails/${number}`,
      '/playground/dana/mails/999999',
    ];
    for (const path of paths) expect((await fetch(at(path))).status, path).toBe(404);
  });
});

describeOn(['chromium'], 'the playground in a browser', () => {
  let browser: Awaited<ReturnType<typeof launch>>;
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser?.close());

  const open = (look: Look) => visit(browser, at('/').origin, '', look);

  test(
    'shows on the board what was written, and who has it as soon as they have answered',
    async () => {
      const { page, context, wrong } = await open({ width: 'desktop', scheme: 'light', script: true });
      page.setDefaultTimeout(PLAY_MS / 3);
      await page.goto(at('/playground/ewa-kowalska/write').href);
      await page.getByRole('link', { name: 'A leak' }).click();
      await page.getByLabel('Subject').fill('Leak in the hall');
      await page.getByLabel('What Ewa Kowalska writes').fill('It rains in.');
      await page.getByRole('button', { name: 'Send' }).click();
      const news = page.locator('.deed');
      await news.getByText(/(Priya|Sam) is asked/).waitFor();
      const board = page.frameLocator('iframe[name=board]');
      await board.getByRole('heading', { name: 'Leak in the hall' }).waitFor();

      const [, first = ''] = /(Priya|Sam) is asked/.exec((await news.textContent()) ?? '') ?? [];
      await page.locator('.people').getByRole('link', { name: first }).click();
      // The writer's own mailbox holds a mail of that name too.
      await page.waitForURL(new RegExp(`/playground/${first}`, 'i'));
      await page
        .locator('.letters')
        .getByRole('link', { name: /Leak in the hall/ })
        .first()
        .click();
      await page.getByRole('link', { name: 'accept', exact: true }).click();
      const field = page.getByLabel(/^Answer as/);
      expect(await field.inputValue()).toBe('accept');
      await page.getByRole('button', { name: 'Send' }).click();
      await board.locator('.holding').getByText(first).first().waitFor();
      expect(wrong).toEqual([]);
      await context.close();
    },
    PLAY_MS,
  );

  test(
    'can be used by everybody, at a desk by night and on a phone by day, where one tab is in front',
    async () => {
      const read = await mailPath('dana', 'need you');
      const paths = ['/playground', '/playground/dana', read, '/playground/maria-lopez/write?example=leak'];
      const looks: Look[] = [
        { width: 'desktop', scheme: 'dark', script: true },
        { width: 'phone', scheme: 'light', script: true },
      ];
      for (const look of looks) {
        const { page, context, wrong } = await open(look);
        for (const path of paths) {
          await page.goto(at(path).href);
          expect(await findings(page), `${path} ${look.width}`).toEqual([]);
          await expectNoSideways(page);
        }
        if (look.width === 'phone') {
          await page.getByText('Board', { exact: true }).click();
          expect(await page.locator('.mail-pane').isVisible()).toBe(false);
          expect(await page.locator('iframe[name=board]').isVisible()).toBe(true);
        }
        expect(wrong).toEqual([]);
        await context.close();
      }
    },
    PLAY_MS,
  );
});

function statusUnder(host: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    httpRequest(at('/playground'), { headers: { host } }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    })
      .once('error', reject)
      .end();
  });
}
