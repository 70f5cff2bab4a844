/** Types of file-lock.mjs, which is plain JavaScript because the bootstrap needs it before Node 24 is there. */

/**
 * Runs `work` while no other process holds the lock of `folder` (created when missing); waits `waitMs` at most.
 * A holder that was killed is passed over.
 * @throws Error with code `ELOCKED` when the wait was in vain.
 */
export function withFileLock<T>(folder: string, work: () => Promise<T>, waitMs?: number): Promise<T>;

/** A word that tells this process from any other on this machine, also after its number was given anew. */
export function processToken(pid: number): string | null;

/** Whether the process that `token` was taken from still runs. */
export function isTokenAlive(token: string): boolean;
