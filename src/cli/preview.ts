/** `baton preview`: shows any kind of mail as it would go out, from a sample request and without sending anything. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Command, Option } from 'commander';
import { toPolicy } from '../config/policy.ts';
import { didYouMean, list } from '../config/problems.ts';
import { hasWording, startingTemplate } from '../domain/notices/check-template.ts';
import type { NoticeKind } from '../domain/notices/notice.ts';
import { renderNotice } from '../domain/notices/render.ts';
import {
  findSample,
  Kinds,
  type Sample,
  sampleName,
  samplesOf,
  viewOfSample,
} from '../domain/notices/samples/kinds.ts';
import { officeLike } from '../domain/notices/samples/office.ts';
import { NOW } from '../domain/notices/samples/request.ts';
import type { RenderedNotice } from '../domain/notices/view.ts';
import type { Policy } from '../domain/policy.ts';
import { makeFolder } from '../runtime/make-folder.ts';
import { loadForReading } from './config-option.ts';
import { ExitCode, Finding } from './exit.ts';

type PreviewOptions = {
  readonly config?: string;
  readonly inbox?: string;
  readonly html?: boolean;
  readonly text?: boolean;
  readonly template?: boolean;
  readonly out?: string;
  readonly all?: string;
};

export function addPreview(program: Command): void {
  program
    .command('preview')
    .description('show any kind of mail as it would go out, from a sample request')
    .argument('[kind]', 'the kind of mail; without it, all kinds are listed')
    .argument('[variant]', 'one of the shapes that the kind has, such as a receipt for what was refused')
    .addOption(new Option('--text', 'as plain text; this is the default').conflicts(['html', 'template']))
    .addOption(new Option('--html', 'as HTML, to be opened in a browser').conflicts('template'))
    .option('--template', 'as the beginning of a wording of your own, for the folder of notices')
    .option(
      '-c, --config <file>',
      'in the names and wordings of this configuration; default: a sample office',
    )
    .option('--inbox <id>', 'which inbox of the configuration; default: the first')
    .option('-o, --out <file>', 'write to this file')
    .addOption(
      new Option('--all <folder>', 'write every kind and variant to this folder, as text and HTML').conflicts(
        ['out', 'template'],
      ),
    )
    .addHelpText(
      'after',
      '\nNothing is sent, and no database or mailbox is needed.' +
        '\n\nExamples:\n  npx baton preview offer --html --out offer.html' +
        '\n  npx baton preview receipt not-understood' +
        '\n  npx baton preview acknowledgement --template > notices/acknowledgement.md' +
        '\n  npx baton preview --all previews --config baton.yaml',
    )
    .action(preview);
}

async function preview(
  kind: string | undefined,
  variant: string | undefined,
  options: PreviewOptions,
): Promise<void> {
  const office = officeOf(options);
  if (options.all !== undefined) return writeAll(options.all, office);
  if (kind === undefined) return void process.stdout.write(listOfKinds());
  const sample = sampleNamed(kind, variant ?? null);
  const shown = options.template
    ? templateOf(sample.body.kind)
    : shownAs(options.html ? 'html' : 'txt', sample, render(sample, office));
  if (options.out === undefined) process.stdout.write(shown);
  else await write(options.out, shown);
}

/** undefined: the sample's own. */
function officeOf({ config: path, inbox: id }: PreviewOptions): Policy | undefined {
  if (path === undefined) {
    if (id === undefined) return undefined;
    throw new Finding('--inbox names an inbox of a configuration: give --config as well.', ExitCode.usage);
  }
  const policy = toPolicy(loadForReading(path, []).config);
  const ids = [...policy.inboxes.keys()];
  const inbox = policy.inboxes.get(id ?? ids[0] ?? '');
  if (inbox !== undefined) return officeLike(policy, inbox, NOW);
  const hint = didYouMean(id ?? '', ids);
  throw new Finding(`No inbox is called "${id}". ${hint}Known inboxes: ${list(ids)}.`, ExitCode.usage);
}

