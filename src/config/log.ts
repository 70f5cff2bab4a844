/** The key `log`: how much is told. Where it goes is no choice: standard error, and a file beside the embedded database. */
import * as z from 'zod';

export const LogLevels = ['error', 'warn', 'info', 'debug'] as const;
export type LogLevel = (typeof LogLevels)[number];

export const log = z
  .strictObject({
    level: z
      .enum(LogLevels)
      .default('info')
      .describe('The least that is told: error, warn, info or debug. Default: info.'),
  })
  .prefault({})
  .describe('What the log tells: level.');
