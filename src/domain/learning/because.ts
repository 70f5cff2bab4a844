/** Which words of a mail spoke for a category, as they stand there: the trace that people are shown. */
import type { Content } from './example.ts';
import { hashOfWord, runsOfWord } from './features.ts';
import type { Model } from './model.ts';
import { placeOf } from './vocabulary.ts';
import { wordsOf } from './words.ts';

const WORDS_MAX = 4;
/** Next to the word that says most, words that say less than this share of it say nothing: "the", "is". */
const SAYS_SOMETHING = 0.2;
/** Those that come first tell enough. */
const LOOKED_AT_MAX = 300;

/** The few that add most to the score of the category, beyond what they add to all on average. */
export function wordsFor(model: Model, content: Content, category: number): string[] {
  const said = new Map<string, { readonly written: string; readonly weight: number }>();
  for (const { form, written } of [...wordsOf(content.subject), ...wordsOf(content.body)]) {
    if (said.size === LOOKED_AT_MAX) break;
    if (!said.has(form)) said.set(form, { written, weight: weightOf(model, form, category) });
  }
  const telling = [...said.values()].sort((a, b) => b.weight - a.weight);
  const least = SAYS_SOMETHING * (telling[0]?.weight ?? 0);
  return telling
    .filter(({ weight }) => weight > 0 && weight >= least)
    .slice(0, WORDS_MAX)
    .map(({ written }) => written);
}

/** The word with all the runs of characters in it. */
function weightOf({ vocabulary, telling, weights }: Model, form: string, category: number): number {
  let sum = 0;
  for (const feature of [hashOfWord(form), ...runsOfWord(form)]) {
    const place = placeOf(vocabulary, feature);
    if (place < 0) continue;
    const own = weights.bytes[place * weights.categories + category] ?? 0;
    sum += (telling[place] ?? 0) * (weights.scales[place] ?? 0) * (own - (weights.means[place] ?? 0));
  }
  return sum;
}
