/** `baton explain` on the example configuration as it is shipped, without a password, a database or a network. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { baton } from '../support/processes.ts';

const EXAMPLE = join(import.meta.dirname, '../../config/baton.example.yaml');
const { BATON_SECRET: _, MAINTENANCE_PASSWORD: __, OFFICE_PASSWORD: ___, ...ENVIRONMENT } = process.env;

let root = '';
const file = (name: string) => join(root, name);
const mail = (to: string, subject: string) =>
  `From: Maria <maria@x.example>\r\nTo: ${to}\r\nSubject: ${subject}\r\nMessage-ID: <${subject.length}@x>\r\nDate: Fri, 20 Nov 2026 10:00:00 +0100\r\n\r\nHello\r\n`;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'baton-explain-'));
  await writeFile(file('leak.eml'), mail('maintenance@elm.example', 'Leak under kitchen sink'));
  await writeFile(file('stray.eml'), mail('tenants@lists.example', 'Leak'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

const explain = (...args: string[]) => baton(['explain', '--config', EXAMPLE, ...args], ENVIRONMENT);

test('a mail is explained as JSON: kind, category, rule, who is asked, until when, and why', async () => {
  const { code, stdout, stderr } = await explain('--json', '--at', '2026-11-23T10:00', file('leak.eml'));
  expect(JSON.parse(stdout)).toEqual({
    file: file('leak.eml'),
    kind: 'person',
    disposition: 'request',
    conversation: null,
    follows: null,
    category: 'repair',
    confidence: 1,
    rule: 'water',
    accountable: 'leah',
    offerTo: 'priya',
    // The ladder of what is urgent there: five minutes, ten more after she hears again, and no front desk.
    chain: ['priya', 'sam', 'luis'],
    acceptBy: '2026-11-23T15:15:00.000Z',
    trace: expect.arrayContaining([
      { step: 'rule', code: 'water', text: 'the subject has "leak" (rule "water")' },
      { step: 'database', code: 'no-database', text: expect.stringContaining('was not asked') },
    ]),
  });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
});

test('a mail is explained in words that a manager reads, and what cannot be read is said beside it', async () => {
  const { code, stdout } = await explain('--at', '2026-11-23T10:00', file('leak.eml'), file('none.eml'));
  expect(stdout).toContain('leak.eml, as of 23 Nov 2026, 10:00 (America/New_York)');
  expect(stdout).toContain('It would be a new request, about repair.');
  expect(stdout).toContain('Priya Nair is asked to take it, and has until 10:15 to accept.');
  expect(stdout).toContain('none.eml: there is no such file');
  expect(code).toBe(1);
});

test('a mail that names no inbox, a time that is none and an inbox that is unknown are wrong usage', async () => {
  const stray = await explain(file('stray.eml'));
  expect(stray).toMatchObject({ code: 64, stderr: expect.stringContaining('say with --inbox') });
  const named = await explain('--json', '--inbox', 'office', '--at', 'noon', file('stray.eml'));
  expect(named).toMatchObject({ code: 64, stderr: expect.stringContaining('"noon" is no date or time') });
  const unknown = await explain('--inbox', 'offise', file('stray.eml'));
  expect(unknown).toMatchObject({ code: 64, stderr: expect.stringContaining('office') });
});

test('a configuration with a mistake is told as such before any mail is explained', async () => {
  await writeFile(file('bad.yaml'), 'defaults: {}\n');
  const { code, stdout } = await baton(
    ['explain', '--config', file('bad.yaml'), file('leak.eml')],
    ENVIRONMENT,
  );
  expect({ code, stdout }).toEqual({ code: 78, stdout: '' });
});