function sampleNamed(kind: string, variant: string | null): Sample {
  const known = Kinds.find((one) => one === kind);
  if (known === undefined) {
    const hint = variantHint(kind) ?? didYouMean(kind, Kinds);
    throw new Finding(
      `No kind of mail is called "${kind}". ${hint}Known kinds: ${list(Kinds, 60)}.`,
      ExitCode.usage,
    );
  }
  const sample = findSample(known, variant);
  if (sample !== null) return sample;
  const variants = variantsOf(known);
  const others = variants.length === 0 ? 'It has only one.' : `It has: ${list(variants, 80)}.`;
  const hint = didYouMean(variant ?? '', variants);
  throw new Finding(`No ${known} is called "${variant}". ${hint}${others}`, ExitCode.usage);
}

/** Somebody who looks for "help" wants the receipt for it, and not what is spelled nearly so. */
function variantHint(typed: string): string | null {
  const having = Kinds.filter((kind) => variantsOf(kind).includes(typed));
  const commands = having.map((kind) => `"npx baton preview ${kind} ${typed}"`);
  return commands.length === 0 ? null : `Did you mean ${commands.join(' or ')}? `;
}

const variantsOf = (kind: NoticeKind): string[] =>
  samplesOf(kind).samples.flatMap(({ variant }) => (variant === undefined ? [] : [variant]));

function render(sample: Sample, office: Policy | undefined): RenderedNotice {
  return renderNotice(viewOfSample(sample, office === undefined ? {} : { office }));
}

function shownAs(form: 'txt' | 'html', sample: Sample, { subject, text, html }: RenderedNotice): string {
  if (form === 'txt') return `Subject: ${subject}\n\n${text}`;
  if (html !== null) return html;
  throw new Finding(`A ${sample.body.kind} goes out as plain text only: leave --html out.`);
}

function templateOf(kind: NoticeKind): string {
  if (hasWording(kind)) return startingTemplate(kind);
  throw new Finding(`A ${kind} goes out as its writer wrote it: there is nothing to word.`);
}

async function writeAll(folder: string, office: Policy | undefined): Promise<void> {
  await makeFolder(folder).catch(cannotWrite(folder));
  for (const sample of Kinds.flatMap((kind) => samplesOf(kind).samples)) {
    const mail = render(sample, office);
    const name = join(folder, sampleName(sample).replaceAll(' ', '-'));
    await write(`${name}.txt`, shownAs('txt', sample, mail));
    if (mail.html !== null) await write(`${name}.html`, mail.html);
  }
}

const write = (file: string, content: string): Promise<void> =>
  writeFile(file, content).catch(cannotWrite(file));

const cannotWrite =
  (path: string) =>
  (error: unknown): never => {
    if (!(error instanceof Error && 'code' in error)) throw error;
    throw new Finding(`${path} cannot be written (${error.code}).`);
  };

/** One line for each kind, and below it the variants of those that have several. */
function listOfKinds(): string {
  const width = Math.max(...Kinds.map(({ length }) => length));
  const lines = Kinds.flatMap((kind) => {
    const variants = variantsOf(kind);
    const gap = ' '.repeat(width + 4);
    return [
      `  ${kind.padEnd(width)}  ${samplesOf(kind).about}`,
      ...(variants.length === 0 ? [] : filled(variants, 100 - gap.length).map((line) => `${gap}${line}`)),
    ];
  });
  return ['Kinds of mail, and what they may be about:', '', ...lines, ''].join('\n');
}

/** The words in lines of at most this width. */
function filled(words: readonly string[], width: number): string[] {
  const lines: string[] = [];
  for (const word of words) {
    const last = lines.at(-1);
    if (last === undefined || last.length + word.length + 2 > width) lines.push(word);
    else lines[lines.length - 1] = `${last}, ${word}`;
  }
  return lines;
}
