/**
 * Whether a template can word a kind of notice: tried on the samples of that kind before it is taken, so that no mail
 * has to find out. Answers everything that is wrong, each with its line.
 */
import { findCommand } from './check.ts';
import { commonValues } from './common-values.ts';
import { type Lacking, lackingIn, namesIn, passageOf, placedBy } from './fill.ts';
import type { NoticeKind } from './notice.ts';
import { Commands, documentFor, inWordsOf, isAsWritten, OwnSubjects } from './render.ts';
import { samplesOf, viewOfSample } from './samples/kinds.ts';
import { sceneOf } from './scene.ts';
import { REST, type Template, type TemplateLine } from './template.ts';
import { tie } from './words.ts';

export type WordingFault = { readonly line: number; readonly column: number } & (
  | { readonly what: 'unknown'; readonly name: string }
  /** A whole passage in the midst of a sentence. */
  | { readonly what: 'within'; readonly name: string }
  | { readonly what: 'lacks'; readonly lacking: Lacking }
  /** A line that Baton would carry out if it came back in an answer. */
  | { readonly what: 'acts'; readonly text: string }
  /** A subject where the request's own has to stay. */
  | { readonly what: 'subject' }
);

export type Vocabulary = { readonly passages: readonly string[]; readonly values: readonly string[] };

/** What goes out as its writer wrote it has no wording of ours. */
export const hasWording = (kind: NoticeKind): boolean => !isAsWritten(kind);

/** What a template of this kind may place, in the order in which it stands in the mail. */
export function vocabularyOf(kind: NoticeKind): Vocabulary {
  const views = samplesOf(kind).samples.map((sample) => viewOfSample(sample));
  const names = views.map((view) => namesIn(documentFor(view)));
  // A line with a value that no such mail has would be left out of every one.
  const common = views.flatMap((view) =>
    [...commonValues(sceneOf(view, true))].flatMap(([name, value]) => (value?.length ? [name] : [])),
  );
  return {
    passages: [...new Set([...names.flatMap(({ passages }) => [...passages]), REST])],
    values: [...new Set([...names.flatMap(({ values }) => [...values]), ...common])],
  };
}

/** What keeps this wording from going out; none: nothing does. */
export function checkTemplate(kind: NoticeKind, template: Template): readonly WordingFault[] {
  const faults = [
    ...(template.subject === null || OwnSubjects.has(kind)
      ? []
      : [{ line: 1, column: 1, what: 'subject' } as const]),
    ...misplaced(kind, template),
    ...actingLines(template),
    ...lackingPassages(kind, template),
  ];
  return faults.length > 0 ? faults : actingMails(kind, template);
}

function misplaced(kind: NoticeKind, template: Template): readonly WordingFault[] {
  const { passages, values } = vocabularyOf(kind);
  return template.blocks.flatMap((block) =>
    block.lines.flatMap(({ line, parts }) =>
      parts.flatMap((part): readonly WordingFault[] => {
        if (part.kind !== 'piece' || values.includes(part.name)) return [];
        const { name, column } = part;
        if (!passages.includes(name)) return [{ line, column, what: 'unknown', name }];
        return passageOf(block) === name ? [] : [{ line, column, what: 'within', name }];
      }),
    ),
  );
}

/** With a word, and with nothing, in place of what is filled in. */
function actingLines(template: Template): readonly WordingFault[] {
  return template.blocks
    .flatMap(({ lines }) => lines)
    .filter((line) => ['', 'Maria'].some((word) => Commands.isCommand(tie(plain(line, word)))))
    .map((line) => ({ line: line.line, column: 1, what: 'acts', text: plain(line, '…') }));
}

const plain = ({ parts }: TemplateLine, filledIn: string): string =>
  parts
    .map((part) => {
      if (part.kind === 'piece') return filledIn;
      return part.kind === 'command' ? `"${part.text}"` : part.text;
    })
    .join('')
    .trim();

/** Of several samples that lack the same passage, the one that lacks most of it. */
function lackingPassages(kind: NoticeKind, template: Template): readonly WordingFault[] {
  const placed = placedBy(template);
  if (placed.names.has(REST)) return [];
  const worst = new Map<string, Lacking>();
  for (const sample of samplesOf(kind).samples) {
    for (const lacking of lackingIn(documentFor(viewOfSample(sample)), placed)) {
      const known = worst.get(lacking.passage);
      if (known === undefined || sizeOf(known) < sizeOf(lacking)) worst.set(lacking.passage, lacking);
    }
  }
  return [...worst.values()].map((lacking) => ({ line: 1, column: 1, what: 'lacks', lacking }));
}

const sizeOf = ({ answers, values }: Lacking): number => answers.length + values.length;

/** What no line shows by itself, such as two passages that read as one. */
function actingMails(kind: NoticeKind, template: Template): readonly WordingFault[] {
  for (const sample of samplesOf(kind).samples) {
    const mail = inWordsOf(template, viewOfSample(sample));
    const text = mail === null ? null : findCommand(mail.text, mail.html, Commands);
    if (text !== null) return [{ line: 1, column: 1, what: 'acts', text }];
  }
  return [];
}

const FOOTER = 'footer';

/** A template that says what the mail says anyway, to begin from. */
export function startingTemplate(kind: NoticeKind): string {
  const { passages, values } = vocabularyOf(kind);
  const placeable = (names: readonly string[]): string => names.map((name) => `{{${name}}}`).join(' ');
  const comment = [
    `<!-- ${samplesOf(kind).about}.`,
    'Values for sentences of yours; a line whose value a mail does not have is left out:',
    placeable(values),
    `{{${REST}}} stands for every passage that you do not place. -->`,
  ];
  const named = passages.filter((name) => name !== REST && name !== FOOTER);
  const isAllNamed = samplesOf(kind)
    .samples.flatMap((sample) => documentFor(viewOfSample(sample)))
    .every(({ name }) => name !== undefined);
  const own = [...named, ...(isAllNamed ? [] : [REST]), ...passages.filter((name) => name === FOOTER)];
  return `${comment.join('\n')}\n\n${own.map((name) => `{{${name}}}`).join('\n\n')}\n`;
}
