/** The store's promises about finding things again, and about what rendering is given. */
import { expect, it } from 'vitest';
import { MINUTE } from '../../src/domain/instant.ts';
import {
  CARLA,
  looseNotice,
  type Opened,
  readingOf,
  settled,
  sha256,
  storedMail,
  tokenOf,
  type World,
} from './store-world.ts';

const TEXT = '0198d2a4-0000-7000-8000-000000000002';

const textBy = ({ id, messageId }: Opened) => ({
  id: TEXT,
  conversationId: id,
  messageId,
  author: 'priya',
  body: 'I come at noon.',
});

export function storeLookups(here: () => World): void {
  it('finds a thread by the Message-ID of a message and by those that it refers to', async () => {
    const { transact, write, openRequest, receiveOne } = here();
    const { id, messageId } = await openRequest({ mail: { messageId: 'first@tenant.example' } });
    const followUp = await receiveOne();
    const threadKeys = [
      { key: 'second@tenant.example', own: true },
      { key: 'first@tenant.example', own: false },
    ];
    const reading = { ...readingOf(followUp), threadKeys };
    await write({ messages: [settled(followUp, { disposition: 'bulk', reading })] });
    const keys = ['first@tenant.example', 'second@tenant.example', 'never@tenant.example'];
    const hits = await transact((tx) => tx.findThreads('maintenance', keys));
    expect(hits.toSorted((a, b) => a.messageId - b.messageId || a.key.localeCompare(b.key))).toEqual([
      { key: 'first@tenant.example', messageId, own: true, conversationId: id },
      { key: 'first@tenant.example', messageId: followUp, own: false, conversationId: null },
      { key: 'second@tenant.example', messageId: followUp, own: true, conversationId: null },
    ]);
    expect(await transact((tx) => tx.findThreads('billing', keys))).toEqual([]);
    expect(await transact((tx) => tx.findThreads('maintenance', []))).toEqual([]);
  });

  it('knows of an address that mail comes back from, until somebody says that it may go there', async () => {
    const { clock, transact, openOwned, happen, command } = here();
    const isUnreached = (address = CARLA.address) => transact((tx) => tx.isUnreached(address));
    const comesBack = (id: number, seq: number) =>
      happen(id, {
        type: 'not-reached',
        messageId: null,
        recipient: { type: 'customer' },
        lost: 'acknowledgement',
        seq,
        why: 'bounce',
        failure: { reason: 'user-unknown', status: '5.1.1', permanent: true },
        help: null,
      });
    const first = await openOwned();
    const other = await openOwned();
    expect(await isUnreached()).toBe(false);
    await comesBack(first.id, first.state.version);
    expect(await isUnreached()).toBe(true);
    expect(await isUnreached(CARLA.address.toUpperCase())).toBe(true);
    expect(await isUnreached('somebody@tenant.example')).toBe(false);
    const asked = ['somebody@tenant.example', CARLA.address, ''];
    expect(await transact((tx) => tx.findUnreached(asked))).toStrictEqual(new Set([CARLA.address]));
    expect(await transact((tx) => tx.findUnreached([]))).toStrictEqual(new Set());
    clock.advance(MINUTE);
    await command(first.id, 'priya', { verb: 'reply', text: TEXT }, { texts: [textBy(first)] });
    await command(first.id, 'priya', { verb: 'release' });
    expect(await isUnreached()).toBe(false);
    clock.advance(MINUTE);
    await comesBack(other.id, other.state.version);
    expect(await isUnreached()).toBe(true);
  });

  it('finds the copy of a mail that was read before, also one with a higher number', async () => {
    const { transact, write, openRequest, receiveOne } = here();
    const early = await receiveOne('billing');
    const { id, messageId } = await openRequest();
    const hash = sha256(`content ${messageId}`);
    const copyOf = (asking: number) => transact((tx) => tx.findEarlierCopy(hash, asking));
    const late = await receiveOne();
    expect(await copyOf(late)).toEqual({ id: messageId, role: 'inbox', conversationId: id });
    expect(await copyOf(early)).toMatchObject({ id: messageId, conversationId: id });
    expect(await copyOf(messageId)).toBeNull();
    expect(await transact((tx) => tx.findEarlierCopy(sha256('other'), late))).toBeNull();
    const reading = { ...readingOf(late), contentHash: hash };
    await write({ messages: [settled(late, { disposition: 'duplicate', copyOf: messageId, reading })] });
    expect(await copyOf(await receiveOne())).toMatchObject({ id: messageId, conversationId: id });
  });

  it('finds the copy of a mail in another inbox, which belongs where the mail does until it is made another request', async () => {
    const { transact, write, openRequest, receive, receiveOne, newMessage, openFolder } = here();
    const { id, messageId } = await openRequest();
    const copyIn = (of: number) => transact((tx) => tx.findCopy(of));
    const reading = (copy: number) => ({
      ...readingOf(copy),
      contentHash: sha256(`content ${messageId}`),
      threadKeys: [{ key: 'both@tenant.example', own: true }],
    });
    const asCopy = (copy: number) =>
      settled(copy, { disposition: 'duplicate', copyOf: messageId, reading: reading(copy) });
    const threads = async () => transact((tx) => tx.findThreads('billing', ['both@tenant.example']));
    expect(await copyIn(messageId)).toBeNull();
    const copy = await receiveOne('billing');
    await write({ messages: [asCopy(copy)] });
    expect(await copyIn(messageId)).toBe(copy);
    expect(await copyIn(copy)).toBeNull();
    expect(await threads()).toMatchObject([{ messageId: copy, conversationId: id }]);
    const other = await openRequest({ inboxId: 'billing' });
    const to = { stage: 'settled', disposition: 'follow-up', conversationId: other.id } as const;
    const reason = { code: 'split-off', sentence: 'a teammate said so' };
    await write({ moves: [{ id: copy, was: 'duplicate', to, reason }] });
    expect(await copyIn(messageId)).toBeNull();
    expect(await threads()).toMatchObject([{ messageId: copy, conversationId: other.id }]);
    // What was moved is no copy any more, wherever it goes on.
    const away = { stage: 'settled', disposition: 'bulk', conversationId: null } as const;
    await write({ moves: [{ id: copy, was: 'follow-up', to: away, reason }] });
    expect(await threads()).toMatchObject([{ messageId: copy, conversationId: null }]);
    // Equal bytes in one folder are a copy without words.
    const raw = newMessage().raw;
    const folder = await openFolder('maintenance');
    const [first = 0] = await receive(folder, { raw });
    await receive(folder, { raw });
    await write({ messages: [settled(first, { reading: readingOf(first) })] });
    expect(await copyIn(first)).toBeNull();
  });

  it('finds tokens by their hash, those that have run out as well', async () => {
    const { clock, transact, write, openRequest } = here();
    const { id, messageId } = await openRequest();
    const token = tokenOf('one', clock.now(), {
      conversationId: id,
      shown: messageId,
      expiresAt: clock.now() + 1,
    });
    await write({ notices: [{ ...looseNotice('a'), token }] });
    clock.advance(MINUTE);
    expect(await transact((tx) => tx.findTokens([token.hash, sha256('another')]))).toEqual([token]);
    expect(await transact((tx) => tx.findTokens([]))).toEqual([]);
  });

  it('knows of a token for a list which mail that was', async () => {
    const { clock, transact, write } = here();
    const token = { ...tokenOf('list', clock.now()), purpose: 'list', list: 'standing:digest/dana' } as const;
    await write({ notices: [{ ...looseNotice('a'), token }] });
    expect(await transact((tx) => tx.findTokens([token.hash]))).toEqual([token]);
  });

  it('lets a token that is sent again live as long as the later mail', async () => {
    const { clock, transact, write } = here();
    const token = tokenOf('one', clock.now());
    const later = { ...token, expiresAt: token.expiresAt + MINUTE };
    await write({ notices: [{ ...looseNotice('a'), token }] });
    await write({ notices: [{ ...looseNotice('b'), token: later }] });
    expect(await transact((tx) => tx.findTokens([token.hash]))).toEqual([later]);
  });

  it('finds notices by their key', async () => {
    const { clock, transact, write } = here();
    const { draft, key } = looseNotice('a');
    const { notices } = await write({ notices: [looseNotice('a'), looseNotice('b')] });
    const notice = { ...draft, id: notices[0], createdAt: clock.now() };
    expect(await transact((tx) => tx.findNotices([key, 'a'.repeat(26)]))).toEqual([{ key, notice }]);
  });

  it('knows whose a conversation is', async () => {
    const { transact, openRequest } = here();
    const { id } = await openRequest();
    expect(await transact((tx) => tx.findCustomer(id))).toEqual(CARLA);
    expect(await transact((tx) => tx.findCustomer(999_999))).toBeNull();
  });

  it("hands a member's reply over with the rights it came with", async () => {
    const { clock, transact, write, openRequest, receiveOne } = here();
    const { id, messageId } = await openRequest();
    const token = tokenOf('one', clock.now(), { conversationId: id, shown: messageId });
    await write({ notices: [{ ...looseNotice('a'), token }] });
    const reply = await receiveOne();
    const reading = readingOf(reply, {
      subject: 'Re: Dripping tap',
      date: clock.now(),
      messageId: 'r@elm.example',
    });
    const waiting = { stage: 'replying', disposition: null, conversationId: id, member: 'priya' } as const;
    await write({ messages: [settled(reply, { ...waiting, tokenHash: token.hash, reading })] });
    expect(await transact((tx) => tx.readReply(reply))).toEqual({
      id: reply,
      inboxId: 'maintenance',
      conversationId: id,
      member: 'priya',
      messageIdHash: sha256('r@elm.example'),
      token,
      mail: reading.mail,
    });
  });

  it('counts what each member owns and is asked to take, and when they were last asked', async () => {
    const { store, clock, transact, openRequest, openOwned, route, command } = here();
    await openOwned();
    const asked = await openRequest();
    clock.advance(MINUTE);
    const { state } = await route(asked.id, 'priya');
    const done = await openOwned();
    await command(done.id, 'priya', { verb: 'done', note: null });
    const lastOfferedAt = Math.max(
      state.offer?.askedAt ?? 0,
      (await store.readRequest(done.id)).events.find((event) => event.type === 'offered')?.at ?? 0,
    );
    const load = await transact((tx) => tx.load(['priya', 'luis']));
    expect(load.get('priya')).toEqual({ open: 2, lastOfferedAt });
    expect(load.get('luis') ?? { open: 0, lastOfferedAt: null }).toEqual({ open: 0, lastOfferedAt: null });
    expect((await store.readRequest(asked.id)).load.get('priya')).toBe(2);
  });

  it("gives rendering the customer's words, our answers and what members wrote", async () => {
    const { store, clock, openOwned, happen, command, receiveOne } = here();
    const { id, messageId } = await openOwned({ subject: 'Tap', mail: { messageId: 'm1@tenant.example' } });
    const [second, answer, order] = [await receiveOne(), await receiveOne(), await receiveOne()];
    const reading = readingOf(second, { messageId: 'm2@tenant.example', subject: 'Re: Tap' });
    await happen(
      id,
      { type: 'customer-wrote', messageId: second, onlyThanks: false },
      {
        messages: [settled(second, { disposition: 'follow-up', conversationId: id, reading })],
      },
    );
    await happen(
      id,
      { type: 'answered-directly', messageId: answer, by: 'sam' },
      {
        messages: [
          settled(answer, { disposition: 'teammate-reply', conversationId: id, reading: readingOf(answer) }),
        ],
      },
    );
    const said = readingOf(order, { messageId: 'accept@elm.example' });
    await command(
      id,
      'priya',
      { verb: 'note', text: TEXT },
      {
        messages: [settled(order, { disposition: 'command', conversationId: id, reading: said })],
        texts: [{ id: TEXT, conversationId: id, messageId: order, author: 'priya', body: 'Ask the plumber' }],
      },
    );
    const request = await store.readRequest(id);
    expect(request).toMatchObject({ subject: 'Tap', customer: CARLA, earlier: { total: 0, done: 0 } });
    expect(request.messages.map((message) => message.id)).toEqual([messageId, second, answer]);
    expect(request.messages[1]).toEqual({
      id: second,
      storedAt: clock.now(),
      from: CARLA,
      subject: 'Re: Tap',
      text: 'It drips.',
      attachments: [],
      stranger: false,
      copied: [{ name: '', address: 'maintenance@elm.example' }],
      forwardedFrom: null,
      passedOn: null,
    });
    expect(request.customerMessageIds.slice(0, 2)).toEqual(['m1@tenant.example', 'm2@tenant.example']);
    expect(request.customerMessageIds).not.toContain('accept@elm.example');
    expect(request.texts).toEqual(new Map([[TEXT, { author: 'priya', body: 'Ask the plumber' }]]));
  });

  it('gives rendering the latest twenty messages', async () => {
    const { store, openOwned, happen, openFolder, receive } = here();
    const { id } = await openOwned();
    const ids = await receive(await openFolder(), ...Array.from({ length: 21 }, () => ({})));
    for (const messageId of ids) {
      await happen(
        id,
        { type: 'customer-wrote', messageId, onlyThanks: false },
        {
          messages: [
            settled(messageId, {
              disposition: 'follow-up',
              conversationId: id,
              reading: readingOf(messageId),
            }),
          ],
        },
      );
    }
    expect((await store.readRequest(id)).messages.map((message) => message.id)).toEqual(ids.slice(1));
  });

  it('marks what a stranger wrote into a request', async () => {
    const { store, openOwned, happen, receiveOne } = here();
    const { id, messageId } = await openOwned();
    const stranger = await receiveOne();
    await happen(
      id,
      { type: 'attached', messageId: stranger, as: 'stranger' },
      {
        messages: [
          settled(stranger, { disposition: 'follow-up', conversationId: id, reading: readingOf(stranger) }),
        ],
      },
    );
    const seen = (await store.readRequest(id)).messages.map((message) => [message.id, message.stranger]);
    expect(seen).toEqual([
      [messageId, false],
      [stranger, true],
    ]);
    expect((await store.readMessage(stranger))?.stranger).toBe(true);
    const report = await receiveOne();
    await happen(
      id,
      { type: 'attached', messageId: report, as: 'report' },
      {
        messages: [
          settled(report, { disposition: 'report', conversationId: id, reading: readingOf(report) }),
        ],
      },
    );
    expect((await store.readMessage(report))?.stranger).toBe(false);
  });

  it('counts the requests of a customer before this one, and how many are done', async () => {
    const { store, openRequest, openOwned, command } = here();
    const first = await openOwned();
    await command(first.id, 'priya', { verb: 'done', note: null });
    await openRequest();
    await openRequest({ customer: { name: 'Carla', address: 'carla@other.example' } });
    const third = await openRequest({ customer: { name: 'C. Ruiz', address: CARLA.address } });
    await openRequest();
    expect((await store.readRequest(third.id)).earlier).toEqual({ total: 2, done: 1 });
    expect((await store.readRequest(first.id)).earlier).toEqual({ total: 0, done: 0 });
  });

  it('tells of the earlier request that one names when it was finished and by whom, and nothing once it is open', async () => {
    const { store, clock, openRequest, openOwned, command } = here();
    const earlier = await openOwned();
    const follows = { conversationId: earlier.id, why: 'long-done' } as const;
    clock.advance(MINUTE);
    const { state } = await command(earlier.id, 'priya', { verb: 'done', note: null });
    const { id } = await openRequest({ follows });
    const done = { at: state.lastEventAt, by: 'priya' };
    const named = { id: earlier.id, why: 'long-done' } as const;
    expect((await store.readRequest(id)).follows).toEqual({ ...named, done, owner: null });
    expect((await store.readRequest(earlier.id)).follows).toBeNull();
    clock.advance(MINUTE);
    await command(earlier.id, 'priya', { verb: 'reopen' });
    expect((await store.readRequest(id)).follows).toEqual({ ...named, done: null, owner: 'priya' });
  });

  it("finds a customer's own requests in an inbox, the latest first, and the subjects of requests", async () => {
    const { transact, write, openRequest, receiveOne } = here();
    const first = await openRequest({ subject: 'Tap', mail: { subject: 'Fwd: Tap' } });
    const second = await openRequest({ subject: 'Door' });
    await openRequest({ subject: 'Tap', customer: { name: 'Carla', address: 'carla@other.example' } });
    const found = (limit: number, inbox = 'maintenance', address = CARLA.address) =>
      transact((tx) => tx.findRequestsOf(inbox, address, limit));
    expect(await found(5)).toEqual([
      { id: second.id, subject: 'Door' },
      { id: first.id, subject: 'Tap' },
    ]);
    expect(await found(1)).toEqual([{ id: second.id, subject: 'Door' }]);
    expect(await found(1, 'maintenance', CARLA.address.toUpperCase())).toHaveLength(1);
    expect(await found(5, 'billing')).toEqual([]);
    expect(await found(5, 'maintenance', '')).toEqual([]);
    const late = await receiveOne();
    const reading = readingOf(late, { subject: 'Re: Tap, again' });
    await write({
      messages: [settled(late, { disposition: 'follow-up', conversationId: first.id, reading })],
    });
    const subjects = (limit: number) => transact((tx) => tx.findSubjects([first.id], limit));
    expect(await subjects(9)).toEqual(['Tap', 'Re: Tap, again', 'Fwd: Tap']);
    expect(await subjects(2)).toEqual(['Tap', 'Re: Tap, again']);
    expect(await transact((tx) => tx.findSubjects([], 9))).toEqual([]);
  });

  it('shows a message once it was read, and null before', async () => {
    const { store, write, receiveOne } = here();
    const id = await receiveOne();
    expect(await store.readMessage(id)).toBeNull();
    expect(await store.readMessage(999_999)).toBeNull();
    const attachments = [{ filename: 'leak.jpg', contentType: 'image/jpeg', size: 3, inline: false }];
    await write({ messages: [settled(id, { reading: readingOf(id, { attachments, from: [] }) })] });
    const shown = {
      from: { name: '', address: '' },
      subject: 'Dripping tap',
      text: 'It drips.',
      attachments,
    };
    expect(await store.readMessage(id)).toMatchObject({ id, stranger: false, ...shown });
  });

  it('gives rendering what a member wrote about no request', async () => {
    const { store, write, receiveOne } = here();
    const messageId = await receiveOne();
    expect(await store.readText(TEXT)).toBeNull();
    const text = {
      id: TEXT,
      conversationId: null,
      messageId,
      author: 'priya',
      body: 'Later, I am on the roof.',
    };
    await write({ messages: [settled(messageId)], texts: [text] });
    expect(await store.readText(TEXT)).toEqual({ author: 'priya', body: 'Later, I am on the roof.' });
  });

  it('shows a mail whole of which nothing counts as newly written', async () => {
    const { store, write, receiveOne } = here();
    const id = await receiveOne();
    const reply = { text: '', quoted: 'all of it', signature: '' };
    await write({ messages: [settled(id, { reading: readingOf(id, { text: 'below the quote', reply }) })] });
    expect(await store.readMessage(id)).toMatchObject({ text: 'below the quote' });
  });

  it('keeps words that no database can hold as they are, such as NUL and half a character', async () => {
    const { store, openOwned, command, receiveOne } = here();
    const bad = 'tap\u0000 \ud83d drips';
    const customer = { name: bad, address: 'bad@tenant.example' };
    const mail = storedMail({
      from: [customer],
      subject: bad,
      text: bad,
      reply: { text: bad, quoted: '', signature: '' },
    });
    const { id } = await openOwned({ subject: bad, customer, mail });
    const order = await receiveOne();
    const texts = [{ id: TEXT, conversationId: id, messageId: order, author: 'priya', body: bad }];
    await command(id, 'priya', { verb: 'note', text: TEXT }, { texts });
    const request = await store.readRequest(id);
    const read = [
      request.subject,
      request.customer.name,
      request.messages[0]?.text,
      request.texts.get(TEXT)?.body,
    ];
    for (const words of read) expect(words).toMatch(/^tap.* drips$/su);
  });
}
