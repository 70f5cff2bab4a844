/** The phrases that a team adds to the commands: none may mean two things, and none may be everyday talk. */
import { type Verb, Verbs } from '../domain/command/command.ts';
import { fold } from '../domain/command/fold.ts';
import { grammarOf } from '../domain/command/grammar.ts';
import type { Phrase, Phrases } from '../domain/command/phrases.ts';
import { Everyday } from '../domain/command/spellings/everyday.ts';
import { allSpellings } from '../domain/command/spellings/spellings.ts';
import { valueAt } from './issues.ts';
import type { Finding, Path } from './problems.ts';
import { isPhrase } from './values.ts';

const Ours = grammarOf(allSpellings);
const textsOf = <T>(phrases: Phrases<T>): readonly Phrase<T>[] => [...phrases.values()].flat();

/** What stands around commands without meaning anything cannot mean one. */
const Forgiven: ReadonlySet<string> = new Set([
  ...[...textsOf(Ours.polite), ...textsOf(Ours.greetings)].map(({ text }) => text),
  ...Ours.closings,
]);

export function spellingFaults(tree: unknown): Finding[] {
  const taken = new Map<string, Verb>(textsOf(Ours.verbs).map(({ text, means }) => [text, means]));
  return Verbs.flatMap((verb) => {
    const path: Path = ['commands', 'spellings', verb];
    const phrases: unknown = valueAt(tree, path);
    if (!Array.isArray(phrases)) return [];
    return phrases.flatMap((phrase: unknown, index) => {
      if (typeof phrase !== 'string' || !isPhrase(phrase)) return [];
      const text = fold(phrase);
      const other = taken.get(text);
      taken.set(text, other ?? verb);
      return faultOf(text, verb, other).map((fault) => ({ path: [...path, index], ...fault }));
    });
  });
}

function faultOf(text: string, verb: Verb, other: Verb | undefined): readonly Omit<Finding, 'path'>[] {
  if (other !== undefined && other !== verb) {
    const remedy = 'Choose words that mean one thing: whoever writes them must know what happens.';
    return [{ message: `this is how "${other}" is written`, remedy }];
  }
  if (other === undefined && (Everyday.has(text) || Forgiven.has(text) || /^\p{N}+$/u.test(text))) {
    const remedy = 'People begin sentences like this without ordering anything. Choose words that do.';
    return [{ message: 'this is everyday talk', remedy }];
  }
  return [];
}
