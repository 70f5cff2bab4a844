/** What a configuration says that is allowed and hardly meant, and `baton check`, which tells it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { addCheck } from '../../src/cli/check.ts';
import { Finding } from '../../src/cli/exit.ts';
import { loadConfig } from '../../src/config/load.ts';
import { formatProblems } from '../../src/config/problems.ts';

const QUIET = `secret: ${'k'.repeat(32)}
defaults: { timeZone: Europe/Berlin }
inboxes:
  office:
    address: office@elm.example
    name: Elm
    imap: { host: 127.0.0.1, tls: none, user: office, password: p }
    smtp: { host: localhost, tls: none }
    triageLead: { weekly: [leah, dana], firstMonday: 2026-01-05 }
    finalManager: dana
members:
  leah: { name: Leah Stein, addresses: [leah@elm.example], digest: off }
  dana: { name: Dana Wolfe, addresses: [dana@elm.example], digest: "07:00" }
`;
const DOUBTFUL = QUIET.replace('2026-01-05', '2103-01-01')
  .replace('host: 127.0.0.1', 'host: imap.elm.example')
  .replace('host: localhost', 'host: relay')
  .replace('digest: off', 'digest: "07:00", weeklyReport: mon 9:00');

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'baton-warnings-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function warnings(text: string): string[] {
  const path = join(folder, 'baton.yaml');
  writeFileSync(path, text);
  const loaded = loadConfig(path, {});
  if (!loaded.ok) throw new Error(formatProblems(loaded.problems));
  return loaded.warnings.map((one) => formatProblems([{ ...one, file: 'baton.yaml' }]));
}

async function check(text: string) {
  const said = { stdout: '', stderr: '' };
  writeFileSync(join(folder, 'baton.yaml'), text);
  const spies = (['stdout', 'stderr'] as const).map((name) =>
    vi.spyOn(process[name], 'write').mockImplementation((chunk) => {
      said[name] += String(chunk);
      return true;
    }),
  );
  const program = new Command('baton').exitOverride();
  addCheck(program);
  try {
    await program.parseAsync(['check', '--config', join(folder, 'baton.yaml')], { from: 'user' });
    return { ...said, code: 0 };
  } catch (error) {
    if (!(error instanceof Finding)) throw error;
    return { ...said, code: error.exitCode };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}

describe('a configuration that is in force', () => {
  test('is told of what is hardly meant, each at its place, with what holds instead', () => {
    expect(warnings(DOUBTFUL)).toEqual([
      'baton.yaml:7:37 inboxes.office.imap.tls: mail and password cross the network to imap.elm.example in the clear. Write tls: implicit or tls: starttls, unless nobody else can listen between here and there.',
      'baton.yaml:8:26 inboxes.office.smtp.tls: mail crosses the network to relay in the clear. Write tls: implicit or tls: starttls, unless nobody else can listen between here and there.',
      'baton.yaml:9:41 inboxes.office.triageLead.firstMonday: this is more than a year ahead. Until then the same turns hold, counted back from that week. Check the year; a Monday that has passed is as good.',
      'baton.yaml:12:60 members.leah.digest: leah manages no inbox, and gets no daily digest. Name leah under managers of an inbox, or leave the line out.',
      'baton.yaml:12:77 members.leah.weeklyReport: leah manages no inbox, and gets no weekly report. Name leah under managers of an inbox, or leave the line out.',
    ]);
  });

  test('has no warning within its own host, for a rota that has begun and for a digest that is read', () => {
    expect(warnings(QUIET)).toEqual([]);
  });
});

describe('baton check', () => {
  test('says that a configuration is fine and counts what is in it, beside its warnings', async () => {
    const { stdout, stderr, code } = await check(DOUBTFUL);
    expect(code).toBe(0);
    expect(stdout).toBe(
      `${join(folder, 'baton.yaml')} is fine: 1 inbox, 2 members, 0 teams, 0 rules, 0 categories, the usual ladders, the embedded database, no Redis, no pages, no alarm when mail does not flow.\n`,
    );
    expect(stderr.match(/^WARNING: /gm)).toHaveLength(5);
    expect((await check(QUIET)).stderr).toBe('');
  });

  test('ends with the code for a wrong configuration, and says nothing is fine', async () => {
    const { stdout, code } = await check(QUIET.replace('finalManager: dana', 'finalManager: dan'));
    expect({ stdout, code }).toEqual({ stdout: '', code: 78 });
  });
});
