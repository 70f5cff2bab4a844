/**
 * One thing that was looked at before people rely on it: what was found, what that means for them, and what to do about
 * it. Whoever reads it may see a mail server for the first time, so no check says only that something is wrong.
 */

export const CheckStates = ['ok', 'warning', 'problem', 'skipped'] as const;
/** `skipped`: it could not or need not be looked at, and its `says` tells why. */
export type CheckState = (typeof CheckStates)[number];

export type Check = {
  /** A name that stays, for whoever reads the answer by program: `imap-login`. */
  readonly id: string;
  /** The inbox, or null for what all of them share. */
  readonly inbox: string | null;
  readonly state: CheckState;
  /** What was found, as the end of a line. */
  readonly says: string;
  /** What follows for people; null where nothing does. */
  readonly means: string | null;
  /** What to do, with the command where there is one. */
  readonly fix: string | null;
};

type Found = Pick<Check, 'id'> & { readonly inbox?: string | null };

export const fine = ({ id, inbox = null }: Found, says: string): Check => ({
  ...{ id, inbox, state: 'ok', says, means: null, fix: null },
});

export const skipped = ({ id, inbox = null }: Found, says: string): Check => ({
  ...{ id, inbox, state: 'skipped', says, means: null, fix: null },
});

export const warning = ({ id, inbox = null }: Found, says: string, means: string, fix: string): Check => ({
  ...{ id, inbox, state: 'warning', says, means, fix },
});

export const problem = ({ id, inbox = null }: Found, says: string, means: string, fix: string): Check => ({
  ...{ id, inbox, state: 'problem', says, means, fix },
});

/** Only what keeps Baton from doing its work is a reason not to start it. */
export const isWell = (checks: readonly Check[]): boolean => checks.every(({ state }) => state !== 'problem');
