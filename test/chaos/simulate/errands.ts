/** What processes are called to: bells that ring, and folders that are to be looked into. */
import { SECOND } from '../../../src/domain/instant.ts';
import type { Ringing } from './bells.ts';
import { Dead } from './expected.ts';
import type { Mailboxes, Watched } from './mailboxes.ts';
import type { Processes } from './processes.ts';
import type { World } from './world.ts';

/** Somebody answers; who fails is rung for again, who dies perhaps. */
export function answer({ bells, stage }: World, processes: Processes, ringing: Ringing): void {
  const worker = processes.some();
  if (worker === null) return bells.again({ ...ringing, attempt: ringing.attempt - 1 }, stage.now() + SECOND);
  const { bell, ids } = ringing;
  processes.run(
    worker,
    bell,
    (host) => host.answer(bell, ids),
    (error) => {
      if (error === Dead) bells.orphaned(ringing, stage.now());
      else if (error !== null) bells.again(ringing, stage.now());
    },
  );
}

/** Somebody looks into a folder, and again later when another has its watch or it failed. */
export function poll(mailboxes: Mailboxes, processes: Processes, watched: Watched): void {
  const worker = processes.some();
  mailboxes.look(watched);
  if (worker === null) return mailboxes.again(watched, SECOND, 10 * SECOND);
  const { folder, isCompared } = watched;
  processes.run(
    worker,
    'poll',
    async (host) => {
      const isDone = await host.poll(folder, isCompared);
      if (isDone) mailboxes.looked(watched, isCompared);
      else mailboxes.again(watched, 5 * SECOND, 10 * SECOND);
    },
    (error) => {
      if (error !== null) mailboxes.again(watched, SECOND, 60 * SECOND);
    },
  );
}
