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

test('two members of one name are told, unless an alias says who is meant', () => {
  const two = QUIET.replace('Dana Wolfe', 'léah  stein');
  expect(warnings(two)).toEqual([
    'baton.yaml:13:11 members.dana.name: leah has the same name, and colleagues can name neither by it. Add an initial or a second name, or give both an alias that colleagues type.',
  ]);
  const aliased = two
    .replace('{ name: Leah Stein', '{ aliases: [leah s], name: Leah Stein')
    .replace('{ name: léah', '{ aliases: [leah t], name: léah');
  expect(warnings(aliased)).toEqual([]);
});

describe('categories that are configured', () => {
  const CATEGORIES = `${QUIET}categories:
  appointment: { name: Visits, assign: leah, description: Somebody wants to see a flat. }
  lease: { assign: dana, phrases: [I would like to move out] }
`;
  const ruled = (category: string) =>
    warnings(`${CATEGORIES}rules:\n  - { id: r, when: { subject: visit }, category: ${category} }\n`);

  test.each([
    ['appointmnt', 'appointment'],
    ['Appointments', 'appointment'],
    ['Visits', 'appointment'],
    ['visit', 'appointment'],
    ['Lease', 'lease'],
  ])('are hardly meant by a rule that says %s, and it is told which is', (typed, meant) => {
    expect(ruled(typed)).toEqual([
      `baton.yaml:18:40 rules[0].category: "${typed}" is none of the categories, and nearly one. Did you mean "${meant}"? A rule names a category by its id.`,
    ]);
  });

  test.each(['appointment', 'lease', 'leak', 'viewing', 'rent'])(
    'leave a rule alone that says %s',
    (category) => {
      expect(ruled(category)).toEqual([]);
    },
  );

  test('are told when they are one, and when nothing is said of them, unless nothing is to be learned', () => {
    const bare = `${QUIET}categories:\n  lease: { assign: dana }\n`;
    expect(warnings(bare)).toEqual([
      'baton.yaml:14:1 categories: there is only one, and nothing to tell it apart from. Describe the other kinds of request as well; until then nothing is learned.',
      'baton.yaml:15:3 categories.lease: nothing but its name tells it apart until there is mail. Write a description, or phrases that customers would use.',
    ]);
    expect(warnings(`${bare}learning: { mode: off }\n`)).toEqual([]);
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
