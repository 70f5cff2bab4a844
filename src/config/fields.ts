/**
 * The kinds of value that the configuration is made of. Each says in its description what would be right; the
 * wording of a problem comes from there (see issues.ts).
 */
import * as z from 'zod';
import type { Duration } from '../domain/instant.ts';
import { parseHours } from './hours.ts';
import { isDate, isMoment, isTimeZone, nearestTimeZone, parseAddress, parseDuration } from './values.ts';

/** Text that must pass `isRight`; `message` is what is wrong, the remedy is the description unless one is given. */
export function checked(
  isRight: (text: string) => boolean,
  message: string,
  remedy?: (text: string) => string,
) {
  return z.string().superRefine((text, ctx) => {
    if (isRight(text)) return;
    const params = remedy === undefined ? {} : { remedy: remedy(text) };
    ctx.addIssue({ code: 'custom', message, params });
  });
}

export const text = z.string().trim().min(1);
/** One line that ends up in a mail's header, where a line break could begin another header. */
export const line = checked((value) => /^[^\r\n]*\S[^\r\n]*$/.test(value), 'this must be one line of text');

/** One value, or a list of at least one. */
export const oneOrMany = <T extends z.ZodType>(one: T) =>
  z
    .union([one, z.array(one).min(1)])
    .transform((value) => (Array.isArray(value) ? value : [value]) as z.output<T>[]);

export const id = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._-]{0,63}$/)
  .describe(
    'An id: up to 64 lower-case letters, digits, dots, hyphens and underscores, first a letter or digit.',
  );
export const memberId = z.string().describe('The id of a member, as written under members.');
export const inboxId = z.string().describe('The id of an inbox, as written under inboxes.');

export const zone = checked(isTimeZone, 'this is no time zone', (value) => {
  const near = nearestTimeZone(value);
  return `${near === null ? '' : `Did you mean "${near}"? `}Write an IANA name such as Europe/Berlin.`;
});
export const timeZone = zone.describe('An IANA time zone such as Europe/Berlin. Default: defaults.timeZone.');

export const date = checked(isDate, 'this is no date').describe('A date such as 2026-12-25.');
export const moment = checked(isMoment, 'this is no date or date-time');

export const address = z.string().transform((value, ctx) => {
  const parsed = parseAddress(value);
  if (parsed !== null) return parsed;
  ctx.addIssue({ code: 'custom', message: 'this is no mail address' });
  return z.NEVER;
});

export const duration = (name: string) =>
  z
    .string()
    .transform((value, ctx): Duration => {
      const parsed = parseDuration(value);
      if (parsed !== null) return parsed;
      ctx.addIssue({ code: 'custom', message: 'this is no length of time' });
      return z.NEVER;
    })
    .describe(`${name} Write 45m, 4h, 1h 30m or 90d; a d is always 24 hours.`);

const spans = oneOrMany(z.string());

export const hours = z
  .record(z.string(), z.union([spans, z.record(z.string(), spans)]))
  .transform((value, ctx) => {
    const parsed = parseHours(value);
    if ('week' in parsed) return parsed.week;
    for (const { path, message, remedy } of parsed.faults) {
      ctx.addIssue({ code: 'custom', path: [...path], message, params: { remedy } });
    }
    return z.NEVER;
  })
  .describe(
    'Working hours: days (mon-fri, sat) and spans, such as mon-fri: 08:30-12:00, 13:00-17:00; or {odd: …, even: …} for weeks that alternate.',
  );

// biome-ignore lint/suspicious/noTemplateCurlyInString: it is what stands in the file
export const FROM_OUTSIDE = '${NAME} for an environment variable, or {file: path}';

/** `{file: …}` is replaced by what the file holds before the schema sees it; it stays only if that failed. */
export const secretValue = z
  .union([z.string().min(1), z.strictObject({ file: text })])
  .transform((value) => (typeof value === 'string' ? value : ''));

/** Whoever can guess it can write in our name. */
const SIGNING_SECRET_MIN = 24;
export const signingSecret = secretValue
  .refine((value) => value === '' || value.length >= SIGNING_SECRET_MIN, {
    message: `this is shorter than ${SIGNING_SECRET_MIN} characters`,
  })
  .describe(`Signs what is posted, as Standard Webhooks do: whsec_… or any text, ${FROM_OUTSIDE}.`);

export const tlsKind = z
  .enum(['implicit', 'starttls', 'none'])
  .describe('How the connection is encrypted: implicit, starttls or none (none only to this same host).');
export const tls = tlsKind
  .default('implicit')
  .describe('How the connection is encrypted: implicit, starttls or none (none only to this same host).');
export const host = z
  .string()
  .regex(/^[A-Za-z0-9._:-]{1,253}$/)
  .describe('A host name such as imap.example.com, or an IP address.');
export const port = (description: string) => z.int().min(1).max(65_535).optional().describe(description);
