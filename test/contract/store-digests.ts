/** The store's promises about what a digest tells, and about mails that come once for a member and a date. */
import { expect, it } from 'vitest';
import { makeDigest } from '../../src/domain/digest/digest.ts';
import type { DigestFacts } from '../../src/domain/digest/facts.ts';
import { digestQuestion, troublesOf } from '../../src/domain/digest/trouble.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../../src/domain/instant.ts';
import { looseNotice, settled, type World } from './store-world.ts';

export function storeDigests(here: () => World): void {
  const question = (since = here().clock.now() - DAY, inboxes = ['maintenance']) =>
    digestQuestion(here().policy, inboxes, here().clock.now(), since);
  const read = (since?: number, inboxes?: string[]): Promise<DigestFacts> =>
    here().store.readDigest(question(since, inboxes));
  /** What is wrong with each request, as a digest would see it now. */
  const whys = async () => {
    const { requests } = await read();
    return Object.fromEntries(
      requests.map((one) => [one.state.id, troublesOf(one, question()).map(({ why }) => why)]),
    );
  };

  it('finds nothing stuck where everything goes its way, and counts who has what', async () => {
    const { openOwned } = here();
    const { id } = await openOwned();
    await openOffered();
    const facts = await read();
    expect(Object.values(await whys()).flat()).toEqual([]);
    expect(facts).toMatchObject({ isCut: false, parked: [], unreached: [], unowned: 1 });
    expect(facts.load).toContainEqual({ member: 'priya', open: 1, asked: 1 });
    expect(makeDigest(facts, { ...asked(), question: question() })).toMatchObject({ needs: 0, onTrack: 2 });
    expect(id).toBeGreaterThan(0);
  });

  /** A request that Priya is asked to take. */
  async function openOffered() {
    const opened = await here().openRequest();
    await here().route(opened.id, 'priya', 'luis');
    return opened;
  }

  const asked = () => ({ policy: here().policy, reader: 'dana', date: '2026-03-02' });

  it('finds what its owner is silent about once a clock has said so, until they do something', async () => {
    const { clock, openOwned, command, happen, stateOf, receiveOne } = here();
    const { id } = await openOwned();
    await happen(id, { type: 'answered-directly', messageId: await receiveOne(), by: 'priya' });
    expect((await whys())[id] ?? []).toEqual([]);
    clock.set((await stateOf(id)).climb?.at ?? 0);
    await happen(id, { type: 'tick' });
    expect((await whys())[id]).toEqual(['silent']);
    await command(id, 'priya', { verb: 'snooze', until: clock.now() + 5 * DAY, note: null });
    expect((await whys())[id] ?? []).toEqual([]);
  });

  it('finds what nobody has taken for long, and what nobody took at all', async () => {
    const { clock, happen } = here();
    const { id } = await openOffered();
    clock.advance(7 * HOUR);
    expect((await whys())[id] ?? []).toEqual([]);
    clock.advance(18 * HOUR);
    expect((await whys())[id]).toEqual(['not-taken']);
    for (let step = 0; step < 10 && (await here().stateOf(id)).remindAt === null; step += 1) {
      clock.advance(DAY);
      await happen(id, { type: 'tick' });
    }
    expect((await whys())[id]).toEqual(['nobody-took']);
  });

  it('finds a date that is over, a handoff of yesterday and an answer that waits, the worst first', async () => {
    const { clock, openOwned, command, happen } = here();
    const { id } = await openOwned();
    await command(id, 'priya', { verb: 'due', by: clock.now() + HOUR });
    clock.advance(HOUR + MINUTE);
    await happen(id, { type: 'tick' });
    expect((await whys())[id]).toEqual(['overdue']);
    await command(id, 'priya', { verb: 'handoff', to: 'sam', note: null });
    expect((await whys())[id]).toEqual(['overdue']);
    clock.advance(13 * HOUR);
    expect((await whys())[id]).toEqual(['overdue', 'handoff-open']);
  });

  it('finds what is laid aside again and again', async () => {
    const { clock, openOwned, command } = here();
    const { id } = await openOwned();
    for (const _ of [1, 2, 3]) {
      clock.advance(SECOND);
      await command(id, 'priya', { verb: 'snooze', until: clock.now() + DAY, note: null });
    }
    expect((await whys())[id]).toEqual(['laid-aside']);
  });

  it('looks at no request that is done, and at none of another inbox', async () => {
    const { clock, openOwned, command, happen, stateOf } = here();
    const { id } = await openOwned();
    clock.set((await stateOf(id)).climb?.at ?? 0);
    await happen(id, { type: 'tick' });
    expect(Object.keys(await whys())).toEqual([String(id)]);
    expect((await read(undefined, ['billing'])).requests).toEqual([]);
    await command(id, 'priya', { verb: 'done', note: null });
    clock.advance(MINUTE);
    expect((await read()).requests).toEqual([]);
    expect((await read()).changes).toEqual({ arrived: 0, finished: 1, reopened: 0 });
  });

  it('counts what came in and what became of it since then, and not what came later', async () => {
    const { clock, openOwned, receiveOne, write } = here();
    await openOwned();
    const since = clock.now();
    clock.advance(HOUR);
    await openOwned();
    const waiting = await receiveOne();
    const facts = await read(since);
    expect(facts.changes).toEqual({ arrived: 1, finished: 0, reopened: 0 });
    expect(facts.mail).toMatchObject({ received: 2, unsettled: 1, unsent: 0, doubtful: 0, outages: [] });
    await write({ messages: [settled(waiting)] });
    expect((await read(since)).mail).toMatchObject({ received: 2, unsettled: 0 });
    expect((await read(clock.now())).mail).toMatchObject({ received: 0 });
  });

  it("names the requests that mail in a teammate's name came into, each once, and none where it came into none", async () => {
    const { openRequest, write, clock } = here();
    const since = clock.now() - 1;
    const [first, second] = [await openRequest(), await openRequest()];
    const body = { kind: 'not-counted', messageId: 1, why: 'not-authenticated' } as const;
    const about = [second.id, first.id, second.id, null];
    await write({
      notices: about.map((conversationId, at) => looseNotice(`doubt ${at}`, { body, conversationId })),
    });
    const { doubtful, doubtfulIn } = (await read(since)).mail;
    expect({ doubtful, doubtfulIn }).toEqual({ doubtful: 4, doubtfulIn: [first.id, second.id] });
    clock.advance(1);
    expect((await read(clock.now())).mail.doubtfulIn).toEqual([]);
  });

  it('tells whom of the team no mail reaches, until an order of theirs has come', async () => {
    const { clock, store, write } = here();
    const { notices } = await write({ notices: [looseNotice('a'), looseNotice('b')] });
    await store.claimNotices({ limit: 5, lease: MINUTE });
    const lost = notices.map(
      (id) => ({ id, claims: 1, attempt: null, result: null, state: 'failed', code: 'smtp-550' }) as const,
    );
    await write({ outcomes: lost });
    const at = clock.now();
    expect((await read()).unreached).toEqual([{ member: 'dana', count: 2, since: at, code: 'smtp-550' }]);
    clock.advance(8 * DAY);
    expect((await read()).unreached).toEqual([]);
    clock.advance(-7 * DAY);
    const body = { kind: 'receipt', results: [], kept: null, after: null } as const;
    // On the board, which proves no mailbox.
    await write({ notices: [looseNotice('board', { body, dedupeKey: 'order:x/receipt/member:dana' })] });
    expect((await read()).unreached).toHaveLength(1);
    await write({ notices: [looseNotice('c', { body })] });
    clock.advance(SECOND);
    expect((await read()).unreached).toEqual([]);
  });

  it('gives what requests are called, and when their customers wrote last', async () => {
    const { store, openOwned } = here();
    const { id, messageId } = await openOwned();
    const titles = await store.readTitles([id, 999_999]);
    expect([...titles.keys()]).toEqual([id]);
    expect(titles.get(id)?.customer.address).toBe('carla@tenant.example');
    const wroteAt = (await store.readMessage(messageId))?.storedAt;
    expect(wroteAt).toBeDefined();
    expect(titles.get(id)?.wroteAt).toBe(wroteAt);
    expect(await store.readTitles([])).toEqual(new Map());
  });

  it('lets a mail that comes once for a member and a date be claimed once, also where nothing is sent', async () => {
    const { clock, store, transact } = here();
    const mail = { member: 'dana', kind: 'digest', date: '2026-03-02', at: clock.now(), sent: true } as const;
    const claim = (changes: object) => transact((tx) => tx.claimStandingMail({ ...mail, ...changes }));
    expect(await store.lastStandingMail('dana', 'digest')).toBeNull();
    // Whichever comes first.
    const claims = await Promise.all([claim({}), claim({}), claim({})]);
    expect(claims.filter((isFirst) => isFirst)).toHaveLength(1);
    expect(await claim({ sent: false })).toBe(false);
    expect(await claim({ date: '2026-03-03', sent: false })).toBe(true);
    expect(await claim({ date: '2026-03-01' })).toBe(true);
    expect(await claim({ kind: 'morning-list' })).toBe(true);
    expect(await claim({ member: 'omar' })).toBe(true);
    expect(await store.lastStandingMail('dana', 'digest')).toEqual({
      ...mail,
      date: '2026-03-03',
      sent: false,
    });
  });

  it('gives a claim back with all that was to come with it', async () => {
    const { clock, transact } = here();
    const mail = { member: 'dana', kind: 'digest', date: '2026-03-02', at: clock.now(), sent: true } as const;
    const failing = transact(async (tx) => {
      await tx.claimStandingMail(mail);
      throw new Error('the process died');
    });
    await expect(failing).rejects.toThrow('died');
    expect(await transact((tx) => tx.claimStandingMail(mail))).toBe(true);
  });
}
