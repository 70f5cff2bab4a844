/** What proves a sender, read out of headers that strangers may have written (domain/sender-authentication). */
import assert from 'node:assert/strict';
import { Buffer } from 'node:buffer';
import { readHeaderBlock } from '../../../../src/adapters/mime/header-fields.ts';
import type { Header } from '../../../../src/domain/message.ts';
import { authenticateSender } from '../../../../src/domain/sender-authentication/authenticate-sender.ts';
import {
  AMBIGUOUS,
  type MailServerAuthentication,
  type SenderAuthentication,
} from '../../../../src/domain/sender-authentication/authentication.ts';
import { seedFields, seedHeaders } from '../corpora.ts';
import type { Target } from '../target.ts';
import { Breaking, HeaderWords } from '../words.ts';

const ID = 'mx.elm.example';
const BORDER: Header = {
  name: 'received',
  value: 'from evil.example (rdns.evil.example [203.0.113.9]) by mx.elm.example with ESMTP',
};
const FROM: Header = { name: 'from', value: 'Priya <priya@elm.example>' };

const choice = (results: MailServerAuthentication['results']): MailServerAuthentication => ({
  ...{ mode: 'mail-server', trustedHosts: ['.elm.example'], results, insideTenant: true, ownLogin: true },
});
const Choices: readonly MailServerAuthentication[] = [
  choice({ type: 'id', id: ID, belowReceived: false }),
  choice({ type: 'id', id: ID, belowReceived: true }),
  choice({ type: 'without-id' }),
  choice(null),
];

/** A reader of headers; the one of production, unless a proof plants another. */
export type Judge = (headers: readonly Header[], demanded: MailServerAuthentication) => SenderAuthentication;

const judge: Judge = (headers, demanded) =>
  authenticateSender({ headers, warnings: [] }, demanded, (address) => [address]);

export const authenticationTarget = (judged: Judge): Target => ({
  name: 'authentication',
  promise: 'nothing passes that the topmost field of our own server does not say',
  lengthMax: 16 * 1024,
  cost: { baseMs: 40, perKilobyteMs: 3 },
  words: [...HeaderWords, ...Breaking, ...ResultWords],
  seeds: () => [
    ...Seeds.map((text) => Buffer.from(text)),
    ...seedFields(/^(?:authentication-results|received)$/i),
    ...seedHeaders().slice(0, 200),
  ],
  make: (chance) => {
    const parts = Array.from({ length: 1 + Math.floor(chance.next() * 10) }, () => chance.pick(ResultWords));
    return Buffer.from(`Authentication-Results: ${parts.join(chance.happens(0.5) ? ' ' : '')}\n`);
  },
  check(input) {
    const value = input.toString('latin1').replace(/[\r\n]+/g, ' ');
    const fields = readHeaderBlock(Buffer.concat([input, Buffer.from('\r\n\r\n')])).fields.filter(
      ({ name }) => name !== 'from' && name !== 'sender',
    );
    checkBelow(judged, fields);
    checkSaid(judged, value);
    checkQuoted(judged, value);
  },
});

/** Whatever a stranger wrote below the line at which our server took the mail, and whatever it claims to be. */
function checkBelow(judged: Judge, fields: readonly Header[]): void {
  const failed = field(`${ID}; dmarc=fail header.from=elm.example`);
  for (const demanded of Choices) {
    const below = demanded.results?.type === 'id' && demanded.results.belowReceived;
    const above = below || demanded.results?.type === 'id' ? [failed, BORDER] : [BORDER];
    assert.notEqual(
      judged([...above, ...fields, FROM], demanded).result,
      'pass',
      'a stranger proved themselves',
    );
    if (below) {
      const { result, why } = judged([...above, ...fields, FROM], demanded);
      assert(result === 'fail' || why.code === AMBIGUOUS, 'a stranger undid our word');
    }
    assert.notEqual(
      judged([...fields.filter(({ name }) => name !== 'received'), FROM], demanded).result,
      'pass',
      'passed without a hop of ours',
    );
  }
}

