/**
 * Writes a configuration and the file of its secrets, both whole or not at all, and only after the loader found nothing
 * wrong with them. What else stands in the file of secrets stays.
 */
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { ENV_FILE, envLine, parseEnvFile } from '../config/env-file.ts';
import { loadConfig } from '../config/load.ts';
import { formatProblems } from '../config/problems.ts';
import { Finding } from './exit.ts';

export type Setup = {
  readonly path: string;
  readonly text: string;
  readonly secrets: Readonly<Record<string, string>>;
};

export const envPathOf = (path: string): string => join(dirname(resolve(path)), ENV_FILE);

/** What the file of secrets says by now. */
export function knownSecrets(path: string): Readonly<Record<string, string>> {
  const file = envPathOf(path);
  return existsSync(file) ? parseEnvFile(readFileSync(file, 'utf8')) : {};
}

export function writeSetup({ path, text, secrets }: Setup): void {
  const env = envPathOf(path);
  const draft = `${resolve(path)}.${randomBytes(4).toString('hex')}.tmp`;
  const envDraft = `${env}.${randomBytes(4).toString('hex')}.tmp`;
  try {
    writeFileSync(draft, text, { flag: 'wx' });
    const loaded = loadConfig(draft, { ...process.env, ...secrets });
    if (!loaded.ok)
      throw new Finding(
        `Nothing was written: the configuration would not be right.\n${formatProblems(
          loaded.problems.map((one) => ({ ...one, file: basename(path) })),
        )}`,
      );
    // Nobody else on this machine may read it, from its first byte on.
    writeFileSync(envDraft, envText(env, secrets), { flag: 'wx', mode: 0o600 });
    renameSync(envDraft, env);
    renameSync(draft, path);
  } finally {
    rmSync(draft, { force: true });
    rmSync(envDraft, { force: true });
  }
}

function envText(file: string, secrets: Setup['secrets']): string {
  const kept = existsSync(file) ? readFileSync(file, 'utf8').split(/\r?\n/) : [HEAD];
  const isOurs = (line: string) =>
    Object.keys(secrets).some((name) => Object.hasOwn(parseEnvFile(line), name));
  const others = kept.filter((line) => !isOurs(line));
  while (others.at(-1) === '') others.pop();
  const lines = Object.entries(secrets).map(([name, value]) => {
    const line = envLine(name, value);
    if (line === null) throw new Error(`the value of ${name} has more than one line`);
    return line;
  });
  return `${[...others, ...lines].join('\n')}\n`;
}

const HEAD =
  '# Secrets of Baton: keep this file out of backups that others read, and out of version control.';
