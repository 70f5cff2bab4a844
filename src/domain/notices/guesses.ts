/** What was learned about a request, as its reader needs it: what it looks like, by which words, and what to answer. */

import type { CategoryId } from '../ids.ts';
import { categoryAsked, MODEL, percent } from '../learning/authority.ts';
import { categoriesOf, categoryTyped } from '../learning/categories.ts';
import type { Category } from '../policy.ts';
import type { Reason } from '../reason.ts';
import {
  type Block,
  choice,
  command,
  joined,
  named,
  own,
  paragraph,
  quotation,
  type Span,
  say,
  value,
  words,
} from './doc.ts';
import type { NoticeBody } from './notice.ts';
import { requestOf, type Scene } from './scene.ts';
import { mayOpenCommand, NAME_MAX, oneLine } from './words.ts';

type Offer = NoticeBody & { readonly kind: 'offer' };

/** Its name; one that has left the configuration by its id. */
const categoryName = (scene: Scene, id: CategoryId): Span =>
  words(scene.view.policy.categories.get(id)?.name ?? id, NAME_MAX);

/** `Repairs`, or that it is nothing of the kind. */
export const countsAs = (scene: Scene, id: CategoryId | null): Span =>
  id === null ? own('nothing that is told apart here') : categoryName(scene, id);

/** One word that means it and nothing else: its name where that is one, else its id. */
function wordFor({ view: { policy, inbox } }: Scene, { id, name }: Category): string {
  const spelled = oneLine(name, NAME_MAX).replaceAll('"', '');
  const isWord = !/\s/.test(spelled) && categoryTyped(policy, inbox.id, spelled)?.id === id;
  return isWord ? spelled : id;
}

/** `"Repairs"`: in answer to a mail that lists such words, one of them alone. One that is an order itself needs its verb. */
function choiceFor(scene: Scene, category: Category): Span {
  const word = wordFor(scene, category);
  return command(scene.bundled || mayOpenCommand(word) ? `category ${word}` : word);
}

/** For whoever is asked because nobody was found: the guesses, each an answer of one word. */
export function guesses(scene: Scene, { choices = [] }: Offer): Block | null {
  const { policy } = scene.view;
  const known = choices.flatMap(({ category: id, probability }) => {
    const category = policy.categories.get(id);
    return category === undefined ? [] : [{ category, probability }];
  });
  if (known.length === 0) return null;
  const listed = known.map(
    ({ category, probability }) =>
      say`${choiceFor(scene, category)}${nameBeside(scene, category)} ${own(percent(probability))}`,
  );
  return named(
    'guesses',
    paragraph(
      say`Nobody fits yet. Our guesses: ${value('guess', joined(listed, ', '))}.`,
      speaksFor(scene),
      say`Answer with one of these, and whoever takes care of that is asked. For anything else, answer ${command('category')} and its name.`,
    ),
  );
}

/** Where the word is not its name. */
function nameBeside(scene: Scene, category: Category): readonly Span[] | null {
  return wordFor(scene, category) === oneLine(category.name, NAME_MAX)
    ? null
    : say` (${categoryName(scene, category.id)})`;
}

const WORD_MAX = 40;

/** The customer's own words, which are shown as theirs. */
function speaksFor(scene: Scene): readonly Span[] | null {
  const because = wordsFor(scene);
  return because === null ? null : say`What speaks for it: ${because}.`;
}

function wordsFor(scene: Scene): readonly Span[] | null {
  const { because = [] } = requestOf(scene);
  if (because.length === 0 || !scene.withWords) return null;
  return value(
    'because',
    joined(
      because.map((word) => quotation(word, WORD_MAX)),
      ', ',
    ),
  );
}

/** For whoever is asked because a model says so: what it looks like, and by which words. */
export function looksLike(scene: Scene, reason: Reason): readonly Span[] | null {
  const { classified, inboxId } = requestOf(scene).state;
  const [guess] = classified?.proposal?.guesses ?? [];
  if (classified?.reason.code !== MODEL || guess === undefined) return null;
  if (categoryAsked(scene.view.policy, inboxId, classified) === null) return null;
  // The first question gives it as its reason; who is asked after that reads why it comes to them.
  if (reason.sentence.startsWith(classified.reason.sentence)) return speaksFor(scene);
  const because = wordsFor(scene);
  const sure = own(percent(guess.probability));
  return say`It looks like ${categoryName(scene, guess.category)} (${sure} sure)${because === null ? null : say`: ${because}`}.`;
}

/** More are a list to read. */
const CORRECTIONS_MAX = 2;

/** How to say what it is instead: where several kinds of request are told apart, and its reader may say no. */
export function somethingElse(scene: Scene): readonly Span[] | null {
  const { policy, inbox } = scene.view;
  const { classified } = requestOf(scene).state;
  const guessed = classified?.proposal?.guesses.map(({ category }) => category) ?? [];
  const now =
    classified === null ? null : (categoryAsked(policy, inbox.id, classified)?.id ?? classified.category);
  const place = ({ id }: Category): number => (guessed.includes(id) ? guessed.indexOf(id) : guessed.length);
  const others = categoriesOf(policy, inbox.id)
    .filter(({ id }) => id !== now)
    .sort((a, b) => place(a) - place(b))
    .slice(0, CORRECTIONS_MAX);
  if (others.length === 0) return null;
  const answers = others.map((category) => command(`decline wrong team: ${wordFor(scene, category)}`));
  return say`If it is something else, reply ${choice(answers, 'or')}.`;
}

/** The names that an unknown one may have meant. */
const KNOWN_MAX = 12;

export function unknownCategory(scene: Scene, known: readonly CategoryId[]): readonly Span[] {
  const all = known.flatMap((id) => scene.view.policy.categories.get(id) ?? []).slice(0, KNOWN_MAX);
  if (all.length === 0) return say`Kinds of request are not told apart here, so nothing changed.`;
  const answers = all.map((category) => say`${choiceFor(scene, category)}${nameBeside(scene, category)}`);
  return say`Nothing that is told apart here is called that, so nothing changed. Answer ${choice(answers, 'or')}.`;
}
