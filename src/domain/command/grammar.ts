/** Spellings made ready for matching: made once for each, since every mail of ours and every answer is held against it. */
import { type Verb, Verbs } from './command.ts';
import { fold } from './fold.ts';
import { type Phrases, phrasesOf } from './phrases.ts';
import type { Spellings } from './spellings/spellings.ts';

export type Grammar = {
  readonly verbs: Phrases<Verb>;
  readonly polite: Phrases<true>;
  readonly greetings: Phrases<true>;
  /** The phrases of `away` behind which a beginning stands. */
  readonly awayFrom: ReadonlySet<string>;
  /** Between a beginning and an end, longest first. */
  readonly ranges: Phrases<'until' | 'through'>;
  readonly covers: Phrases<true>;
  readonly conditions: Phrases<true>;
  readonly reservations: Phrases<true>;
  readonly wrongTeam: Phrases<true>;
  readonly none: ReadonlySet<string>;
  readonly alternatives: Phrases<true>;
  readonly doubts: Phrases<true>;
  readonly willing: Phrases<true>;
  readonly unfinished: Phrases<true>;
  readonly corrections: Phrases<true>;
  readonly answers: Phrases<'accept' | 'decline'>;
  readonly beginnings: Phrases<Verb>;
  readonly bareOnly: ReadonlySet<string>;
  readonly closings: ReadonlySet<string>;
  readonly takenBack: ReadonlySet<string>;
  readonly hints: ReadonlyMap<string, Verb>;
  readonly reactions: readonly string[];
  /** First words of verbs, which may be mistyped, with what must follow them. */
  readonly heads: readonly Head[];
  /** How a command, or what is forgiven in front of one, begins: its first two words, by the first run of letters. */
  readonly openings: ReadonlyMap<string, readonly string[]>;
};

export type Head = { readonly word: string; readonly rest: readonly string[]; readonly verb: Verb };

/** Made once for each set of spellings. */
export function grammarOf(spellings: Spellings): Grammar {
  const known = grammars.get(spellings);
  if (known !== undefined) return known;
  const made = make(spellings);
  grammars.set(spellings, made);
  return made;
}

const grammars = new WeakMap<Spellings, Grammar>();

function make(spellings: Spellings): Grammar {
  const verbs = phrasesOf([
    ...Object.entries(spellings.verbs).flatMap(([verb, list]) =>
      list.map((phrase) => [phrase, verb as Verb] as const),
    ),
    ...spellings.awayFrom.map((phrase) => [phrase, 'away'] as const),
  ]);
  const polite = listed(spellings.polite);
  const greetings = listed(spellings.greetings);
  const answers = phrasesOf(Object.entries(spellings.answers));
  return {
    verbs,
    polite,
    greetings,
    awayFrom: texts(spellings.awayFrom),
    ranges: phrasesOf([
      ...spellings.awayUntil.map((phrase) => [phrase, 'until'] as const),
      ...spellings.awayThrough.map((phrase) => [phrase, 'through'] as const),
    ]),
    covers: listed(spellings.covers),
    conditions: listed(spellings.conditions),
    reservations: listed(spellings.reservations),
    wrongTeam: listed(spellings.wrongTeam),
    none: texts(spellings.none),
    alternatives: listed(spellings.alternatives),
    doubts: listed(spellings.doubts),
    willing: listed(spellings.willing),
    unfinished: listed(spellings.unfinished),
    corrections: listed(spellings.corrections),
    answers,
    beginnings: phrasesOf(Object.entries(spellings.beginnings)),
    bareOnly: texts(spellings.bareOnly),
    closings: texts(spellings.closings),
    takenBack: texts(spellings.takenBack),
    hints: new Map(Object.entries(spellings.hints).map(([answer, verb]) => [fold(answer), verb])),
    reactions: spellings.reactions.map(fold),
    heads: headsOf(verbs, texts(spellings.awayFrom)),
    openings: openingsOf([verbs, polite, greetings, answers]),
  };
}

function openingsOf(lists: readonly Phrases<unknown>[]): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, Set<string>>();
  for (const [first, phrases] of lists.flatMap((list) => [...list])) {
    const known = found.get(first) ?? new Set();
    for (const { text } of phrases) known.add(text.split(' ', 2).join(' '));
    found.set(first, known);
  }
  return new Map([...found].map(([first, beginnings]) => [first, [...beginnings]]));
}

const headsOf = (verbs: Phrases<Verb>, awayFrom: ReadonlySet<string>): readonly Head[] =>
  [...verbs.values()]
    .flat()
    .filter(({ text }) => !awayFrom.has(text))
    .map(({ text, means }): Head => {
      const [word = '', ...rest] = text.split(' ');
      return { word, rest, verb: means };
    })
    .sort((a, b) => Verbs.indexOf(a.verb) - Verbs.indexOf(b.verb));

const listed = (list: readonly string[]): Phrases<true> =>
  phrasesOf(list.map((phrase) => [phrase, true] as const));

/** As phrasesOf spells them, keyboards without umlauts included. */
const texts = (list: readonly string[]): ReadonlySet<string> =>
  new Set([...listed(list).values()].flat().map(({ text }) => text));
