/**
 * Which category the folders and labels of an archive mean: what somebody has said of a folder, else the id or the name
 * of a category, with case, accents and signs between words forgiven. Nothing is guessed beyond that: a folder that
 * means nothing teaches nothing, and is told.
 */
import type { CategoryId } from '../ids.ts';
import type { Category } from '../policy.ts';
import { fold } from '../roster.ts';

/** A folder with those around it, the outermost first; a label is one as well. */
export type Place = readonly string[];

/** null: what lies there belongs to none of the categories. */
export type PlaceMeaning = CategoryId | null;

export type PlaceNames = {
  /** What somebody said of folders, by their folded path or a part of it that ends it. */
  readonly said: ReadonlyMap<string, PlaceMeaning>;
  /** Folded ids and names of categories. */
  readonly categories: ReadonlyMap<string, CategoryId>;
};

export function placeNames(
  categories: ReadonlyMap<CategoryId, Category>,
  said: ReadonlyMap<string, PlaceMeaning>,
): PlaceNames {
  const byName = new Map<string, CategoryId>();
  for (const { id, name } of categories.values()) if (!byName.has(folded(name))) byName.set(folded(name), id);
  // An id is nobody else's.
  for (const id of categories.keys()) byName.set(folded(id), id);
  return { categories: byName, said: new Map([...said].map(([place, means]) => [foldedPath(place), means])) };
}

/** `said`: the folded path by which somebody gave the place its meaning; null: it has the name of the category. */
export type Meant =
  | {
      readonly type: 'one';
      readonly category: PlaceMeaning;
      readonly place: Place;
      readonly said: string | null;
    }
  | { readonly type: 'several' }
  | { readonly type: 'nothing' };

/** Labels stand beside each other: several that mean different things are no answer. */
export function meaningOf(places: readonly Place[], names: PlaceNames): Meant {
  const found = places.flatMap((place) => placeMeaning(place, names) ?? []);
  const [first, ...others] = found;
  if (first === undefined) return { type: 'nothing' };
  return others.every(({ category }) => category === first.category)
    ? { type: 'one', ...first }
    : { type: 'several' };
}

/** The innermost folder that means something, and of what was said the longest path. */
function placeMeaning(place: Place, { said, categories }: PlaceNames) {
  for (let end = place.length; end > 0; end -= 1) {
    for (let from = 0; from < end; from += 1) {
      const path = foldedPath(place.slice(from, end).join('/'));
      const means = said.get(path);
      if (means !== undefined) return { category: means, place, said: path };
    }
    const category = categories.get(folded(place[end - 1] ?? ''));
    if (category !== undefined) return { category, place, said: null };
  }
  return null;
}

/** As a person would call it. */
export const pathOf = (place: Place): string => place.join('/');

export const foldedPath = (path: string): string =>
  path
    .split('/')
    .map(folded)
    .filter((part) => part !== '')
    .join('/');

const folded = (name: string): string => fold(name.replace(/[-_.\s]+/gu, ' '));
