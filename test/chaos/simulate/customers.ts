/** Who writes in from outside, and what they do with what they get: people, robots, lists, helpers. */
import { HOUR, MINUTE, SECOND } from '../../../src/domain/instant.ts';
import type { Dice } from './dice.ts';
import { bounceOf, outOfOffice, robot } from './machines.ts';
import { addressOfMember, type Got, type Surroundings } from './members.ts';
import type { Letter } from './post.ts';

export const Manners = [
  ...[
    'plain',
    'plain',
    'again',
    'thanks',
    'complains',
    'bounces',
    'away',
    'robot',
    'new-matter',
    'from-no-reply',
  ],
] as const;
export type Manner = string;

const SUBJECTS: readonly string[] = [
  ...[
    'Leak under the sink',
    'Flood in the cellar',
    'Invoice 2026-17',
    'Question about the invoice',
    'The gate',
    'Hello',
  ],
];

export const INBOXES = ['maintenance', 'billing'] as const;
export const inboxAddressOf = (inbox: string): string => `${inbox}@elm.example`;

/** A first mail: to which inboxes it is delivered, and what it says. */
export function firstLetter(dice: Dice, number: number): { inboxes: readonly string[]; letter: Letter } {
  const inbox = dice.happens(0.75) ? 'maintenance' : 'billing';
  const from = dice.pick(['maria@example.com', 'tom@example.com', `guest${number}@example.net`]);
  const letter: Letter = {
    from,
    to: [inboxAddressOf(inbox)],
    subject: dice.pick(SUBJECTS),
    text: `This is matter ${number}.`,
  };
  switch (dice.pick(KINDS)) {
    case 'two-inboxes':
      return { inboxes: INBOXES, letter: { ...letter, to: INBOXES.map(inboxAddressOf) } };
    case 'blind-copy':
      return {
        inboxes: [inbox],
        letter: { ...letter, to: ['else@example.com'], deliveredTo: [inboxAddressOf(inbox)] },
      };
    case 'poison':
      return { inboxes: [inbox], letter: { ...letter, poison: dice.pick(['whole', 'body'] as const) } };
    case 'member':
      return {
        inboxes: [inbox],
        letter: { ...letter, from: addressOfMember(dice.pick(['sam', 'priya', 'dana'])) },
      };
    case 'list':
      return {
        inboxes: [inbox],
        letter: {
          ...letter,
          headers: [
            ['list-id', '<news.example.com>'],
            ['precedence', 'bulk'],
            ['list-unsubscribe', '<https://x.example>'],
          ],
        },
      };
    case 'no-reply':
      return {
        inboxes: [inbox],
        letter: { ...letter, from: 'no-reply@shop.example', headers: [['auto-submitted', 'auto-generated']] },
      };
    case 'stray-bounce':
      return {
        inboxes: [inbox],
        letter: {
          ...letter,
          ...{
            from: 'mailer-daemon@mx.example',
            returnPath: '',
            subject: 'Undelivered Mail Returned to Sender',
          },
          report: {
            recipients: [
              {
                address: 'x@y.example',
                status: '5.1.1',
                action: 'failed',
                permanent: true,
                reason: null,
                diagnostic: '',
              },
            ],
            originalMessageId: 'never-seen@elm.example',
          },
        },
      };
    case 'unproved':
      return { inboxes: [inbox], letter: { ...letter, proved: false } };
    default:
      return { inboxes: [inbox], letter };
  }
}

const KINDS: readonly string[] = [
  ...Array(12).fill('plain'),
  ...[
    'two-inboxes',
    'two-inboxes',
    'blind-copy',
    'poison',
    'poison',
    'member',
    'list',
    'no-reply',
    'stray-bounce',
    'unproved',
  ],
];

export function customerGets(around: Surroundings, address: string, manner: Manner, got: Got): void {
  const { dice } = around;
  const { body, inboxId } = got.notice;
  if (!around.mayWrite()) return;
  const subject = got.sent.subject.startsWith('Re: ') ? got.sent.subject : `Re: ${got.sent.subject}`;
  const writes = (text: string, changes: Partial<Letter> = {}): void =>
    around.post(
      inboxId,
      { from: address, to: [got.inboxAddress], subject, text, answers: [got.sent.messageId], ...changes },
      dice.between(30 * SECOND, 6 * HOUR),
      dice.happens(0.08) ? 2 : 1,
    );
  if (manner === 'bounces' && dice.happens(0.7))
    return around.post(inboxId, bounceOf(address, got, dice), dice.between(SECOND, 30 * MINUTE));
  if (manner === 'away') return around.post(inboxId, outOfOffice(address, got), 20 * SECOND);
  if (manner === 'robot')
    return around.post(inboxId, robot(address, got, dice.between(1_000, 10_000)), 10 * SECOND);
  const isAnswer = body.kind === 'customer-reply' || body.kind === 'finished';
  if (!dice.happens(isAnswer ? 0.6 : 0.35)) return;
  if (manner === 'thanks') return writes('Thank you!');
  if (manner === 'complains')
    return writes('It drips again, this is no good.', dice.happens(0.5) ? { answers: [] } : {});
  if (manner === 'new-matter')
    return writes('By the way, the lift is broken.', { subject: 'The lift is broken' });
  if (manner === 'again')
    return writes('And the cellar?', dice.happens(0.3) ? { cc: ['neighbour@example.org'] } : {});
  if (dice.happens(0.1)) writes('From somebody else', { from: 'neighbour@example.org' });
}

/** Whoever outside was asked for help. */
export function helperGets(around: Surroundings, address: string, got: Got): void {
  const { dice } = around;
  if (!around.mayWrite() || dice.happens(0.4)) return;
  const to = [got.sent.replyTo ?? got.inboxAddress];
  const letter = { from: address, to, subject: `Re: ${got.sent.subject}`, text: 'Thursday is fine.' };
  around.post(
    got.notice.inboxId,
    dice.happens(0.2) ? bounceOf(address, got, dice) : { ...letter, answers: [got.sent.messageId] },
    dice.between(MINUTE, 8 * HOUR),
  );
}
