/**
 * One request to an address of the configuration. Bounded in time, reads no answer, and is never led to another host:
 * what is sent, and the path it is sent to, may be secrets. Throws Failure, which names the host and nothing else.
 */
import { Failure } from '../../app/failures.ts';

export type Outgoing = {
  readonly url: string;
  readonly method: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly timeoutMs?: number;
  /** Default: to the same host, a few. */
  readonly redirects?: 'none';
};

const TIMEOUT_MS = 10_000;
const REDIRECTS_MAX = 3;

export async function request({
  url,
  method,
  headers = {},
  body,
  timeoutMs = TIMEOUT_MS,
  redirects: allowed,
}: Outgoing): Promise<void> {
  const first = new URL(url);
  const signal = AbortSignal.timeout(timeoutMs);
  let target = first;
  for (let redirects = 0; redirects <= REDIRECTS_MAX; redirects += 1) {
    const response = await fetch(target, {
      ...{ method, headers: { 'User-Agent': 'baton', ...headers }, redirect: 'manual', signal },
      ...(body === undefined ? {} : { body }),
    }).catch((error: unknown) => {
      throw failed(first, signal.aborted ? `no answer within ${timeoutMs} ms` : reasonOf(error));
    });
    await response.body?.cancel().catch(() => {});
    if (response.ok) return;
    const next = allowed === 'none' ? null : redirected(response, target, method);
    target = next ?? refuse(first, response.status);
  }
  throw failed(first, 'it sends us round in circles');
}

/** RFC 9110 section 15.4: only 307 and 308 keep a POST what it is. */
function redirected(response: Response, from: URL, method: Outgoing['method']): URL | null {
  const location = response.headers.get('location');
  const keeps = method === 'GET' ? [301, 302, 303, 307, 308] : [307, 308];
  if (location === null || !keeps.includes(response.status)) return null;
  const to = URL.canParse(location, from.href) ? new URL(location, from) : null;
  return to?.origin === from.origin ? to : null;
}

function refuse(url: URL, status: number): never {
  throw failed(url, status >= 300 && status < 400 ? 'it leads to another address' : `it answered ${status}`);
}

const failed = (url: URL, why: string): Failure =>
  new Failure('temporary', 'web-failed', `The request to ${url.host} failed: ${why}.`);

/** fetch keeps what the system said as the cause of a TypeError; its code names no path. */
function reasonOf(error: unknown): string {
  const cause = (error as { cause?: { code?: unknown } } | null)?.cause?.code;
  return typeof cause === 'string' ? cause : 'no connection';
}
