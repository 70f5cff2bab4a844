/** The part of the configuration that says what a teammate's reply must prove of its sender before it counts. */
import * as z from 'zod';
import type { Authentication } from '../domain/sender-authentication/authentication.ts';
import { checked } from './fields.ts';

const HOST = /^\.?[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)+$/i;

const trustedHost = checked((value) => HOST.test(value), 'this is no host name').describe(
  'The name behind "by" in the Received lines of your own mail servers, such as mx.example.com; .example.com stands for all below it.',
);

/** What stands in place of an id where the server writes none. */
const ABSENT = 'absent';

const authservId = checked(
  (value) => value === ABSENT || /^[!-~]{1,253}$/.test(value),
  'this is no authserv-id',
).describe(
  'The first word of the Authentication-Results that your server writes, such as mx.example.com; absent if they begin without one, as in Microsoft 365.',
);

const form = z.strictObject({
  mode: z
    .enum(['own-check', 'mail-server', 'token-and-sender-only'])
    .default('own-check')
    .describe(
      "own-check: Baton verifies DKIM and DMARC itself and needs nothing but DNS. mail-server: what your own mail server wrote into the mail counts. token-and-sender-only: no proof is asked for, so that whoever sees a member's mail can write in their name. Default: own-check.",
    ),
  trustedHosts: z
    .array(trustedHost)
    .default([])
    .describe(
      'How your own mail servers call themselves behind "by" in Received lines. Needed by mail-server; with own-check it lets SPF count as well.',
    ),
  authservId: authservId.optional(),
  resultsBelowReceived: z
    .boolean()
    .default(false)
    .describe(
      'true if your server writes Authentication-Results below its own Received line, as Gmail and Postfix with milters do, and removes those that strangers wrote in its name. Default: false.',
    ),
  insideTenant: z
    .boolean()
    .default(false)
    .describe(
      'true for Microsoft 365 and Exchange: mail between teammates is not signed there, but marked as internal. Default: false.',
    ),
  ownLogin: z
    .boolean()
    .default(false)
    .describe(
      "true if your submission server notes the login (auth=pass smtp.auth=…) and logins are the members' addresses. Default: false.",
    ),
});

type Form = z.output<typeof form>;

export const authentication = form
  .superRefine((value, ctx) => {
    for (const { path, message, remedy } of faults(value))
      ctx.addIssue({ code: 'custom', path: [path], message, params: { remedy } });
  })
  .transform(toAuthentication)
  .prefault({})
  .describe(
    "What makes a teammate's reply count besides the token of our mail: mode, and for mail-server trustedHosts with authservId, insideTenant or both.",
  );

type Fault = { readonly path: keyof Form; readonly message: string; readonly remedy: string };

/** As its servers name themselves, or what those names end in. */
const isMicrosofts = (host: string): boolean =>
  /(?:^|\.)(?:outlook\.com|office365\.com|office365\.us|outlook\.cn)$/i.test(host);

function faults(value: Form): Fault[] {
  const { mode, trustedHosts, authservId: id, resultsBelowReceived, insideTenant, ownLogin } = value;
  if (mode !== 'mail-server') return outOfPlace(value);
  const found: Fault[] = [];
  const add = (path: keyof Form, message: string, remedy: string) => found.push({ path, message, remedy });
  if (trustedHosts.length === 0) {
    const remedy = 'Name your servers as they call themselves behind "by" in the Received lines of a mail.';
    add('trustedHosts', 'mail-server needs to know which servers are yours', remedy);
  }
  if (id === undefined && !insideTenant) {
    const remedy = 'Give authservId, or insideTenant: true for Microsoft 365, or choose own-check.';
    add('mode', 'nothing is said of what your server writes, so no reply would ever count', remedy);
  }
  const foreign = trustedHosts.find((host) => !isMicrosofts(host));
  if (insideTenant && foreign !== undefined) {
    const remedy = 'Leave it out: any other server lets a stranger write the mark that this believes.';
    add('insideTenant', `"${foreign}" is no server of Microsoft 365 (….outlook.com)`, remedy);
  }
  if (ownLogin && (id === undefined || id === ABSENT)) {
    const remedy = 'Give the authservId of the submission server.';
    add('ownLogin', 'the login stands in Authentication-Results with an id', remedy);
  }
  if (resultsBelowReceived && (id === undefined || id === ABSENT)) {
    const remedy =
      'Leave it out: without an id of its own, nothing tells a result of your server from a stranger’s.';
    add('resultsBelowReceived', 'this needs an authservId', remedy);
  }
  return found;
}

function outOfPlace(value: Form): Fault[] {
  const given: readonly (keyof Form)[] = ['authservId', 'resultsBelowReceived', 'insideTenant', 'ownLogin'];
  const own: readonly (keyof Form)[] =
    value.mode === 'own-check'
      ? given
      : [...given, ...(value.trustedHosts.length > 0 ? ['trustedHosts' as const] : [])];
  const remedy = 'Leave it out, or choose mode: mail-server.';
  return own
    .filter((path) => value[path] !== undefined && value[path] !== false)
    .map((path) => ({ path, message: `this says nothing in the mode ${value.mode}`, remedy }));
}

function toAuthentication(value: Form): Authentication {
  const { mode, trustedHosts, authservId: id, resultsBelowReceived, insideTenant, ownLogin } = value;
  switch (mode) {
    case 'own-check':
      return { mode, trustedHosts };
    case 'token-and-sender-only':
      return { mode };
    case 'mail-server': {
      const withId =
        id === undefined ? null : ({ type: 'id', id, belowReceived: resultsBelowReceived } as const);
      return {
        mode,
        trustedHosts,
        results: id === ABSENT ? { type: 'without-id' } : withId,
        insideTenant,
        ownLogin,
      };
    }
    default:
      return mode satisfies never;
  }
}
