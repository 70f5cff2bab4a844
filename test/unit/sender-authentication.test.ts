import { describe, expect, test } from 'vitest';
import { readHeaderBlock } from '../../src/adapters/mime/header-fields.ts';
import {
  authenticateSender,
  senderQuestion,
} from '../../src/domain/sender-authentication/authenticate-sender.ts';
import {
  type Authentication,
  doubtOf,
  type MailServerAuthentication,
} from '../../src/domain/sender-authentication/authentication.ts';
import { parseAuthenticationResults } from '../../src/domain/sender-authentication/authentication-results.ts';
import { authorOf, oneMailbox } from '../../src/domain/sender-authentication/author.ts';
import { parseReceived, trustedBlock } from '../../src/domain/sender-authentication/received.ts';

/** A header as it comes over the wire, read as the parser reads it. */
function rawMail(...lines: string[]) {
  const { fields, warnings } = readHeaderBlock(
    Buffer.from(`${lines.join('\r\n')}\r\n\r\naccept\r\n`, 'utf8'),
  );
  const many = fields.filter(({ name }) => name === 'from').length > 1 ? ['from-many: two'] : [];
  return { headers: fields, warnings: [...warnings, ...many] };
}

describe('the author of a mail', () => {
  test.each([
    ['a bare address', 'priya@elm.example'],
    ['a name in front', 'Priya Nair <priya@elm.example>'],
    ['a quoted name with anything in it', '"Nair, Priya <x@evil.example>; :" <priya@elm.example>'],
    ['a name in encoded words', '=?utf-8?q?Priya_=40_Elm?= <priya@elm.example>'],
    ['a comment behind', 'priya@elm.example (Priya (at Elm))'],
    ['a name in bytes beyond ASCII', 'Priyä Näir <priya@elm.example>'],
    ['space around the address in brackets', 'Priya < priya@elm.example >'],
  ])('is told with %s', (_, from) => {
    expect(oneMailbox(from)).toBe('priya@elm.example');
  });

  test.each([
    ['two mailboxes', 'priya@elm.example, eve@evil.example'],
    ['an unquoted comma in the name', 'Nair, Priya <priya@elm.example>'],
    ['a group', 'Team: priya@elm.example;'],
    ['an empty group', 'Undisclosed:;'],
    ['nested brackets', '<<priya@elm.example>>'],
    ['two bracketed addresses', '<priya@elm.example> <eve@evil.example>'],
    ['an address behind the brackets', '<eve@evil.example> priya@elm.example'],
    ['an address in front of the brackets', 'priya@elm.example <eve@evil.example>'],
    ['a route', '<@relay.example:priya@elm.example>'],
    ['an encoded word as local part', '=?utf-8?q?priya?=@elm.example'],
    ['an encoded word that decodes to an address', '=?utf-8?q?priya=40elm.example?='],
    ['an encoded word inside brackets', '<=?utf-8?q?priya=40elm.example?=>'],
    ['white space inside the address', 'priya @elm.example'],
    ['a comment inside the address', 'priya(x)@elm.example'],
    ['a quoted local part', '"priya"@elm.example'],
    ['two at signs', 'priya@elm.example@evil.example'],
    ['a domain literal', 'priya@[203.0.113.9]'],
    ['a comment that never ends', 'priya@elm.example (so'],
    ['a quotation that never ends', '"Priya <priya@elm.example>'],
    ['a bracket that never closes', 'Priya <priya@elm.example'],
    ['a full-width at sign', 'priya＠elm.example'],
    ['nothing', ''],
    ['a kilobyte', `${'P'.repeat(1_000)} <priya@elm.example>`],
  ])('is in doubt with %s', (_, from) => {
    expect(oneMailbox(from)).toBeNull();
  });

  test.each([
    ['two From fields', ['From: priya@elm.example', 'From: eve@evil.example']],
    ['the same From twice', ['From: priya@elm.example', 'From: priya@elm.example']],
    ['no From', ['To: office@elm.example']],
    ['a space in front of the colon', ['From : priya@elm.example']],
    ['NUL in the name', ['From: Pri\0ya <priya@elm.example>']],
    ['a Sender that is somebody else', ['From: priya@elm.example', 'Sender: eve@evil.example']],
    ['a Sender that names two', ['From: priya@elm.example', 'Sender: priya@elm.example, eve@evil.example']],
    ['two Message-IDs', ['From: priya@elm.example', 'Message-ID: <a@x>', 'Message-ID: <b@x>']],
    ['two Content-Types', ['From: priya@elm.example', 'Content-Type: text/plain', 'Content-Type: text/html']],
  ])('is in doubt in a header with %s', (_, lines) => {
    const mail = rawMail(...lines);
    expect(authorOf(mail.headers, mail.warnings)).toHaveProperty('doubt');
  });

  test('is told when Sender says the same in another case', () => {
    const mail = rawMail('From: Priya <priya@elm.example>', 'Sender: Priya@Elm.Example');
    expect(authorOf(mail.headers, mail.warnings)).toEqual({ address: 'priya@elm.example' });
  });
});

