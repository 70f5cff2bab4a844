/**
 * Reads the configuration file and answers with the whole of it, or with everything that is wrong at once. Never
 * throws for what a file holds or for one that cannot be read.
 */
import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { findingsOf } from './issues.ts';
import { byPlace, type Problem } from './problems.ts';
import { checkRelations } from './relations.ts';
import { type Config, configSchema } from './schema.ts';
import { type Environment, FILE_BYTES_MAX, type ReadSecretFile, readSource } from './source.ts';

export type Loaded = LoadedWell | { readonly ok: false; readonly problems: readonly Problem[] };
export type LoadedWell = {
  readonly ok: true;
  readonly config: Config;
  /** Tells one state of the file from another; what watchConfig compares. */
  readonly digest: string;
};

const SECRET_FILE_BYTES_MAX = 65_536;

/**
 * Reads and checks the file at `path`. `env` answers for `${NAME}`. Relative paths inside the file, such as `data`
 * and the files of secrets, begin at the folder of the file, so that they mean the same from wherever Baton starts.
 */
export function loadConfig(path: string, env: Environment): Loaded {
  const read = readText(path, FILE_BYTES_MAX);
  if (!read.ok) return { ok: false, problems: [unreadableFile(path, read)] };
  const base = dirname(resolve(path));
  const loaded = parseConfig(read.text, path, env, (file) => {
    const secret = readText(resolve(base, file), SECRET_FILE_BYTES_MAX);
    return secret.ok ? secret : { ok: false, why: secret.why };
  });
  if (!loaded.ok) return loaded;
  return { ...loaded, config: { ...loaded.config, data: resolve(base, loaded.config.data) } };
}

/** The same for text that is already at hand; `file` is only named in problems, and `data` stays as written. */
export function parseConfig(
  text: string,
  file: string,
  env: Environment,
  readSecretFile: ReadSecretFile,
): Loaded {
  const source = readSource(text, file, env, readSecretFile);
  const empty = source.tree === undefined || source.tree === null;
  if (source.readable && empty && source.problems.length === 0)
    return { ok: false, problems: [emptyFile(file)] };
  if (!source.readable) return { ok: false, problems: source.problems };
  const parsed = configSchema.safeParse(source.tree);
  const findings = [
    ...(parsed.success ? [] : findingsOf(parsed.error.issues, source)),
    ...checkRelations(source),
  ];
  const placed = findings.map((finding) => source.place(finding)).filter((problem) => problem !== null);
  const problems = [...source.problems, ...placed].sort(byPlace);
  if (parsed.success && problems.length === 0)
    return { ok: true, config: parsed.data, digest: digestOf(text) };
  return { ok: false, problems };
}

/** Tells one state of a file's text from another. */
export const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex');

export type ReadText =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly why: string; readonly missing: boolean };

/** The text of a regular file of at most `bytesMax` bytes in UTF-8, with or without its byte order mark. */
export function readText(path: string, bytesMax: number): ReadText {
  try {
    const stat = statSync(path);
    // A device or a pipe could be read for ever.
    if (!stat.isFile()) return { ok: false, why: 'is not a regular file', missing: false };
    if (stat.size > bytesMax) return { ok: false, why: `is larger than ${bytesMax} bytes`, missing: false };
    return { ok: true, text: new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path)) };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA')
      return { ok: false, why: 'is not UTF-8 text', missing: false };
    if (code === '') throw error;
    return { ok: false, why: WHY[code] ?? `cannot be read (${code})`, missing: code === 'ENOENT' };
  }
}

const WHY: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist',
  EACCES: 'may not be read by this user',
  EPERM: 'may not be read by this user',
};

const START = 'Copy config/baton.example.yaml, which says what each line is for, and change it to fit.';

function unreadableFile(file: string, { why, missing }: { why: string; missing: boolean }): Problem {
  const remedy = missing
    ? `Check the path, or begin with a new file. ${START}`
    : 'Give a YAML file in UTF-8 that Baton may read.';
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
