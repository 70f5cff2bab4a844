/**
 * A person signs in, once: with a browser that comes back to this machine (RFC 8252, with PKCE), or on any device with a
 * code (RFC 8628). What comes of it is a refresh token.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import * as oauth from 'oauth4webapi';
import { Failure } from '../../app/failures.ts';
import type { Granted } from '../../app/ports/access-tokens.ts';
import type { OauthClient } from '../../domain/oauth-client.ts';
import {
  authenticationOf,
  clientOf,
  requestOptions,
  serverOf,
  toGranted,
  toTokenFailure,
} from './endpoint.ts';

/** What a person is told to do. */
export type Prompt = { readonly url: string; readonly code: string | null };

export type SignIn = {
  readonly client: OauthClient;
  /** Whose mailbox it is: the browser proposes it. */
  readonly account: string;
  readonly tell: (prompt: Prompt) => void;
  /** The address that the browser ended at, when it cannot reach this machine and somebody brings it. */
  readonly brought: Promise<string>;
  readonly signal: AbortSignal;
};

export async function signIn(asked: SignIn): Promise<Granted> {
  try {
    const answer = asked.client.way === 'device' ? await byDevice(asked) : await byBrowser(asked);
    const granted = toGranted(answer);
    if (granted.refresh !== null) return granted;
  } catch (error) {
    throw asked.signal.aborted
      ? new Failure('temporary', 'oauth-called-off', 'called off')
      : toTokenFailure(error, asked.client);
  }
  throw new Failure(
    'permanent',
    'oauth-refused',
    'the provider gave no refresh token, which would last for an hour',
  );
}

async function byBrowser({
  client,
  account,
  tell,
  brought,
  signal,
}: SignIn): Promise<oauth.TokenEndpointResponse> {
  const server = serverOf(client);
  const known = clientOf(client);
  const verifier = oauth.generateRandomCodeVerifier();
  const state = oauth.generateRandomState();
  const back = await listenForReturn(state, signal);
  try {
    const url = new URL(client.authorizeUrl);
    const parameters = {
      ...{ response_type: 'code', client_id: client.clientId, redirect_uri: back.url, state },
      ...{ scope: client.scopes.join(' '), login_hint: account },
      ...{ code_challenge: await oauth.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256' },
      // Google gives a refresh token only to who asks for one, and only with the first consent unless asked anew.
      ...{ access_type: 'offline', prompt: 'consent' },
    };
    for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
    tell({ url: url.href, code: null });
    const returned = await Promise.race([back.returned, brought.then((text) => new URL(text.trim()))]);
    const answered = oauth.validateAuthResponse(server, known, returned, state);
    const asked = await oauth.authorizationCodeGrantRequest(
      ...([server, known, authenticationOf(client), answered, back.url, verifier] as const),
      requestOptions(client),
    );
    return await oauth.processAuthorizationCodeResponse(server, known, asked);
  } finally {
    await back.close();
  }
}

const CLOSE_IT =
  '<!doctype html><title>Baton</title><p>Signed in. Close this window and go back to the terminal.';

/** On the loopback interface and a port of its own, for one return (RFC 8252 section 7.3). */
async function listenForReturn(state: string, signal: AbortSignal) {
  let came: (url: URL) => void = () => {};
  let failed: (error: Error) => void = () => {};
  const returned = new Promise<URL>((resolve, reject) => {
    came = resolve;
    failed = reject;
  });
  // Somebody may bring the address while nobody waits here any more.
  returned.catch(() => {});
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    // A browser asks for a picture too, and whoever guesses the port knows no state.
    const isOurs = url.pathname === '/' && url.searchParams.get('state') === state;
    response.writeHead(isOurs ? 200 : 404, {
      'content-type': 'text/html; charset=utf-8',
      connection: 'close',
    });
    response.end(isOurs ? CLOSE_IT : '');
    if (isOurs) came(url);
  });
  server.on('error', failed);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const stop = () => failed(new Error('called off'));
  signal.addEventListener('abort', stop, { once: true });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    returned,
    close: async () => {
      signal.removeEventListener('abort', stop);
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

/** Where the provider names no pause (RFC 8628 section 3.2). */
const INTERVAL_SECONDS = 5;

async function byDevice({ client, tell, signal }: SignIn): Promise<oauth.TokenEndpointResponse> {
  const server = serverOf(client);
  const known = clientOf(client);
  const scope = { scope: client.scopes.join(' ') };
  const authentication = authenticationOf(client);
  const begun = await oauth.deviceAuthorizationRequest(
    server,
    known,
    authentication,
    scope,
    requestOptions(client),
  );
  const device = await oauth.processDeviceAuthorizationResponse(server, known, begun);
  tell({ url: device.verification_uri, code: device.user_code });
  let interval = device.interval ?? INTERVAL_SECONDS;
  for (const until = performance.now() + device.expires_in * 1_000; performance.now() < until; ) {
    await pause(interval * 1_000, undefined, { signal });
    try {
      const asked = await oauth.deviceCodeGrantRequest(
        server,
        known,
        authentication,
        device.device_code,
        requestOptions(client),
      );
      return await oauth.processDeviceCodeResponse(server, known, asked);
    } catch (error) {
      const why = error instanceof oauth.ResponseBodyError ? error.error : null;
      if (why === 'slow_down') interval += INTERVAL_SECONDS;
      else if (why !== 'authorization_pending') throw error;
    }
  }
  throw new Failure('permanent', 'oauth-refused', 'the code has run out: nobody signed in with it');
}
