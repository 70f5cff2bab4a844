/**
 * The small listener of a worker, for machines: `/healthz` (this process lives and its loops turn), `/readyz` (mail
 * flows, or why not) and `/metrics`. It only reads; what it answers is remembered for seconds, so that asking often
 * costs the database nothing. Where a token is set, whoever does not send it learns yes or no and nothing else.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import { fastify } from 'fastify';

/** `reasons`: codes and ids, never an address or a word of a mail. */
export type Finding = { readonly ok: boolean; readonly reasons: readonly object[] };

export type ProbesOptions = {
  readonly host: string;
  readonly port: number;
  readonly token: string | null;
  readonly health: () => Finding;
  readonly ready: () => Promise<Finding>;
  /** Told of what failed; who asked is not. */
  readonly failed: (error: unknown) => void;
  readonly metrics: () => Promise<{ readonly type: string; readonly text: string }>;
};

export type Probes = { readonly port: number; close(): Promise<void> };

const REQUEST_MS = 10_000;

/** @throws what the operating system says, such as EADDRINUSE. */
export async function serveProbes(options: ProbesOptions): Promise<Probes> {
  const { host, port, token, health, ready, metrics, failed } = options;
  const server = fastify({
    logger: false,
    bodyLimit: 1_024,
    requestTimeout: REQUEST_MS,
    forceCloseConnections: true,
  });
  const mayKnow = (authorization: string | undefined): boolean =>
    token === null || isSame(authorization ?? '', `Bearer ${token}`);
  server.addHook('onSend', async (_request, reply) => {
    reply.headers({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
  });
  server.get('/healthz', async ({ headers }, reply) => tell(reply, health(), mayKnow(headers.authorization)));
  server.get('/readyz', async ({ headers }, reply) => {
    const finding = await ready();
    return tell(reply, finding, mayKnow(headers.authorization));
  });
  server.get('/metrics', async ({ headers }, reply) => {
    if (!mayKnow(headers.authorization))
      return reply.code(401).header('www-authenticate', 'Bearer').send({ ok: false });
    const { type, text } = await metrics();
    return reply.type(type).send(text);
  });
  server.setErrorHandler((error, _request, reply) => {
    failed(error);
    return reply.code(500).send({ ok: false });
  });
  server.setNotFoundHandler((_request, reply) => reply.code(404).send({ ok: false }));
  await server.listen({ host, port });
  const address = server.server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : port,
    close: () => server.close(),
  };
}

type Reply = { code(status: number): { send(body: object): unknown } };

const tell = (reply: Reply, { ok, reasons }: Finding, mayKnow: boolean): unknown =>
  reply.code(ok ? 200 : 503).send(mayKnow ? { ok, reasons } : { ok });

/** In constant time: digests are of one length. */
function isSame(given: string, wanted: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(wanted));
}
