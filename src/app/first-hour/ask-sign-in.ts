/** Where a provider wants a sign-in in place of a password: which client of theirs Baton is. Nobody signs in here. */
import { domainOf } from '../../domain/address.ts';
import { type Read, readLine } from '../../domain/first-hour/answers.ts';
import type { SignInPlan } from '../../domain/first-hour/plan.ts';
import type { Provider, ProviderServer } from '../../domain/providers.ts';
import { type Asker, asked } from './asker.ts';
import type { About, Reached } from './try-mailbox.ts';

export type SignInAnswers = { readonly signIn: SignInPlan | null; readonly clientSecret: string };

/** Asked only where there is a choice. */
export async function signsIn(asker: Asker, provider: Provider | null): Promise<boolean> {
  if (provider === null || !provider.login.includes('oauth')) return false;
  if (provider.login.length === 1) return true;
  const read = (typed: string): Read<boolean> => {
    const word = typed.trim().toLowerCase();
    if (word === 'password') return { ok: true, value: false };
    return word === 'sign-in'
      ? { ok: true, value: true }
      : { ok: false, wrong: 'Answer password or sign-in.' };
  };
  return asked(asker, 'Log in with an app password, or by a sign-in (password or sign-in)', read, 'password');
}

export async function askSignIn(asker: Asker, { address, provider }: About): Promise<SignInAnswers> {
  const isGoogle = provider?.id === 'gmail';
  const guide = isGoogle ? 'gmail.md' : 'microsoft365.md';
  asker.say(
    `${provider?.name ?? 'This provider'} gives tokens in place of a password, to a client that you register there once: config/guides/${guide} says what to click. What it shows you then is asked for here.`,
  );
  const tenant = isGoogle
    ? null
    : await asked(asker, 'Tenant, its id or a domain of it', readLine, domainOf(address));
  const clientId = await asked(asker, 'Client ID', readLine);
  const clientSecret = await askSecret(asker, isGoogle);
  const id = isGoogle ? 'google' : 'm365';
  return {
    clientSecret,
    signIn: {
      ...{ id, tenant, clientId, provider: isGoogle ? 'google' : 'microsoft' },
      servers: isGoogle ? 'gmail' : 'microsoft365',
      secretVariable: clientSecret === '' ? null : `${id.toUpperCase()}_CLIENT_SECRET`,
    },
  };
}

/** With Microsoft a client without one has a person sign in; Google gives one to every client. */
async function askSecret(asker: Asker, isNeeded: boolean): Promise<string> {
  const question = isNeeded ? 'Client secret' : 'Client secret (Enter: none, somebody signs in)';
  for (;;) {
    const secret = (await asker.ask(`${question} (not shown): `, { hidden: true })).trim();
    if (secret !== '' || !isNeeded) return secret;
    asker.say('Something is needed here.');
  }
}

/** Nothing can be tried before somebody has signed in. */
export function unreached({ address, provider }: About): Reached {
  const server = (of: ProviderServer | undefined) => ({
    ...{ host: of?.host ?? '', port: of?.port ?? 993, tls: of?.tls ?? 'implicit', user: address },
  });
  return {
    ...{ imap: server(provider?.imap), smtp: server(provider?.smtp), password: '', smtpPassword: '' },
    ...{ sent: provider?.sent ?? [], isIn: false },
  };
}
