/**
 * What goes wrong in one life, and when: each life has its own few kinds of faults, some have none, and after `until`
 * nothing fails any more. A fault is drawn by counting down calls, so that a call without one costs next to nothing.
 */
import { Failure } from '../../../src/app/failures.ts';
import type { SendOutcome } from '../../../src/app/ports/mail-sender.ts';
import { type Duration, MINUTE, SECOND } from '../../../src/domain/instant.ts';
import type { Dice } from './dice.ts';
import type { Tally } from './tally.ts';

/** At any call of any port. */
export const CallFaults = ['dies-before', 'dies-after', 'stalls', 'stalls-long'] as const;
/** At a call of the database: nothing was done, or all of it was and nobody heard. */
export const DatabaseFaults = ['db-unreachable', 'db-answer-lost'] as const;
/** Of a transaction. */
export const TransactionFaults = [
  ...['tx-serialization', 'tx-time-out', 'tx-commit-lost', 'tx-commit-unheard'],
  ...['tx-dies-inside', 'tx-dies-before-commit', 'tx-dies-after-commit'],
] as const;
export const MailboxFaults = ['imap-unreachable', 'imap-throttled', 'imap-unreadable-answer'] as const;
export const ParserFaults = ['cpu-limit', 'memory-limit', 'parser-failed', 'parser-throws'] as const;
export const SendFaults = [
  ...['smtp-temporary', 'smtp-permanent', 'smtp-unknown', 'smtp-unknown-delivered'],
  ...['smtp-dies-delivered', 'smtp-slow', 'smtp-throttled'],
] as const;
export const BellFaults = ['bell-lost', 'bell-doubled', 'bell-late', 'bells-flushed'] as const;

export type FaultKind = string;

/** What stands in the text of whatever fails on purpose. */
export const ON_PURPOSE = 'simulated';

export type Faults = {
  /** Whether this life has a fault of these kinds at all: what may happen is judged by it. */
  has(kind: FaultKind): boolean;
  /** The fault of this call, if any, of those that are possible here. */
  draw(group: Group): FaultKind | null;
  /** From now on nothing fails. */
  end(): void;
  readonly count: number;
};

export type Group = 'call' | 'database' | 'transaction' | 'mailbox' | 'parser' | 'send' | 'bell';

const Kinds: Readonly<Record<Group, readonly FaultKind[]>> = {
  call: CallFaults,
  database: DatabaseFaults,
  transaction: TransactionFaults,
  mailbox: MailboxFaults,
  parser: ParserFaults,
  send: SendFaults,
  bell: BellFaults,
};

/** Calls between two faults of a group, about. */
const GAPS: Readonly<Record<Group, readonly number[]>> = {
  call: [40, 120, 400],
  database: [30, 150],
  transaction: [6, 20, 60],
  mailbox: [4, 15],
  parser: [3, 8],
  send: [2, 4, 12],
  bell: [2, 5, 20],
};

export function faultsOf(dice: Dice, tally: Tally): Faults {
  const groups = new Map<Group, { kinds: readonly FaultKind[]; gap: number; left: number }>();
  if (!dice.happens(0.12)) {
    for (const group of Object.keys(Kinds) as Group[]) {
      if (dice.happens(0.5)) continue;
      const kinds = Kinds[group].filter(() => dice.happens(0.6));
      const gap = dice.pick(GAPS[group]);
      if (kinds.length > 0) groups.set(group, { kinds, gap, left: dice.gap(gap) });
    }
  }
  let isOver = false;
  let count = 0;
  return {
    has: (kind) => [...groups.values()].some(({ kinds }) => kinds.includes(kind)),
    draw(group) {
      const faults = groups.get(group);
      if (faults === undefined || isOver) return null;
      faults.left -= 1;
      if (faults.left > 0) return null;
      faults.left = dice.gap(faults.gap);
      const kind = dice.pick(faults.kinds);
      tally.add('fault', kind);
      count += 1;
      return kind;
    },
    end() {
      isOver = true;
    },
    get count() {
      return count;
    },
  };
}

export const failed = (code: string): Failure => new Failure('temporary', code, `${ON_PURPOSE}: ${code}`);

/** How long a stalled call takes: within any lease, or far beyond it. */
export const stallOf = (kind: FaultKind, dice: Dice): Duration =>
  kind === 'stalls' ? dice.between(50_000, 9 * SECOND) : dice.between(15 * SECOND, 12 * MINUTE);

/** What the mail server says, and whether the mail arrives all the same. */
export function outcomeOf(kind: FaultKind | null, dice: Dice): { outcome: SendOutcome; arrives: boolean } {
  switch (kind) {
    case 'smtp-temporary':
    case 'smtp-throttled':
      return {
        outcome: {
          type: 'temporary',
          code: kind,
          response: dice.pick(['451 4.3.0 later', '421 4.7.0 slow down']),
        },
        arrives: false,
      };
    case 'smtp-permanent':
      return {
        outcome: {
          type: 'permanent',
          code: 'smtp-refused',
          response: dice.pick(['550 5.1.1 no such user', '554 5.7.1 refused', '552 5.2.2 mailbox full']),
        },
        arrives: false,
      };
    case 'smtp-unknown':
    case 'smtp-unknown-delivered':
      return {
        outcome: { type: 'unknown', code: 'smtp-no-answer', response: 'the connection broke after DATA' },
        arrives: kind === 'smtp-unknown-delivered',
      };
    default:
      return { outcome: { type: 'accepted', response: '250 2.0.0 kept' }, arrives: true };
  }
}
