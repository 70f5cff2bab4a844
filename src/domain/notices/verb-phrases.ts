/** How a verb is said, for a reader who is to say it. */
import type { Verb } from '../command/command.ts';

/** Those that are said as they are called are not listed. */
const Phrases: Partial<Record<Verb, string>> = {
  handoff: 'handoff to',
  'help-from': 'help from',
  snooze: 'snooze until',
  mine: 'my requests',
  away: 'away until',
  'take-over': 'take over',
};

export const phraseOf = (verb: Verb): string => Phrases[verb] ?? verb;