describe('a Received line', () => {
  test.each([
    [
      'of Postfix',
      'from mail.evil.example (rdns.evil.example [203.0.113.9]) by mx.elm.example (Postfix) with ESMTPS id 4F; Mon, 2 Mar 2026',
      {
        by: 'mx.elm.example',
        from: { helo: 'mail.evil.example', names: ['rdns.evil.example'], ip: '203.0.113.9' },
      },
    ],
    [
      'of Microsoft',
      'from A.outbound.protection.outlook.com (40.107.22.1) by B.mail.protection.outlook.com (10.1.2.3) with Microsoft SMTP Server',
      {
        by: 'b.mail.protection.outlook.com',
        from: { helo: 'A.outbound.protection.outlook.com', names: [], ip: '40.107.22.1' },
      },
    ],
    ['of Google inside', 'by 2002:a05:6402:1 with SMTP id x; Mon', { by: null, from: null }],
    ['of qmail', '(qmail 1 invoked by uid 0); 2 Mar 2026', { by: null, from: null }],
    [
      'with IPv6 in brackets',
      'from x.example (x.example [IPv6:2001:db8::1]) by mx.elm.example',
      { by: 'mx.elm.example', from: { helo: 'x.example', names: ['x.example'], ip: '2001:db8::1' } },
    ],
    [
      'whose client calls itself an address',
      'from [10.0.0.1] (unknown [203.0.113.9]) by mx.elm.example',
      { by: 'mx.elm.example', from: { helo: '[10.0.0.1]', names: [], ip: '203.0.113.9' } },
    ],
    ['with our name in a comment only', 'from x (by mx.elm.example) with ESMTP', { by: null, from: null }],
    ['with our name in the for clause', 'for by mx.elm.example', { by: null, from: null }],
  ])('%s is read', (_, value, hop) => {
    expect(parseReceived(value)).toEqual(hop);
  });
});

const BORDER =
  'Received: from mail.home.example (mail.home.example [203.0.113.9]) by mx.elm.example (Postfix) with ESMTPS';
const INSIDE = 'Received: from mx.elm.example (mx.elm.example [203.0.113.1]) by store.elm.example with LMTP';
const STRANGER = 'Received: from laptop (laptop [198.51.100.7]) by mail.home.example with ESMTPA';

describe('the block that our own servers wrote', () => {
  const trusted = ['.elm.example'];
  const names = (lines: string[]) => {
    const { above, below, allOurs } = trustedBlock(rawMail(...lines).headers, trusted);
    return { above: above.map(({ value }) => value), below: below.map(({ value }) => value), allOurs };
  };

  test('ends at the hop that took the mail from outside, whatever stands below', () => {
    expect(names(['X: 1', INSIDE, 'X: 2', BORDER, 'X: 3', STRANGER, 'X: 4'])).toEqual({
      above: ['1', expect.stringContaining('store.elm.example'), '2'],
      below: ['3'],
      allOurs: false,
    });
  });

  test('is not made longer by lines that a stranger wrote in our name', () => {
    expect(names(['X: 1', BORDER, 'X: 2', INSIDE, 'X: 3'])).toEqual({
      above: ['1'],
      below: ['2'],
      allOurs: false,
    });
  });

  test('is empty when nobody of ours says that the mail was received', () => {
    expect(names(['X: 1', STRANGER, BORDER])).toEqual({ above: [], below: [], allOurs: false });
    expect(names(['X: 1', 'From: priya@elm.example'])).toEqual({ above: [], below: [], allOurs: false });
  });

  test('is the whole header of a mail that never left our servers', () => {
    const handedIn = 'Received: from desk (desk [10.0.0.7]) by mx.elm.example with ESMTPA';
    expect(names([INSIDE, handedIn, 'X: 1'])).toMatchObject({ below: ['1'], allOurs: true });
  });

  test('does not reach as far as a client that only calls itself one of us', () => {
    const liar =
      'Received: from mx.elm.example (rdns.evil.example [203.0.113.9]) by mx.elm.example with ESMTP';
    expect(names([liar, 'X: 1', INSIDE, 'X: 2'])).toEqual({ above: [], below: ['1'], allOurs: false });
  });
});

