/** Asks whoever sits at the terminal to type a word before something is done that cannot be undone. */
import { once } from 'node:events';
import { createInterface } from 'node:readline/promises';

/** Standard output stays free for the answer of the command. Whoever ends the input instead (Ctrl-D, Ctrl-C) has typed nothing. */
export async function isTyped(word: string, question: string): Promise<boolean> {
  const asking = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const ended = once(asking, 'close').then(() => '');
    const answered = asking.question(question).catch((error: unknown) => {
      if (error instanceof Error && error.name === 'AbortError') return '';
      throw error;
    });
    return (await Promise.race([answered, ended])).trim() === word;
  } finally {
    asking.close();
  }
}
