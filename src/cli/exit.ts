/** How commands end. */
import type { Failure } from '../app/failures.ts';

export const ExitCode = {
  ok: 0,
  /** The command ran and found something, or could not do what was asked. */
  finding: 1,
  /** EX_USAGE of sysexits(3). */
  usage: 64,
  /** EX_CONFIG of sysexits(3). */
  config: 78,
} as const;

/** Failures that only a change of the setup cures. */
const SETUP_FAILURES: ReadonlySet<string> = new Set(['redis-evicts', 'redis-refused']);

export const exitCodeOf = ({ code }: Failure): number =>
  SETUP_FAILURES.has(code) ? ExitCode.config : ExitCode.finding;

/** Ends a command with words for the person at the terminal. */
export class Finding extends Error {
  readonly exitCode: number;

  constructor(message: string, exitCode: number = ExitCode.finding) {
    super(message);
    this.exitCode = exitCode;
  }
}
