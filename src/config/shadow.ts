/** The key `shadow`: whether Baton only looks on. */
import * as z from 'zod';

export const shadow = z
  .boolean()
  .default(false)
  .describe(
    'true while Baton only looks on: it reads mail and decides, and mails nobody but managers. Default: false.',
  );
