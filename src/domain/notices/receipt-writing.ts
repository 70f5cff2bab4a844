/** Receipts about words: what went to the customer or to a helper, what waits, and what was only kept. */
import { type Duration, MILLISECOND } from '../instant.ts';
import { type Block, choice, command, own, paragraph, type Span, say, strong } from './doc.ts';
import { whyUnreached } from './loss-words.ts';
import { Full, messageQuote, noteQuote } from './parts.ts';
import type { Done } from './receipt-kinds.ts';
import { firstWords } from './receipt-ownership.ts';
import {
  at,
  contactOf,
  customerOf,
  isReader,
  messageOf,
  nameAndAddress,
  nameOf,
  requestOf,
  type Scene,
} from './scene.ts';
import { copyOf } from './written.ts';

/** `reply`, `send` and `release`: a copy of exactly what went out, or why it did not. */
export function answered(scene: Scene, result: Done): readonly Block[] {
  return result.held === undefined ? wentOut(scene, result) : waits(scene, result);
}

function wentOut(scene: Scene, result: Done): readonly Block[] {
  const author = authorOf(scene, result);
  const whose = isReader(scene, author) ? say`Your answer` : say`The answer of ${nameOf(scene, author)}`;
  return [
    paragraph(
      justTaken(scene) ? say`${strong("It's yours")} now.` : null,
      say`${whose} goes out to ${customerOf(scene)} now${andCopies(scene)}.`,
      say`To finish it, answer ${command('done')}.`,
    ),
    ...copy(scene, say`This is all of it:`, result),
  ];
}

/** Who wrote it: of an answer that was released, not who let it go. */
function authorOf(scene: Scene, { text }: Done): string {
  const written = text === null ? undefined : scene.view.texts.get(text);
  return written?.author ?? scene.reader ?? '';
}

function copy(scene: Scene, lead: readonly Span[], result: Done): readonly Block[] {
  if (result.text === null) return [];
  const files = scene.view.message?.attachments ?? [];
  return [copyOf(scene, lead, authorOf(scene, result), result.text, files)];
}

/** `, with a copy to Joe Plumber`. */
function andCopies(scene: Scene): readonly Span[] | null {
  const copied = scene.view.request?.state.copied ?? [];
  if (copied.length === 0) return null;
  return say`, with a copy to ${choice(
    copied.map((id) => contactOf(scene, id)),
    'and',
  )}`;
}

/** What one mail makes happen is this close together: an event lies a microsecond behind the one before it. */
const ONE_MAIL: Duration = MILLISECOND;

/** Whoever is asked and answers the customer takes the request by doing so. */
function justTaken(scene: Scene): boolean {
  const { events } = requestOf(scene);
  const seq = scene.view.notice.seq ?? 0;
  const sent = events.find((event) => event.seq === seq);
  const before = events.filter((event) => event.seq < seq && event.type !== 'owner-named').at(-1);
  if (sent === undefined || before?.type !== 'accepted' || !isReader(scene, before.by)) return false;
  // Who took it by a mail before this one was told so then.
  return sent.at - before.at < ONE_MAIL;
}

function waits(scene: Scene, result: Done): readonly Block[] {
  const customer = customerOf(scene);
  switch (result.held) {
    case 'newer-message': {
      const message = result.newer === undefined ? null : messageOf(scene, result.newer);
      const when = message === null ? null : say` (${at(scene, message.storedAt)})`;
      return [
        paragraph(strong('NOT SENT.'), say`${customer} wrote again${when} after the mail that you answered.`),
        paragraph(releaseOrReply()),
        ...(message === null ? [] : [messageQuote(scene, message, Full)]),
        ...copy(scene, say`This waits:`, result),
      ];
    }
    case 'answered-meanwhile':
      return [
        paragraph(
          strong('NOT SENT.'),
          say`${whoAnswered(scene)} wrote to ${customer} after the mail that you answered.`,
        ),
        paragraph(releaseOrReply()),
        ...theirAnswer(scene),
        ...copy(scene, say`This waits:`, result),
      ];
    case 'not-owner': {
      const { owner } = requestOf(scene).state;
      const who = owner === null ? own('whoever has it') : nameOf(scene, owner);
      return [
        paragraph(
          strong('NOT SENT'),
          say`to ${customer}. ${who} has this request and decides: we showed them your text, and if they say so it goes out in your name.`,
        ),
        ...copy(scene, say`This waits:`, result),
      ];
    }
    case 'unreached':
      return [
        paragraph(
          strong('NOT SENT.'),
          say`Mail to ${nameAndAddress(scene, requestOf(scene).customer, 'this address')} comes back${whyItDoes(scene)}.`,
        ),
        paragraph(
          say`To send it there all the same, answer ${command('release')}.`,
          say`To send it somewhere else, answer ${command('for')} and the right address, and then ${command('release')}.`,
          say`They still wait for an answer; it may be best to call.`,
        ),
        ...copy(scene, say`This waits:`, result),
      ];
    case undefined:
      return [];
    default:
      return result.held satisfies never;
  }
}

