/** A process with a parser child of its own, to be killed by a test; `busy` keeps the child in a mail for ever. */
import { Buffer } from 'node:buffer';
import { ParserChild } from '../../src/adapters/mime/parser-child-process.ts';
import { DefaultLimits } from '../../src/adapters/mime/parser-pool.ts';

const busy = process.argv[2] === 'busy';
const child = new ParserChild(
  new URL('./bombing-parser-child.ts', import.meta.url),
  { ...DefaultLimits, cpuMsMax: 600_000 },
  { parsed: () => tell(), failed: () => {}, died: () => {} },
);
const tell = () => {
  if (busy) child.give({ id: 2, raw: Buffer.from('Subject: x\r\n\r\nbomb: cpu') });
  process.send?.({ pid: child.pid });
};
child.give({ id: 1, raw: Buffer.from('Subject: warm\r\n\r\nx') });
