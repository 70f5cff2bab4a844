/** The store's promises about what happens together, and what is refused. */
import { expect, it } from 'vitest';
import type { ConversationChange } from '../../src/app/ports/store.ts';
import { decide } from '../../src/domain/conversation/decide.ts';
import type { ConversationEvent } from '../../src/domain/conversation/events.ts';
import { fold } from '../../src/domain/conversation/evolve.ts';
import type { Conversation } from '../../src/domain/conversation/state.ts';
import { MINUTE } from '../../src/domain/instant.ts';
import { changeOf, looseNotice, REASON, readingOf, settled, sha256, type World } from './store-world.ts';

export function storeTransactions(here: () => World): void {
  it('reads back the state that was written, and events that make it again', async () => {
    const { store, stateOf, openOwned, command, happen } = here();
    const { id } = await openOwned();
    await command(id, 'priya', { verb: 'handoff', to: 'sam', note: null });
    const { state } = await happen(id, { type: 'member-left', member: 'sam' });
    expect(await stateOf(id)).toEqual(state);
    expect(fold((await store.readRequest(id)).events)).toEqual(state);
  });

  it('tells the time of its clock inside of a transaction', async () => {
    const { clock, transact } = here();
    const before = clock.now();
    expect(await transact((tx) => tx.now())).toBe(before);
    clock.advance(MINUTE + 1);
    expect(await transact((tx) => tx.now())).toBe(before + MINUTE + 1);
  });

  it('undoes everything when the work throws, and passes the error on unchanged', async () => {
    const { store, transact, openRequest, receiveOne, stateOf, policy } = here();
    const { id, state } = await openRequest();
    const messageId = await receiveOne();
    const error = new TypeError('the work failed');
    const work = transact(async (tx) => {
      const decision = decide(
        state,
        { type: 'customer-wrote', messageId, onlyThanks: false },
        await tx.now(),
        policy,
      );
      await tx.write({
        conversations: [changeOf(state, decision)],
        messages: [
          settled(messageId, { disposition: 'follow-up', conversationId: id, reading: readingOf(messageId) }),
        ],
        texts: [{ id: TEXT, conversationId: id, messageId, author: 'priya', body: 'a note' }],
        notices: [looseNotice('undone')],
      });
      throw error;
    });
    await expect(work).rejects.toBe(error);
    expect(await stateOf(id)).toEqual(state);
    expect(await store.beginClassify([messageId])).toHaveLength(1);
    expect((await store.readRequest(id)).texts.size).toBe(0);
    expect(await store.claimNotices({ limit: 10, lease: MINUTE })).toEqual([]);
    expect(await transact((tx) => tx.findThreads('maintenance', [`${messageId}@tenant.example`]))).toEqual(
      [],
    );
  });

  it('lets the second of two at one conversation see what the first has done', async () => {
    const { transact, openRequest, policy } = here();
    const { id, messageId } = await openRequest();
    const locked = Promise.withResolvers<void>();
    const released = Promise.withResolvers<void>();
    const first = transact(async (tx) => {
      const before = (await tx.lockConversations([id])).get(id) as Conversation;
      locked.resolve();
      await released.promise;
      const decision = decide(before, { type: 'attached', messageId, as: 'report' }, await tx.now(), policy);
      await tx.write({ conversations: [changeOf(before, decision)] });
      return decision.state.version;
    });
    await locked.promise;
    const second = transact(async (tx) => (await tx.lockConversations([id])).get(id)?.version);
    released.resolve();
    expect(await second).toBe(await first);
  });

  it('carries out every one of many changes that meet at one conversation', async () => {
    const { openRequest, happen, stateOf } = here();
    const { id, messageId, state } = await openRequest();
    const many = Array.from({ length: 8 }, () => happen(id, { type: 'attached', messageId, as: 'report' }));
    await Promise.all(many);
    expect((await stateOf(id)).version).toBe(state.version + 8);
  });

  it('never hands out the number of a conversation twice, also when it was not used', async () => {
    const { transact } = here();
    const given: number[] = [];
    const failing = transact(async (tx) => {
      given.push(await tx.reserveConversation(), await tx.reserveConversation());
      throw new Error('not now');
    });
    await expect(failing).rejects.toThrow('not now');
    given.push(await transact((tx) => tx.reserveConversation()));
    expect(new Set(given).size).toBe(3);
    expect(Math.min(...given)).toBeGreaterThan(1000);
  });

  it('answers only conversations that are there', async () => {
    const { transact, openRequest } = here();
    const { id, state } = await openRequest();
    const found = await transact((tx) => tx.lockConversations([999_999, id, id]));
    expect([...found]).toEqual([[id, state]]);
  });

  it('locks the messages that are in a stage still, and no others', async () => {
    const { transact, write, receiveOne } = here();
    const [stored, replying, done] = [await receiveOne(), await receiveOne(), await receiveOne()];
    await write({ messages: [settled(replying, { stage: 'replying', disposition: null }), settled(done)] });
    const all = [done, replying, stored, 999_999];
    expect(await transact((tx) => tx.lockMessages(all, 'stored'))).toEqual(new Set([stored]));
    expect(await transact((tx) => tx.lockMessages(all, 'replying'))).toEqual(new Set([replying]));
  });

  it('refuses a change of a conversation that moved on meanwhile, with all that belonged to it', async () => {
    const { store, openRequest, happen, write, policy, clock } = here();
    const { id, messageId, state } = await openRequest();
    const attached = { type: 'attached', messageId, as: 'report' } as const;
    await happen(id, attached);
    const late = changeOf(state, decide(state, attached, clock.now(), policy));
    await expect(write({ conversations: [late], notices: [looseNotice('late')] })).rejects.toMatchObject({
      kind: 'temporary',
      code: 'version-conflict',
    });
    expect(await store.claimNotices({ limit: 10, lease: MINUTE })).toEqual([]);
  });

  it('refuses a conversation that arrives twice', async () => {
    const { openRequest, store, write } = here();
    const { id, state } = await openRequest();
    const { events } = await store.readRequest(id);
    await expect(write({ conversations: [{ before: null, after: state, events }] })).rejects.toThrow();
  });

  const forgeries: Record<string, (forge: Forge) => ConversationChange> = {
    'a second open offer': ({ at, change }) =>
      change({ phase: 'offered' }, [
        { ...OFFERED, to: 'sam', at: at + 1 },
        { ...OFFERED, to: 'priya', at: at + 2 },
      ]),
    'two events at one instant': ({ at, change }) =>
      change({}, [
        { ...NOTED, at: at + 1 },
        { ...NOTED, at: at + 1 },
      ]),
    'a gap between events': ({ at, seq, change }) => change({}, [{ ...NOTED, at: at + 1, seq: seq + 2 }]),
    'an event that takes the place of another': ({ at, seq, change }) =>
      change({}, [{ ...NOTED, at: at + 1, seq }]),
    'an owned conversation without an owner': ({ at, change }) =>
      change({ phase: 'owned', owner: null }, [{ ...NOTED, at: at + 1 }]),
    'an offered conversation without an offer': ({ at, change }) =>
      change({ phase: 'offered', offer: null }, [{ ...NOTED, at: at + 1 }]),
    'somebody who answers for it and is in no roster': ({ at, change }) =>
      change({ accountable: 'nobody' }, [
        { type: 'accountability-moved', to: 'nobody', why: 'member-left', at: at + 1 },
      ]),
    'an offer to somebody who is in no roster': ({ at, change }) =>
      change({ phase: 'offered' }, [{ ...OFFERED, to: 'nobody', at: at + 1 }]),
    'a ledger row that ends before it begins': ({ at, change }) =>
      change({ accountable: 'dana' }, [
        { type: 'accountability-moved', to: 'dana', why: 'member-left', at: at - MINUTE },
      ]),
  };
  for (const [what, forge] of Object.entries(forgeries)) {
    it(`refuses ${what}`, async () => {
      const { openRequest, write, stateOf } = here();
      const { id, state } = await openRequest();
      await expect(write({ conversations: [forge(forgeOf(state))] })).rejects.toThrow();
      expect(await stateOf(id)).toEqual(state);
    });
  }

  it('refuses a settled message without a disposition, and one that waits with one', async () => {
    const { store, write, receiveOne } = here();
    const id = await receiveOne();
    await expect(write({ messages: [settled(id, { disposition: null })] })).rejects.toThrow();
    await expect(write({ messages: [settled(id, { stage: 'replying' })] })).rejects.toThrow();
    expect(await store.beginClassify([id])).toHaveLength(1);
  });

  it('refuses a request or a follow-up that belongs to no conversation', async () => {
    const { write, receiveOne } = here();
    const id = await receiveOne();
    for (const disposition of ['request', 'follow-up'] as const) {
      await expect(write({ messages: [settled(id, { disposition })] })).rejects.toThrow();
    }
    await expect(
      write({ messages: [settled(id, { disposition: 'bulk', conversationId: 999_999 })] }),
    ).rejects.toThrow();
  });

  it('settles a message once', async () => {
    const { write, receiveOne } = here();
    const id = await receiveOne();
    await write({ messages: [settled(id)] });
    await expect(write({ messages: [settled(id, { disposition: 'parked' })] })).rejects.toThrow();
    await expect(write({ messages: [settled(999_999)] })).rejects.toThrow();
  });

  it('takes two changes of one conversation in one step', async () => {
    const { write, openRequest, stateOf, policy, clock } = here();
    const { id, messageId, state } = await openRequest();
    const attached = { type: 'attached', messageId, as: 'report' } as const;
    const first = decide(state, attached, clock.now(), policy);
    const second = decide(
      first.state,
      { type: 'routed', chain: ['priya'], reason: REASON },
      clock.now(),
      policy,
    );
    await write({ conversations: [changeOf(state, first), changeOf(first.state, second)] });
    expect(await stateOf(id)).toEqual(second.state);
  });

  it('lets each Message-ID act once', async () => {
    const { write, transact, receiveOne } = here();
    const [first, second] = [await receiveOne(), await receiveOne()];
    const reading = readingOf(first, { messageId: 'accept-1@elm.example' });
    const hash = sha256('accept-1@elm.example');
    expect(await transact((tx) => tx.hasActed(hash))).toBe(false);
    await write({ messages: [settled(first, { disposition: 'command', reading })] });
    expect(await transact((tx) => tx.hasActed(hash))).toBe(true);
    await expect(
      write({ messages: [settled(second, { disposition: 'command', reading })] }),
    ).rejects.toThrow();
    await write({ messages: [settled(second, { disposition: 'command-refused', reading })] });
  });

  it('does not count a refused command as one that acted', async () => {
    const { write, transact, receiveOne } = here();
    const id = await receiveOne();
    const reading = readingOf(id, { messageId: 'late@elm.example' });
    await write({ messages: [settled(id, { disposition: 'command-refused', reading })] });
    expect(await transact((tx) => tx.hasActed(sha256('late@elm.example')))).toBe(false);
  });
}

