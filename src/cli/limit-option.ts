/** `--limit <n>`: how many lines a list has at most. */
import { InvalidArgumentError, Option } from 'commander';

const LIMIT_MAX = 1_000;

/** `what`: of which there are so many, such as "how many clocks". */
export const limitOption = (what: string, usual: number): Option =>
  new Option('--limit <n>', `${what}, at most ${LIMIT_MAX}`).default(usual).argParser(limitIn);

function limitIn(typed: string): number {
  const limit = Number(typed);
  if (!/^\d{1,4}$/.test(typed) || limit === 0 || limit > LIMIT_MAX)
    throw new InvalidArgumentError(`Give a number from 1 to ${LIMIT_MAX}.`);
  return limit;
}
