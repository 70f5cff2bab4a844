/** What `baton learn --drop` says: how many examples were taken away, or which places there are when none is meant. */
import type { LearnOutcome } from '../app/learn.ts';
import type { ArchivePlace } from '../app/ports/learning.ts';
import { amount, counted } from '../domain/learning/report-words.ts';
import { learnedAsJson, learnedLine } from './learn-words.ts';
import { safeLine } from './safe-text.ts';

/** `learned`: what came of learning without them. */
export type Dropped =
  | { readonly type: 'dropped'; readonly count: number; readonly learned: LearnOutcome }
  /** There is nothing to take away. `places`: of those that there are, the ones that could be meant. */
  | { readonly type: 'nothing' | 'several' | 'unconfirmed'; readonly places: readonly ArchivePlace[] };

const SHOWN_MAX = 30;

export function droppedInWords(dropped: Dropped): string {
  switch (dropped.type) {
    case 'dropped': {
      const { count, learned } = dropped;
      return `Taken away: ${counted(count, 'example')}. ${learned.type === 'too-few' ? 'Too little is left to learn from; the model that was made with them stays.' : learnedLine(learned)}\n`;
    }
    case 'nothing':
      return dropped.places.length === 0
        ? 'No archive brought anything.\n'
        : `No archive brought anything from there. There is:\n${placeLines(dropped.places)}`;
    case 'several':
      return `Nothing was taken away, since several places end like this. Say one of them as it stands here:\n${placeLines(dropped.places)}`;
    case 'unconfirmed':
      return `${allInWords(dropped.places)}Nothing was taken away: say --yes for all of it, or name one place.\n`;
    default:
      return dropped satisfies never;
  }
}

/** What goes when everything goes. */
export const allInWords = (places: readonly ArchivePlace[]): string =>
  `All that archives brought would be taken away, ${counted(sumOf(places), 'example')}:\n${placeLines(places)}`;

const sumOf = (places: readonly ArchivePlace[]): number =>
  places.reduce((sum, { examples }) => sum + examples, 0);

function placeLines(places: readonly ArchivePlace[]): string {
  const more = places.length - SHOWN_MAX;
  const width = Math.max(...places.map(({ examples }) => amount(examples).length));
  const lines = places
    .slice(0, SHOWN_MAX)
    .map(({ place, examples }) => `  ${amount(examples).padStart(width)}  ${safeLine(place)}`);
  return [...lines, ...(more > 0 ? [`  and ${counted(more, 'other place')}`] : []), ''].join('\n');
}

export const droppedAsJson = (dropped: Dropped): object =>
  dropped.type === 'dropped'
    ? { dropped: dropped.count, ...learnedAsJson(dropped.learned) }
    : { dropped: 0, why: dropped.type, places: dropped.places };
