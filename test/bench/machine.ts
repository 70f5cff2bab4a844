/** What was measured on. */
import { execFileSync } from 'node:child_process';
import { cpus, loadavg, totalmem } from 'node:os';
import { join } from 'node:path';
import { postgresFolder, program } from '../support/stack/packages.ts';
import type { Shape } from './options.ts';
import { round } from './statistics.ts';

export type Machine = {
  readonly cores: number;
  readonly cpu: string;
  readonly memoryMb: number;
  /** Of the last minute; above the number of cores others had a part in it. */
  readonly load: number;
};

export const machine = (): Machine => ({
  cores: cpus().length,
  cpu: cpus()[0]?.model ?? '',
  memoryMb: Math.round(totalmem() / 2 ** 20),
  load: round(loadavg()[0] ?? Number.NaN, 1),
});

export function versions(shapes: readonly Shape[]): Record<string, string> {
  const ask = (command: string | null, ...args: string[]) => {
    if (command === null) return 'unknown';
    const said = execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    return /\d+(?:\.\d+)+/.exec(said)?.[0] ?? said.trim();
  };
  const both = {
    node: process.versions.node,
    dovecot: ask(program('dovecot'), '--version'),
    'smtp-sink (Postfix)': ask(program('postconf'), '-d', '-h', 'mail_version'),
  };
  if (!shapes.includes('production')) return both;
  const postgres = join(postgresFolder() ?? '', 'postgres');
  return { ...both, postgres: ask(postgres, '--version'), redis: ask(program('redis-server'), '--version') };
}
