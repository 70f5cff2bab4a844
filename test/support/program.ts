/**
 * The edges of the programs that prove and measure, alike in all: what they are asked on the command line, the servers
 * that they want, and where their figures go. Help, a usage that is wrong and servers that are missing end the program
 * here, with words that say what to do.
 */
import { writeFileSync } from 'node:fs';
import { howToGet, isInstalled, type ServerName } from './stack/packages.ts';

/** EX_USAGE of sysexits(3). */
const EX_USAGE = 64;

/** `read` throws an Error that says what is not usable, and answers null where help was asked for. */
export function askedOf<Asked>(usage: string, read: (args: readonly string[]) => Asked | null): Asked {
  let asked: Asked | null;
  try {
    asked = read(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n\n${usage.trimEnd()}\n`);
    process.exit(EX_USAGE);
  }
  if (asked !== null) return asked;
  process.stdout.write(`${usage.trimEnd()}\n`);
  process.exit(0);
}

/** @throws RangeError for the reader of the usage. */
export function wholeNumber(name: string, given: string | undefined, unless: number, least: number): number {
  const value = given?.trim() === '' ? Number.NaN : Number(given ?? unless);
  if (!Number.isSafeInteger(value) || value < least)
    throw new RangeError(`--${name} wants a whole number from ${least} on, not ${given}.`);
  return value;
}

export function demandServers(servers: readonly ServerName[]): void {
  const missing = servers.filter((name) => !isInstalled(name));
  if (missing.length === 0) return;
  process.stderr.write(`${missing.join(', ')} cannot be found. Get it by: ${howToGet(missing)}\n`);
  process.exit(1);
}

/** To this file, or to standard output where none was named. */
export function writeFigures(figures: unknown, file: string | null | undefined): void {
  const text = `${JSON.stringify(figures, null, 2)}\n`;
  if (file == null) process.stdout.write(text);
  else writeFileSync(file, text);
}
