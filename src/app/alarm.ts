/**
 * Notices when mail does not come in or go out, and tells somebody by another way than Baton's own: once when it has
 * lasted, again while it lasts, and when it is over. One look; a clock takes one every few seconds.
 *
 * A database that cannot be asked is an outage as well, and the one that no row can tell of: each process that runs a
 * clock counts that by itself.
 */
import { type AlarmFacts, alarmWords } from '../domain/alarm-words.ts';
import { type Duration, type Instant, MINUTE } from '../domain/instant.ts';
import { type AlarmRhythm, isToldAtOnce, SEEN_FOR, tellingDue } from '../domain/outage.ts';
import type { Alarm, AlarmChannel } from './ports/alarm-channel.ts';
import type { Clock } from './ports/clock.ts';
import type { Log } from './ports/log.ts';
import type { Outages, Told, Watched } from './ports/outages.ts';

export type AlarmDeps = {
  readonly outages: Outages;
  /** None: outages are noted and logged, and nobody is told. */
  readonly channels: readonly AlarmChannel[];
  readonly watched: Watched;
  readonly rhythm: AlarmRhythm;
  readonly addressOf: (inboxId: string) => string;
  readonly timeZone: string;
  readonly clock: Clock;
  readonly log: Log;
};

/** Longer than all channels together may take. */
const CLAIM_LEASE: Duration = 5 * MINUTE;
const TRY_AGAIN: Duration = MINUTE;

/** Answers whether all is well. */
export async function lookForOutages(deps: AlarmDeps): Promise<boolean> {
  const { now, troubles } = await deps.outages.look(deps.watched);
  // What is younger is a restart, or a connection that is being made anew.
  const lasting = troubles.filter(
    ({ kind, since }) => since === null || since <= now - SEEN_FOR || isToldAtOnce(kind),
  );
  await deps.outages.note(lasting);
  const due = await deps.outages.claim(deps.rhythm, CLAIM_LEASE);
  await Promise.all(due.map((one) => tellOf(deps, one)));
  return lasting.length === 0;
}

async function tellOf(deps: AlarmDeps, told: Told): Promise<void> {
  const { id, telling, kind, inboxId, since, code, toldAt, now } = told;
  const alarm = alarmOf(deps, {
    ...{ id: `outage-${id}-${telling}-${toldAt ?? since}`, telling, kind, inboxId, since, code, now },
  });
  if (await tellEach(deps, alarm)) await deps.outages.told(told);
  else await deps.outages.notTold(told, TRY_AGAIN);
}

function alarmOf(
  { addressOf, timeZone }: Pick<AlarmDeps, 'addressOf' | 'timeZone'>,
  {
    id,
    inboxId,
    ...facts
  }: Omit<AlarmFacts, 'address' | 'timeZone'> & { id: string; inboxId: string | null },
): Alarm {
  const address = inboxId === null ? null : addressOf(inboxId);
  return { ...facts, id, inbox: inboxId, address, ...alarmWords({ ...facts, address, timeZone }) };
}

/** True when somebody was reached, or there is nobody to reach. */
async function tellEach({ channels, log }: AlarmDeps, alarm: Alarm): Promise<boolean> {
  const { telling, kind, inbox, code } = alarm;
  log.error(
    { step: 'alarm', telling, kind, inbox, code },
    telling === 'over' ? 'mail flows again' : 'mail does not flow',
  );
  const results = await Promise.allSettled(channels.map((channel) => channel.tell(alarm)));
  for (const [at, result] of results.entries()) {
    if (result.status === 'fulfilled') continue;
    log.error(
      { step: 'alarm', channel: channels[at]?.name, error: String(result.reason) },
      'an alarm reached nobody',
    );
  }
  return channels.length === 0 || results.some(({ status }) => status === 'fulfilled');
}

/** What one process knows of its own way to the database. */
export class DatabaseWatch {
  #lost: { since: Instant; toldAt: Instant | null; triedAt: Instant | null } | null = null;

  async answered(deps: AlarmDeps): Promise<void> {
    const lost = this.#lost;
    this.#lost = null;
    if (lost !== null && lost.toldAt !== null) await this.#tell(deps, lost, 'over');
  }

  async failed(deps: AlarmDeps): Promise<void> {
    const now = deps.clock.now();
    this.#lost ??= { since: now, toldAt: null, triedAt: null };
    const lost = this.#lost;
    const isResting = lost.triedAt !== null && now < lost.triedAt + TRY_AGAIN && now >= lost.triedAt;
    const telling = tellingDue({ ...lost, seenAt: lost.since, isOver: false }, now, deps.rhythm);
    if (telling === null || isResting) return;
    lost.triedAt = now;
    if (await this.#tell(deps, lost, telling)) lost.toldAt = now;
  }

  #tell(
    deps: AlarmDeps,
    { since, toldAt }: { since: Instant; toldAt: Instant | null },
    telling: AlarmFacts['telling'],
  ): Promise<boolean> {
    const id = `database-${telling}-${toldAt ?? since}`;
    const facts = { id, telling, kind: 'database', inboxId: null, since, code: null } as const;
    return tellEach(deps, alarmOf(deps, { ...facts, now: deps.clock.now() }));
  }
}