function whyItDoes(scene: Scene): readonly Span[] | null {
  const why = whyUnreached(requestOf(scene).events);
  return why === null ? null : say`: ${own(why)}`;
}

const releaseOrReply = (): readonly Span[] =>
  say`To send it anyway, answer ${command('release')}. To write another: ${command('reply:')} and your text.`;

function whoAnswered(scene: Scene): Span {
  const by = requestOf(scene).state.lastAnswer?.by ?? null;
  return by === null ? own('Somebody') : nameOf(scene, by);
}

/** What a colleague wrote to the customer in the meantime. */
function theirAnswer(scene: Scene): readonly Block[] {
  const { events, state } = requestOf(scene);
  const event = events.find(({ seq }) => seq === state.lastAnswer?.seq);
  if (event?.type === 'replied') {
    const quote = noteQuote(scene, event.by, event.text);
    return quote === null ? [] : [quote];
  }
  const message = event?.type === 'answered-directly' ? messageOf(scene, event.messageId) : null;
  return message === null ? [] : [messageQuote(scene, message, Full)];
}

export function kept(scene: Scene, result: Done): readonly Block[] {
  return [
    paragraph(say`We kept your note${firstWords(scene, result)}. It was not sent to ${customerOf(scene)}.`),
  ];
}

/** A colleague is asked for help. */
export function asked(scene: Scene, result: Done): readonly Block[] {
  const who = result.to === null ? own('your colleague') : nameOf(scene, result.to);
  return [
    paragraph(
      say`We asked ${who} for help${firstWords(scene, result)}. What they answer comes to you and not to ${customerOf(scene)}.`,
      ifSilent(scene, result),
    ),
  ];
}

function ifSilent(scene: Scene, result: Done): readonly Span[] | null {
  return result.at === undefined
    ? null
    : say`Without an answer we remind them (${at(scene, result.at)}), and then tell you.`;
}

/** A helper answered what they were asked. */
export function helper(scene: Scene, result: Done): readonly Block[] {
  const who = result.to === null ? own('whoever answers for it') : nameOf(scene, result.to);
  return [
    paragraph(
      say`Thank you. Your answer${firstWords(scene, result)} went to ${who}, with its files. It was not sent to ${customerOf(scene)}.`,
    ),
  ];
}

export function asksOutside(scene: Scene, result: Done): readonly Block[] {
  const { contact } = result;
  const who = contact === undefined ? own('them') : contactOf(scene, contact);
  return [
    paragraph(
      say`Your question goes out to ${who} now, and they see nothing else. What they answer comes to you and not to ${customerOf(scene)}.`,
      ifSilent(scene, result),
    ),
    ...copy(scene, say`This is all of it:`, result),
  ];
}

export function reminded(scene: Scene, result: Done): readonly Block[] {
  const who = result.to === null ? own('whoever it waits for') : nameOf(scene, result.to);
  return [paragraph(say`We asked ${who} to look at it.`)];
}

export function add(scene: Scene, { contact }: Done): readonly Block[] {
  const known = contact === undefined ? undefined : scene.view.request?.contacts.get(contact);
  const who = nameAndAddress(scene, known ?? null, 'somebody outside');
  return [
    paragraph(
      say`From now on ${who} gets a copy of what ${customerOf(scene)} is sent. What was sent before, they do not see.`,
    ),
  ];
}
