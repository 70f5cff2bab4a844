/** The key `pages`: where urgent escalations go besides the mail, for a gateway that rings or writes to people. */
import * as z from 'zod';
import { HOUR } from '../domain/instant.ts';
import { checked, duration, FROM_OUTSIDE, inboxId, secretValue, signingSecret } from './fields.ts';
import { isLoopback } from './values.ts';

/** What is paged names people: it crosses a network only under TLS. */
function isSafe(value: string): boolean {
  if (value === '') return true;
  const url = URL.canParse(value) ? new URL(value) : null;
  return url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url.hostname));
}

/** ITU-T E.164: a plus sign, and at most fifteen digits that begin with the country's. */
export const phone = checked((value) => /^\+[1-9]\d{6,14}$/.test(value), 'this is no phone number').describe(
  'A phone number in the form +4930123456: plus, country and number, digits alone. Goes along with pages.',
);

export const pages = z
  .strictObject({
    url: secretValue
      .refine(isSafe, { message: 'this is no address that a page may go to' })
      .describe(
        `Where pages are posted as JSON: https://…, or http:// to this same host, best as ${FROM_OUTSIDE}.`,
      ),
    secret: signingSecret,
    inboxes: z
      .array(inboxId)
      .min(1)
      .optional()
      .describe('The ids of the inboxes whose urgent requests are paged. Default: all.'),
    words: z
      .boolean()
      .default(false)
      .describe("Whether a page names the request's subject, which is the customer's words. Default: false."),
    giveUpAfter: duration('How long it is tried to page somebody; mails are tried for longer.')
      .refine((value) => value >= HOUR / 6, { message: 'this is shorter than ten minutes' })
      .prefault('4h'),
  })
  .optional()
  .describe(
    'Where urgent escalations are posted besides the mail, for a gateway that rings people: url and secret, and inboxes, words and giveUpAfter. Default: none.',
  );
