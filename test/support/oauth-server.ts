/**
 * An OAuth 2 server on loopback: oauth2-mock-server, which is strict about PKCE, with what providers do besides: refresh
 * tokens that rotate, end and are revoked, codes for devices (RFC 8628), and whose a token is, for Dovecot.
 */
import { type MutableResponse, OAuth2Server, type TokenRequestIncomingMessage } from 'oauth2-mock-server';
import type { OauthClient } from '../../src/domain/oauth-client.ts';

export type OauthServer = {
  readonly url: string;
  /** Bodies of all requests for tokens, in their order. */
  readonly asked: Readonly<Record<string, unknown>>[];
  /** What is given from now on; `refresh` null gives none. */
  readonly gives: { seconds: number; refresh: boolean; refreshSeconds: number | null };
  /** Takes back every token that was given, or one. */
  revoke(token?: string): void;
  /** Answers requests for tokens with this error, until it is null. */
  refuse(error: { status: number; error: string; retryAfter?: number } | null): void;
  /** Somebody types the code. */
  approve(code: string): void;
  /** Where a mail server asks whose a token is, which stands at its end: `account`'s, or nobody's. */
  readonly tokeninfoUrl: string;
  account: string;
  /** Whether an access token is good at a mail server. */
  isGood(token: string): boolean;
  client(changes?: Partial<OauthClient>): OauthClient;
  close(): Promise<void>;
};

export async function startOauthServer(): Promise<OauthServer> {
  const server = new OAuth2Server();
  await server.issuer.keys.generate('ES256');
  await server.start(0, '127.0.0.1');
  const url = `http://127.0.0.1:${server.address().port}`;
  const asked: Record<string, unknown>[] = [];
  const refreshes = new Set<string>();
  const accesses = new Set<string>();
  const devices = new Map<string, { readonly code: string; isApproved: boolean }>();
  const gives: OauthServer['gives'] = { seconds: 3_600, refresh: true, refreshSeconds: null };
  let refusal: Parameters<OauthServer['refuse']>[0] = null;

  const refused = (error: string, status = 400) => ({ statusCode: status, body: { error } });

  function answer(response: MutableResponse, request: TokenRequestIncomingMessage): void {
    const body = request.body as unknown as Record<string, unknown>;
    asked.push({ ...body });
    Object.assign(response, decide(body, response.body as Record<string, unknown>));
  }

  function decide(body: Record<string, unknown>, made: Record<string, unknown>) {
    if (refusal !== null) return refused(refusal.error, refusal.status);
    const used = String(body.refresh_token ?? '');
    if (body.grant_type === 'refresh_token' && !refreshes.delete(used)) return refused('invalid_grant');
    const access = String(made.access_token);
    accesses.add(access);
    const isPersons =
      body.grant_type === 'authorization_code' ||
      body.grant_type === 'refresh_token' ||
      body.code === 'device';
    const refresh = isPersons && gives.refresh ? `refresh-${refreshes.size}-${access.slice(-12)}` : null;
    if (refresh !== null) refreshes.add(refresh);
    else if (used !== '') refreshes.add(used);
    return {
      body: {
        ...{ access_token: access, token_type: 'Bearer', expires_in: gives.seconds },
        ...(refresh === null ? {} : { refresh_token: refresh }),
        ...(gives.refreshSeconds === null ? {} : { refresh_token_expires_in: gives.refreshSeconds }),
      },
    };
  }

  // Two tokens of one second would be the same.
  let number = 0;
  server.service.on('beforeTokenSigning', (token: { payload: Record<string, unknown> }) => {
    token.payload.jti = String(++number);
  });
  server.service.on('beforeResponse', answer);
  server.service.addRoute('GET', '/tokeninfo', (request, response) => {
    const token = String(request.query.token ?? '');
    response.statusCode = accesses.has(token) ? 200 : 401;
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(accesses.has(token) ? { email: made.account } : { error: 'invalid_token' }));
  });
  server.service.addRoute('POST', '/device', (request, response) => {
    const code = `CODE${devices.size}`;
    const device = `device-${devices.size}`;
    devices.set(device, { code, isApproved: false });
    asked.push({ ...(request.body as Record<string, unknown>) });
    response.setHeader('content-type', 'application/json');
    response.end(
      JSON.stringify({
        ...{
          device_code: device,
          user_code: code,
          verification_uri: `${url}/enter`,
          expires_in: 60,
          interval: 0.01,
        },
      }),
    );
  });
  server.service.addRoute('POST', '/device-token', async (request, response) => {
    const body = request.body as Record<string, unknown>;
    const device = devices.get(String(body.device_code ?? ''));
    response.setHeader('content-type', 'application/json');
    const isDevice = String(body.grant_type).endsWith('device_code');
    if (isDevice && device?.isApproved !== true) {
      response.statusCode = 400;
      asked.push({ ...body });
      response.end(JSON.stringify({ error: 'authorization_pending' }));
      return;
    }
    // As the plain endpoint does it, which does not know this grant.
    const form = isDevice ? { grant_type: 'authorization_code', code: 'device' } : body;
    const passed = await fetch(`${url}/token`, {
      method: 'POST',
      body: new URLSearchParams(form as Record<string, string>),
    });
    response.statusCode = passed.status;
    response.end(await passed.text());
  });

  const made: OauthServer = {
    url,
    asked,
    gives,
    revoke(token) {
      for (const all of [refreshes, accesses]) {
        if (token === undefined) all.clear();
        else all.delete(token);
      }
    },
    refuse(error) {
      refusal = error;
    },
    approve(code) {
      for (const device of devices.values()) if (device.code === code) device.isApproved = true;
    },
    tokeninfoUrl: `${url}/tokeninfo?token=`,
    account: 'office',
    isGood: (token) => accesses.has(token),
    client: (changes = {}) => ({
      ...{
        provider: 'google',
        way: 'browser',
        clientId: 'baton',
        clientSecret: 'client-secret',
        privateKey: null,
      },
      ...{ scopes: ['https://mail.example/'], authorizeUrl: `${url}/authorize`, deviceUrl: `${url}/device` },
      ...{ tokenUrl: `${url}/token`, ...changes },
    }),
    close: () => server.stop(),
  };
  return made;
}