describe('Authentication-Results', () => {
  const PASS = {
    method: 'dmarc',
    result: 'pass',
    properties: [{ name: 'header.from', value: 'elm.example' }],
  };

  test.each([
    ['as the RFC has it', 'mx.elm.example; dmarc=pass header.from=elm.example'],
    ['with a version', 'mx.elm.example 1; dmarc=pass header.from=elm.example'],
    ['with versions of methods', 'mx.elm.example; dmarc/1=pass header.from=elm.example'],
    [
      'with comments everywhere',
      '(a)mx.elm.example(b);(c)dmarc(d)=(e)pass(f)header.from(g)=(h)elm.example(i)',
    ],
    [
      'with nested and escaped comments',
      'mx.elm.example; dmarc=pass (p=NONE (\\) dmarc=fail)) header.from=elm.example',
    ],
    ['with white space around the signs', 'mx.elm.example ; dmarc = pass  header.from = elm.example'],
    ['in capitals', 'MX.Elm.Example; DMARC=Pass HEADER.FROM=elm.example'],
    ['with a quoted value', 'mx.elm.example; dmarc=pass header.from="elm.example"'],
    ['with a quoted id', '"mx.elm.example"; dmarc=pass header.from=elm.example'],
  ])('are read %s', (_, value) => {
    expect(parseAuthenticationResults(value)).toEqual({ authservId: 'mx.elm.example', results: [PASS] });
  });

  test('are read without an id, as Microsoft 365 writes them', () => {
    const value =
      'spf=pass (sender IP is 203.0.113.9) smtp.mailfrom=elm.example; dkim=none (message not signed) header.d=none;dmarc=pass action=none header.from=elm.example;compauth=pass reason=100';
    expect(parseAuthenticationResults(value)).toMatchObject({
      authservId: null,
      results: [
        { method: 'spf' },
        { method: 'dkim' },
        { method: 'dmarc', result: 'pass' },
        { method: 'compauth' },
      ],
    });
  });

  test.each([
    ['a sign', '?=;dkim=pass header.i=elm.example'],
    ['a quoted string', '"dmarc"=pass; dkim=pass header.i=elm.example'],
    ['nothing', '; dkim=pass header.i=elm.example'],
  ])('without an id are not read where the field begins with %s', (_, value) => {
    expect(parseAuthenticationResults(value)).toBeNull();
  });

  test.each([
    ['a comment', 'mx.elm.example; spf=pass (; dmarc=pass header.from=elm.example)'],
    ['a quoted string', 'mx.elm.example; spf=pass smtp.mailfrom="x; dmarc=pass header.from=elm.example"'],
    ['another property', 'mx.elm.example; spf=pass smtp.mailfrom=a dmarc=pass header.from=elm.example'],
    ['a reason', 'mx.elm.example; spf=fail reason="; dmarc=pass"'],
    ['a value that goes on', 'mx.elm.example; spf=pass smtp.helo=dmarc=pass'],
    ['the word none', 'mx.elm.example; none'],
    ['the id', 'mx.elm.example dmarc=pass; spf=pass'],
  ])('say nothing of DMARC by %s', (_, value) => {
    const results = parseAuthenticationResults(value)?.results ?? [];
    expect(results.filter(({ method }) => method === 'dmarc')).toEqual([]);
  });

  test.each([
    ['a comment never ends', 'mx.elm.example; (dmarc=pass header.from=elm.example'],
    ['a quotation never ends', 'mx.elm.example; dmarc=pass header.from="elm.example'],
    ['they are longer than anybody writes', `mx.elm.example; ${'a=b; '.repeat(2_000)}`],
  ])('cannot be read when %s', (_, value) => {
    expect(parseAuthenticationResults(value)).toBeNull();
  });
});

const server = (changes: Partial<MailServerAuthentication> = {}): Authentication => ({
  mode: 'mail-server',
  trustedHosts: ['.elm.example'],
  results: { type: 'id', id: 'mx.elm.example', belowReceived: false },
  insideTenant: false,
  ownLogin: false,
  ...changes,
});
const FROM = 'From: Priya <priya@elm.example>';
const found = (authentication: Authentication, ...lines: string[]) => {
  const { result, by } = authenticateSender(rawMail(...lines), authentication, () => [
    'priya@elm.example',
    'p@home.example',
  ]);
  return `${result} by ${by}`;
};
const ar = (text: string) => `Authentication-Results: ${text}`;
const PASS = ar('mx.elm.example; dmarc=pass header.from=elm.example');

