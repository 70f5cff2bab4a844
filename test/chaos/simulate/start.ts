/**
 * `npm run simulate`: the real domain and use cases through many short lives on doubles, each with its own faults.
 * Prints what was reached and which promises were broken; a seed that failed is lived again with `--seed`.
 */
import { Worker } from 'node:worker_threads';
import { askedOf, writeFigures } from '../../support/program.ts';
import { live } from './life.ts';
import { add, nothing, type Share, type Sum } from './many.ts';
import { mutantOf } from './mutants.ts';
import { type Asked, readOptions, USAGE } from './options.ts';
import { summaryOf } from './summary.ts';

const TELL_MS = 10_000;

async function lifeAgain(seed: number, { brief, mutant }: Asked): Promise<number> {
  const mutation = mutant === null ? {} : { mutation: mutantOf(mutant) };
  const life = await live(seed, { brief, words: true, ...mutation });
  process.stdout.write(
    `${life.lines.join('\n')}\n\nSeed ${seed}: ${life.steps} steps, ${life.faults} faults, ${life.hash}.\n`,
  );
  for (const what of life.broken) process.stdout.write(`BROKEN: ${what}\n`);
  return life.broken.length === 0 ? 0 : 1;
}

async function manyLives(asked: Asked): Promise<number> {
  const begun = performance.now();
  const sum = nothing();
  const seconds = (): number => (performance.now() - begun) / 1_000;
  let toldAt = begun;
  const tell = (): void => {
    const line = `${sum.seeds} of ${asked.seeds} lives, ${Math.round((sum.seeds / seconds()) * 60)} a minute, ${sum.failed} failed`;
    process.stderr.write(process.stderr.isTTY ? `\r\u001b[K${line}` : `${line}\n`);
  };
  await Promise.all(
    sharesOf(asked).map((share) =>
      threadOf(share, (portion) => {
        add(sum, portion);
        if (performance.now() - toldAt < (process.stderr.isTTY ? 500 : TELL_MS)) return;
        toldAt = performance.now();
        tell();
      }),
    ),
  );
  tell();
  if (process.stderr.isTTY) process.stderr.write('\n');
  sum.found.sort((a, b) => a.seed - b.seed);
  const took = seconds();
  const first = sum.found[0]?.seed ?? asked.from;
  const again = `${asked.brief ? ' --brief' : ''}${asked.mutant === null ? '' : ` --mutant ${asked.mutant}`}`;
  process.stdout.write(summaryOf(sum, took, `npm run simulate -- --seed ${first}${again}`));
  if (asked.json !== null) writeJson(asked.json, asked, sum, took);
  return sum.failed === 0 ? 0 : 1;
}

function writeJson(file: string, { from, workers, brief, mutant }: Asked, sum: Sum, seconds: number): void {
  const { user, system } = process.cpuUsage();
  const figures = {
    ...{
      from,
      workers,
      brief,
      mutant,
      seconds: Math.round(seconds),
      cpuSeconds: Math.round((user + system) / 1e6),
    },
    seedsPerMinute: Math.round((sum.seeds / seconds) * 60),
    ...sum,
  };
  writeFigures(figures, file);
}

/** Every thread takes each so-manieth seed: they come to about the same length. */
function sharesOf({ seeds, from, workers, brief, mutant }: Asked): Share[] {
  const count = Math.min(workers, seeds);
  return Array.from({ length: count }, (_, nth) => ({
    from: from + nth,
    count: Math.floor(seeds / count) + (nth < seeds % count ? 1 : 0),
    step: count,
    brief,
    mutant,
  }));
}

function threadOf(share: Share, told: (portion: Sum) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const thread = new Worker(new URL('./thread.ts', import.meta.url), { workerData: share });
    thread.on('message', told);
    thread.on('error', reject);
    thread.on('exit', (code) => (code === 0 ? resolve() : reject(new Error(`a thread ended with ${code}`))));
  });
}

const asked = askedOf(USAGE, readOptions);
process.exitCode = asked.seed === null ? await manyLives(asked) : await lifeAgain(asked.seed, asked);
