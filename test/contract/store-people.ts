/** The store's promises about people: who is away by mail, who is asked to take what, and who helps from outside. */
import { expect, it } from 'vitest';
import type { Transaction } from '../../src/app/ports/store.ts';
import type { ToldAbsence } from '../../src/domain/absences.ts';
import { DAY, HOUR } from '../../src/domain/instant.ts';
import { looseNotice, tokenOf, type World } from './store-world.ts';

const CONTACT = '0198d2a4-0000-7000-8000-0000000000c1';

export function storePeople(here: () => World): void {
  const told = async (changes: Partial<ToldAbsence> = {}): Promise<ToldAbsence> => {
    const { transact, clock } = here();
    return {
      id: await transact((tx) => tx.reserveAbsence()),
      member: 'sam',
      from: clock.now() - HOUR,
      until: clock.now() + DAY,
      cover: null,
      by: 'sam',
      endedAt: null,
      ...changes,
    };
  };

  it('counts what a member was sent lately, by kind, about a request, about none or about any', async () => {
    const { transact, write, clock, openRequest } = here();
    const { id } = await openRequest();
    const body = { kind: 'not-counted', messageId: 1, why: 'not-authenticated' } as const;
    const notices = [
      looseNotice('before', { body }),
      looseNotice('about', { body, conversationId: id }),
      looseNotice('another kind'),
      looseNotice('another member', { body, recipient: { type: 'member', member: 'priya' } }),
    ];
    await write({ notices });
    const since = clock.now();
    clock.advance(1);
    await write({ notices: [looseNotice('since', { body })] });
    const count = (...asked: Parameters<Transaction['countNotices']>) =>
      transact((tx) => tx.countNotices(...asked));
    expect(await count('not-counted', 'dana', since - 1, 'any')).toBe(3);
    expect(await count('not-counted', 'dana', since - 1, null)).toBe(2);
    expect(await count('not-counted', 'dana', since - 1, id)).toBe(1);
    expect(await count('not-counted', 'dana', since, 'any')).toBe(1);
    expect(await count('member-left', 'dana', since - 1, 'any')).toBe(1);
  });

  it('knows the absences that are not over and were not taken back, in the order of their numbers', async () => {
    const { store, transact, write, clock } = here();
    const first = await told({ cover: { member: 'luis', answer: 'asked' } });
    const second = await told({ member: 'priya', by: 'dana', until: clock.now() + 3 * DAY });
    const over = await told({ until: clock.now() });
    const back = await told({ endedAt: clock.now() });
    await write({ absences: [second, over, back, first] });
    expect(second.id).toBeGreaterThan(first.id);
    expect(await store.toldAbsences()).toEqual([first, second]);
    expect(await transact((tx) => tx.findAbsences())).toEqual([first, second]);
    expect(await transact((tx) => tx.lockAbsences())).toEqual([first, second]);
    clock.advance(DAY);
    expect(await store.toldAbsences()).toEqual([second]);
  });

  it('keeps what is said of an absence last, but never whose it is or when it began', async () => {
    const { store, write, clock } = here();
    const first = await told();
    await write({ absences: [first] });
    const later = {
      ...first,
      until: clock.now() + 2 * DAY,
      cover: { member: 'leah', answer: 'agreed' },
      by: 'dana',
    } as const;
    await write({ absences: [{ ...later, member: 'priya', from: clock.now() }] });
    expect(await store.toldAbsences()).toEqual([later]);
    await write({ absences: [{ ...later, endedAt: clock.now() }] });
    expect(await store.toldAbsences()).toEqual([]);
  });

  it('refuses an absence without length, one that its member covers, and one of nobody known', async () => {
    const { store, write, clock } = here();
    const refused = [
      await told({ from: clock.now(), until: clock.now() }),
      await told({ cover: { member: 'sam', answer: 'asked' } }),
      await told({ member: 'nobody' }),
    ];
    for (const absence of refused) {
      await expect(write({ absences: [absence] })).rejects.toMatchObject({ kind: 'permanent' });
    }
    expect(await store.toldAbsences()).toEqual([]);
  });

  it('lets one at a time change absences, who then sees what the one before made of them', async () => {
    const { store, transact } = here();
    const first = await told();
    const order: string[] = [];
    let begin = () => {};
    const begun = new Promise<void>((resolve) => {
      begin = resolve;
    });
    const slow = transact(async (tx) => {
      expect(await tx.lockAbsences()).toEqual([]);
      begin();
      // So many answers are time enough for another connection to come as far as the lock.
      for (let asked = 0; asked < 100; asked += 1) await tx.findContacts(1);
      order.push('first');
      await tx.write({ absences: [first] });
    });
    await begun;
    const seen = store.transact([], async (tx) => {
      const found = await tx.lockAbsences();
      order.push('second');
      return found;
    });
    await slow;
    expect(await seen).toEqual([first]);
    expect(order).toEqual(['first', 'second']);
  });

  it('tells what any of some members is asked to take, and nothing that they own or have answered', async () => {
    const { store, openRequest, openOwned, route, command } = here();
    const offered = await openRequest();
    await route(offered.id, 'priya', 'luis');
    const handed = await openOwned();
    await command(handed.id, 'priya', { verb: 'handoff', to: 'sam', note: null });
    const declined = await openRequest();
    await route(declined.id, 'priya', 'leah');
    await command(declined.id, 'priya', { verb: 'decline', note: null });
    await openOwned();
    expect(await store.askedOf(['priya', 'sam'])).toEqual([offered.id, handed.id]);
    expect(await store.askedOf(['luis'])).toEqual([]);
    expect(await store.askedOf([])).toEqual([]);
  });

  it('tells all that waits for a member, what they are asked to help with included, until it is done', async () => {
    const { store, transact, clock, openRequest, openOwned, route, command } = here();
    // Whoever is asked for help is sent the question, and with it the right to answer.
    const asks = async ({ id }: { readonly id: number }): Promise<void> => {
      const rights = { member: 'sam', purpose: 'help', subject: 1, conversationId: id } as const;
      const token = tokenOf(`help ${id}`, clock.now(), rights);
      const notices = [{ ...looseNotice(`help ${id}`), token }];
      await command(id, 'priya', { verb: 'help-from', to: 'sam', text: null }, { notices });
    };
    const offered = await openRequest();
    await route(offered.id, 'sam', 'luis');
    const helped = await openOwned();
    await asks(helped);
    const handed = await openOwned();
    await command(handed.id, 'priya', { verb: 'handoff', to: 'sam', note: null });
    const done = await openOwned();
    await asks(done);
    await command(done.id, 'priya', { verb: 'done', note: null });
    const ids = async (member: string) => (await store.readDesk(member)).map(({ id }) => id);
    expect(await ids('sam')).toEqual([offered.id, helped.id, handed.id]);
    expect(await ids('priya')).toEqual([helped.id, handed.id]);
    expect(await ids('luis')).toEqual([]);
    const desk = await store.readDesk('sam');
    expect(await transact((tx) => tx.readDesk('sam'))).toEqual(desk);
    expect(desk[0]?.state.offer?.to).toBe('sam');
  });

  it('knows who takes part in a request from outside, and in no other', async () => {
    const { transact, write, openRequest, store } = here();
    const { id } = await openRequest();
    const other = await openRequest();
    const joe = { name: 'Joe', address: 'joe@plumbco.example' };
    await write({ contacts: [{ id: CONTACT, conversationId: id, ...joe }] });
    const contacts = new Map([[CONTACT, joe]]);
    expect(await transact((tx) => tx.findContacts(id))).toEqual(contacts);
    expect((await store.readRequest(id)).contacts).toEqual(contacts);
    expect(await transact((tx) => tx.findContacts(other.id))).toEqual(new Map());
  });
}
