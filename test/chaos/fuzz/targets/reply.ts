/** What somebody newly wrote, told from what they quoted (domain/reply-text). */
import assert from 'node:assert/strict';
import { Buffer } from 'node:buffer';
import { wouldAct } from '../../../../src/domain/command/parse.ts';
import { extractReply, REPLY_INPUT_MAX } from '../../../../src/domain/reply-text/extract-reply.ts';
import { findForwarded } from '../../../../src/domain/reply-text/find-forwarded.ts';
import { seedBodies } from '../corpora.ts';
import { makeText } from '../mails.ts';
import type { Target } from '../target.ts';
import { Breaking, CommandWords, QuoteWords } from '../words.ts';

const SENT = `Priya, will you take this? #1042

Maria Lopez <maria@x.example> wrote to Elm Property Management on Monday at 10:00:
The tap in the kitchen of flat 4 drips since yesterday evening, and the floor is wet by now.

Answer "accept" to take it, "decline" to say no, or "handoff to NAME" to pass it on.
Nobody else was asked. If you do not answer by 12:00, Luis is asked instead of you.
`;

export const reply: Target = {
  name: 'reply',
  promise:
    'each part is made of lines of the mail in their order, nothing is lost, and no quote holds an order',
  lengthMax: 80 * 1024,
  cost: { baseMs: 60, perKilobyteMs: 8 },
  words: [
    ...QuoteWords,
    ...CommandWords.slice(0, 60),
    ...Breaking,
    ...SENT.split('\n').map((line) => `${line}\n`),
  ],
  seeds: () => [Buffer.from(SENT), ...seedBodies()],
  make: (chance) =>
    Buffer.from(
      chance.happens(0.5)
        ? makeText(chance)
        : `${makeText(chance)}${chance.pick(QuoteWords)}> ${SENT.replaceAll('\n', '\n> ')}`,
    ),
  check(input) {
    const text = input.toString('utf8');
    const read = text.slice(0, REPLY_INPUT_MAX);
    const alone = extractReply(text, { author: 'Sam Reed' });
    for (const part of [alone.text, alone.quoted, alone.signature])
      assert(isWithin(part, read), 'words that do not stand in the mail in this order');
    assert.equal(
      lettersIn(alone.text) + lettersIn(alone.quoted) + lettersIn(alone.signature),
      lettersIn(read),
      'words were lost, or are there twice',
    );
    const beside = extractReply(text, { sent: [SENT], author: 'Sam Reed' });
    for (const part of [beside.text, beside.quoted, beside.signature])
      assert(isWithin(part, read), 'words that do not stand in the mail in this order, beside what was sent');
    findForwarded(read, 'Fwd: leak');
    checkQuote(read);
  },
};

/** Whatever stands in a marked quote below its attribution, no order is read from it. */
function checkQuote(text: string): void {
  const quoted = text
    .slice(0, 8_000)
    .split(/\r\n|\n|\r/)
    .map((line) => `> ${line}`)
    .join('\n');
  for (const attribution of Attributions) {
    const whole = extractReply(`${attribution}\n${quoted}`).text;
    assert(!wouldAct(whole), 'an order was read out of a quote below its attribution');
  }
}

const Attributions: readonly string[] = [
  'On Mon, 23 Nov 2026 at 10:00, Elm <office@elm.example> wrote:',
  'Am 23.11.2026 um 10:00 schrieb Elm <office@elm.example>:',
];

/** Whether the characters that print stand in the whole in this order. */
function isWithin(part: string, whole: string): boolean {
  let at = 0;
  for (const letter of part.replace(/\s+/g, '')) {
    at = whole.indexOf(letter, at);
    if (at < 0) return false;
    at += letter.length;
  }
  return true;
}

const lettersIn = (text: string): number => text.match(/[\p{L}\p{N}]/gu)?.length ?? 0;
