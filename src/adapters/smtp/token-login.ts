/**
 * Logs a pool of connections in with tokens: each connection asks for the token of the moment, so that none begins with
 * one that has ended. One that is refused though it should be good is renewed by force, once.
 */
import type { XOAuth2ProvisionCallback } from 'nodemailer/lib/xoauth2';
import { Failure } from '../../app/failures.ts';
import type { TokenSource } from '../../app/ports/access-tokens.ts';
import type { SendOutcome } from '../../app/ports/mail-sender.ts';

/** How many tokens are remembered, to be hidden in what a server quotes. */
const GIVEN_MAX = 4;

/** What nodemailer is told in place of a token; outcome.ts finds the Failure in it. */
export class NoToken extends Error {
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.message);
    this.failure = failure;
  }
}

export function tokenLogin(token: TokenSource) {
  const given: string[] = [];
  let refused: string | undefined;
  let forced: string | undefined;

  async function next(isRefused: boolean): Promise<string> {
    if (isRefused) refused = given.at(-1);
    const before = refused;
    const { value } = await token(before);
    if (before !== undefined) forced = value;
    refused = undefined;
    if (given.at(-1) !== value) given.push(value);
    if (given.length > GIVEN_MAX) given.shift();
    return value;
  }

  const provide: XOAuth2ProvisionCallback = (_user, isRefused, callback) => {
    next(isRefused).then(
      (value) => callback(null, value),
      (error: unknown) =>
        callback(error instanceof Failure ? new NoToken(error) : new Error(String(error)), ''),
    );
  };

  return {
    provide,
    given: (): readonly string[] => given,
    /** True when the login failed with a token that was not fetched for that very reason; the next one will be. */
    isWorthAnother({ type, ...outcome }: SendOutcome): boolean {
      const last = given.at(-1);
      const isRefusal = type === 'temporary' && 'code' in outcome && outcome.code === 'smtp-login-refused';
      if (!isRefusal || last === undefined || last === forced) return false;
      refused = last;
      return true;
    },
  };
}
