/** Stands in for the process of fuzzing (test/chaos/fuzz/child.ts): what it is given it reads, or hangs, or grows. */
import { Buffer } from 'node:buffer';

process.on('message', ({ inputs }: { inputs: readonly Uint8Array[] }) => {
  for (const input of inputs) {
    const word = Buffer.from(input).toString('latin1');
    if (word === 'hang') for (;;);
    if (word === 'fill') {
      const all = Buffer.alloc(800 * 1024 * 1024, 1);
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, all.length);
    }
  }
  process.send?.({ faults: [], fresh: [], slowest: { ms: 0, bytes: 0 } });
});
process.on('disconnect', () => process.exit());
