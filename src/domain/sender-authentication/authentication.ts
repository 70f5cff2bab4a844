/**
 * What an inbox demands as proof of who wrote a mail, and what came of looking for it.
 *
 * Only `pass` lets a member's reply act. Everything else leaves the mail where it belongs, shown and without effect.
 */
import type { Reason } from '../reason.ts';

/** How an inbox has it proved that a mail is from whom it says. */
export type Authentication =
  /** We verify DKIM and DMARC ourselves; SPF as well where the client's address is known from a trusted hop. */
  | { readonly mode: 'own-check'; readonly trustedHosts: readonly string[] }
  | MailServerAuthentication
  /** No proof: whoever sees a member's mail can write in their name. Has to be asked for by this name. */
  | { readonly mode: 'token-and-sender-only' };

/** We believe what our own mail server wrote into the header. */
export type MailServerAuthentication = {
  readonly mode: 'mail-server';
  /** The names that our hops give themselves behind `by` in Received; `.elm.example` stands for all below it. */
  readonly trustedHosts: readonly string[];
  /** Which Authentication-Results are ours; null: none is believed. */
  readonly results:
    | { readonly type: 'id'; readonly id: string; readonly belowReceived: boolean }
    | { readonly type: 'without-id' }
    | null;
  /** Whether `X-MS-Exchange-Organization-AuthAs: Internal` counts: mail inside a tenant is not signed. */
  readonly insideTenant: boolean;
  /** Whether `auth=pass` with the member's own address as the login counts. */
  readonly ownLogin: boolean;
};

/** What a result rests on. */
export type Anchor =
  | 'raw-header'
  | 'authserv-id'
  | 'results-without-id'
  | 'inside-tenant'
  | 'own-login'
  | 'own-check'
  | 'not-asked-for';

/** `none`: nothing speaks for it or against it. `unknown`: it could not be found out just now. */
export type AuthenticationResult = 'pass' | 'none' | 'fail' | 'unknown';

export type SenderAuthentication = {
  readonly result: AuthenticationResult;
  readonly by: Anchor;
  readonly why: Reason;
};

/** What an own check has to find out; the address is plain and the only one in From. */
export type SenderQuestion = {
  readonly from: string;
  /** The server that handed the mail to our outermost hop; null: not known, so SPF says nothing. */
  readonly client: { readonly ip: string; readonly helo: string } | null;
  /** The envelope sender as our own server noted it; null: not known, '': the null sender. */
  readonly mailFrom: string | null;
};

/** Why a mail in a member's name has no effect. */
export type Doubt = 'not-authenticated' | 'could-not-be-checked' | 'ambiguous-sender';

/** What keeps this mail from acting; null: nothing does. */
export function doubtOf({ result, by, why }: SenderAuthentication): Doubt | null {
  if (why.code === AMBIGUOUS) return 'ambiguous-sender';
  if (result === 'pass' || by === 'not-asked-for') return null;
  return result === 'unknown' ? 'could-not-be-checked' : 'not-authenticated';
}

export const AMBIGUOUS = 'ambiguous-sender';

export const outcome = (
  result: AuthenticationResult,
  by: Anchor,
  code: string,
  sentence: string,
): SenderAuthentication => ({ result, by, why: { code, sentence } });
