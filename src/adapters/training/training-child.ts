/** The program that one training runs in: it takes the examples, learns, answers, and waits for its parent to end it. */
import type { Example } from '../../domain/learning/example.ts';
import { learn } from '../../domain/learning/learn.ts';
import type { HeldBack } from '../../domain/learning/training.ts';
import { watchParent } from '../mime/watch-parent.ts';
import type { FromTrainer, ToTrainer } from './training-messages.ts';

const examples: Example[] = [];
const heldBack: HeldBack[] = [];

process.on('disconnect', () => process.exit(0));
process.on('message', (message: ToTrainer) => {
  switch (message.type) {
    case 'examples':
      examples.push(...message.examples);
      return;
    case 'held-back':
      heldBack.push(...message.heldBack);
      return;
    case 'learn':
      send(answer(message));
      return;
    default:
      return message satisfies never;
  }
});
watchParent();

function answer({ present, seed, wrongAtMost }: ToTrainer & { type: 'learn' }): FromTrainer {
  try {
    return { type: 'learned', learned: learn({ examples, heldBack, present, seed, wrongAtMost }) };
  } catch (error) {
    // The words of an error may hold those of a mail.
    return { type: 'failed', why: error instanceof Error ? error.name : 'unknown error' };
  }
}

/** Not ended by itself: an exit may be heard of before what was said last. */
function send(message: FromTrainer): void {
  if (process.send === undefined || !process.connected) process.exit(0);
  process.send(message);
}