/** What passes must be said in the field itself, outside of comments and quoted strings, and by our own server. */
function checkSaid(judged: Judge, value: string): void {
  for (const demanded of Choices) {
    const { result, by } = judged([field(value), BORDER, FROM], demanded);
    if (result !== 'pass') continue;
    const plain = plainOf(value);
    assert(plain !== null, 'passed by a field that never ends');
    const said =
      by === 'own-login' ? /(?:^|;)auth(?:\/\d+)?=pass/ : /(?:^|;)(?:dmarc|dkim)(?:\/[^=;]*)?=pass/;
    assert(said.test(plain), 'passed by what the field does not say');
    assert(value.toLowerCase().includes('elm.example'), 'passed for a domain that the field does not name');
    const isOurs =
      demanded.results?.type === 'id' ? plain.startsWith(ID) : /^[a-z][a-z0-9-]*(?:\/\d+)?=/.test(plain);
    assert(isOurs, 'passed by the field of another server');
  }
}

/** What a server quotes of a stranger (an envelope sender, a reason, a name) speaks for nobody. */
function checkQuoted(judged: Judge, value: string): void {
  const escaped = value.slice(0, 3_000).replace(/["\\()]/g, '\\$&');
  const fields = [
    `${ID}; spf=none (${escaped}) smtp.mailfrom=x`,
    `${ID}; spf=none reason="${escaped}" smtp.mailfrom="${escaped}"@x`,
    `${ID}; dmarc=none (${escaped}) header.from="${escaped}"`,
  ];
  for (const one of fields)
    for (const demanded of Choices)
      assert.notEqual(judged([field(one), BORDER, FROM], demanded).result, 'pass', 'passed by a quoted word');
}

const field = (value: string): Header => ({ name: 'authentication-results', value });

/** The field without comments, quoted strings and white space, lower case; null when one of them never ends. */
function plainOf(value: string): string | null {
  let plain = '';
  let depth = 0;
  let isQuoted = false;
  for (let at = 0; at < value.length; at += 1) {
    const letter = value[at] ?? '';
    if ((depth > 0 || isQuoted) && letter === '\\') at += 1;
    else if (isQuoted) isQuoted = letter !== '"';
    else if (letter === '(') depth += 1;
    else if (depth > 0) depth -= letter === ')' ? 1 : 0;
    else if (letter === '"') {
      isQuoted = true;
      plain += '"';
    } else if (!/\s/.test(letter)) plain += letter.toLowerCase();
  }
  return depth > 0 || isQuoted ? null : plain;
}

const ResultWords: readonly string[] = [
  ...[
    'mx.elm.example;',
    'mx.elm.example 1;',
    'evil.example;',
    'dmarc=pass',
    'dmarc=fail',
    'dmarc=none',
    'dkim=pass',
    'auth=pass',
  ],
  ...[
    'spf=pass',
    'header.from=elm.example',
    'header.d=elm.example',
    'header.i=@elm.example',
    'smtp.auth=priya@elm.example',
  ],
  ...[
    'smtp.mailfrom=',
    'reason="',
    '"',
    '(',
    ')',
    '(a (b) c)',
    '\\"',
    '\\)',
    ';',
    '=',
    '/1',
    'policy.dmarc=pass',
    'arc=pass',
  ],
  ...[
    'action=none',
    'dmarc = pass',
    'dmarc=pass(',
    'DMARC=PASS',
    'header.from=evil.example',
    '\\',
    '.',
    'dmarc=bestguesspass',
  ],
];

const Seeds: readonly string[] = [
  'Authentication-Results: mx.elm.example; dmarc=pass header.from=elm.example',
  'mx.elm.example; dmarc=pass (p=reject) header.from=elm.example; dkim=pass header.d=elm.example',
  'mx.elm.example; auth=pass smtp.auth=priya@elm.example',
  'dmarc=pass action=none header.from=elm.example;dkim=pass header.d=elm.example',
  'Received: from a ([10.0.0.1]) by mx.elm.example with ESMTP\nX-MS-Exchange-Organization-AuthAs: Internal',
];

export const authentication: Target = authenticationTarget(judge);
