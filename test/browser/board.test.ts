/** The board in a browser: what a page must be for everybody, and that each order can be given, with and without script. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type BoardOffice, mailedLink, openBoardOffice } from '../support/board-office.ts';
import { expectNoSideways, findings, type Look, launch, visit } from '../support/browser.ts';
import { testPolicy } from '../support/policy.ts';
import { describeOn } from '../support/stack/use-server.ts';
import { type MigratedDatabases, startMigratedDatabases } from '../support/store-database.ts';
import { waitUntil } from '../support/wait-until.ts';

const PHONE: Look = { width: 'phone', scheme: 'light', script: false };
const DESK: Look = { width: 'desktop', scheme: 'dark', script: true };

const policy = testPolicy({
  categories: [
    {
      id: 'upkeep',
      name: 'Upkeep',
      description: 'Something is broken.',
      phrases: ['it does not work'],
      inboxes: ['maintenance'],
      assign: { type: 'team', team: 'maintenance' },
      priority: 'normal',
    },
  ],
});

describeOn(['chromium'], 'the board in a browser', () => {
  let databases: MigratedDatabases;
  let board: BoardOffice;
  let browser: Browser;
  const cookies = new Map<string, string>();

  beforeAll(async () => {
    [databases, browser] = await Promise.all([startMigratedDatabases(), launch()]);
    board = await openBoardOffice(await databases.fresh(), { policy });
    for (const member of ['dana', 'priya', 'sam']) cookies.set(member, await board.signIn(member));
  });
  afterAll(async () => {
    await browser?.close();
    await board?.close();
    await databases?.end();
  });

  const visitAs = (member: string, look: Look) => visit(browser, board.url, cookies.get(member) ?? '', look);

  /** A leak of somebody new, which Priya is asked to take; answers its number. */
  async function newLeak(): Promise<number> {
    board.office.customerWrites('Leak in the kitchen');
    await board.office.settle();
    const { rows } = await board.office.pool.query<{ id: number }>('SELECT max(id) AS id FROM conversation');
    return rows[0]?.id ?? 0;
  }

  test('every page can be used by everybody, on a phone by day and at a desk by night', async () => {
    const leak = await newLeak();
    board.office.customerWrites('A question about the bins');
    await board.office.settle();
    const pages = [
      ...['/', '/?show=done', '/search', '/search?q=leak', '/people', '/people/priya', '/teams/maintenance'],
      ...[`/requests/${leak}`, '/parked', '/outbox', '/flow', '/weeks', '/classifier'],
    ];
    for (const look of [{ ...PHONE, script: true }, DESK]) {
      const { page, context, wrong } = await visitAs('dana', look);
      for (const path of pages) {
        expect((await page.goto(`${board.url}${path}`))?.status(), path).toBe(200);
        await page.evaluate(
          'document.querySelectorAll("main details").forEach((one) => { one.open = true; })',
        );
        expect({ path, findings: await findings(page) }).toEqual({ path, findings: [] });
        await expectNoSideways(page);
      }
      expect(wrong).toEqual([]);
      await context.close();
    }
  });

  for (const look of [PHONE, DESK]) {
    const how = look.script ? 'with script, at a desk' : 'without script, on a phone';

    test(`whoever is asked accepts, and does everything that an owner may, ${how}`, async () => {
      const leak = await newLeak();
      const { page, context, wrong } = await visitAs('priya', look);
      const order = orders(page, `${board.url}/requests/${leak}`, board);
      await order('accept');
      expect(await page.textContent('.holds')).toContain('Priya');
      await order('reply', { text: 'A plumber comes at three.' });
      expect(await page.textContent('.told')).toContain('A plumber comes at three.');
      await order('note', { text: 'The key is with the neighbour.' });
      await order('help-from', { to: 'luis', text: 'Which valve is it?' });
      await order('ask', { address: 'plumber@pipes.example', text: 'Can you come?' });
      await order('add', { address: 'landlord@pipes.example' });
      await order('due', { when: 'friday 12:00' });
      await order('snooze', { when: 'tomorrow 9:00', note: 'Nothing can be done before.' });
      await order('category', { category: 'upkeep' });
      await order('for', { address: 'other@tenant.example' });
      await order('done', { note: 'The pipe is new.' });
      expect(await page.textContent('.holding')).toContain('It is done');
      await order('reopen');
      await order('handoff', { to: 'sam', note: 'Please look at the ceiling.' });
      expect(wrong).toEqual([]);
      await context.close();
      const sams = await visitAs('sam', look);
      await orders(
        sams.page,
        `${board.url}/requests/${leak}`,
        board,
      )('decline', { note: 'I am in the other house.' });
      expect(sams.wrong).toEqual([]);
      await sams.context.close();
    });

    test(`a manager takes, reminds, releases, merges and marks spam, ${how}`, async () => {
      const [first, second, third] = [await newLeak(), await newLeak(), await newLeak()];
      const { page, context, wrong } = await visitAs('dana', look);
      const at = (id: number) => orders(page, `${board.url}/requests/${id}`, board);
      await at(first)('remind');
      await at(first)('take');
      expect(await page.textContent('.holds')).toContain('Dana');
      const priyas = await visitAs('priya', look);
      await orders(priyas.page, `${board.url}/requests/${first}`, board)('reply', { text: 'I was there.' });
      await priyas.context.close();
      await at(first)('release');
      expect(await page.textContent('.told')).toContain('I was there.');
      await at(second)('merge', { into: `#${first}` });
      expect(await page.textContent('.holding')).toContain('It is done');
      await at(third)('spam');
      expect(wrong).toEqual([]);
      await context.close();
    });

    test(`who is away says so and comes back, ${how}`, async () => {
      const { page, context, wrong } = await visitAs('sam', look);
      const order = orders(page, `${board.url}/people`, board);
      await order('away', { until: 'friday' });
      expect(await page.textContent('main')).toContain('away');
      await order('back');
      expect(wrong).toEqual([]);
      await context.close();
    });
  }

  test('somebody signs in and accepts with the keyboard alone', async () => {
    const leak = await newLeak();
    const { page, context, wrong } = await visit(browser, board.url, '', { ...DESK, scheme: 'light' });
    await page.goto(`${board.url}/requests/${leak}`);
    expect(await findings(page)).toEqual([]);
    const before = board.office.memory.delivered.length;
    await page.keyboard.type('priya@elm.example');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/sign-in/asked');
    await page.goto(`${board.url}${await mailedLink(board.office, before)}`);
    expect(await findings(page)).toEqual([]);
    await page.keyboard.press('Enter');
    await page.waitForURL(`**/requests/${leak}`);
    await page.keyboard.press('Tab');
    expect(await focused(page)).toBe('Skip to the content');
    await page.keyboard.press('Enter');
    for (let step = 0; step < 12 && (await focused(page)) !== 'Accept'; step += 1)
      await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.waitForSelector('[role=status]');
    expect(await page.textContent('.holds')).toContain('Priya');
    await page.keyboard.press('/');
    await page.keyboard.type('leak');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/search?q=leak');
    await page.keyboard.press('j');
    expect(await focused(page)).toBe('Leak in the kitchen');
    expect(wrong).toEqual([]);
    await context.close();
  });

  test('an open page follows what happens, and what somebody is writing there is not lost', async () => {
    const leak = await newLeak();
    const [reader, writer] = [await visitAs('dana', DESK), await visitAs('dana', DESK)];
    for (const { page } of [reader, writer]) await page.goto(`${board.url}/requests/${leak}`);
    await reader.page.click('details[data-key=handoff] > summary');
    await writer.page.click('details[data-key=reply] > summary');
    await writer.page.fill('details[data-key=reply] textarea', 'Half a sentence');
    const priyas = await visitAs('priya', DESK);
    await orders(priyas.page, `${board.url}/requests/${leak}`, board)('accept');
    await reader.page.waitForFunction("document.querySelector('.holds').textContent.includes('Priya')");
    expect(await reader.page.getAttribute('details[data-key=handoff]', 'open')).not.toBeNull();
    expect(await writer.page.inputValue('details[data-key=reply] textarea')).toBe('Half a sentence');
    expect([...reader.wrong, ...writer.wrong]).toEqual([]);
    for (const { context } of [reader, writer, priyas]) await context.close();
  });

  test('a request of another team is not there, and nothing is asked of it', async () => {
    board.office.customerWrites('Invoice 4711');
    await board.office.settle();
    const { rows } = await board.office.pool.query<{ id: number }>('SELECT max(id) AS id FROM conversation');
    const { page, context } = await visitAs('priya', PHONE);
    expect((await page.goto(`${board.url}/requests/${rows[0]?.id}`))?.status()).toBe(404);
    for (const path of ['/outbox', '/flow', '/weeks', '/classifier'])
      expect((await page.goto(`${board.url}${path}`))?.status(), path).toBe(404);
    await page.goto(`${board.url}/search?q=invoice`);
    expect(await page.textContent('main')).toContain('Nothing was found.');
    await context.close();
  });
});

