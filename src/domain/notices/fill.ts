/**
 * A mail in an operator's words: the template's paragraphs with the passages and values of the mail as it would have
 * been. A line that speaks of something which this mail does not have (no deadline, no emergency line) is left out.
 *
 * What a reader must be told is never lost to a wording: where it would be, the answer is null, and the mail goes out
 * in the words of this program.
 */
import { fold, tidy } from '../command/fold.ts';
import { grammarOf } from '../command/grammar.ts';
import { longestAt } from '../command/phrases.ts';
import { allSpellings } from '../command/spellings/spellings.ts';
import {
  type Block,
  command,
  type Doc,
  heading,
  lineBreak,
  list,
  own,
  paragraph,
  type Span,
  spansOf,
  strong,
} from './doc.ts';
import { REST, type Template, type TemplateBlock, type TemplateLine } from './template.ts';

/** What any template may speak of, by name; null: not in this mail. */
export type Values = ReadonlyMap<string, readonly Span[] | null>;

export type Names = { readonly passages: ReadonlySet<string>; readonly values: ReadonlySet<string> };

/** What can be placed of a mail by name. */
export function namesIn(doc: Doc): Names {
  const names = (all: readonly { readonly name?: string }[]): Set<string> =>
    new Set(all.flatMap(({ name }) => (name === undefined ? [] : [name])));
  return { passages: names(doc), values: names(doc.flatMap(spansOf)) };
}

/** The mail in the template's words; null when it would lack something needed, or say nothing. */
export function fill(template: Template, doc: Doc, common: Values): Doc | null {
  const values = new Map([...common, ...valuesIn(doc)]);
  const { names } = placedBy(template);
  const laidOut = template.blocks.map((block) => ({
    passage: passageOf(block),
    blocks: laidOutAs(block, doc, values),
  }));
  const lost = lackingIn(doc, saidBy(laidOut.flatMap(({ blocks }) => blocks)));
  const isLost = new Set(lost.map(({ passage }) => passage));
  // What is needed and was said in other words is not said again.
  const rest = doc.filter(({ name = '', needed }) => !names.has(name) && (!needed || isLost.has(name)));
  const blocks = laidOut.flatMap((laid) => (laid.passage === REST ? rest : laid.blocks));
  return blocks.length === 0 || (lost.length > 0 && !names.has(REST)) ? null : blocks;
}

/** The passages that a block of the template places, or its own sentences. */
function laidOutAs(block: TemplateBlock, doc: Doc, values: Values): readonly Block[] {
  const passage = passageOf(block);
  if (passage === REST) return [];
  const passages = doc.filter(({ name }) => name !== undefined && name === passage);
  return passages.length > 0 ? passages : filled(block, values);
}

function saidBy(blocks: readonly Block[]): Placed {
  const spans = blocks.flatMap(spansOf);
  return {
    names: new Set([...blocks, ...spans].flatMap(({ name }) => (name === undefined ? [] : [name]))),
    answers: new Set(spans.filter(({ kind }) => kind === 'command').map(({ text }) => answerOf(text))),
  };
}

/** The values of a mail, each where it first stands. */
function valuesIn(doc: Doc): ReadonlyMap<string, readonly Span[]> {
  const found = new Map<string, Span[]>();
  let last: string | undefined;
  for (const span of doc.flatMap((block) => [...spansOf(block), own('')])) {
    const { name } = span;
    if (name !== undefined && name === last) found.get(name)?.push(span);
    // Said a second time, it is the same value.
    last = name === undefined || (found.has(name) && name !== last) ? undefined : name;
    if (name !== undefined && !found.has(name)) found.set(name, [span]);
  }
  return found;
}

/** The piece that stands alone on the only line of its paragraph. */
export function passageOf({ kind, lines }: TemplateBlock): string | null {
  const [line, ...others] = lines;
  const [part, ...more] = line?.parts ?? [];
  const isAlone = kind === 'paragraph' && others.length === 0 && more.length === 0;
  return isAlone && part?.kind === 'piece' ? part.name : null;
}

