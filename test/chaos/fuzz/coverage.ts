/**
 * Which blocks of our code and of the parsers were reached, by V8's own count. What reaches a new one is worth keeping:
 * its children reach what lies behind it.
 *
 * V8 tells of a function's blocks only those that were not reached, so what is remembered is what is still missing.
 */
import { type Profiler, Session } from 'node:inspector';

export type Coverage = {
  /** Whether anything new was reached since the last question; it stays new until it is taken. */
  look(): boolean;
  take(): boolean;
  /** Functions reached so far. */
  readonly functions: () => number;
  close(): void;
};

type Missing = Map<string, { readonly startOffset: number; readonly endOffset: number }>;

const WATCHED =
  /\/src\/(?:domain|adapters|config|app)\/|\/node_modules\/(?:mailparser|postal-mime|libmime|html-to-text|ical\.js|yaml)\//;

export function watchCoverage(): Coverage {
  const session = new Session();
  session.connect();
  session.post('Profiler.enable');
  session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  const known = new Map<string, Missing>();

  function read(keep: boolean): boolean {
    let isNew = false;
    session.post('Profiler.takePreciseCoverage', (error, answer) => {
      if (error !== null) throw error;
      for (const { scriptId, url, functions } of answer.result) {
        if (!WATCHED.test(url)) continue;
        for (const one of functions) isNew = reached(known, scriptId, one, keep) || isNew;
      }
    });
    return isNew;
  }
  return {
    look: () => read(false),
    take: () => read(true),
    functions: () => known.size,
    close: () => session.disconnect(),
  };
}

function reached(
  known: Map<string, Missing>,
  script: string,
  { ranges, functionName }: Profiler.FunctionCoverage,
  keep: boolean,
): boolean {
  const [whole, ...blocks] = ranges;
  if (whole === undefined || whole.count === 0) return false;
  const key = `${script}/${functionName}/${whole.startOffset}`;
  const zero = blocks.filter(({ count }) => count === 0);
  const missing = known.get(key);
  if (missing === undefined) {
    if (keep) known.set(key, new Map(zero.map((block) => [nameOf(block), block])));
    return true;
  }
  if (missing.size === 0) return false;
  const within = (inner: Range, outer: Range): boolean =>
    inner.startOffset >= outer.startOffset && inner.endOffset <= outer.endOffset;
  const found = [...missing.values()].filter((block) => !zero.some((one) => within(block, one)));
  if (!keep || found.length === 0) return found.length > 0;
  for (const block of found) {
    missing.delete(nameOf(block));
    for (const one of zero) if (within(one, block)) missing.set(nameOf(one), one);
  }
  return true;
}

type Range = { readonly startOffset: number; readonly endOffset: number };
const nameOf = ({ startOffset, endOffset }: Range): string => `${startOffset}-${endOffset}`;
