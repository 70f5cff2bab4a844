/** Cuts a finding down: pieces are left out, and bytes made plain, for as long as the same fault is found. */
import { Buffer } from 'node:buffer';

/** Whether this input still finds the fault. */
export type StillFinds = (input: Buffer) => Promise<boolean>;

export async function minimize(input: Buffer, stillFinds: StillFinds, triesMax = 400): Promise<Buffer> {
  let smallest = input;
  let tries = 0;
  const attempt = async (candidate: Buffer): Promise<boolean> => {
    tries += 1;
    if (!(await stillFinds(candidate))) return false;
    smallest = candidate;
    return true;
  };
  for (let size = Math.ceil(input.length / 2); size >= 1 && tries < triesMax; size = next(size)) {
    for (let from = 0; from < smallest.length && tries < triesMax; ) {
      const without = Buffer.concat([smallest.subarray(0, from), smallest.subarray(from + size)]);
      if (!(await attempt(without))) from += size;
    }
    if (size === 1) break;
  }
  for (let at = 0; at < smallest.length && tries < triesMax; at += 1) {
    if (smallest[at] === PLAIN || /[a-z0-9 \r\n]/i.test(String.fromCharCode(smallest[at] ?? 0))) continue;
    const plain = Buffer.from(smallest);
    plain[at] = PLAIN;
    await attempt(plain);
  }
  return smallest;
}

const PLAIN = 'a'.charCodeAt(0);
const next = (size: number): number => (size === 1 ? 0 : Math.ceil(size / 2));