function filled(block: TemplateBlock, values: Values): readonly Block[] {
  const lines = block.lines.map((line) => lineOf(line, values)).filter((line) => line !== null);
  if (lines.length === 0) return [];
  if (block.kind === 'list') return [list(lines)];
  const spans = lines.flatMap((line, at) => (at === 0 ? line : [lineBreak, ...line]));
  return [block.kind === 'heading' ? heading(spans) : paragraph(spans)];
}

/** Null when it speaks of something that is not there. */
function lineOf({ parts }: TemplateLine, values: Values): readonly Span[] | null {
  const spans: Span[] = [];
  for (const part of parts) {
    if (part.kind !== 'piece') {
      spans.push(OwnSpans[part.kind](part.text));
      continue;
    }
    const value = values.get(part.name) ?? null;
    if (value === null || value.length === 0) return null;
    spans.push(...value.map((span) => ({ ...span, name: part.name, ...(part.bold ? { bold: true } : {}) })));
  }
  return spans;
}

const OwnSpans = { own, strong, command } as const;

export type Placed = {
  readonly names: ReadonlySet<string>;
  /** Verbs, or the words themselves where no verb is known for them. */
  readonly answers: ReadonlySet<string>;
};

/** Everything that a template speaks of, whether or not a mail has it. */
export function placedBy({ blocks }: Template): Placed {
  const parts = blocks.flatMap(({ lines }) => lines.flatMap((line) => line.parts));
  return {
    names: new Set(parts.flatMap((part) => (part.kind === 'piece' ? [part.name] : []))),
    answers: new Set(parts.flatMap((part) => (part.kind === 'command' ? [answerOf(part.text)] : []))),
  };
}

export type Lacking = {
  readonly passage: string;
  /** What a wording of its own lacks; both empty where the passage cannot be said in other words. */
  readonly answers: readonly string[];
  readonly values: readonly string[];
};

/** What is needed of a mail and neither stands in `placed` as it is nor in other words. */
export function lackingIn(doc: Doc, placed: Placed): readonly Lacking[] {
  return doc.flatMap((block): readonly Lacking[] => {
    const { name, needed } = block;
    if (needed !== true || name === undefined || placed.names.has(name)) return [];
    const { answers, values } = saidIn(block);
    const lacking = {
      passage: name,
      answers: answers.filter((answer) => !placed.answers.has(answer)),
      values: values.filter((value) => !placed.names.has(value)),
    };
    const isSaid = lacking.answers.length + lacking.values.length === 0;
    return isSaid && answers.length + values.length > 0 ? [] : [lacking];
  });
}

function saidIn(block: Block): { readonly answers: readonly string[]; readonly values: readonly string[] } {
  const spans = spansOf(block);
  // Answers that are a value, such as the names of those who can be asked, are other ones in each mail.
  const fixed = spans.filter(({ kind, name }) => kind === 'command' && name === undefined);
  const answers = fixed.map(({ text }) => answerOf(text));
  const values = spans.flatMap(({ name, spare }) => (name === undefined || spare ? [] : [name]));
  return { answers: [...new Set(answers)], values: [...new Set(values)] };
}

/** `"yes"`, `"accept"` and `"annehmen"` are one answer; `"handoff to Sam"` is a handoff. */
function answerOf(text: string): string {
  const said = fold(tidy(text.replaceAll('"', '')));
  return longestAt(grammarOf(allSpellings).verbs, said)?.means ?? said;
}

/** A mail of which nothing is marked as needed still has to say what it is about: its first passage. */
export function withNeeds(doc: Doc): Doc {
  const [first, ...others] = doc;
  if (first === undefined || doc.some((block) => block.needed)) return doc;
  return [{ ...first, name: first.name ?? 'news', needed: true }, ...others];
}
