/**
 * What ladders say about the rest of the configuration, and whether anybody ever comes to them: names that nobody has,
 * rungs behind the last, ladders of which an earlier one holds for all.
 */
import { valueAt } from './issues.ts';
import { RUNGS } from './ladders.ts';
import { didYouMean, type Finding, list, type Path } from './problems.ts';

type Section = Readonly<Record<string, unknown>>;
const asSection = (value: unknown): Section =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Section) : {};
const asList = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const asTexts = (value: unknown): readonly string[] | null =>
  value === undefined ? null : [value].flat().filter((one) => typeof one === 'string');

type ToldRung = { readonly name: string; readonly path: Path };

/** Every rung that names somebody or something, with its place. */
function toldRungs(tree: unknown, place: Path): ToldRung[] {
  return asList(valueAt(tree, place)).flatMap((given, index): ToldRung[] => {
    if (typeof given === 'string') return [{ name: given, path: [...place, index] }];
    const { to: name } = asSection(given);
    return typeof name === 'string' ? [{ name, path: [...place, index, 'to'] }] : [];
  });
}

const everyList = (tree: unknown): Path[] =>
  asList(valueAt(tree, ['ladders'])).flatMap((_, index) =>
    ['unaccepted', 'owned'].map((name) => ['ladders', index, name]),
  );

/** Rungs that nobody would come to, ladders that no request would climb, and categories that no rule gives. */
export const ladderFaults = (tree: unknown): Finding[] => [
  ...unknownRungs(tree),
  ...everyList(tree).flatMap((place) => behindTheLast(tree, place)),
  ...neverReached(tree),
  ...unknownCategories(tree),
  ...nobodyOnCall(tree),
];

function unknownRungs(tree: unknown): Finding[] {
  const members = Object.keys(asSection(valueAt(tree, ['members'])));
  const known: readonly string[] = [...RUNGS, ...members];
  return everyList(tree)
    .flatMap((place) => toldRungs(tree, place))
    .filter(({ name }) => members.length > 0 && !known.includes(name))
    .map(({ name, path }) => ({
      path,
      message: `no rung and no member is called "${name}"`,
      remedy: `${didYouMean(name, known)}Known rungs: ${list(RUNGS)}. Known members: ${list(members)}.`,
    }));
}

function behindTheLast(tree: unknown, place: Path): Finding[] {
  const told = toldRungs(tree, place);
  const last = told.findIndex(({ name }) => name === 'final-manager');
  const behind = last < 0 ? undefined : told[last + 1];
  if (behind === undefined) return [];
  const message = 'this rung is behind final-manager, which is always the last';
  return [{ path: behind.path, message, remedy: 'Move it in front of final-manager, or leave it out.' }];
}

const CONDITIONS = ['inbox', 'team', 'category', 'priority'] as const;

function neverReached(tree: unknown): Finding[] {
  const all = asList(valueAt(tree, ['ladders'])).map((one) => asSection(asSection(one).when));
  return all.flatMap((when, index) => {
    const above = all.slice(0, index).findIndex((earlier) => covers(earlier, when));
    if (above < 0) return [];
    const message = `no request comes to this ladder: ladders[${above}] holds for all that it would`;
    const remedy = `Put it in front of ladders[${above}], or leave it out; the first that fits counts.`;
    return [{ path: ['ladders', index], message, remedy }];
  });
}

/** Whether whatever fits the second fits the first. */
const covers = (wide: Section, narrow: Section): boolean =>
  CONDITIONS.every((condition) => {
    const allowed = asTexts(wide[condition]);
    if (allowed === null) return true;
    const asked = asTexts(narrow[condition]);
    return asked?.every((one) => allowed.includes(one)) ?? false;
  });

function unknownCategories(tree: unknown): Finding[] {
  const known = asList(valueAt(tree, ['rules'])).flatMap((rule) => {
    const { category } = asSection(rule);
    return typeof category === 'string' ? [category] : [];
  });
  return asList(valueAt(tree, ['ladders'])).flatMap((one, index) => {
    const { category } = asSection(asSection(one).when);
    return (asTexts(category) ?? [])
      .filter((name) => !known.includes(name))
      .map((name) => ({
        path: ['ladders', index, 'when', 'category'],
        message: `no rule has the category "${name}"`,
        remedy: 'Write a category as it stands in one of the rules.',
      }));
  });
}

/** `on-call` where none of the inboxes has anybody on call would be passed over in silence. */
function nobodyOnCall(tree: unknown): Finding[] {
  const inboxes = asSection(valueAt(tree, ['inboxes']));
  return everyList(tree).flatMap((place) => {
    const [, index = 0] = place;
    const { inbox } = asSection(valueAt(tree, ['ladders', index, 'when']));
    const held = asTexts(inbox) ?? Object.keys(inboxes);
    if (held.some((id) => asSection(inboxes[id]).onCall !== undefined)) return [];
    return toldRungs(tree, place)
      .filter(({ name }) => name === 'on-call')
      .map(({ path }) => ({
        path,
        message: 'nobody is on call in the inboxes that this ladder holds for',
        remedy: 'Give the inbox an onCall, or leave the rung out.',
      }));
  });
}
