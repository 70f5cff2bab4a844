/** The store's promises about the roster, mailboxes, batches of mail, and the first look at a message. */
import { expect, it } from 'vitest';
import { type Mailbox, type NewMessage, TRY_SPAN, type WatchedFolder } from '../../src/app/ports/store.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../../src/domain/instant.ts';
import { rosterOf } from '../support/policy.ts';
import { settled, type World } from './store-world.ts';

const INBOX: WatchedFolder = { inboxId: 'maintenance', folder: 'INBOX', role: 'inbox', startFrom: null };

const textOf = (raw: Uint8Array): string => Buffer.from(raw).toString();

export function storeIntake(here: () => World): void {
  it('names a member who is missing from the next roster as having left, and once', async () => {
    const { store, policy } = here();
    const roster = rosterOf(policy);
    expect(await store.syncRoster(roster)).toEqual({ left: [] });
    expect(await store.formerMembers()).toEqual([]);
    const without = { ...roster, members: roster.members.filter(({ id }) => id !== 'sam') };
    expect(await store.syncRoster(without)).toEqual({ left: ['sam'] });
    expect(await store.syncRoster(without)).toEqual({ left: [] });
    expect(await store.formerMembers()).toEqual([{ id: 'sam', name: 'Sam' }]);
  });

  it('counts a member who comes back as one who never left, under their new name', async () => {
    const { store, policy } = here();
    const roster = rosterOf(policy);
    await store.syncRoster({ ...roster, members: roster.members.filter(({ id }) => id !== 'sam') });
    const renamed = roster.members.map((member) =>
      member.id === 'sam' ? { ...member, name: 'Sam Ode' } : member,
    );
    expect(await store.syncRoster({ ...roster, members: renamed })).toEqual({ left: [] });
    expect(await store.formerMembers()).toEqual([]);
    await store.syncRoster({ ...roster, members: [] });
    expect(await store.formerMembers()).toContainEqual({ id: 'sam', name: 'Sam Ode' });
  });

  it('finds the open conversations that a member answers for or is asked to take', async () => {
    const { store, openRequest, openOwned, route, command } = here();
    const waiting = await openRequest();
    const asked = await openRequest();
    await route(asked.id, 'priya', 'luis');
    const owned = await openOwned();
    const done = await openOwned();
    await command(done.id, 'priya', { verb: 'done', note: null });
    expect((await store.conversationsOf('priya')).toSorted()).toEqual([asked.id, owned.id]);
    expect((await store.conversationsOf('leah')).toSorted()).toEqual([waiting.id, asked.id]);
    expect(await store.conversationsOf('luis')).toEqual([]);
  });

  it('makes a mailbox at first sight, watched from now on, and finds the same one afterwards', async () => {
    const { clock, openFolder, watch } = here();
    const begun = clock.now();
    // Servers date mail in whole seconds: what came within the first one counts as new.
    clock.advance(SECOND - 1);
    const first = await openFolder();
    expect(first).toMatchObject({ startFrom: begun, uidValidity: null, lastUid: 0, role: 'inbox' });
    clock.advance(HOUR);
    expect(await openFolder()).toEqual(first);
    const sent = await openFolder('maintenance', 'sent');
    expect(sent.id).not.toBe(first.id);
    const startFrom = begun - 24 * HOUR;
    const other = { inboxId: 'billing', folder: 'INBOX', role: 'inbox', startFrom } as const;
    expect((await watch(other)).startFrom).toBe(startFrom);
  });

  it('keeps why a mail was not given beside what was given of it, be it nothing', async () => {
    const { store, openFolder, newMessage } = here();
    const notGiven = 'the mail server does not give it out';
    const nothing = { ...newMessage({ uid: 4 }), raw: new Uint8Array(), rawHash: null, notGiven };
    const large = { ...newMessage({ uid: 5 }), rawHash: null };
    const ids = await store.saveBatch(batch(await openFolder(), [nothing, large], { lastUid: 5 }));
    const [first, second] = await store.beginClassify(ids);
    expect(first).toMatchObject({ whole: false, notGiven });
    expect(first?.raw).toHaveLength(0);
    expect(second).toMatchObject({ whole: false, notGiven: null });
  });

  it('keeps a batch with its bytes and moves the cursor with it', async () => {
    const { store, clock, openFolder, newMessage } = here();
    const mailbox = await openFolder();
    const messages = [newMessage({ uid: 4 }), newMessage({ uid: 9 })];
    const ids = await store.saveBatch(batch(mailbox, messages, { lastUid: 11 }));
    expect(ids).toHaveLength(2);
    expect(await openFolder()).toMatchObject({ uidValidity: '1', lastUid: 11 });
    const stored = await store.beginClassify(ids);
    expect(stored.map(({ raw }) => textOf(raw))).toEqual(messages.map(({ raw }) => textOf(raw)));
    expect(stored[0]).toMatchObject({
      id: ids[0],
      inboxId: 'maintenance',
      role: 'inbox',
      storedAt: clock.now(),
      size: messages[0]?.size,
      history: false,
      whole: true,
    });
  });

  it('moves the cursor with a batch in which every mail is gone from the server', async () => {
    const { store, openFolder } = here();
    expect(await store.saveBatch(batch(await openFolder(), [], { lastUid: 70 }))).toEqual([]);
    expect(await openFolder()).toMatchObject({ uidValidity: '1', lastUid: 70 });
  });

  it('lets one holder watch a mailbox at a time, and tells the others for how long', async () => {
    const { store, clock } = here();
    const first = await store.leaseMailbox(INBOX, 'one', 20 * SECOND);
    expect(first).toMatchObject({ type: 'held', mailbox: { lastUid: 0 } });
    clock.advance(5 * SECOND);
    expect(await store.leaseMailbox(INBOX, 'two', MINUTE)).toEqual({ type: 'taken', freeIn: 15 * SECOND });
    expect(await store.leaseMailbox({ ...INBOX, folder: 'Other' }, 'two', MINUTE)).toMatchObject({
      type: 'held',
    });
    expect(await store.leaseMailbox(INBOX, 'one', 20 * SECOND)).toEqual(first);
    clock.advance(19 * SECOND);
    expect(await store.leaseMailbox(INBOX, 'two', MINUTE)).toEqual({ type: 'taken', freeIn: SECOND });
  });

  it('gives a mailbox to whoever asks when the clock was set back behind its lease', async () => {
    const { store, clock } = here();
    await store.leaseMailbox(INBOX, 'one', MINUTE);
    clock.set(clock.now() - 2 * HOUR);
    expect(await store.leaseMailbox(INBOX, 'two', MINUTE)).toMatchObject({ type: 'held' });
    expect(await store.leaseMailbox(INBOX, 'one', MINUTE)).toMatchObject({ type: 'taken' });
  });

  it('gives a mailbox to one of many who ask for it at the same time', async () => {
    const { store } = here();
    const names = ['one', 'two', 'three', 'four', 'five'];
    const answers = await Promise.all(names.map((name) => store.leaseMailbox(INBOX, name, MINUTE)));
    expect(answers.filter(({ type }) => type === 'held')).toHaveLength(1);
  });

  it('raises the fence when another takes over, and not when the same holder goes on', async () => {
    const { store, clock } = here();
    const fenceOf = async (holder: string) => {
      const lease = await store.leaseMailbox(INBOX, holder, 20 * SECOND);
      return lease.type === 'held' ? lease.mailbox.fence : null;
    };
    const first = (await fenceOf('one')) ?? 0;
    clock.advance(HOUR);
    expect(await fenceOf('one')).toBe(first);
    clock.advance(20 * SECOND);
    expect(await fenceOf('two')).toBe(first + 1);
    expect(await fenceOf('one')).toBeNull();
    clock.advance(20 * SECOND);
    expect(await fenceOf('one')).toBe(first + 2);
  });

  it('keeps nothing of a batch whose poller has lost the mailbox, even when nothing was read since', async () => {
    const { store, clock, openFolder, newMessage } = here();
    const mailbox = await openFolder();
    const late = batch(mailbox, [newMessage({ uid: 1 })]);
    clock.advance(2 * DAY);
    const taken = await store.leaseMailbox(INBOX, 'two', MINUTE);
    await expect(store.saveBatch(late)).rejects.toMatchObject({ kind: 'temporary', code: 'lease-lost' });
    expect(taken).toMatchObject({ type: 'held', mailbox: { uidValidity: null, lastUid: 0 } });
    if (taken.type !== 'held') return;
    expect(await store.saveBatch(batch(taken.mailbox, [newMessage({ uid: 1 })]))).toHaveLength(1);
  });

  it('lets a mailbox go at once when its holder gives it back, and only then', async () => {
    const { store, openFolder } = here();
    const mailbox = await openFolder();
    await store.releaseMailbox({ ...mailbox, fence: mailbox.fence - 1 });
    expect(await store.leaseMailbox(INBOX, 'two', DAY)).toMatchObject({ type: 'taken' });
    await store.releaseMailbox(mailbox);
    expect(await store.leaseMailbox(INBOX, 'two', DAY)).toMatchObject({ type: 'held' });
    await store.releaseMailbox(mailbox);
    expect(await store.leaseMailbox(INBOX, 'three', DAY)).toMatchObject({ type: 'taken' });
  });

  it('refuses a batch that was read under an older cursor, and keeps nothing of it', async () => {
    const { store, openFolder, newMessage, receive } = here();
    const mailbox = await openFolder();
    const [first] = await receive(mailbox, {});
    const late = batch(mailbox, [newMessage({ uid: 1 })]);
    await expect(store.saveBatch(late)).rejects.toMatchObject({ kind: 'temporary', code: 'cursor-moved' });
    const behind = batch(mailbox, [newMessage({ uid: 2 })], { before: { uidValidity: '1', lastUid: 0 } });
    await expect(store.saveBatch(behind)).rejects.toMatchObject({ kind: 'temporary', code: 'cursor-moved' });
    const otherTime = batch(mailbox, [newMessage({ uid: 2 })], { before: { uidValidity: '2', lastUid: 1 } });
    await expect(store.saveBatch(otherTime)).rejects.toMatchObject({
      kind: 'temporary',
      code: 'cursor-moved',
    });
    expect(await openFolder()).toMatchObject({ uidValidity: '1', lastUid: 1 });
    const [second] = await receive(mailbox, {});
    expect(await store.beginClassify([first ?? 0, second ?? 0])).toHaveLength(2);
  });

  it('lets one of two pollers through who read the same mails', async () => {
    const { store, openFolder, newMessage } = here();
    const both = batch(await openFolder(), [newMessage({ uid: 1 })]);
    const results = await Promise.allSettled([store.saveBatch(both), store.saveBatch(both)]);
    expect(results.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    const lost = results.find((result) => result.status === 'rejected');
    expect(lost?.reason).toMatchObject({ kind: 'temporary' });
  });

  it('knows the mails again when a folder restored from a backup brings its old UIDVALIDITY back', async () => {
    const { store, openFolder, newMessage } = here();
    const mailbox = await openFolder();
    const [known, header] = [newMessage({ uid: 1 }), newMessage({ uid: 2, rawHash: null, size: 60_000_000 })];
    await store.saveBatch(batch(mailbox, [known, header]));
    const between = { before: { uidValidity: '1', lastUid: 2 }, lastUid: 0 };
    await store.saveBatch({ ...batch(mailbox, [], between), uidValidity: '2' });
    const fresh = newMessage({ uid: 3 });
    const restored = batch(mailbox, [known, header, fresh], { before: { uidValidity: '2', lastUid: 0 } });
    const waiting = await store.saveBatch(restored);
    expect((await store.beginClassify(waiting)).map(({ raw }) => textOf(raw))).toEqual([textOf(fresh.raw)]);
    expect(await openFolder()).toMatchObject({ uidValidity: '1', lastUid: 3 });
  });

  it('gives a UID that was used to another mail of a restored folder, and keeps both mails', async () => {
    const { store, openFolder, newMessage } = here();
    const mailbox = await openFolder();
    const [kept, first] = [newMessage({ uid: 1 }), newMessage({ uid: 2 })];
    const before = await store.saveBatch(batch(mailbox, [kept, first]));
    const other = newMessage({ uid: 2 });
    const header = newMessage({ uid: 3, rawHash: null, size: 60_000_000 });
    const messages = [kept, other, header, { ...other, uid: 4 }];
    const after = await store.saveBatch(
      batch(mailbox, messages, { before: { uidValidity: '1', lastUid: 2 } }),
    );
    expect(after).toHaveLength(2);
    const stored = await store.beginClassify([...before, ...after]);
    expect(stored.map(({ raw }) => textOf(raw)).sort()).toEqual(
      [kept, first, other, header].map(({ raw }) => textOf(raw)),
    );
    const third = newMessage({ uid: 2 });
    const again = batch(mailbox, [third], { before: { uidValidity: '1', lastUid: 4 }, lastUid: 2 });
    expect(await store.saveBatch(again)).toHaveLength(1);
    expect(await openFolder()).toMatchObject({ uidValidity: '1', lastUid: 2 });
  });

  it('takes the same bytes found again under a new UIDVALIDITY for a duplicate', async () => {
    const { store, openFolder, newMessage } = here();
    const mailbox = await openFolder();
    const mail = newMessage({ uid: 7 });
    await store.saveBatch(batch(mailbox, [mail]));
    const fresh = newMessage({ uid: 2 });
    const rescan = {
      ...batch(mailbox, [{ ...mail, uid: 1 }, fresh], { before: { uidValidity: '1', lastUid: 7 } }),
      uidValidity: '18446744073709551615',
      lastUid: 2,
    };
    const waiting = await store.saveBatch(rescan);
    expect((await store.beginClassify(waiting)).map(({ raw }) => textOf(raw))).toEqual([textOf(fresh.raw)]);
    expect(await openFolder()).toMatchObject({ uidValidity: '18446744073709551615', lastUid: 2 });
  });

  it('takes the second of two equal mails in one batch for a duplicate', async () => {
    const { store, openFolder, newMessage } = here();
    const mail = newMessage({ uid: 1 });
    const ids = await store.saveBatch(batch(await openFolder(), [mail, { ...mail, uid: 2 }]));
    expect(ids).toHaveLength(1);
  });

  it('takes equal bytes for two mails when they lie in two inboxes, or in Sent', async () => {
    const { openFolder, receive, newMessage } = here();
    const { uid: _, ...mail } = newMessage();
    expect(await receive(await openFolder(), mail)).toHaveLength(1);
    expect(await receive(await openFolder('billing'), mail)).toHaveLength(1);
    expect(await receive(await openFolder('maintenance', 'sent'), mail)).toHaveLength(1);
  });

  it('takes no mail for a copy of which only the header is known', async () => {
    const { store, openFolder, receive, newMessage } = here();
    const { uid: _, ...header } = newMessage({ rawHash: null, size: 60_000_000 });
    const ids = await receive(await openFolder(), header, header);
    expect(ids).toHaveLength(2);
    expect((await store.beginClassify(ids))[0]).toMatchObject({ whole: false, size: 60_000_000 });
  });

  it('marks as history what the server received before the mailbox was watched', async () => {
    const { store, clock, openFolder, receive } = here();
    const start = clock.now();
    const ids = await receive(await openFolder(), { receivedAt: start - 1 }, { receivedAt: start });
    expect((await store.beginClassify(ids)).map(({ history }) => history)).toEqual([true, false]);
  });

  it('counts each try to read a message, and leaves out what is settled or unknown', async () => {
    const { store, clock, openFolder, receive, write } = here();
    const mailbox = await openFolder();
    const [first = 0] = await receive(mailbox, {});
    clock.advance(MINUTE);
    const [second = 0, third = 0] = await receive(mailbox, {}, {});
    const ids = [third, second, first, 999_999];
    expect((await store.beginClassify(ids)).map(({ id, tries }) => [id, tries])).toEqual([
      [first, 1],
      [second, 1],
      [third, 1],
    ]);
    await write({ messages: [settled(second)] });
    clock.advance(TRY_SPAN);
    expect((await store.beginClassify(ids)).map(({ id, tries }) => [id, tries])).toEqual([
      [first, 2],
      [third, 2],
    ]);
  });

  it('counts as one try what several begin at the same time, and asks nobody else to look meanwhile', async () => {
    const { store, clock, receiveOne } = here();
    const id = await receiveOne();
    clock.advance(MINUTE);
    await Promise.all([1, 2, 3, 4, 5].map(() => store.beginClassify([id])));
    clock.advance(TRY_SPAN - 1);
    expect(await store.beginClassify([id])).toMatchObject([{ id, tries: 1 }]);
    const unrung = async () => (await store.findUnrung(15 * SECOND, 10)).get('classify');
    clock.advance(15 * SECOND);
    expect(await unrung()).toEqual([]);
    clock.advance(1);
    expect(await unrung()).toEqual([id]);
  });

  it('has a mail that somebody has begun to read wait longer than one that nobody has', async () => {
    const { store, clock, receiveOne } = here();
    const [begun, left] = [await receiveOne(), await receiveOne()];
    await store.beginClassify([begun]);
    const unrung = async () => (await store.findUnrung(SECOND, 10, 30 * SECOND)).get('classify');
    clock.advance(SECOND);
    expect(await unrung()).toEqual([]);
    clock.advance(1);
    expect(await unrung()).toEqual([left]);
    clock.advance(29 * SECOND);
    expect(await unrung()).toEqual([begun, left]);
  });

  it("hands out bytes that are the reader's own", async () => {
    const { store, receiveOne } = here();
    const id = await receiveOne();
    const [first] = await store.beginClassify([id]);
    const before = textOf(first?.raw ?? new Uint8Array());
    first?.raw.fill(0);
    const [second] = await store.beginClassify([id]);
    expect(textOf(second?.raw ?? new Uint8Array())).toBe(before);
  });
}

type BatchChanges = {
  readonly before?: { readonly uidValidity: string | null; readonly lastUid: number };
  readonly lastUid?: number;
};

/** As a poller would save it that saw the mailbox in this state. */
function batch(
  { id, fence, uidValidity, lastUid }: Mailbox,
  messages: readonly NewMessage[],
  changes: BatchChanges = {},
) {
  return {
    mailboxId: id,
    fence,
    uidValidity: '1',
    before: { uidValidity, lastUid },
    lastUid: Math.max(lastUid, ...messages.map(({ uid }) => uid)),
    messages,
    ...changes,
  };
}
