/** How a member works from given dates on: who moves to another zone, goes part-time, or gets other holidays. */
import * as z from 'zod';
import { date, hours, zone } from './fields.ts';
import { holidays } from './holidays.ts';

const change = z
  .strictObject({
    timeZone: zone.optional().describe('The IANA time zone from this date on, such as Europe/Berlin.'),
    hours: hours.optional(),
    holidays: holidays.describe(
      'Days off from this date on: further dates, or places instead of those before.',
    ),
  })
  .refine((given) => given.timeZone !== undefined || given.hours !== undefined || given.holidays.length > 0, {
    message: 'this changes nothing',
  })
  .describe('What is different from this date on: timeZone, hours or holidays; the rest stays as it was.');

export const changes = z
  .record(date, change)
  .default({})
  .describe(
    'Dates from which on this member works differently, such as 2026-09-15: {timeZone: Europe/Berlin}.',
  );
