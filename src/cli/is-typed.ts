/** Asks whoever sits at the terminal to type a word before something is done that cannot be undone. */
import { createInterface } from 'node:readline/promises';

/** Standard output stays free for the answer of the command. */
export async function isTyped(word: string, question: string): Promise<boolean> {
  const asking = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return (await asking.question(question)).trim() === word;
  } finally {
    asking.close();
  }
}
