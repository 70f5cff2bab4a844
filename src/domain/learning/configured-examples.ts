/** What the configuration itself teaches: the phrases of each category, and its description. */
import type { CategoryId } from '../ids.ts';
import type { Category } from '../policy.ts';
import { contentOfText, type Example } from './example.ts';

export const configuredExamples = (categories: ReadonlyMap<CategoryId, Category>): Example[] =>
  [...categories.values()].flatMap(({ id, description, phrases }) =>
    [description, ...phrases]
      .filter((text) => text.trim() !== '')
      .map((text) => ({ content: contentOfText(text), category: id })),
  );
