/** TokenGrants on oauth4webapi: a refresh token, a service account's key or the client's own secret for an access token. */
import { createHash, createPrivateKey, sign } from 'node:crypto';
import * as oauth from 'oauth4webapi';
import { Failure } from '../../app/failures.ts';
import type { TokenGrants } from '../../app/ports/access-tokens.ts';
import { needsPerson, type OauthClient } from '../../domain/oauth-client.ts';
import {
  authenticationOf,
  clientOf,
  requestOptions,
  serverOf,
  toGranted,
  toTokenFailure,
} from './endpoint.ts';

const JWT_BEARER = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
/** The longest that Google allows. */
const ASSERTION_SECONDS = 3_600;

/** `account` is the mailbox that a service account stands in for. */
export function tokenGrants(client: OauthClient, account: string): TokenGrants {
  return {
    identity: identityOf(client, account),
    needsPerson: needsPerson(client),
    async renew(refresh) {
      try {
        return toGranted(await answerFor(client, account, refresh));
      } catch (error) {
        throw toTokenFailure(error, client);
      }
    },
  };
}

/** A person may sign in as somebody else than the mailbox: who has a shared one signs in as themselves. */
function identityOf(client: OauthClient, account: string): string {
  const { provider, way, clientId, tokenUrl, scopes } = client;
  const parts = [provider, way, clientId, tokenUrl, ...scopes, ...(needsPerson(client) ? [] : [account])];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);
}

async function answerFor(
  client: OauthClient,
  account: string,
  refresh: string | null,
): Promise<oauth.TokenEndpointResponse> {
  const server = serverOf(client);
  const known = clientOf(client);
  const authentication = authenticationOf(client);
  const options = requestOptions(client);
  switch (client.way) {
    case 'client-credentials': {
      const scope = { scope: client.scopes.join(' ') };
      const asked = await oauth.clientCredentialsGrantRequest(server, known, authentication, scope, options);
      return oauth.processClientCredentialsResponse(server, known, asked);
    }
    case 'service-account': {
      const assertion = { assertion: assertionOf(client, account) };
      // The assertion says who asks; no other authentication goes along (RFC 7523 section 3.1).
      const nobody: oauth.ClientAuth = () => undefined;
      const asked = await oauth.genericTokenEndpointRequest(
        server,
        known,
        nobody,
        JWT_BEARER,
        assertion,
        options,
      );
      return oauth.processGenericTokenEndpointResponse(server, known, asked);
    }
    case 'browser':
    case 'device': {
      if (refresh === null) throw new Failure('permanent', 'oauth-not-connected', 'nobody has signed in');
      const asked = await oauth.refreshTokenGrantRequest(server, known, authentication, refresh, options);
      return oauth.processRefreshTokenResponse(server, known, asked);
    }
    default:
      return client.way satisfies never;
  }
}

/** A service account speaks for `account` (RFC 7523; Google's "domain-wide delegation"). */
function assertionOf({ clientId, privateKey, scopes, tokenUrl }: OauthClient, account: string): string {
  const now = Math.floor(Date.now() / 1_000);
  const claims = {
    ...{ iss: clientId, sub: account, scope: scopes.join(' '), aud: tokenUrl },
    ...{ iat: now, exp: now + ASSERTION_SECONDS },
  };
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const text = `${part({ alg: 'RS256', typ: 'JWT' })}.${part(claims)}`;
  const signature = sign('RSA-SHA256', Buffer.from(text), createPrivateKey(privateKey ?? ''));
  return `${text}.${signature.toString('base64url')}`;
}
