/**
 * What a provider's token endpoint answers, as tokens or as a Failure: temporary or permanent is decided here. No token and
 * no secret is ever part of a message; of what the provider says only its error and the first words of the description.
 */
import * as oauth from 'oauth4webapi';
import { Failure } from '../../app/failures.ts';
import type { Granted } from '../../app/ports/access-tokens.ts';
import { SECOND } from '../../domain/instant.ts';
import { needsPerson, type OauthClient } from '../../domain/oauth-client.ts';

/** With the lock on the row held meanwhile: less than others wait for that. */
const ANSWER_MS = 8_000;
/** Where the provider does not say how long a token lasts. */
const LASTS_DEFAULT = 300;
const DESCRIPTION_MAX = 300;

export function serverOf({ authorizeUrl, deviceUrl, tokenUrl }: OauthClient): oauth.AuthorizationServer {
  return {
    // What a provider calls itself where it says so in its answer (RFC 9207).
    issuer: new URL(authorizeUrl).origin,
    authorization_endpoint: authorizeUrl,
    device_authorization_endpoint: deviceUrl,
    token_endpoint: tokenUrl,
  };
}

export const clientOf = ({ clientId }: OauthClient): oauth.Client => ({ client_id: clientId });

export const authenticationOf = ({ clientSecret }: OauthClient): oauth.ClientAuth =>
  clientSecret === null ? oauth.None() : oauth.ClientSecretPost(clientSecret);

/** The configuration lets plain HTTP through to this same host only. */
export const requestOptions = ({ tokenUrl }: OauthClient, signal?: AbortSignal) => ({
  signal: signal === undefined ? AbortSignal.timeout(ANSWER_MS) : signal,
  [oauth.allowInsecureRequests]: new URL(tokenUrl).protocol === 'http:',
});

export function toGranted(answer: oauth.TokenEndpointResponse): Granted {
  const { access_token: access, expires_in: lasts, refresh_token: refresh } = answer;
  // Google tells of it for apps in testing, whose refresh tokens end after 7 days.
  const { refresh_token_expires_in: refreshLasts } = answer;
  return {
    access,
    lasts: (lasts ?? LASTS_DEFAULT) * SECOND,
    refresh: refresh ?? null,
    refreshLasts: typeof refreshLasts === 'number' && refreshLasts > 0 ? refreshLasts * SECOND : null,
  };
}

/** Errors after which only the person whose mailbox it is can help: RFC 6749 section 5.2, and OpenID Connect Core 3.1.2.6. */
const SIGN_IN_AGAIN = new Set([
  'invalid_grant',
  'interaction_required',
  'login_required',
  'consent_required',
]);
const NOT_NOW = new Set(['temporarily_unavailable', 'server_error', 'slow_down']);

export function toTokenFailure(error: unknown, client: OauthClient): Failure {
  if (error instanceof Failure) return error;
  const { host } = new URL(client.tokenUrl);
  if (error instanceof oauth.ResponseBodyError) {
    const said = `${host} says ${error.error}${described(error.error_description)}`;
    if (NOT_NOW.has(error.error) || isNotNow(error.status)) return notNow(error.response, said);
    const isRevoked = SIGN_IN_AGAIN.has(error.error) && needsPerson(client);
    return new Failure('permanent', isRevoked ? 'oauth-revoked' : 'oauth-refused', said);
  }
  if (error instanceof oauth.WWWAuthenticateChallengeError)
    return new Failure('permanent', 'oauth-refused', `${host} refuses the client`);
  if (error instanceof oauth.AuthorizationResponseError)
    return new Failure(
      'permanent',
      'oauth-refused',
      `${host} says ${error.error}${described(error.error_description)}`,
    );
  const response = error instanceof Error && error.cause instanceof Response ? error.cause : null;
  if (response !== null) return notNow(response, `${host} answers with status ${response.status}`);
  const why = error instanceof Error ? error.name : 'unknown';
  return new Failure('temporary', 'oauth-unreachable', `${host} cannot be reached (${why})`);
}

const isNotNow = (status: number): boolean => status === 429 || status >= 500;

function notNow(response: Response, said: string): Failure {
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
  const pause = seconds > 0 ? seconds * SECOND : null;
  return new Failure('temporary', 'oauth-unavailable', said, { pause });
}

const described = (description: string | undefined): string =>
  description === undefined
    ? ''
    : `: ${description.replace(/[\x00-\x1f\x7f]+/g, ' ').slice(0, DESCRIPTION_MAX)}`;
