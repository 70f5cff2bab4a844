/**
 * How long what people wrote is kept: personal data stays no longer than its purpose needs (GDPR Art. 5(1)(e)), and
 * what that is, is the team's to say. The ledger stays for good: it holds ids and instants alone.
 */
import * as z from 'zod';
import { DAY, type Duration } from '../domain/instant.ts';
import { parseDuration } from './values.ts';

export const FOREVER = 'forever';

const REMEDY = `Write ${FOREVER}, or a time such as 365d, at least 1d.`;

/** null: for good. */
const span = (name: string, preset: string) =>
  z
    .string()
    .transform((value, ctx): Duration | null => {
      if (value.trim() === FOREVER) return null;
      const parsed = parseDuration(value);
      if (parsed !== null && parsed >= DAY) return parsed;
      const message = parsed === null ? 'this is no length of time' : 'this is shorter than a day';
      ctx.addIssue({ code: 'custom', message });
      return z.NEVER;
    })
    .describe(`${name} ${REMEDY} Default: ${preset}.`)
    .prefault(preset);

export const keep = z
  .strictObject({
    raw: span(
      'The bytes and files of mails, in and out, from the day on which their request is done.',
      '365d',
    ),
    texts: span(
      'All words of a request: its mails as text, notes, answers, names, from the day on which it is done.',
      FOREVER,
    ),
    history: span('Mail from before the start, from the day on which it was taken in.', '180d'),
    bulk: span('Newsletters and other bulk mail that nobody made a request of.', '30d'),
    machine: span('Automatic answers, bounces, reports, duplicates, and copies of our own mail.', '90d'),
  })
  .prefault({})
  .describe('How long what people wrote is kept: raw, texts, history, bulk and machine.');
