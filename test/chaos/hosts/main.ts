/**
 * `npm run hosts`: three hosts and the servers that they share, as network namespaces of this machine. Hosts are cut
 * off for longer than every lease lasts and come back; then one at a time cannot reach PostgreSQL, Redis or the mail
 * servers, in both directions or in one. Exit 0 only when every promise held and nobody needed a restart.
 *
 * This program builds the network and takes it away again; the run itself is inside.ts, on the servers' host.
 */
import { type ChildProcess, fork, spawn } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { askedOf, demandServers, wholeNumber } from '../../support/program.ts';
import type { ServerName } from '../../support/stack/packages.ts';
import { build, ipProgram, placesOf, within } from './network.ts';

const USAGE = `Usage: npm run hosts -- [--seconds 130] [--seed 1] [--together] [--json FILE]

  --seconds N   how long a host is cut off (130: longer than every lease); other faults last a share of it
  --seed N      another order of the faults (1)
  --together    each host has all its workers in one process, instead of one for each
  --json FILE   write what happened there instead of on standard output

Wants root, Linux with network namespaces, and installed:
  apt-get install iproute2 dovecot-imapd redis-server postgresql postfix
`;
const NEEDS: readonly ServerName[] = ['dovecot', 'postgres', 'redis', 'smtp-sink'];
const INTERRUPTED = 130;

/** null: nothing. */
function missing(): string | null {
  if (process.getuid?.() !== 0) return 'Network namespaces are made by root: run it as root.';
  if (ipProgram() === null) return 'The program "ip" is missing: apt-get install iproute2';
  return null;
}

async function run(asked: object): Promise<number> {
  const prefix = `baton-${process.pid}`;
  const guard = fork(join(import.meta.dirname, 'guard.mjs'), [ipProgram() ?? 'ip', ...placesOf(prefix)], {
    ...{ detached: true, stdio: 'ignore', execArgv: [] },
  });
  // Ctrl-C reaches the run itself as well: this program waits for its end, and takes all away.
  let isInterrupted = false;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => {
      isInterrupted = true;
      inside?.kill('SIGINT');
    });
  let inside: ChildProcess | null = null;
  try {
    build(prefix);
    const [command = 'ip', ...words] = within(prefix, 'servers');
    inside = spawn(
      command,
      [
        ...words,
        process.execPath,
        join(import.meta.dirname, 'inside.ts'),
        JSON.stringify({ prefix, ...asked }),
      ],
      { stdio: 'inherit' },
    );
    guard.send({ type: 'inside', pid: inside.pid });
    const code = await ended(inside);
    return isInterrupted ? INTERRUPTED : (code ?? 1);
  } catch (error) {
    process.stderr.write(`Network namespaces cannot be made here: ${(error as Error).message}\n`);
    return 1;
  } finally {
    const removed = ended(guard);
    guard.send({ type: 'end' });
    await removed;
  }
}

const ended = (child: ChildProcess): Promise<number | null> =>
  new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code));
  });

function readOptions(args: readonly string[]) {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    args: [...args],
    options: {
      ...{ seconds: text, seed: text, json: text },
      together: { type: 'boolean', default: false },
      help: { type: 'boolean' },
    },
  });
  if (values.help === true) return null;
  return {
    seconds: wholeNumber('seconds', values.seconds, 130, 1),
    seed: wholeNumber('seed', values.seed, 1, 0),
    json: values.json ?? null,
    together: values.together,
  };
}

const asked = askedOf(USAGE, readOptions);
demandServers(NEEDS);
const what = missing();
if (what !== null) process.stderr.write(`${what}\n`);
process.exitCode = what === null ? await run(asked) : 1;
