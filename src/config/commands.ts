/** The key `commands`: the phrases that a team adds to each. What none of them may be is checked in spellings.ts. */
import * as z from 'zod';
import { type Verb, Verbs } from '../domain/command/command.ts';
import { checked } from './fields.ts';
import { isPhrase } from './values.ts';

const phrases = z
  .array(
    checked(isPhrase, 'this cannot be written as a command').describe(
      'Up to six words of letters and digits, 2 to 40 characters; case and accents do not matter.',
    ),
  )
  .optional()
  .describe('A list of phrases.');

const phrasesOfVerbs = Object.fromEntries(Verbs.map((verb) => [verb, phrases])) as Record<
  Verb,
  typeof phrases
>;

export const commands = z
  .strictObject({
    spellings: z
      .strictObject(phrasesOfVerbs)
      .prefault({})
      .describe(
        'Further phrases for commands, such as accept: [va bene]. Those of a command with a name, address, number or time end before it.',
      ),
  })
  .prefault({})
  .describe('What members may write: spellings.');
