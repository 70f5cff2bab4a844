/** A process of its own that takes the lock of a folder and holds it until it is killed. */
import { withFileLock } from '../../src/runtime/file-lock.mjs';

await withFileLock(process.argv[2] ?? '', async () => {
  process.send?.('held');
  await new Promise(() => setInterval(() => undefined, 60_000));
});
