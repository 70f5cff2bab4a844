/** Ends a child with its parent, however busy the child is. */
import { Worker } from 'node:worker_threads';

/** A thread of its own, since what keeps the main one busy keeps it from ever hearing of the parent's end. */
export function watchParent(): void {
  const watcher = new Worker(
    `const parent = ${process.ppid};
     setInterval(() => { if (process.ppid !== parent) process.kill(process.pid, 'SIGKILL'); }, 1000);`,
    { eval: true, resourceLimits: { maxOldGenerationSizeMb: 8, maxYoungGenerationSizeMb: 2 } },
  );
  watcher.on('error', () => process.exit(1));
  watcher.unref();
}
