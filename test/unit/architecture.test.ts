/** Reads the import lines of every source file: the direction of dependencies is a promise like any other. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** What each layer may import besides itself. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  'src/domain': [],
  'src/app': ['src/domain'],
  'src/adapters': ['src/domain', 'src/app'],
  'src/config': ['src/domain'],
  'src/runtime': ['src/domain', 'src/app', 'src/adapters', 'src/config'],
  workers: ['src/domain', 'src/app', 'src/runtime'],
  'src/cli': ['src/domain', 'src/app', 'src/adapters', 'src/config', 'src/runtime', 'workers'],
};

/** Which folder, or file, alone may know a library family. */
const LIBRARIES: readonly { readonly names: RegExp; readonly folders: readonly string[] }[] = [
  { names: /^imapflow$/, folders: ['src/adapters/imap'] },
  { names: /^(mailparser|postal-mime|html-to-text|libmime|ical\.js)$/, folders: ['src/adapters/mime'] },
  { names: /^mailauth$/, folders: ['src/adapters/auth'] },
  { names: /^nodemailer/, folders: ['src/adapters/smtp'] },
  { names: /^oauth4webapi$/, folders: ['src/adapters/oauth'] },
  { names: /^(pg|pg-copy-streams|@prisma\/.*|prisma)$/, folders: ['src/adapters/db', 'src/adapters/queue'] },
  { names: /^(bullmq|ioredis)$/, folders: ['src/adapters/queue'] },
  { names: /^pino$/, folders: ['src/adapters/log'] },
  { names: /^prom-client$/, folders: ['src/adapters/metrics'] },
  { names: /^(fastify|@fastify\/.*)$/, folders: ['src/adapters/web'] },
  { names: /^(zod|yaml)$/, folders: ['src/config'] },
  { names: /^date-holidays/, folders: ['src/config/public-holidays.ts'] },
  { names: /^commander$/, folders: ['src/cli'] },
  { names: /^(hoodiecrow-imap|smtp-server)$/, folders: ['src/runtime'] },
];

/** The only packages and built-ins that the pure core may use. */
const PURE = /^(temporal-polyfill|node:assert\/strict|node:crypto)$/;

type Import = { readonly file: string; readonly target: string; readonly path: string | null };

const files = ['src', 'workers'].flatMap(sources);
const imports = files.flatMap(importsOf);

describe('dependencies', () => {
  test('the architecture test reads the whole source', () => {
    expect(files.length).toBeGreaterThan(100);
    expect(imports.length).toBeGreaterThan(files.length);
  });

  test('point from the edges to the domain and never back', () => {
    const breaches = imports.filter(({ file, path }) => {
      const from = layerOf(file);
      const to = path === null ? null : layerOf(path);
      return to !== null && from !== to && !(MAY_IMPORT[from ?? ''] ?? []).includes(to);
    });
    expect(breaches.map(said)).toEqual([]);
  });

  test('keep each library family in the one adapter that knows it', () => {
    const breaches = imports.filter(({ file, target, path }) => {
      const family = path === null ? LIBRARIES.find(({ names }) => names.test(target)) : undefined;
      return family !== undefined && !family.folders.some((folder) => `${file}/`.startsWith(`${folder}/`));
    });
    expect(breaches.map(said)).toEqual([]);
  });

  test('leave the domain nothing that does input, output or chance', () => {
    const breaches = imports.filter(
      ({ file, target, path }) => layerOf(file) === 'src/domain' && path === null && !PURE.test(target),
    );
    expect(breaches.map(said)).toEqual([]);
  });

  test('leave clock, chance and environment outside of domain and use cases', () => {
    const impure = /\bDate\.now\(\)|\bnew Date\(\)|\bMath\.random\(\)|\bprocess\.|\bsetTimeout\(/;
    const breaches = files
      .filter((file) => /^src\/(domain|app)\//.test(file))
      .filter((file) => impure.test(readFileSync(join(ROOT, file), 'utf8')));
    expect(breaches).toEqual([]);
  });
});

test('the zone of a person is asked of the date or the instant, since people move', () => {
  const asks = files.filter((file) => !/^src\/domain\/work(ing-time|-pattern)\.ts$/.test(file));
  const breaches = asks.filter((file) =>
    /schedule\??\.timeZone/.test(readFileSync(join(ROOT, file), 'utf8')),
  );
  expect(breaches).toEqual([]);
});

describe('files', () => {
  test('stay under 400 lines, so that each is one thing', () => {
    const long = files.filter((file) => readFileSync(join(ROOT, file), 'utf8').split('\n').length > 400);
    expect(long).toEqual([]);
  });

  test('open with a comment that says what they are for', () => {
    const silent = files.filter((file) => !/^(#!.*\n)?\/\*\*/.test(readFileSync(join(ROOT, file), 'utf8')));
    expect(silent).toEqual([]);
  });
});

function sources(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(ts|mjs)$/.test(entry.name) && !entry.name.includes('.d.'))
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter((file) => !file.includes('/generated/'));
}

function importsOf(file: string): Import[] {
  const text = readFileSync(join(ROOT, file), 'utf8');
  const found = text.matchAll(
    /^\s*(?:import|export)\b[^;'"]*?from\s+['"]([^'"]+)['"]|\b(?:import|require\([^)]*\)|createRequire\([^)]*\))\(\s*['"]([^'"]+)['"]/gm,
  );
  return [...found].map((match) => {
    const target = match[1] ?? match[2] ?? '';
    const path = target.startsWith('.')
      ? relative(ROOT, resolve(ROOT, dirname(file), target))
          .split(sep)
          .join('/')
      : null;
    return { file, target, path };
  });
}

const layerOf = (path: string): string | null =>
  Object.keys(MAY_IMPORT).find((layer) => path.startsWith(`${layer}/`)) ?? null;

const said = ({ file, target }: Import): string => `${file} imports ${target}`;
