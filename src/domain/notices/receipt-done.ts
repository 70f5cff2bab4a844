/** Receipts for commands that were carried out: one entry per verb. */

import { deskList } from './desk-list.ts';
import type { Block } from './doc.ts';
import { away, back, ready, status } from './receipt-desk.ts';
import { helpBlocks } from './receipt-help.ts';
import type { After, Done } from './receipt-kinds.ts';
import { categorised, declined, finished, handedOver, openAgain, yours } from './receipt-ownership.ts';
import {
  becameRequest,
  forSomebody,
  isSpam,
  joinedTo,
  putAside,
  splitOff,
  tryAgain,
} from './receipt-reshaped.ts';
import { takenOver } from './receipt-take-over.ts';
import { due, snoozed } from './receipt-times.ts';
import { add, answered, asked, asksOutside, helper, kept, reminded } from './receipt-writing.ts';
import type { Scene } from './scene.ts';

export function done(scene: Scene, after: After, result: Done): readonly Block[] {
  switch (result.verb) {
    case 'accept':
    case 'take':
      return yours(scene, after, result);
    case 'decline':
      return declined(scene, after, result);
    case 'category':
      return categorised(scene, after, result);
    case 'handoff':
      return handedOver(scene, after, result);
    case 'help-from':
      return result.at === undefined ? helper(scene, result) : asked(scene, result);
    case 'ask':
      return asksOutside(scene, result);
    case 'reply':
    case 'send':
    case 'release':
      return answered(scene, result);
    case 'note':
      return kept(scene, result);
    case 'done':
      return finished(scene, after, result);
    case 'reopen':
      return openAgain(scene, after);
    case 'snooze':
      return snoozed(scene, result);
    case 'due':
      return due(scene, result);
    case 'remind':
      return reminded(scene, result);
    case 'add':
      return add(scene, result);
    case 'split':
      return splitOff(scene, result);
    case 'merge':
      return joinedTo(result);
    case 'for':
      return forSomebody(scene, result);
    case 'spam':
      return isSpam(scene);
    case 'dismiss':
      return putAside(scene);
    case 'retry':
      return tryAgain(scene);
    case 'request':
    case 'new':
      return becameRequest(scene, result);
    case 'status':
      return status(scene, after);
    case 'mine':
      return deskList(scene);
    case 'away':
      return away(scene, result);
    case 'back':
      return back(scene, result);
    case 'take-over':
      return takenOver(scene, result);
    case 'ready':
      return ready(scene);
    case 'help':
      return helpBlocks(scene);
    default:
      return result.verb satisfies never;
  }
}

/** Those whose text says whose the request is, or to whom it does not matter. */
const SaysWhose: ReadonlySet<Done['verb']> = new Set<Done['verb']>([
  'accept',
  'take',
  'decline',
  'category',
  'handoff',
  'done',
  'reopen',
  'spam',
  'merge',
  'new',
  'request',
  'status',
  'mine',
  'away',
  'back',
  'take-over',
  'ready',
  'dismiss',
  'retry',
]);

export const doneTellsWhose = ({ verb }: Done): boolean => SaysWhose.has(verb);
