/** When a mail that could not be handed over is tried again. The pauses are those of a mail server (RFC 5321 4.5.4.1). */
import { DAY, type Duration, HOUR, type Instant, MINUTE, SECOND } from './instant.ts';

const PAUSES: readonly Duration[] = [30 * SECOND, 2 * MINUTE, 5 * MINUTE, 15 * MINUTE, 30 * MINUTE, HOUR];
/** After that the notice has failed, and a person is told. */
const GIVE_UP_AFTER: Duration = 5 * DAY;

/** `attempts` have failed so far; null: give up. */
export function retryAt(attempts: number, createdAt: Instant, now: Instant): Instant | null {
  const pause = PAUSES[Math.min(attempts, PAUSES.length) - 1] ?? HOUR;
  return now + pause > createdAt + GIVE_UP_AFTER ? null : now + pause;
}
