/** Each way to tokens, against a real OAuth 2 server on loopback. */
import { generateKeyPairSync, verify } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Prompt, signIn } from '../../src/adapters/oauth/sign-in.ts';
import { tokenGrants } from '../../src/adapters/oauth/token-grants.ts';
import { DAY, HOUR, SECOND } from '../../src/domain/instant.ts';
import { type OauthClient, scopesOf } from '../../src/domain/oauth-client.ts';
import { type OauthServer, startOauthServer } from '../support/oauth-server.ts';

const OFFICE = 'office@elm.example';
let server: OauthServer;
beforeEach(async () => {
  server = await startOauthServer();
});
afterEach(() => server.close());

const NEVER = new Promise<string>(() => {});

const sign = (client: OauthClient, tell: (prompt: Prompt) => void, brought = NEVER) =>
  signIn({ client, account: OFFICE, tell, brought, signal: AbortSignal.timeout(30_000) });

/** What a browser does with the address: it follows to this machine. */
const browse = ({ url }: Prompt): void => void fetch(url).catch(() => {});

describe('signing in with a browser', () => {
  test('proves with PKCE that who comes back is who went, and ends with a refresh token', async () => {
    let shown: Prompt = { url: '', code: null };
    const granted = await sign(server.client(), (prompt) => {
      shown = prompt;
      browse(prompt);
    });
    expect(server.isGood(granted.access)).toBe(true);
    expect(granted).toMatchObject({ lasts: HOUR, refresh: expect.any(String), refreshLasts: null });
    const asked = new URL(shown.url).searchParams;
    expect(Object.fromEntries(asked)).toMatchObject({
      ...{ access_type: 'offline', prompt: 'consent', code_challenge_method: 'S256', login_hint: OFFICE },
      redirect_uri: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
    });
    expect(server.asked[0]).toMatchObject({
      grant_type: 'authorization_code',
      client_secret: 'client-secret',
    });
    expect(shown.url).not.toContain('client-secret');
  });

  test('also ends when somebody brings the address that their browser could not open', async () => {
    let bring: (address: string) => void = () => {};
    const brought = new Promise<string>((resolve) => {
      bring = resolve;
    });
    const granted = await sign(
      server.client(),
      ({ url }) =>
        void fetch(url, { redirect: 'manual' }).then(({ headers }) => bring(`${headers.get('location')}\n`)),
      brought,
    );
    expect(server.isGood(granted.access)).toBe(true);
  });

  test('is not ended by whoever comes without the state that was given along', async () => {
    const granted = sign(server.client(), (prompt) => {
      const back = new URL(prompt.url).searchParams.get('redirect_uri');
      void fetch(`${back}/?code=stolen&state=guessed`).then(async (answer) => {
        expect(answer.status).toBe(404);
        browse(prompt);
      });
    });
    expect(server.isGood((await granted).access)).toBe(true);
    expect(server.asked).toHaveLength(1);
  });

  test('is no good without a refresh token, which would last for an hour', async () => {
    server.gives.refresh = false;
    await expect(sign(server.client(), browse)).rejects.toThrow('no refresh token');
  });

  test('keeps when it will end, where the provider says so, as Google does of apps in testing', async () => {
    server.gives.refreshSeconds = 604_799;
    const granted = await sign(server.client(), browse);
    expect(granted.refreshLasts).toBe(7 * DAY - SECOND);
  });
});

describe('signing in with a code', () => {
  test('waits until somebody has typed it on some device', async () => {
    const client = server.client({
      ...{ provider: 'microsoft', way: 'device', clientSecret: null, tokenUrl: `${server.url}/device-token` },
      scopes: scopesOf('microsoft', 'device'),
    });
    let code: string | null = null;
    const granted = await sign(client, (prompt) => {
      code = prompt.code;
      setTimeout(() => server.approve(prompt.code ?? ''), 30);
    });
    expect(code).toBe('CODE0');
    expect(server.isGood(granted.access)).toBe(true);
    expect(server.asked[0]).toMatchObject({
      scope:
        'https://outlook.office.com/IMAP.AccessAsUser.All https://outlook.office.com/SMTP.Send offline_access',
    });
    const renewed = await tokenGrants(client, OFFICE).renew(granted.refresh);
    expect(server.isGood(renewed.access)).toBe(true);
  });
});

