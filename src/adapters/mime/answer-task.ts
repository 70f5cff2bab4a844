/** Answers one question about one mail, in this process. Not bounded in time: the pool runs it where it can be killed. */
import { parseInProcess, type ReadOptions, readFilesInProcess, replyInProcess } from './parse-mail.ts';
import type { Answer, Task } from './parser-messages.ts';

export async function answerTask(task: Task, options: ReadOptions = {}): Promise<Answer> {
  switch (task.kind) {
    case 'mail':
      return { kind: 'mail', mail: await parseInProcess(task.raw, options) };
    case 'reply':
      return { kind: 'reply', reply: await replyInProcess(task.raw, task.sent, options) };
    case 'files':
      return { kind: 'files', ...(await readFilesInProcess(task.raw, task.bytesMax, options)) };
    default:
      return task satisfies never;
  }
}
