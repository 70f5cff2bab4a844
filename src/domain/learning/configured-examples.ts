/** What the configuration says of each category, as examples: all there is before anybody has decided anything. */
import type { Policy } from '../policy.ts';
import { contentOfText, type Example } from './example.ts';

export const configuredExamples = ({ categories }: Policy): readonly Example[] =>
  [...categories.values()].flatMap(({ id, name, description, phrases }) => {
    const said = description.trim() === '' ? name : `${name}: ${description}`;
    return [said, ...phrases].map((text) => ({ content: contentOfText(text), category: id }));
  });
