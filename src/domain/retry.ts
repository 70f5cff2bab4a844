/** When a mail that could not be handed over is tried again. The pauses are those of a mail server (RFC 5321 4.5.4.1). */
import { DAY, type Duration, HOUR, type Instant, MINUTE, SECOND } from './instant.ts';

const PAUSES: readonly Duration[] = [30 * SECOND, 2 * MINUTE, 5 * MINUTE, 15 * MINUTE, 30 * MINUTE, HOUR];
/** After that the notice has failed, and a person is told. */
const GIVE_UP_AFTER: Duration = 5 * DAY;

/** So many pauses more are as short as the first while no server answers. */
const SHORT_MORE = 2;

const UNANSWERED = new Set(['smtp-unreachable', 'smtp-timeout', 'smtp-dns']);

/**
 * No server was heard, and nothing was delivered: that is no verdict on the mail, and the next to take it may be another
 * host, with the way to the server that this one has not.
 */
const isUnanswered = ({ type, code }: FailedTry): boolean => type === 'temporary' && UNANSWERED.has(code);

export type FailedTry = { readonly type: string; readonly code: string };

/** `attempts` have failed so far, the last of them like this; null: give up. */
export function retryAt(attempts: number, last: FailedTry, createdAt: Instant, now: Instant): Instant | null {
  const step = isUnanswered(last) ? Math.max(1, attempts - SHORT_MORE) : attempts;
  const pause = PAUSES[Math.min(step, PAUSES.length) - 1] ?? HOUR;
  return now + pause > createdAt + GIVE_UP_AFTER ? null : now + pause;
}
