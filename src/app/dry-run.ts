/** A transaction that asks what is known and keeps what it is told to write, for whoever wants to see what would happen. */
import type { Instant } from '../domain/instant.ts';
import type { Change, Transaction } from './ports/store.ts';

export type Known = Omit<
  Transaction,
  | 'now'
  | 'lockMessages'
  | 'lockClaimed'
  | 'lockAbsences'
  | 'reserveConversation'
  | 'reserveConversations'
  | 'reserveAbsence'
  | 'claimStandingMail'
  | 'write'
>;

/** A request that would be opened has this number: none that there is. */
export const WOULD_BE = 0;

export type DryRun = { readonly tx: Transaction; readonly changes: readonly Change[] };

export function dryRun(known: Known, now: Instant): DryRun {
  const changes: Change[] = [];
  const tx: Transaction = {
    ...known,
    now: async () => now,
    lockMessages: async (ids) => new Set(ids),
    lockClaimed: async (claims) => new Set(claims.map(({ id }) => id)),
    lockAbsences: () => known.findAbsences(),
    reserveConversation: async () => WOULD_BE,
    reserveConversations: async (count) => Array.from({ length: count }, () => WOULD_BE),
    reserveAbsence: async () => WOULD_BE,
    claimStandingMail: async () => true,
    async write(change) {
      changes.push(change);
      return { notices: [] };
    },
  };
  return { tx, changes };
}

/** As on the first day. */
export const NothingKnown: Known = {
  lockConversations: async () => new Map(),
  async readReply(id) {
    throw new Error(`there is no reply ${id}`);
  },
  findEarlierCopy: async () => null,
  findKnownContent: async () => new Set(),
  findThreads: async () => [],
  findRequestsOf: async () => [],
  findPreviousOwner: async () => null,
  findCopy: async () => null,
  findSubjects: async () => [],
  findTokens: async () => [],
  findNotices: async () => [],
  findCustomer: async () => null,
  findEvents: async () => [],
  lockSettled: async () => null,
  findContacts: async () => new Map(),
  findAbsences: async () => [],
  isUnreached: async () => false,
  findUnreached: async () => new Set(),
  findParked: async () => null,
  findLookBack: async () => null,
  findReferring: async () => [],
  hasActed: async () => false,
  countNotices: async () => 0,
  countSignIns: async () => ({ here: 0, ofMember: 0, ofAll: 0 }),
  hasOrdered: async () => false,
  load: async () => new Map(),
  readDesk: async () => [],
};
