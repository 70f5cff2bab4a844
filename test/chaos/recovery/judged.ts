/** A Baton that is whole at the beginning, and what of its promises did not hold at the end. */
import { MailWorkers } from '../../../workers/all.ts';
import type { Production } from '../../support/stack/production.ts';
import { waitUntil } from '../../support/wait-until.ts';

const DEADLINE_MS = 600_000;

export async function startOneOfEach(production: Production): Promise<void> {
  for (const kind of MailWorkers) await production.start(kind);
  await production.untilWatched();
}

/** Nothing is in anybody's hands; what is put off on purpose, such as the escalations of an hour, is due much later. */
export async function isQuiet({ count, delivered }: Production): Promise<boolean> {
  try {
    return (
      (await count('message')) >= delivered() &&
      (await count("message WHERE stage <> 'settled'")) === 0 &&
      (await count("conversation WHERE phase = 'arrived'")) === 0 &&
      (await count(
        "outbox WHERE state = 'sending' OR (state = 'pending' AND due_at < now() + interval '10 minutes')",
      )) === 0
    );
  } catch {
    // PostgreSQL is not back yet.
    return false;
  }
}

export async function brokenIn(production: Production): Promise<string[]> {
  await waitUntil('all is quiet', () => isQuiet(production), DEADLINE_MS);
  const { code, report } = await production.verify();
  const { notAcknowledged, acknowledgedTwice } = await production.outcome();
  return [
    ...report.violations.map(({ invariant, what, ids }) => `${invariant}: ${what}: ${ids.join(', ')}`),
    ...(code === 0 && report.ok ? [] : ['baton verify does not end with 0']),
    ...(notAcknowledged === 0 ? [] : [`${notAcknowledged} letters were not confirmed`]),
    ...(acknowledgedTwice === 0 ? [] : [`${acknowledgedTwice} letters were confirmed twice`]),
  ];
}
