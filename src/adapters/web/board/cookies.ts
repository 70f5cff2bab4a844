/**
 * What browsers keep for us: a random secret each, with a mark that only we can make. With TLS their names begin with
 * `__Host-`, which no neighbouring site or page without TLS can set (RFC 6265bis section 4.1.3.2).
 */
import { randomBytes } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Duration, HOUR, toMs } from '../../../domain/instant.ts';
import { cookieMark, isSame, isToken, SESSION_LIFE } from '../../../domain/sign-in.ts';
import { isSecure, localPath, type Place } from './place.ts';

/** `session`: signed in. `asking`: the browser that asks for a link. */
export type CookieKind = 'session' | 'asking';

const LIFE: Readonly<Record<CookieKind, Duration>> = { session: SESSION_LIFE, asking: HOUR };

export const newSecret = (): string => randomBytes(32).toString('base64url');

export type Cookies = {
  /** What it holds; null: nothing that we gave. */
  read(request: FastifyRequest, kind: CookieKind): string | null;
  give(reply: FastifyReply, kind: CookieKind, value: string): void;
  take(reply: FastifyReply, kind: CookieKind): void;
  /** Where to go after signing in. */
  readNext(request: FastifyRequest): string;
  giveNext(reply: FastifyReply, path: string): void;
};

export function cookiesOf(place: Place, secret: string): Cookies {
  const secure = isSecure(place);
  const nameOf = (name: string): string => `${secure ? '__Host-' : ''}baton-${name}`;
  const base = { path: '/', httpOnly: true, secure, sameSite: 'lax' } as const;
  const mark = (kind: CookieKind, value: string): string => cookieMark(secret, kind, value);
  return {
    read(request, kind) {
      const [value = '', given = ''] = request.cookies[nameOf(kind)]?.split('.', 2) ?? [];
      return isToken(value) && isSame(given, mark(kind, value)) ? value : null;
    },
    give(reply, kind, value) {
      const maxAge = toMs(LIFE[kind]) / 1_000;
      reply.setCookie(nameOf(kind), `${value}.${mark(kind, value)}`, { ...base, maxAge });
    },
    take(reply, kind) {
      reply.clearCookie(nameOf(kind), base);
    },
    readNext: (request) => localPath(request.cookies[nameOf('next')]),
    giveNext(reply, path) {
      if (path === '/') reply.clearCookie(nameOf('next'), base);
      else reply.setCookie(nameOf('next'), path, { ...base, maxAge: toMs(LIFE.asking) / 1_000 });
    },
  };
}
