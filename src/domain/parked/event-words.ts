/** What happened to a mail that could not be read, in words: the same wherever it is told. */
import type { MemberId } from '../ids.ts';
import type { ParkedEvent } from './parked.ts';

export function parkedEventWords(event: ParkedEvent, nameOf: (member: MemberId) => string): string {
  switch (event.type) {
    case 'set-aside':
      return `could not be read (${event.code}): ${nameOf(event.to)} answers for it`;
    case 'moved':
      return `${nameOf(event.to)} answers for it: ${MOVED[event.why]}`;
    case 'reminded':
      return 'a reminder went out';
    case 'told':
      return event.to === event.by
        ? `${nameOf(event.to)} was told`
        : `${nameOf(event.by)} had ${nameOf(event.to)} told`;
    case 'not-reached':
      return `news of it did not reach ${nameOf(event.member)}`;
    case 'decided':
      return `${nameOf(event.by)} decided${event.where === 'at-the-server' ? ', at the server' : ''}: ${DECIDED[event.how]}`;
    default:
      return event satisfies never;
  }
}

const MOVED = {
  silent: 'nobody had decided in time',
  'not-reached': 'news of it did not arrive',
  away: 'who had it is away',
  left: 'who had it has left',
} as const;

const DECIDED = {
  request: 'it is a request',
  dismiss: 'it needs nothing',
  retry: 'it is read once more',
} as const;
