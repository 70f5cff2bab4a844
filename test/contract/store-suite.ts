/** What every Store promises, run against the double in memory and against PostgreSQL. Uses the port alone. */
import { afterEach, beforeEach, describe } from 'vitest';
import { storeBrakes } from './store-brakes.ts';
import { storeDigests } from './store-digests.ts';
import { storeIntake } from './store-intake.ts';
import { storeLearned } from './store-learned.ts';
import { storeLookups } from './store-lookups.ts';
import { storeMoves } from './store-moves.ts';
import { storeOutbox } from './store-outbox.ts';
import { storeParked } from './store-parked.ts';
import { storePeople } from './store-people.ts';
import { storeTransactions } from './store-transactions.ts';
import { storeWeeks } from './store-weeks.ts';
import { beginWorld, type StoreHarness, type World } from './store-world.ts';

/** `make` gives an empty store and the clock by which it tells the time. */
export function describeStore(name: string, make: () => Promise<StoreHarness>): void {
  describe(`the store (${name})`, () => {
    let harness: StoreHarness;
    let world: World;
    beforeEach(async () => {
      harness = await make();
      world = await beginWorld(harness);
    });
    afterEach(() => harness.close());

    const here = () => world;
    storeIntake(here);
    storeTransactions(here);
    storeLookups(here);
    storeLearned(here);
    storeMoves(here);
    storeOutbox(here);
    storeBrakes(here);
    storePeople(here);
    storeParked(here);
    storeWeeks(here);
    storeDigests(here);
  });
}