describe('without a person', () => {
  test('the secret of a client is all it takes at Microsoft', async () => {
    const client = server.client({
      ...{
        provider: 'microsoft',
        way: 'client-credentials',
        scopes: scopesOf('microsoft', 'client-credentials'),
      },
    });
    const grants = tokenGrants(client, OFFICE);
    expect(grants.needsPerson).toBe(false);
    expect(server.isGood((await grants.renew(null)).access)).toBe(true);
    expect(server.asked[0]).toMatchObject({
      ...{ grant_type: 'client_credentials', scope: 'https://outlook.office365.com/.default' },
    });
  });

  test('a service account signs that it stands in for the mailbox at Google', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    const client = server.client({
      ...{ way: 'service-account', clientId: 'robot@project.example', clientSecret: null, privateKey: pem },
    });
    expect(server.isGood((await tokenGrants(client, OFFICE).renew(null)).access)).toBe(true);
    const { assertion, ...rest } = server.asked[0] ?? {};
    expect(rest).toEqual({ grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer' });
    const [head = '', claims = '', signature = ''] = String(assertion).split('.');
    expect(
      verify('RSA-SHA256', Buffer.from(`${head}.${claims}`), publicKey, Buffer.from(signature, 'base64url')),
    ).toBe(true);
    expect(JSON.parse(Buffer.from(claims, 'base64url').toString())).toMatchObject({
      ...{ iss: 'robot@project.example', sub: OFFICE, scope: 'https://mail.example/', aud: client.tokenUrl },
    });
  });
});

describe('renewing', () => {
  const connected = async () => {
    const { refresh } = await sign(server.client(), browse);
    return { refresh, grants: tokenGrants(server.client(), OFFICE) };
  };

  test('gives the next refresh token, after which the last one is worth nothing', async () => {
    const { refresh, grants } = await connected();
    const next = await grants.renew(refresh);
    expect(next.refresh).not.toBe(refresh);
    await expect(grants.renew(refresh)).rejects.toMatchObject({ kind: 'permanent', code: 'oauth-revoked' });
    expect(server.isGood((await grants.renew(next.refresh)).access)).toBe(true);
  });

  test('fails for good when the sign-in was taken back', async () => {
    const { refresh, grants } = await connected();
    server.revoke();
    await expect(grants.renew(refresh)).rejects.toMatchObject({ kind: 'permanent', code: 'oauth-revoked' });
  });

  test.each([
    [400, 'invalid_grant', 'oauth-revoked', 'permanent'],
    [400, 'interaction_required', 'oauth-revoked', 'permanent'],
    [401, 'invalid_client', 'oauth-refused', 'permanent'],
    [400, 'unauthorized_client', 'oauth-refused', 'permanent'],
    [429, 'slow_down', 'oauth-unavailable', 'temporary'],
    [503, 'temporarily_unavailable', 'oauth-unavailable', 'temporary'],
    [500, 'server_error', 'oauth-unavailable', 'temporary'],
  ] as const)(
    'that is answered with %i %s fails with %s, and no token stands in what is said',
    async (status, error, code, kind) => {
      const { refresh, grants } = await connected();
      server.refuse({ status, error });
      const failure = await grants.renew(refresh).catch((thrown: unknown) => thrown);
      expect(failure).toMatchObject({ kind, code });
      expect(JSON.stringify(failure) + String(failure)).not.toMatch(/refresh-|client-secret/);
    },
  );

  test('is tried again later when nobody answers at the address', async () => {
    const client = server.client({ tokenUrl: 'http://127.0.0.1:9/token' });
    await expect(tokenGrants(client, OFFICE).renew('x')).rejects.toMatchObject({
      ...{ kind: 'temporary', code: 'oauth-unreachable' },
    });
  });
});

test('a service account that the provider does not know any more is no matter of signing in', async () => {
  server.refuse({ status: 400, error: 'invalid_grant' });
  const client = server.client({ way: 'client-credentials' });
  await expect(tokenGrants(client, OFFICE).renew(null)).rejects.toMatchObject({ code: 'oauth-refused' });
});
