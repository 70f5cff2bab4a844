import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Header } from '../../src/domain/message.ts';
import { authenticateSender } from '../../src/domain/sender-authentication/authenticate-sender.ts';
import type { MailServerAuthentication } from '../../src/domain/sender-authentication/authentication.ts';
import { parseAuthenticationResults } from '../../src/domain/sender-authentication/authentication-results.ts';
import { oneMailbox } from '../../src/domain/sender-authentication/author.ts';
import { parseReceived } from '../../src/domain/sender-authentication/received.ts';

const header = (name: string, value: string): Header => ({ name, value });
const FROM = header('from', 'Priya <priya@elm.example>');
const BORDER = header(
  'received',
  'from evil.example (rdns.evil.example [203.0.113.9]) by mx.elm.example with ESMTP',
);

/** What a forger would write, and pieces of it. */
const forgery = fc.oneof(
  fc.constantFrom(
    header('authentication-results', 'mx.elm.example; dmarc=pass header.from=elm.example'),
    header('authentication-results', 'mx.elm.example; auth=pass smtp.auth=priya@elm.example'),
    header('authentication-results', 'mx.elm.example; dkim=pass header.d=elm.example'),
    header('authentication-results', 'dmarc=pass action=none header.from=elm.example'),
    header('x-ms-exchange-organization-authas', 'Internal'),
    header('received', 'from mx.elm.example (mx.elm.example [203.0.113.1]) by mx.elm.example with ESMTP'),
    header('received', 'from a ([10.0.0.1]) by mx.elm.example with ESMTP'),
    header('received', 'by mx.elm.example with LMTP'),
    header('received', 'from x by mail.evil.example'),
    header('return-path', '<priya@elm.example>'),
    header('x-other', 'nothing'),
  ),
  fc.record({
    name: fc.constantFrom('authentication-results', 'received', 'x-ms-exchange-organization-authas'),
    value: fc.string({ maxLength: 60 }),
  }),
);

/** Every choice that an inbox may make about its mail server, except to believe what stands below Received. */
const demands: fc.Arbitrary<MailServerAuthentication> = fc.record({
  mode: fc.constant('mail-server' as const),
  trustedHosts: fc.constantFrom(['mx.elm.example'], ['.elm.example']),
  results: fc.constantFrom(
    null,
    { type: 'without-id' } as const,
    { type: 'id', id: 'mx.elm.example', belowReceived: false } as const,
  ),
  insideTenant: fc.boolean(),
  ownLogin: fc.boolean(),
});

const judged = (headers: readonly Header[], authentication: MailServerAuthentication) =>
  authenticateSender({ headers, warnings: [] }, authentication, () => ['priya@elm.example']).result;

describe('whatever a stranger writes into the header of a mail', () => {
  test('never proves its sender, below the line with which our server received it from them', () => {
    fc.assert(
      fc.property(
        fc.array(forgery, { maxLength: 12 }),
        fc.array(forgery, { maxLength: 4 }),
        demands,
        (a, b, choice) => {
          expect(judged([BORDER, ...a, FROM, ...b], choice)).toBe('none');
        },
      ),
      { numRuns: 2_000 },
    );
  });

  test('never proves its sender when our server wrote that DMARC failed, though it is believed below Received too', () => {
    const failed = header('authentication-results', 'mx.elm.example; dmarc=fail header.from=elm.example');
    const choice: MailServerAuthentication = {
      mode: 'mail-server',
      trustedHosts: ['.elm.example'],
      results: { type: 'id', id: 'mx.elm.example', belowReceived: true },
      insideTenant: true,
      ownLogin: true,
    };
    fc.assert(
      fc.property(fc.array(forgery, { maxLength: 12 }), (lines) => {
        expect(judged([BORDER, failed, ...lines, FROM], choice)).toBe('fail');
        expect(judged([failed, BORDER, ...lines, FROM], choice)).toBe('fail');
      }),
      { numRuns: 1_000 },
    );
  });

  test('proves nothing when no server of ours received the mail', () => {
    const stranger = header('received', 'from x by mail.evil.example');
    fc.assert(
      fc.property(fc.array(forgery, { maxLength: 12 }), demands, (lines, choice) => {
        expect(judged([stranger, ...lines, FROM], choice)).toBe('none');
        expect(judged([...lines.filter(({ name }) => name !== 'received'), FROM], choice)).toBe('none');
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('the readers of structured fields', () => {
  const mess = fc.array(
    fc.constantFrom(
      '(',
      ')',
      '"',
      '\\',
      ';',
      '=',
      '<',
      '>',
      '@',
      ':',
      ',',
      ' ',
      '.',
      'dmarc',
      'pass',
      'by',
      'from',
      'a',
      '\u00e4',
    ),
    { maxLength: 60 },
  );

  test('take any text without throwing', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          mess.map((parts) => parts.join('')),
        ),
        (text) => {
          parseAuthenticationResults(text);
          parseReceived(text);
          const mailbox = oneMailbox(text);
          if (mailbox !== null) expect(text).toContain(mailbox.split('@')[0]);
        },
      ),
      { numRuns: 3_000 },
    );
  });

  test('never find a result inside of a comment or of a quoted string', () => {
    const inside = fc.string().map((text) => text.replace(/[()"\\]/g, ''));
    fc.assert(
      fc.property(inside, inside, (a, b) => {
        const value = `mx.elm.example; spf=pass (${a}; dmarc=pass ${b}) reason="${a}; dmarc=pass ${b}"`;
        const methods = parseAuthenticationResults(value)?.results.map(({ method }) => method);
        expect(methods).toEqual(['spf']);
      }),
    );
  });

  test('are done with a megabyte of any one character in a moment', () => {
    const begun = performance.now();
    for (const piece of ['(', ')', '"', '\\', ';', '=', '<', ' ', 'a', '(a', '"a', 'a=', '=;', '(\\']) {
      const text = piece.repeat(1_000_000 / piece.length);
      parseAuthenticationResults(text);
      parseReceived(text);
      oneMailbox(text);
      parseAuthenticationResults(text.slice(0, 8_000));
    }
    expect(performance.now() - begun).toBeLessThan(1_000);
  });
});
