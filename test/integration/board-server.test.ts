/** The board's pages over HTTP, with a board in memory whose mails are hostile. */
import { request } from 'node:http';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { serveBoard } from '../../src/adapters/web/board-server.ts';
import type { Board, BoardRequest } from '../../src/app/ports/board.ts';
import type { ConversationEvent, EventBody } from '../../src/domain/conversation/events.ts';
import { fold } from '../../src/domain/conversation/evolve.ts';
import { fromIso, MINUTE } from '../../src/domain/instant.ts';

const NINE = fromIso('2026-03-03T09:00:00Z');
const HOSTILE = `<script>alert(1)</script>" onload='x' &amp; \u202eevil`;

const events = (
  [
    {
      type: 'arrived',
      inboxId: 'office',
      messageId: 1,
      accountable: 'leah',
      author: null,
      acknowledge: 'fixed',
      person: true,
      text: null,
    },
    {
      type: 'classified',
      category: null,
      priority: 'normal',
      ruleId: null,
      reason: { code: 'no-rule', sentence: HOSTILE },
    },
    { type: 'accepted', by: 'priya' },
  ] satisfies EventBody[]
).map(
  (body, index): ConversationEvent => ({
    ...body,
    conversationId: 7,
    seq: index + 1,
    at: NINE + index * MINUTE,
  }),
);

const seven: BoardRequest = {
  id: 7,
  inboxId: 'office',
  subject: HOSTILE,
  customer: { name: HOSTILE, address: 'a@b.example' },
  state: fold(events),
  events,
  ledger: [
    { from: NINE, until: NINE + 2 * MINUTE, member: 'leah' },
    { from: NINE + 2 * MINUTE, until: null, member: 'priya' },
  ],
  texts: new Map(),
  because: [],
  gone: null,
};

const board: Board = {
  requests: async (id) => (id === undefined || id === 7 ? [seven] : []),
  mailsIn: async () => [
    {
      id: 1,
      at: NINE,
      inboxId: 'office',
      conversationId: 7,
      disposition: 'bulk',
      reason: { code: 'x', sentence: HOSTILE },
      from: { name: HOSTILE, address: '' },
      member: null,
      subject: HOSTILE,
      text: HOSTILE,
      quoted: HOSTILE,
      files: [{ at: 0, name: HOSTILE, size: 1 }],
      gone: null,
    },
  ],
  mailsOut: async () => [
    {
      id: 1,
      at: NINE,
      conversationId: 7,
      kind: 'offer',
      member: 'priya',
      recipient: 'p@x',
      raw: new Uint8Array(),
    },
  ],
  mailsHeldBack: async () => [
    {
      ...{ id: 2, at: NINE, conversationId: 7, kind: 'finished' },
      ...{ recipient: HOSTILE, brake: 'address-cap' as const },
    },
  ],
};

let server: Awaited<ReturnType<typeof serveBoard>>;
beforeEach(async () => {
  server = await serveBoard({
    board,
    names: (id) => id,
    members: () => ['leah', 'priya'],
    now: () => NINE + 60 * MINUTE,
    timeZone: 'Europe/London',
    title: 'Elm',
    readMail: async () => HOSTILE,
  });
});
afterEach(() => server.close());

function ask(path: string, options: { method?: string; host?: string } = {}) {
  return new Promise<{ status: number; csp: string; body: string }>((resolve, reject) => {
    const headers = options.host === undefined ? {} : { Host: options.host };
    const asked = request(
      new URL(path, server.url),
      { method: options.method ?? 'GET', headers },
      (response) => {
        let body = '';
        response.setEncoding('utf8').on('data', (text: string) => {
          body += text;
        });
        const csp = String(response.headers['content-security-policy']);
        response.on('end', () => resolve({ status: response.statusCode ?? 0, csp, body }));
      },
    );
    asked.once('error', reject).end();
  });
}

test('nothing that anybody wrote becomes markup, and the policy of both pages allows no script at all', async () => {
  for (const path of ['/', '/requests/7']) {
    const { status, body, csp } = await ask(path);
    expect(status).toBe(200);
    expect(body).toContain('&lt;script&gt;');
    expect(body).not.toMatch(/<script|onload='|"\s+onload|\u202e/);
    expect(csp).toMatch(/^default-src 'none'; style-src 'sha256-[^']+';/);
    expect(csp).not.toContain('unsafe');
  }
});

test('the page of a request says who answers for it, since when, why, and draws the ledger without a gap', async () => {
  const { body } = await ask('/requests/7');
  expect(body).toContain('since 9:02');
  const bars = [...body.matchAll(/<rect class="f(\d)" x="([\d.]+)" y="0" width="([\d.]+)"/g)].map((found) =>
    found.slice(1).map(Number),
  );
  expect(bars).toEqual([
    [0, 0, 33.3],
    [1, 33.3, 966.7],
  ]);
});

test('the board can only be read, only from this machine, and only where there is something', async () => {
  expect((await ask('/', { method: 'POST' })).status).toBe(405);
  expect((await ask('/', { host: 'rebound.example' })).status).toBe(421);
  expect((await ask('/requests/8')).status).toBe(404);
  expect((await ask('/../etc/passwd')).status).toBe(404);
  expect(await ask('/', { method: 'HEAD' })).toMatchObject({ status: 200, body: '' });
});
