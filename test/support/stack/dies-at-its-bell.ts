/** A worker in a process of its own, which is killed as soon as it has a bell in hand. Its argument is Redis' address. */
import { bullQueue } from '../../../src/adapters/queue/bull-queue.ts';

const queue = await bullQueue({ backend: { type: 'redis', url: process.argv[2] ?? '' } });
await queue.listen('classify', async () => {
  process.kill(process.pid, 'SIGKILL');
});
