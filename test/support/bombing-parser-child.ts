/**
 * The parser's child with mails that misbehave on order: a body of `bomb: cpu` and so on sets one off wherever the body
 * is read, `first: cpu` in the first parser alone, and `header: cpu` at the header, too.
 */
import { Buffer } from 'node:buffer';
import { answerTask } from '../../src/adapters/mime/answer-task.ts';
import { serveParser } from '../../src/adapters/mime/serve-parser.ts';

serveParser(async (task, options) => {
  const { rung } = options;
  const [, place, called] =
    /^(bomb|first|header): ([a-z]+)/m.exec(Buffer.from(task.raw).toString('latin1')) ?? [];
  const sets = place === 'header' || (place === 'bomb' ? rung !== 'header' : rung === 'first');
  const order = sets ? called : undefined;
  if (order === 'cpu') for (;;);
  if (order === 'memory') {
    const kept: Buffer[] = [];
    for (;;) {
      kept.push(Buffer.alloc(8 * 1024 * 1024, 1));
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  }
  if (order === 'crash') process.kill(process.pid, 'SIGSEGV');
  if (order === 'throw') throw new RangeError('thrown on order');
  if (order === 'hang') await new Promise(() => {});
  if (order === 'files') (await import('node:fs')).writeFileSync('/tmp/never', '');
  if (order === 'secrets') throw new Error(`secret ${process.env.BATON_TEST_SECRET ?? 'unknown'}`);
  return answerTask(task, options);
});
