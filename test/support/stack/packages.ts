/** Which servers and clients the stack tests want, where Debian puts them, and how somebody gets what is missing. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

export type ServerName =
  | 'dovecot'
  | 'redis'
  | 'postgres'
  | 'smtp-sink'
  | 'postfix'
  | 'neomutt'
  | 's-nail'
  | 'faketime'
  | 'chromium';

/** Daemons lie in sbin, which is on no ordinary user's PATH. */
const FOLDERS = ['/usr/sbin', '/usr/bin', '/usr/local/sbin', '/usr/local/bin', '/sbin', '/bin'];

type Wanted = {
  readonly package: string;
  readonly paths: () => (string | null)[];
  /** It refuses to be started by anybody else. */
  readonly asRoot?: true;
};

/** A package counts as there when all its programs are. */
const WANTED: Readonly<Record<ServerName, Wanted>> = {
  dovecot: {
    package: 'dovecot-imapd',
    // dovecot-core alone has no IMAP.
    paths: () => [program('dovecot'), program('doveadm'), existing('/usr/lib/dovecot/imap')],
  },
  redis: { package: 'redis-server', paths: () => [program('redis-server')] },
  postgres: { package: 'postgresql', paths: () => [postgresFolder()] },
  'smtp-sink': { package: 'postfix', paths: () => [program('smtp-sink')] },
  postfix: { package: 'postfix', asRoot: true, paths: () => [program('postfix')] },
  neomutt: { package: 'neomutt', paths: () => [program('neomutt')] },
  's-nail': { package: 's-nail', paths: () => [program('s-nail')] },
  faketime: { package: 'faketime', paths: () => [faketimeLibrary()] },
  chromium: { package: 'chromium', paths: () => [program('chromium')] },
};

export function isInstalled(server: ServerName): boolean {
  return WANTED[server].paths().every((path) => path !== null);
}

/** Whether it is installed, and may be started by whoever runs the tests. */
export const isUsable = (server: ServerName): boolean => isInstalled(server) && !wantsRoot(server);

/** What somebody does to get those. */
export function howToGet(servers: readonly ServerName[]): string {
  const packages = packagesOf(servers.filter((name) => !isInstalled(name)));
  const install = packages.length === 0 ? [] : [`apt-get install ${packages.join(' ')}`];
  return [...install, ...(servers.some(wantsRoot) ? ['run as root'] : [])].join(', ');
}

const wantsRoot = (server: ServerName): boolean => WANTED[server].asRoot === true && process.getuid?.() !== 0;

export const packageOf = (server: ServerName): string => WANTED[server].package;

/** Each once: two servers may come in one package. */
const packagesOf = (servers: readonly ServerName[]): string[] => [...new Set(servers.map(packageOf))];

export function missingPackages(): string[] {
  return packagesOf((Object.keys(WANTED) as ServerName[]).filter((name) => !isInstalled(name)));
}

/** Full path of a program, null when it is nowhere. */
export function program(name: string): string | null {
  return FOLDERS.map((folder) => join(folder, name)).find((path) => existsSync(path)) ?? null;
}

/** The newest PostgreSQL that Debian installed: its programs are on nobody's PATH. */
export function postgresFolder(): string | null {
  const base = '/usr/lib/postgresql';
  if (!existsSync(base)) return null;
  const versions = readdirSync(base).filter((name) => existsSync(join(base, name, 'bin', 'initdb')));
  const newest = versions.sort((a, b) => Number(b) - Number(a))[0];
  return newest === undefined ? null : join(base, newest, 'bin');
}

/** What makes a program that is started with it read another clock; Debian puts it in a folder of the machine's kind. */
export function faketimeLibrary(): string | null {
  const base = '/usr/lib';
  const folders = existsSync(base) ? readdirSync(base).filter((name) => name.includes('-linux-')) : [];
  const paths = folders.map((name) => join(base, name, 'faketime/libfaketime.so.1'));
  return paths.find((path) => existsSync(path)) ?? null;
}

const existing = (path: string): string | null => (existsSync(path) ? path : null);
