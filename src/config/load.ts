/**
 * Reads the configuration file and answers with the whole of it, or with everything that is wrong at once. Never
 * throws for what a file holds or for one that cannot be read.
 */
import { createHash } from 'node:crypto';
import { dirname, join, resolve } from 'node:path';
import { ENV_FILE, withEnvFile } from './env-file.ts';
import { findingsOf, valueAt } from './issues.ts';
import {
  digestOfNotices,
  MISSING,
  NOTICES_FOLDER,
  type NoticesRead,
  NoWordings,
  readNotices,
} from './notices.ts';
import { byPlace, type Finding, type Problem } from './problems.ts';
import { readText } from './read-text.ts';
import { checkRelations } from './relations.ts';
import { type Config, configSchema } from './schema.ts';
import { type Environment, FILE_BYTES_MAX, type ReadSecretFile, readSource, type Source } from './source.ts';
import { warningsOf } from './warnings.ts';

export type Loaded = LoadedWell | (Seen & { readonly ok: false; readonly problems: readonly Problem[] });
export type LoadedWell = Seen & WellParsed;

/** What was looked at; what watchConfig compares. */
type Seen = {
  /** Tells one state of the file and of the wordings from another. */
  readonly digest: string;
  readonly notices: string;
};

const SECRET_FILE_BYTES_MAX = 65_536;

/**
 * Reads and checks the file at `path`, and the wordings of mails that belong to it. `env` answers for `${NAME}`,
 * and for what it does not the file `.env` beside the configuration;
 * `standIn` takes the place of what neither it nor the file of a secret answers.
 * Relative paths inside the file, such as `data`, `notices` and the files of secrets, begin at the folder of the
 * file, so that they mean the same from wherever Baton starts.
 */
export function loadConfig(path: string, env: Environment, standIn?: string): Loaded {
  const read = readText(path, FILE_BYTES_MAX);
  const base = dirname(resolve(path));
  let notices = resolve(base, NOTICES_FOLDER);
  let digest = '';
  if (!read.ok) return { ok: false, problems: [unreadableFile(path, read)], digest: read.why, notices };
  const loaded = parseConfig(read.text, path, withEnvFile(env, resolve(base, ENV_FILE)), {
    standIn,
    secretFile: (file) => {
      const secret = readText(resolve(base, file), SECRET_FILE_BYTES_MAX);
      return secret.ok ? secret : { ok: false, why: secret.why };
    },
    notices: (folder, inboxes) => {
      notices = resolve(base, folder);
      // Before they are read: what changes meanwhile is then a change.
      digest = digestOf(read.text, notices);
      // Problems name a file as the operator does: from where they are.
      return readNotices(resolve(folder) === folder ? folder : join(dirname(path), folder), inboxes);
    },
  });
  const seen = { digest: digest === '' ? digestOf(read.text, notices) : digest, notices };
  if (!loaded.ok) return { ...loaded, ...seen };
  const config = { ...loaded.config, data: resolve(base, loaded.config.data), notices };
  return { ...loaded, config, ...seen };
}

/** What parsing needs of the world around the file. */
export type Surroundings = {
  readonly secretFile: ReadSecretFile;
  readonly standIn?: string | undefined;
  readonly notices: (folder: string, inboxes: readonly string[] | null) => NoticesRead;
};

type WellParsed = {
  readonly ok: true;
  readonly config: Config;
  /** What is in force and hardly meant. */
  readonly warnings: readonly Problem[];
};

export type Parsed = WellParsed | { readonly ok: false; readonly problems: readonly Problem[] };

/** The same for text that is already at hand; `file` is only named in problems, and folders stay as written. */
export function parseConfig(text: string, file: string, env: Environment, around: Surroundings): Parsed {
  const source = readSource(text, file, env, around.secretFile, around.standIn);
  const empty = source.tree === undefined || source.tree === null;
  if (source.readable && empty && source.problems.length === 0)
    return { ok: false, problems: [emptyFile(file)] };
  if (!source.readable) return { ok: false, problems: source.problems };
  const parsed = configSchema.safeParse(source.tree);
  const { wordings, findings: noticeFindings, problems: noticeProblems } = wordingsOf(source, around);
  const findings = [
    ...(parsed.success ? [] : findingsOf(parsed.error.issues, source)),
    ...checkRelations(source),
    ...noticeFindings,
  ];
  const placed = findings.map((finding) => source.place(finding)).filter((problem) => problem !== null);
  const problems = [...source.problems, ...placed].sort(byPlace);
  if (!parsed.success || problems.length + noticeProblems.length > 0)
    return { ok: false, problems: [...problems, ...noticeProblems] };
  const { notices = NOTICES_FOLDER } = parsed.data;
  const config = { ...parsed.data, notices, wordings };
  const today = new Date().toISOString().slice(0, 10);
  const warnings = warningsOf(source, config, today).flatMap((finding) => source.place(finding) ?? []);
  return { ok: true, config, warnings: warnings.sort(byPlace) };
}

/** A folder that nobody named need not be there. */
function wordingsOf(source: Source, around: Surroundings) {
  const named = valueAt(source.tree, ['notices']);
  if (named !== undefined && (typeof named !== 'string' || named === ''))
    return { wordings: NoWordings, findings: [], problems: [] };
  const inboxes = valueAt(source.tree, ['inboxes']);
  const ids = typeof inboxes === 'object' && inboxes !== null ? Object.keys(inboxes) : null;
  const { wordings, problems, why } = around.notices(named ?? NOTICES_FOLDER, ids);
  const remedy = 'Give a folder of wordings, or leave the line out: mails go out in the words of Baton.';
  const message = `the folder of own wordings ${why}`;
  const isFine = why === null || (named === undefined && why === MISSING);
  const findings: Finding[] = isFine ? [] : [{ path: ['notices'], message, remedy }];
  return { wordings, findings, problems };
}

/** Tells one state of a file's text, and of the wordings in a folder, from another. */
const digestOf = (text: string, notices: string): string =>
  createHash('sha256')
    .update(`${digestOfNotices(notices)}\0${text}`)
    .digest('hex');

/** The digest that loading would come with, without loading. */
export function digestOnDisk(path: string, notices: string): string {
  const read = readText(path, FILE_BYTES_MAX);
  return read.ok ? digestOf(read.text, notices) : read.why;
}

const START =
  'Begin with "npx baton init", which asks for what it needs, or with a copy of config/baton.example.yaml, which says what each line is for.';

function unreadableFile(file: string, { why, missing }: { why: string; missing: boolean }): Problem {
  const remedy = missing ? `Check the path. ${START}` : 'Give a YAML file in UTF-8 that Baton may read.';
  return { file, line: 0, column: 0, path: '', message: `the configuration ${why}`, remedy };
}

const emptyFile = (file: string): Problem => ({
  file,
  line: 1,
  column: 1,
  path: '',
  message: 'the configuration is empty',
  remedy: `It needs at least secret, defaults.timeZone, one of inboxes and one of members. ${START}`,
});
