/**
 * Whether the hosts kept what is promised of several at once, judged by what the database noted. Pure: the tests give
 * it notes with faults in them.
 */

import type { Event } from './events.ts';
import type { Host } from './network.ts';
import type { Note } from './witness.ts';

export type Evidence = {
  readonly notes: readonly Note[];
  readonly events: readonly Event[];
  /** Sentences of `baton verify`; empty: every promise holds. */
  readonly violations: readonly string[];
  readonly letters: {
    readonly notConfirmed: number;
    readonly confirmedTwice: number;
    readonly wrongRows: number;
  };
  /** Workers that ended although nobody ended them. */
  readonly ended: readonly string[];
  /** Hosts through which alone no mail went at the end. */
  readonly deadAlone: readonly Host[];
};

/** Two clocks that PostgreSQL reads one after the other: the instant of the statement, and that of the note. */
const SLACK_MS = 1_000;

/** Sentences about what was broken. */
export function judgeHosts(evidence: Evidence): string[] {
  const { notes, events, violations, letters, ended, deadAlone } = evidence;
  return [
    ...watchFaults(notes),
    ...noticeFaults(notes),
    ...violations,
    ...(letters.notConfirmed === 0 ? [] : [`${letters.notConfirmed} letters were not confirmed`]),
    ...(letters.confirmedTwice === 0 ? [] : [`${letters.confirmedTwice} letters were confirmed twice`]),
    ...(letters.wrongRows === 0
      ? []
      : [`${letters.wrongRows} letters have not exactly one row that says request`]),
    ...ended.map((who) => `${who} ended, and would have had to be started again`),
    ...deadAlone.map((host) => `host ${host} alone carries no mail after all was healed`),
    ...events.flatMap(slowness),
  ];
}

/** One watches at a time: a turn is taken when the one before has ended, and only whoever took it moves the cursor. */
function watchFaults(notes: readonly Note[]): string[] {
  const takers = new Map<string, Host>();
  const lastTurn = new Map<number, number>();
  const found: string[] = [];
  for (const { deed, id, turn, host, leaseLeft } of notes) {
    const key = `${id} ${turn}`;
    const last = lastTurn.get(id) ?? 0;
    if (deed === 'took') {
      if (turn <= last) found.push(`host ${host} took watch ${turn} of mailbox ${id} after watch ${last}`);
      if (leaseLeft !== null && leaseLeft > SLACK_MS)
        found.push(
          `host ${host} took watch ${turn} while another still had it for ${Math.round(leaseLeft)} ms`,
        );
      takers.set(key, host);
      lastTurn.set(id, turn);
    } else if (deed === 'moved' && (takers.get(key) !== host || turn !== last))
      found.push(`host ${host} moved the cursor of mailbox ${id} under watch ${turn}, which is not its own`);
  }
  return found;
}

/** A notice is claimed when no claim runs, tried by whoever claimed it last, and its outcome told by whoever tried. */
function noticeFaults(notes: readonly Note[]): string[] {
  const claimer = new Map<number, Host>();
  const beginner = new Map<string, Host>();
  const found: string[] = [];
  for (const { deed, id, turn, host, leaseLeft } of notes) {
    const key = `${id} ${turn}`;
    if (deed === 'claimed') {
      if (leaseLeft !== null && leaseLeft > SLACK_MS)
        found.push(`host ${host} claimed notice ${id} while another had it for ${Math.round(leaseLeft)} ms`);
      claimer.set(id, host);
    } else if (deed === 'began') {
      if (beginner.has(key)) found.push(`attempt ${turn} of notice ${id} began twice`);
      if (claimer.get(id) !== host)
        found.push(
          `host ${host} began attempt ${turn} of notice ${id}, which host ${claimer.get(id)} had claimed`,
        );
      beginner.set(key, host);
    } else if (deed === 'ended' && beginner.get(key) !== host)
      found.push(`host ${host} told the outcome of attempt ${turn} of notice ${id}, which was not its own`);
  }
  return found;
}

function slowness({
  what,
  host,
  takenOverMs,
  mustTakeOverMs,
  backMs,
  caughtUpMs,
  backWithinMs,
}: Event): string[] {
  const name = `${what} (host ${host})`;
  const isLate = (ms: number | null, most: number) => ms === null || ms > most;
  const told = (ms: number | null) => (ms === null ? 'never' : `after ${(ms / 1_000).toFixed(1)} s`);
  return [
    ...(mustTakeOverMs !== null && isLate(takenOverMs, mustTakeOverMs)
      ? [
          `${name}: another host took the mailbox over ${told(takenOverMs)}, promised within ${mustTakeOverMs / 1_000} s`,
        ]
      : []),
    ...(isLate(backMs, backWithinMs) ? [`${name}: healed, the host was at work again ${told(backMs)}`] : []),
    ...(isLate(caughtUpMs, backWithinMs)
      ? [`${name}: healed, all mail was through ${told(caughtUpMs)}`]
      : []),
  ];
}
