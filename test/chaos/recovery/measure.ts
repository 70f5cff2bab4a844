/** Every fault so often, one after the other, on one Baton that lives through all of them. */
import { MailWorkers } from '../../../workers/all.ts';
import {
  openProduction,
  type Production,
  type Servers,
  startServers,
} from '../../support/stack/production.ts';
import { waitUntil } from '../../support/wait-until.ts';
import { measureEscalations } from './escalations.ts';
import { type Bench, FAULTS, type Fault } from './faults.ts';
import { progressOf, startFlow } from './flow.ts';
import { closeOnInterrupt } from './interrupted.ts';
import { brokenIn, isQuiet, startOneOfEach } from './judged.ts';
import { measureReplies } from './replies.ts';
import { type Figures, figuresOf, isAskedFor, type Shape, type Times, timesOf } from './times.ts';

export type Options = {
  readonly repeats: number;
  readonly outageMs: number;
  /** Only faults whose name has one of these words, see isAskedFor. */
  readonly only: string;
  readonly say: (line: string) => void;
};

const PER_SECOND = 2;
const BEFORE_MS = 3_000;
const DEADLINE_MS = 600_000;

export async function measureAll(options: Options): Promise<{ figures: Figures[]; broken: string[] }> {
  const servers = await startServers();
  try {
    const mail = await measureMail(servers, options);
    const clocks = await measureEscalations(servers, options);
    return { figures: [...mail.figures, ...clocks.figures], broken: [...mail.broken, ...clocks.broken] };
  } finally {
    await servers.end();
  }
}

async function measureMail(servers: Servers, options: Options) {
  const { repeats, only, say } = options;
  const wanted = FAULTS.filter(({ fault }) => isAskedFor(only, fault));
  const production = await openProduction(servers);
  const figures: Figures[] = [];
  const forget = closeOnInterrupt(() => production.close());
  try {
    await startOneOfEach(production);
    for (const shape of ['one of each', 'two of each'] as const satisfies readonly Shape[]) {
      if (shape === 'two of each') await startOneOfEach(production);
      say(`${shape}: ${MailWorkers.join(', ')}`);
      for (const fault of wanted.filter((one) => one.shape === shape)) {
        const trials: Times[] = [];
        for (let trial = 1; trial <= repeats; trial += 1) {
          const times = await measureOnce(production, servers, fault, options);
          trials.push(times);
          const inSeconds = Object.entries(times).map(([name, ms]) => `${name} ${(ms / 1_000).toFixed(1)} s`);
          say(`${fault.fault} (${trial} of ${repeats}): ${inSeconds.join(', ')}`);
        }
        figures.push(figuresOf(fault, trials));
      }
      figures.push(...(await measureReplies(production, servers, shape, options)));
    }
    return { figures, broken: await brokenIn(production) };
  } finally {
    forget();
    await production.close();
  }
}

async function measureOnce(
  production: Production,
  servers: Servers,
  fault: Fault,
  { outageMs }: Options,
): Promise<Times> {
  await waitUntil('all is quiet', () => isQuiet(production), DEADLINE_MS);
  const flow = startFlow(production, PER_SECOND);
  const bench: Bench = { production, servers, flow, outageMs };
  await waitUntil(
    'mail flows',
    async () => {
      const [first] = (await progressOf(production, flow.letters)) ?? [];
      return (first?.confirmedAt ?? null) !== null;
    },
    DEADLINE_MS,
  );
  await new Promise((resolve) => setTimeout(resolve, BEFORE_MS));
  const from = await fault.happen(bench);
  let times: Times | null = null;
  await waitUntil(
    `recovery: ${fault.fault}`,
    async () => {
      const progress = await progressOf(production, flow.letters);
      times = progress === null ? null : timesOf(progress, from);
      return times !== null;
    },
    DEADLINE_MS,
  );
  await flow.pause();
  await fault.mend?.(bench);
  if (times === null) throw new Error('bug: measured and not measured');
  return times;
}
