/**
 * The keys `alarm` and `canary`: who is told when mail does not flow, by which other way, and whether inboxes write to
 * themselves to find out.
 */
import * as z from 'zod';
import { MINUTE } from '../domain/instant.ts';
import { address, duration, FROM_OUTSIDE, id, secretValue, signingSecret } from './fields.ts';

const isWeb = (value: string): boolean => value === '' || (/^https?:\/\//.test(value) && URL.canParse(value));

const url = (description: string) =>
  secretValue
    .refine(isWeb, { message: 'this is no web address' })
    .describe(`${description}: https://…, best as ${FROM_OUTSIDE}.`);

const atLeast = (name: string, least: number, words: string) =>
  duration(name).refine((value) => value >= least, { message: `this is shorter than ${words}` });

/** `smtp` is the same form as that of an inbox. */
export const alarmOf = <Smtp extends z.ZodType>(smtp: Smtp) =>
  z
    .strictObject({
      after: atLeast(
        'How long mail must not flow before somebody is told, at least 1m.',
        MINUTE,
        'a minute',
      ).prefault('5m'),
      remindEvery: atLeast(
        'How often they are told while it lasts, at least 5m.',
        5 * MINUTE,
        'five minutes',
      ).prefault('1h'),
      mail: z
        .strictObject({
          to: z
            .array(address.describe('A mail address such as dana@example.net.'))
            .min(1)
            .describe('Who is told: addresses that do not depend on the mail server of an inbox.'),
          from: address.describe('The sender of these mails, such as baton@example.net.'),
          smtp,
        })
        .optional()
        .describe('Alarms by mail, through another account than that of an inbox: to, from and smtp.'),
      webhook: z
        .strictObject({
          url: url('Where alarms are posted as JSON'),
          secret: signingSecret.optional(),
        })
        .optional()
        .describe('Alarms by a POST to a web address: url, and a secret if they are to be signed.'),
      heartbeat: z
        .strictObject({
          url: url('Is asked every minute while mail comes in and goes out'),
          method: z.enum(['GET', 'POST']).default('GET').describe('GET or POST. Default: GET.'),
        })
        .optional()
        .describe('A monitor outside that raises an alarm when it hears nothing: url.'),
    })
    .prefault({})
    .describe(
      'Who is told when mail does not come in or go out: mail, webhook, heartbeat, after and remindEvery.',
    );

export const canary = z
  .strictObject({
    every: atLeast(
      'How often an inbox sends a mail to itself, at least 5m.',
      5 * MINUTE,
      'five minutes',
    ).prefault('30m'),
    within: atLeast('How long such a mail may take, at least 1m.', MINUTE, 'a minute').prefault('5m'),
    inboxes: z.array(id).optional().describe('The ids of the inboxes that do so. Default: all.'),
  })
  .optional()
  .describe(
    'Mails that inboxes send to themselves, to see that mail goes round: every, within and inboxes. Default: none.',
  );
