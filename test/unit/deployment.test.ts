/** What docker-compose.yml, the Dockerfile and their examples say is true of this repository: Docker itself is not run. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { WorkerKinds } from '../../workers/all.ts';

const ROOT = join(import.meta.dirname, '../..');
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

type Service = {
  readonly image: string;
  readonly command?: readonly string[];
  readonly restart?: string;
  readonly env_file?: string;
  readonly depends_on?: Record<string, { readonly condition: string }>;
  readonly healthcheck?: { readonly test: readonly string[]; readonly interval: string };
};

const compose: { services: Record<string, Service> } = parse(read('docker-compose.yml'), { merge: true });
const services = Object.entries(compose.services);
const dockerfile = read('Dockerfile');

describe('docker-compose.yml', () => {
  test('runs every kind of worker as a service of that name, with a health check of its own', () => {
    for (const kind of WorkerKinds) {
      const { command, healthcheck, restart } = compose.services[kind] ?? {};
      expect(command, kind).toEqual(['start', kind]);
      expect(healthcheck).toMatchObject({ test: ['CMD', 'baton', 'health', kind], interval: '60s' });
      expect(restart).toBe('unless-stopped');
    }
  });

  test('gives the image no command that Baton does not have', () => {
    const known = new Set(
      [...read('src/cli/main.ts').matchAll(/import\('\.\/(\w+)\.ts'\)/g)].flatMap(
        ([, file]) => /\.command\('(\w+)'\)/.exec(read(`src/cli/${file}.ts`))?.[1] ?? [],
      ),
    );
    const commands = services
      .filter(([, { image }]) => image === 'baton')
      .map(([, { command }]) => command?.[0]);
    expect(commands).toHaveLength(WorkerKinds.length + 2);
    for (const command of commands) expect(known).toContain(command);
  });

  test('waits for nothing that is not there, and the workers for the schema', () => {
    for (const [name, { depends_on = {} }] of services) {
      for (const [other, { condition }] of Object.entries(depends_on)) {
        expect(compose.services, `${name} waits for ${other}`).toHaveProperty(other);
        if (condition === 'service_healthy') expect(compose.services[other]).toHaveProperty('healthcheck');
      }
    }
    for (const kind of WorkerKinds) {
      expect(compose.services[kind]?.depends_on?.migrate?.condition).toBe('service_completed_successfully');
    }
  });

  test('lets Redis keep a log and drop nothing', () => {
    expect(compose.services.redis?.command?.join(' ')).toBe(
      'redis-server --appendonly yes --maxmemory-policy noeviction',
    );
  });

  test('names every secret that it and the example configuration need in the example of its env file', () => {
    const named = (text: string) => [...text.matchAll(/\$\{(\w+)/g)].map(([, name]) => name);
    const needed = new Set([
      ...named(read('docker-compose.yml')),
      ...named(read('config/baton.example.yaml')),
    ]);
    const given = new Set(
      [...read('config/compose.env.example').matchAll(/^(\w+)=/gm)].map(([, name]) => name),
    );
    // Compose makes the first two itself; the third is the example's own example.
    for (const name of ['DATABASE_URL', 'REDIS_URL', 'NAME']) expect(needed.delete(name)).toBe(true);
    expect([...needed].filter((name) => !given.has(name))).toEqual([]);
    expect(read('.gitignore').split('\n')).toContain('.env');
  });
});

describe('the image', () => {
  test('is built from files that exist and that Docker is given', () => {
    const given = read('.dockerignore')
      .split('\n')
      .flatMap((line) => (line.startsWith('!') ? [line.slice(1)] : []));
    for (const path of given) expect(existsSync(join(ROOT, path)), path).toBe(true);
    const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.*) \S+$/gm)].flatMap(([, paths]) =>
      (paths ?? '').split(' '),
    );
    for (const path of copied.filter((one) => one !== '.')) expect(given, path).toContain(path);
    const tracked = ['package.json', 'package-lock.json', 'src', 'workers', 'prisma', 'tsconfig.build.json'];
    for (const path of tracked) expect(given).toContain(path);
  });

  test('runs as nobody in particular on the Node that Baton wants', () => {
    expect([...dockerfile.matchAll(/^FROM (\S+)/gm)].map(([, image]) => image)).toEqual(
      Array(3).fill('node:24-slim'),
    );
    expect(dockerfile.slice(dockerfile.lastIndexOf('FROM'))).toMatch(/^USER node$/m);
  });
});
