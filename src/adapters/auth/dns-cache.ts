/**
 * Asks DNS, and remembers for a while what it said: the members of a team write from the same few domains all day.
 * What could not be found out is asked again each time.
 */
import { Resolver } from 'node:dns/promises';

/** Answers as `dns.resolve` does, and rejects with an error that has its codes. */
export type Resolve = (name: string, type: string) => Promise<string[][] | string[]>;

/** One server that does not answer must not use up the time of the whole check. */
const QUERY_MS = 1_500;
const KEPT_MS = 5 * 60_000;
const ANSWERS_MAX = 5_000;
/** A name without such a record: that is an answer as well. */
const ABSENT = new Set(['ENOTFOUND', 'ENODATA']);

export function dnsResolve(): Resolve {
  const resolver = new Resolver({ timeout: QUERY_MS, tries: 2 });
  return async (name, type) => {
    const answer: unknown = await resolver.resolve(name, type);
    return answer as string[];
  };
}

export function cached(resolve: Resolve, now: () => number): Resolve {
  const answers = new Map<string, { readonly until: number; readonly answer: ReturnType<Resolve> }>();
  return (name, type) => {
    const key = `${type} ${name.toLowerCase()}`;
    const known = answers.get(key);
    if (known !== undefined && known.until > now()) return known.answer;
    if (answers.size >= ANSWERS_MAX) answers.clear();
    const answer = resolve(name, type);
    answers.set(key, { until: now() + KEPT_MS, answer });
    answer.catch((error: unknown) => {
      const code = error instanceof Error && 'code' in error ? String(error.code) : '';
      if (!ABSENT.has(code) && answers.get(key)?.answer === answer) answers.delete(key);
    });
    return answer;
  };
}
