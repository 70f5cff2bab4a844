/**
 * Serves the board on this machine only. Read-only: it answers GET and HEAD, keeps no state, and sets nothing.
 * A page of another site cannot read it (the Host must be this address), and nothing in a mail can act in it.
 */
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type Names, whyHeldBack } from '../../app/board-words.ts';
import type { Board, BoardRequest } from '../../app/ports/board.ts';
import type { MemberId } from '../../domain/ids.ts';
import type { Instant } from '../../domain/instant.ts';
import { timeWords } from '../../domain/notices/times.ts';
import { aboutNotice, overview, type PageSetting, page, requestPage, type ShownMail } from './board-page.ts';
import { html } from './html.ts';
import { STYLE } from './style.ts';

export type BoardServerOptions = {
  readonly board: Board;
  readonly names: Names;
  /** Everybody there is, always in the same order. */
  readonly members: () => readonly MemberId[];
  readonly now: () => Instant;
  readonly timeZone: string;
  readonly title: string;
  /** The text of a mail of ours. */
  readonly readMail: (raw: Uint8Array) => Promise<string>;
};

const HEADERS = {
  'Content-Type': 'text/html; charset=utf-8',
  'Content-Security-Policy':
    `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; ` +
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cache-Control': 'no-store',
} as const;

type Answer = { readonly status: number; readonly body: string };

export async function serveBoard(
  options: BoardServerOptions,
): Promise<{ url: string; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    answer(options, request).then(
      (found) => send(request, response, found),
      () => send(request, response, plain(500, 'This page could not be made just now. Load it again.')),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port was given');
  return {
    url: `http://127.0.0.1:${address.port}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function send(request: IncomingMessage, response: ServerResponse, { status, body }: Answer): void {
  response.writeHead(status, { ...HEADERS, ...(status === 405 ? { Allow: 'GET, HEAD' } : {}) });
  response.end(request.method === 'HEAD' ? undefined : body);
}

async function answer(options: BoardServerOptions, request: IncomingMessage): Promise<Answer> {
  const { board, names, now, timeZone, title, members } = options;
  if (request.method !== 'GET' && request.method !== 'HEAD') return plain(405, 'This page can only be read.');
  if (!isThisHost(request)) return plain(421, 'This page is only for the machine that it runs on.');
  const at = now();
  const time = (instant: Instant) => timeWords(instant, at, timeZone);
  const setting: PageSetting = { title, names, now: at, time, members: members() };
  const path = (request.url ?? '/').split('?', 1)[0];
  if (path === '/') {
    return { status: 200, body: overview(setting, await board.requests(), await board.mailsIn()) };
  }
  const id = /^\/requests\/(\d{1,9})$/.exec(path ?? '')?.[1];
  const [found] = id === undefined ? [] : await board.requests(Number(id));
  if (found === undefined) return plain(404, 'There is nothing here.');
  return { status: 200, body: requestPage(setting, found, await mailsOf(options, found)) };
}

/** A name that some site made point to this machine is not this host (DNS rebinding). */
function isThisHost({ headers, socket }: IncomingMessage): boolean {
  const host = headers.host ?? '';
  return host === `127.0.0.1:${socket.localPort}` || host === `localhost:${socket.localPort}`;
}

const plain = (status: number, text: string): Answer => ({
  status,
  body: page(text, html`<h1>${text}</h1><p><a href="/">All requests</a></p>`, false),
});

async function mailsOf(
  { board, names, readMail }: BoardServerOptions,
  { id }: BoardRequest,
): Promise<ShownMail[]> {
  const mailsIn = (await board.mailsIn(id)).map(
    ({ at, from, member, text, files, reason }): ShownMail => ({
      at,
      direction: 'in',
      person: member === null ? from.name || from.address : names(member),
      about: [reason.sentence.replace(/\.$/, ''), files.map(({ name }) => name).join(', ')]
        .filter(Boolean)
        .map((part) => `· ${part}`)
        .join(' '),
      text,
    }),
  );
  const mailsOut = await Promise.all(
    (await board.mailsOut(id)).map(
      async ({ at, member, recipient, kind, raw }): Promise<ShownMail> => ({
        at,
        direction: 'out',
        person: member === null ? recipient : names(member),
        about: aboutNotice(kind),
        text: await readMail(raw),
      }),
    ),
  );
  const heldBack = (await board.mailsHeldBack(id)).map(
    ({ at, recipient, kind, brake }): ShownMail => ({
      at,
      direction: 'out',
      person: recipient,
      about: aboutNotice(kind),
      text: whyHeldBack(brake),
    }),
  );
  return [...mailsIn, ...mailsOut, ...heldBack].sort((a, b) => a.at - b.at);
}
