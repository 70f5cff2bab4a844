/**
 * Whether mail flows, as far as the database shows it: each kind of worker answers for its step, and whoever asks hears
 * why not. Bounded at any size, since probes ask every few seconds.
 */
import type { InboxId } from '../domain/ids.ts';
import { type Duration, MINUTE } from '../domain/instant.ts';
import type { Trouble } from '../domain/outage.ts';
import { reasonWithCode } from '../domain/trouble-codes.ts';
import type { Gauges } from './ports/gauges.ts';
import type { Outages, Watched } from './ports/outages.ts';
import type { Bell } from './ports/queue.ts';
import type { Store } from './ports/store.ts';

export const FlowKinds = ['poller', 'classifier', 'router', 'replies', 'mailer', 'clock'] as const;
export type FlowKind = (typeof FlowKinds)[number];

/** Other kinds move no mail. */
export const flowKindsOf = (kinds: readonly string[]): FlowKind[] =>
  FlowKinds.filter((kind) => kinds.includes(kind));

export type HealthDeps = {
  readonly store: Pick<Store, 'findUnrung'>;
  readonly gauges: Pick<Gauges, 'clocksLate'>;
  readonly outages: Pick<Outages, 'look'>;
  readonly watched: Watched;
};

/** `code`: what of it fails, such as `intake`; `detail`: the code of what failed last; null: nobody knows. */
export type Standstill = {
  readonly worker: FlowKind;
  readonly code: 'work-waits' | 'clock-late' | 'login' | 'intake' | 'sending' | 'paging';
  readonly inbox: InboxId | null;
  readonly detail: string | null;
};

/** Longer than the sweep and every worker's own round need to find what was missed. */
const PATIENCE: Duration = 3 * MINUTE;

const BellOf: Readonly<Partial<Record<FlowKind, Bell>>> = {
  classifier: 'classify',
  router: 'route',
  replies: 'reply',
  mailer: 'deliver',
};

/** What waits to be looked at is told by the bells, which know for whom it waits. */
const WorkerOf = { login: 'poller', intake: 'poller', sending: 'mailer', paging: 'mailer' } as const;

/** What stands still of these kinds' steps; empty: all of it moves. */
export async function standstills(deps: HealthDeps, kinds: readonly FlowKind[]): Promise<Standstill[]> {
  const found: Standstill[] = [];
  const unrung = await deps.store.findUnrung(PATIENCE, 1);
  for (const worker of kinds) {
    const bell = BellOf[worker];
    if (bell !== undefined && (unrung.get(bell) ?? []).length > 0)
      found.push({ worker, code: 'work-waits', inbox: null, detail: null });
  }
  const { troubles } = await deps.outages.look(deps.watched);
  for (const { kind, inboxId, code: detail } of troubles) {
    if (!isTold(kind) || !kinds.includes(WorkerOf[kind])) continue;
    found.push({ worker: WorkerOf[kind], code: kind, inbox: inboxId, detail });
  }
  if (kinds.includes('clock') && (await deps.gauges.clocksLate()) > PATIENCE)
    found.push({ worker: 'clock', code: 'clock-late', inbox: null, detail: null });
  return found;
}

const isTold = (kind: Trouble['kind']): kind is keyof typeof WorkerOf => kind in WorkerOf;

/** What an operator reads of it. */
export function standstillWords(
  { worker, code, inbox, detail }: Standstill,
  addressOf: (inbox: InboxId) => string,
): string {
  const why = detail === null ? '' : `: ${reasonWithCode(detail)}`;
  const address = inbox === null ? '' : addressOf(inbox);
  const words: Readonly<Record<Standstill['code'], string>> = {
    'work-waits': 'work has been waiting for more than three minutes',
    'clock-late': 'something has been due for more than three minutes',
    login: `the sign-in for ${address} has been refused`,
    intake: `the mail of ${address} is not being read`,
    sending: `mail of ${address} does not go out`,
    paging: `urgent pages of ${address} do not go out`,
  };
  return `${worker}: ${words[code]}${why}.`;
}
