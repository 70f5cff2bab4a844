/** `--at TIME`: an instant as somebody types it. */
import type { TimeSource } from '../adapters/db/sql.ts';
import { isMoment, momentIn } from '../config/values.ts';
import { fromMs, type Instant } from '../domain/instant.ts';
import { ExitCode, Finding } from './exit.ts';

/** What the clock of the workers shows, where commands have it without asking: ours, but for a demo's. */
export const nowBy = (time: TimeSource): Instant => (time === 'database' ? fromMs(Date.now()) : time.now());

/** `now` when nothing was typed; `whose` names the zone in which it counts. */
export function instantOf(text: string | undefined, now: Instant, timeZone: string, whose: string): Instant {
  if (text === undefined) return now;
  const at = isMoment(text) ? momentIn(text, timeZone) : null;
  if (at !== null) return at;
  throw new Finding(
    `"${text}" is no date or time. Write 2026-03-03 or 2026-03-03T09:41, which counts in the zone of ${whose}.`,
    ExitCode.usage,
  );
}
