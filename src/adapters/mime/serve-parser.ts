/**
 * The child's side: takes mails from the parent one after the other and says which one it is on before it begins.
 * Ends with its parent: at once when idle, and by a watching thread when a mail keeps it busy.
 */
import { Buffer } from 'node:buffer';
import { writeSync } from 'node:fs';
import { frameOf, frameReader } from './frames.ts';
import type { ReadOptions } from './parse-mail.ts';
import {
  ANSWERS_FD,
  type Answer,
  bytesOf,
  type FromChild,
  type Task,
  type ToChild,
} from './parser-messages.ts';
import type { ReadLimits } from './read-limits.ts';
import { watchParent } from './watch-parent.ts';

/** Garbage of mails already answered would count against the next one's memory. */
const COLLECT_AFTER_BYTES = 16 * 1024 * 1024;
const ERROR_MAX = 300;

type AnswerTask = (task: Task, options: ReadOptions) => Promise<Answer>;

/** Serves until the parent closes its pipe. The limits of a mail are the program's one argument, as JSON. */
export function serveParser(answerTask: AnswerTask): void {
  const limits = process.argv[2] === undefined ? undefined : (JSON.parse(process.argv[2]) as ReadLimits);
  const waiting: ToChild[] = [];
  let busy = false;
  let bytesSince = 0;

  const work = async () => {
    if (busy) return;
    busy = true;
    let before: FromChild[] = [];
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const { id, task, rung } = next;
      // What was found out about the last one goes along, so that each mail costs one write.
      say([...before, { type: 'started', id, cpuMs: cpuMs() }]);
      before = [await answer(id, () => answerTask(task, { rung, ...(limits && { limits }) }))];
      bytesSince += bytesOf(task);
      if (bytesSince > COLLECT_AFTER_BYTES) {
        bytesSince = 0;
        globalThis.gc?.();
      }
    }
    say(before);
    busy = false;
  };
  const take = frameReader<ToChild>((message) => waiting.push(message));
  process.stdin.on('data', (chunk: Buffer) => {
    take(chunk);
    void work();
  });
  process.stdin.on('end', () => process.exit(0));
  process.stdin.on('error', () => process.exit(0));
  watchParent();
  say([{ type: 'ready' }]);
}

async function answer(id: number, work: () => Promise<Answer>): Promise<FromChild> {
  try {
    return { type: 'answered', id, answer: await work() };
  } catch (error) {
    const why = error instanceof Error ? `${error.name}: ${error.message}` : 'unknown error';
    return { type: 'failed', id, why: why.slice(0, ERROR_MAX) };
  }
}

function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

/** Returns once the messages are handed to the system; a parent that is gone ends the child. */
function say(messages: readonly FromChild[]): void {
  try {
    const bytes = Buffer.concat(messages.map(frameOf));
    for (let at = 0; at < bytes.length; ) at += writeSync(ANSWERS_FD, bytes, at);
  } catch {
    process.exit(0);
  }
}
