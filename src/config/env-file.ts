/**
 * The file `.env` beside a configuration: lines of NAME=value for what the file itself must not hold. The environment
 * wins, so that a service that is given its secrets never meets an old one.
 *
 * No shell reads it, so nothing in a password is special: of a value only quotes around the whole of it are taken off,
 * and only those of one kind on both ends.
 */
import { readText } from './read-text.ts';
import type { Environment } from './source.ts';

export const ENV_FILE = '.env';

const BYTES_MAX = 65_536;

/** `env`, and behind it what the file at `path` says; a file that cannot be read says nothing. */
export function withEnvFile(env: Environment, path: string): Environment {
  const read = readText(path, BYTES_MAX);
  if (!read.ok) return env;
  const given = Object.entries(env).filter(([, value]) => value !== undefined && value !== '');
  return { ...env, ...parseEnvFile(read.text), ...Object.fromEntries(given) };
}

export function parseEnvFile(text: string): Readonly<Record<string, string>> {
  const values: Record<string, string> = Object.create(null);
  for (const line of text.split(/\r?\n/)) {
    const found = /^\s*(?:export\s+)?([A-Za-z_]\w*)\s*=(.*)$/.exec(line);
    if (found?.[1] !== undefined) values[found[1]] = unquoted((found[2] ?? '').trim());
  }
  return values;
}

function unquoted(value: string): string {
  const quote = value[0];
  const isQuoted = value.length >= 2 && (quote === '"' || quote === "'") && value.endsWith(quote);
  return isQuoted ? value.slice(1, -1) : value;
}

/** A line that is read as just this value; null for one that no line can hold. */
export function envLine(name: string, value: string): string | null {
  if (/[\r\n\0]/.test(value)) return null;
  const isPlain = value === value.trim() && unquoted(value) === value;
  return `${name}=${isPlain ? value : `"${value}"`}`;
}
