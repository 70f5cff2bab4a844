/** The key `observe`: where each worker answers whether it lives, whether mail flows, and with which figures. */
import * as z from 'zod';
import { FROM_OUTSIDE, host, secretValue } from './fields.ts';

/** Whoever guesses it reads figures and nothing else, but may ask all day. */
const TOKEN_MIN = 16;

export const observe = z
  .strictObject({
    host: host
      .default('127.0.0.1')
      .describe('The address it listens on. Default: 127.0.0.1, this machine alone.'),
    port: z.int().min(1).max(65_535).describe('A port number from 1 to 65535, such as 9464.'),
    token: secretValue
      .refine((token) => token === '' || token.length >= TOKEN_MIN, {
        message: `this is shorter than ${TOKEN_MIN} characters`,
      })
      .optional()
      .describe(`Figures and reasons only for who sends it as "Authorization: Bearer …": ${FROM_OUTSIDE}.`),
  })
  .optional()
  .describe('Where workers answer /healthz, /readyz and /metrics: port, host and token. Default: nowhere.');
