/** What the store knows of whoever had a customer's last request, and of the words that spoke for a guess. */
import { expect, it } from 'vitest';
import { CARLA, type World } from './store-world.ts';

export function storeLearned(here: () => World): void {
  it('finds who had the last request of a customer in an inbox, finished or not, and not who called it spam', async () => {
    const { transact, openRequest, command } = here();
    const previous = (inbox = 'maintenance', address = CARLA.address) =>
      transact((tx) => tx.findPreviousOwner(inbox, address));
    expect(await previous()).toBeNull();
    const first = await openRequest();
    expect(await previous()).toBeNull();
    await command(first.id, 'priya', { verb: 'take' });
    expect(await previous()).toBe('priya');
    await command(first.id, 'priya', { verb: 'done', note: null });
    const second = await openRequest();
    await openRequest({ customer: { name: 'Jo', address: 'jo@other.example' } });
    expect(await previous()).toBe('priya');
    await command(second.id, 'luis', { verb: 'take' });
    expect(await previous('maintenance', CARLA.address.toUpperCase())).toBe('luis');
    await command(second.id, 'luis', { verb: 'spam' });
    expect(await previous()).toBe('priya');
    expect(await previous('billing')).toBeNull();
    expect(await previous('maintenance', '')).toBeNull();
  });

  it('keeps the words that spoke for a guess with the words of the request', async () => {
    const { store, openRequest } = here();
    const { id } = await openRequest({ because: ['drips', 'robinet'] });
    expect((await store.readRequest(id)).because).toEqual(['drips', 'robinet']);
    const without = await openRequest();
    expect(await store.readRequest(without.id)).not.toHaveProperty('because');
  });
}
