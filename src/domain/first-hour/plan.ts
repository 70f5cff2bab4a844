/** What a first configuration needs to know, and nothing that has a good default. */
import type { MemberId } from '../ids.ts';
import type { ProviderId } from '../providers.ts';

export type ServerPlan = {
  readonly host: string;
  readonly port: number;
  readonly tls: 'implicit' | 'starttls' | 'none';
};

export type Person = { readonly id: MemberId; readonly name: string; readonly address: string };
export type TeamPlan = { readonly id: string; readonly members: readonly MemberId[] };

/** What is proved of members' mail, as the configuration words it. */
export type AuthenticationPlan =
  | { readonly mode: 'own-check'; readonly trustedHosts: readonly string[] }
  | {
      readonly mode: 'mail-server';
      readonly trustedHosts: readonly string[];
      readonly authservId: string;
      readonly resultsBelowReceived: boolean;
      readonly ownLogin: boolean;
      readonly insideTenant: boolean;
    };

/** A client that was registered at a provider. */
export type SignInPlan = {
  /** What the configuration calls it. */
  readonly id: string;
  readonly provider: 'google' | 'microsoft';
  readonly servers: ProviderId;
  readonly tenant: string | null;
  readonly clientId: string;
  /** The variable that holds its secret; null: it has none, and a person signs in. */
  readonly secretVariable: string | null;
};

export type Plan = {
  readonly inbox: {
    readonly id: string;
    readonly address: string;
    readonly name: string;
    readonly imap: ServerPlan & { readonly user: string };
    readonly smtp: ServerPlan & { readonly user: string };
    readonly sent: readonly string[];
    /** By whose client it is logged in to in place of a password; null: by password. */
    readonly signIn: SignInPlan | null;
  };
  readonly timeZone: string;
  readonly people: readonly Person[];
  readonly frontDesk: MemberId;
  readonly manager: MemberId;
  readonly teams: readonly TeamPlan[];
  readonly authentication: AuthenticationPlan;
  /** The names of the variables that hold what the file must not. */
  readonly variables: { readonly secret: string; readonly password: string; readonly smtpPassword: string };
};

/** A word of letters, digits and hyphens, as ids are; '' when nothing of the text can be one. */
export const idOf = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+|-+$/g, '')
    .slice(0, 30)
    .replace(/-+$/, '');

export const variableOf = (inbox: string, what: string): string =>
  `${inbox.toUpperCase().replaceAll('-', '_')}_${what}`;