describe('our own mail server', () => {
  test.each([
    ['DMARC passes', 'pass', 'dmarc=pass header.from=elm.example'],
    ['DMARC fails', 'fail', 'dmarc=fail header.from=elm.example'],
    ['DMARC could not be checked', 'unknown', 'dmarc=temperror header.from=elm.example'],
    ['DMARC passes for another domain', 'none', 'dmarc=pass header.from=evil.example'],
    [
      'DMARC passes for a domain that only looks alike',
      'none',
      'dmarc=pass header.from=elm.example.evil.example',
    ],
    ['DMARC passes for nobody', 'none', 'dmarc=pass'],
    ['DMARC passes for two', 'none', 'dmarc=pass header.from=elm.example header.from=evil.example'],
    [
      'DMARC passes and fails',
      'fail',
      'dmarc=pass header.from=elm.example; dmarc=fail header.from=elm.example',
    ],
    ['there is no policy and no signature', 'none', 'dmarc=none header.from=elm.example'],
    ['there is no policy, and the domain signed', 'pass', 'dkim=pass header.d=elm.example; dmarc=none'],
    ['only the identity of the signature is told', 'pass', 'dkim=pass header.i=@elm.example'],
    ['another domain signed', 'none', 'dkim=pass header.d=evil.example; dmarc=none header.from=elm.example'],
    ['a signature is broken', 'none', 'dkim=fail header.d=elm.example'],
    [
      'DMARC fails although the domain signed',
      'fail',
      'dkim=pass header.d=elm.example; dmarc=fail header.from=elm.example',
    ],
    ['only SPF passes', 'none', 'spf=pass smtp.mailfrom=priya@elm.example'],
    ['Microsoft guesses', 'none', 'dmarc=bestguesspass header.from=elm.example'],
  ])('is believed when %s: %s', (_, result, text) => {
    expect(found(server(), ar(`mx.elm.example; ${text}`), BORDER, FROM)).toBe(`${result} by authserv-id`);
  });

  test.each([
    ['below its own Received line', [BORDER, PASS, FROM]],
    ['below the Received line of a stranger', [BORDER, STRANGER, PASS, FROM]],
    ['below a Received line that a stranger wrote in our name', [BORDER, PASS, INSIDE, FROM]],
    ['with a foreign id', [ar('mx.evil.example; dmarc=pass header.from=elm.example'), BORDER, FROM]],
    [
      'with an id that only begins like ours',
      [ar('mx.elm.example.evil; dmarc=pass header.from=elm.example'), BORDER, FROM],
    ],
    ['without an id', [ar('dmarc=pass header.from=elm.example'), BORDER, FROM]],
    ['below a result of ours that says less', [ar('mx.elm.example; spf=pass'), PASS, BORDER, FROM]],
    ['below a result of ours that cannot be read', [ar('mx.elm.example; (broken'), PASS, BORDER, FROM]],
    ['and nobody of ours received it', [PASS, STRANGER, FROM]],
    ['and there is no Received line', [PASS, FROM]],
  ])('is not taken to have written a result %s', (_, lines) => {
    expect(found(server(), ...lines)).toMatch(/^none/);
  });

  test('is believed below its own Received line only when asked to be, and there only at the top', () => {
    const below = server({ results: { type: 'id', id: 'mx.elm.example', belowReceived: true } });
    const fail = ar('mx.elm.example; dmarc=fail header.from=elm.example');
    expect(found(below, BORDER, PASS, FROM)).toBe('pass by authserv-id');
    expect(found(below, BORDER, fail, PASS, FROM)).toBe('fail by authserv-id');
    expect(found(below, BORDER, STRANGER, PASS, FROM)).toMatch(/^none/);
    expect(found(below, BORDER, INSIDE, PASS, FROM)).toMatch(/^none/);
  });

  test('without an id, as in Microsoft 365, is believed above its Received line alone', () => {
    const m365 = server({ results: { type: 'without-id' } });
    const pass = ar('spf=pass smtp.mailfrom=x; dmarc=pass action=none header.from=elm.example');
    expect(found(m365, pass, BORDER, FROM)).toBe('pass by results-without-id');
    expect(found(m365, BORDER, pass, FROM)).toMatch(/^none/);
    expect(found(m365, PASS, BORDER, FROM)).toMatch(/^none/);
  });

  test('marks what was sent inside the organisation, which counts only when every hop was ours', () => {
    const tenant = server({ results: null, insideTenant: true });
    const mark = 'X-MS-Exchange-Organization-AuthAs: Internal';
    const inside =
      'Received: from A.elm.example ([fe80::1%3]) by A.elm.example ([fe80::1%3]) with mapi id 15.20';
    expect(found(tenant, INSIDE, inside, FROM, mark)).toBe('pass by inside-tenant');
    expect(found(tenant, BORDER, FROM, mark)).toMatch(/^none/);
    expect(found(tenant, INSIDE, BORDER, FROM, mark)).toMatch(/^none/);
    expect(found(tenant, inside, STRANGER, FROM, mark)).toMatch(/^none/);
    expect(found(tenant, FROM, mark)).toMatch(/^none/);
    expect(found(tenant, inside, FROM, mark, 'X-MS-Exchange-Organization-AuthAs: Anonymous')).toMatch(
      /^none/,
    );
    expect(found(tenant, inside, FROM, 'X-MS-Exchange-CrossTenant-AuthAs: Internal')).toMatch(/^none/);
    expect(found(server({ results: null }), inside, FROM, mark)).toMatch(/^none/);
  });

  test('notes logins, of which one with an address of the member counts', () => {
    const submission = server({ ownLogin: true });
    const login = (text: string) => [ar(`mx.elm.example; ${text}`), BORDER, FROM] as const;
    expect(found(submission, ...login('auth=pass smtp.auth=Priya@elm.example'))).toBe('pass by own-login');
    expect(found(submission, ...login('auth=pass smtp.auth=p@home.example'))).toBe('pass by own-login');
    expect(found(submission, ...login('auth=pass smtp.auth=luis@elm.example'))).toMatch(/^none/);
    expect(found(submission, ...login('auth=fail smtp.auth=priya@elm.example'))).toMatch(/^none/);
    expect(found(submission, ...login('auth=pass smtp.mailfrom=priya@elm.example'))).toMatch(/^none/);
    expect(found(server(), ...login('auth=pass smtp.auth=priya@elm.example'))).toMatch(/^none/);
  });
});

