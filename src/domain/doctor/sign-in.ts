/** How an inbox stands that is logged in to with tokens in place of a password. */
import { DAY, type Instant } from '../instant.ts';
import { type Check, fine, problem, skipped, warning } from './check.ts';

export type SignInFacts =
  /** No database runs that could hold it. */
  | 'unknown'
  | 'never'
  | {
      readonly renewedAt: Instant | null;
      /** null: it has no end that the provider tells. */
      readonly until: Instant | null;
      /** Why only a person can mend it; null: nothing of the kind. */
      readonly failed: string | null;
    };

const SOON = 14 * DAY;

export function signInCheck(facts: SignInFacts, now: Instant, inbox: string): Check {
  const found = { id: 'sign-in', inbox };
  const fix = `Somebody signs in: "npx baton connect ${inbox}".`;
  if (facts === 'unknown') return skipped(found, 'the database does not run, in which a sign-in is kept');
  if (facts === 'never')
    return problem(found, 'Nobody has signed in.', 'No mail of this inbox is read or sent.', fix);
  const { renewedAt, until, failed } = facts;
  if (failed !== null)
    return problem(
      found,
      `The sign-in is good no more (${failed}).`,
      'No mail of this inbox is read or sent.',
      fix,
    );
  if (until !== null && until - now < SOON)
    return warning(
      found,
      `The sign-in ends in ${Math.max(0, Math.floor((until - now) / DAY))} days.`,
      'From then on no mail of this inbox is read or sent.',
      fix,
    );
  return fine(found, renewedAt === null ? 'in order' : `renewed ${daysAgo(now - renewedAt)}`);
}

const daysAgo = (age: number): string => {
  const days = Math.floor(age / DAY);
  return days < 1 ? 'less than a day ago' : `${days} ${days === 1 ? 'day' : 'days'} ago`;
};
