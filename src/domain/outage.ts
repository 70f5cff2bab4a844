/** What stops mail from coming in or going out, and when somebody is told of it. */
import type { InboxId } from './ids.ts';
import { type Duration, type Instant, MINUTE } from './instant.ts';

/**
 * login: the provider of an inbox takes its sign-in back, and only a person can mend that; intake: a mailbox is not read; reading: mail that came in is not looked at; sending: what is to go out does not;
 * canary: a mail that an inbox sent to itself did not come back; paging: urgent pages are not taken; database: a clock cannot reach the database.
 */
export type OutageKind = 'login' | 'intake' | 'reading' | 'sending' | 'canary' | 'paging' | 'database';

export type Trouble = {
  readonly kind: Exclude<OutageKind, 'database'>;
  readonly inboxId: InboxId;
  /** When it last worked, or when what waits began to wait; null: it never worked, as far as anybody knows. */
  readonly since: Instant | null;
  /** The code of what failed last, such as `imap-login-refused`; null: nothing was even tried, or nobody knows. */
  readonly code: string | null;
};

export type AlarmRhythm = {
  /** For how long something must be down before somebody is told. */
  readonly after: Duration;
  readonly remindEvery: Duration;
};

/** begun: the first word of it; still: a reminder; over: it works again. */
export type Telling = 'begun' | 'still' | 'over';

/**
 * How long a trouble that began while nobody looked is watched first: when Baton is switched on again, mail has not
 * been read since it was switched off, and will be in a second.
 */
export const SEEN_FOR: Duration = MINUTE;

/** What follows from a sign-in that is no good is not told beside it: its code says where it comes from. */
export function withoutConsequences(troubles: readonly Trouble[]): readonly Trouble[] {
  const shut = new Set(troubles.filter(({ kind }) => kind === 'login').map(({ inboxId }) => inboxId));
  return troubles.filter(
    ({ kind, inboxId, code }) =>
      kind === 'login' || !shut.has(inboxId) || code?.startsWith('oauth-') !== true,
  );
}

/** What only a person can mend is told at once: it does not pass by itself. */
export const isToldAtOnce = (kind: OutageKind): boolean => kind === 'login';

/** What has to be told of an outage now; null: nothing. */
export function tellingDue(
  outage: {
    readonly since: Instant;
    readonly seenAt: Instant;
    readonly toldAt: Instant | null;
    readonly isOver: boolean;
  },
  now: Instant,
  { after, remindEvery }: AlarmRhythm,
): Telling | null {
  const { since, seenAt, toldAt, isOver } = outage;
  if (isOver) return toldAt === null ? null : 'over';
  if (toldAt !== null) return now >= toldAt + remindEvery ? 'still' : null;
  return now >= since + after && now >= seenAt + Math.min(after, SEEN_FOR) ? 'begun' : null;
}