describe('a mail whose sender is in doubt', () => {
  test('acts in no mode, however well it is proved', () => {
    const modes: Authentication[] = [
      server(),
      { mode: 'token-and-sender-only' },
      { mode: 'own-check', trustedHosts: [] },
    ];
    for (const mode of modes) {
      const result = authenticateSender(
        rawMail(PASS, BORDER, FROM, 'Sender: eve@evil.example'),
        mode,
        () => [],
      );
      expect(doubtOf(result)).toBe('ambiguous-sender');
      expect(senderQuestion(rawMail(FROM, FROM), mode)).toBeNull();
    }
  });
});

describe('an own check', () => {
  test('is asked about the author, and about the client that a hop of ours saw', () => {
    const mode: Authentication = { mode: 'own-check', trustedHosts: ['.elm.example'] };
    expect(senderQuestion(rawMail('Return-Path: <priya@elm.example>', BORDER, FROM), mode)).toEqual({
      from: 'priya@elm.example',
      client: { ip: '203.0.113.9', helo: 'mail.home.example' },
      mailFrom: 'priya@elm.example',
    });
  });

  test('is told of no client and no envelope sender that a stranger may have written', () => {
    const mode: Authentication = { mode: 'own-check', trustedHosts: [] };
    const question = { from: 'priya@elm.example', client: null, mailFrom: null };
    expect(senderQuestion(rawMail('Return-Path: <priya@elm.example>', BORDER, FROM), mode)).toEqual(question);
    const ours: Authentication = { mode: 'own-check', trustedHosts: ['.elm.example'] };
    expect(
      senderQuestion(rawMail(BORDER, 'Return-Path: <priya@elm.example>', FROM), ours)?.mailFrom,
    ).toBeNull();
    // Postfix writes `unknown` for a client without a name, who may call itself whatever it likes.
    const posing =
      'Received: from mx.elm.example (unknown [203.0.113.66]) by mx.elm.example; Tue, 3 Mar 2026';
    const forged = 'Received: from a (a.elm.example [203.0.113.1]) by mx.elm.example; Tue, 3 Mar 2026';
    const past = 'Received: from b (b.example [198.51.100.1]) by mx.elm.example; Tue, 3 Mar 2026';
    for (const lines of [[posing], [posing, forged], [posing, past]])
      expect(senderQuestion(rawMail(...lines, FROM), ours)?.client).toBeNull();
  });
});
