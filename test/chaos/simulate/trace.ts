/** What happened in one life, step by step: a number that is the same exactly when all of it is, and words for people. */
import { type Instant, toIso } from '../../../src/domain/instant.ts';

export type Trace = {
  add(at: Instant, who: string, what: string): void;
  readonly steps: number;
  /** Of everything that was added. */
  readonly hash: string;
  /** Empty unless they are kept. */
  readonly lines: readonly string[];
};

export function traceOf(isKept: boolean): Trace {
  const lines: string[] = [];
  let steps = 0;
  let value = 0x811c9dc5;
  const mix = (text: string): void => {
    for (let at = 0; at < text.length; at += 1) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193);
  };
  return {
    add(at, who, what) {
      steps += 1;
      value = Math.imul(value ^ (at % 0x7fffffff), 0x01000193);
      mix(who);
      mix(what);
      if (isKept) lines.push(`${toIso(at)}  ${who.padEnd(8)}  ${what}`);
    },
    get steps() {
      return steps;
    },
    get hash() {
      return (value >>> 0).toString(16).padStart(8, '0');
    },
    lines,
  };
}
