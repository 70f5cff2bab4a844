/**
 * How Baton is known to a provider of mail accounts, and how it comes to tokens there.
 *
 * Google: a person signs in with a browser that comes back to this machine (its device flow refuses mail scopes), or a
 * service account stands in for the mailbox. Microsoft: a person signs in on any device with a code, or the program
 * itself is given the mailboxes.
 */
export type OauthClient = {
  readonly provider: OauthProvider;
  readonly way: 'browser' | 'service-account' | 'device' | 'client-credentials';
  /** Of a service account its address. */
  readonly clientId: string;
  readonly clientSecret: string | null;
  /** PEM; of a service account only. */
  readonly privateKey: string | null;
  readonly scopes: readonly string[];
  readonly authorizeUrl: string;
  readonly deviceUrl: string;
  readonly tokenUrl: string;
};

export const OauthProviders = ['google', 'microsoft'] as const;
export type OauthProvider = (typeof OauthProviders)[number];

export type Endpoints = Pick<OauthClient, 'authorizeUrl' | 'deviceUrl' | 'tokenUrl'>;

export function endpointsOf(provider: OauthProvider, tenant: string): Endpoints {
  switch (provider) {
    case 'google':
      return {
        authorizeUrl: 'https://accounts.google.com/o/oauth2/v2/auth',
        deviceUrl: 'https://oauth2.googleapis.com/device/code',
        tokenUrl: 'https://oauth2.googleapis.com/token',
      };
    case 'microsoft': {
      const base = `https://login.microsoftonline.com/${encodeURIComponent(tenant)}/oauth2/v2.0`;
      return {
        authorizeUrl: `${base}/authorize`,
        deviceUrl: `${base}/devicecode`,
        tokenUrl: `${base}/token`,
      };
    }
    default:
      return provider satisfies never;
  }
}

const GOOGLE_SCOPES = ['https://mail.google.com/'];
const MICROSOFT_SCOPES = [
  'https://outlook.office.com/IMAP.AccessAsUser.All',
  'https://outlook.office.com/SMTP.Send',
  'offline_access',
];
const MICROSOFT_OWN_SCOPES = ['https://outlook.office365.com/.default'];

export function scopesOf(provider: OauthProvider, way: OauthClient['way']): readonly string[] {
  if (provider === 'google') return GOOGLE_SCOPES;
  return way === 'client-credentials' ? MICROSOFT_OWN_SCOPES : MICROSOFT_SCOPES;
}

export const needsPerson = ({ way }: OauthClient): boolean => way === 'browser' || way === 'device';
