/** The key `limits`: what one mail may cost, and how much of it is read. What happens beyond each stands beside it. */
import * as z from 'zod';

const whole = (min: number, max: number, standard: number, what: string, beyond: string, unit = '') =>
  z
    .int()
    .min(min)
    .max(max)
    .default(standard)
    .describe(`${what}, ${min} to ${max}${unit}; ${beyond}. Default: ${standard}.`);

const parse = z
  .strictObject({
    cpuSeconds: z
      .number()
      .min(0.5)
      .max(300)
      .default(5)
      .describe(
        'Processor time for parsing one mail in seconds, 0.5 to 300. Beyond it the second parser reads it, then only its header, and it is parked. Default: 5.',
      ),
    memoryMb: z
      .int()
      .min(128)
      .max(8_192)
      .default(256)
      .describe(
        'Memory of the parsing process in MB, 128 to 8192. Beyond it as beyond cpuSeconds. Default: 256.',
      ),
    headerKb: whole(16, 16_384, 1_024, 'What is read of a header', 'the rest is not read', ' KB'),
    addresses: whole(10, 100_000, 1_000, 'Addresses of From, To and so on', 'the rest is left out'),
    parts: whole(10, 100_000, 1_000, 'Parts of a mail', 'the rest is left out'),
    nesting: whole(5, 250, 100, 'How deep parts are nested', 'deeper ones are left out'),
    attachments: whole(1, 10_000, 500, 'Attachments that are passed on', 'the rest is left out'),
    textKb: whole(64, 16_384, 1_024, 'Thousands of characters of text', 'the rest is cut off'),
    htmlMb: whole(1, 256, 16, 'What is looked at of one text or HTML part', 'the rest is cut off', ' MB'),
    containerMb: whole(
      1,
      256,
      16,
      'The size of a winmail.dat or S/MIME part',
      'a larger one stays a file',
      ' MB',
    ),
    calendarKb: whole(
      16,
      16_384,
      1_024,
      'The size of a calendar part',
      'a larger one gets no summary',
      ' KB',
    ),
  })
  .prefault({})
  .describe('What parsing may cost and how much of a mail is read; what was cut is told in its warnings.');

export const limits = z
  .strictObject({
    messageMaxBytes: z
      .int()
      .min(65_536)
      .max(268_435_456)
      .default(26_214_400)
      .describe(
        'A larger mail is parked for a person to look at: 65536 to 268435456 bytes. Default: 25 MiB.',
      ),
    batchMessagesMax: z
      .int()
      .min(1)
      .max(1_000)
      .default(50)
      .describe('How many mails are stored in one transaction, 1 to 1000. Default: 50.'),
    parse,
  })
  .prefault({})
  .describe('Bounds on what one mail may cost.');
