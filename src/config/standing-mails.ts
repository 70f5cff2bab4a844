/** The keys of a member that say which standing mails they get, and when: `digest`, `morningList`, `weeklyReport`. */
import * as z from 'zod';
import type { StandingMails, WeeklyTime } from '../domain/policy.ts';

const TIME = '(?:[01]?\\d|2[0-3]):[0-5]\\d';
const OFF = /^off$/i;
const DAILY = new RegExp(`^${TIME}$`);
const WEEKLY = new RegExp(`^([a-z]{3,9})\\s+(${TIME})$`, 'i');
const DAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];

/** YAML gives an unquoted `off` as text, `false` as what it is: both mean that somebody wants none. */
const written = z.union([z.string(), z.literal(false).transform(() => 'off')]);

const daily = (description: string) =>
  written
    .transform((text, ctx): string | null => {
      const value = text.trim();
      if (OFF.test(value)) return null;
      if (DAILY.test(value)) return value.padStart(5, '0');
      ctx.addIssue({ code: 'custom', message: 'this is no time of day' });
      return z.NEVER;
    })
    .describe(description);

const weekly = (description: string) =>
  written
    .transform((text, ctx): WeeklyTime | null => {
      const value = text.trim();
      if (OFF.test(value)) return null;
      const [, day = '', at = ''] = WEEKLY.exec(value) ?? [];
      const weekday = day === '' ? -1 : DAYS.findIndex((name) => name.startsWith(day.toLowerCase()));
      if (weekday >= 0) return { weekday, at: at.padStart(5, '0') };
      ctx.addIssue({ code: 'custom', message: 'this is no day of the week with a time' });
      return z.NEVER;
    })
    .describe(description);

/** Spread into the form of a member. */
export const standingMails = {
  digest: daily(
    'When a manager gets the daily digest, local time on their working days, such as 07:30, or off. Default: 08:00.',
  ).prefault('08:00'),
  morningList: daily(
    'When this member gets the list of what they have, local time on their working days, such as 08:00, or off. Default: off.',
  ).prefault('off'),
  weeklyReport: weekly(
    'When a manager gets the weekly report, local time, such as mon 08:00, or off. Default: mon 08:00.',
  ).prefault('mon 08:00'),
};

export const standingMailsOf = ({ digest, morningList, weeklyReport }: StandingMails): StandingMails => ({
  digest,
  morningList,
  weeklyReport,
});
