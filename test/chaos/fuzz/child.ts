/** The process in which inputs are read: it may be killed at any time (bounded.ts). */
import { Buffer } from 'node:buffer';
import type { Asked } from './bounded.ts';
import { type Coverage, watchCoverage } from './coverage.ts';
import { executeAll } from './execute.ts';
import { targetNamed } from './targets.ts';

let coverage: Coverage | null = null;

process.on('message', async ({ target, inputs, covering }: Asked) => {
  if (covering !== 'no') coverage ??= watchCoverage();
  const buffers = inputs.map((input) => Buffer.from(input.buffer, input.byteOffset, input.byteLength));
  process.send?.(await executeAll(targetNamed(target), buffers, coverage, covering));
});
process.on('disconnect', () => process.exit());
