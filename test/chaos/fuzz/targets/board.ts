/** What browsers send to the board: forms, paths, names of hosts and files, cookies; and what it writes into pages. */
import assert from 'node:assert/strict';
import { Buffer } from 'node:buffer';
import { cookiesOf } from '../../../../src/adapters/web/board/cookies.ts';
import { dispositionOf, safeName } from '../../../../src/adapters/web/board/files.ts';
import { fieldsOf } from '../../../../src/adapters/web/board/forms.ts';
import { isOurHost, isOurOrigin, localPath, type Place } from '../../../../src/adapters/web/board/place.ts';
import { networkOf } from '../../../../src/adapters/web/board/visitor.ts';
import { html } from '../../../../src/adapters/web/html.ts';
import { safeLine } from '../../../../src/cli/safe-text.ts';
import { Verbs } from '../../../../src/domain/command/command.ts';
import { commandsFromForm } from '../../../../src/domain/command/from-form.ts';
import { cookieMark } from '../../../../src/domain/sign-in.ts';
import { testPolicy } from '../../../support/policy.ts';
import type { Target } from '../target.ts';
import { Breaking, CommandWords, HtmlWords } from '../words.ts';

const SECRET = 'a secret of thirty-two characters';
const GIVEN = 'A'.repeat(43);
const MARK = cookieMark(SECRET, 'session', GIVEN);
const place: Place = { url: 'https://baton.elm.example', host: '127.0.0.1', port: 0, proxies: [] };
const cookies = cookiesOf(place, SECRET);
const policy = testPolicy();
const FAULTS = ['verb', 'when', 'text', 'to', 'address', 'category', 'number'];

export const board: Target = {
  name: 'board',
  promise: 'forms give orders of the list, paths stay on the board, cookies are ours, and words stay words',
  lengthMax: 16 * 1024,
  cost: { baseMs: 40, perKilobyteMs: 4 },
  words: [
    ...[
      'verb=',
      '&text=',
      '&to=priya',
      '&until=',
      '&address=',
      '&category=',
      '&note=',
      '&number=',
      '&cover=',
      '%0d%0a',
      '%00',
    ],
    ...[
      ...Verbs,
      '//evil.example',
      '/\\evil.example',
      '/requests/1042',
      '../',
      'localhost',
      '127.0.0.1',
      '[::1]',
      ':443',
      'https://',
    ],
    ...[
      'baton.elm.example',
      'baton.elm.example.evil.example',
      'user@',
      '.exe',
      'con.txt',
      'gpj\u202eexe',
      '__proto__',
      'constructor',
    ],
    ...[GIVEN, MARK, `${GIVEN}.${MARK}`, ...Breaking, ...HtmlWords, ...CommandWords.slice(0, 40)],
  ],
  seeds: () => Seeds.map((text) => Buffer.from(text)),
  make: null,
  check(input) {
    const text = input.toString('utf8');
    checkForm(text);
    checkPlaces(text);
    checkNames(text);
    const value = cookies.read({ cookies: { '__Host-baton-session': text } } as never, 'session');
    assert(
      value === null || text === `${GIVEN}.${MARK}` || text.startsWith(`${GIVEN}.${MARK}.`),
      'a cookie that we did not give',
    );
    const { html: page } = html`<p title="${text}">${text}</p>`;
    assert.equal(page.match(/[<>]/g)?.length, 4, 'words became an element');
    assert.equal(page.match(/"/g)?.length, 2, 'words ended an attribute');
    assert(!/[\p{Cc}\u2028\u2029\u202e]/u.test(safeLine(text)), 'words steer a terminal');
    networkOf(text);
  },
};

const Seeds: readonly string[] = [
  ...Verbs.map(
    (verb) => `verb=${verb}&text=hello&to=priya&until=tomorrow&address=a@x.example&number=1042&category=none`,
  ),
  ...[
    '/requests/1042?x=1',
    'https://baton.elm.example',
    'baton.elm.example:443',
    'a report.pdf',
    '203.0.113.9',
    '2001:db8::1',
  ],
  `${GIVEN}.${MARK}`,
];

function checkForm(text: string): void {
  const body = Object.fromEntries(new URLSearchParams(text));
  const orders = commandsFromForm(fieldsOf({ body }), policy);
  if (typeof orders === 'string') assert(FAULTS.includes(orders), 'a fault that is not on the list');
  else for (const { verb } of orders) assert(Verbs.includes(verb), 'a verb that is not on the list');
}

function checkPlaces(text: string): void {
  const target = new URL(localPath(text), place.url);
  assert.equal(target.origin, place.url, 'a path leads to another site');
  const here = ['baton.elm.example', 'localhost', '[::1]'];
  if (isOurHost(place, text)) {
    const name = text.toLowerCase().replace(/:\d{1,5}$/, '');
    assert(here.includes(name) || /^127(?:\.\d{1,3}){3}$/.test(name), 'another host is taken for ours');
  }
  if (isOurOrigin(place, text)) {
    const { hostname } = new URL(text);
    assert(here.includes(hostname) || hostname.startsWith('127.'), 'another origin is taken for ours');
  }
}

function checkNames(text: string): void {
  const name = safeName(text);
  assert(
    name !== '' && !/[/\\\0\r\n:"<>|\u202e]/.test(name) && !/^\.|\.$/.test(name),
    'a name leads out of its folder',
  );
  assert.equal(safeName(name), name, 'a safe name is made safe again');
  assert.match(
    dispositionOf(text),
    /^attachment; filename="[ -!#-~]*"; filename\*=UTF-8''[A-Za-z0-9._~!%-]*$/,
    'a header of more than its name',
  );
}
