/** Questions to whoever sets Baton up. Behind it is a terminal, a pipe, or a file of answers. */
import type { Read } from '../../domain/first-hour/answers.ts';

export interface Asker {
  /** One answer, as it was typed. Throws Failure `no-more-answers` when there will be none. */
  ask(question: string, options?: { readonly hidden?: boolean }): Promise<string>;
  /** A paragraph, which is filled to the width. */
  say(text: string): void;
  /** A line that is shown as it is. */
  show(line: string): void;
  /** Runs something that takes a while, with a line that tells how far it is; whoever waits may press Enter to go on. */
  wait<Value>(
    line: (seconds: number) => string,
    work: (signal: AbortSignal) => Promise<Value>,
  ): Promise<Value>;
}

/** Asks until the answer can be read; what is in brackets counts when nothing is typed. */
export async function asked<Value>(
  asker: Asker,
  question: string,
  read: (typed: string) => Read<Value>,
  usual?: string,
): Promise<Value> {
  for (;;) {
    const typed = (
      await asker.ask(usual === undefined ? `${question}: ` : `${question} [${usual}]: `)
    ).trim();
    const answer = read(typed === '' && usual !== undefined ? usual : typed);
    if (answer.ok) return answer.value;
    asker.say(answer.wrong);
  }
}

/** One a line, until an empty one. */
export async function askedEach<Value>(
  asker: Asker,
  question: (number: number) => string,
  read: (typed: string, sofar: readonly Value[]) => Read<Value>,
  atLeast: number,
): Promise<readonly Value[]> {
  const values: Value[] = [];
  for (;;) {
    const typed = (await asker.ask(`${question(values.length + 1)}: `)).trim();
    if (typed === '' && values.length >= atLeast) return values;
    const answer = read(typed, values);
    if (answer.ok) values.push(answer.value);
    else asker.say(answer.wrong);
  }
}
