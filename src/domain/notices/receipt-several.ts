/**
 * One receipt for orders about several requests: how many were carried out, and then a passage for each request, with
 * its number, what was done or why not, and whose it is. What one request's own receipt would tell at length stands
 * here in a sentence, since its reader looks for what went wrong.
 */

import { grammarOf } from '../command/grammar.ts';
import { longestAt } from '../command/phrases.ts';
import { allSpellings } from '../command/spellings/spellings.ts';
import type { ConversationId } from '../ids.ts';
import {
  type Block,
  command,
  joined,
  own,
  paragraph,
  quotation,
  type Span,
  say,
  strong,
  words,
} from './doc.ts';
import { countsAs } from './guesses.ts';
import type { CommandResult, RequestReceipt } from './notice.ts';
import { messageQuote, Short, whoseNow } from './parts.ts';
import { status } from './receipt-desk.ts';
import { done } from './receipt-done.ts';
import type { Done, Receipt } from './receipt-kinds.ts';
import { unanswered } from './receipt-ownership.ts';
import { refused, refusedTellsWhose } from './receipt-refused.ts';
import {
  at,
  contactOf,
  customerOf,
  customerText,
  isReader,
  messageOf,
  nameOf,
  type Scene,
  textOf,
  topicOf,
} from './scene.ts';
import { NAME_MAX } from './words.ts';

const TOPIC_MAX = 60;
const FIRST_WORDS_MAX = 80;

export function severalRequests(scene: Scene, body: Receipt): readonly Block[] {
  const { requests = [] } = body;
  if (requests.length === 0) return [];
  const results = [...body.results, ...requests.flatMap((one) => one.results)];
  return [howMany(results), ...requests.flatMap((one) => aboutOne(scene, one))];
}

/** Whoever sends five orders at once looks for the one that was not carried out. */
function howMany(results: readonly CommandResult[]): Block {
  // What waits to be sent looks well to nobody who counts on it.
  const well = results.filter((result) => result.ok && result.held === undefined).length;
  const badly = results.length - well;
  if (badly === 0) return paragraph(strong(well === 1 ? 'Carried out.' : `All ${well} carried out.`));
  if (well === 0) return paragraph(strong('Nothing was carried out.'));
  return paragraph(strong(`${well} carried out, ${badly} not.`));
}

function aboutOne(scene: Scene, one: RequestReceipt): readonly Block[] {
  const { conversationId: id, seq, results, after } = one;
  const request = scene.view.requests?.get(id) ?? null;
  // Erased since: its number and what was done is all there is.
  if (request === null) return [paragraph(strong(`#${id}`), own('is no longer kept.'))];
  const notice = { ...scene.view.notice, conversationId: id, seq };
  const mine = { ...scene, view: { ...scene.view, request, notice } };
  const told = results.map((result) => resultOf(mine, one, result));
  const tellsWhose = results.some((result) =>
    result.ok ? ToldWhose.has(result.verb) : refusedTellsWhose(result.rejection),
  );
  return [
    paragraph(
      headline(mine, id),
      ...told.map(({ said }) => said),
      keptWords(mine, one),
      tellsWhose ? null : whoseNow(mine, after),
    ),
    ...told.flatMap(({ more }) => more),
  ];
}

/** `#1042 Leak under kitchen sink, Maria Lopez:` */
function headline(scene: Scene, id: ConversationId): readonly Span[] {
  const { request } = scene.view;
  const what =
    request === null || !scene.withWords
      ? null
      : say` ${words(topicOf(request.subject), TOPIC_MAX)}, ${words(customerText(request.customer), NAME_MAX)}`;
  return say`${strong(`#${id}`)}${what}:`;
}

type Told = { readonly said: readonly Span[]; readonly more: readonly Block[] };

function resultOf(
  scene: Scene,
  { conversationId: id, kept, after }: RequestReceipt,
  result: CommandResult,
): Told {
  if (!result.ok) {
    const [first, ...more] = refused(scene, result, kept !== null);
    const why = first?.kind === 'paragraph' ? numbered(first.spans, id) : [];
    return { said: say`${strong('NOT DONE.')} ${why}`, more };
  }
  const newer =
    result.held !== undefined && result.newer !== undefined ? messageOf(scene, result.newer) : null;
  return {
    said: inShort(scene, after, result, id),
    more: newer === null ? [] : [messageQuote(scene, newer, Short)],
  };
}

/** Those whose sentence says whose the request is. */
const ToldWhose: ReadonlySet<Done['verb']> = new Set<Done['verb']>([
  ...(['accept', 'take', 'done', 'spam', 'merge', 'reopen', 'status'] as const),
]);

