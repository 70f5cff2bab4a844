/** Tells open pages that something has happened, by server-sent events; what it is, they read themselves. */
import type { FastifyInstance } from 'fastify';

/** Proxies and browsers give up on what is silent for long. */
const STILL_THERE_MS = 20_000;

export function addNews(
  app: FastifyInstance,
  path: string,
  onChange: (listener: () => void) => () => void,
): void {
  app.get(path, (_request, reply) => {
    reply.hijack();
    const { raw } = reply;
    for (const [name, value] of Object.entries(reply.getHeaders())) {
      if (value !== undefined) raw.setHeader(name, value);
    }
    raw.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store' });
    raw.write('retry: 1000\n\n');
    const stop = onChange(() => void raw.write('event: changed\ndata: now\n\n'));
    const pulse = setInterval(() => raw.write(':\n\n'), STILL_THERE_MS);
    raw.once('close', () => {
      stop();
      clearInterval(pulse);
    });
  });
}
