/** The key `oauth`: how Baton is known to the providers that give tokens in place of passwords, each under an id. */
import * as z from 'zod';
import { endpointsOf, type OauthClient, OauthProviders, scopesOf } from '../domain/oauth-client.ts';
import { checked, FROM_OUTSIDE, id, secretValue, text } from './fields.ts';
import { isLoopback } from './values.ts';

function isEndpoint(value: string): boolean {
  const url = URL.canParse(value) ? new URL(value) : null;
  return (
    url !== null && (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname)))
  );
}

const endpoint = (what: string) =>
  checked(isEndpoint, 'this is no https address')
    .optional()
    .describe(`${what}: https://…, where it is not the usual one, as in a national cloud.`);

const form = z.strictObject({
  provider: z.enum(OauthProviders).describe('google (Gmail and Workspace) or microsoft (Microsoft 365).'),
  clientId: text.optional().describe('The id of the client, as the provider shows it.'),
  clientSecret: secretValue
    .optional()
    .describe(
      `The secret of the client: ${FROM_OUTSIDE}. With microsoft it makes Baton log in by itself; leave it out where a person signs in.`,
    ),
  serviceAccount: secretValue
    .optional()
    .describe(
      'With google, in place of clientId and clientSecret: the key file of a service account with domain-wide delegation, {file: path}.',
    ),
  tenant: text
    .optional()
    .describe('With microsoft: the id of the tenant, or a domain of it such as example.com.'),
  scopes: z
    .array(text)
    .min(1)
    .optional()
    .describe('What is asked for, where it is not the usual, as in a national cloud.'),
  authorizeUrl: endpoint('Where a person signs in with a browser'),
  deviceUrl: endpoint('Where a code for a person is asked for'),
  tokenUrl: endpoint('Where tokens are asked for'),
});

type Form = z.output<typeof form>;

const client = form
  .superRefine((value, ctx) => {
    for (const { path, message, remedy } of faults(value))
      ctx.addIssue({ code: 'custom', path: [path], message, params: { remedy } });
  })
  .transform(toClient);

export const oauth = z
  .record(id, client)
  .default({})
  .describe(
    'Clients that inboxes may log in with in place of a password, each under an id: provider, clientId, clientSecret, serviceAccount and tenant.',
  );

/** The id of one of them. */
export const oauthId = z.string().describe('The id of a client, as written under oauth.');

type Fault = { readonly path: keyof Form; readonly message: string; readonly remedy: string };

function faults(value: Form): Fault[] {
  return value.provider === 'google' ? googleFaults(value) : microsoftFaults(value);
}

function googleFaults({ clientId, clientSecret, serviceAccount, tenant }: Form): Fault[] {
  const outOfPlace: Fault[] =
    tenant === undefined
      ? []
      : [{ path: 'tenant', message: 'this says nothing with google', remedy: 'Leave it out.' }];
  if (serviceAccount === undefined) {
    const missing = (['clientId', 'clientSecret'] as const).filter(
      (path) => (path === 'clientId' ? clientId : clientSecret) === undefined,
    );
    const remedy =
      'Give clientId and clientSecret of an OAuth client of the type "Desktop app", or serviceAccount.';
    return [...outOfPlace, ...missing.map((path) => ({ path, message: 'this is missing', remedy }))];
  }
  const both = (['clientId', 'clientSecret'] as const).filter(
    (path) => (path === 'clientId' ? clientId : clientSecret) !== undefined,
  );
  const remedy = 'Leave it out, or leave serviceAccount out.';
  const unread: Fault[] = isLeftOpen(serviceAccount) || keyOf(serviceAccount) !== null ? [] : [NO_KEY];
  return [
    ...outOfPlace,
    ...both.map((path) => ({ path, message: 'a service account stands here too', remedy })),
    ...unread,
  ];
}

const NO_KEY: Fault = {
  path: 'serviceAccount',
  message: 'this is no key of a service account',
  remedy: 'Give the JSON file with client_email and private_key that Google made: {file: path}.',
};

function microsoftFaults({ clientId, serviceAccount, tenant }: Form): Fault[] {
  const found: Fault[] = [];
  if (clientId === undefined)
    found.push({
      path: 'clientId',
      message: 'this is missing',
      remedy: 'Give the "Application (client) ID" of the app registration.',
    });
  if (tenant === undefined)
    found.push({
      path: 'tenant',
      message: 'this is missing',
      remedy: 'Give the "Directory (tenant) ID", or a domain of the tenant such as example.com.',
    });
  if (serviceAccount !== undefined)
    found.push({
      path: 'serviceAccount',
      message: 'this says nothing with microsoft',
      remedy: 'Leave it out: with clientSecret Baton logs in by itself.',
    });
  return found;
}

function toClient(value: Form): OauthClient {
  const { provider, tenant = '', scopes, authorizeUrl, deviceUrl, tokenUrl } = value;
  const key = keyOf(value.serviceAccount ?? '');
  const way = wayOf(value);
  const usual = endpointsOf(provider, tenant);
  return {
    provider,
    way,
    clientId: key?.address ?? value.clientId ?? '',
    clientSecret: value.clientSecret ?? null,
    privateKey: key?.privateKey ?? null,
    scopes: scopes ?? scopesOf(provider, way),
    authorizeUrl: authorizeUrl ?? usual.authorizeUrl,
    deviceUrl: deviceUrl ?? usual.deviceUrl,
    tokenUrl: tokenUrl ?? usual.tokenUrl,
  };
}

function wayOf({ provider, clientSecret, serviceAccount }: Form): OauthClient['way'] {
  if (provider === 'google') return serviceAccount === undefined ? 'browser' : 'service-account';
  return clientSecret === undefined ? 'device' : 'client-credentials';
}

/** A secret that a command does not need may be left open, and is then neither JSON nor a key. */
const isLeftOpen = (secret: string): boolean =>
  !secret.trimStart().startsWith('{') && !/private/i.test(secret);

function keyOf(secret: string): { readonly address: string; readonly privateKey: string } | null {
  let parsed: unknown;
  try {
    parsed = JSON.parse(secret);
  } catch {
    return null;
  }
  const { client_email: address, private_key: privateKey } = Object(parsed) as Record<string, unknown>;
  const isKey =
    typeof address === 'string' && typeof privateKey === 'string' && /^-----BEGIN /.test(privateKey);
  return isKey ? { address, privateKey } : null;
}
