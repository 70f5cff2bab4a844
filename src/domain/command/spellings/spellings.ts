/**
 * The closed list of words that members may write, as data: a language is one Spellings value, several are joined to
 * one, and the configuration adds phrases of its own.
 */
import { type Verb, Verbs } from '../command.ts';
import { English } from './english.ts';
import { French } from './french.ts';
import { German } from './german.ts';
import { Spanish } from './spanish.ts';

/** All lower case, straight apostrophes; accents as they are written, which no member has to do. */
export type Spellings = {
  /** Longer phrases win. Those of a verb that wants a name, an address or a time end before it. */
  readonly verbs: Readonly<Record<Verb, readonly string[]>>;
  /** Phrases of everyday talk: no further words may follow them ("Yes, but …", "Angenommen, …"). */
  readonly bareOnly: readonly string[];
  /** Words that may stand before or after a command without changing it. */
  readonly polite: readonly string[];
  /** Words that may open a line and be followed by up to two words of a name. */
  readonly greetings: readonly string[];
  /** Words that close a mail; what follows them at the end of a text is a name. */
  readonly closings: readonly string[];
  /** In front of the beginning of an absence that has one: "away from Monday until Friday", "away Monday to Friday". */
  readonly awayFrom: readonly string[];
  /** Between its beginning and its end: with the first they are back on the day that follows, with the second after it. */
  readonly awayUntil: readonly string[];
  readonly awayThrough: readonly string[];
  /** Words between the time of an absence and the name of who covers. */
  readonly covers: readonly string[];
  /** Words that make an order depend on something when they follow it: "done, once the part is here". */
  readonly conditions: readonly string[];
  /** Words that take back some of a yes, wherever behind it they stand. */
  readonly reservations: readonly string[];
  /** Words of somebody who is not sure: "spam, I think". */
  readonly doubts: readonly string[];
  /** Words of somebody who can or wants to: "No, I can do it", "No, no problem". Only behind a bare no. */
  readonly willing: readonly string[];
  /** Words of work that is not over: "done, waiting for the part". Only behind verbs that say it is. */
  readonly unfinished: readonly string[];
  /** Words that begin a sentence which changes the one before: "Accept. Actually, no". */
  readonly corrections: readonly string[];
  /** All that follows, and the order is none: "done, not yet". */
  readonly takenBack: readonly string[];
  /** Behind a no, in front of what it is instead: "decline wrong team: billing". */
  readonly wrongTeam: readonly string[];
  /** Behind `category`, where it is none of them. */
  readonly none: readonly string[];
  /** Words that go on with a second time or order. */
  readonly alternatives: readonly string[];
  /** Short words that are a yes or no for whoever was asked, alone on the line, and nothing for anybody else. */
  readonly answers: Readonly<Record<string, 'accept' | 'decline'>>;
  /** Beginnings that are on no list, and what to propose for the line. */
  readonly beginnings: Readonly<Record<string, Verb>>;
  /** Short answers that are not on the list, and what to propose for them. */
  readonly hints: Readonly<Record<string, Verb>>;
  /** What mail programs write when somebody only clicked a face. */
  readonly reactions: readonly string[];
};

/** The languages as one; the first gives the phrases that our mails name. */
function joinSpellings(first: Spellings, ...others: readonly Spellings[]): Spellings {
  const all = [first, ...others];
  const join = (part: (one: Spellings) => readonly string[]): readonly string[] => [
    ...new Set(all.flatMap(part)),
  ];
  return {
    verbs: verbsOf((verb) => join((one) => one.verbs[verb])),
    bareOnly: join((one) => one.bareOnly),
    polite: join((one) => one.polite),
    greetings: join((one) => one.greetings),
    closings: join((one) => one.closings),
    awayFrom: join((one) => one.awayFrom),
    awayUntil: join((one) => one.awayUntil),
    awayThrough: join((one) => one.awayThrough),
    covers: join((one) => one.covers),
    conditions: join((one) => one.conditions),
    reservations: join((one) => one.reservations),
    doubts: join((one) => one.doubts),
    willing: join((one) => one.willing),
    unfinished: join((one) => one.unfinished),
    corrections: join((one) => one.corrections),
    takenBack: join((one) => one.takenBack),
    wrongTeam: join((one) => one.wrongTeam),
    none: join((one) => one.none),
    alternatives: join((one) => one.alternatives),
    answers: Object.assign({}, ...all.map(({ answers }) => answers)),
    beginnings: Object.assign({}, ...all.map(({ beginnings }) => beginnings)),
    hints: Object.assign({}, ...all.map(({ hints }) => hints)),
    reactions: join((one) => one.reactions),
  };
}

/** The same with further phrases, as the configuration gives them; of those that take no words after them none may. */
export function withMore(
  spellings: Spellings,
  more: { readonly [V in Verb]?: readonly string[] | undefined },
): Spellings {
  const added = verbsOf((verb) => (more[verb] ?? []).map((phrase) => phrase.toLowerCase()));
  return {
    ...spellings,
    verbs: verbsOf((verb) => [...spellings.verbs[verb], ...added[verb]]),
    bareOnly: [...spellings.bareOnly, ...added.accept, ...added.take],
  };
}

const verbsOf = (phrases: (verb: Verb) => readonly string[]): Readonly<Record<Verb, readonly string[]>> =>
  Object.fromEntries(Verbs.map((verb) => [verb, phrases(verb)])) as Record<Verb, readonly string[]>;

export const allSpellings: Spellings = joinSpellings(English, German, French, Spanish);

/** How our mails name a verb: `handoff to`, `take over`. */
export const nameOfVerb = (verb: Verb): string => English.verbs[verb][0] ?? verb;
