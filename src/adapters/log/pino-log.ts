/** Structured logs, one JSON object a line on standard error: standard output belongs to what a command answers. */
import { destination, pino } from 'pino';
import type { Log } from '../../app/ports/log.ts';

export type LogLevel = 'silent' | 'error' | 'warn' | 'info' | 'debug';

export function pinoLog(level: LogLevel): Log {
  const logger = pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, destination(2));
  return {
    info: (fields, message) => logger.info(fields, message),
    warn: (fields, message) => logger.warn(fields, message),
    error: (fields, message) => logger.error(fields, message),
  };
}
