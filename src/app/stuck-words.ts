/** What is wrong with a request, in so few words that they stand in a line of a list. */
import type { Why } from '../domain/digest/attention.ts';

export const stuckWords: Readonly<Record<Why, string>> = {
  'nobody-took': 'nobody took it',
  'member-unreached': 'a teammate gets no mail',
  'answer-late': 'answer late',
  unreached: 'customer gets no mail',
  held: 'an answer waits',
  parked: 'could not be read',
  'not-taken': 'not taken yet',
  overdue: 'date is over',
  silent: 'owner is silent',
  'handoff-open': 'handoff unanswered',
  'laid-aside': 'laid aside often',
};
