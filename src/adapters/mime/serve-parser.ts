/**
 * The child's side: takes mails from the parent one after the other and says which one it is on before it begins.
 * Ends with its parent: at once when idle, and by a watching thread when a mail keeps it busy.
 */
import type { ReadOptions } from './parse-mail.ts';
import { type Answer, bytesOf, type FromChild, type Task, type ToChild } from './parser-messages.ts';
import type { ReadLimits } from './read-limits.ts';
import { watchParent } from './watch-parent.ts';

/** Garbage of mails already answered would count against the next one's memory. */
const COLLECT_AFTER_BYTES = 16 * 1024 * 1024;
const ERROR_MAX = 300;

type AnswerTask = (task: Task, options: ReadOptions) => Promise<Answer>;

/** Serves until the channel to the parent closes. The limits of a mail are the program's one argument, as JSON. */
export function serveParser(answerTask: AnswerTask): void {
  const limits = process.argv[2] === undefined ? undefined : (JSON.parse(process.argv[2]) as ReadLimits);
  const waiting: ToChild[] = [];
  let busy = false;
  let bytesSince = 0;

  const work = async () => {
    if (busy) return;
    busy = true;
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      await answer(next, (task) => answerTask(task, { rung: next.rung, ...(limits && { limits }) }));
      bytesSince += bytesOf(next.task);
      if (bytesSince > COLLECT_AFTER_BYTES) {
        bytesSince = 0;
        globalThis.gc?.();
      }
    }
    busy = false;
  };
  process.on('disconnect', () => process.exit(0));
  process.on('message', (message: ToChild) => {
    waiting.push(message);
    void work();
  });
  watchParent();
  void send({ type: 'ready' });
}

async function answer({ id, task }: ToChild, answerTask: (task: Task) => Promise<Answer>): Promise<void> {
  const { user, system } = process.cpuUsage();
  await send({ type: 'started', id, cpuMs: (user + system) / 1_000 });
  try {
    await send({ type: 'answered', id, answer: await answerTask(task) });
  } catch (error) {
    const why = error instanceof Error ? `${error.name}: ${error.message}` : 'unknown error';
    await send({ type: 'failed', id, why: why.slice(0, ERROR_MAX) });
  }
}

/** Resolves once the message is handed to the system; a parent that is gone ends the child. */
const send = (message: FromChild): Promise<void> =>
  new Promise((resolve) => {
    if (process.send === undefined || !process.connected) process.exit(0);
    process.send(message, undefined, undefined, (error) => (error === null ? resolve() : process.exit(0)));
  });
