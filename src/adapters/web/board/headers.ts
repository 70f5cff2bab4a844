/**
 * What every answer of the board says to browsers: use nothing of anybody else, run nothing that stands in a page, send
 * forms nowhere else, be framed by nobody, tell no other site where you came from, and keep no copy.
 */
import helmet from '@fastify/helmet';
import type { FastifyInstance } from 'fastify';
import { isSecure, type Place } from './place.ts';

const YEAR_S = 365 * 24 * 3_600;

export async function addHeaders(app: FastifyInstance, place: Place): Promise<void> {
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        styleSrc: ["'self'"],
        scriptSrc: ["'self'"],
        imgSrc: ["'self'"],
        connectSrc: ["'self'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
        baseUri: ["'none'"],
      },
    },
    crossOriginOpenerPolicy: { policy: 'same-origin' },
    crossOriginResourcePolicy: { policy: 'same-origin' },
    crossOriginEmbedderPolicy: { policy: 'require-corp' },
    // Not no-referrer, with which browsers say that a form comes from nowhere (Fetch, "append a request Origin header").
    referrerPolicy: { policy: 'same-origin' },
    xFrameOptions: { action: 'deny' },
    strictTransportSecurity: isSecure(place) && { maxAge: YEAR_S, includeSubDomains: false },
  });
  app.addHook('onSend', async (_request, reply) => {
    reply.header('permissions-policy', 'camera=(), geolocation=(), microphone=(), payment=(), usb=()');
    // What is the same for everybody, such as the style, says so itself.
    if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store');
  });
}
