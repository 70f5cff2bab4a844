import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { sinkReader } from '../chaos/faults/received.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'baton-received-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const WHOLE = 'X-Rcpt-Args: <maria@tenant.example>\nMessage-ID: <one@office.example>\n\nHello\n\n';

test('a mail is read once, when it is whole, and one that goes while the folder is read is none', () => {
  const read = sinkReader(folder);
  writeFileSync(join(folder, 'mail.1'), WHOLE.slice(0, -2));
  symlinkSync(join(folder, 'nothing'), join(folder, 'mail.2'));
  expect(read()).toEqual([]);
  writeFileSync(join(folder, 'mail.1'), WHOLE);
  expect(read()).toMatchObject([{ messageId: 'one@office.example', envelopeTo: 'maria@tenant.example' }]);
  expect(read()).toEqual([]);
});
