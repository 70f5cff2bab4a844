/**
 * Coming to the board: a link by mail that works once, for a quarter of an hour, and only in the browser that asked for
 * it. Whoever passes the mail on, or opens its links before its reader does, comes in with nothing.
 *
 * Secrets of 256 bits, in the letters of web addresses (RFC 4648 section 5). The database keeps only their hashes.
 */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { DAY, type Duration, HOUR, type Instant, MINUTE } from './instant.ts';

/** How long a link works. */
export const LINK_LIFE: Duration = 15 * MINUTE;
/** A session ends when nobody used it for so long, and after so long in any case. */
export const SESSION_IDLE: Duration = 12 * HOUR;
export const SESSION_LIFE: Duration = 7 * DAY;

/**
 * Links that are mailed within an hour: to one member on behalf of one visitor, of anybody, and to all together. So
 * nobody who asks in a member's name keeps that member out from where they are.
 */
export const LINKS_PER_HOUR = { here: 4, ofMember: 12, ofAll: 300 } as const;

/** What the mail tells that holds the link. */
export type SignInLink = {
  /** Which link; what it says is made of it. */
  readonly link: string;
  /** The address of the board. */
  readonly board: string;
  readonly askedAt: Instant;
  readonly expiresAt: Instant;
};

/** What the link says. Derived when its mail is made and never stored, as what lets members answer a mail. */
export const signInToken = (secret: string, id: string): string => keyed(secret, ['sign-in', id]);

/** Stands in each form of a session, or of a browser that is not signed in: another site cannot know it. */
export const formToken = (secret: string, browser: string): string => keyed(secret, ['form', browser]);

/** Goes along with what a cookie holds, so that what nobody gave out is no question to the database. */
export const cookieMark = (secret: string, name: string, value: string): string =>
  keyed(secret, ['cookie', name, value]).slice(0, 22);

export const isToken = (text: string): boolean => /^[\w-]{43}$/.test(text);

/** What the database keeps of a secret, and looks it up by. */
export const secretHash = (text: string): string => createHash('sha256').update(text).digest('hex');

/** In a time that tells nothing of how much is alike. */
export function isSame(given: string, right: string): boolean {
  return timingSafeEqual(
    createHash('sha256').update(given).digest(),
    createHash('sha256').update(right).digest(),
  );
}

const keyed = (secret: string, named: readonly string[]): string =>
  createHmac('sha256', secret).update(JSON.stringify(named)).digest('base64url');
