/**
 * What is stuck, in SQL: the worst that is wrong with a request and since when, as `troublesOf` (domain/digest/trouble.ts)
 * says it of a state. The columns keep what the state tells; what is a matter of time is compared here. A contract test
 * holds both to each other.
 */
import { Severity, type Why } from '../../domain/digest/attention.ts';
import { type DigestQuestion, LAID_ASIDE_DAYS, LAID_ASIDE_OFTEN } from '../../domain/digest/facts.ts';
import { HANDOFF_OPEN_AFTER } from '../../domain/digest/trouble.ts';
import { DAY, toIso } from '../../domain/instant.ts';
import { instantSql } from './sql.ts';

export type StuckSql = {
  /** Expressions over a row of `conversation` called `c`; null where nothing is wrong. */
  readonly rank: string;
  readonly since: string;
  /** The same of a few rows, each asked by itself: a list shows fifty, and laid aside may be ten thousand. */
  readonly ofFew: Pick<StuckSql, 'rank' | 'since'>;
  /** Condition: whether it has a rank. */
  readonly isStuck: string;
  /** Of what a state tells, whether its time has come. */
  readonly isRipe: string;
  readonly isUntaken: string;
  /** A query of the ids that are laid aside again and again. */
  readonly laidAside: string;
};

/** `given` takes a parameter of the statement and answers how it is called there. */
export function stuckSql(
  { at, untakenBefore }: Pick<DigestQuestion, 'at' | 'untakenBefore'>,
  given: (value: unknown) => string,
): StuckSql {
  const inboxes = given([...untakenBefore.keys()]);
  const befores = given([...untakenBefore.values()].map(toIso));
  const before = `(${befores}::timestamptz[])[array_position(${inboxes}::text[], c.inbox_id)]`;
  const isRipe = `(c.attention_since <= ${instantSql(at)}
    AND (c.attention <> ${Severity['handoff-open']} OR c.attention_since <= ${instantSql(at - HANDOFF_OPEN_AFTER)}))`;
  const isUntaken = `(c.unowned_since < ${before})`;
  const since = instantSql(at - LAID_ASIDE_DAYS * DAY);
  const oftenAside = `(c.id IN (SELECT id FROM laid_aside))`;
  const asideByItself = `(c.snapshot ->> 'snooze' IS NOT NULL AND ${LAID_ASIDE_OFTEN} <= (
    SELECT count(*) FROM event WHERE conversation_id = c.id AND type = 'snoozed' AND at > ${since}))`;
  const ranked = (isAside: string): Pick<StuckSql, 'rank' | 'since'> => ({
    rank: `CASE WHEN ${isRipe} THEN c.attention WHEN ${isUntaken} THEN ${Severity['not-taken']}
      WHEN ${isAside} THEN ${Severity['laid-aside']} END`,
    since: `CASE WHEN ${isRipe} THEN c.attention_since WHEN ${isUntaken} THEN c.unowned_since
      WHEN ${isAside} THEN c.last_event_at END`,
  });
  return {
    ...ranked(oftenAside),
    ofFew: ranked(asideByItself),
    isStuck: `(${isRipe} OR ${isUntaken} OR ${oftenAside})`,
    isRipe,
    isUntaken,
    laidAside: `SELECT often.id FROM (
        SELECT conversation_id AS id FROM event WHERE type = 'snoozed' AND at > ${since}
        GROUP BY conversation_id HAVING count(*) >= ${LAID_ASIDE_OFTEN}) AS often
      JOIN conversation ON conversation.id = often.id WHERE conversation.snapshot ->> 'snooze' IS NOT NULL`,
  };
}

const whys = new Map(Object.entries(Severity).map(([why, severity]) => [severity as number, why as Why]));

export function whyOfRank(rank: number): Why {
  const why = whys.get(rank);
  if (why === undefined) throw new Error(`bug: no reason has the severity ${rank}`);
  return why;
}