const focused = (page: Page): Promise<string> =>
  page.evaluate<string>('(document.activeElement.innerText ?? "").trim()');

/** Gives one order by its form, and waits until the page says what came of it. */
function orders(page: Page, url: string, { office }: BoardOffice) {
  return async (verb: string, fields: Readonly<Record<string, string>> = {}): Promise<void> => {
    await page.goto(url);
    const form = page.locator(`form:has(input[name=verb][value=${verb}])`);
    for (const outer of await page.locator(`details:has(input[name=verb][value=${verb}]) > summary`).all()) {
      const isOpen = await outer.locator('..').getAttribute('open');
      if (isOpen === null && (await outer.isVisible())) await outer.click();
    }
    for (const [name, value] of Object.entries(fields)) {
      const field = form.locator(`[name=${name}]`);
      if ((await field.evaluate('(element) => element.tagName')) === 'SELECT')
        await field.selectOption(value);
      else await field.fill(value);
    }
    await form.locator('button').click();
    await page.waitForLoadState();
    expect(await page.locator('[role=status]').count(), `${verb}: ${await page.textContent('main')}`).toBe(1);
    const said = await page.textContent('[role=status]');
    expect(await page.locator('.answer.warn[role=status]').count(), `${verb}: ${said}`).toBe(0);
    await waitUntil(`the bells of ${verb} are heard`, async () => {
      await office.bells.drain();
      return office.bells.waiting.length === 0;
    });
  };
}
