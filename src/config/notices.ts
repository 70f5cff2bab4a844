/**
 * The folder of an operator's own wordings of mails: `offer.md` words offers of every inbox, `office/offer.md` those
 * of one. Everything that is wrong with any of them is told at once, each with its file and line.
 */
import { createHash } from 'node:crypto';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Verbs } from '../domain/command/command.ts';
import { nameOfVerb } from '../domain/command/spellings/spellings.ts';
import {
  checkTemplate,
  hasWording,
  type Vocabulary,
  vocabularyOf,
  type WordingFault,
} from '../domain/notices/check-template.ts';
import type { NoticeKind } from '../domain/notices/notice.ts';
import { Kinds } from '../domain/notices/samples/kinds.ts';
import {
  parseTemplate,
  TEMPLATE_MAX,
  type Template,
  type TemplateFault,
  type Templates,
} from '../domain/notices/template.ts';
import { didYouMean, list, type Problem } from './problems.ts';
import { type ReadText, readText } from './read-text.ts';

/** Where wordings are looked for when the configuration names no folder. */
export const NOTICES_FOLDER = 'notices';

/** Own wordings: those for every inbox, and those for one. */
export type Wordings = {
  readonly everywhere: Templates;
  readonly inboxes: ReadonlyMap<string, Templates>;
};

export const NoWordings: Wordings = { everywhere: new Map(), inboxes: new Map() };

export type NoticesRead = {
  readonly wordings: Wordings;
  readonly problems: readonly Problem[];
  /** What keeps the folder from being looked at, such as `does not exist`; null: nothing. */
  readonly why: string | null;
};

/** What keeps a folder that nobody named from being missed. */
export const MISSING = 'does not exist';

const FILES_MAX = 500;
const BYTES_MAX = TEMPLATE_MAX * 4;

type File = { readonly inbox: string | null; readonly name: string; readonly path: string };

/** `inboxes`: the ids that a subfolder may have; null when the configuration does not tell them. */
export function readNotices(folder: string, inboxes: readonly string[] | null): NoticesRead {
  const files = filesIn(folder);
  if ('why' in files) return { wordings: NoWordings, problems: [], why: files.why };
  const problems: Problem[] = [];
  const templates = new Map<string | null, Map<NoticeKind, Template>>();
  for (const file of files) {
    const kind = kindOf(file, inboxes, problems);
    const template = kind === null ? null : templateIn(file, kind, problems);
    if (kind === null || template === null) continue;
    const same = templates.get(file.inbox) ?? new Map<NoticeKind, Template>();
    templates.set(file.inbox, same.set(kind, template));
  }
  const everywhere = templates.get(null) ?? new Map();
  templates.delete(null);
  return { wordings: { everywhere, inboxes: templates as Map<string, Templates> }, problems, why: null };
}

/** The wordings of one inbox. */
export const templatesFor = ({ everywhere, inboxes }: Wordings, inbox: string): Templates =>
  new Map([...everywhere, ...(inboxes.get(inbox) ?? [])]);

/** Changes whenever a wording is added, written, replaced or removed, without reading one. */
export function markOfNotices(folder: string): string {
  const files = filesIn(folder);
  if ('why' in files) return files.why;
  return files
    .map(({ path }) => {
      const stat = statSync(path, { bigint: true, throwIfNoEntry: false });
      return `${path}:${stat?.ino}:${stat?.size}:${stat?.mtimeNs}:${stat?.ctimeNs}`;
    })
    .join('\n');
}

/** Tells one state of all wordings from another. */
export function digestOfNotices(folder: string): string {
  const files = filesIn(folder);
  const hash = createHash('sha256');
  for (const { path } of 'why' in files ? [] : files) {
    const read = readText(path, BYTES_MAX);
    hash.update(`${path}\0${read.ok ? read.text : read.why}\0`);
  }
  return hash.digest('hex');
}

/** The wordings, in order; what editors and version control leave about is none, and neither is a README. */
function filesIn(folder: string): readonly File[] | { readonly why: string } {
  const entries = entriesOf(folder);
  if ('why' in entries) return entries;
  const files = entries.flatMap((entry): readonly File[] => {
    const path = join(folder, entry.name);
    if (!entry.isDirectory()) return [{ inbox: null, name: entry.name, path }];
    const inner = entriesOf(path);
    if ('why' in inner) return [];
    return inner.map(({ name }) => ({ inbox: entry.name, name, path: join(path, name) }));
  });
  return files.length > FILES_MAX ? { why: `holds more than ${FILES_MAX} files` } : files;
}

function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter(({ name }) => !name.startsWith('.') && !name.endsWith('~') && name !== 'README.md')
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (code === '') throw error;
    return { why: FOLDER_FAULTS[code] ?? `cannot be read (${code})` };
  }
}

const FOLDER_FAULTS: Readonly<Record<string, string>> = {
  ENOENT: MISSING,
  ENOTDIR: 'is no folder',
  EACCES: 'may not be read by this user',
};

