import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { jsonSchemaText, SCHEMA_FILE } from '../../src/config/json-schema.ts';
import { type Loaded, loadConfig } from '../../src/config/load.ts';
import { formatProblems } from '../../src/config/problems.ts';
import type { Config } from '../../src/config/schema.ts';
import { readSource } from '../../src/config/source.ts';
import { DAY, HOUR, MINUTE } from '../../src/domain/instant.ts';

const EXAMPLE = fileURLToPath(new URL('../../config/baton.example.yaml', import.meta.url));
const ENV = { BATON_SECRET: 'k'.repeat(32), MAINTENANCE_PASSWORD: 'one', OFFICE_PASSWORD: 'two' };

const MINIMAL = `
secret: ${'k'.repeat(32)}
defaults: {timeZone: UTC}
inboxes:
  office:
    address: Office@Elm.example
    name: Elm
    imap: {host: imap.elm.example, user: 0123, password: 0456}
    smtp: {host: smtp.elm.example}
    triageLead: leah
    finalManager: leah
members:
  leah: {name: Leah, addresses: [Leah@Elm.example]}
`;

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'baton-config-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function load(text: string | Uint8Array, env: Record<string, string> = {}): Loaded {
  const path = join(folder, 'baton.yaml');
  writeFileSync(path, text);
  return loadConfig(path, env);
}

function good(loaded: Loaded): Config {
  if (!loaded.ok) throw new Error(formatProblems(loaded.problems));
  return loaded.config;
}

const told = (loaded: Loaded): string => (loaded.ok ? 'accepted' : formatProblems(loaded.problems));

describe('the example', () => {
  test('loads without problems when its environment variables are set', () => {
    expect(good(loadConfig(EXAMPLE, ENV)).inboxes.maintenance?.imap.password).toBe('one');
  });

  test('names nothing but environment variables as its secrets', () => {
    const problems = told(loadConfig(EXAMPLE, {})).split('\n');
    expect(problems).toHaveLength(5);
    expect(problems.every((problem) => problem.includes('the environment variable'))).toBe(true);
  });

  test('states the defaults as they are: without those lines it means the same', () => {
    const text = readFileSync(EXAMPLE, 'utf8');
    const cut = text.replace(/^clocks:[\s\S]*$/m, '').replace(/^ {4}folders:\n(?: {6}.*\n)+/m, '');
    expect(cut).not.toMatch(/sent:|tokenLife:|memoryMb:/);
    const { data: _, notices: __, wordings: ___, ...rest } = good(loadConfig(EXAMPLE, ENV));
    expect(good(load(cut, ENV))).toMatchObject(rest);
  });
});

describe('the JSON Schema', () => {
  test('in config/ is the one the zod schema makes; renew it with node src/config/json-schema.ts --write', () => {
    expect(readFileSync(SCHEMA_FILE, 'utf8')).toBe(jsonSchemaText());
  });
});

describe('what may be left out', () => {
  test('is filled in: ports, folders, words, clocks and limits', () => {
    const config = good(load(MINIMAL));
    expect(config.inboxes.office).toMatchObject({
      address: 'office@elm.example',
      customers: 'customer',
      frontDesk: 'the front desk',
      imap: { port: 993, tls: 'implicit' },
      smtp: { port: 465, tls: 'implicit' },
      folders: { inbox: 'INBOX', sent: ['Sent'] },
      authentication: { mode: 'own-check', trustedHosts: [] },
    });
    expect(config.clocks).toEqual({
      accept: { normal: 45 * MINUTE, urgent: 10 * MINUTE },
      handoff: { normal: 2 * HOUR, urgent: 10 * MINUTE },
      answer: { normal: 4 * HOUR, urgent: HOUR },
      answerWarning: { normal: 30 * MINUTE, urgent: 15 * MINUTE },
      progress: { normal: 16 * HOUR, urgent: 2 * HOUR },
      help: 8 * HOUR,
      parked: 4 * HOUR,
      lastPersonReminder: 4 * HOUR,
      reopenWithin: 30 * DAY,
      tokenLife: 90 * DAY,
    });
    expect(config.limits).toEqual({
      messageMaxBytes: 25 * 1_048_576,
      batchMessagesMax: 50,
      parse: {
        cpuSeconds: 5,
        memoryMb: 256,
        headerKb: 1_024,
        addresses: 1_000,
        parts: 1_000,
        nesting: 100,
        attachments: 500,
        textKb: 1_024,
        htmlMb: 16,
        containerMb: 16,
        calendarKb: 1_024,
      },
    });
    expect(config.defaults.hours.map((day) => day.length)).toEqual([1, 1, 1, 1, 1, 0, 0]);
  });

  test('follows the kind of encryption where it is a port', () => {
    const text = MINIMAL.replace('imap: {', 'imap: {tls: starttls, ').replace(
      'smtp: {',
      'smtp: {tls: none, ',
    );
    const office = good(load(text)).inboxes.office;
    expect([office?.imap.port, office?.smtp.port]).toEqual([143, 25]);
  });

  test('may also stand there as a key without a value', () => {
    expect(good(load(`${MINIMAL}teams:\nrules:\ndatabase:\n  url:\n`)).teams).toEqual({});
  });
});

