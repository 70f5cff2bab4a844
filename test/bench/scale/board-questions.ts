/** What the board, `baton requests` and `baton people` ask, for whoever looks. */
import type pg from 'pg';
import { postgresMailFlows } from '../../../src/adapters/db/mail-flow.ts';
import { postgresOutboxList } from '../../../src/adapters/db/outbox-list.ts';
import { postgresPeopleList } from '../../../src/adapters/db/people-list.ts';
import { postgresRequests } from '../../../src/adapters/db/requests.ts';
import type { RequestQuestion } from '../../../src/app/ports/requests.ts';
import type { Instant } from '../../../src/domain/instant.ts';
import type { Policy } from '../../../src/domain/policy.ts';
import { type Sight, sightOf } from '../../../src/domain/sight.ts';
import { settableClock } from '../../support/settable-clock.ts';
import { CHIEF, inboxIds, managerOf, teamOf } from './company.ts';
import type { Question } from './measure.ts';

const LIST_GOAL = { ms: 50, upTo: 100_000 };
const COUNT_GOAL = { ms: 100, upTo: 100_000 };

/** What the board and `baton requests` ask, for whoever looks: an operator, who decides in one inbox, who works in it. */
export function boardQuestions(pool: pg.Pool, policy: Policy, now: Instant): Question[] {
  const time = settableClock(now);
  const requests = postgresRequests({ pool, time, policy: () => policy });
  const inbox = inboxIds[0] ?? '';
  const member = teamOf(inbox)[7] ?? '';
  const lookers: [string, Sight | null][] = [
    ['the operator', null],
    ['the chief', sightOf(policy, CHIEF, now)],
    ['a manager', sightOf(policy, managerOf(inbox), now)],
    ['a member', sightOf(policy, member, now)],
  ];
  const list = (what: string, sight: Sight | null, question: Partial<RequestQuestion>): Question => ({
    what: `board, list ${what}`,
    goal: LIST_GOAL,
    ask: async () => {
      const asked = { sight, show: 'open', order: 'stuck', limit: 50, ...question } as const;
      return (await requests.list(asked)).requests.length;
    },
  });
  /** As the page asks: all at once. */
  const nowPage = (who: string, sight: Sight | null): Question => ({
    what: `board, page "now" for ${who}`,
    goal: COUNT_GOAL,
    ask: async () => {
      const list = (question: Partial<RequestQuestion>) =>
        requests.list({ sight, show: 'open', order: 'longest-silent', limit: 50, ...question });
      const [counts] = await Promise.all([
        requests.counts(sight),
        list({ show: 'stuck', order: 'stuck', limit: 20 }),
        list({ asked: member, limit: 20 }),
        list({}),
      ]);
      return counts.open;
    },
  });
  return [
    ...lookers.flatMap(([who, sight]): Question[] => [
      list(`worst first, for ${who}`, sight, {}),
      list(`longest silent, for ${who}`, sight, { order: 'longest-silent' }),
      list(`stuck, for ${who}`, sight, { show: 'stuck' }),
      list(`taken by nobody, for ${who}`, sight, { show: 'unowned', order: 'newest' }),
      {
        what: `board, counts for ${who}`,
        goal: COUNT_GOAL,
        ask: async () => (await requests.counts(sight)).open,
      },
    ]),
    nowPage('the chief', sightOf(policy, CHIEF, now)),
    nowPage('a member', sightOf(policy, member, now)),
    list('of one member', null, { of: [member] }),
    list('of a team of 50', null, { of: teamOf(inbox) }),
    list('a common word', null, { words: 'drips' }),
    list('rare words', null, { words: 'customer42 tenant' }),
    list('a category that none has', null, { category: 'none' }),
    {
      what: 'baton people',
      goal: COUNT_GOAL,
      ask: async () => (await postgresPeopleList({ pool, time, requests }).members()).length,
    },
    {
      what: 'board, mail that is to go out',
      goal: LIST_GOAL,
      ask: async () => {
        const outbox = postgresOutboxList({ pool, time });
        await outbox.counts();
        return (await outbox.list({ part: 'pending', limit: 50 })).length;
      },
    },
    {
      what: 'board, mail flow of a day',
      goal: COUNT_GOAL,
      ask: async () => (await postgresMailFlows({ pool, time }).read()).length,
    },
  ];
}
