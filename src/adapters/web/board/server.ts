/**
 * The board as a server: strict headers, bounds on what may be sent and how slowly, its own name and no other, and
 * nothing but the door for whoever is not signed in. The pages are given to it.
 */
import cookie from '@fastify/cookie';
import formbody from '@fastify/formbody';
import rateLimit from '@fastify/rate-limit';
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { Log } from '../../../app/ports/log.ts';
import type { ToldAnswer } from '../../../app/told-on-board.ts';
import type { BoardContext, Pages, Viewer } from './context.ts';
import { addErrorPages, sendError } from './errors.ts';
import { isOurForm } from './forms.ts';
import { addHeaders } from './headers.ts';
import { isOurHost, type Place } from './place.ts';
import { visitorKey } from './visitor.ts';

/** Who comes in, and how. */
export type Door = {
  /** Whoever is signed in with this request; null: nobody. */
  readonly viewerOf: (request: FastifyRequest) => Promise<Viewer | null>;
  /** What the session of this request is to be told, once. */
  readonly toldOf: (request: FastifyRequest) => Promise<ToldAnswer | null>;
  /** Sign-in and sign-out. */
  readonly routes: (app: FastifyInstance) => void;
};

export type BoardOptions = {
  readonly place: Place;
  readonly context: BoardContext;
  readonly door: Door;
  readonly pages: readonly Pages[];
  readonly log: Log;
};

/** For routes that anybody may ask for: `app.get('/style.css', OPEN, …)`. */
export const OPEN = { config: { open: true } } as const;

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Whoever is not signed in may ask for it too; `request.viewer` is not there then. */
    open?: boolean;
  }
}

const SECOND_MS = 1_000;
/** A form holds words that somebody typed; files come by mail. */
const BODY_BYTES_MAX = 256 * 1_024;
const HEADER_BYTES_MAX = 16 * 1_024;
const CONNECTIONS_MAX = 1_000;
/** For each visitor: far more than a person with several pages open needs. */
const REQUESTS_PER_MINUTE = 600;

/** `url` is where it listens, for whoever is on this machine. */
export type ServedBoard = {
  readonly url: string;
  readonly app: FastifyInstance;
  readonly close: () => Promise<void>;
};

export async function startBoard(options: BoardOptions): Promise<ServedBoard> {
  const app = await boardApp(options);
  const { host, port } = options.place;
  try {
    await app.listen({ host, port });
  } catch (error) {
    await app.close();
    throw error;
  }
  const address = app.server.address();
  if (address === null || typeof address === 'string') throw new Error('no port was given');
  return { url: `http://localhost:${address.port}/`, app, close: () => app.close() };
}

/** The same without a port, for `inject`. */
export async function boardApp({ place, context, door, pages, log }: BoardOptions): Promise<FastifyInstance> {
  const app = fastify({
    logger: false,
    bodyLimit: BODY_BYTES_MAX,
    // Whoever sends slowly holds a connection for so long and no longer.
    requestTimeout: 15 * SECOND_MS,
    connectionTimeout: 60 * SECOND_MS,
    keepAliveTimeout: 10 * SECOND_MS,
    maxRequestsPerSocket: 1_000,
    http: { maxHeaderSize: HEADER_BYTES_MAX, headersTimeout: 10 * SECOND_MS },
    // Pages that follow what happens stay open: they are closed, not waited for.
    forceCloseConnections: true,
    trustProxy: ['loopback', ...place.proxies],
    routerOptions: { maxParamLength: 200, ignoreTrailingSlash: false },
  });
  app.server.maxConnections = CONNECTIONS_MAX;
  addErrorPages(app, (error) =>
    log.error({ step: 'board', error: String(error.stack) }, 'a page could not be made'),
  );
  await addHeaders(app, place);
  app.addHook('onRequest', async (request, reply) => {
    if (!isOurHost(place, request.headers.host)) return sendError(reply, 421);
    if (!isKnownMethod(request.method)) return sendError(reply, 405);
  });
  await app.register(rateLimit, {
    max: REQUESTS_PER_MINUTE,
    timeWindow: '1 minute',
    keyGenerator: visitorKey,
  });
  await app.register(cookie);
  await app.register(formbody, { bodyLimit: BODY_BYTES_MAX });
  app.decorateRequest('viewer', null as unknown as Viewer);
  app.decorateRequest('told', async function told(this: FastifyRequest) {
    return door.toldOf(this);
  });
  app.addHook('onRequest', async (request, reply) => {
    if (request.routeOptions.config.open !== true) return letIn(door, request, reply);
  });
  // No form acts that is not ours, whichever it is; the door looks at its own.
  app.addHook('preHandler', async (request, reply) => {
    if (request.method !== 'POST' || request.routeOptions.config.open === true) return;
    if (!isOurForm(place, request, request.viewer.csrf)) return sendError(reply, 403);
  });
  app.setNotFoundHandler((_request, reply) => sendError(reply, 404));
  door.routes(app);
  for (const add of pages) add(app, context);
  return app;
}

/** HEAD asks for what GET would; nothing of the board is changed by either. */
const isKnownMethod = (method: string): boolean => method === 'GET' || method === 'HEAD' || method === 'POST';

/** Whatever a stranger asks for, there or not, the answer is the same. */
async function letIn(
  door: Door,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply | undefined> {
  const viewer = await door.viewerOf(request);
  if (viewer === null) {
    const next =
      request.method === 'POST' || request.url === '/' ? '' : `?next=${encodeURIComponent(request.url)}`;
    return reply.redirect(`/sign-in${next}`, 303);
  }
  request.viewer = viewer;
}
