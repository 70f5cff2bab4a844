/** The same mails through one, two and more of each worker: throughput and what it costs. */
import { cpus } from 'node:os';
import type { Bench } from './context.ts';
import { openLine, warmUp, whatIsWrong } from './line.ts';
import { openStand } from './stand.ts';
import { round } from './statistics.ts';
import { measureRun, type Run } from './throughput.ts';

export type Copies = {
  /** More processes than these share them, and the servers need some as well. */
  readonly cores: number;
  /** By how many of each worker there were; of the pollers one reads the mailbox and the others stand by. */
  readonly byCopies: Readonly<Record<string, Run>>;
};

export async function measureCopies(bench: Bench): Promise<Copies> {
  const { copies, mails, warm } = bench.options;
  bench.say('starting servers (production shape)');
  const stand = await openStand(bench, 'production');
  const line = await openLine(stand);
  const byCopies: Record<string, Run> = {};
  for (const count of copies) {
    bench.say(`starting ${count} of each worker`);
    await stand.startWorkers(count);
    await warmUp(stand, line, warm);
    const run = await measureRun(stand, line, mails, bench.progress(`${count} of each`));
    byCopies[count] = { ...run, perSecond: round(run.perSecond, 1) };
    bench.say(
      `${count} of each on ${cpus().length} cores: ${round(run.perSecond, 0)} requests/s, ${run.cpuMsPerMail} ms of CPU per mail`,
    );
    if (count === copies.at(-1)) {
      const trouble = await whatIsWrong(stand, line.next());
      if (trouble !== null) bench.wrong(trouble);
    }
    await stand.stopWorkers();
  }
  await line.listener.close();
  await stand.close();
  return { cores: cpus().length, byCopies };
}
