/** The store's promises about notices on their way out, about clocks, and about what the sweep finds. */
import { expect, it } from 'vitest';
import type { NoticeOutcome } from '../../src/app/ports/outbox.ts';
import { TRY_SPAN } from '../../src/app/ports/store.ts';
import { HOUR, MINUTE, SECOND } from '../../src/domain/instant.ts';
import { looseNotice, readingOf, settled, type World } from './store-world.ts';

const LEASE = 2 * MINUTE;
const RAW = Buffer.from('Subject: Can you take this?\r\n\r\n');

export function storeOutbox(here: () => World): void {
  /** Writes notices that are due a second apart, the first at once; the clock then stands where the last is due. */
  async function writeSpread(...names: string[]): Promise<number[]> {
    const { clock, write } = here();
    const ids: number[] = [];
    for (const name of names) {
      if (ids.length > 0) clock.advance(SECOND);
      ids.push(...(await write({ notices: [looseNotice(name)] })).notices);
    }
    return ids;
  }
  const claim = async (limit = 10, ids?: readonly number[]) => {
    const claimed = await here().store.claimNotices({ limit, lease: LEASE, ...(ids && { ids }) });
    return claimed.map(({ notice }) => notice.id);
  };
  /** By whoever claimed it for this attempt, or first. */
  const outcome = (id: number, state: NoticeOutcome['state'], attempt: number | null = 1) =>
    here().write({
      outcomes: [
        {
          id,
          claims: attempt ?? 1,
          attempt,
          result:
            attempt === null ? null : { outcome: state === 'sent' ? 'accepted' : 'temporary', code: '250' },
          state,
          code: '250',
        },
      ],
    });
  const attempt = (id: number, number = 1, { raw = RAW, claims = number } = {}) => {
    const start = { id, claims, number, lease: LEASE, recipient: `try-${number}@elm.example`, raw };
    return here().store.beginAttempt({ ...start, counted: null });
  };

  it('keeps one notice for one event and recipient, however often it is written', async () => {
    const { write } = here();
    const first = await write({ notices: [looseNotice('a'), looseNotice('b')] });
    expect(first.notices).toHaveLength(2);
    const again = await write({ notices: [looseNotice('a'), looseNotice('c'), looseNotice('c')] });
    expect(again.notices).toHaveLength(1);
    expect((await claim()).toSorted()).toEqual([...first.notices, ...again.notices].toSorted());
  });

  it('counts what each member was sent since a moment, and what stands in a bundle is none of it', async () => {
    const { store, clock } = here();
    const [first = 0, second = 0, third = 0] = await writeSpread('a', 'b', 'c');
    const before = clock.now();
    await claim();
    await attempt(first);
    await outcome(first, 'sent');
    await outcome(second, 'bundled', null);
    const { notice } = (await store.claimNotices({ ids: [third], limit: 1, lease: LEASE }))[0] ?? {};
    expect(notice).toBeUndefined();
    const sent = await store.sentLately(['dana', 'priya'], before - MINUTE);
    expect([sent.get('dana')?.mails, sent.get('priya')?.mails ?? 0]).toEqual([1, 0]);
    expect((await store.sentLately(['dana'], clock.now())).get('dana')?.mails ?? 0).toBe(0);
    expect(await claim()).toEqual([]);
  });

  it('holds a notice for whoever claimed it last, until its outcome is known', async () => {
    const { store, clock, write, transact } = here();
    const ids = await writeSpread('a', 'b');
    const claimed = async () =>
      (await store.claimNotices({ limit: 10, lease: LEASE })).map(({ notice, claims }) => ({
        id: notice.id,
        claims,
      }));
    const held = (claims: Awaited<ReturnType<typeof claimed>>) =>
      transact(async (tx) => [...(await tx.lockClaimed(claims))].toSorted());
    const first = await claimed();
    expect(await held(first)).toEqual(ids.toSorted());
    clock.advance(LEASE + SECOND);
    const second = await claimed();
    expect(await held(first)).toEqual([]);
    const [id = 0, other = 0] = ids;
    const dropped = { attempt: null, result: null, state: 'dropped', code: 'overtaken' } as const;
    await write({ outcomes: [{ id, claims: 2, ...dropped }] });
    expect(await held(second)).toEqual([other]);
  });

  it('reads notices by their keys, oldest first', async () => {
    const { store } = here();
    const ids = await writeSpread('a', 'b', 'c');
    const keys = (await store.claimNotices({ limit: 10, lease: LEASE })).map(({ key }) => key);
    const found = await store.readNotices([keys[2] ?? '', keys[0] ?? '', 'unknown']);
    expect(found.map(({ id }) => id)).toEqual([ids[0], ids[2]]);
  });

  it('tells how far notices have come, whether or not they went out', async () => {
    const { store, clock } = here();
    const [first = 0] = await writeSpread('a', 'b', 'c');
    const keys = (await store.claimNotices({ limit: 10, lease: LEASE })).map(({ key }) => key);
    await attempt(first);
    await outcome(first, 'sent');
    expect(await store.readProgress([...keys.slice(0, 2), 'unknown'])).toEqual([
      { state: 'sent', attempts: 1, settledAt: clock.now() },
      { state: 'sending', attempts: 0, settledAt: null },
    ]);
  });

  it('commits notices with the event they tell of, as they were drafted', async () => {
    const { store, clock, openRequest, route } = here();
    const { id, messageId } = await openRequest();
    const { notices, state } = await route(id, 'priya');
    const claimed = await store.claimNotices({ limit: 10, lease: LEASE });
    expect(claimed.map(({ notice }) => notice.id)).toEqual(notices);
    const offer = claimed.find(({ notice }) => notice.body.kind === 'offer');
    expect(offer).toMatchObject({ attempts: 0, mail: null });
    expect(offer?.key).toHaveLength(26);
    expect(offer?.notice).toMatchObject({
      conversationId: id,
      seq: state.version,
      recipient: { type: 'member', member: 'priya' },
      shown: messageId,
      epoch: 1,
      createdAt: clock.now(),
      body: { kind: 'offer', acceptBy: state.offer?.acceptBy, accountable: 'leah' },
    });
    const acknowledgement = claimed.find(({ notice }) => notice.body.kind === 'acknowledgement');
    expect(acknowledgement?.notice.recipient).toEqual({ type: 'customer' });
  });

  it('claims what has been due for longest first, and no more than asked for', async () => {
    const [a = 0, b = 0, c = 0] = await writeSpread('a', 'b', 'c');
    const { clock } = here();
    await claim(1, [a]);
    await outcome(a, { retryAt: clock.now() + SECOND }, null);
    clock.advance(SECOND);
    expect(await claim(2)).toEqual([b, c]);
    expect(await claim()).toEqual([a]);
    expect(await claim()).toEqual([]);
  });

  it('claims only those that were named', async () => {
    const [a = 0, , c = 0] = await writeSpread('a', 'b', 'c');
    expect(await claim(10, [c, a, 999_999])).toEqual([a, c]);
    expect(await claim(10, [])).toEqual([]);
  });

  it('never gives a notice to two who claim at once', async () => {
    const { store, write } = here();
    const drafts = Array.from({ length: 40 }, (_, index) => looseNotice(`n${index}`));
    const { notices } = await write({ notices: drafts });
    const claims = await Promise.all(
      Array.from({ length: 8 }, () => store.claimNotices({ limit: 7, lease: LEASE })),
    );
    const taken = claims.flat().map(({ notice }) => notice.id);
    expect(new Set(taken).size).toBe(taken.length);
    const rest = await claim(40);
    expect([...taken, ...rest].toSorted((x, y) => x - y)).toEqual(notices.toSorted((x, y) => x - y));
  });

  it('gives a notice to another once its lease has run out', async () => {
    const { clock } = here();
    const ids = await writeSpread('a');
    expect(await claim()).toEqual(ids);
    clock.advance(LEASE - SECOND);
    expect(await claim()).toEqual([]);
    clock.advance(2 * SECOND);
    expect(await claim(10, ids)).toEqual(ids);
    expect(await claim()).toEqual([]);
  });

  it('gives a notice to another when the clock was set back behind its lease', async () => {
    const { clock } = here();
    const ids = await writeSpread('a');
    expect(await claim()).toEqual(ids);
    clock.set(clock.now() - 2 * HOUR);
    expect(await claim()).toEqual(ids);
    expect(await claim()).toEqual([]);
  });

  it('leaves a notice alone that another has claimed since, whatever a slower mailer wants of it', async () => {
    const { store, clock, write } = here();
    const [id = 0] = await writeSpread('a');
    await claim();
    clock.advance(LEASE);
    await claim();
    await expect(attempt(id, 1)).rejects.toMatchObject({ code: 'attempt-out-of-turn' });
    for (const state of ['dropped', 'failed', 'bundled', { retryAt: clock.now() }] as const)
      await outcome(id, state, null);
    await store.recordOutcome({ id, claims: 1, attempt: null, result: null, state: 'failed', code: '250' });
    await attempt(id, 1, { claims: 2 });
    const late = { id, claims: 1, attempt: 1, code: '550' } as const;
    const result = { outcome: 'permanent', code: '550' } as const;
    await write({ outcomes: [{ ...late, result, state: 'failed' }] });
    expect(await claim()).toEqual([]);
    clock.advance(LEASE);
    expect(await claim()).toEqual([id]);
    // What was sent is so, whoever sent it.
    await outcome(id, 'sent', 1);
    expect(await store.nextDueAt()).toBeNull();
  });

  it('begins the lease anew with the attempt, so that a mail that was long in the making has time to go out', async () => {
    const { store, clock } = here();
    const [id = 0] = await writeSpread('a');
    await claim();
    clock.advance(LEASE - SECOND);
    await attempt(id);
    expect(await store.nextDueAt()).toBe(clock.now() + LEASE);
    clock.advance(LEASE - SECOND);
    expect(await claim()).toEqual([]);
  });

  it('counts how often a notice was taken, sent or not', async () => {
    const { store, clock } = here();
    const [id = 0] = await writeSpread('stubborn');
    const claims: number[] = [];
    for (let round = 0; round < 3; round += 1) {
      const [claimed] = await store.claimNotices({ ids: [id], limit: 1, lease: LEASE });
      claims.push(claimed?.claims ?? 0);
      clock.advance(LEASE);
    }
    expect(claims).toEqual([1, 2, 3]);
  });

  it('knows in which inboxes something is open', async () => {
    const { store, openRequest } = here();
    expect(await store.busyInboxes()).toEqual([]);
    await openRequest();
    expect(await store.busyInboxes()).toEqual(['maintenance']);
  });

  it('counts the tries of a reply anew, each before it is carried out', async () => {
    const { store, clock, receiveOne, write } = here();
    const [reply, other] = [await receiveOne(), await receiveOne()];
    await store.beginClassify([reply]);
    await write({
      messages: [
        settled(reply, { stage: 'replying', disposition: null, member: 'priya', reading: readingOf(reply) }),
      ],
    });
    expect(await store.beginReplies([reply, other, 999_999])).toMatchObject([
      { id: reply, inboxId: 'maintenance', tries: 1 },
    ]);
    expect(await store.beginReplies([reply])).toMatchObject([{ id: reply, tries: 1 }]);
    clock.advance(TRY_SPAN);
    expect(await store.beginReplies([reply])).toMatchObject([{ id: reply, tries: 2 }]);
    await write({ messages: [settled(reply)] });
    expect(await store.beginReplies([reply])).toEqual([]);
  });

  it('counts attempts and keeps the bytes of the first', async () => {
    const { store, clock } = here();
    const [id = 0] = await writeSpread('a');
    await claim();
    await attempt(id, 1);
    await outcome(id, { retryAt: clock.now() }, 1);
    await claim();
    await attempt(id, 2, { raw: Buffer.from('others') });
    clock.advance(2 * LEASE);
    const [third] = await store.claimNotices({ limit: 1, lease: LEASE });
    expect(third).toMatchObject({ attempts: 2, mail: { recipient: 'try-1@elm.example' } });
    expect(Buffer.from(third?.mail?.raw ?? []).equals(RAW)).toBe(true);
  });

  it('refuses to begin an attempt out of turn, so that two senders never make the same one', async () => {
    const { clock } = here();
    const refused = { kind: 'temporary', code: 'attempt-out-of-turn' };
    const [id = 0] = await writeSpread('a');
    await expect(attempt(id, 1)).rejects.toMatchObject(refused);
    await claim();
    clock.advance(2 * LEASE);
    await claim();
    await attempt(id, 1, { claims: 2 });
    await expect(attempt(id, 1, { claims: 2 })).rejects.toMatchObject(refused);
    await expect(attempt(id, 3, { claims: 2 })).rejects.toMatchObject(refused);
    await outcome(id, 'sent', 1);
    await expect(attempt(id, 2)).rejects.toMatchObject(refused);
  });

  it('claims nothing again that was sent, has failed or was dropped', async () => {
    const { store, clock } = here();
    const [a = 0, b = 0, c = 0] = await writeSpread('a', 'b', 'c');
    await claim();
    await attempt(a);
    await outcome(a, 'sent');
    await attempt(b);
    await outcome(b, 'failed');
    await outcome(c, 'dropped', null);
    clock.advance(HOUR);
    expect(await claim()).toEqual([]);
    expect(await store.nextDueAt()).toBeNull();
    expect(unrung(await store.findUnrung(0, 10))).toEqual({});
  });

  it('claims what is to be tried again at its time, not before', async () => {
    const { store, clock } = here();
    const [id = 0] = await writeSpread('a');
    await claim();
    await attempt(id);
    const retryAt = clock.now() + HOUR;
    await outcome(id, { retryAt });
    expect(await store.nextDueAt()).toBe(retryAt);
    clock.set(retryAt - 1);
    expect(await claim()).toEqual([]);
    clock.set(retryAt);
    expect(await claim()).toEqual([id]);
  });

  it('keeps what was sent as sent when a slower sender reports later', async () => {
    const { clock } = here();
    const [id = 0] = await writeSpread('a');
    await claim();
    await attempt(id, 1);
    clock.advance(2 * LEASE);
    await claim();
    await attempt(id, 2);
    await outcome(id, 'sent', 2);
    await outcome(id, { retryAt: clock.now() }, 1);
    await outcome(id, { retryAt: clock.now() }, 2);
    clock.advance(HOUR);
    expect(await claim()).toEqual([]);
  });

  it('does not let a slower sender who asks for a retry take the turn from a later attempt', async () => {
    const { clock } = here();
    const [id = 0] = await writeSpread('a');
    await claim();
    await attempt(id, 1);
    clock.advance(2 * LEASE);
    await claim();
    await attempt(id, 2);
    await outcome(id, { retryAt: clock.now() }, 1);
    expect(await claim()).toEqual([]);
    await outcome(id, { retryAt: clock.now() }, 2);
    expect(await claim()).toEqual([id]);
  });

  it('finds the conversations whose clock has run out, the urgent ones first, then the longest overdue', async () => {
    const { store, clock, openRequest, openOwned, route } = here();
    const calm = await openRequest();
    const { state } = await route(calm.id, 'priya');
    const urgent = await openRequest({ priority: 'urgent' });
    const { state: soon } = await route(urgent.id, 'priya');
    await openOwned();
    await openRequest();
    expect(await store.findDue(10)).toEqual([]);
    clock.set(soon.offer?.acceptBy ?? 0);
    expect(await store.findDue(10)).toEqual([urgent.id]);
    clock.set(state.offer?.acceptBy ?? 0);
    expect(await store.findDue(10)).toEqual([urgent.id, calm.id]);
    expect(await store.findDue(1)).toEqual([urgent.id]);
    // What is urgent comes first, however long the rest has waited.
    const later = await openRequest({ priority: 'urgent' });
    const { state: latest } = await route(later.id, 'priya');
    clock.set(latest.offer?.acceptBy ?? 0);
    expect(await store.findDue(10)).toEqual([urgent.id, later.id, calm.id]);
    expect(await store.findDue(2)).toEqual([urgent.id, later.id]);
  });

  it('stops the clock of a conversation with its offer', async () => {
    const { store, clock, openRequest, route, command } = here();
    const { id } = await openRequest();
    await route(id, 'priya');
    await command(id, 'priya', { verb: 'accept' });
    clock.advance(1_000 * HOUR);
    expect(await store.findDue(10)).toEqual([]);
  });

  it('tells when the next clock, notice or lease comes due', async () => {
    const { store, clock, openRequest, route } = here();
    expect(await store.nextDueAt()).toBeNull();
    const { id } = await openRequest();
    expect(await store.nextDueAt()).toBeNull();
    const { state, notices } = await route(id, 'priya');
    expect(await store.nextDueAt()).toBe(clock.now());
    await claim();
    expect(await store.nextDueAt()).toBe(clock.now() + LEASE);
    for (const notice of notices) await outcome(notice, 'dropped', null);
    expect(await store.nextDueAt()).toBe(state.offer?.acceptBy);
  });

  it('finds what nobody was rung for, once its patience is over', async () => {
    const { store, clock, write, receiveOne, openRequest, openOwned, route } = here();
    const owned = await openOwned();
    await route(owned.id, 'priya');
    const stored = await receiveOne();
    const replying = await receiveOne();
    await write({
      messages: [settled(replying, { stage: 'replying', disposition: null, reading: readingOf(replying) })],
    });
    const waiting = await openRequest();
    const offered = await openRequest();
    await route(offered.id, 'priya');
    for (const notice of await claim()) await outcome(notice, 'dropped', null);
    const [notice] = await writeSpread('a');
    clock.advance(30 * SECOND);
    expect(unrung(await store.findUnrung(MINUTE, 10))).toEqual({});
    clock.advance(MINUTE);
    expect(unrung(await store.findUnrung(MINUTE, 10))).toEqual({
      classify: [stored],
      reply: [replying],
      route: [waiting.id],
      deliver: [notice],
    });
  });

  it('finds a notice again whose sender died, and leaves one alone that is being sent', async () => {
    const { store, clock } = here();
    const ids = await writeSpread('a');
    await claim();
    clock.advance(LEASE - SECOND);
    expect(unrung(await store.findUnrung(SECOND, 10))).toEqual({});
    clock.advance(2 * SECOND);
    expect(unrung(await store.findUnrung(SECOND, 10))).toEqual({ deliver: ids });
  });

  it('finds the oldest first and no more than asked for, bell by bell', async () => {
    const { store, clock, receiveOne, openRequest } = here();
    const messages: number[] = [];
    const requests: number[] = [];
    for (const _ of [1, 2, 3]) {
      messages.push(await receiveOne());
      requests.push((await openRequest()).id);
      clock.advance(SECOND);
    }
    const [first, second] = await writeSpread('a', 'b', 'c');
    clock.advance(HOUR);
    expect(unrung(await store.findUnrung(MINUTE, 2))).toEqual({
      classify: messages.slice(0, 2),
      route: requests.slice(0, 2),
      deliver: [first, second],
    });
  });
}

/** The bells that have something to ring for. */
const unrung = (found: ReadonlyMap<string, readonly number[]>) =>
  Object.fromEntries([...found].filter(([, ids]) => ids.length > 0).map(([bell, ids]) => [bell, [...ids]]));
