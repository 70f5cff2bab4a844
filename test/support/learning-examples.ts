/** Invented mails of a property office, for tests of what is learned: sentences put together by chance from a seed. */
import { type Chance, chanceOf } from '../../src/domain/learning/chance.ts';
import { contentOfText, type Example } from '../../src/domain/learning/example.ts';

const KINDS: Readonly<Record<string, readonly (readonly string[])[]>> = {
  repair: [
    ['the heating', 'our boiler', 'the kitchen tap', 'a window', 'the lift', 'die Heizung'],
    ['is broken', 'leaks', 'makes a noise', 'stopped working', 'needs mending', 'ist kaputt'],
  ],
  billing: [
    ['the invoice', 'my last bill', 'the deposit', 'a payment', 'die Rechnung', 'our statement'],
    ['is too high', 'was charged twice', 'shows a wrong amount', 'has not arrived', 'stimmt nicht'],
  ],
  parking: [
    ['the garage', 'my parking space', 'space 14', 'der Stellplatz', 'the car park'],
    ['is taken by another car', 'is blocked', 'is too narrow', 'ist belegt', 'has a new barrier'],
  ],
};

const UNKNOWN = [
  ['we sell', 'would you like', 'learn more about', 'congratulations on', 'a question about'],
  ['solar panels', 'a webinar', 'our newsletter', 'the marathon', 'a school project', 'football tickets'],
];

const BEFORE = ['hello,', 'dear team,', 'since yesterday', 'please help,', 'Guten Tag,', 'again'];
const AFTER = ['thank you', 'on the second floor', 'as I said', 'what now?', 'Danke', 'regards Maria'];

/** So many of each kind and so many that belong to none, each kind in its turn. */
export function learningExamples(ofEach: number, unknown: number, seed = 1): Example[] {
  const chance = chanceOf(seed);
  const known = Object.entries(KINDS).flatMap(([category, parts]) =>
    Array.from({ length: ofEach }, () => ({ content: contentOfText(sentence(parts, chance)), category })),
  );
  const others = Array.from({ length: unknown }, () => ({
    content: contentOfText(sentence(UNKNOWN, chance)),
    category: null,
  }));
  return [...known, ...others];
}

function sentence(parts: readonly (readonly string[])[], chance: Chance): string {
  const one = (choices: readonly string[]) => choices[Math.floor(chance() * choices.length)];
  return [one(BEFORE), ...parts.map(one), one(AFTER)].join(' ');
}
