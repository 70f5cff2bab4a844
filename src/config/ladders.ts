/** Who is asked after whom: the part of the configuration that becomes the domain's ladders. */
import * as z from 'zod';
import { UsualLadder } from '../domain/ladder.ts';
import { type Ladder, Priorities, type Rung } from '../domain/policy.ts';
import { duration, inboxId, line, oneOrMany } from './fields.ts';

export const RUNGS = ['remind', 'backup', 'team', 'front-desk', 'on-call', 'final-manager'] as const;
const NAMES = 'remind, backup, team, front-desk, on-call, final-manager, or the id of a member';

const to = z.string().min(1).describe(`Who comes next: ${NAMES}.`);

const rung = z
  .union([
    to,
    z.strictObject({
      to,
      after: duration(
        'How long whoever was there before is waited for. Default: what the clocks say.',
      ).optional(),
    }),
  ])
  .transform((given): Rung => {
    const { to: name, after = null } = typeof given === 'string' ? { to: given } : given;
    const known = RUNGS.find((one) => one === name);
    return known === undefined ? { to: 'member', member: name, after } : { to: known, after };
  });

const rungs = (what: string, usual: readonly Rung[]) =>
  z
    .array(rung)
    .min(1)
    .optional()
    .describe(
      `${what} Each is ${NAMES}, or {to, after}. Default: [${usual.map((one) => one.to).join(', ')}].`,
    );

const ladder = z.strictObject({
  when: z
    .strictObject({
      inbox: oneOrMany(inboxId).optional().describe('The id of an inbox, or a list.'),
      team: oneOrMany(z.string().describe('The id of a team.'))
        .optional()
        .describe('The id of the team that is asked, or to which the owner belongs, or a list.'),
      category: oneOrMany(line).optional().describe('The category that a rule gave it, or a list.'),
      priority: z.enum(Priorities).optional().describe('normal or urgent.'),
    })
    .prefault({})
    .describe('Which requests it holds for: inbox, team, category and priority. Default: all.'),
  unaccepted: rungs('Who is asked while nobody accepts, after the first.', UsualLadder.unaccepted),
  owned: rungs(
    'Who hears of it when the owner is silent, or the customer waits too long.',
    UsualLadder.owned,
  ),
});

export const ladders = z
  .array(ladder)
  .default([])
  .describe(
    'Who is asked after whom, the first ladder that fits: a list of {when, unaccepted, owned}. The final manager is the end of each.',
  );

export const toLadders = (given: z.output<typeof ladders>): readonly Ladder[] =>
  given.map(({ when: { inbox, team, category, priority }, unaccepted, owned }) => ({
    when: {
      ...(inbox !== undefined && { inboxes: inbox }),
      ...(team !== undefined && { teams: team }),
      ...(category !== undefined && { categories: category }),
      ...(priority !== undefined && { priority }),
    },
    ...(unaccepted !== undefined && { unaccepted }),
    ...(owned !== undefined && { owned }),
  }));