describe('secrets', () => {
  test('of digits keep their leading zeros', () => {
    expect(good(load(MINIMAL)).inboxes.office?.imap).toMatchObject({ user: '0123', password: '0456' });
  });

  test('come from environment variables, alone or inside a text, and $${ is a plain ${', () => {
    const text = `${MINIMAL.replace('name: Elm', () => `name: "a $\${B} c"`)}database: {url: "postgres://u:\${PW}@h/d"}\n`;
    const config = good(load(text, { PW: 'p$&w' }));
    expect(config.database.url).toBe('postgres://u:p$&w@h/d');
    expect(config.inboxes.office?.name).toBe(`a \${B} c`);
  });

  test('come from files beside the configuration, without the line break at the end', () => {
    writeFileSync(join(folder, 'pw'), 'from the file\r\n');
    const config = good(load(MINIMAL.replace('0456', '{file: pw}')));
    expect(config.inboxes.office?.imap.password).toBe('from the file');
  });

  test('in an empty file are as good as none', () => {
    writeFileSync(join(folder, 'pw'), '\n');
    expect(told(load(MINIMAL.replace('0456', '{file: pw}')))).toContain(
      'imap.password: the file of this secret is empty',
    );
  });

  test('are not shown when they are put in places that other problems quote', () => {
    const SHY = 'qwertyuiop';
    const places: [string, string][] = [
      ['triageLead: leah', 'triageLead: "$"'],
      ['finalManager: leah', 'finalManager: {$: 1}'],
      ['{timeZone: UTC}', '{timeZone: "$", hours: {mon: "$"}}'],
      ['name: Leah,', 'name: Leah, backup: "$", holidays: ["$"], absences: [{from: "$", until: "$"}],'],
      ['smtp: {', 'smtp: {tls: "$", port: "$", '],
      [
        'members:',
        'rules: [{id: "$", inboxes: "$", when: {header: {X: "$"}}, category: c, assign: "team: $"}]\nmembers:',
      ],
    ];
    for (const [found, put] of places) {
      const text = MINIMAL.replace(
        found,
        put.replaceAll('$', () => `\${SHY}`),
      );
      expect(text).not.toBe(MINIMAL);
      const answer = told(load(text, { SHY }));
      expect(answer).not.toBe('accepted');
      expect(answer).not.toContain(SHY);
    }
  });

  test('are not quoted even when somebody asks, while other values are as they stand in the file', () => {
    const source = readSource(`secret: hunter2\ndata: \${D}\n`, 'baton.yaml', { D: 'x' }, () => ({
      ok: false,
      why: '',
    }));
    expect([source.quote(['secret']), source.quote(['data'])]).toEqual(['this value', `"\${D}"`]);
  });

  test('are not shown when the YAML around them is broken', () => {
    for (const secret of [
      '*hunter2',
      '!hunter2',
      '@hunter2',
      '"x" hunter2',
      '{hunter2',
      '[hunter2',
      'a: hunter2',
      '"\\hunter2"',
      '&hunter2',
      '%hunter2',
      '|hunter2',
      '{hunter2: 1, hunter2: 2}',
    ]) {
      const answer = told(
        load(
          MINIMAL.replace(
            '{host: imap.elm.example, user: 0123, password: 0456}',
            `\n      host: h\n      user: u\n      password: ${secret}`,
          ),
        ),
      );
      expect(answer, secret).not.toBe('accepted');
      expect(answer, secret).not.toContain('hunter2');
    }
  });
});

describe('a file that cannot be read', () => {
  test('and does not exist is one problem that says how to get one', () => {
    const path = join(folder, 'none.yaml');
    expect(told(loadConfig(path, {}))).toBe(
      `${path}: the configuration does not exist. Check the path. Begin with "npx baton init", which asks for what it needs, or with a copy of config/baton.example.yaml, which says what each line is for.`,
    );
  });

  test('because it is a folder, a device, no UTF-8 or far too large is one problem too', () => {
    symlinkSync('/dev/zero', join(folder, 'zero.yaml'));
    expect(told(loadConfig(folder, {}))).toContain('is not a regular file');
    expect(told(loadConfig(join(folder, 'zero.yaml'), {}))).toContain('is not a regular file');
    expect(told(load(new Uint8Array([0xff, 0xfe, 0x61, 0x00])))).toContain('is not UTF-8 text');
    expect(told(load('#'.repeat(1_048_577)))).toContain('is larger than 1048576 bytes');
  });
});

describe('odd but harmless files', () => {
  test('with a byte order mark and Windows line ends are read', () => {
    expect(good(load(`\uFEFF${MINIMAL.replaceAll('\n', '\r\n')}`)).members.leah?.name).toBe('Leah');
  });

  test('may share a part with an anchor', () => {
    const text = MINIMAL.replace('{timeZone: UTC}', '{timeZone: UTC, hours: &h {sat: 10:00-12:00}}');
    expect(
      good(load(text.replace('name: Leah,', 'name: Leah, hours: *h,'))).members.leah?.hours?.[5],
    ).toHaveLength(1);
  });

  test('that nest a hundred thousand brackets are refused without harm', () => {
    expect(told(load('['.repeat(100_000)))).not.toBe('accepted');
    expect(told(load(`${'a: {'.repeat(50)}${'}'.repeat(50)}`))).toContain('nests deeper than 20 levels');
  });
});

test('the folder of the embedded database begins at the folder of the file', () => {
  expect(good(load(`${MINIMAL}data: there\n`)).data).toBe(join(folder, 'there'));
});
