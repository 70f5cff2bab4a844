/** What became of what a member wrote. Every command gets a receipt: what was done, or why not and whose it is. */
import {
  type Block,
  command,
  type Doc,
  needed,
  paragraph,
  quotation,
  type Span,
  say,
  strong,
} from './doc.ts';
import type { CommandResult } from './notice.ts';
import { footer, whoseNow } from './parts.ts';
import { done, doneTellsWhose } from './receipt-done.ts';
import { fitting } from './receipt-help.ts';
import type { After, Receipt } from './receipt-kinds.ts';
import { isAboutParked, parkedMail, stillParked } from './receipt-parked.ts';
import { refused, refusedTellsWhose } from './receipt-refused.ts';
import { severalRequests } from './receipt-several.ts';
import { at, customerOf, isAsked, isReader, nameOf, requestOf, type Scene, textOf } from './scene.ts';

const FIRST_WORDS_MAX = 60;

export function receipt(scene: Scene, body: Receipt): Doc {
  const { after, results } = body;
  const blocks = results.flatMap((result) => resultBlocks(scene, body, result));
  const notUnderstood = isNotUnderstood(body);
  const kept = keptWords(scene, body);
  const whose = after === null || saysWhose(results) ? null : paragraph(whoseNow(scene, after));
  // Whoever meant to take it must read first that they have not; whoever meant to write, that nothing went out.
  const ordered = notUnderstood
    ? [stillAsked(scene), kept, ...blocks, fitting(scene), aboutWhich(scene), whose]
    : [...severalRequests(scene, body), ...blocks, kept, ...stillParked(scene, body), whose];
  const said = ordered.filter((block) => block !== null);
  return [
    ...(said.length === 0 ? [paragraph(say`Your mail was empty, so nothing changed.`)] : said).map((block) =>
      needed('results', block),
    ),
    footer(scene),
  ];
}

/** Nothing was to change by the answer to the welcome mail. */
const isNotUnderstood = ({ results }: Receipt): boolean =>
  results.length > 0 &&
  results.every(
    (result) =>
      !result.ok && result.rejection.code === 'not-understood' && result.rejection.welcomed !== true,
  );

/** "Sure, I can do this one" takes nothing, and its writer believes that it did. */
function stillAsked(scene: Scene): Block | null {
  if (!isAsked(scene)) return null;
  const { acceptBy } = requestOf(scene).state.offer ?? { acceptBy: null };
  // The last person asked cannot say no: somebody must decide.
  const no =
    acceptBy === null
      ? say`to give it away, ${command('handoff to')} and a name`
      : say`to say no, ${command('decline')}`;
  const until = acceptBy === null || acceptBy <= scene.view.now ? null : say` (by ${at(scene, acceptBy)})`;
  return paragraph(
    strong('Nothing has changed.'),
    say`To take it, answer ${command('accept')}; ${no}${until}.`,
  );
}

/** Several may wait, and a receipt quotes nothing of theirs. */
const aboutWhich = (scene: Scene): Block | null =>
  isAboutParked(scene)
    ? paragraph(say`This is about the ${parkedMail(scene)}, which could not be read.`)
    : null;

function resultBlocks(scene: Scene, { after, kept }: Receipt, result: CommandResult): readonly Block[] {
  return result.ok ? done(scene, after, result) : refused(scene, result, kept !== null);
}

function saysWhose(results: readonly CommandResult[]): boolean {
  const last = results.at(-1);
  if (last === undefined) return false;
  return last.ok ? doneTellsWhose(last) : refusedTellsWhose(last.rejection);
}

/** Words that were no command: nobody outside has read them, and their author must not believe that somebody did. */
function keptWords(scene: Scene, body: Receipt): Block | null {
  if (body.kept === null) return null;
  const text = textOf(scene, body.kept);
  const words: readonly Span[] | null =
    text === null || !scene.withWords ? null : say` (${quotation(text, FIRST_WORDS_MAX)})`;
  if (body.after === null) return paragraph(say`We kept your text${words}. Nobody outside has seen it.`);
  const customer = customerOf(scene);
  // What was meant for a colleague or for the record was never on its way to the customer.
  const refusedAside = body.results.some(
    ({ ok, verb }) => !ok && verb !== null && verb !== 'reply' && verb !== 'send',
  );
  if (refusedAside)
    return paragraph(say`We kept your text${words} as a note. It was not sent to ${customer}.`);
  return paragraph(
    strong('NOT SENT'),
    say`to ${customer}. We kept your text${words} as a note.`,
    isAsked(scene) && isShort(text) ? null : howToSend(scene, body, body.after),
  );
}

/** A word or two from whoever is asked were meant for us: nobody wants to send "sure" to a customer. */
const isShort = (text: string | null): boolean => (text ?? '').trim().split(/\s+/, 3).length < 3;

/** Only words that no command came with can be sent as they are; others were meant for something else, or in part. */
function howToSend(scene: Scene, body: Receipt, after: NonNullable<After>): readonly Span[] | null {
  const { owner } = after;
  const maySend = owner === null || isReader(scene, owner);
  const quietly = body.results.every(
    (result) =>
      !result.ok && (result.rejection.code === 'not-understood' || result.rejection.code === 'expired'),
  );
  if (quietly && maySend) return say`To send it, answer ${command('send')}.`;
  if (quietly && owner !== null) {
    return say`To propose it as an answer, say ${command('send')}: ${nameOf(scene, owner)} decides.`;
  }
  return maySend ? say`To send it, answer ${command('reply:')} and the text.` : null;
}
