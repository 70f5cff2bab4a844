/** What `npm run simulate` is asked to do. */
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { wholeNumber } from '../../support/program.ts';
import { MutantNames } from './mutants.ts';

export const USAGE = `npm run simulate -- [options]

Lives through many short lives of Baton on doubles of mailbox, database, queue, mail server and clock. Each seed is
another life, with its own mails, people, crashes and faults; the promises are looked at after every step and at the end.

  --seeds N      how many lives (10000)
  --from SEED    the first of them (1)
  --workers N    how many threads (as many as there are processors)
  --brief        shorter lives, one mail or two each: about three in the time of one
  --json FILE    write what was found there as well
  --seed SEED    live this one again and print every step of it
  --mutant NAME  break Baton in this way, to see that it is noticed:
                 ${MutantNames.join(', ')
                   .replace(/(.{1,90})(?:, |$)/g, (line) => `${line}\n                 `)
                   .trim()}

Exit 0 when every promise held, 1 when one did not, 64 for wrong usage.
`;

export type Asked = {
  readonly seeds: number;
  readonly from: number;
  readonly workers: number;
  readonly json: string | null;
  readonly seed: number | null;
  readonly brief: boolean;
  readonly mutant: string | null;
};

/** Throws a RangeError or TypeError that says what is wrong; null: help is wanted. */
export function readOptions(args: readonly string[]): Asked | null {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    args: [...args],
    options: {
      ...{ seeds: text, from: text, workers: text, json: text, seed: text, mutant: text },
      ...({ brief: { type: 'boolean' }, help: { type: 'boolean' } } as const),
    },
  });
  if (values.help === true) return null;
  const mutant = values.mutant ?? null;
  if (mutant !== null && !MutantNames.includes(mutant))
    throw new RangeError(`--mutant: there is no ${mutant}`);
  return {
    seeds: wholeNumber('seeds', values.seeds, 10_000, 1),
    from: wholeNumber('from', values.from, 1, 0),
    workers: wholeNumber('workers', values.workers, availableParallelism(), 1),
    json: values.json ?? null,
    seed: values.seed === undefined ? null : wholeNumber('seed', values.seed, 0, 0),
    brief: values.brief === true,
    mutant,
  };
}
