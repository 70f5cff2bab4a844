/** The style and the script, which anybody may ask for, and the stream of news, for whoever is signed in. */
import type { Changes } from '../../../../app/ports/changes.ts';
import type { Pages } from '../context.ts';
import { visibleRequest } from '../pages/visible.ts';
import { OPEN } from '../server.ts';
import { BOARD_STYLE, STYLE_PATH } from '../style.ts';
import { liveHub } from './hub.ts';
import { BOARD_SCRIPT, SCRIPT_PATH } from './script.ts';

/** The name changes with what is in it. */
const FOR_EVER = 'public, max-age=31536000, immutable';

export const styleAndScript: Pages = (app) => {
  app.get(STYLE_PATH, OPEN, async (_request, reply) =>
    reply.header('cache-control', FOR_EVER).type('text/css; charset=utf-8').send(BOARD_STYLE),
  );
  app.get('/favicon.ico', OPEN, async (_request, reply) =>
    reply.header('cache-control', 'public, max-age=86400').type('image/svg+xml').send(ICON),
  );
  app.get(SCRIPT_PATH, OPEN, async (_request, reply) =>
    reply.header('cache-control', FOR_EVER).type('text/javascript; charset=utf-8').send(BOARD_SCRIPT),
  );
};

/** A hand that passes a baton on. Browsers ask for it by this name without being told. */
const ICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="8" fill="#0b6556"/><rect x="6" y="13.5" width="20" height="5" rx="2.5" fill="#fff" transform="rotate(-35 16 16)"/></svg>`;

export type LiveOptions = {
  readonly changes: Changes;
  readonly failed: (error: unknown) => void;
  readonly lookEveryMs?: number;
};

export const liveNews =
  (options: LiveOptions): Pages =>
  (app, context) => {
    const hub = liveHub(options);
    app.addHook('preClose', async () => hub.close());
    app.get('/events', async (request, reply) => {
      const { viewer } = request;
      const asked = (request.query as { request?: unknown }).request;
      const id = typeof asked === 'string' && /^[1-9]\d{0,8}$/.test(asked) ? Number(asked) : null;
      if (id !== null && (await visibleRequest(context, viewer, id)) === null) return reply.code(204).send();
      const stream = hub.listen({ sight: viewer.sight, request: id });
      // 204 tells a browser not to come again (HTML, server-sent events, "reestablish the connection").
      if (stream === null) return reply.code(204).send();
      return reply
        .type('text/event-stream; charset=utf-8')
        .header('cache-control', 'no-store, no-transform')
        .header('x-accel-buffering', 'no')
        .send(stream);
    });
  };
