/** How much automatic mail goes out: the part of the configuration that becomes the domain's Caps. */
import * as z from 'zod';
import { DEFAULT_CAPS, type Rate } from '../domain/brakes.ts';

const MAX = 1_000_000;

/** An hour may not allow what its day does not. */
const rate = (what: string, { hour, day }: Rate) =>
  z
    .strictObject({
      hour: z.int().min(0).max(MAX).default(hour).describe(`In any hour, 0 to ${MAX}. Default: ${hour}.`),
      day: z.int().min(0).max(MAX).default(day).describe(`In any 24 hours, 0 to ${MAX}. Default: ${day}.`),
    })
    .superRefine((value, ctx) => {
      if (value.hour <= value.day) return;
      const message = 'an hour may send more than the whole day';
      ctx.addIssue({
        code: 'custom',
        path: ['hour'],
        message,
        params: { remedy: 'Raise day, or lower hour.' },
      });
    })
    .prefault({})
    .describe(what);

export const caps = z
  .strictObject({
    address: rate('To one address, whatever tag it has.', DEFAULT_CAPS.address),
    request: rate('About one request, to whoever is told of it.', DEFAULT_CAPS.request),
    unproved: rate(
      'To senders of whom nothing proves that they wrote, all together: what forged senders can set off.',
      DEFAULT_CAPS.unproved,
    ),
    overall: rate('To everybody outside, all together.', DEFAULT_CAPS.overall),
    member: z
      .strictObject({
        hour: z
          .int()
          .min(1)
          .max(MAX)
          .default(DEFAULT_CAPS.member.hour)
          .describe(`In any hour, 1 to ${MAX}. Default: ${DEFAULT_CAPS.member.hour}.`),
      })
      .prefault({})
      .describe('To one member, {hour}: above it nothing is held back, but mails come several in one.'),
  })
  .prefault({})
  .describe(
    'How many automatic mails (confirmations and the like, never what a member wrote) go to people outside: address, request, unproved and overall, each {hour, day}; and above how many mails a member gets several in one: member.',
  );
