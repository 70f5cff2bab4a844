/** A process with a parser child of its own, to be killed by a test; `busy` keeps the child in a mail for ever. */
import { Buffer } from 'node:buffer';
import { ParserChild } from '../../src/adapters/mime/parser-child-process.ts';
import { DefaultLimits } from '../../src/adapters/mime/parser-pool.ts';

const busy = process.argv[2] === 'busy';
const child = new ParserChild(
  new URL('./bombing-parser-child.ts', import.meta.url),
  { ...DefaultLimits, cpuMsMax: 600_000 },
  { answered: () => tell(), failed: () => {}, died: () => {} },
);
const task = (id: number, body: string) => ({
  id,
  task: { kind: 'mail' as const, raw: Buffer.from(`Subject: x\r\n\r\n${body}`) },
  rung: 'first' as const,
});
const tell = () => {
  if (busy) child.give(task(2, 'bomb: cpu'));
  process.send?.({ pid: child.pid });
};
child.give(task(1, 'x'));
