/** What every part of the bench is given: what was asked for, whom to tell, and where to leave what must be ended. */
import type { Endings } from './endings.ts';
import type { Options } from './options.ts';

export type Tell = (line: string) => void;

export type Bench = {
  readonly options: Options;
  readonly endings: Endings;
  /** A line on standard error. */
  readonly say: Tell;
  /** The same for a line that the next one may replace. */
  readonly progress: (what: string) => Tell;
  /** Something that must not be: the bench goes on, and its exit code is 1. */
  readonly wrong: Tell;
};

const TERMINAL_MS = 200;
const ELSEWHERE_MS = 5_000;

export function talkative(): Pick<Bench, 'say' | 'progress'> {
  const startedAt = performance.now();
  const { stderr } = process;
  const seconds = () => ((performance.now() - startedAt) / 1_000).toFixed(0).padStart(4);
  const clear = stderr.isTTY ? '\r\u001b[K' : '';
  const say: Tell = (line) => void stderr.write(`${clear}[${seconds()} s] ${line}\n`);
  return {
    say,
    progress(what) {
      let lastAt = performance.now();
      return (line) => {
        if (performance.now() - lastAt < (stderr.isTTY ? TERMINAL_MS : ELSEWHERE_MS)) return;
        lastAt = performance.now();
        if (stderr.isTTY) stderr.write(`${clear}[${seconds()} s] ${what}: ${line}`);
        else say(`${what}: ${line}`);
      };
    },
  };
}
