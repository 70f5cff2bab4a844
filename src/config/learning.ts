/** What is learned, and how far that may decide: the part of the configuration that becomes categories and Learning. */
import * as z from 'zod';
import type { CategoryId, InboxId } from '../domain/ids.ts';
import { type Category, DEFAULT_LEARNING, Priorities } from '../domain/policy.ts';
import { id, inboxId, line, memberId, oneOrMany, text } from './fields.ts';
import { parseAssign } from './values.ts';

export const assign = z
  .union([memberId, z.strictObject({ team: z.string().describe('The id of a team.') })])
  .transform(parseAssign);

const category = z.strictObject({
  name: line.optional().describe('What mails call it. Default: its id.'),
  description: text
    .default('')
    .describe('What belongs to it, in a sentence or two, as you would tell a new colleague.'),
  phrases: z
    .array(text)
    .max(1_000)
    .default([])
    .describe(
      'What customers write who mean it: a list of sentences, until there is real mail to learn from.',
    ),
  inboxes: oneOrMany(inboxId).optional().describe('The ids of the inboxes it exists in. Default: all.'),
  assign: assign.describe('Who is asked: the id of a member, or {team: id}.'),
  priority: z.enum(Priorities).default('normal').describe('normal or urgent. Default: normal.'),
});

export const categories = z
  .record(id, category)
  .default({})
  .describe(
    'The kinds of request that Baton learns to tell apart, each under an id of your choice; a rule that only categorises may name one of them.',
  );

export const learning = z
  .strictObject({
    mode: z
      .enum(['assign', 'suggest', 'off'])
      .default(DEFAULT_LEARNING.mode)
      .describe(
        'What a guess that is sure enough does: assign (who is asked first), suggest (the front desk is shown it), off. Default: assign.',
      ),
    wrongAtMost: z
      .number()
      .min(0.001)
      .max(0.5)
      .default(DEFAULT_LEARNING.wrongAtMost)
      .describe('Which share of its own choices may be wrong, from 0.001 to 0.5. Default: 0.05.'),
    previousOwner: z
      .enum(['never', 'when-unsure', 'before-model'])
      .default(DEFAULT_LEARNING.previousOwner)
      .describe(
        'Whether who had the last request of the same customer is asked: never, when-unsure, before-model. Default: never.',
      ),
    examplesPerSender: z
      .int()
      .min(1)
      .max(10_000)
      .default(DEFAULT_LEARNING.examplesPerSender)
      .describe('How many examples one sender may give to one category. Default: 20.'),
  })
  .prefault({})
  .describe('How far what was learned may decide: mode, wrongAtMost, previousOwner and examplesPerSender.');

export const toCategories = (
  given: z.output<typeof categories>,
  allInboxes: readonly InboxId[],
): ReadonlyMap<CategoryId, Category> =>
  new Map(
    Object.entries(given).map(([key, { name, inboxes, ...rest }]) => [
      key,
      { id: key, name: name ?? key, inboxes: inboxes ?? allInboxes, ...rest },
    ]),
  );
