/**
 * Where the board is: by which names a browser may ask for it, and from which pages it may post. A name that some site
 * made to point here is not one of them (DNS rebinding), and a page of another site is no page of ours.
 */
import { isIP } from 'node:net';

export type Place = {
  /** The origin by which people reach it, such as https://baton.elm.example. */
  readonly url: string;
  /** Where it listens; port 0: any that is free. */
  readonly host: string;
  readonly port: number;
  /** Proxies that may say whose visit it is, besides those on this host. */
  readonly proxies: readonly string[];
};

export const isSecure = ({ url }: Place): boolean => url.startsWith('https:');

/** Whether `Host` names the board: as its url does, or as this machine knows it. */
export function isOurHost({ url }: Place, host: string | undefined): boolean {
  if (host === undefined || host === '') return false;
  const named = host.toLowerCase();
  return named === new URL(url).host || isThisMachine(named);
}

/** The same for what browsers send along with a form. `null`, of a page without an origin, is none of ours. */
export function isOurOrigin(place: Place, origin: string): boolean {
  if (!URL.canParse(origin)) return false;
  const { host, protocol } = new URL(origin);
  if (origin === place.url) return true;
  return protocol === 'http:' && isThisMachine(host);
}

/** With any port: the one that we listen on may be another than the one that was forwarded here. */
function isThisMachine(host: string): boolean {
  const name = host.replace(/:\d{1,5}$/, '');
  if (name === 'localhost' || name === '[::1]') return true;
  return isIP(name) === 4 && name.startsWith('127.');
}

/**
 * Where to go after signing in: a path of the board, or its first page. What begins with two slashes, or with a slash
 * and a backslash, is another site to a browser.
 */
export function localPath(asked: unknown): string {
  if (typeof asked !== 'string' || asked.length > 500 || !/^\/(?![/\\])[\x21-\x7e]*$/.test(asked)) return '/';
  return asked.includes('\\') ? '/' : asked;
}
