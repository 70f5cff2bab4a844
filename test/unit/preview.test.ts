/** `baton preview`, as people and scripts call it. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { wouldAct } from '../../src/domain/command/parse.ts';
import { htmlAsText } from '../../src/domain/notices/check.ts';
import { Kinds } from '../../src/domain/notices/samples/kinds.ts';
import { baton } from '../support/processes.ts';

const EXAMPLE = fileURLToPath(new URL('../../config/baton.example.yaml', import.meta.url));
const ENV = { BATON_SECRET: 'k'.repeat(32), MAINTENANCE_PASSWORD: 'x', OFFICE_PASSWORD: 'x' };

const preview = (...args: string[]) => baton(['preview', ...args], ENV);
const spaced = (text: string): string => text.replaceAll('\u00a0', ' ');

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'baton-preview-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('the preview', () => {
  test('lists every kind of mail with a line of its own', async () => {
    const { code, stdout } = await preview();
    expect(code).toBe(0);
    for (const kind of Kinds) expect(stdout).toMatch(new RegExp(`^  ${kind} +to `, 'm'));
  });

  test('shows a mail as text with its subject, or as HTML', async () => {
    const text = await preview('offer');
    expect(spaced(text.stdout)).toMatch(
      /^Subject: #1042 Leak under kitchen sink, Maria Lopez\n\nCan you take this\? /,
    );
    const html = await preview('offer', '--html');
    expect(html.stdout).toMatch(/^<!doctype html><html lang="en">/);
    expect([text.code, html.code]).toEqual([0, 0]);
  });

  test('shows a variant, and writes into a file', async () => {
    const file = join(folder, 'receipt.txt');
    const { code, stdout } = await preview('receipt', 'not-understood-with-text', '--out', file);
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    expect(spaced(readFileSync(file, 'utf8'))).toContain('\n\nNOT SENT to Maria Lopez.');
  });

  test('writes every kind and variant, in which text and HTML say the same and no line acts', async () => {
    const { code } = await preview('--all', join(folder, 'all'));
    expect(code).toBe(0);
    const files = readdirSync(join(folder, 'all'));
    const read = (name: string) => readFileSync(join(folder, 'all', name), 'utf8');
    for (const kind of Kinds)
      expect(
        files.some((name) => name.startsWith(kind)),
        kind,
      ).toBe(true);
    for (const name of files.filter((file) => file.endsWith('.html'))) {
      const text = read(name.replace(/html$/, 'txt')).replace(/^Subject: .*\n\n/, '');
      const html = htmlAsText(read(name));
      expect(bare(html), name).toBe(bare(text));
      for (const line of [...text.split('\n'), ...html.split('\n')]) expect(wouldAct(line), line).toBe(false);
    }
  });

  test('takes names, numbers and wordings from a configuration, and the inbox that is asked for', async () => {
    const { stdout } = await preview('acknowledgement', '--config', EXAMPLE);
    expect(spaced(stdout)).toMatch(
      /\n\nHello,\n\n[\s\S]*Call 555-0100[\s\S]*Kind regards\nElm Property Management\n/,
    );
    const office = await preview('acknowledgement', '--config', EXAMPLE, '--inbox', 'office');
    expect(office.stdout).not.toContain('555-0100');
    const offer = await preview('offer', '--config', EXAMPLE);
    expect(spaced(offer.stdout)).toMatch(/A new request for you, Priya Nair\./);
  });

  test('begins a wording that can be used as it is', async () => {
    const { code, stdout } = await preview('acknowledgement', '--template');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^<!-- to the customer[\s\S]*\{\{inbox\}\}[\s\S]*-->\n\n\{\{confirmation\}\}\n\n/);
  });
});

describe('the preview ends', () => {
  test.each([
    [['ofer'], /Did you mean "offer"\?/],
    [['receipt', 'dona'], /Did you mean "done"\?/],
    [['help'], /Did you mean "npx baton preview receipt help"\? Known kinds/],
    [['offer', 'x'], /It has: passed-on, /],
    [['delay', 'x'], /It has only one\./],
    [['offer', '--html', '--text'], /cannot be used with/],
    [['offer', '--inbox', 'office'], /give --config as well/],
    [['offer', '--config', EXAMPLE, '--inbox', 'ofice'], /Did you mean "office"\?/],
    [['offer', '--sideways'], /unknown option/],
  ])('with 64 for %j, and says what was meant', async (args, told) => {
    const { code, stderr } = await preview(...args);
    expect(code).toBe(64);
    expect(stderr).toMatch(told);
  });

  test('with 78 for a configuration with problems', async () => {
    writeFileSync(join(folder, 'baton.yaml'), 'secret: short\n');
    const { code, stderr } = await preview('offer', '--config', join(folder, 'baton.yaml'));
    expect(code).toBe(78);
    expect(stderr).toContain('baton.yaml:1:1 secret: this is shorter than 32 characters');
  });

  test('with 1 where there is no HTML, nothing to word, or no place to write', async () => {
    for (const args of [
      ['customer-reply', '--html'],
      ['customer-reply', '--template'],
      ['offer', '-o', join(folder, 'a', 'b')],
    ]) {
      expect((await preview(...args)).code, args.join(' ')).toBe(1);
    }
  });
});

/** Bullets and bars of blank lines exist only in one of the two. */
const bare = (text: string): string => text.replace(/[\s│*-]+/g, '');