function inShort(
  scene: Scene,
  after: RequestReceipt['after'],
  result: Done,
  id: ConversationId,
): readonly Span[] {
  const to = result.to === null ? own('somebody') : nameOf(scene, result.to);
  switch (result.verb) {
    case 'accept':
    case 'take':
      return say`it is yours now.`;
    case 'decline':
      return say`you said\u00a0no, and that is fine${nextAsked(scene)}.`;
    case 'category':
      return say`it counts as ${countsAs(scene, result.category ?? null)} now${nextAsked(scene)}.`;
    case 'handoff':
      return say`${to} is asked to take it${by(scene, result.acceptBy)}${instead(scene, result)}.`;
    case 'done':
      return say`finished${firstWords(scene, result)}.${unansweredToo(scene)}`;
    case 'spam':
      return say`closed as spam.`;
    case 'reply':
    case 'send':
    case 'release':
      return answered(scene, result, id);
    case 'note':
      return say`your note is kept${firstWords(scene, result)} and was not sent to ${customerOf(scene)}.`;
    case 'help-from':
      return say`${to} is asked for help.`;
    case 'ask':
      return say`your question goes out to ${result.contact === undefined ? own('them') : contactOf(scene, result.contact)} now${firstWords(scene, result)}.`;
    case 'snooze':
      return say`laid aside until ${result.at === undefined ? own('then') : at(scene, result.at)}.`;
    case 'due':
      return say`to be finished by ${result.at === undefined ? own('then') : at(scene, result.at)}.`;
    case 'remind':
      return say`${to} is asked to look at it.`;
    default:
      return atLength(scene, after, result, id);
  }
}

function unansweredToo(scene: Scene): readonly Span[] | null {
  const nobody = unanswered(scene);
  return nobody === null ? null : say` ${nobody}`;
}

function nextAsked(scene: Scene): readonly Span[] | null {
  const offer = scene.view.request?.state.offer ?? null;
  return offer === null || isReader(scene, offer.to) ? null : say`; ${nameOf(scene, offer.to)} is asked now`;
}

/** What is ordered rarely says it in the words of its own receipt. */
function atLength(
  scene: Scene,
  after: RequestReceipt['after'],
  result: Done,
  id: ConversationId,
): readonly Span[] {
  const blocks = result.verb === 'status' ? status(scene, after) : done(scene, after, result);
  const spans = blocks.map((block) => {
    if (block.kind === 'list') return joined(block.items, '; ');
    return 'spans' in block ? block.spans : [];
  });
  const said = joined(
    spans.filter((one) => one.length > 0),
    ' ',
  );
  return numbered(lowerFirst(said), id);
}

/** Behind a colon. A name stays as it is. */
const lowerFirst = ([first, ...others]: readonly Span[]): readonly Span[] => {
  if (first?.kind !== 'own') return first === undefined ? [] : [first, ...others];
  return [{ ...first, text: first.text.charAt(0).toLowerCase() + first.text.slice(1) }, ...others];
};

function answered(scene: Scene, result: Done, id: ConversationId): readonly Span[] {
  if (result.held === undefined)
    return say`your answer goes out to ${customerOf(scene)} now${firstWords(scene, result)}.`;
  const why = heldBecause(scene, result);
  const release =
    result.held === 'not-owner' ? null : say` To send it anyway, answer ${command(`${id} release`)}.`;
  return say`${strong('NOT SENT.')} ${why}${release}`;
}

function heldBecause(scene: Scene, { held, newer }: Done): readonly Span[] {
  const { request } = scene.view;
  switch (held) {
    case 'newer-message': {
      const message = newer === undefined ? null : messageOf(scene, newer);
      const when = message === null ? null : say` (${at(scene, message.storedAt)})`;
      return say`${customerOf(scene)} wrote again${when} after what you had been shown.`;
    }
    case 'answered-meanwhile': {
      const by = request?.state.lastAnswer?.by ?? null;
      return say`${by === null ? own('Somebody') : nameOf(scene, by)} has answered ${customerOf(scene)} meanwhile.`;
    }
    case 'not-owner': {
      const owner = request?.state.owner ?? null;
      return say`${owner === null ? own('Whoever has it') : nameOf(scene, owner)} has this request and was shown your text.`;
    }
    default:
      return say`Mail to ${customerOf(scene)} comes back.`;
  }
}

const by = (scene: Scene, when: number | null): readonly Span[] | null =>
  when === null ? null : say`, by ${at(scene, when)}`;

const instead = (scene: Scene, { insteadOf }: Done): readonly Span[] | null =>
  insteadOf === undefined ? null : say`, since ${nameOf(scene, insteadOf)} is away`;

function firstWords(scene: Scene, { text: id }: Done): readonly Span[] | null {
  const text = textOf(scene, id);
  return text === null || !scene.withWords ? null : say` (${quotation(text, FIRST_WORDS_MAX)})`;
}

function keptWords(scene: Scene, { kept, results }: RequestReceipt): readonly Span[] | null {
  // What was ordered to be kept, or to be sent, is told as that.
  if (kept === null || results.some((result) => result.ok && result.text === kept)) return null;
  const text = textOf(scene, kept);
  const what = text === null || !scene.withWords ? null : say` (${quotation(text, FIRST_WORDS_MAX)})`;
  return say`We kept your text${what} as a note. It was not sent to ${customerOf(scene)}.`;
}

/** What one request's own receipt proposes to answer, as the answer to a list of them: with its number in front. */
export const numbered = (spans: readonly Span[], id: ConversationId): readonly Span[] =>
  spans.map((span) => {
    if (span.kind !== 'command') return span;
    const inner = span.text.slice(1, -1).replaceAll('\u00a0', ' ');
    const verb = longestAt(grammarOf(allSpellings).verbs, inner)?.means;
    if (verb !== undefined && OfNoRequest.has(verb)) return span;
    return command(verb === undefined ? `${id} handoff to ${inner}` : `${id} ${inner}`);
  });

/** As command/read-line.ts reads no number in front of them. */
const OfNoRequest: ReadonlySet<string> = new Set([
  'mine',
  'away',
  'back',
  'new',
  'help',
  'take-over',
  'ready',
]);
