/** What the board answers whatever is asked: headers, its own name, and no word to strangers. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { BoardContext } from '../../src/adapters/web/board/context.ts';
import { isOurOrigin, localPath } from '../../src/adapters/web/board/place.ts';
import { networkOf } from '../../src/adapters/web/board/visitor.ts';
import { LOCAL, signedInAs, testBoard } from '../support/board.ts';

const NO_CONTEXT = {} as BoardContext;
const asStranger = { viewerOf: async () => null, toldOf: async () => null, routes: () => {} };

let app: Awaited<ReturnType<typeof testBoard>>;
beforeEach(async () => {
  app = await testBoard(
    signedInAs('leah'),
    [
      (on) => {
        on.get('/', async ({ viewer }) => viewer.name);
        on.get('/broken', async () => {
          throw new Error('SELECT secret FROM inside');
        });
        on.post('/something', async () => 'done');
      },
    ],
    NO_CONTEXT,
  );
});
afterEach(() => app.close());

describe('headers', () => {
  test('every answer of the board forbids foreign parts, frames, sniffing and copies, whatever its status', async () => {
    for (const url of ['/', '/nothing', '/broken', '/?q=%00']) {
      const { headers } = await app.inject({ url });
      expect(headers['content-security-policy']).toBe(
        "default-src 'none';style-src 'self';script-src 'self';img-src 'self';connect-src 'self';form-action 'self';frame-ancestors 'none';base-uri 'none'",
      );
      expect(headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'same-origin',
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin',
        'cache-control': 'no-store',
        'x-frame-options': 'DENY',
      });
      expect(headers['strict-transport-security']).toBeUndefined();
      expect(headers).not.toHaveProperty('x-powered-by');
    }
  });

  test('browsers that came by TLS are told to come by nothing else', async () => {
    const place = { ...LOCAL, url: 'https://baton.elm.example' };
    const secure = await testBoard(signedInAs('leah'), [], NO_CONTEXT, { place });
    const { headers } = await secure.inject({ url: '/', headers: { host: 'baton.elm.example' } });
    expect(headers['strict-transport-security']).toBe('max-age=31536000');
    await secure.close();
  });
});

describe('asked wrongly', () => {
  test('a name that somebody made point here is not the board', async () => {
    for (const host of ['rebound.example', 'localhost.rebound.example', '127.0.0.1.rebound.example:3000']) {
      expect((await app.inject({ url: '/', headers: { host } })).statusCode, host).toBe(421);
    }
    for (const host of ['localhost:3000', '127.0.0.1:39111', '[::1]:3000', 'LOCALHOST']) {
      expect((await app.inject({ url: '/', headers: { host } })).statusCode, host).toBe(200);
    }
  });

  test('what is not there, not to be done, too large or broken is told in plain words and nothing of the inside', async () => {
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    const large = {
      method: 'POST',
      url: '/something',
      headers: form,
      payload: `a=${'b'.repeat(300_000)}`,
    } as const;
    const answers = await Promise.all([
      app.inject({ url: '/nothing' }),
      app.inject({ method: 'PUT', url: '/' }),
      app.inject(large),
      app.inject({
        method: 'POST',
        url: '/something',
        headers: { 'content-type': 'text/xml' },
        payload: '<a/>',
      }),
      app.inject({ url: '/broken' }),
    ]);
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([404, 405, 413, 415, 500]);
    for (const { body, headers } of answers) {
      expect(headers['content-type']).toBe('text/html; charset=utf-8');
      expect(body).not.toMatch(/SELECT|Error|stack|\.ts/);
    }
  });

  test('a stranger is sent to sign in, alike from what is there and from what is not', async () => {
    const shut = await testBoard(
      asStranger,
      [(on) => on.get('/requests/:id', async () => 'inside')],
      NO_CONTEXT,
    );
    for (const url of ['/requests/7', '/nothing/7']) {
      const { statusCode, headers, body } = await shut.inject({ url });
      expect([statusCode, headers.location, body]).toEqual([
        303,
        `/sign-in?next=${encodeURIComponent(url)}`,
        '',
      ]);
    }
    await shut.close();
  });

  test('a visitor who asks six hundred times a minute is told to wait', async () => {
    for (let n = 0; n < 600; n += 1) await app.inject({ url: '/' });
    expect((await app.inject({ url: '/' })).statusCode).toBe(429);
    expect((await app.inject({ url: '/', remoteAddress: '203.0.113.9' })).statusCode).toBe(200);
  });
});

test('whoever sends slowly, holds on or sends too much of a header is let go', () => {
  const { headersTimeout, requestTimeout, timeout, maxConnections } = app.server;
  expect({ headersTimeout, requestTimeout, timeout, maxConnections }).toEqual({
    headersTimeout: 10_000,
    requestTimeout: 15_000,
    timeout: 60_000,
    maxConnections: 1_000,
  });
});

describe('places', () => {
  test('whoever signs in is led to a path of the board and never to another site', () => {
    const elsewhere = [
      '//evil.example',
      '/\\evil.example',
      'https://evil.example',
      '/a\\b',
      '/a\nb',
      '',
      7,
      'javascript:x',
    ];
    for (const asked of elsewhere) expect(localPath(asked), String(asked)).toBe('/');
    for (const asked of ['/', '/requests/7', '/requests?show=stuck&of=priya'])
      expect(localPath(asked)).toBe(asked);
  });

  test('a form is taken from pages of the board and from no other origin', () => {
    const place = { ...LOCAL, url: 'https://baton.elm.example' };
    for (const origin of ['https://baton.elm.example', 'http://localhost:3000', 'http://127.0.0.1:3000'])
      expect(isOurOrigin(place, origin), origin).toBe(true);
    for (const origin of [
      'null',
      '',
      'http://baton.elm.example',
      'https://baton.elm.example.evil.example',
      'https://localhost',
    ])
      expect(isOurOrigin(place, origin), origin).toBe(false);
  });

  test('visitors are counted by address, and by network where each has a whole one', () => {
    expect(networkOf('203.0.113.9')).toBe('203.0.113.9');
    expect(networkOf('::ffff:203.0.113.9')).toBe('203.0.113.9');
    expect(networkOf('2001:db8:1:2:3:4:5:6')).toBe(networkOf('2001:db8:1:2::9'));
    expect(networkOf('2001:db8:1:2::9')).not.toBe(networkOf('2001:db8:1:3::9'));
    expect(networkOf('::1')).toBe('0:0:0:0::/64');
  });
});
