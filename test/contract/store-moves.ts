/** The store's promises about requests that change shape: settled mail that moves, customers, parts, words taken down. */
import { expect, it } from 'vitest';
import type { MessageMove } from '../../src/app/ports/moves.ts';
import { merge, nameCustomer } from '../../src/domain/conversation/belonging.ts';
import { arrive } from '../../src/domain/conversation/decide.ts';
import type { ConversationId, MessageId } from '../../src/domain/ids.ts';
import type { Address } from '../../src/domain/message.ts';
import { CARLA, changeOf, REASON, readingOf, settled, sha256, type World } from './store-world.ts';

const TEXT = '0198d2a4-0000-7000-8000-000000000002';
const JO: Address = { name: 'Jo Osei', address: 'jo@tenant.example' };

const moved = (id: MessageId, was: MessageMove['was'], to: MessageMove['to']): MessageMove => ({
  id,
  was,
  to,
  reason: { code: 'moved', sentence: 'a teammate said so' },
});

export function storeMoves(here: () => World): void {
  const context = ({ policy, clock }: World, by: string) => ({
    by,
    messageId: null,
    shown: null,
    answered: 0,
    now: clock.now(),
    policy,
  });

  it('gives a settled message with what became of it, and no other', async () => {
    const { clock, transact, write, receiveOne, openRequest } = here();
    const [waiting, id] = [await receiveOne(), await receiveOne()];
    const reading = readingOf(id);
    const reason = { code: 'too-large', sentence: 'it has 60 MB' };
    await write({ messages: [settled(id, { disposition: 'parked', reason, reading })] });
    const now = clock.now();
    expect(await transact((tx) => tx.lockSettled(id))).toEqual({
      id,
      inboxId: 'maintenance',
      storedAt: now,
      settledAt: now,
      disposition: 'parked',
      reason,
      conversationId: null,
      kind: 'person',
      mail: reading.mail,
    });
    expect(await transact((tx) => tx.lockSettled(waiting))).toBeNull();
    expect(await transact((tx) => tx.lockSettled(999_999))).toBeNull();
    const request = await openRequest();
    const events = await transact((tx) => tx.findEvents(request.id));
    expect(events.map(({ type }) => type)).toEqual(['arrived', 'classified']);
    expect(await transact((tx) => tx.findEvents(999_999))).toEqual([]);
  });

  it('moves a settled message into another request, where its thread finds it', async () => {
    const { store, transact, write, receiveOne, openRequest, happen } = here();
    const [first, second] = [await openRequest(), await openRequest()];
    const id = await receiveOne();
    const written = { type: 'customer-wrote', messageId: id, onlyThanks: false } as const;
    const change = settled(id, {
      disposition: 'follow-up',
      conversationId: first.id,
      reading: readingOf(id),
    });
    await happen(first.id, written, { messages: [change] });
    const to = { stage: 'settled', disposition: 'follow-up', conversationId: second.id } as const;
    await write({ moves: [moved(id, 'follow-up', to)] });
    const shown = async (request: ConversationId) =>
      (await store.readRequest(request)).messages.map((message) => message.id);
    expect(await shown(first.id)).toEqual([first.messageId]);
    expect(await shown(second.id)).toEqual([second.messageId, id]);
    const hits = await transact((tx) => tx.findThreads('maintenance', [`${id}@tenant.example`]));
    expect(hits).toMatchObject([{ messageId: id, own: true, conversationId: second.id }]);
  });

  it('has a settled message read again as if it had just come in', async () => {
    const { store, transact, write, receiveOne } = here();
    const id = await receiveOne();
    await store.beginClassify([id]);
    await write({ messages: [settled(id, { disposition: 'parked', reading: readingOf(id) })] });
    await write({ moves: [moved(id, 'parked', { stage: 'stored' })] });
    expect(await transact((tx) => tx.lockSettled(id))).toBeNull();
    const key = `${id}@tenant.example`;
    expect(await transact((tx) => tx.findThreads('maintenance', [key]))).toEqual([]);
    expect(await transact((tx) => tx.findKnownContent([sha256(`content ${id}`)]))).toEqual(new Set());
    expect(await store.beginClassify([id])).toMatchObject([{ id, tries: 1 }]);
    await write({ messages: [settled(id, { reading: readingOf(id) })] });
    expect(await transact((tx) => tx.findThreads('maintenance', [key]))).toHaveLength(1);
  });

  it('has a message leave its place in its folder, which the same mail can then take', async () => {
    const { store, transact, write, receiveOne, openFolder, newMessage } = here();
    const id = await receiveOne();
    await write({ messages: [settled(id, { disposition: 'parked' })] });
    const to = {
      stage: 'settled',
      disposition: 'duplicate',
      conversationId: null,
      leavesPlace: true,
    } as const;
    await write({ moves: [moved(id, 'parked', to)] });
    expect(await transact((tx) => tx.lockSettled(id))).toMatchObject({ disposition: 'duplicate' });
    const mailbox = await openFolder();
    const { id: mailboxId, fence, lastUid, uidValidity } = mailbox;
    const ids = await store.saveBatch({
      ...{ mailboxId, fence, lastUid, uidValidity: '1', before: { uidValidity, lastUid } },
      messages: [newMessage({ uid: lastUid })],
    });
    expect(ids).toHaveLength(1);
    expect(ids).not.toContain(id);
  });

  it('refuses to move a message that is not what it was, with all that belonged to it', async () => {
    const { transact, write, receiveOne } = here();
    const [parked, bulk] = [await receiveOne(), await receiveOne()];
    await write({ messages: [settled(parked, { disposition: 'parked' }), settled(bulk)] });
    const again = { stage: 'stored' } as const;
    await expect(
      write({ moves: [moved(parked, 'parked', again), moved(bulk, 'parked', again)] }),
    ).rejects.toThrow();
    expect(await transact((tx) => tx.lockSettled(parked))).toMatchObject({ disposition: 'parked' });
    await expect(write({ moves: [moved(999_999, 'parked', again)] })).rejects.toThrow();
    await expect(
      write({
        moves: [moved(parked, 'parked', { stage: 'settled', disposition: 'request', conversationId: null })],
      }),
    ).rejects.toThrow();
  });

  it('knows a request by its new customer and its old subject once somebody has said whose it is', async () => {
    const world = here();
    const { store, transact, write, openRequest } = world;
    const { id, state } = await openRequest({ author: 'priya' });
    const decision = nameCustomer(state, 'none', context(world, 'priya'));
    if ('code' in decision) throw new Error(decision.code);
    await write({ conversations: [{ ...changeOf(state, decision), customer: JO }] });
    expect(await transact((tx) => tx.findCustomer(id))).toEqual(JO);
    expect(await store.readRequest(id)).toMatchObject({ subject: 'Dripping tap', customer: JO });
    const [carlas, jos] = [await openRequest(), await openRequest({ customer: JO })];
    expect((await store.readRequest(carlas.id)).earlier.total).toBe(0);
    expect((await store.readRequest(jos.id)).earlier.total).toBe(1);
  });

  it('shows the mails of a part with those of the whole, until the part is opened again', async () => {
    const world = here();
    const { store, write, openRequest, openOwned, command } = world;
    const parts = [
      await openOwned(),
      await openOwned({ mail: { messageId: 'own@tenant.example' } }),
    ] as const;
    const [part, whole] = parts;
    const merged = merge(part.state, whole.state, context(world, 'priya'));
    if ('code' in merged) throw new Error(merged.code);
    await write({
      conversations: [changeOf(part.state, merged.part), changeOf(whole.state, merged.whole)],
    });
    await openRequest();
    const shown = await store.readRequest(whole.id);
    expect(shown.messages.map(({ id }) => id)).toEqual([part.messageId, whole.messageId]);
    // Another customer's mail is nothing that this one's program has to know of.
    expect(shown.customerMessageIds).toEqual(['own@tenant.example']);
    await command(part.id, 'priya', { verb: 'reopen' });
    expect((await store.readRequest(whole.id)).messages.map(({ id }) => id)).toEqual([whole.messageId]);
  });

  it('shows what a member took down where the mail of its customer would stand', async () => {
    const { store, clock, policy, transact, receiveOne } = here();
    const messageId = await receiveOne();
    const id = await transact(async (tx) => {
      const conversationId = await tx.reserveConversation();
      const { state, events } = arrive(
        {
          conversationId,
          inboxId: 'maintenance',
          messageId,
          storedAt: clock.now(),
          author: null,
          acknowledge: 'none',
          person: true,
          text: TEXT,
          classified: { category: null, priority: 'normal', ruleId: null, reason: REASON },
        },
        policy,
      );
      const words = { subject: 'A call', customer: CARLA };
      await tx.write({
        conversations: [{ before: null, after: state, events, words }],
        messages: [
          settled(messageId, { disposition: 'command', conversationId, reading: readingOf(messageId) }),
        ],
        texts: [{ id: TEXT, conversationId, messageId, author: 'dana', body: 'She rang.' }],
      });
      return conversationId;
    });
    expect((await store.readRequest(id)).messages).toMatchObject([
      {
        id: messageId,
        from: CARLA,
        subject: 'A call',
        text: 'She rang.',
        passedOn: { by: 'dana', above: '' },
      },
    ]);
  });

  it('shows what a member passed on as its author wrote it, and keeps the Message-ID inside', async () => {
    const { store, transact, clock, policy, receiveOne } = here();
    const messageId = await receiveOne();
    const forwarded = { from: JO, subject: 'No heating', text: 'It is cold.', above: 'Can somebody look?' };
    const from = [{ name: 'Priya', address: 'priya@elm.example' }];
    const reading = readingOf(messageId, { from, forwarded, messageId: 'inside@elm.example' });
    const id = await transact(async (tx) => {
      const conversationId = await tx.reserveConversation();
      const arrival = {
        conversationId,
        inboxId: 'maintenance',
        messageId,
        storedAt: clock.now(),
        author: 'priya',
        acknowledge: 'none' as const,
        person: true,
        text: null,
        classified: { category: null, priority: 'normal' as const, ruleId: null, reason: REASON },
      };
      const { state, events } = arrive(arrival, policy);
      await tx.write({
        conversations: [
          { before: null, after: state, events, words: { subject: 'No heating', customer: JO } },
        ],
        messages: [settled(messageId, { disposition: 'request', conversationId, member: 'priya', reading })],
      });
      return conversationId;
    });
    const request = await store.readRequest(id);
    expect(request.messages).toMatchObject([
      {
        from: JO,
        subject: 'No heating',
        text: 'It is cold.',
        passedOn: { by: 'priya', above: 'Can somebody look?' },
      },
    ]);
    expect(request.customerMessageIds).toEqual([]);
  });
}
