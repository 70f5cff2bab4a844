/** Batons that are broken on purpose, each in one way: what the checker is worth shows in which of them it finds. */
import type { Bell } from '../../../src/app/ports/queue.ts';
import type { Change, Store, Transaction } from '../../../src/app/ports/store.ts';

export type Mutation = {
  readonly store?: (store: Store) => Store;
  /** Which rows a bell is rung for. */
  readonly ring?: (bell: Bell, ids: readonly number[]) => readonly number[];
};

/** What is written is changed on its way. */
const rewriting = (change: (change: Change, nth: number) => Change): Mutation => ({
  store: (store) => {
    let count = 0;
    return {
      ...store,
      transact: (inboxes, work) =>
        store.transact(inboxes, (tx) => {
          const write: Transaction['write'] = (one) => {
            count += 1;
            return tx.write(change(one, count));
          };
          return work({ ...tx, write });
        }),
    };
  },
});

/** Ten minutes. */
const EARLY = 600_000_000;
const SOME = ['priya', 'luis', 'leah'];

const Mutants: Readonly<Record<string, Mutation>> = {
  'drops-a-notice': rewriting((change, nth) =>
    nth % 7 === 0 && change.notices !== undefined ? { ...change, notices: change.notices.slice(1) } : change,
  ),
  'confirms-twice': rewriting((change) => {
    const first = change.notices?.find(({ draft }) => draft.body.kind === 'acknowledgement');
    if (first === undefined) return change;
    const { draft, key } = first;
    const second = {
      ...first,
      key: `${key.slice(1)}a`,
      draft: { ...draft, dedupeKey: `${draft.dedupeKey}/again` },
    };
    return { ...change, notices: [...(change.notices ?? []), second] };
  }),
  'cursor-before-mail': {
    store: (store) => ({
      ...store,
      async saveBatch(batch) {
        await store.saveBatch({ ...batch, messages: [] });
        const { uidValidity, lastUid } = batch;
        return store.saveBatch({ ...batch, before: { uidValidity, lastUid } });
      },
    }),
  },
  /** Rings for nothing, and sweep and patrol are blind for mail that goes out. */
  'a-bell-without-sweep': {
    ring: (bell, ids) => (bell === 'deliver' ? [] : ids),
    store: (store) => ({
      ...store,
      async findUnrung(...asked) {
        return new Map([...(await store.findUnrung(...asked))].filter(([bell]) => bell !== 'deliver'));
      },
    }),
  },
  'fires-early': {
    store: (store) => ({
      ...store,
      transact: (inboxes, work) =>
        store.transact(inboxes, (tx) => work({ ...tx, now: async () => (await tx.now()) + EARLY })),
      async findDue(limit) {
        const theirs: number[] = [];
        for (const member of SOME) theirs.push(...(await store.conversationsOf(member)));
        return [...new Set([...(await store.findDue(limit)), ...theirs])];
      },
      findParkedDue: async (limit) => [
        ...new Set([...(await store.findParkedDue(limit)), ...(await store.parkedOf(SOME))]),
      ],
    }),
  },
  /** Knows a mail by its bytes alone. */
  'reads-one-mail-twice': {
    store: (store) => ({
      ...store,
      transact: (inboxes, work) =>
        store.transact(inboxes, (tx) =>
          work({ ...tx, findEarlierCopy: async () => null, hasActed: async () => false }),
        ),
    }),
  },
  'forgets-a-form': {
    store: (store) => ({
      ...store,
      transact: (inboxes, work) =>
        store.transact(inboxes, (tx) =>
          work({
            ...tx,
            hasOrdered: async () => false,
            write: (change) => tx.write({ ...change, orders: [] }),
          }),
        ),
    }),
  },
  'makes-a-mail-anew': {
    store: (store) => ({
      ...store,
      claimNotices: async (request) =>
        (await store.claimNotices(request)).map((claim) => ({ ...claim, mail: null })),
    }),
  },
  'bundles-what-it-lost': {
    store: (store) => ({
      ...store,
      transact: (inboxes, work) =>
        store.transact(inboxes, (tx) =>
          work({ ...tx, lockClaimed: async (claims) => new Set(claims.map(({ id }) => id)) }),
        ),
    }),
  },
  'forgets-what-was-asked': rewriting((change, nth) =>
    nth % 5 === 0 && change.conversations !== undefined
      ? { ...change, notices: (change.notices ?? []).filter(({ draft }) => draft.body.kind !== 'offer') }
      : change,
  ),
};

export const MutantNames = Object.keys(Mutants);

export function mutantOf(name: string): Mutation {
  const found = Mutants[name];
  if (found === undefined) throw new RangeError(`there is no mutant ${name}`);
  return found;
}
