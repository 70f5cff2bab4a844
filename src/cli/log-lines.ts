/** A line of the log for people: when, how grave, which step, what, and the rest as `name=value`. */
import { safeLine } from './safe-text.ts';
import type { Paint } from './terminal.ts';

export const Levels = ['debug', 'info', 'warn', 'error'] as const;
export type Level = (typeof Levels)[number];

/** What a line must be to be shown. */
export type Sieve = {
  readonly level: Level;
  readonly step: string | null;
  readonly request: number | null;
};

/** As pino numbers them. */
const GRAVITY: Readonly<Record<Level, number>> = { debug: 20, info: 30, warn: 40, error: 50 };

type Entry = Readonly<Record<string, unknown>>;

/** null: it is no line of a log, but what something else wrote in between. */
function entryIn(line: string): Entry | null {
  if (!line.startsWith('{')) return null;
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? (value as Entry) : null;
  } catch {
    return null;
  }
}

/** What is no entry is shown only where nothing is sought: it may be what tells of a crash. */
export function isSought(line: string, { level, step, request }: Sieve): boolean {
  const entry = entryIn(line);
  if (entry === null) return line.trim() !== '' && step === null && request === null;
  const gravity = typeof entry.level === 'number' ? entry.level : GRAVITY.info;
  return (
    gravity >= GRAVITY[level] &&
    (step === null || entry.step === step) &&
    (request === null || requestsIn(entry).includes(request))
  );
}

const requestsIn = ({ conversation, conversations }: Entry): unknown[] => [
  conversation,
  ...(Array.isArray(conversations) ? (conversations as unknown[]) : []),
];

/** What failed, in whole sentences; null: it says nothing of that. */
export function detailIn(line: string): string | null {
  const detail = entryIn(line)?.detail;
  return typeof detail === 'string' && detail !== '' ? detail : null;
}

export function pretty(line: string, paint: Paint): string {
  const entry = entryIn(line);
  if (entry === null) return safeLine(line);
  const { level, time, step, msg, ...rest } = entry;
  const about = Object.entries(rest).map(([name, value]) => `${safeLine(name)}=${valueWords(value)}`);
  const words = [
    paint.soft(
      safeLine(String(time ?? ''))
        .replace('T', ' ')
        .replace(/\.(\d{3})Z$/, '.$1'),
    ),
    levelWords(level, paint),
    safeLine(String(step ?? '')).padEnd(STEP_WIDTH),
    safeLine(String(msg ?? '')),
    ...about.map((one) => paint.soft(one)),
  ];
  return words.join(' ').trimEnd();
}

const STEP_WIDTH = 10;

function levelWords(level: unknown, paint: Paint): string {
  const gravity = typeof level === 'number' ? level : GRAVITY.info;
  if (gravity >= GRAVITY.error) return paint.bad('ERROR');
  if (gravity >= GRAVITY.warn) return paint.warning('WARN ');
  return gravity >= GRAVITY.info ? 'info ' : paint.soft('debug');
}

const valueWords = (value: unknown): string =>
  safeLine(typeof value === 'string' ? value : (JSON.stringify(value) ?? ''));
