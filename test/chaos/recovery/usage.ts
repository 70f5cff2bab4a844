/** What a program of this folder and its neighbour is asked for on the command line. */
import { parseArgs } from 'node:util';

export const EX_USAGE = 64;

export type Asked<Name extends string> =
  | { readonly type: 'help' }
  | { readonly type: 'wrong'; readonly why: string }
  | {
      readonly type: 'run';
      readonly numbers: Readonly<Record<Name, number>>;
      readonly texts: Readonly<Record<string, string | undefined>>;
      readonly isSet: Readonly<Record<string, boolean>>;
    };

/**
 * `numbers`: whole ones, with what holds unless given and the least that makes sense; `texts`: options with any value;
 * `flags`: options without one.
 */
export function readArguments<Name extends string>(
  args: readonly string[],
  numbers: Readonly<Record<Name, { readonly unless: number; readonly least: number }>>,
  texts: readonly string[] = ['json'],
  flags: readonly string[] = [],
): Asked<Name> {
  const text = { type: 'string' } as const;
  const names = Object.keys(numbers) as Name[];
  const options = Object.fromEntries([
    ...[...names, ...texts].map((name) => [name, text] as const),
    ...flags.map((name) => [name, { type: 'boolean' }] as const),
  ]);
  try {
    const { values } = parseArgs({
      args: [...args],
      options: { ...options, help: { type: 'boolean', default: false } },
    });
    const given: Readonly<Record<string, unknown>> = values;
    if (given.help === true) return { type: 'help' };
    const read = names.map((name) => {
      const { unless, least } = numbers[name];
      const value = Number(given[name] ?? unless);
      if (!Number.isInteger(value) || value < least)
        throw new RangeError(`--${name}: a whole number from ${least} on`);
      return [name, value] as const;
    });
    return {
      type: 'run',
      numbers: Object.fromEntries(read) as Record<Name, number>,
      texts: Object.fromEntries(texts.map((name) => [name, given[name] as string | undefined])),
      isSet: Object.fromEntries(flags.map((name) => [name, given[name] === true])),
    };
  } catch (error) {
    return { type: 'wrong', why: (error as Error).message };
  }
}