function kindOf(
  { inbox, name, path }: File,
  inboxes: readonly string[] | null,
  problems: Problem[],
): NoticeKind | null {
  const refuse = (message: string, remedy: string): null => {
    problems.push({ file: path, line: 0, column: 0, path: '', message, remedy });
    return null;
  };
  const kinds = Kinds.filter(hasWording);
  if (inbox !== null && inboxes !== null && !inboxes.includes(inbox)) {
    const known = inboxes.length === 0 ? '' : `Known inboxes: ${list(inboxes)}.`;
    return refuse(`no inbox is called "${inbox}"`, `${didYouMean(inbox, inboxes)}${known}`);
  }
  const kind = name.replace(/\.md$/, '');
  if (kind === name)
    return refuse('this is not the wording of a mail', 'Its name ends in .md, such as offer.md.');
  if (Kinds.some((known) => known === kind && !hasWording(known)))
    return refuse('what a member writes to somebody outside goes out as written', 'Remove this file.');
  const found = kinds.find((known) => known === kind);
  if (found !== undefined) return found;
  return refuse(
    `no kind of mail is called "${kind}"`,
    `${didYouMean(kind, kinds)}"npx baton preview" lists the kinds.`,
  );
}

function templateIn({ path }: File, kind: NoticeKind, problems: Problem[]): Template | null {
  const read: ReadText = readText(path, BYTES_MAX);
  if (!read.ok) {
    const remedy = 'Give a text in UTF-8 that Baton may read.';
    problems.push({ file: path, line: 0, column: 0, path: '', message: `this wording ${read.why}`, remedy });
    return null;
  }
  const { template, faults } = parseTemplate(read.text);
  const at = ({ line, column }: { line: number; column: number }) => ({ file: path, line, column, path: '' });
  problems.push(...faults.map((fault) => ({ ...at(fault), ...ParseFaults[fault.what] })));
  // What a wording lacks may stand in a line that is broken.
  const wrong = checkTemplate(kind, template).filter(
    ({ what }) => faults.length === 0 || what === 'unknown' || what === 'within',
  );
  const vocabulary = wrong.length === 0 ? null : vocabularyOf(kind);
  for (const fault of wrong) {
    if (vocabulary !== null) problems.push({ ...at(fault), ...wordsFor(fault, vocabulary) });
  }
  return template;
}

type Words = { readonly message: string; readonly remedy: string };

const ParseFaults: Readonly<Record<TemplateFault['what'], Words>> = {
  'too-long': {
    message: `this wording has more than ${TEMPLATE_MAX} characters`,
    remedy: 'Shorten it: a mail that long is not read.',
  },
  empty: {
    message: 'this wording is empty',
    remedy: 'Write the mail, or remove the file; "npx baton preview KIND --template" begins one.',
  },
  'open-braces': {
    message: 'these braces hold no name',
    remedy: 'Write {{name}} with letters and hyphens, such as {{inbox}}.',
  },
  'open-bold': {
    message: 'this ** has no second one',
    remedy: 'End the bold words with ** on the same line.',
  },
  'open-comment': { message: 'this comment never ends', remedy: 'End it with -->.' },
  language: { message: 'this is no language', remedy: 'Write a tag such as de, es or pt-BR.' },
  head: {
    message: 'this line would begin the mail as it stands',
    remedy: 'Write Subject: or Language: in English, whatever the language of the mail.',
  },
  'subject-empty': {
    message: 'a subject is plain text, not empty and without {{…}}',
    remedy: 'Write it, or leave the line out.',
  },
};

function wordsFor(fault: WordingFault, { passages, values }: Vocabulary): Words {
  switch (fault.what) {
    case 'unknown': {
      const known = [...passages, ...values];
      const remedy = `${didYouMean(fault.name, known)}Known in this mail: ${list([...new Set(known)], 40)}.`;
      return { message: `there is no {{${fault.name}}} in this mail`, remedy };
    }
    case 'within':
      return {
        message: `{{${fault.name}}} is a whole passage and cannot stand inside another`,
        remedy: 'Give it a line of its own, with blank lines around it.',
      };
    case 'lacks':
      return lacks(fault.lacking);
    case 'acts':
      return {
        message: `"${fault.text.slice(0, 60)}" would be carried out when somebody quotes this mail`,
        remedy: 'Begin the line with another word, or put the answer into quotation marks: "accept".',
      };
    case 'subject':
      return {
        message: 'this mail keeps the subject of its request',
        remedy: 'Leave the line out: mail programs split a conversation whose subject changes.',
      };
    default:
      return fault satisfies never;
  }
}

function lacks({ passage, answers, values }: Extract<WordingFault, { what: 'lacks' }>['lacking']): Words {
  const missing = [
    ...answers.map((answer) => `"${nameOfAnswer(answer)}"`),
    ...values.map((name) => `{{${name}}}`),
  ];
  const otherwise = missing.length === 0 ? '' : `, or say it in your own words with ${list(missing)}`;
  return {
    message: `the reader would not be told what {{${passage}}} says`,
    remedy: `Put {{${passage}}} on a line of its own${otherwise}.`,
  };
}

/** How our mails write a verb; what is no verb is written as it is. */
function nameOfAnswer(answer: string): string {
  const verb = Verbs.find((known) => known === answer);
  return verb === undefined ? answer : nameOfVerb(verb);
}
