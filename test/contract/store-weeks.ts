/** The store's promises about what a weekly report is made of. */
import { expect, it } from 'vitest';
import { DAY, HOUR, type Instant } from '../../src/domain/instant.ts';
import type { Week, WeeklyFacts } from '../../src/domain/weekly-report/facts.ts';
import type { World } from './store-world.ts';

export function storeWeeks(here: () => World): void {
  /** Two weeks of which the second ends now; looked at `later` from now. */
  function weeksUpTo(now: Instant, later = 0): readonly Week[] {
    return [2, 1].map((ago) => {
      const until = now - (ago - 1) * 7 * DAY;
      return { from: until - 7 * DAY, until, seen: until + later };
    });
  }

  const read = (weeks: readonly Week[], inboxes = ['maintenance']): Promise<WeeklyFacts> =>
    here().store.readWeeks({ inboxes, weeks });

  const ids = ({ requests }: WeeklyFacts): number[] => requests.map(({ id }) => id).sort((a, b) => a - b);

  it('tells when a request came, who took it, when it was answered, and each end and new beginning', async () => {
    const { clock, openRequest, route, command, happen, receiveOne } = here();
    const { id, state } = await openRequest({ priority: 'urgent' });
    clock.advance(HOUR);
    await route(id, 'priya', 'luis');
    clock.advance(HOUR);
    const takenAt = clock.now();
    await command(id, 'priya', { verb: 'accept' });
    clock.advance(HOUR);
    const messageId = await receiveOne();
    const answeredAt = clock.now();
    await happen(id, { type: 'answered-directly', messageId, by: 'priya' });
    clock.advance(HOUR);
    const done = await command(id, 'priya', { verb: 'done', note: null });
    clock.advance(HOUR);
    const reopenedAt = clock.now();
    await command(id, 'priya', { verb: 'reopen' });
    clock.advance(HOUR);
    const { requests } = await read(weeksUpTo(clock.now()));
    expect(requests).toEqual([
      {
        id,
        inboxId: 'maintenance',
        category: null,
        priority: 'urgent',
        ruleId: null,
        owner: 'priya',
        openedAt: state.openedAt,
        person: true,
        accepted: [{ at: takenAt, by: 'priya' }],
        answeredAt,
        turns: [
          { at: done.state.lastEventAt, to: 'finished' },
          { at: reopenedAt, to: 'reopened' },
        ],
      },
    ]);
  });

  it('gives each request of the weeks once, by when it came, and none of other inboxes', async () => {
    const { clock, openRequest } = here();
    const early = await openRequest();
    clock.advance(DAY);
    const first = await openRequest();
    clock.advance(7 * DAY);
    const second = await openRequest();
    const other = await openRequest({ inboxId: 'billing' });
    clock.advance(6 * DAY + HOUR);
    const weeks = weeksUpTo(clock.now());
    await openRequest();
    expect(ids(await read(weeks))).toEqual([first.id, second.id]);
    expect(ids(await read(weeks, ['maintenance', 'billing']))).toEqual([first.id, second.id, other.id]);
    expect(ids(await read(weeks.slice(1)))).toEqual([second.id]);
    expect(ids(await read(weeksUpTo(clock.now() - 7 * DAY)))).toEqual([early.id, first.id]);
    expect(await read([])).toMatchObject({ requests: [], escalations: [], flow: [] });
  });

  it('knows nothing of what happened after the report was made', async () => {
    const { clock, openOwned, command } = here();
    const { id } = await openOwned();
    clock.advance(HOUR);
    const weeks = weeksUpTo(clock.now(), HOUR);
    clock.advance(2 * HOUR);
    await command(id, 'priya', { verb: 'done', note: null });
    const [request] = (await read(weeks)).requests;
    expect(request?.accepted).toHaveLength(1);
    expect(request?.turns).toEqual([]);
    expect((await read(weeks)).flow.at(-1)).toEqual({ finished: 0, reopened: 0, open: 1 });
  });

  it('counts what was finished and opened again in a week, and what was open at its end, whenever it had come', async () => {
    const { clock, openOwned, openRequest, command } = here();
    const old = await openOwned();
    clock.advance(9 * DAY);
    await openOwned();
    const junk = await openOwned();
    clock.advance(HOUR);
    await command(junk.id, 'priya', { verb: 'spam' });
    await command(old.id, 'priya', { verb: 'done', note: null });
    clock.advance(6 * DAY);
    await command(old.id, 'priya', { verb: 'reopen' });
    clock.advance(HOUR);
    await openRequest({ inboxId: 'billing' });
    clock.advance(HOUR);
    const { flow } = await read(weeksUpTo(clock.now()));
    // The first week ends nine days after the old one came, less an hour: before the others did.
    expect(flow).toEqual([
      { finished: 0, reopened: 0, open: 1 },
      { finished: 1, reopened: 1, open: 2 },
    ]);
    expect((await read(weeksUpTo(clock.now()), ['billing'])).flow.at(-1)?.open).toBe(1);
  });

  it('tells what clocks asked of others and why, and leaves out the first question and what a colleague asks', async () => {
    const { clock, openRequest, openOwned, route, command, happen } = here();
    const { id, state } = await openRequest();
    await route(id, 'priya', 'luis');
    clock.advance(HOUR);
    const declined = await command(id, 'priya', { verb: 'decline', note: null });
    clock.advance(3 * DAY);
    const lapsed = await happen(id, { type: 'tick' });
    const handed = await openOwned();
    await command(handed.id, 'priya', { verb: 'handoff', to: 'sam', note: null });
    clock.advance(HOUR);
    const { escalations } = await read(weeksUpTo(clock.now()));
    const { inboxId, priority } = state;
    const about = { id, inboxId, category: null, priority, ruleId: null, owner: null };
    expect(escalations.toSorted((a, b) => a.at - b.at)).toEqual([
      { ...about, at: declined.state.offer?.askedAt, cause: 'declined', rung: 1, last: false },
      { ...about, at: lapsed.state.offer?.askedAt, cause: 'no-answer', rung: lapsed.state.rung, last: true },
    ]);
    expect((await read(weeksUpTo(clock.now() - 7 * DAY))).escalations).toEqual([]);
  });

  it('tells what became of those of the last week of which a model was sure, up to when the report was made', async () => {
    const { clock, openRequest, route, command } = here();
    const proposal = { model: 3, guesses: [{ category: 'repair', probability: 0.9 }], sure: true };
    await openRequest({ proposal });
    clock.advance(8 * DAY);
    const { id } = await openRequest({ proposal });
    await openRequest({ proposal: { ...proposal, sure: false } });
    await openRequest({ inboxId: 'billing', proposal });
    clock.advance(HOUR);
    await route(id, 'priya');
    const weeks = weeksUpTo(clock.now() + HOUR);
    clock.advance(2 * HOUR);
    await command(id, 'priya', { verb: 'accept' });
    const { learned } = await read(weeks);
    expect(
      learned.requests.map((events) => events.map(({ conversationId, type }) => [conversationId, type])),
    ).toEqual([['arrived', 'classified', 'routed', 'answer-owed', 'offered'].map((type) => [id, type])]);
    expect(learned.lowered).toBeNull();
  });
}