const TEXT = '0198d2a4-0000-7000-8000-000000000001';
const NOTED = { type: 'attached', messageId: 1, as: 'report' } as const;
const OFFERED = {
  type: 'offered',
  kind: 'offer',
  by: null,
  acceptBy: null,
  remindAt: null,
  rung: 0,
  note: null,
  reason: { code: 'forged', sentence: 'forged' },
} as const;

/** What evolve would never make: the events and state of a bug. */
type Forge = {
  readonly at: number;
  readonly seq: number;
  change(after: Partial<Conversation>, events: readonly ForgedEvent[]): ConversationChange;
};
type ForgedEvent = {
  readonly type: string;
  readonly at: number;
  readonly seq?: number;
  readonly to?: string;
  readonly why?: string;
};

function forgeOf(before: Conversation): Forge {
  return {
    at: before.lastEventAt,
    seq: before.version,
    change(after, forged) {
      const events = forged.map(
        (event, index) =>
          ({ conversationId: before.id, seq: before.version + index + 1, ...event }) as ConversationEvent,
      );
      const last = events.at(-1);
      const version = before.version + events.length;
      const asked = events.findLast((event) => event.type === 'offered');
      const offer = asked && { ...asked, askedAt: asked.at };
      const state = { ...before, version, lastEventAt: last?.at ?? before.lastEventAt, offer: offer ?? null };
      return { before, after: { ...state, ...after }, events };
    },
  };
}
