/** What became of what a member wrote. Every command gets a receipt: what was done, or why not and whose it is. */
import {
  type Block,
  command,
  type Doc,
  list,
  needed,
  paragraph,
  quotation,
  type Span,
  say,
  strong,
} from './doc.ts';
import type { CommandResult, NoticeBody } from './notice.ts';
import { byWhen, footer, whoseNow } from './parts.ts';
import { done } from './receipt-done.ts';
import { refused, tellsWhose } from './receipt-refused.ts';
import { customerOf, isReader, requestOf, type Scene, textOf } from './scene.ts';

type Receipt = NoticeBody & { readonly kind: 'receipt' };

const FIRST_WORDS_MAX = 60;

export function receipt(scene: Scene, body: Receipt): Doc {
  const blocks = body.results.flatMap((result) => resultBlocks(scene, body, result));
  const kept = keptWords(scene, body);
  const notUnderstood = body.results.every(
    (result) => !result.ok && result.rejection.code === 'not-understood',
  );
  const status = saysWhose(body.results) ? null : paragraph(whoseNow(scene, body.after));
  // Whoever meant to take it must read first that they have not; whoever meant to write, that nothing went out.
  const ordered = notUnderstood ? [stillAsked(scene), kept, ...blocks, status] : [...blocks, kept, status];
  const said = ordered.filter((block) => block !== null);
  return [
    ...(said.length === 0 ? [paragraph(say`Your mail was empty, so nothing changed.`)] : said).map((block) =>
      needed('results', block),
    ),
    footer(scene),
  ];
}

/** "Sure, I can do this one" takes nothing, and its writer believes that it did. */
function stillAsked(scene: Scene): Block | null {
  const { offer } = requestOf(scene).state;
  if (offer === null || !isReader(scene, offer.to)) return null;
  return paragraph(
    strong('This is not yours yet.'),
    say`To take it, answer ${command('accept')}${byWhen(scene, offer.acceptBy)}.`,
  );
}

function resultBlocks(scene: Scene, body: Receipt, result: CommandResult): readonly Block[] {
  return result.ok ? done(scene, body, result) : refused(scene, result, body.kept !== null);
}

function saysWhose(results: readonly CommandResult[]): boolean {
  const last = results.at(-1);
  if (last === undefined) return false;
  return last.ok ? !['note', 'reply', 'help'].includes(last.verb) : tellsWhose(last.rejection);
}

function keptWords(scene: Scene, body: Receipt): Block | null {
  if (body.kept === null) return null;
  const text = textOf(scene, body.kept);
  const words: readonly Span[] | null =
    text === null || !scene.withWords ? null : say` (${quotation(text, FIRST_WORDS_MAX)})`;
  const customer = customerOf(scene);
  const { owner } = body.after;
  const maySend = owner === null || isReader(scene, owner);
  // What was meant for a colleague or for the record was never on its way to the customer.
  const refusedAside = body.results.some(({ ok, verb }) => !ok && verb !== null && verb !== 'reply');
  if (refusedAside)
    return paragraph(say`We kept your text${words} as a note. It was not sent to ${customer}.`);
  return paragraph(
    strong('NOT SENT'),
    say`to ${customer}. We kept your text${words} as a note.`,
    maySend
      ? say`To send it, answer with ${command('reply')} on a line of its own and the text below it.`
      : null,
  );
}

/** What members can answer, each with what it does. */
export function helpList(scene: Scene): Block {
  const customer = customerOf(scene);
  return list([
    say`${command('accept')} (or ${command('yes')}): you take what you were asked to take.`,
    say`${command('decline')}: you do not. A reason may follow after a colon.`,
    say`${command('handoff to')} and a name: that person is asked to take it. A note may follow after a comma.`,
    say`${command('take')}: you take it although you were not asked, while nobody has it.`,
    say`${command('reply')} on a line of its own, your text below it: the text goes to ${customer}.`,
    say`${command('note')} on a line of its own, your text below it: the text is kept and goes to nobody outside.`,
    say`${command('done')}: it is finished. What came of it may follow after a colon.`,
    say`${command('reopen')}: it is not finished after all.`,
  ]);
}
