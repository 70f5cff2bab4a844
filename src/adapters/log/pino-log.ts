/**
 * Structured logs, one JSON object a line on standard error, since standard output belongs to what a command answers;
 * and in a file beside the embedded database, where no journal keeps them. At a terminal people read them as lines.
 *
 * Every line has `level` (30 info, 40 warn, 50 error), `time` (ISO 8601, UTC), `step` and `msg`; the rest is ids, codes
 * and counts. What a start says in words to who sits at the terminal is in the file a line with step "start".
 */
import { destination, type Level, pino } from 'pino';
import type { Log } from '../../app/ports/log.ts';
import type { LineSink } from './rotating-file.ts';

export type LogLevel = 'silent' | 'error' | 'warn' | 'info' | 'debug';

/** `terminal`: who shows lines there to people; null: they go to standard error as they are. */
export function pinoLog(
  level: LogLevel,
  file: LineSink | null = null,
  terminal: LineSink | null = null,
): Log {
  const screen = terminal ?? standardError();
  const both = {
    write(line: string) {
      screen.write(line);
      file?.write(line);
    },
  };
  return logTo(level, file === null ? screen : both);
}

function standardError(): LineSink {
  const stream = destination(2);
  // Pino itself puts up with a reader that is gone, and with nothing else: the log is not what mail waits for.
  stream.on('error', () => {});
  return stream;
}

/** What is said in words, in the file as well. */
export function saidTo(file: LineSink): (line: string) => void {
  const { info } = logTo('info', file);
  return (line) => info({ step: 'start' }, line);
}

function logTo(level: LogLevel, sink: LineSink): Log {
  const logger = pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, sink);
  const at = (name: Level) => (fields: object, message: string) => logger[name](fields, message);
  return { info: at('info'), warn: at('warn'), error: at('error') };
}
