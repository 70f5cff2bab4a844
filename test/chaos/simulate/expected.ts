/** What a process may throw because something was made to fail; whatever else is thrown is a bug. */
import { Failure } from '../../../src/app/failures.ts';
import { ON_PURPOSE } from './faults.ts';

/** Whatever a process was at ends with this when it dies. */
export const Dead = Symbol('its process died');

const TEXTS = new RegExp(
  `${ON_PURPOSE}|lease-lost|another poller|attempt \\d+ of notice \\d+ is not the next one|closed|the connection is gone|was renumbered`,
);
const CODES: ReadonlySet<string> = new Set([
  'lease-lost',
  'cursor-moved',
  'attempt-out-of-turn',
  'imap-unreachable',
  'imap-uidvalidity-changed',
  'imap-nothing-given',
  'claim-lost',
]);

export const isExpected = (error: unknown): boolean =>
  error === Dead ||
  (error instanceof Failure && (error.message.startsWith(ON_PURPOSE) || CODES.has(error.code)));

/** By what is logged of it. */
export const isExpectedText = (error: string): boolean => TEXTS.test(error);
