/**
 * What docker-compose.yml, the Dockerfile, the systemd units and their examples say is true of this repository: neither
 * Docker nor systemd is run.
 */
import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { FlowKinds } from '../../src/app/health.ts';
import { WorkerKinds } from '../../workers/all.ts';

const ROOT = join(import.meta.dirname, '../..');
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

type Service = {
  readonly image: string;
  readonly command?: readonly string[];
  readonly entrypoint?: readonly string[];
  readonly profiles?: readonly string[];
  readonly restart?: string;
  readonly ports?: readonly string[];
  readonly mem_limit?: string;
  readonly logging?: { readonly options: Record<string, string> };
  readonly environment?: Record<string, string>;
  readonly depends_on?: Record<string, { readonly condition: string }>;
  readonly healthcheck?: { readonly test: readonly string[] };
};

const compose: { services: Record<string, Service> } = parse(read('docker-compose.yml'), { merge: true });
const services = Object.entries(compose.services);
const dockerfile = read('Dockerfile');
/** Those that `docker compose up` starts and that stay. */
const lasting = services.filter(([, { restart }]) => restart === 'unless-stopped');

describe('docker-compose.yml', () => {
  test('runs every kind of worker as a service of that name, which says whether its step moves', () => {
    for (const kind of new Set([...FlowKinds, ...WorkerKinds])) {
      const { command, healthcheck, restart, environment } = compose.services[kind] ?? {};
      expect(command, kind).toEqual(['start', kind]);
      expect(healthcheck?.test, kind).toEqual(['CMD', 'probe']);
      expect(environment?.BATON_OBSERVE).toBe('0.0.0.0:9464');
      expect(restart).toBe('unless-stopped');
    }
  });

  test('gives the image no command that Baton does not have', () => {
    const known = new Set(
      [...read('src/cli/main.ts').matchAll(/import\('\.\/([\w-]+)\.ts'\)/g)].flatMap(
        ([, file]) => /\.command\('(\w+)'\)/.exec(read(`src/cli/${file}.ts`))?.[1] ?? [],
      ),
    );
    const ofBaton = services.filter(([, { image }]) => image === 'baton');
    expect(ofBaton.length).toBeGreaterThan(FlowKinds.length + 2);
    for (const [name, { command = [], entrypoint = [] }] of ofBaton) {
      const words = entrypoint.length > 0 ? entrypoint.join(' ') : `baton ${command.join(' ')}`;
      expect(known, name).toContain(/\bbaton (\w+)/.exec(words)?.[1] ?? words);
    }
  });

  test('waits for nothing that is not there, and the workers for the schema', () => {
    for (const [name, { depends_on = {} }] of services) {
      for (const [other, { condition }] of Object.entries(depends_on)) {
        expect(compose.services, `${name} waits for ${other}`).toHaveProperty(other);
        if (condition === 'service_healthy') expect(compose.services[other]).toHaveProperty('healthcheck');
      }
    }
    for (const kind of FlowKinds) {
      expect(compose.services[kind]?.depends_on?.migrate?.condition).toBe('service_completed_successfully');
    }
  });

  test('bounds the memory of each, lets no log grow, and shows nothing to the network', () => {
    for (const [name, { mem_limit, logging, ports = [] }] of lasting) {
      expect(mem_limit, name).toMatch(/^\d+m$/);
      expect(logging?.options, name).toEqual({ 'max-size': '10m', 'max-file': '5' });
      for (const port of ports) expect(port, name).toMatch(/^127\.0\.0\.1:/);
    }
  });

  test('lets Redis keep a log and drop nothing', () => {
    expect(compose.services.redis?.command?.join(' ')).toBe(
      'redis-server --appendonly yes --maxmemory-policy noeviction',
    );
  });

  test('names every secret that it and the example configuration need in the example of its env file', () => {
    const named = (text: string) => [...text.matchAll(/(?<!\$)\$\{(\w+)/g)].map(([, name]) => name);
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

  test('has what the compiler leaves behind and the program reads', () => {
    const copied = read('src/cli/build.mjs');
    const plain = readdirSync(join(ROOT, 'src/runtime'), { recursive: true, encoding: 'utf8' }).filter(
      (name) => name.endsWith('.mjs'),
    );
    expect(plain.length).toBeGreaterThan(1);
    for (const name of plain) expect(copied).toContain(`'src/runtime/${name}'`);
  });

  test('runs as nobody in particular on the Node that Baton wants', () => {
    expect([...dockerfile.matchAll(/^FROM (\S+)/gm)].map(([, image]) => image)).toEqual(
      Array(3).fill('node:24-slim'),
    );
    expect(dockerfile.slice(dockerfile.lastIndexOf('FROM'))).toMatch(/^USER node$/m);
  });

  test('asks a worker with a few lines of shell, which believe 200 and nothing else', async () => {
    let status = 200;
    const server = createServer((request, response) =>
      response.writeHead(request.url === '/readyz' ? status : 404).end('{}'),
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const probe = () =>
      new Promise<number>((resolve) => {
        const child = execFile('bash', [join(ROOT, 'config/operation/probe.sh'), String(port)]);
        child.once('exit', (code) => resolve(code ?? -1));
      });
    expect(await probe()).toBe(0);
    status = 503;
    expect(await probe()).not.toBe(0);
    await new Promise((resolve) => server.close(resolve));
    expect(await probe()).not.toBe(0);
  });
});

describe('the systemd units', () => {
  const units = ['baton.service', 'baton@.service'].map((name) => read(`config/operation/${name}`));
  const linesOf = (unit: string, key: string): string[] =>
    [...unit.matchAll(new RegExp(`^${key}=(.*)$`, 'gm'))].map(([, value]) => value ?? '');

  test('start what is there, as nobody in particular, and let it finish what it has in hand', () => {
    for (const unit of units) {
      const [start = ''] = linesOf(unit, 'ExecStart');
      const files = [...start.matchAll(/\/opt\/baton\/(src\S+)/g)].map(([, path]) => path ?? '');
      expect(files).toEqual(['src/cli/main.ts']);
      for (const path of files) expect(existsSync(join(ROOT, path)), path).toBe(true);
      expect(linesOf(unit, 'User')).toEqual(['baton']);
      expect(linesOf(unit, 'KillSignal')).toEqual(['SIGTERM']);
      expect(Number(linesOf(unit, 'TimeoutStopSec')[0])).toBeGreaterThanOrEqual(60);
      expect(linesOf(unit, 'RestartPreventExitStatus')).toEqual(['78']);
      const documented = linesOf(unit, 'Documentation')[0]?.replace('file:///opt/baton/', '') ?? '';
      expect(existsSync(join(ROOT, documented)), documented).toBe(true);
    }
  });

  test('give both the same walls', () => {
    const walls = units.map((unit) =>
      unit
        .split('\n')
        .filter((line) =>
          /^(Protect|Private|Restrict[A-Z]|NoNew|Capability|System|Lock|Remove|UMask)/.test(line),
        ),
    );
    expect(walls[0]?.length).toBeGreaterThan(20);
    expect(walls[1]).toEqual(walls[0]);
    expect(walls[0]).toContain('NoNewPrivileges=yes');
    expect(walls[0]).toContain('ProtectSystem=strict');
  });
});
