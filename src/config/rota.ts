/** Who has a desk or is on call: one member, or one each week in turn. */
import * as z from 'zod';
import type { Triage } from '../domain/policy.ts';
import { checked, memberId } from './fields.ts';
import { isMonday, isTimeOfDay } from './values.ts';

const weekly = z.strictObject({
  weekly: z.array(memberId).min(1).describe('The ids of the members who take a week each, in turn.'),
  firstMonday: checked(isMonday, 'this is no Monday').describe(
    'The Monday on which the first of them begins, such as 2026-01-05.',
  ),
  handover: checked(isTimeOfDay, 'this is no time of day')
    .optional()
    .describe('When on Monday the next of them begins, such as 08:00. Default: midnight.'),
});

const rota = z.union([memberId, weekly]);

export const triageLead = rota.describe(
  'The id of the member who answers for what nobody owns yet, or {weekly: [ids], firstMonday: date}.',
);

export const onCall = rota
  .optional()
  .describe(
    'Who is called for what is urgent, day and night: the id of a member, or {weekly: [ids], firstMonday: date}. Default: nobody.',
  );

export function toRota(given: z.output<typeof rota>): Triage {
  if (typeof given === 'string') return { type: 'member', member: given };
  const { weekly: members, firstMonday, handover } = given;
  return { type: 'weekly', members, firstMonday, ...(handover !== undefined && { handover }) };
}
