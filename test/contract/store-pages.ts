/** What both stores promise of pages, and of escalations that wait for each other. */
import { afterEach, describe, expect, it } from 'vitest';
import type { Pages } from '../../src/app/ports/pages.ts';
import { HOUR, MINUTE, SECOND } from '../../src/domain/instant.ts';
import { beginWorld, looseNotice, type StoreHarness, type World } from './store-world.ts';

export type PagesHarness = StoreHarness & { readonly pages: Pages };

const LEASE = MINUTE;

export function describePages(name: string, make: () => Promise<PagesHarness>): void {
  describe(`pages and escalations that wait (${name})`, () => {
    let harness: PagesHarness;
    let world: World;
    const begin = async () => {
      harness = await make();
      world = await beginWorld(harness);
    };
    afterEach(() => harness.close());
    const paged = (named: string) => ({ ...looseNotice(named), page: 'climbed' as const });
    const waiting = (named: string, recipient = 'dana') => ({
      ...looseNotice(named, { recipient: { type: 'member', member: recipient } }),
      mayWait: true as const,
    });
    const idsOf = async () => (await harness.pages.claim(10, LEASE)).map(({ notice }) => notice.id);

    it(`commits a page with its notice, once however often that is written, and gives it to one worker (${name})`, async () => {
      await begin();
      const { notices } = await world.write({ notices: [paged('a'), looseNotice('b')] });
      await world.write({ notices: [paged('a')] });
      const claimed = await harness.pages.claim(10, LEASE);
      expect(claimed.map(({ notice, why, tries, code }) => [notice.id, why, tries, code])).toEqual([
        [notices[0], 'climbed', 1, null],
      ]);
      expect(await idsOf()).toEqual([]);
      // Whoever had it is gone: another takes it, and the try was counted.
      harness.clock.advance(LEASE);
      expect((await harness.pages.claim(10, LEASE))[0]?.tries).toBe(2);
    });

    it(`keeps nothing of a page whose transaction fails (${name})`, async () => {
      await begin();
      await expect(
        world.transact(async (tx) => {
          await tx.write({ notices: [paged('a')] });
          throw new Error('no');
        }),
      ).rejects.toThrow('no');
      expect(await idsOf()).toEqual([]);
    });

    it(`is due again when a try asks for it, and never after it was settled (${name})`, async () => {
      await begin();
      const { notices } = await world.write({ notices: [paged('a')] });
      const [id = 0] = notices;
      await idsOf();
      await harness.pages.settle(id, {
        state: { retryAt: harness.clock.now() + 5 * SECOND },
        code: 'web-failed',
      });
      expect(await idsOf()).toEqual([]);
      harness.clock.advance(5 * SECOND);
      const [again] = await harness.pages.claim(10, LEASE);
      expect([again?.notice.id, again?.tries, again?.code]).toEqual([id, 2, 'web-failed']);
      await harness.pages.settle(id, { state: 'sent', code: 'taken' });
      await harness.pages.settle(id, { state: { retryAt: harness.clock.now() }, code: 'web-failed' });
      harness.clock.advance(HOUR);
      expect(await idsOf()).toEqual([]);
    });

    it(`knows when an hour of escalations began, and which of them is the oldest that has not gone out (${name})`, async () => {
      await begin();
      const { store, clock } = harness;
      const { notices } = await world.write({
        notices: [looseNotice('news'), waiting('a'), waiting('b'), waiting('c', 'omar')],
      });
      const [news = 0, a = 0, b = 0] = notices;
      const createdAt = clock.now();
      const since = createdAt - HOUR;
      const lately = async () => (await store.sentLately(['dana'], since)).get('dana');
      expect(await lately()).toEqual({ mails: 0, began: null, first: { id: a, createdAt } });
      await store.claimNotices({ ids: [news, a], limit: 2, lease: LEASE });
      clock.advance(SECOND);
      for (const id of [news, a]) {
        await store.beginAttempt({
          id,
          claims: 1,
          number: 1,
          lease: LEASE,
          recipient: 'x@elm.example',
          raw: Buffer.from('x'),
          counted: null,
        });
        const result = { outcome: 'accepted', code: '250' } as const;
        await world.write({ outcomes: [{ id, claims: 1, attempt: 1, result, state: 'sent', code: '250' }] });
      }
      expect(await lately()).toEqual({ mails: 2, began: createdAt + SECOND, first: { id: b, createdAt } });
    });

    it(`hands over early what waits for others, for one member, oldest first, and nothing that was never put off (${name})`, async () => {
      await begin();
      const { store, clock } = harness;
      const { notices } = await world.write({
        notices: [waiting('a'), waiting('b'), waiting('c'), waiting('d', 'omar')],
      });
      await store.claimNotices({ limit: 10, lease: LEASE });
      const [a = 0, b = 0, , d = 0] = notices;
      for (const id of [b, a, d]) {
        const state = { retryAt: clock.now() + HOUR };
        await world.write({
          outcomes: [{ id, claims: 1, attempt: null, result: null, state, code: 'bundled' }],
        });
      }
      const claim = () => store.claimWaiting('dana', { limit: 10, lease: LEASE });
      expect((await claim()).map(({ notice, mayWait }) => [notice.id, mayWait])).toEqual([
        [a, true],
        [b, true],
      ]);
      expect(await claim()).toEqual([]);
    });

    it(`finds urgent requests first among those whose clock has run out (${name})`, async () => {
      await begin();
      const calm = await world.openRequest();
      await world.route(calm.id, 'priya');
      harness.clock.advance(MINUTE);
      const urgent = await world.openRequest({ priority: 'urgent' });
      await world.route(urgent.id, 'sam');
      harness.clock.advance(100 * HOUR);
      expect(await harness.store.findDue(10)).toEqual([urgent.id, calm.id]);
      expect(await harness.store.findDue(1)).toEqual([urgent.id]);
    });
  });
}
