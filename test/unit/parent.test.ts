/** What notices that whoever started a process is gone, as npm's shell goes at a signal. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';

const PARENT = new URL('../../src/runtime/parent.mjs', import.meta.url);
const CHILD = `
import(${JSON.stringify(PARENT.href)}).then(({ whenOrphaned }) => {
  whenOrphaned(() => { console.log('alone'); process.exit(); });
  console.log('up');
  setInterval(() => {}, 60_000);
});`;

test('a process hears once that the shell which started it is gone, and not before', async () => {
  // Another command behind it keeps the shell from becoming the process.
  const shell = spawn('/bin/sh', ['-c', '"$0" -e "$1"; :', process.execPath, CHILD], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  shell.stdout.on('data', (bytes: Buffer) => {
    said += bytes.toString();
  });
  await once(shell.stdout, 'data');
  expect(said).toBe('up\n');
  shell.kill('SIGTERM');
  await once(shell.stdout, 'end');
  expect(said).toBe('up\nalone\n');
});
