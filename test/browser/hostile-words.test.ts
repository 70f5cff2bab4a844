/**
 * Whatever anybody writes is text on the board: in subjects, names, addresses, bodies, names of files, notes, categories
 * and what is searched for. Hazard 50.
 */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type BoardOffice, openBoardOffice } from '../support/board-office.ts';
import { launch, visit } from '../support/browser.ts';
import { writeLetter } from '../support/letters.ts';
import { testPolicy } from '../support/policy.ts';
import { describeOn } from '../support/stack/use-server.ts';
import { type MigratedDatabases, startMigratedDatabases } from '../support/store-database.ts';

/** Each would make an element, an attribute or a request whose name begins with `evil`, or ask something. */
const HOSTILE = [
  '<script>alert(1)</script>',
  '<img src=/evil-image onerror=alert(1)>',
  '"><svg onload=alert(1)><evil-element>',
  "' onmouseover='alert(1)' evil-attribute='",
  '" autofocus onfocus=alert(1) evil-attribute="',
  '</textarea></title></style></script><evil-element>',
  '<a href="javascript:alert(1)" evil-attribute>here</a>',
  '<form action=/evil-form><button formaction=/evil-form evil-attribute>ok</button></form>',
  '<iframe srcdoc="<script>parent.alert(1)</script>" src=/evil-frame></iframe>',
  '<meta http-equiv=refresh content="0;url=/evil-refresh"><base href=//evil.example/>',
  '<link rel=stylesheet href=/evil-style><style>@import "/evil-style"; body{display:none}</style>',
  '<math><mi xlink:href="javascript:alert(1)" evil-attribute></mi></math><template><evil-element></template>',
  '&lt;script&gt;alert(1)&lt;/script&gt; &#60;img src=x onerror=alert(1)&#62;',
  '<!--><img src=/evil-image onerror=alert(1)>--> <![CDATA[<evil-element>]]>',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is what engines of templates would act on.
  '{{constructor.constructor("alert(1)")()}} ${alert(1)} #{alert(1)} <%= alert(1) %>',
  '=cmd|"/C calc"!A0 @SUM(1+1) [x](javascript:alert(1)) ![x](/evil-image)',
  '\u202egnp.exe\u202c \u2066hidden\u2069 \u200f\u0000\u0007\u001b[31mred',
  '<ſcript>alert(1)</ſcript> ＜script＞alert(1)＜/script＞',
];

/** Three in each, since every page costs a third of a second. */
const MAILS = Array.from({ length: Math.ceil(HOSTILE.length / 3) }, (_, index) =>
  HOSTILE.slice(3 * index, 3 * index + 3).join(' '),
);

const policy = testPolicy({
  members: { priya: { name: `Priya ${HOSTILE[2]}` } },
  inboxes: { maintenance: { name: `Elm ${HOSTILE[1]}`, customerWord: `tenant${HOSTILE[3]}` } },
  teams: [
    { id: 'maintenance', name: `Maintenance ${HOSTILE[5]}`, members: ['priya', 'sam'], choose: 'in-order' },
  ],
  categories: [
    {
      id: 'upkeep',
      name: `Upkeep ${HOSTILE[4]}`,
      description: '',
      phrases: [],
      inboxes: ['maintenance'],
      assign: { type: 'member', member: 'priya' },
      priority: 'normal',
    },
  ],
});

describeOn(['chromium'], 'hostile words on the board', () => {
  let databases: MigratedDatabases;
  let board: BoardOffice;
  let browser: Browser;

  beforeAll(async () => {
    [databases, browser] = await Promise.all([startMigratedDatabases(), launch()]);
    board = await openBoardOffice(await databases.fresh(), { policy });
    const { office } = board;
    for (const [index, words] of MAILS.entries()) {
      const bare = words.replace(/[\r\n\0]/g, ' ');
      office.mailbox.append('INBOX', letter(index, bare, office.clock.now()), office.clock.now());
    }
    await office.settle();
    // Their words as members' words too: a note, and a request that is taken down for somebody.
    await office.pool.query(
      `INSERT INTO text (id, conversation_id, author_id, body)
       SELECT gen_random_uuid(), id, 'priya', $1 FROM conversation`,
      [HOSTILE.filter((words) => !words.includes('\0')).join('\n')],
    );
  });
  afterAll(async () => {
    await browser?.close();
    await board?.close();
    await databases?.end();
  });

  test('words of a mail, a name, a file, a category or a search are never an element, an attribute or a request', async () => {
    const { rows } = await board.office.pool.query<{ id: number }>('SELECT id FROM conversation ORDER BY id');
    expect(rows.length).toBe(MAILS.length);
    const cookie = await board.signIn('dana');
    const { page, context, wrong } = await visit(browser, board.url, cookie, {
      width: 'desktop',
      scheme: 'light',
      script: true,
    });
    const searches = MAILS.map((words) => `/search?q=${encodeURIComponent(words)}`);
    const paths = [
      ...['/', '/people', '/people/priya', '/teams/maintenance', '/parked', '/outbox', '/flow', '/weeks'],
      ...['/classifier', ...rows.map(({ id }) => `/requests/${id}`), ...searches],
    ];
    for (const path of paths) {
      expect((await page.goto(`${board.url}${path}`))?.status(), path).toBe(200);
      expect({ path, foreign: await page.evaluate<string[]>(FOREIGN) }).toEqual({ path, foreign: [] });
    }
    expect(wrong).toEqual([]);
    await context.close();
  });

  test('what turns the direction of writing is shown as a sign instead', async () => {
    const cookie = await board.signIn('dana');
    const answer = await fetch(`${board.url}/`, { headers: { cookie } });
    expect(await answer.text()).not.toMatch(/[\u202a-\u202e\u2066-\u2069\u200e\u200f\u0000\u0007\u001b]/);
  });
});

const letter = (index: number, words: string, date: number): Uint8Array =>
  writeLetter({
    from: `${JSON.stringify(words)} <evil${index}@tenant.example>`,
    to: ['maintenance@elm.example'],
    subject: `${words} ${index}`,
    text: `${words}\n\nOn Monday somebody wrote:\n> ${words}\n`,
    date,
    messageId: `evil-${index}@tenant.example`,
    attachments: [`${words.replace(/["\\]/g, '')}.pdf`],
  });

/** Elements and attributes that no page of ours has. */
const FOREIGN = `[...document.querySelectorAll('*')].flatMap((one) => {
  const name = one.localName;
  const known = document.head.contains(one) ? ['head', 'meta', 'title', 'link', 'script'] : null;
  const bad = ['script', 'img', 'iframe', 'style', 'base', 'object', 'embed', 'template', 'math', 'meta', 'link'];
  const found = known === null && bad.includes(name) ? [name] : [];
  if (name.includes('evil')) found.push(name);
  for (const { name: attribute, value } of one.attributes) {
    if (attribute.startsWith('on') || attribute.includes('evil') || attribute === 'style' || attribute === 'autofocus') found.push(name + ' ' + attribute);
    if (/^(href|src|action|formaction|xlink:href)$/.test(attribute) && !/^[/#]/.test(value)) found.push(name + ' ' + attribute + '=' + value);
    if (/^(href|src|action|formaction)$/.test(attribute) && value.includes('evil') && !value.startsWith('/requests/') && !value.startsWith('/search')) found.push(name + ' ' + attribute + '=' + value);
  }
  return found;
})`;
