/**
 * How a mailbox is logged in to where no password does (OAuth 2): what the rest of Baton asks for, what a provider is
 * asked for, and what is kept of it. Nothing here is ever logged.
 */
import type { InboxId } from '../../domain/ids.ts';
import type { Duration, Instant } from '../../domain/instant.ts';

export interface AccessTokens {
  /**
   * One that is good for some minutes at least; the provider is asked only when it must be. `refused` is one that a mail
   * server would not take, so that another has to be had. Throws Failure.
   */
  of(inbox: InboxId, refused?: string): Promise<AccessToken>;
}

/** The same for one inbox. */
export type TokenSource = (refused?: string) => Promise<AccessToken>;

export type AccessToken = { readonly value: string; readonly until: Instant };

/** One way to a provider's tokens, for one account. */
export interface TokenGrants {
  /** Names client and account without telling their secrets: tokens of another identity are of no use. */
  readonly identity: string;
  /** True where a person signs in once, and what came of it has to be kept; false where a key is all it takes. */
  readonly needsPerson: boolean;
  /** `refresh` is null where no person is needed. Throws Failure. */
  renew(refresh: string | null): Promise<Granted>;
}

export type Granted = {
  readonly access: string;
  readonly lasts: Duration;
  /** null: the one that was given goes on being good. */
  readonly refresh: string | null;
  /** null: it has no end, as far as the provider says. */
  readonly refreshLasts: Duration | null;
};

/** Makes text unreadable for whoever has no key, and bound to its place. */
export interface Seal {
  /** Tells one key from another and nothing else of it. */
  readonly keyId: string;
  close(text: string, place: string): Uint8Array;
  /** null: it was closed with another key or for another place, or was changed. */
  open(sealed: Uint8Array, place: string): string | null;
}

/** What is kept of an inbox, sealed. */
export type TokenRow = {
  readonly identity: string;
  readonly keyId: string;
  readonly refresh: Uint8Array | null;
  readonly access: Uint8Array | null;
  readonly accessUntil: Instant | null;
  readonly renewedAt: Instant | null;
  readonly refreshUntil: Instant | null;
  /** Since when renewing fails and why; `forGood`: only a person can mend it. */
  readonly failed: { readonly code: string; readonly at: Instant; readonly forGood: boolean } | null;
  readonly failures: number;
  readonly retryAt: Instant | null;
};

export interface TokenRows {
  read(inbox: InboxId): Promise<{ readonly now: Instant; readonly row: TokenRow | null }>;
  /**
   * Lets one process at a time change what is kept: what `work` answers is committed before this answers, failures that
   * it tells of too. What it throws leaves everything as it was.
   */
  change<Value>(
    inbox: InboxId,
    work: (row: TokenRow | null, now: Instant) => Promise<{ readonly row: TokenRow; readonly value: Value }>,
  ): Promise<Value>;
}
